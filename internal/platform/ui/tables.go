package ui

import (
	"context"
	"strings"

	"unisson/internal/platform/i18n"

	"github.com/a-h/templ"
)

// Column is one head of a table. At most eight by default; the name comes first.
type Column struct {
	Label     string
	Sort      string // address that sorts by it; empty: not sortable
	Direction string // "ascending" or "descending" when the rows are sorted by it
	Number    bool   // to the right
	Desktop   bool   // hidden on phones
	Silent    bool   // the head is for screen readers only
}

func (c Column) class() string { return cellClass("", c.Number, c.Desktop) }

// TableProps describes a list. Its rows (<tr>) are the children.
type TableProps struct {
	Name    string // what the list is, for screen readers: "Contacts, sorted by last contact"
	Columns []Column
	Select  bool // a checkbox column; rows start with SelectCell
	Compact bool // 36 px rows
	Plain   bool // inside a card: no inner scrolling, no gutter
}

// CellProps is one cell that is not the row's name.
type CellProps struct {
	Text    string
	Href    string
	Number  bool
	Second  bool // second voice
	Desktop bool // hidden on phones
	Content templ.Component
}

func (c CellProps) class() string {
	name := ""
	if c.Second {
		name = "sec"
	}
	return cellClass(name, c.Number, c.Desktop)
}

func cellClass(name string, number, desktop bool) string {
	if number {
		name += " end num"
	}
	if desktop {
		name += " d-only"
	}
	return name
}

// PagerProps is the foot of a list. The children, if any, are its selection bar.
type PagerProps struct {
	From, To int
	Total    int    // 0: unknown, and not said
	More     bool   // there are more than Total
	Previous string // addresses; empty: the button is disabled
	Next     string
}

// Tab is one saved view or facet. Each has its own address.
type Tab struct {
	Label   string
	Href    string
	Count   string // already written for the reader; empty shows nothing
	Icon    string
	Current bool
	Faint   bool // an act among the tabs: "Save view"
}

// SegItem is one side of a segment.
type SegItem struct {
	Label   string
	Href    string
	Icon    string
	Voice   Voice
	Current bool
}

// TagKind is the tint of a tag or a banner.
type TagKind string

// The tints. OK, Soon and Late always come with an icon or a word.
const (
	Fact     TagKind = ""
	OK       TagKind = "ok"
	Soon     TagKind = "soon"
	Late     TagKind = "late"
	JointTag TagKind = "joint"
	MktTag   TagKind = "m"
	SalesTag TagKind = "v"
)

// MenuItem is one line of a menu: a link, or an act when Post is set.
type MenuItem struct {
	Label  string
	Icon   string
	Href   string
	Post   string // address it posts to instead of a link
	Hidden []Hidden
	Keys   string // shown on the right and pressed in order: "N L"
	Rule   bool   // a line above it
}

// MenuProps is a popover with lines. A [ButtonProps] with Opens: ID opens it.
type MenuProps struct {
	ID      string
	Caption string
	Items   []MenuItem
	Start   bool // opens towards the end of the line instead of its start
}

func tagIcon(kind TagKind) string {
	switch kind {
	case OK:
		return "check"
	case Soon:
		return "clock"
	case Late:
		return "clock-alert"
	}
	return ""
}

func tabsName(ctx context.Context, name string) string {
	if name != "" {
		return name
	}
	return i18n.T(ctx, "ui.shell.sections")
}

// itemKeys gives the keys in the spelling of the key script: "n l".
func itemKeys(item MenuItem) templ.Attributes {
	a := templ.Attributes{}
	set(a, "data-key", strings.ToLower(item.Keys))
	return a
}
