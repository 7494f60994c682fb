package audit

import (
	"encoding/json"
	"reflect"
	"slices"
	"sort"
)

// Change is one act on one object.
type Change struct {
	Action string // "team.person.updated": capability, noun, past tense; also a message key under audit.action
	Kind   string // kind of object: "person"
	ID     string // its id
	Name   string // its name at that time, for the reader
	About  string // user id of the person concerned; empty when nobody is
	Before any    // struct or map as it was; nil when it was made
	After  any    // struct or map as it is; nil when it is gone
	Secret []string
}

// Edit is one field of a Change.
type Edit struct {
	Field string `json:"field"`
	From  any    `json:"from,omitempty"`
	To    any    `json:"to,omitempty"`
}

// Edits compares Before and After field by field, by their JSON names, sorted.
func (c Change) Edits() []Edit {
	before, after := fields(c.Before), fields(c.After)
	names := map[string]bool{}
	for k := range before {
		names[k] = true
	}
	for k := range after {
		names[k] = true
	}
	out := []Edit{}
	for k := range names {
		if reflect.DeepEqual(before[k], after[k]) {
			continue
		}
		e := Edit{Field: k, From: before[k], To: after[k]}
		if slices.Contains(c.Secret, k) {
			e.From, e.To = nil, nil
		}
		out = append(out, e)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Field < out[j].Field })
	return out
}

// maxChanges keeps what is stored of one act below the limit of its column.
const maxChanges = 150_000

// marshal writes edits, the long ones in short where all together would not fit:
// a text of a megabyte must not keep the act itself from being done.
func marshal(edits []Edit) ([]byte, error) {
	b, err := json.Marshal(edits)
	for n := 1000; err == nil && len(b) > maxChanges && n > 0; n /= 2 {
		short := make([]Edit, len(edits))
		for i, e := range edits {
			short[i] = Edit{Field: e.Field, From: shorten(e.From, n), To: shorten(e.To, n)}
		}
		b, err = json.Marshal(short)
	}
	return b, err
}

// shorten leaves what fits into n characters as it is; of the rest it gives the
// beginning as text.
func shorten(v any, n int) any {
	text, ok := v.(string)
	if !ok {
		b, err := json.Marshal(v)
		if err != nil || len(b) <= n {
			return v
		}
		text = string(b)
	}
	if r := []rune(text); len(r) > n {
		return string(r[:n]) + "…"
	}
	return v
}

func fields(v any) map[string]any {
	if v == nil {
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return map[string]any{"value": err.Error()}
	}
	var m map[string]any
	if json.Unmarshal(b, &m) != nil {
		var x any
		_ = json.Unmarshal(b, &x) // it was just marshalled
		return map[string]any{"value": x}
	}
	return m
}
