package i18n

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// Date writes the day of an instant in the person's zone: "24 nov. 2026", "24 Nov 2026". The zero instant reads "–".
func Date(ctx context.Context, t time.Time) string { return From(ctx).Date(t) }

// DateLong writes the day in words, without its year: "mardi 24 novembre", "Tuesday 24 November".
func DateLong(ctx context.Context, t time.Time) string { return From(ctx).DateLong(t) }

// Time writes the hour of an instant in the person's zone: "9 h 05", "9:05".
func Time(ctx context.Context, t time.Time) string { return From(ctx).Time(t) }

// DateTime writes day and hour: "24 nov. 2026, 9 h 05".
func DateTime(ctx context.Context, t time.Time) string { return From(ctx).DateTime(t) }

// Exact writes an instant without any doubt, for tooltips and screen readers:
// "mardi 24 novembre 2026, 9 h 05 UTC+1".
func Exact(ctx context.Context, t time.Time) string { return From(ctx).Exact(t) }

// Relative writes an instant as seen from now: "25 min", "3 h", "hier", "4 j" behind, "dans 3 h", "demain" ahead,
// and the date beyond a week.
func Relative(ctx context.Context, t, now time.Time) string { return From(ctx).Relative(t, now) }

// Remaining writes the time left until something is due, "3 h", and the time it is overdue, "+ 25 min".
func Remaining(ctx context.Context, due, now time.Time) string { return From(ctx).Remaining(due, now) }

// Duration writes a length of time in its largest unit, rounded down: "25 min", "3 h", "4 j". Seconds are not shown.
func Duration(ctx context.Context, d time.Duration) string { return From(ctx).Duration(d) }

// Day writes a calendar day kept as text, "2026-11-24", like Date. What is not a day is given back as it is.
func Day(ctx context.Context, day string) string { return From(ctx).Day(day) }

// ShortDay writes a calendar day kept as text as lists and cards do, without the year where it is that of the instant
// of WithNow: "24 nov.", "24 Nov", else like Day.
func ShortDay(ctx context.Context, day string) string {
	return From(ctx).ShortDay(day, nowOf(ctx))
}

// ShortWeekday is ShortDay with the day of the week: "mar. 24 nov.", "Tue 24 Nov".
func ShortWeekday(ctx context.Context, day string) string {
	return From(ctx).ShortWeekday(day, nowOf(ctx))
}

type nowKey struct{}

// WithNow tells ShortDay and ShortWeekday what instant a page is read at.
func WithNow(ctx context.Context, now time.Time) context.Context {
	return context.WithValue(ctx, nowKey{}, now)
}

// nowOf is zero where nobody told: every day is then written with its year.
func nowOf(ctx context.Context) time.Time {
	now, _ := ctx.Value(nowKey{}).(time.Time)
	return now
}

// ShortDay writes a day without the year of now; see the function ShortDay.
func (l *Localizer) ShortDay(day string, now time.Time) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	if now.IsZero() || now.In(l.zone).Year() != t.Year() {
		return l.Day(day)
	}
	return l.dayNumber(t.Day()) + " " + l.locale.shortMonths[t.Month()-1]
}

// ShortWeekday writes a day with its weekday; see the function ShortWeekday.
func (l *Localizer) ShortWeekday(day string, now time.Time) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	weekday := string([]rune(l.locale.weekdays[t.Weekday()])[:3])
	if l.locale.french {
		weekday += "."
	}
	return weekday + " " + l.ShortDay(day, now)
}

// Date writes a day; see the function Date.
func (l *Localizer) Date(t time.Time) string {
	if t.IsZero() {
		return noFigure
	}
	y, m, d := t.In(l.zone).Date()
	return l.dayNumber(d) + " " + l.locale.shortMonths[m-1] + " " + strconv.Itoa(y)
}

// Day writes a calendar day; see the function Day.
func (l *Localizer) Day(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return l.In(time.UTC).Date(t)
}

// DateLong writes a day in words; see the function DateLong.
func (l *Localizer) DateLong(t time.Time) string {
	if t.IsZero() {
		return noFigure
	}
	t = t.In(l.zone)
	return l.locale.weekdays[t.Weekday()] + " " + l.dayNumber(t.Day()) + " " + l.locale.months[t.Month()-1]
}

