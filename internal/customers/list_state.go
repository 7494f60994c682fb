package customers

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/ui"
)

// ownersColumn is the column of a list that shows both owners in one chip. It is
// no field: it shows two.
const ownersColumn = "owners"

// maxColumns bounds what one list shows beside the name.
const maxColumns = 16

// listForm is the address of a list, as a browser sends it. What is absent is
// taken from the view.
type listForm struct {
	View    string   `form:"view"`
	Filter  string   `form:"filter"`
	Sort    string   `form:"sort"`
	Columns string   `form:"columns"` // names with commas
	Column  []string `form:"column"`  // the same, as the menu of columns sends it
	Rows    string   `form:"rows"`    // dense
	At      string   `form:"at"`      // cursor
	From    int      `form:"from"`    // number of the first row on the page
}

// listState is what a list shows, whole: the address of each link on its page
// is made from it.
type listState struct {
	kind    Kind
	view    View // zero: everything
	filter  Filter
	sort    Sort
	columns []string // beside the name
	dense   bool
	at      Cursor
	from    int
}

// base is the address of the lists of a kind.
func (k Kind) base() string {
	if k == KindAccount {
		return "/accounts"
	}
	return "/contacts"
}

// kindOf tells which lists an address is of.
func kindOf(path string) Kind {
	if path == "/accounts" || strings.HasPrefix(path, "/accounts/") {
		return KindAccount
	}
	return KindContact
}

// stateOf reads an address over a view. A filter, an order or a place that
// cannot be read is errs.Malformed; a column that is no more is left out.
func stateOf(sch, accounts *Schema, v View, form listForm, sent url.Values) (listState, error) {
	s := listState{kind: sch.Kind, view: v, filter: v.Filter, sort: v.Sort, columns: v.Columns, dense: form.Rows == "dense", from: max(form.From, 1)}
	var err error
	if sent.Has("filter") {
		if s.filter, err = ParseFilter(form.Filter); err != nil {
			return s, err
		}
	}
	if err := sch.CheckFilter(s.filter, accounts); err != nil {
		return s, err
	}
	if sent.Has("sort") {
		if s.sort, err = ParseSort(sch, form.Sort); err != nil {
			return s, err
		}
	}
	switch {
	case sent.Has("column"):
		s.columns = form.Column
	case sent.Has("columns"):
		s.columns = strings.Split(form.Columns, ",")
	}
	s.columns = knownColumns(sch, s.columns)
	s.at, err = ParseCursor(form.At)
	if s.at == (Cursor{}) {
		s.from = 1
	}
	return s, err
}

