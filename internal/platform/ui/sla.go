package ui

import (
	"context"
	"math"
	"strconv"

	"unisson/internal/platform/i18n"
)

// ClockState is where one side's clock stands.
type ClockState string

// The states. Soon is the last quarter of the time, at least 15 minutes.
const (
	Idle     ClockState = "" // not started: dots
	Running  ClockState = "running"
	DueSoon  ClockState = "soon"
	Overdue  ClockState = "late"
	OnHold   ClockState = "paused"
	ClockMet ClockState = "met"
)

// Clock is one side of the two-sided meter.
type Clock struct {
	State ClockState
	Share float64 // of the time that has gone, 0 to 1
	Text  string  // what is left or overdue ("2 h 30", "+ 25 min"); empty: the state's own word
	Owner Person  // Big only
	What  string  // Big only: what is owed, "Attach the case study"
}

// MeterProps is the two-sided meter: each voice walks from its edge to the
// shared axis, which is its deadline.
type MeterProps struct {
	Marketing, Sales Clock
	Turn             Voice
	Big              bool // page size, with names and what is owed
}

func (p MeterProps) one() bool { return p.Marketing.State == ClockMet && p.Sales.State == ClockMet }

// geometry of the meter: the numbers are those of the drawing, in px.
func (p MeterProps) y() string {
	if p.Big {
		return "8"
	}
	return "6"
}

func (c Clock) percent() string { return place(c.Share) }

// fromRight is where the walker of the right side stands.
func (c Clock) fromRight() string { return place(1 - c.Share) }

// place writes a share as a position on the line, to a hundredth of a percent.
func place(share float64) string {
	hundredths := math.Round(min(max(share, 0), 1) * 1e4)
	return strconv.FormatFloat(hundredths/100, 'f', -1, 64) + "%"
}

// walks tells whether the clock has a head on the line.
func (c Clock) walks() bool {
	return c.State == Running || c.State == DueSoon || c.State == OnHold
}

func (c Clock) icon() string {
	switch c.State {
	case DueSoon:
		return "clock"
	case Overdue:
		return "clock-alert"
	case OnHold:
		return "pause"
	case ClockMet:
		return "check"
	}
	return ""
}

func (c Clock) class() string {
	switch c.State {
	case DueSoon:
		return "soon"
	case Overdue:
		return "late-t"
	case OnHold:
		return "paused"
	case ClockMet:
		return "met"
	case Idle:
		return "idle"
	}
	return "run"
}

func (c Clock) words(ctx context.Context) string {
	if c.Text != "" {
		return c.Text
	}
	switch c.State {
	case ClockMet:
		return i18n.T(ctx, "ui.clock.met")
	case OnHold:
		return i18n.T(ctx, "ui.clock.paused")
	}
	return i18n.T(ctx, "ui.clock.none")
}

// aside is what only a screen reader needs to hear after the words.
func (c Clock) aside(ctx context.Context) string {
	switch c.State {
	case Running, DueSoon:
		return i18n.T(ctx, "ui.clock.left")
	case Overdue:
		return i18n.T(ctx, "ui.clock.overdue")
	case Idle:
		return i18n.T(ctx, "ui.clock.not_started")
	}
	return ""
}