// Month writes a month and its year: "novembre 2026".
func (l *Localizer) Month(t time.Time) string {
	t = t.In(l.zone)
	return l.locale.months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// Month writes a month and its year in the person's zone: "novembre 2026".
func Month(ctx context.Context, t time.Time) string { return From(ctx).Month(t) }

// Time writes an hour; see the function Time.
func (l *Localizer) Time(t time.Time) string {
	if t.IsZero() {
		return noFigure
	}
	t = t.In(l.zone)
	if l.locale.french {
		return fmt.Sprintf("%d%sh%s%02d", t.Hour(), noBreak, noBreak, t.Minute())
	}
	return fmt.Sprintf("%d:%02d", t.Hour(), t.Minute())
}

// DateTime writes day and hour; see the function DateTime.
func (l *Localizer) DateTime(t time.Time) string {
	if t.IsZero() {
		return noFigure
	}
	return l.Date(t) + ", " + l.Time(t)
}

// Exact writes an instant without any doubt; see the function Exact.
func (l *Localizer) Exact(t time.Time) string {
	if t.IsZero() {
		return noFigure
	}
	local := t.In(l.zone)
	return l.DateLong(t) + " " + strconv.Itoa(local.Year()) + ", " + l.Time(t) + " " + offset(local)
}

// offset names the zone by its distance from UTC: abbreviations such as CST mean several zones.
func offset(t time.Time) string {
	_, seconds := t.Zone()
	if seconds == 0 {
		return "UTC"
	}
	sign := "+"
	if seconds < 0 {
		sign, seconds = minus, -seconds
	}
	if m := seconds / 60 % 60; m != 0 {
		return fmt.Sprintf("UTC%s%d:%02d", sign, seconds/3600, m)
	}
	return fmt.Sprintf("UTC%s%d", sign, seconds/3600)
}

// Relative writes an instant as seen from now; see the function Relative.
func (l *Localizer) Relative(t, now time.Time) string {
	if t.IsZero() {
		return noFigure
	}
	d := now.Sub(t)
	ahead := d < 0
	days := l.calendarDays(t, now)
	switch d = d.Abs(); {
	case d < time.Minute:
		return l.locale.justNow
	case d < 12*time.Hour || days == 0:
		if ahead {
			return l.locale.in + l.Duration(d)
		}
		return l.Duration(d)
	case days == 1:
		return l.locale.yesterday
	case days == -1:
		return l.locale.tomorrow
	case days > 0 && days <= 7:
		return strconv.Itoa(days) + noBreak + l.locale.day
	case days < 0 && days >= -7:
		return l.locale.in + strconv.Itoa(-days) + noBreak + l.locale.day
	}
	return l.Date(t)
}

// calendarDays counts the midnights of the person's zone between two instants. Dates are compared in UTC, where
// every day has 24 hours, so that the days on which clocks change count as one.
func (l *Localizer) calendarDays(from, to time.Time) int {
	midnight := func(t time.Time) time.Time {
		y, m, d := t.In(l.zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(midnight(to).Sub(midnight(from)) / (24 * time.Hour))
}

// Remaining writes the time left or overdue; see the function Remaining.
func (l *Localizer) Remaining(due, now time.Time) string {
	if due.IsZero() {
		return noFigure
	}
	if now.After(due) {
		return "+" + noBreak + l.Duration(now.Sub(due))
	}
	return l.Duration(due.Sub(now))
}

// Duration writes a length of time; see the function Duration.
func (l *Localizer) Duration(d time.Duration) string {
	d = d.Abs()
	switch {
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + noBreak + "min"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + noBreak + "h"
	}
	return l.Number(int64(d/(24*time.Hour))) + noBreak + l.locale.day
}

// dayNumber writes the day of a month: the first is an ordinal in French.
func (l *Localizer) dayNumber(d int) string {
	if d == 1 && l.locale.french {
		return "1er"
	}
	return strconv.Itoa(d)
}
