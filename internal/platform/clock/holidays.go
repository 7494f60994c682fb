package clock

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

//go:embed holidays.json
var holidaysJSON []byte

// Holiday is one public holiday of a set, on a day of one year.
type Holiday struct {
	Day Day
	Key string // locale key of its name, such as "clock.holiday.new_year"
}

// HolidaySet is the public holidays of a place. The zero value has none.
type HolidaySet struct {
	rules []holidayRule
}

// sundayRule says what becomes of a holiday that falls on a Sunday.
type sundayRule string

const (
	sundayStays         sundayRule = ""
	sundayMoved         sundayRule = "moved"           // observed on the Monday
	sundayMovedIfClosed sundayRule = "moved_if_closed" // on the Monday for those who do not work on Sundays
)

// holidayRule places one holiday in any year. Exactly one of On, Easter and
// Weekday is set.
type holidayRule struct {
	Key     string        `json:"key"`
	On      *monthDay     `json:"on"`      // a fixed date
	Easter  *int          `json:"easter"`  // days after Easter Sunday
	Weekday *time.Weekday `json:"weekday"` // the first such weekday from From on, or the last before Before
	From    *monthDay     `json:"from"`
	Before  *monthDay     `json:"before"`
	Sunday  sundayRule    `json:"sunday"`
}

type holidayTable map[string]struct {
	Extends string        `json:"extends"`
	Without []string      `json:"without"`
	Rules   []holidayRule `json:"rules"`
}

// monthDay reads itself from MM-DD.
type monthDay struct {
	month time.Month
	date  int
}

// UnmarshalText reads MM-DD.
func (m *monthDay) UnmarshalText(b []byte) error {
	t, err := time.Parse("01-02", string(b))
	if err != nil {
		return err
	}
	m.month, m.date = t.Month(), t.Day()
	return nil
}

func (m monthDay) in(year int) Day { return NewDay(year, m.month, m.date) }

// Holidays finds a set by its code: "fr", "fr_alsace_moselle", "ca_qc" (with
// Good Friday), "ca_qc_easter_monday" (the employer chose Easter Monday), "be".
// The empty code is the set without holidays.
func Holidays(code string) (HolidaySet, error) {
	if code == "" {
		return HolidaySet{}, nil
	}
	table, err := readHolidays(holidaysJSON)
	if err != nil {
		return HolidaySet{}, err
	}
	return table.set(code)
}

// HolidaySets lists the codes of all sets, in alphabetical order. The name of
// a set is the locale key "clock.holidays." + code.
func HolidaySets() []string {
	table, err := readHolidays(holidaysJSON)
	if err != nil {
		return nil // unreachable: a test reads the embedded table
	}
	codes := make([]string, 0, len(table))
	for code := range table {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

func readHolidays(data []byte) (holidayTable, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var table holidayTable
	if err := dec.Decode(&table); err != nil {
		return nil, fmt.Errorf("clock: holidays: %w", err)
	}
	for code, set := range table {
		for _, r := range set.Rules {
			if err := r.check(); err != nil {
				return nil, fmt.Errorf("clock: holidays: %s: %s: %w", code, r.Key, err)
			}
		}
	}
	return table, nil
}

func (r holidayRule) check() error {
	kinds := 0
	for _, set := range []bool{r.On != nil, r.Easter != nil, r.Weekday != nil} {
		if set {
			kinds++
		}
	}
	switch {
	case r.Key == "" || kinds != 1:
		return fmt.Errorf("a rule has a key and one way to find its day")
	case r.Weekday != nil && (r.From == nil) == (r.Before == nil):
		return fmt.Errorf("a weekday is counted from a date or before a date")
	case r.Weekday == nil && (r.From != nil || r.Before != nil):
		return fmt.Errorf("only a weekday has a from or before date")
	case r.Sunday != sundayStays && r.Sunday != sundayMoved && r.Sunday != sundayMovedIfClosed:
		return fmt.Errorf("unknown rule for Sundays: %s", r.Sunday)
	}
	return nil
}

// set gathers the rules of one set and of the one it extends (one level).
func (t holidayTable) set(code string) (HolidaySet, error) {
	own, ok := t[code]
	if !ok {
		return HolidaySet{}, fmt.Errorf("clock: no holidays named %q", code)
	}
	var rules []holidayRule
	if own.Extends != "" {
		base, ok := t[own.Extends]
		if !ok || base.Extends != "" {
			return HolidaySet{}, fmt.Errorf("clock: holidays %s cannot extend %s", code, own.Extends)
		}
		for _, r := range base.Rules {
			if !slices.Contains(own.Without, r.Key) {
				rules = append(rules, r)
			}
		}
	}
	return HolidaySet{rules: append(rules, own.Rules...)}, nil
}

// On finds the holiday of a day, as observed by people who do not work on Sundays.
func (s HolidaySet) On(d Day) (Holiday, bool) { return s.on(d, false) }

// Year lists the holidays of a year in order of date, as observed by people
// who do not work on Sundays.
func (s HolidaySet) Year(year int) []Holiday {
	var list []Holiday
	for _, r := range s.rules {
		list = append(list, Holiday{Day: r.in(year, false), Key: holidayKey(r.Key)})
	}
	slices.SortFunc(list, func(a, b Holiday) int {
		switch {
		case a.Day == b.Day:
			return 0
		case a.Day.Before(b.Day):
			return -1
		}
		return 1
	})
	return list
}

func (s HolidaySet) on(d Day, worksSundays bool) (Holiday, bool) {
	for _, r := range s.rules {
		if r.in(d.Year, worksSundays) == d {
			return Holiday{Day: d, Key: holidayKey(r.Key)}, true
		}
	}
	return Holiday{}, false
}

func holidayKey(key string) string { return "clock.holiday." + key }

// in is the day on which the holiday is observed in a year.
func (r holidayRule) in(year int, worksSundays bool) Day {
	var d Day
	switch {
	case r.On != nil:
		d = r.On.in(year)
	case r.Easter != nil:
		d = Easter(year).Add(*r.Easter)
	case r.From != nil:
		from := r.From.in(year)
		d = from.Add((int(*r.Weekday) - int(from.Weekday()) + 7) % 7)
	default:
		last := r.Before.in(year).Add(-1)
		d = last.Add(-((int(last.Weekday()) - int(*r.Weekday) + 7) % 7))
	}
	if d.Weekday() == time.Sunday && (r.Sunday == sundayMoved || r.Sunday == sundayMovedIfClosed && !worksSundays) {
		d = d.Add(1)
	}
	return d
}

// Easter is Easter Sunday of a year of the Gregorian calendar: the Sunday after
// the fourteenth day of the church's moon that falls on or after 21 March.
func Easter(year int) Day {
	golden := year%19 + 1
	century := year/100 + 1
	skippedLeaps := century*3/4 - 12
	moonDrift := (8*century+5)/25 - 5
	sunday := year*5/4 - skippedLeaps - 10
	epact := ((golden*11+20+moonDrift-skippedLeaps)%30 + 30) % 30
	if epact == 25 && golden > 11 || epact == 24 {
		epact++
	}
	fullMoon := 44 - epact
	if fullMoon < 21 {
		fullMoon += 30
	}
	return NewDay(year, time.March, fullMoon+7-(sunday+fullMoon)%7)
}
