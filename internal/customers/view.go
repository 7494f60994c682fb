package customers

import (
	"slices"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/team"
)

// Audience says who sees a view.
type Audience string

// The audiences.
const (
	ForMe       Audience = "mine"
	ForTeam     Audience = "team" // the department of its owner
	ForEveryone Audience = "everybody"
)

// Audiences lists them.
func Audiences() []Audience { return []Audience{ForMe, ForTeam, ForEveryone} }

// View is a list that somebody keeps under a name. The program brings some of
// its own: their id is a word and their name a message.
type View struct {
	ID         string
	Kind       Kind
	Name       string
	Owner      string
	Audience   Audience
	Department string // of the audience "team"
	Roles      []auth.Role
	Filter     Filter
	Columns    []string // empty: the usual ones
	Sort       Sort
	Pinned     bool
	RemovedAt  db.Time
	Version    int64

	Program bool // comes with the program
	CanEdit bool // by who reads it
	broken  bool // its filter asks for something that is no more
}

// Key is the message key of a view of the program.
func (v View) Key() string { return "customers.list.view." + string(v.Kind) + "." + v.ID }

// Href is the address of the list.
func (v View) Href() string {
	if v.ID == "" || v.ID == allView {
		return v.Kind.base()
	}
	return v.Kind.base() + "?view=" + v.ID
}

// allView is the view of everything: a list's own address.
const allView = "all"

// programViews are the views that come with the program, as one of these roles
// reads them: "mine" is what he owns on his side.
func programViews(k Kind, a auth.Actor) []View {
	side := "sales"
	if a.Has(team.Marketer) || a.Has(team.HeadOfMarketing) {
		side = "marketing"
	}
	mine := Condition{Field: side, Op: Is, Values: []string{"me"}}
	quiet := Condition{Field: "last_touch", Op: Before, Values: []string{"-90d"}}
	longest := Sort{Field: "last_touch"}
	newest := Sort{Field: "created", Down: true}
	view := func(id string, by Sort, all ...Condition) View {
		return View{ID: id, Kind: k, Filter: Filter{Conditions: all}, Sort: by, Audience: ForEveryone, Program: true}
	}
	if k == KindAccount {
		return []View{
			view("mine", Sort{}, mine),
			view("quiet", longest, mine, quiet),
			view("customers", Sort{}, Condition{Field: "relations", Op: Is, Values: []string{"customer"}}),
			view("suppliers", Sort{}, Condition{Field: "relations", Op: Is, Values: []string{"supplier", "manufacturer"}}),
			view("unowned", Sort{}, Condition{Field: "sales", Op: Empty}, Condition{Field: "marketing", Op: Empty}),
			view(allView, Sort{}),
		}
	}
	return []View{
		view("mine", Sort{}, mine),
		view("quiet", longest, mine, quiet),
		view("new", newest, Condition{Field: "created", Op: Since, Values: []string{"-30d"}}),
		view("writable", Sort{}, Condition{Field: "emails", Op: Filled}, Condition{Field: "refuses", Op: Not, Values: []string{"email"}}),
		view(allView, Sort{}),
	}
}

// programView finds a view of the program.
func programView(k Kind, a auth.Actor, id string) (View, bool) {
	all := programViews(k, a)
	i := slices.IndexFunc(all, func(v View) bool { return v.ID == id })
	if i < 0 {
		return View{}, false
	}
	return all[i], true
}

// firstView is the list that opens when somebody goes to the customers, where
// nobody chose another for his role.
func firstView(a auth.Actor) View {
	kind, id := KindAccount, allView
	switch {
	case a.Has(team.Salesperson):
		id = "mine"
	case a.Has(team.Marketer):
		kind, id = KindContact, "mine"
	case a.Has(team.HeadOfMarketing):
		kind = KindContact
	}
	v, _ := programView(kind, a, id)
	return v
}

// The bounds of a view.
const (
	maxViewName   = 80
	maxViewFilter = 8000
	maxViews      = 200 // of one person
)

// Check tells what is wrong with a view.
func (v View) check(sch, accounts *Schema) error {
	var wrong errs.Fields
	name := line(v.Name)
	switch {
	case name == "":
		wrong.Add("name", "errors.required")
	case len([]rune(name)) > maxViewName:
		wrong.Add("name", "errors.too_long", "max", maxViewName)
	}
	if !slices.Contains(Audiences(), v.Audience) {
		wrong.Add("audience", "customers.errors.choose")
	}
	if len(v.Filter.String()) > maxViewFilter {
		wrong.Add("name", "customers.list.save.too_long")
	}
	for _, r := range v.Roles {
		if !slices.Contains(team.Roles(), r) {
			wrong.Add("roles", "customers.errors.choose")
			break
		}
	}
	if err := sch.CheckFilter(v.Filter, accounts); err != nil {
		return err
	}
	return wrong.Err()
}

// rolesText and rolesOf write and read the roles of a view.
func rolesText(roles []auth.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

func rolesOf(text string) []auth.Role {
	var out []auth.Role
	for _, w := range strings.Fields(text) {
		out = append(out, auth.Role(w))
	}
	return out
}
