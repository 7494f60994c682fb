package clock

import "time"

// widestOffset is more than any zone ever was away from UTC.
const widestOffset = 16 * time.Hour

// AddBusinessDays is the same local time as t on the n-th following day with
// opening hours, moved to that day's nearest opening or closing, the later one
// when both are as near. A t outside opening hours counts from the next
// opening, which is the result when n ≤ 0.
func (c *Calendar) AddBusinessDays(t time.Time, n int) time.Time {
	start := c.NextOpen(t)
	if n <= 0 {
		return start
	}
	last := DayOf(start)
	for s := range c.spans(start) {
		if !last.Before(s.day) {
			continue
		}
		last = s.day
		if n--; n == 0 {
			break
		}
	}
	return c.nearest(last, c.sameTime(start, last)).In(c.loc)
}

// sameTime is the first instant of d at which the wall clock reads the time of
// day of t, or a later one where that time is skipped.
func (c *Calendar) sameTime(t time.Time, d Day) time.Time {
	hour, minute, second := t.In(c.loc).Clock()
	reading := d.midnight().Add(time.Duration(hour)*time.Hour + minutes(minute) +
		time.Duration(second)*time.Second + time.Duration(t.Nanosecond()))
	from := d.midnight().Add(-widestOffset)
	for {
		local := from.In(c.loc)
		_, offset := local.Zone()
		_, turn := local.ZoneBounds()
		at := later(reading.Add(-time.Duration(offset)*time.Second), from)
		if turn.IsZero() || at.Before(turn) {
			return at
		}
		from = turn
	}
}

// nearest moves t into the opening hours of d, which has some.
func (c *Calendar) nearest(d Day, t time.Time) time.Time {
	var best time.Time
	var away time.Duration = 1<<63 - 1
	for s := range c.spans(d.midnight().Add(-widestOffset)) {
		if s.day != d {
			if d.Add(1).Before(s.day) {
				break
			}
			continue
		}
		if !t.Before(s.from) && !t.After(s.to) {
			return t
		}
		for _, border := range []time.Time{s.from, s.to} {
			if gap := border.Sub(t).Abs(); gap <= away {
				best, away = border, gap
			}
		}
	}
	return best
}
