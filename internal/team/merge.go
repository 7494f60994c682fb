package team

import (
	"slices"
	"time"
)

// FieldEdit is one field that one saved change altered.
type FieldEdit struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// ProfileEdit is one saved change of a profile.
type ProfileEdit struct {
	PersonID string
	Version  int64 // of the profile after it
	ByID     string
	By       string
	At       time.Time
	Edits    []FieldEdit
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
func Diff(order []string, before, after map[string]string) []FieldEdit {
	var out []FieldEdit
	for _, f := range order {
		if before[f] != after[f] {
			out = append(out, FieldEdit{Field: f, From: before[f], To: after[f]})
		}
	}
	return out
}

// Rewind gives the values as they were before some edits, which are all those
// made since, oldest first.
func Rewind(now map[string]string, since []ProfileEdit) map[string]string {
	base := make(map[string]string, len(now))
	for f, v := range now {
		base[f] = v
	}
	for _, e := range slices.Backward(since) {
		for _, fe := range e.Edits {
			base[fe.Field] = fe.From
		}
	}
	return base
}

// Merge joins what I sent with what stands. Base is what I had read. A field
// that only one of us changed takes that change; one that both changed to the
// same value is no clash; one that both changed differently keeps theirs in
// merged and is told as a Clash, so that nobody's words are lost. A nil base
// means that what I had read is not known any more: every difference clashes.
func Merge(order []string, base, mine, theirs map[string]string, since []ProfileEdit) (merged map[string]string, clashes []Clash) {
	merged = make(map[string]string, len(order))
	for _, f := range order {
		switch {
		case mine[f] == theirs[f] || (base != nil && mine[f] == base[f]):
			merged[f] = theirs[f]
		case base != nil && theirs[f] == base[f]:
			merged[f] = mine[f]
		default:
			merged[f] = theirs[f]
			c := Clash{Field: f, Base: base[f], Theirs: theirs[f], Mine: mine[f]}
			for _, e := range since {
				if slices.ContainsFunc(e.Edits, func(fe FieldEdit) bool { return fe.Field == f }) {
					c.By, c.ByID, c.At = e.By, e.ByID, e.At
				}
			}
			clashes = append(clashes, c)
		}
	}
	return merged, clashes
}
