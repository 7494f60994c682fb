package team

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// directoryForm is the address of the directory: every filter has its place in it.
type directoryForm struct {
	Q          string `form:"q"`
	Product    string `form:"product"`
	Segment    string `form:"segment"`
	Region     string `form:"region"`
	Department string `form:"department"`
	Unit       string `form:"unit"`
	Role       string `form:"role"`
	Kind       string `form:"kind"`
	Situation  string `form:"situation"`
	Language   string `form:"language"`
	Skill      string `form:"skill"`
	City       string `form:"city"`
	Away       string `form:"away"`
	Status     string `form:"status"`
	After      string `form:"after"`  // cursor: sort key and id of the last person seen
	Before     string `form:"before"` // the same, backwards
	From       int    `form:"from"`   // number of the first person on the page
}

// values are the filters as an address carries them, without the place in the list.
func (f directoryForm) values() url.Values {
	q := url.Values{}
	for _, p := range f.pairs() {
		if p[1] != "" {
			q.Set(p[0], p[1])
		}
	}
	return q
}

func (f directoryForm) pairs() [][2]string {
	return [][2]string{{"q", f.Q}, {"product", f.Product}, {"segment", f.Segment}, {"region", f.Region}, {"department", f.Department}, {"unit", f.Unit},
		{"role", f.Role}, {"kind", f.Kind}, {"situation", f.Situation}, {"language", f.Language}, {"skill", f.Skill}, {"city", f.City},
		{"away", f.Away}, {"status", f.Status}}
}

// without is the address of the list with one filter taken away.
func (f directoryForm) without(name string) string {
	q := f.values()
	q.Del(name)
	return listAddress(q)
}

func listAddress(q url.Values) string {
	if len(q) == 0 {
		return "/people"
	}
	return "/people?" + q.Encode()
}

// page is the address of another page of the same list.
func (f directoryForm) page(c *Cursor, from int) string {
	if c == nil {
		return ""
	}
	q := f.values()
	if c.Before {
		q.Set("before", c.SortKey+"."+c.ID)
	} else {
		q.Set("after", c.SortKey+"."+c.ID)
	}
	if from > 1 {
		q.Set("from", strconv.Itoa(from))
	}
	return listAddress(q)
}

// cursor reads the place in the list; a garbled one is the beginning.
func (f directoryForm) cursor() Cursor {
	for _, c := range []struct {
		text   string
		before bool
	}{{f.After, false}, {f.Before, true}} {
		if key, id, ok := strings.Cut(c.text, "."); ok && id != "" {
			return Cursor{SortKey: key, ID: id, Before: c.before}
		}
	}
	return Cursor{}
}

// filter is what the address asks for; the rule of its situation comes with it.
func (f directoryForm) filter(rule *Rule) Filter {
	return Filter{Text: f.Q, Role: auth.Role(f.Role), Kind: Kind(f.Kind), DepartmentID: f.Department, UnitID: f.Unit, RegionID: f.Region,
		CityKey: db.Fold(f.City), Product: f.Product, Segment: f.Segment, Skill: f.Skill, Language: f.Language, Away: f.Away != "",
		Status: Status(f.Status), Rule: rule}
}

// directoryView is one page of the directory.
type directoryView struct {
	form       directoryForm
	list       Directory
	structure  Structure
	choices    Choices
	situations []Situation
	me         Person
	canManage  bool
}

func (p *Pages) directory(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := directoryView{canManage: auth.From(ctx).Can(MayManagePeople)}
	if err := web.Decode(r, &v.form); err != nil {
		return err
	}
	var rule *Rule
	if v.form.Situation != "" {
		s, err := p.Service.Situation(ctx, v.form.Situation)
		if err != nil {
			return err
		}
		rule = &s.Rule
	}
	var err error
	if v.list, err = p.Service.FindPeople(ctx, v.form.filter(rule), v.form.cursor()); err != nil {
		return err
	}
	if web.IsHTMX(r) {
		return web.Render(w, r, http.StatusOK, directoryList(v))
	}
	if v.structure, err = p.Service.Outline(ctx); err != nil {
		return err
	}
	if v.choices, err = p.Service.Choices(ctx); err != nil {
		return err
	}
	if v.situations, err = p.Service.SituationsOffered(ctx); err != nil {
		return err
	}
	if v.me, err = p.Service.Self(ctx); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, directoryPage(v))
}

