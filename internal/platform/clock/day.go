package clock

import (
	"fmt"
	"time"
)

// Day is a day of the calendar, without time and zone. It reads and writes
// itself as YYYY-MM-DD, in JSON, in forms and in the database.
type Day struct {
	Year  int
	Month time.Month
	Date  int
}

// NewDay makes a day; a date beyond the end of the month runs over into the next.
func NewDay(year int, month time.Month, date int) Day {
	return DayOf(time.Date(year, month, date, 0, 0, 0, 0, time.UTC))
}

// DayOf is the day that t reads in its own location.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day{Year: y, Month: m, Date: d}
}

// ParseDay reads YYYY-MM-DD, with a year from 0001 to 9999, and nothing else.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return Day{}, fmt.Errorf("clock: %q is not a day", s)
	}
	return DayOf(t), nil
}

// String writes YYYY-MM-DD.
func (d Day) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Date) }

// MarshalText writes YYYY-MM-DD.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD.
func (d *Day) UnmarshalText(b []byte) error {
	p, err := ParseDay(string(b))
	if err != nil {
		return err
	}
	*d = p
	return nil
}

// Add is the day n days later (earlier when n is negative).
func (d Day) Add(n int) Day { return NewDay(d.Year, d.Month, d.Date+n) }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return d.midnight().Weekday() }

// Before tells whether d comes before e.
func (d Day) Before(e Day) bool {
	if d.Year != e.Year {
		return d.Year < e.Year
	}
	if d.Month != e.Month {
		return d.Month < e.Month
	}
	return d.Date < e.Date
}

// midnight is the day's first instant on a clock that never moved from UTC: the
// origin from which wall-clock times of the day are counted.
func (d Day) midnight() time.Time {
	return time.Date(d.Year, d.Month, d.Date, 0, 0, 0, 0, time.UTC)
}
