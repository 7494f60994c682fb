package clock

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"unisson/internal/platform/errs"
)

const (
	dayMinutes   = 24 * 60
	maxIntervals = 12   // in one day
	maxDays      = 2000 // days by exception in one calendar
)

// Interval is a half-open stretch of one day, [From, To), in minutes of the
// wall clock since midnight; To may be 1440.
type Interval struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// ParseInterval reads "09:00-12:30"; the end may be 24:00.
func ParseInterval(s string) (Interval, error) {
	from, to, ok := strings.Cut(s, "-")
	f, errFrom := parseMinute(from)
	t, errTo := parseMinute(to)
	iv := Interval{From: f, To: t}
	if !ok || errFrom != nil || errTo != nil || !iv.valid() {
		return Interval{}, fmt.Errorf("clock: %q is not an interval of a day", s)
	}
	return iv, nil
}

func parseMinute(s string) (int, error) {
	hour, minute, ok := strings.Cut(s, ":")
	if !ok || len(hour) < 1 || len(hour) > 2 || len(minute) != 2 {
		return 0, strconv.ErrSyntax
	}
	h, err := strconv.ParseUint(hour, 10, 8)
	if err != nil {
		return 0, err
	}
	m, err := strconv.ParseUint(minute, 10, 8)
	if err != nil {
		return 0, err
	}
	if m > 59 || h > 24 {
		return 0, strconv.ErrRange
	}
	return int(h)*60 + int(m), nil
}

// String writes "09:00-12:30", as ParseInterval reads it.
func (iv Interval) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", iv.From/60, iv.From%60, iv.To/60, iv.To%60)
}

func (iv Interval) valid() bool { return iv.From >= 0 && iv.From < iv.To && iv.To <= dayMinutes }

// Hours are the opening hours of a team, as entered and as stored (JSON).
type Hours struct {
	Zone     string             `json:"zone"`             // name of the time zone, such as "Europe/Paris"
	Week     [7][]Interval      `json:"week"`             // by time.Weekday: Sunday first
	Holidays string             `json:"holidays"`         // code of a holiday set; empty: none
	Closed   []Day              `json:"closed,omitempty"` // closed by exception
	Open     map[Day][]Interval `json:"open,omitempty"`   // open by exception, instead of the usual hours, even on a holiday
}

// Weekdays gives Monday to Friday the same intervals.
func Weekdays(intervals ...Interval) [7][]Interval {
	var week [7][]Interval
	for d := time.Monday; d <= time.Friday; d++ {
		week[d] = slices.Clone(intervals)
	}
	return week
}

// Calendar is checked Hours, ready to count. It never changes.
type Calendar struct {
	loc      *time.Location
	week     [7][]Interval
	holidays HolidaySet
	closed   map[Day]bool
	open     map[Day][]Interval
}

// New checks hours. Wrong ones give an errs.Invalid error whose fields are
// zone, week.N (N as time.Weekday), holidays, closed, open.
func New(h Hours) (*Calendar, error) {
	var wrong errs.Fields
	c := &Calendar{closed: map[Day]bool{}, open: map[Day][]Interval{}}

	loc, err := time.LoadLocation(h.Zone)
	if err != nil || h.Zone == "" || h.Zone == "Local" {
		wrong.Add("zone", "clock.errors.zone")
	}
	c.loc = loc

	if c.holidays, err = Holidays(h.Holidays); err != nil {
		wrong.Add("holidays", "clock.errors.holidays")
	}

	some := false
	for i, day := range h.Week {
		list, code := tidy(day)
		if code != "" {
			wrong.Add("week."+strconv.Itoa(i), code)
		}
		c.week[i] = list
		some = some || len(day) > 0
	}
	if !some {
		wrong.Add("week", "clock.errors.no_hours")
	}

	if len(h.Closed)+len(h.Open) > maxDays {
		wrong.Add("closed", "clock.errors.too_many_days", "max", maxDays)
		return nil, wrong.Err()
	}
	for _, d := range h.Closed {
		c.closed[d] = true
		if !d.valid() {
			wrong.Add("closed", "clock.errors.day")
		}
	}
	for d, day := range h.Open {
		list, code := tidy(day)
		switch {
		case !d.valid():
			wrong.Add("open", "clock.errors.day")
		case c.closed[d]:
			wrong.Add("open", "clock.errors.open_and_closed", "day", d.String())
		case code != "":
			wrong.Add("open", code)
		case len(list) == 0:
			wrong.Add("open", "clock.errors.no_hours")
		}
		c.open[d] = list
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

func (d Day) valid() bool {
	return d.Year >= 1 && d.Year <= 9999 && NewDay(d.Year, d.Month, d.Date) == d
}

// tidy sorts the intervals of one day and joins those that touch; code is the
// message key of what is wrong with them.
func tidy(day []Interval) (list []Interval, code string) {
	if len(day) > maxIntervals {
		return nil, "clock.errors.too_many_intervals"
	}
	sorted := slices.Clone(day)
	slices.SortFunc(sorted, func(a, b Interval) int { return a.From - b.From })
	for _, iv := range sorted {
		if !iv.valid() {
			return nil, "clock.errors.interval"
		}
		if n := len(list); n > 0 && list[n-1].To >= iv.From {
			if list[n-1].To > iv.From {
				return nil, "clock.errors.overlap"
			}
			list[n-1].To = iv.To
			continue
		}
		list = append(list, iv)
	}
	return list, ""
}

// Location is the calendar's time zone.
func (c *Calendar) Location() *time.Location { return c.loc }

// HoursOn gives the intervals of a day, in order; none when it is closed. The
// caller must not change them.
func (c *Calendar) HoursOn(d Day) []Interval {
	if list, ok := c.open[d]; ok {
		return list
	}
	if c.closed[d] {
		return nil
	}
	list := c.week[d.Weekday()]
	if len(list) == 0 {
		return nil
	}
	if _, ok := c.HolidayOn(d); ok {
		return nil
	}
	return list
}

// HolidayOn finds the public holiday of a day, whether or not the team opens.
func (c *Calendar) HolidayOn(d Day) (Holiday, bool) {
	return c.holidays.on(d, len(c.week[time.Sunday]) > 0)
}
