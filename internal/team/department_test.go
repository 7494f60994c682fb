package team

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/errs"
)

// company is marketing with its two groups, and sales in a unit of its own.
func company() []Department {
	return []Department{
		{ID: "mkt", Name: "Marketing", Kind: Marketing},
		{ID: "sales", Name: "Ventes", Kind: Sales, UnitID: "fluids"},
		{ID: "strat", Name: "Marketing stratégique", Kind: Marketing, Orientation: Strategic, ParentID: "mkt"},
		{ID: "tact", Name: "Marketing tactique", Kind: Marketing, Orientation: Tactical, ParentID: "mkt", UnitID: "fluids"},
		{ID: "west", Name: "Ventes Ouest", Kind: Sales, ParentID: "sales"},
	}
}

func TestFiguresRollUpByDepartmentAndByUnit(t *testing.T) {
	if got := Under(company(), "mkt"); cmp.Diff([]string{"mkt", "strat", "tact"}, got) != "" {
		t.Errorf("under marketing: %v", got)
	}
	if got := InUnit(company(), "fluids"); cmp.Diff([]string{"sales", "west", "tact"}, got) != "" {
		t.Errorf("in the unit: %v", got)
	}
}

func TestPeopleAreCountedWithThoseOfTheDepartmentsBelow(t *testing.T) {
	all := []Department{{ID: "mkt", People: 2}, {ID: "tact", ParentID: "mkt", People: 3}, {ID: "fairs", ParentID: "tact", People: 4}, {ID: "sales", People: 5},
		{ID: "a", ParentID: "b", People: 1}, {ID: "b", ParentID: "a", People: 1}}
	for id, want := range map[string]int{"mkt": 9, "tact": 7, "fairs": 4, "sales": 5, "a": 2, "none": 0} {
		if got := peopleUnder(all, id); got != want {
			t.Errorf("%s: %d, want %d", id, got, want)
		}
	}
}

func TestTreeShowsEveryDepartmentOnceEvenInALoop(t *testing.T) {
	loop := append(company(), Department{ID: "a", ParentID: "b"}, Department{ID: "b", ParentID: "a"}, Department{ID: "lost", ParentID: "gone"})
	seen := map[string]int{}
	depth := map[string]int{}
	for _, b := range Tree(loop) {
		seen[b.ID]++
		depth[b.ID] = b.Depth
	}
	for _, d := range loop {
		if seen[d.ID] != 1 {
			t.Errorf("%s stands %d times", d.ID, seen[d.ID])
		}
	}
	if depth["strat"] != 1 || depth["mkt"] != 0 || depth["lost"] != 0 {
		t.Errorf("depths: %v", depth)
	}
}

func TestValidateDepartment(t *testing.T) {
	for _, c := range []struct {
		name  string
		d     Department
		field string
	}{
		{"a group of marketing", Department{Name: "Groupe", Kind: Marketing, Orientation: Tactical, ParentID: "mkt"}, ""},
		{"no name", Department{Kind: Sales}, "name"},
		{"no kind", Department{Name: "X"}, "kind"},
		{"orientation outside marketing", Department{Name: "X", Kind: Sales, Orientation: Tactical}, "orientation"},
		{"unknown orientation", Department{Name: "X", Kind: Marketing, Orientation: "sideways"}, "orientation"},
		{"unknown parent", Department{Name: "X", Kind: Sales, ParentID: "gone"}, "parent"},
		{"under itself", Department{ID: "mkt", Name: "X", Kind: Marketing, ParentID: "tact"}, "parent"},
		{"overlapping hours", Department{Name: "X", Kind: Sales, Hours: Week{1: {{From: 1, To: 9}, {From: 5, To: 12}}}}, "hours"},
	} {
		fields := errs.FieldsOf(c.d.Validate(company()))
		if c.field == "" && len(fields) > 0 || c.field != "" && (len(fields) != 1 || fields[0].Name != c.field) {
			t.Errorf("%s: %v", c.name, fields)
		}
	}
}
