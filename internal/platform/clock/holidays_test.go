package clock

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// Dates below were written from published calendars, not from the rules.
var (
	goodFriday   = []string{"2024-03-29", "2025-04-18", "2026-04-03", "2027-03-26", "2028-04-14", "2029-03-30", "2030-04-19"}
	easterMonday = []string{"2024-04-01", "2025-04-21", "2026-04-06", "2027-03-29", "2028-04-17", "2029-04-02", "2030-04-22"}
	ascension    = []string{"2024-05-09", "2025-05-29", "2026-05-14", "2027-05-06", "2028-05-25", "2029-05-10", "2030-05-30"}
	whitMonday   = []string{"2024-05-20", "2025-06-09", "2026-05-25", "2027-05-17", "2028-06-05", "2029-05-21", "2030-06-10"}
	patriots     = []string{"2024-05-20", "2025-05-19", "2026-05-18", "2027-05-24", "2028-05-22", "2029-05-21", "2030-05-20"}
	labourSept   = []string{"2024-09-02", "2025-09-01", "2026-09-07", "2027-09-06", "2028-09-04", "2029-09-03", "2030-09-02"}
	thanksgiving = []string{"2024-10-14", "2025-10-13", "2026-10-12", "2027-10-11", "2028-10-09", "2029-10-08", "2030-10-14"}
	stJohn       = []string{"2024-06-24", "2025-06-24", "2026-06-24", "2027-06-24", "2028-06-24", "2029-06-25", "2030-06-24"}
	canadaDay    = []string{"2024-07-01", "2025-07-01", "2026-07-01", "2027-07-01", "2028-07-01", "2029-07-02", "2030-07-01"}
)

func eachYear(monthDays ...string) [][]string {
	var list [][]string
	for _, md := range monthDays {
		var dates []string
		for y := 2024; y <= 2030; y++ {
			dates = append(dates, NewDay(y, 1, 1).String()[:5]+md)
		}
		list = append(list, dates)
	}
	return list
}

func knownHolidays() map[string][][]string {
	fr := append(eachYear("01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25"), easterMonday, ascension, whitMonday)
	qc := append(eachYear("01-01", "12-25"), patriots, stJohn, canadaDay, labourSept, thanksgiving)
	return map[string][][]string{
		"fr":                  fr,
		"fr_alsace_moselle":   append(slices.Clone(fr), append(eachYear("12-26"), goodFriday)...),
		"ca_qc":               append(slices.Clone(qc), goodFriday),
		"ca_qc_easter_monday": append(slices.Clone(qc), easterMonday),
		"be":                  append(eachYear("01-01", "05-01", "07-21", "08-15", "11-01", "11-11", "12-25"), easterMonday, ascension, whitMonday),
	}
}

func TestHolidaysOfEachPlaceFallOnTheirKnownDates(t *testing.T) {
	known := knownHolidays()
	count := map[string]int{"fr": 11, "fr_alsace_moselle": 13, "ca_qc": 8, "ca_qc_easter_monday": 8, "be": 10}
	for _, code := range HolidaySets() {
		set, err := Holidays(code)
		if err != nil {
			t.Fatal(err)
		}
		for i, year := range []int{2024, 2025, 2026, 2027, 2028, 2029, 2030} {
			var want, got []string
			for _, dates := range known[code] {
				want = append(want, dates[i])
			}
			slices.Sort(want)
			for _, h := range set.Year(year) {
				got = append(got, h.Day.String())
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s %d:\n got %v\nwant %v", code, year, got, want)
			}
			if len(got) != count[code] {
				t.Errorf("%s %d: %d holidays, want %d", code, year, len(got), count[code])
			}
		}
	}
	if len(count) != len(HolidaySets()) {
		t.Errorf("sets %v are not all checked", HolidaySets())
	}
}

func TestHolidayOnFindsNameOrNothing(t *testing.T) {
	set, err := Holidays("ca_qc")
	if err != nil {
		t.Fatal(err)
	}
	if h, ok := set.On(NewDay(2027, time.May, 24)); !ok || h.Key != "clock.holiday.patriots" {
		t.Errorf("24 May 2027: %v %v", h, ok)
	}
	if h, ok := set.On(NewDay(2027, time.May, 25)); ok {
		t.Errorf("25 May 2027 is %v", h)
	}
	if _, ok := (HolidaySet{}).On(NewDay(2027, 1, 1)); ok {
		t.Error("the empty set has a holiday")
	}
}

