package ui

import (
	"context"
	"strings"

	"unisson/internal/platform/i18n"

	"github.com/a-h/templ"
)

// Entry names one of the six entries of the rail.
type Entry string

// The six entries, in their order.
const (
	Today     Entry = "today"
	Customers Entry = "customers"
	Funnel    Entry = "funnel"
	Actions   Entry = "actions"
	Together  Entry = "together"
	Insight   Entry = "insight"
)

// NavEntry is one line of the rail.
type NavEntry struct {
	Entry Entry
	Label string
	Href  string
	Icon  string
	Count int    // what waits on me; 0 shows nothing
	Key   string // the letter after G
}

// DefaultEntries gives the six entries in the reader's language; waiting is the
// number that waits on the reader today.
func DefaultEntries(ctx context.Context, waiting int) []NavEntry {
	return []NavEntry{
		{Today, i18n.T(ctx, "ui.nav.today"), "/today", "sun-medium", waiting, "t"},
		{Customers, i18n.T(ctx, "ui.nav.customers"), "/customers", "building-2", 0, "c"},
		{Funnel, i18n.T(ctx, "ui.nav.funnel"), "/funnel", "funnel", 0, "f"},
		{Actions, i18n.T(ctx, "ui.nav.actions"), "/actions", "megaphone", 0, "a"},
		{Together, i18n.T(ctx, "ui.nav.together"), "/together", "handshake", 0, "e"},
		{Insight, i18n.T(ctx, "ui.nav.insight"), "/insight", "lightbulb", 0, "i"},
	}
}

// Pin is one pinned view or record of the rail.
type Pin struct{ Label, Href, Icon string }

// Shell is what surrounds every page: who reads it, where he is, what waits.
// platform/web puts it into the context; a page never fills it.
type Shell struct {
	Organisation string
	Person       Person // zero: nobody is signed in
	PersonNote   string // "Sales, West"
	Language     string // "en", "fr", "fr-CA"; empty: that of the localizer
	Theme        string // "light", "dark"; anything else follows the system
	Entries      []NavEntry
	Pinned       []Pin
	Create       []MenuItem // empty: no Create button
	Unread       int        // of the inbox
	Demo         bool       // mark the data as made up
	KeysOff      bool       // single keys switched off by the reader
	Path         string     // path and query of this page, where the switches return to
	Version      string
	Toasts       []Toast
	SignOut      string // address that signs out by POST; empty: no such entry
	UserID       string // whose unsent forms this device may show and send
	Worker       string // address of the script that opens a form without network; empty: none
}

type shellKey struct{}

// WithShell gives a context whose pages are surrounded by s.
func WithShell(ctx context.Context, s Shell) context.Context {
	return context.WithValue(ctx, shellKey{}, s)
}

// ShellFrom gives the shell of ctx, or an empty one.
func ShellFrom(ctx context.Context) Shell {
	s, _ := ctx.Value(shellKey{}).(Shell)
	if s.Language == "" {
		s.Language = i18n.Lang(ctx)
	}
	return s
}

// SignedIn tells whether somebody reads the page.
func (s Shell) SignedIn() bool { return s.Person.Name != "" }

// next is where the language and theme switches return to.
func (s Shell) next() string {
	if s.Path == "" {
		return "/"
	}
	return s.Path
}

// otherTheme is what the switch turns to when there is no script.
func (s Shell) otherTheme() string {
	if s.Theme == "dark" {
		return "light"
	}
	return "dark"
}

func (s Shell) speaks(lang string) bool {
	base, _, _ := strings.Cut(s.Language, "-")
	return base == lang
}

// languageValue is what the switch sends: the reader's own kind of a language
// (French of Québec) is not lost by pressing its button.
func (s Shell) languageValue(lang string) string {
	if s.speaks(lang) {
		return s.Language
	}
	return lang
}

// split gives the entries of the phone's thumb bar and those of its More menu.
func (s Shell) split() (bar, more []NavEntry) {
	for _, e := range s.Entries {
		switch e.Entry {
		case Today, Customers, Funnel:
			bar = append(bar, e)
		default:
			more = append(more, e)
		}
	}
	return bar, more
}

// inMore tells whether the current entry is hidden in the More menu.
func (s Shell) inMore(active Entry) bool {
	_, more := s.split()
	for _, e := range more {
		if e.Entry == active {
			return true
		}
	}
	return false
}

// Crumb is one step of the breadcrumb; the last has no Href.
type Crumb struct{ Label, Href string }

// PageProps describes one page inside the shell. A page is: breadcrumb bar →
// head → tabs → tools → content (the children).
type PageProps struct {
	Title     string // the h1 and the window's title
	ShortName string // the phone's bar; default Title
	Summary   string // the one sentence that sums the page up
	Active    Entry  // marks one of the six entries
	Crumbs    []Crumb
	Mark      templ.Component // record pages: the avatar before the h1
	Actions   templ.Component // head, right: at most two buttons
	Facts     templ.Component // record pages: the line of figures between head and tabs, see Facts
	BarTools  templ.Component // breadcrumb bar, right: previous, next, more
	Tabs      []Tab
	TabsName  string          // what the tabs are, for screen readers; default "Sections"
	Tools     templ.Component // filters and columns, on one line
	Fill      bool            // content fills the sheet and scrolls inside (tables, boards)
	NoHead    bool            // the page writes its own head
}

// back gives the phone's way back: the nearest linked crumb.
func (p PageProps) back() string {
	for i := len(p.Crumbs) - 1; i >= 0; i-- {
		if p.Crumbs[i].Href != "" {
			return p.Crumbs[i].Href
		}
	}
	return ""
}

func (p PageProps) shortName() string {
	if p.ShortName != "" {
		return p.ShortName
	}
	return p.Title
}
