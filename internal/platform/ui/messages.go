package ui

import (
	"context"
	"strconv"

	"unisson/internal/platform/i18n"

	"github.com/a-h/templ"
)

// Toast tells that something is done and offers to undo it. It never holds the
// only copy of an error.
type Toast struct {
	Text string // in the reader's language
	Icon string // default "check"
	Undo string // address that undoes by POST; empty: nothing to undo
}

// BannerProps is a message that stays. Its children are its buttons.
type BannerProps struct {
	Kind  TagKind // Fact, OK, Soon, Late
	Icon  string  // default: that of the kind
	Title string
	Text  string
	Role  string // "alert" for what was just refused, "status" for what came about; empty: part of the page
}

func (p BannerProps) icon() string {
	if p.Icon != "" {
		return p.Icon
	}
	switch p.Kind {
	case OK:
		return "circle-check"
	case Soon:
		return "clock"
	case Late:
		return "triangle-alert"
	}
	return "info"
}

// EmptyProps says what a place is for while nothing is in it. The one action is its child.
type EmptyProps struct{ Title, Text string }

// ErrorProps is an error of ours: what, that nothing is lost, a reference, try again.
type ErrorProps struct {
	Title     string
	Text      string
	Reference string // request id; empty: not said
	Retry     string // address to try again; empty: no button
}

// ProgressProps is long work under way. It survives leaving the page: Poll is
// asked every two seconds and answers with the same component.
type ProgressProps struct {
	ID     string // of the element, replaced by each answer
	Doing  string // "Reading rows"
	Done   int64
	Total  int64  // 0: unknown
	Rate   string // "1,200 rows a second"
	Left   string // "2 min"
	Poll   string // empty: finished, or no polling wanted
	Cancel string // address that cancels by POST; empty: cannot be cancelled
}

// share is the part done, 0 to 100.
func (p ProgressProps) share() int64 {
	if p.Total <= 0 {
		return 0
	}
	return min(max(p.Done*100/p.Total, 0), 100)
}

func (p ProgressProps) attrs() templ.Attributes {
	if p.Poll == "" {
		return templ.Attributes{}
	}
	return HX{Get: p.Poll, Target: "#" + p.ID, Swap: "outerHTML", Trigger: "every 2s"}.Attrs()
}

// DialogProps is a dialog over the page. Open it with a Button whose Modal is
// ID, or with a link to a page of the same content (data-dialog).
type DialogProps struct {
	ID     string
	Title  string
	Footer templ.Component // buttons
}

// PanelProps is the content of the side panel, previewed beside a list.
type PanelProps struct {
	Mark  templ.Component
	Title string
	Text  string
	Href  string // the page of what is previewed
}

// ErrorPageProps is a whole page that says what went wrong; inside the shell
// when somebody is signed in, bare otherwise.
type ErrorPageProps struct {
	ErrorProps
	Home bool // offer the way to Today
}

func percent(n int64) string { return strconv.FormatInt(n, 10) + "%" }

func errorText(ctx context.Context, p ErrorProps) string {
	if p.Reference == "" {
		return p.Text
	}
	return p.Text + " " + i18n.T(ctx, "ui.error.reference", "reference", p.Reference)
}