// pill is a filter that is on.
type pill struct{ name, value, remove string }

// pills are the filters that are on, in words.
func (v directoryView) pills(ctx context.Context) []pill {
	f, st := v.form, v.structure
	situation := ""
	if i := slices.IndexFunc(v.situations, func(s Situation) bool { return s.ID == f.Situation || (s.Code != "" && s.Code == f.Situation) }); i >= 0 {
		situation = v.situations[i].Name(i18n.Lang(ctx))
	}
	role, language := "", ""
	if slices.Contains(Roles(), auth.Role(f.Role)) {
		role = i18n.T(ctx, "team.role."+f.Role)
	}
	if f.Language != "" {
		language = i18n.LanguageName(ctx, f.Language)
	}
	var out []pill
	for _, p := range []struct{ name, key, value string }{
		{"situation", "team.directory.situation", situation}, {"product", "team.label.product", f.Product}, {"segment", "team.label.segment", f.Segment},
		{"region", "team.field.region", st.Region(f.Region).Name}, {"department", "team.field.department", st.Department(f.Department).Name},
		{"unit", "team.field.unit", st.Unit(f.Unit).Name}, {"role", "team.field.role", role},
		{"language", "team.label.language", language}, {"skill", "team.label.skill", f.Skill},
	} {
		if f.values().Get(p.name) != "" {
			out = append(out, pill{name: i18n.T(ctx, p.key), value: or(p.value, i18n.T(ctx, "team.directory.unknown")), remove: f.without(p.name)})
		}
	}
	return out
}

// tabs are the views that everybody comes back to.
func (v directoryView) tabs(ctx context.Context) []ui.Tab {
	tab := func(key, name, value string) ui.Tab {
		q := url.Values{}
		if name != "" {
			q.Set(name, value)
		}
		return ui.Tab{Label: i18n.T(ctx, key), Href: listAddress(q), Current: v.current(name, value)}
	}
	out := []ui.Tab{tab("team.directory.everybody", "", ""), tab("team.kind.marketing", "kind", string(Marketing)),
		tab("team.kind.sales", "kind", string(Sales)), tab("team.kind.product", "kind", string(Product))}
	if v.me.City != "" {
		near := tab("team.directory.near", "city", v.me.City)
		near.Label = i18n.T(ctx, "team.directory.near_city", "city", v.me.City)
		out = append(out, near)
	}
	out = append(out, tab("team.directory.away", "away", "1"))
	if v.canManage {
		out = append(out, tab("team.directory.invited", "status", string(Invited)), tab("team.directory.left", "status", string(Disabled)))
	}
	return out
}

// current tells whether a tab is the view one is on, other filters aside.
func (v directoryView) current(name, value string) bool {
	q := v.form.values()
	for _, n := range []string{"kind", "city", "away", "status"} {
		if n != name && q.Get(n) != "" {
			return false
		}
	}
	return name == "" || q.Get(name) == value
}

// keep are the filters that the search box sends along, and the menu of filters
// those that it does not show.
func (f directoryForm) keep(except ...string) []ui.Hidden {
	var out []ui.Hidden
	for _, p := range f.pairs() {
		if p[1] != "" && !slices.Contains(except, p[0]) {
			out = append(out, ui.Hidden{Name: p[0], Value: p[1]})
		}
	}
	return out
}

// pager says where one is in the list.
func (v directoryView) pager() ui.PagerProps {
	from := max(v.form.From, 1)
	to := from + len(v.list.People) - 1
	total := v.list.Count
	if v.list.More() {
		total = countLimit
	}
	return ui.PagerProps{From: from, To: to, Total: total, More: v.list.More(),
		Next: v.form.page(v.list.Next, to+1), Previous: v.form.page(v.list.Previous, from-PageSize)}
}

// summary is the sentence under the title.
func (v directoryView) summary(ctx context.Context) string {
	if v.list.More() {
		return i18n.T(ctx, "team.directory.over", "count", countLimit)
	}
	if v.list.Count == 0 { // the empty list says so itself
		return i18n.T(ctx, "team.directory.none")
	}
	return i18n.N(ctx, "team.directory.count", v.list.Count)
}
