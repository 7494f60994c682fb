package ui

import (
	"context"
	"time"

	"unisson/internal/platform/i18n"

	"github.com/a-h/templ"
)

// Term is one line of a definition list.
type Term struct {
	Label   string
	Text    string
	Content templ.Component // after Text
}

// ItemProps is one thing that waits: icon, sentence, owners, clock or time, one button.
type ItemProps struct {
	Icon   string
	Title  string
	Of     string // after the title, fainter: the company
	Second string
	Href   string
	Duo    *DuoProps
	Meter  *MeterProps
	When   string // instead of Meter
	Action templ.Component
}

// MiniProps is one line of a card's short list.
type MiniProps struct {
	Person *Person // or Icon
	Icon   string
	Title  string
	Href   string
	When   string
	Tag    templ.Component // instead of When
	Second string
}

// ThreadEntry is one line of a thread, newest first. A caption has only Caption.
type ThreadEntry struct {
	Caption string // "Today", "November"
	Voice   Voice  // disc, square or dash; Neutral: the customer's diamond
	What    string
	Quote   string
	Meta    string // time and source
	Href    string
}

// machine is how an instant stands in a datetime attribute.
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func relative(ctx context.Context, at, now time.Time) string { return i18n.Relative(ctx, at, now) }
