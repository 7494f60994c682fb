package ui

import (
	"context"
	"strconv"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"

	"github.com/a-h/templ"
)

// Hidden is a field sent along with a form.
type Hidden struct{ Name, Value string }

// Errors gives for each wrong field, by name, the words that mend it. The zero
// value means that nothing is wrong.
type Errors map[string]string

// ErrorsOf translates the wrong fields of err (errs.Invalid) for the reader.
func ErrorsOf(ctx context.Context, err error) Errors {
	fields := errs.FieldsOf(err)
	if len(fields) == 0 {
		return nil
	}
	e := make(Errors, len(fields))
	for _, f := range fields {
		if _, seen := e[f.Name]; !seen {
			e[f.Name] = i18n.M(ctx, f.Code, f.Params)
		}
	}
	return e
}

// FieldProps describes a field of one line; [TextArea], [Select] and others
// take it too. Only Name and Label are required.
type FieldProps struct {
	Name         string
	Label        string
	Value        string
	ID           string // default "f-" + Name
	Type         string // default "text"; a password's value is never written back
	Hint         string // below the field
	Error        string // already in the reader's language: Errors[Name]
	Optional     bool   // says so; everything else is required by words, not stars
	Why          string // folded under the field: why we ask, and who reads it
	Placeholder  string // an example, never the label
	Autocomplete string
	InputMode    string
	MaxLength    int
	Rows         int  // TextArea; default 4
	HideLabel    bool // search boxes; the label is still heard
	Autofocus    bool
	Disabled     bool
	ReadOnly     bool
	List         []string // suggestions
	Attrs        templ.Attributes
}

func (p FieldProps) id() string {
	if p.ID != "" {
		return p.ID
	}
	return "f-" + p.Name
}

func (p FieldProps) kind() string {
	if p.Type == "" {
		return "text"
	}
	return p.Type
}

// shown is what stands in the field: a secret is never sent back to the browser.
func (p FieldProps) shown() string {
	if p.Type == "password" {
		return ""
	}
	return p.Value
}

// described names the hint and the error for screen readers.
func (p FieldProps) described() string {
	d := ""
	if p.Error != "" {
		d = p.id() + "-e"
	}
	if p.Hint != "" {
		if d != "" {
			d += " "
		}
		d += p.id() + "-h"
	}
	return d
}

// control gathers the attributes that every control shares.
func (p FieldProps) control() templ.Attributes {
	a := templ.Attributes{"id": p.id(), "name": p.Name}
	set(a, "placeholder", p.Placeholder)
	set(a, "autocomplete", p.Autocomplete)
	set(a, "inputmode", p.InputMode)
	set(a, "aria-describedby", p.described())
	if p.Error != "" {
		a["aria-invalid"] = "true"
	}
	if p.MaxLength > 0 {
		a["maxlength"] = itoa(p.MaxLength)
	}
	if p.Autofocus {
		a["autofocus"] = true
	}
	if p.Disabled {
		a["disabled"] = true
	}
	if p.ReadOnly {
		a["readonly"] = true
	}
	for k, v := range p.Attrs {
		a[k] = v
	}
	return a
}

// Option is one choice of a list, of radio rows or of chips.
type Option struct {
	Value, Label string
	Hint         string // radio rows and checkboxes: the second line
	Group        string // Select: consecutive options of one group
	On           bool
	Disabled     bool
}

// group gathers consecutive options of one group.
type optionGroup struct {
	label   string
	options []Option
}

func grouped(options []Option) []optionGroup {
	var groups []optionGroup
	for _, o := range options {
		if len(groups) == 0 || groups[len(groups)-1].label != o.Group {
			groups = append(groups, optionGroup{label: o.Group})
		}
		last := &groups[len(groups)-1]
		last.options = append(last.options, o)
	}
	return groups
}

// ErrorLink is one line of the summary above a form.
type ErrorLink struct{ ID, Label, Text string }

// Summarize gives the summary's lines for the given fields, in their order. A
// field without error is left out.
func Summarize(fields ...FieldProps) []ErrorLink {
	var links []ErrorLink
	for _, f := range fields {
		if f.Error != "" {
			links = append(links, ErrorLink{f.id(), f.Label, f.Error})
		}
	}
	return links
}

// Version is one side of a conflict: a value, who wrote it and when.
type Version struct {
	Value string // what is sent when chosen
	Text  string // what is shown; default Value
	By    string // "Sofia", "you"
	When  string // "10:28", already written for the reader
}

func (v Version) text() string {
	if v.Text != "" {
		return v.Text
	}
	return v.Value
}

// ConflictProps shows a field that somebody else changed meanwhile and lets the reader choose.
type ConflictProps struct {
	Name         string // of the field; the chosen value is sent under it
	Label        string
	Theirs, Mine Version
}

// rowID gives the first choice of a group the group's own id, so that the error
// summary leads to it.
func rowID(p FieldProps, i int) string {
	if i == 0 {
		return p.id()
	}
	return p.id() + "-" + itoa(i)
}

func described(p FieldProps) templ.Attributes {
	a := templ.Attributes{}
	set(a, "aria-describedby", p.described())
	return a
}

func itoa(n int) string { return strconv.Itoa(n) }
