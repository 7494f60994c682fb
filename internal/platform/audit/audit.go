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
