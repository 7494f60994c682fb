package clock

import (
	"iter"
	"slices"
	"time"
)

// warningLead is the least open time between a warning and its due instant.
const warningLead = 15 * time.Minute

// Pause is a stretch of time that does not count, [From, To). One that still
// runs is given with To = now; a due instant is computed anew when it ends.
type Pause struct {
	From, To time.Time
}

// span is a stretch of open time, [from, to), that belongs to one local day.
type span struct {
	day      Day
	from, to time.Time
}

// spans yields the open time from t on, in order, without end. Within one
// offset of the zone the wall clock only moves forward, so that walking offset
// by offset, then day by day, keeps the order even where a zone turns its
// clocks back over midnight.
func (c *Calendar) spans(t time.Time) iter.Seq[span] {
	return func(yield func(span) bool) {
		for {
			local := t.In(c.loc)
			_, offset := local.Zone()
			_, turn := local.ZoneBounds() // zero: this offset holds for ever
			for d := DayOf(local); ; d = d.Add(1) {
				zero := d.midnight().Add(-time.Duration(offset) * time.Second)
				if !turn.IsZero() && !zero.Before(turn) {
					break
				}
				for _, iv := range c.HoursOn(d) {
					s := span{d, later(zero.Add(minutes(iv.From)), t), zero.Add(minutes(iv.To))}
					if !turn.IsZero() {
						s.to = earlier(s.to, turn)
					}
					if s.from.Before(s.to) && !yield(s) {
						return
					}
				}
			}
			t = turn
		}
	}
}

// spansBefore yields the open time before t, backwards, without end.
func (c *Calendar) spansBefore(t time.Time) iter.Seq[span] {
	return func(yield func(span) bool) {
		for {
			local := t.Add(-1).In(c.loc)
			_, offset := local.Zone()
			turn, _ := local.ZoneBounds() // zero: this offset always held
			for d := DayOf(local); ; d = d.Add(-1) {
				zero := d.midnight().Add(-time.Duration(offset) * time.Second)
				if !turn.IsZero() && !zero.Add(minutes(dayMinutes)).After(turn) {
					break
				}
				for _, iv := range slices.Backward(c.HoursOn(d)) {
					s := span{d, zero.Add(minutes(iv.From)), earlier(zero.Add(minutes(iv.To)), t)}
					if !turn.IsZero() {
						s.from = later(s.from, turn)
					}
					if s.from.Before(s.to) && !yield(s) {
						return
					}
				}
			}
			t = turn
		}
	}
}

// tidyPauses sorts pauses, joins those that overlap and drops empty ones.
func tidyPauses(pauses []Pause) []Pause {
	var list []Pause
	sorted := slices.Clone(pauses)
	slices.SortFunc(sorted, func(a, b Pause) int { return a.From.Compare(b.From) })
	for _, p := range sorted {
		if !p.From.Before(p.To) {
			continue
		}
		if n := len(list); n > 0 && !p.From.After(list[n-1].To) {
			list[n-1].To = later(list[n-1].To, p.To)
			continue
		}
		list = append(list, p)
	}
	return list
}

// without yields what tidy pauses leave of s, in order.
func (s span) without(pauses []Pause) iter.Seq[span] {
	return func(yield func(span) bool) {
		for _, p := range pauses {
			if !p.To.After(s.from) {
				continue
			}
			if !p.From.Before(s.to) {
				break
			}
			if s.from.Before(p.From) && !yield(span{s.day, s.from, p.From}) {
				return
			}
			s.from = p.To
			if !s.from.Before(s.to) {
				return
			}
		}
		yield(s)
	}
}

// IsOpen tells whether t is inside opening hours.
func (c *Calendar) IsOpen(t time.Time) bool {
	local := t.In(c.loc)
	hour, minute, _ := local.Clock()
	for _, iv := range c.HoursOn(DayOf(local)) {
		if m := hour*60 + minute; iv.From <= m && m < iv.To {
			return true
		}
	}
	return false
}

// NextOpen is t itself when it is inside opening hours, else the next opening.
func (c *Calendar) NextOpen(t time.Time) time.Time {
	for s := range c.spans(t) {
		return s.from.In(c.loc)
	}
	panic("unreachable: a calendar always opens again")
}

// OpenBetween is the open time of [a, b) that no pause covers; 0 when b ≤ a.
func (c *Calendar) OpenBetween(a, b time.Time, pauses ...Pause) time.Duration {
	var total time.Duration
	pauses = tidyPauses(pauses)
	for s := range c.spans(a) {
		if !s.from.Before(b) {
			break
		}
		s.to = earlier(s.to, b)
		for piece := range s.without(pauses) {
			total += piece.to.Sub(piece.from)
		}
	}
	return total
}

// OpenMinutesBetween is OpenBetween in whole minutes, the last one complete.
func (c *Calendar) OpenMinutesBetween(a, b time.Time, pauses ...Pause) int {
	return int(c.OpenBetween(a, b, pauses...) / time.Minute)
}

// AddOpen is the first instant at which d of open time has elapsed since t,
// pauses left out. With d ≤ 0 it is the moment at which the clock starts to
// run: t, or the next opening.
func (c *Calendar) AddOpen(t time.Time, d time.Duration, pauses ...Pause) time.Time {
	pauses = tidyPauses(pauses)
	left := max(d, 0)
	for s := range c.spans(t) {
		for piece := range s.without(pauses) {
			length := piece.to.Sub(piece.from)
			if left <= length {
				return piece.from.Add(left).In(c.loc)
			}
			left -= length
		}
	}
	panic("unreachable: a calendar always opens again")
}

// AddOpenMinutes is AddOpen for n minutes.
func (c *Calendar) AddOpenMinutes(t time.Time, n int, pauses ...Pause) time.Time {
	return c.AddOpen(t, minutes(n), pauses...)
}

// Extend moves a due instant by the open time since start that pauses took
// away, pauses that begin during the extension included. Without any such time
// it is due itself. For due instants counted in business days.
func (c *Calendar) Extend(start, due time.Time, pauses ...Pause) time.Time {
	end := due
	for {
		lost := c.OpenBetween(start, end) - c.OpenBetween(start, end, pauses...)
		if lost == 0 {
			return due.In(c.loc)
		}
		next := c.AddOpen(due, lost)
		if next.Equal(end) {
			return next
		}
		end = next
	}
}

// Cap shortens a pause to at most d of open time.
func (c *Calendar) Cap(p Pause, d time.Duration) Pause {
	return Pause{From: p.From, To: earlier(p.To, c.AddOpen(p.From, d))}
}

// Warning is the instant from which a commitment that was given total of open
// time counts as near its end: a quarter of total, and at least 15 open
// minutes, before due. It is the latest such instant, so that it falls inside
// opening hours; for a short commitment it may lie before its start.
func (c *Calendar) Warning(due time.Time, total time.Duration, pauses ...Pause) time.Time {
	pauses = tidyPauses(pauses)
	left := max(total/4, warningLead)
	for s := range c.spansBefore(due) {
		for _, piece := range slices.Backward(slices.Collect(s.without(pauses))) {
			length := piece.to.Sub(piece.from)
			if left <= length {
				return piece.to.Add(-left).In(c.loc)
			}
			left -= length
		}
	}
	panic("unreachable: a calendar was always open before")
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
