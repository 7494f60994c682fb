package ui

import (
	"strings"

	"github.com/a-h/templ"
)

// HX writes the htmx attributes, so that the dialect stands in one place and
// the vendored file can be exchanged (2.x and 4.x read the same ones).
//
// Every element carries its own target and swap: 4.x inherits nothing, 2.x
// would. A form or link so marked must also work without script.
type HX struct {
	Get, Post string // one of them: the address asked for
	Target    string // CSS selector; required
	Swap      string // default "innerHTML"
	Select    string // only this part of the answer
	Trigger   string // "revealed", "every 5s", "input changed delay:200ms"; no [filter]
	Include   string // selector of further fields to send
	Sync      string // such as "this:replace"
	Indicator string // selector that gets htmx-request while it runs
	PushURL   bool   // put Get into the address bar
	Vals      string // a JSON object of further values; never js:
}

// Attrs gives the attributes, to be spread: <div { ui.HX{…}.Attrs()... }>.
// It panics on what our content security policy would break: a filter or js:.
func (h HX) Attrs() templ.Attributes {
	if strings.Contains(h.Trigger, "[") || strings.Contains(h.Vals+h.Trigger, "js:") {
		panic("ui: htmx filter or js: is refused by the content security policy")
	}
	if h.Target == "" {
		panic("ui: an htmx element carries its own target")
	}
	if h.Swap == "" {
		h.Swap = "innerHTML"
	}
	a := templ.Attributes{"hx-target": h.Target, "hx-swap": h.Swap}
	for name, value := range map[string]string{
		"hx-get": h.Get, "hx-post": h.Post, "hx-select": h.Select, "hx-trigger": h.Trigger,
		"hx-include": h.Include, "hx-sync": h.Sync, "hx-indicator": h.Indicator, "hx-vals": h.Vals,
	} {
		if value != "" {
			a[name] = value
		}
	}
	if h.PushURL {
		a["hx-push-url"] = "true"
	}
	return a
}
