package team

import (
	"slices"

	"unisson/internal/platform/errs"
)

// Kind says which voice a department speaks with.
type Kind string

// The kinds of department.
const (
	Sales      Kind = "sales"
	Marketing  Kind = "marketing"
	Product    Kind = "product"
	Management Kind = "management"
	Other      Kind = "support" // everybody else: logistics, quality, computing, law
)

// Kinds lists them, in the order a menu shows them.
func Kinds() []Kind { return []Kind{Marketing, Sales, Product, Management, Other} }

// Orientation splits marketing: what is done with sales this quarter, what is
// decided for the years ahead.
type Orientation string

// The orientations.
const (
	Tactical  Orientation = "tactical"
	Strategic Orientation = "strategic"
)

// Department is one department, or a group within one.
type Department struct {
	ID          string
	Name        string
	Kind        Kind
	Orientation Orientation
	ParentID    string
	UnitID      string
	HeadID      string
	Head        string
	Hours       Week
	People      int
	Changed     Changed
}

// Validate says what is wrong with the department's entries, given all the
// departments that stand.
func (d Department) Validate(all []Department) error {
	var wrong errs.Fields
	name(&wrong, "name", d.Name, 120)
	if !slices.Contains(Kinds(), d.Kind) {
		wrong.Add("kind", "team.errors.choose")
	}
	switch {
	case d.Orientation == "":
	case d.Kind != Marketing:
		wrong.Add("orientation", "team.errors.orientation")
	case d.Orientation != Tactical && d.Orientation != Strategic:
		wrong.Add("orientation", "team.errors.choose")
	}
	switch {
	case d.ParentID == "":
	case !slices.ContainsFunc(all, func(p Department) bool { return p.ID == d.ParentID }):
		wrong.Add("parent", "team.errors.choose")
	case d.ID != "" && slices.Contains(Under(all, d.ID), d.ParentID):
		wrong.Add("parent", "team.errors.loop")
	}
	hours(&wrong, d.Hours, false)
	return wrong.Err()
}

// Under gives the ids of a department and of all below it, so that figures roll
// up by department without a change of data.
func Under(all []Department, id string) []string {
	out := []string{id}
	for i := 0; i < len(out); i++ {
		for _, d := range all {
			if d.ParentID == out[i] && !slices.Contains(out, d.ID) {
				out = append(out, d.ID)
			}
		}
	}
	return out
}

// peopleUnder counts who stands in a department or in one below it.
func peopleUnder(all []Department, id string) int {
	ids, n := Under(all, id), 0
	for _, d := range all {
		if slices.Contains(ids, d.ID) {
			n += d.People
		}
	}
	return n
}

// InUnit gives the ids of the departments that belong to a unit, themselves or
// through the department above them.
func InUnit(all []Department, unitID string) []string {
	var out []string
	for _, d := range all {
		if d.UnitID != unitID {
			continue
		}
		for _, id := range Under(all, d.ID) {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// Branch is a department with its depth in the tree.
type Branch struct {
	Department
	Depth int
}

// Tree orders departments as a tree is read: each under its parent, siblings in
// the order given. One whose parent is not there stands at the top.
func Tree(all []Department) []Branch {
	ids := make(map[string]bool, len(all))
	for _, d := range all {
		ids[d.ID] = true
	}
	var out []Branch
	seen := map[string]bool{}
	var walk func(d Department, depth int)
	walk = func(d Department, depth int) {
		if seen[d.ID] {
			return
		}
		seen[d.ID] = true
		out = append(out, Branch{d, depth})
		for _, child := range all {
			if child.ParentID == d.ID {
				walk(child, depth+1)
			}
		}
	}
	for _, d := range all {
		if d.ParentID == "" || !ids[d.ParentID] {
			walk(d, 0)
		}
	}
	for _, d := range all {
		walk(d, 0) // a loop in the data must not hide anybody
	}
	return out
}