func TestNationalHolidayOfQuebecStaysOnSundayForThoseWhoWorkThen(t *testing.T) {
	hours := Hours{Zone: "America/Montreal", Holidays: "ca_qc", Week: Weekdays(Interval{540, 1020})}
	for _, test := range []struct {
		sundays bool
		holiday string
		free    string
	}{{false, "2029-06-25", "2029-06-24"}, {true, "2029-06-24", "2029-06-25"}} {
		if test.sundays {
			hours.Week[time.Sunday] = []Interval{{540, 1020}}
		}
		c, err := New(hours)
		if err != nil {
			t.Fatal(err)
		}
		if h, ok := c.HolidayOn(day(t, test.holiday)); !ok || h.Key != "clock.holiday.quebec_national" {
			t.Errorf("sundays %v: %s is %v", test.sundays, test.holiday, h)
		}
		if h, ok := c.HolidayOn(day(t, test.free)); ok {
			t.Errorf("sundays %v: %s is %v", test.sundays, test.free, h)
		}
	}
}

func TestEasterOfKnownYears(t *testing.T) {
	for _, want := range []string{
		"1818-03-22", "1886-04-25", "1900-04-15", "1943-04-25", "1954-04-18", "1961-04-02", "1981-04-19", "2000-04-23", "2008-03-23",
		"2019-04-21", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21",
		"2038-04-25", "2049-04-18", "2076-04-19", "2285-03-22", "2299-04-16",
	} {
		if got := Easter(day(t, want).Year); got != day(t, want) {
			t.Errorf("Easter is %v, want %s", got, want)
		}
	}
}

// A second way to find Easter, by Gauss as corrected in 1816: a different formula must agree.
func TestEasterAgreesWithGauss(t *testing.T) {
	for year := 1583; year <= 4099; year++ {
		a, b, c := year%19, year%4, year%7
		k := year / 100
		p, q := (13+8*k)/25, k/4
		m, n := (15-p+k-q)%30, (4+k-q)%7
		d := (19*a + m) % 30
		e := (2*b + 4*c + 6*d + n) % 7
		date := 22 + d + e
		if d == 29 && e == 6 {
			date = 50
		}
		if d == 28 && e == 6 && (11*m+11)%30 < 19 {
			date = 49
		}
		if want := NewDay(year, time.March, date); Easter(year) != want {
			t.Fatalf("Easter(%d) = %v, Gauss says %v", year, Easter(year), want)
		}
	}
}

func TestUnknownHolidaySetIsRefused(t *testing.T) {
	if _, err := Holidays("atlantis"); err == nil {
		t.Error("atlantis has holidays")
	}
	if set, err := Holidays(""); err != nil || len(set.Year(2027)) != 0 {
		t.Error("the empty code is the set without holidays")
	}
}

func TestWrongHolidayTableIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"not JSON":              `{`,
		"unknown field":         `{"x":{"rules":[{"key":"a","on":"01-01","moon":3}]}}`,
		"no key":                `{"x":{"rules":[{"on":"01-01"}]}}`,
		"no way":                `{"x":{"rules":[{"key":"a"}]}}`,
		"two ways":              `{"x":{"rules":[{"key":"a","on":"01-01","easter":1}]}}`,
		"weekday without date":  `{"x":{"rules":[{"key":"a","weekday":1}]}}`,
		"weekday with two":      `{"x":{"rules":[{"key":"a","weekday":1,"from":"01-01","before":"02-01"}]}}`,
		"date with from":        `{"x":{"rules":[{"key":"a","on":"01-01","from":"01-01"}]}}`,
		"date that is not one":  `{"x":{"rules":[{"key":"a","on":"13-01"}]}}`,
		"unknown Sunday rule":   `{"x":{"rules":[{"key":"a","on":"01-01","sunday":"never"}]}}`,
		"extends nothing known": `{"x":{"extends":"y","rules":[]}}`,
	} {
		table, err := readHolidays([]byte(text))
		if err == nil {
			_, err = table.set("x")
		}
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestEveryHolidayAndSetIsNamedInBothLanguages(t *testing.T) {
	table, err := readHolidays(holidaysJSON)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "fr"} {
		data, err := fs.ReadFile(Locales(), "locales/"+lang+".json")
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			Clock struct {
				Holiday, Holidays, Errors map[string]string
			}
		}
		if err := json.Unmarshal(data, &file); err != nil {
			t.Fatal(err)
		}
		used := map[string]bool{}
		for code, set := range table {
			if strings.TrimSpace(file.Clock.Holidays[code]) == "" {
				t.Errorf("%s: no name for the set %s", lang, code)
			}
			for _, r := range set.Rules {
				used[r.Key] = true
				if strings.TrimSpace(file.Clock.Holiday[r.Key]) == "" {
					t.Errorf("%s: no name for %s", lang, r.Key)
				}
			}
		}
		if len(used) != len(file.Clock.Holiday) || len(table) != len(file.Clock.Holidays) {
			t.Errorf("%s: names of holidays that do not exist", lang)
		}
	}
}

func day(t *testing.T, s string) Day {
	t.Helper()
	d, err := ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