// knownColumns keeps of some names those that a list can show, each once; the
// kind's usual ones where none is left.
func knownColumns(sch *Schema, names []string) []string {
	var out []string
	for _, n := range names {
		if listable(sch, n) && !slices.Contains(out, n) && len(out) < maxColumns {
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		return slices.Clone(usualColumns(sch.Kind))
	}
	return out
}

// listable tells whether a column beside the name may show it.
func listable(sch *Schema, name string) bool {
	if name == ownersColumn {
		return true
	}
	f, ok := sch.Field(name)
	return ok && f.List && !partOfName(sch.Kind, name)
}

// partOfName tells whether the first column says it already.
func partOfName(k Kind, name string) bool {
	if k == KindAccount {
		return name == "name"
	}
	return name == "given" || name == "family"
}

// usualColumns are those of a list that nobody has changed.
func usualColumns(k Kind) []string {
	if k == KindAccount {
		return []string{"relations", "sector", "city", ownersColumn, "tier", "last_touch", "tags"}
	}
	return []string{"account", "title", ownersColumn, "last_touch", "refuses", "tags"}
}

// nameField is the field by which the first column is sorted.
func nameField(k Kind) string {
	if k == KindAccount {
		return "name"
	}
	return "family"
}

// values are the address of the state; what the view says itself is left out.
func (s listState) values() url.Values {
	q := url.Values{}
	if s.view.ID != "" {
		q.Set("view", s.view.ID)
	}
	if f := s.filter.String(); f != s.view.Filter.String() {
		q.Set("filter", f)
	}
	if s.sort != s.view.Sort {
		q.Set("sort", s.sort.String())
	}
	usual := s.view.Columns
	if len(usual) == 0 {
		usual = usualColumns(s.kind)
	}
	if !slices.Equal(s.columns, usual) {
		q.Set("columns", strings.Join(s.columns, ","))
	}
	if s.dense {
		q.Set("rows", "dense")
	}
	return q
}

// plain is the state itself, whatever the view says: for forms that send all of it on.
func (s listState) plain() url.Values {
	q := s.values()
	q.Set("filter", s.filter.String())
	q.Set("sort", s.sort.String())
	q.Set("columns", strings.Join(s.columns, ","))
	return q
}

// href is the address of the first page.
func (s listState) href() string { return s.to("") }

// to is the address of another page about the same state: "/filter", "/export".
func (s listState) to(more string, pairs ...string) string {
	q := s.values()
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	if len(q) == 0 {
		return s.kind.base() + more
	}
	return s.kind.base() + more + "?" + q.Encode()
}

// page is the address of another page of the same list.
func (s listState) page(c *Cursor, from int) string {
	if c == nil {
		return ""
	}
	if from <= 1 {
		return s.to("", "at", c.String())
	}
	return s.to("", "at", c.String(), "from", strconv.Itoa(from))
}

// filtered is the state with another filter.
func (s listState) filtered(f Filter) listState {
	s.filter = f
	return s
}

// sorted is the state in another order.
func (s listState) sorted(by Sort) listState {
	s.sort = by
	return s
}

// hidden are the fields that a form sends along, except some.
func (s listState) hidden(except ...string) []ui.Hidden { return hiddenOf(s.values(), except...) }

func hiddenOf(q url.Values, except ...string) []ui.Hidden {
	var out []ui.Hidden
	for name := range q {
		if !slices.Contains(except, name) {
			out = append(out, ui.Hidden{Name: name, Value: q.Get(name)})
		}
	}
	slices.SortFunc(out, func(a, b ui.Hidden) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// node finds a group of a filter by the places that lead to it: "" is the whole,
// "1" its second group, "1.0" the first group in that. A last "new" is a group
// that is not yet there.
func (f *Filter) node(path string) (*Filter, error) {
	at := f
	if path == "" {
		return at, nil
	}
	for part := range strings.SplitSeq(path, ".") {
		if part == "new" {
			at.Groups = append(at.Groups, Filter{Any: !at.Any})
			at = &at.Groups[len(at.Groups)-1]
			continue
		}
		i, err := strconv.Atoi(part)
		if err != nil || i < 0 || i >= len(at.Groups) {
			return nil, errs.Malformed("group", "customers.errors.filter")
		}
		at = &at.Groups[i]
	}
	return at, nil
}

// clone copies a filter whole.
func (f Filter) clone() Filter {
	out := Filter{Any: f.Any}
	for _, c := range f.Conditions {
		c.Values = slices.Clone(c.Values)
		out.Conditions = append(out.Conditions, c)
	}
	for _, g := range f.Groups {
		out.Groups = append(out.Groups, g.clone())
	}
	return out
}

// tidy takes groups away in which nothing is left. Of a filter with nothing to
// join, "any" and "all" mean the same.
func (f Filter) tidy() Filter {
	out := Filter{Any: f.Any, Conditions: f.Conditions}
	for _, g := range f.Groups {
		if g = g.tidy(); !g.IsZero() {
			out.Groups = append(out.Groups, g)
		}
	}
	if len(out.Conditions) == 0 && len(out.Groups) == 1 {
		return out.Groups[0]
	}
	if len(out.Conditions)+len(out.Groups) <= 1 {
		out.Any = false
	}
	return out
}

// with puts a condition into a group: in the place of another, or at the end.
func (f Filter) with(group string, place int, c Condition) (Filter, error) {
	out := f.clone()
	at, err := out.node(group)
	if err != nil {
		return f, err
	}
	if place >= 0 && place < len(at.Conditions) {
		at.Conditions[place] = c
	} else {
		at.Conditions = append(at.Conditions, c)
	}
	return out, nil
}

// without takes a condition of a group away, or the whole group.
func (f Filter) without(group string, place int) Filter {
	out := f.clone()
	at, err := out.node(group)
	if err != nil {
		return f
	}
	if place >= 0 && place < len(at.Conditions) {
		at.Conditions = slices.Delete(at.Conditions, place, place+1)
	} else if place < 0 {
		*at = Filter{}
	}
	return out.tidy()
}

// turned joins the parts of a group the other way: by "and" where it was "or".
func (f Filter) turned(group string) Filter {
	out := f.clone()
	if at, err := out.node(group); err == nil {
		at.Any = !at.Any
	}
	return out
}
