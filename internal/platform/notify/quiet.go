package notify

import (
	"fmt"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Preferences are how one person wants to be told.
type Preferences struct {
	Digest     bool
	DigestHour int  // 0 to 23, of the person's day
	DirectMail bool // direct notices also by mail
	Quiet      bool
	QuietFrom  int // minutes of the person's day
	QuietTo    int // minutes; before QuietFrom when the night lies between
}

// Defaults are the preferences of somebody who has set none.
func Defaults() Preferences {
	return Preferences{Digest: true, DigestHour: 8, DirectMail: true, Quiet: true, QuietFrom: 19 * 60, QuietTo: 8 * 60}
}

const (
	minutesOfDay = 24 * 60
	leastAwake   = 60 // minutes a day in which something may be sent
)

// Validate reports what cannot be kept.
func (p Preferences) Validate() error {
	var wrong errs.Fields
	if p.DigestHour < 0 || p.DigestHour > 23 {
		wrong.Add("digest_hour", "notify.errors.hour")
	}
	if p.QuietFrom < 0 || p.QuietFrom >= minutesOfDay {
		wrong.Add("quiet_from", "notify.errors.time")
	}
	if p.QuietTo < 0 || p.QuietTo >= minutesOfDay {
		wrong.Add("quiet_to", "notify.errors.time")
	}
	if wrong.Err() == nil && p.Quiet {
		switch awake := (p.QuietFrom - p.QuietTo + minutesOfDay) % minutesOfDay; {
		case p.QuietFrom == p.QuietTo:
			wrong.Add("quiet_to", "notify.errors.same_time")
		case awake < leastAwake:
			wrong.Add("quiet_to", "notify.errors.no_time_left")
		}
	}
	return wrong.Err()
}

// quietAt tells whether a minute of the day is quiet: the first one is, the last is not.
func (p Preferences) quietAt(minute int) bool {
	switch {
	case !p.Quiet || p.QuietFrom == p.QuietTo:
		return false
	case p.QuietFrom < p.QuietTo:
		return minute >= p.QuietFrom && minute < p.QuietTo
	}
	return minute >= p.QuietFrom || minute < p.QuietTo
}

// quietUntil tells until when a moment is quiet; zero when it is not. It walks minute by minute along the clock on
// the wall, so that it is right on the days when clocks change.
func (p Preferences) quietUntil(t time.Time, zone *time.Location) time.Time {
	if !p.quietAt(minuteOf(t, zone)) {
		return time.Time{}
	}
	t = t.Truncate(time.Minute)
	for range 2 * minutesOfDay {
		if t = t.Add(time.Minute); !p.quietAt(minuteOf(t, zone)) {
			break
		}
	}
	return t
}

// digestMinute is the minute of the day from which the digest may leave: the chosen hour, or the end of the quiet
// hours when it lies within them.
func (p Preferences) digestMinute() int {
	if m := p.DigestHour * 60; !p.quietAt(m) {
		return m
	}
	return p.QuietTo
}

// round is one daily digest: whose day it is of, and which notices belong to it.
type round struct {
	day   string  // of the person's calendar
	until db.Time // what came later belongs to the digest of the next day
}

// digestDue tells whether the digest of the person's day may leave now. It may leave later than its hour, when the
// program was down, and then still says what was there at its hour.
func (p Preferences) digestDue(t time.Time, zone *time.Location) (r round, due bool) {
	m := minuteOf(t, zone)
	if !p.Digest || m < p.digestMinute() || p.quietAt(m) {
		return round{}, false
	}
	year, month, day := t.In(zone).Date()
	r.day = t.In(zone).Format(time.DateOnly)
	r.until = db.At(time.Date(year, month, day, 0, p.digestMinute(), 0, 0, zone))
	return r, true
}

func minuteOf(t time.Time, zone *time.Location) int {
	t = t.In(zone)
	return t.Hour()*60 + t.Minute()
}

// clockText writes minutes of the day for a time field: "07:30".
func clockText(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// clockMinutes reads a time field; -1 when it is none.
func clockMinutes(text string) int {
	t, err := time.Parse("15:04", text)
	if err != nil {
		return -1
	}
	return t.Hour()*60 + t.Minute()
}
