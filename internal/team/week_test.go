package team

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/clock"
)

func TestAWeekReadsWhatItWrote(t *testing.T) {
	for _, w := range []Week{{}, OfficeWeek(), {0: {{From: 0, To: 1440}}, 6: {{From: 480, To: 720}, {From: 780, To: 1020}}}} {
		got, err := ParseWeek(w.String())
		if err != nil || cmp.Diff(w, got) != "" {
			t.Errorf("%q: %v %s", w.String(), err, cmp.Diff(w, got))
		}
	}
	for _, bad := range []string{"1", "9=09:00-10:00", "1=10:00-09:00", "1=09:00-10:00;1=11:00-12:00", "x=09:00-10:00"} {
		if w, err := ParseWeek(bad); err == nil {
			t.Errorf("%q gave %v", bad, w)
		}
	}
}

func TestOpeningsAreReadAsPeopleWriteThem(t *testing.T) {
	morning, afternoon := clock.Interval{From: 540, To: 750}, clock.Interval{From: 810, To: 1050}
	both := []clock.Interval{morning, afternoon}
	for text, want := range map[string][]clock.Interval{
		"":                                  nil,
		"9:00-12:30, 13:30-17:30":           both,
		"9 h – 12 h 30 / 13 h 30 – 17 h 30": both,
		"9h00 à 12h30 et 13h30 à 17h30":     both,
		"9-12.30; 13.30-17.30":              both,
		"9:00 to 12:30 and 13:30 to 17:30":  both,
		"09:00-12:30":                       {morning},
	} {
		got, err := ParseOpenings(text)
		if err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
	for _, bad := range []string{"9:00", "morning", "12:00-9:00", "9:00-25:00", "9:61-12:00"} {
		if got, err := ParseOpenings(bad); err == nil {
			t.Errorf("%q gave %v", bad, got)
		}
	}
	if again, err := ParseOpenings(Openings(both)); err != nil || cmp.Diff(both, again) != "" {
		t.Errorf("Openings is not read back: %v %v", again, err)
	}
}

func TestWorkingHoursComeFromTheNearestThatSaysThem(t *testing.T) {
	one := func(h int) Week { return Week{1: {{From: h * 60, To: (h + 1) * 60}}} }
	o := Organisation{TimeZone: "Europe/Paris", Holidays: "fr", Hours: one(6)}
	quebec := Region{TimeZone: "America/Montreal", Holidays: "ca_qc", Hours: one(7)}
	sales := Department{Hours: one(8)}
	for _, c := range []struct {
		name   string
		r      Region
		d      Department
		own    Week
		zone   string
		want   Week
		inZone string
		days   string
	}{
		{"company", Region{}, Department{}, Week{}, "", one(6), "Europe/Paris", "fr"},
		{"region", quebec, Department{}, Week{}, "", one(7), "America/Montreal", "ca_qc"},
		{"department before region", quebec, sales, Week{}, "", one(8), "America/Montreal", "ca_qc"},
		{"own before all", quebec, sales, one(9), "America/Halifax", one(9), "America/Halifax", "ca_qc"},
		{"region without holidays", Region{Holidays: NoHolidays}, Department{}, Week{}, "", one(6), "Europe/Paris", ""},
	} {
		h := WorkingHours(o, c.r, c.d, c.own, c.zone)
		if cmp.Diff([7][]clock.Interval(c.want), h.Week) != "" || h.Zone != c.inZone || h.Holidays != c.days {
			t.Errorf("%s: %+v", c.name, h)
		}
		if _, err := clock.New(h); err != nil {
			t.Errorf("%s: the calendar refuses it: %v", c.name, err)
		}
	}
	bare := WorkingHours(Organisation{}, Region{}, Department{}, Week{}, "")
	if _, err := clock.New(bare); err != nil {
		t.Errorf("before the set-up there is no calendar: %v", err)
	}
}
