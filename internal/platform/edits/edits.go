package edits

import (
	"slices"
	"time"
)

// Field is one field that one saved change altered.
type Field struct {
	Name string `json:"field"`
	From string `json:"from"`
	To   string `json:"to"`
}

// Edit is one saved change of a record.
type Edit struct {
	Version int64 // of the record after it
	ByID    string
	By      string
	At      time.Time
	Fields  []Field
}

// Clash is one field that two people changed differently since it was read.
type Clash struct {
	Field  string
	Base   string // as it was when both began
	Theirs string // as it stands
	Mine   string // as it was sent
	By     string // who wrote theirs
	ByID   string
	At     time.Time
}

// Diff gives what was changed between two sets of values, in the given order.
func Diff(order []string, before, after map[string]string) []Field {
	var out []Field
	for _, f := range order {
		if before[f] != after[f] {
			out = append(out, Field{Name: f, From: before[f], To: after[f]})
		}
	}
	return out
}

// Rewind gives the values as they were before some edits, which are all those
// made since, oldest first.
func Rewind(now map[string]string, since []Edit) map[string]string {
	base := make(map[string]string, len(now))
	for f, v := range now {
		base[f] = v
	}
	for _, e := range slices.Backward(since) {
		for _, f := range e.Fields {
			base[f.Name] = f.From
		}
	}
	return base
}

// Merge joins what I sent with what stands. Base is what I had read. A field
// that only one of us changed takes that change; one that both changed to the
// same value is no clash; one that both changed differently keeps theirs in
// merged and is told as a Clash, so that nobody's words are lost. A nil base
// means that what I had read is not known any more: every difference clashes.
func Merge(order []string, base, mine, theirs map[string]string, since []Edit) (merged map[string]string, clashes []Clash) {
	merged = make(map[string]string, len(order))
	for _, f := range order {
		switch {
		case mine[f] == theirs[f] || (base != nil && mine[f] == base[f]):
			merged[f] = theirs[f]
		case base != nil && theirs[f] == base[f]:
			merged[f] = mine[f]
		default:
			merged[f] = theirs[f]
			clashes = append(clashes, clash(f, base[f], mine[f], theirs[f], since))
		}
	}
	return merged, clashes
}

// clash names who wrote last what stands now.
func clash(f, base, mine, theirs string, since []Edit) Clash {
	c := Clash{Field: f, Base: base, Theirs: theirs, Mine: mine}
	for _, e := range since {
		if slices.ContainsFunc(e.Fields, func(x Field) bool { return x.Name == f }) {
			c.By, c.ByID, c.At = e.By, e.ByID, e.At
		}
	}
	return c
}
