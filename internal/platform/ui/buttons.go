package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

// ButtonKind says how loud a button is.
type ButtonKind string

// The kinds. At most one Primary a screen; Danger carries a word and an icon and is never solid.
const (
	Plain   ButtonKind = ""
	Primary ButtonKind = "primary"
	Quiet   ButtonKind = "quiet"
	Danger  ButtonKind = "danger"
)

// ButtonProps describes a button, or a link that looks like one when Href is set.
// A button submits its form unless Opens or Modal is set.
type ButtonProps struct {
	Label    string
	Icon     string
	IconEnd  string
	Kind     ButtonKind
	Size     string // "", "sm", "lg"
	Block    bool   // as wide as its place
	IconOnly bool   // Label becomes the accessible name and the tooltip
	Href     string
	Name     string // with Value: sent when this button submits
	Value    string
	Form     string // id of the form it belongs to when it stands outside
	To       string // another address for this button (formaction)
	Busy     string // what it says while it works: "Saving…"
	Opens    string // id of the popover it opens
	Modal    string // id of the dialog it opens
	Disabled bool
	WhyNot   string // shown beside a disabled button
	Key      string // single key that presses it, such as "e"
	Desktop  bool   // hidden on phones
	Attrs    templ.Attributes
}

func (p ButtonProps) class() string {
	c := "btn"
	if p.Kind != Plain {
		c += " " + string(p.Kind)
	}
	if p.Size != "" {
		c += " " + p.Size
	}
	if p.IconOnly {
		c += " icon"
	}
	if p.Block {
		c += " block"
	}
	if p.Desktop {
		c += " d-only"
	}
	return c
}

// attrs gathers what a link and a button share.
func (p ButtonProps) attrs() templ.Attributes {
	a := templ.Attributes{}
	for k, v := range p.Attrs {
		a[k] = v
	}
	if p.IconOnly {
		a["aria-label"], a["title"] = p.Label, p.Label
	}
	set(a, "data-key", p.Key)
	if p.Href != "" {
		return a
	}
	set(a, "name", p.Name)
	set(a, "value", p.Value)
	set(a, "form", p.Form)
	set(a, "formaction", p.To)
	set(a, "data-busy", p.Busy)
	set(a, "popovertarget", p.Opens)
	if p.Modal != "" {
		a["commandfor"], a["command"] = p.Modal, "show-modal"
	}
	if p.Opens != "" || p.Modal != "" {
		a["type"] = "button"
	}
	return a
}

func set(a templ.Attributes, name, value string) {
	if value != "" {
		a[name] = value
	}
}

// current marks the page one is on.
func current(on bool) templ.Attributes {
	if on {
		return templ.Attributes{"aria-current": "page"}
	}
	return templ.Attributes{}
}

// pressed marks the chosen one of a segment.
func pressed(on bool) templ.Attributes {
	if on {
		return templ.Attributes{"aria-current": "true"}
	}
	return templ.Attributes{}
}

// few keeps a badge narrow.
func few(n int) string {
	if n > 99 {
		return "99+"
	}
	return strconv.Itoa(n)
}
