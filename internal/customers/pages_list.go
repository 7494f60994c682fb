package customers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// listRoutes are the lists, and what is done from them.
func (p *Pages) listRoutes() []web.Route {
	out := []web.Route{
		{Pattern: "GET /customers", Perm: MayRead, Handle: p.customers},
		{Pattern: "GET /views/{id}", Perm: MayRead, Handle: p.openView},
		{Pattern: "GET /views/{id}/edit", Perm: MayRead, Handle: p.editView},
		{Pattern: "POST /views/{id}", Perm: MayRead, Handle: p.saveView},
		{Pattern: "POST /views/{id}/delete", Perm: MayRead, Handle: p.removeView},
		{Pattern: "POST /views/{id}/restore", Perm: MayRead, Handle: p.restoreView},
		{Pattern: "POST /bulk/{id}/undo", Perm: MayEdit, Handle: p.undoBulk},
	}
	for _, base := range []string{"/contacts", "/accounts"} {
		out = append(out,
			web.Route{Pattern: "GET " + base, Perm: MayRead, Handle: p.list},
			web.Route{Pattern: "GET " + base + "/filter", Perm: MayRead, Handle: p.buildFilter},
			web.Route{Pattern: "GET " + base + "/filter/apply", Perm: MayRead, Handle: p.applyFilter},
			web.Route{Pattern: "GET " + base + "/views/new", Perm: MayRead, Handle: p.newView},
			web.Route{Pattern: "POST " + base + "/views", Perm: MayRead, Handle: p.createView},
			web.Route{Pattern: "POST " + base + "/bulk", Perm: MayEdit, Handle: p.bulk},
			web.Route{Pattern: "POST " + base + "/export", Perm: MayExport, Handle: p.export},
			web.Route{Pattern: "GET " + base + "/{id}/row", Perm: MayEdit, Handle: p.editRow},
			web.Route{Pattern: "POST " + base + "/{id}/row", Perm: MayEdit, Handle: p.saveRow},
			web.Route{Pattern: "GET " + base + "/{id}/preview", Perm: MayRead, Handle: p.preview},
		)
	}
	return out
}

// customers opens the list with which the reader begins.
func (p *Pages) customers(w http.ResponseWriter, r *http.Request) error {
	v, err := p.Service.FirstView(r.Context())
	if err != nil {
		return err
	}
	return web.Redirect(w, r, v.Href())
}

// listView is one page of a list.
type listView struct {
	listState
	sch, accounts *Schema
	views         []View
	list          Listing
	names         Names // of the ids inside the filter
	now           time.Time
	canEdit       bool
	canExport     bool
	imports       string
}

// state reads the address of a list.
func (p *Pages) state(r *http.Request, k Kind, form listForm, sent url.Values) (s listState, sch, accounts *Schema, err error) {
	ctx := r.Context()
	if sch, err = p.Service.Schema(ctx, k); err != nil {
		return s, nil, nil, err
	}
	if accounts = sch; k != KindAccount {
		if accounts, err = p.Service.Schema(ctx, KindAccount); err != nil {
			return s, nil, nil, err
		}
	}
	view := View{Kind: k}
	if form.View != "" && form.View != allView {
		if view, err = p.Service.View(ctx, k, form.View); err != nil {
			return s, nil, nil, err
		}
	}
	s, err = stateOf(sch, accounts, view, form, sent)
	return s, sch, accounts, err
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var form listForm
	if err := web.Decode(r, &form); err != nil {
		return err
	}
	var v listView
	var err error
	if v.listState, v.sch, v.accounts, err = p.state(r, kindOf(r.URL.Path), form, r.URL.Query()); err != nil {
		return err
	}
	if v.list, err = p.Service.Listing(ctx, Query{Kind: v.kind, Filter: v.filter, Sort: v.sort, At: v.at}, v.columns); err != nil {
		return err
	}
	if v.views, err = p.Service.Views(ctx, v.kind); err != nil {
		return err
	}
	choices, err := p.Service.FilterChoices(ctx, v.sch, v.accounts, v.filter, Field{})
	if err != nil {
		return err
	}
	a := auth.From(ctx)
	v.names, v.now = choices.Names, p.Clock.Now().In(i18n.Zone(ctx))
	v.canEdit, v.canExport = a.Can(MayEdit), a.Can(MayExport)
	if a.Can(MayImport) {
		v.imports = p.Imports
	}
	return web.Render(w, r, http.StatusOK, listPage(v))
}

// title is what the lists are called.
func (v listView) title(ctx context.Context) string {
	if name := v.viewName(ctx, v.view); v.view.ID != "" {
		return name
	}
	return i18n.T(ctx, "customers.list.title."+string(v.kind))
}

// viewName is what a view is called by the reader.
func (v listView) viewName(ctx context.Context, w View) string { return viewName(ctx, w) }

// i18n: customers.list.view.*
func viewName(ctx context.Context, v View) string {
	switch {
	case v.Program:
		return i18n.T(ctx, v.Key())
	case v.ID == "":
		return i18n.T(ctx, "customers.list.view."+string(v.Kind)+"."+allView)
	}
	return v.Name
}

// summary is the sentence under the title.
//
// i18n: customers.list.count.*
func (v listView) summary(ctx context.Context) string {
	key := "customers.list.count." + string(v.kind)
	n := v.list.Count
	switch {
	case v.list.More():
		return i18n.T(ctx, key+".more", "count", countLimit)
	case v.list.AtLeast:
		return i18n.N(ctx, key+".least", n)
	case n == 0:
		return i18n.T(ctx, key+".none")
	}
	return i18n.N(ctx, key+".some", n)
}

// maxTabs is how many views stand as tabs; the others are in a menu behind.
const maxTabs = 6

// tabs are the first of the reader's views; the one he is on is among them.
func (v listView) tabs(ctx context.Context) []ui.Tab {
	var out []ui.Tab
	for _, w := range v.tabViews() {
		out = append(out, ui.Tab{Label: viewName(ctx, w), Href: w.Href(), Current: v.on(w)})
	}
	return append(out, ui.Tab{Label: i18n.T(ctx, "customers.list.save.tab"), Href: v.to("/views/new"), Icon: "plus", Faint: true})
}

func (v listView) on(w View) bool {
	return w.ID == v.view.ID || (w.ID == allView && v.view.ID == "")
}

// tabViews are the views that stand as tabs: the reader's own before others'.
func (v listView) tabViews() []View {
	all := v.ordered()
	if len(all) <= maxTabs {
		return all
	}
	out := slices.Clone(all[:maxTabs])
	if i := slices.IndexFunc(all, v.on); i >= maxTabs {
		out[maxTabs-1] = all[i]
	}
	return out
}

// ordered lists the views: mine and the quiet ones of the program, those that
// are kept, the rest of the program's.
func (v listView) ordered() []View {
	var first, kept, rest []View
	for _, w := range v.views {
		switch {
		case !w.Program:
			kept = append(kept, w)
		case len(first) < 2:
			first = append(first, w)
		default:
			rest = append(rest, w)
		}
	}
	return slices.Concat(first, kept, rest)
}

// moreViews are the lines of the menu behind the tabs.
func (v listView) moreViews(ctx context.Context) []ui.MenuItem {
	shown := v.tabViews()
	var out []ui.MenuItem
	for _, w := range v.ordered() {
		if !slices.ContainsFunc(shown, func(x View) bool { return x.ID == w.ID }) {
			out = append(out, ui.MenuItem{Label: viewName(ctx, w), Href: w.Href(), Icon: "list"})
		}
	}
	return out
}

// heads are the columns of the table.
func (v listView) heads(ctx context.Context) []ui.Column {
	name := v.head(i18n.T(ctx, "customers.list.name"), nameField(v.kind))
	out := []ui.Column{name}
	for _, c := range v.columns {
		f, _ := v.sch.Field(c)
		label, by := "", c
		if c == ownersColumn {
			label, by = i18n.T(ctx, "customers.list.owners"), "sales"
			f, _ = v.sch.Field(by)
		} else {
			label = fieldLabel(ctx, f)
		}
		if c == "refuses" { // the cell says by which ways somebody may be reached
			label = i18n.T(ctx, "customers.list.reach.head")
		}
		col := ui.Column{Label: label}
		if f.Sort {
			col = v.head(label, by)
		}
		col.Number, col.Desktop = numeric(f), c != ownersColumn
		out = append(out, col)
	}
	return append(out, ui.Column{Label: i18n.T(ctx, "customers.list.preview"), Silent: true, Desktop: true})
}

// head is a column that sorts: first by the way that is asked most, then by the other.
func (v listView) head(label, field string) ui.Column {
	f, _ := v.sch.Field(field)
	now := v.sort
	if now.Field == "" {
		now.Field = nameField(v.kind)
	}
	by := Sort{Field: field, Down: f.Type == Instant}
	c := ui.Column{Label: label}
	if now.Field == field {
		by.Down = !now.Down
		c.Direction = "ascending"
		if now.Down {
			c.Direction = "descending"
		}
	}
	if by == (Sort{Field: nameField(v.kind)}) && v.view.Sort == (Sort{}) {
		by = Sort{}
	}
	c.Sort = v.sorted(by).href()
	return c
}

func numeric(f Field) bool { return f.Type == Whole || f.Type == Money || f.Type == Number }

// tableName says to screen readers what the table holds, and its order.
func (v listView) tableName(ctx context.Context) string {
	by := nameField(v.kind)
	if v.sort.Field != "" {
		by = v.sort.Field
	}
	label := i18n.T(ctx, "customers.list.name")
	if by != nameField(v.kind) {
		f, _ := v.sch.Field(by)
		label = fieldLabel(ctx, f)
	}
	return i18n.T(ctx, "customers.list.table."+string(v.kind), "column", label)
}

// pager says where one is.
func (v listView) pager() ui.PagerProps {
	n := len(v.list.Records)
	to := v.from + n - 1
	total := v.list.Count
	if v.list.More() {
		total = countLimit
	}
	if v.list.AtLeast || to > total && !v.list.More() {
		total = 0
	}
	return ui.PagerProps{From: v.from, To: to, Total: total, More: v.list.More(), Next: v.page(v.list.Next, to+1), Previous: v.page(v.list.Prev, v.from-PageSize)}
}

// rowHref is the page of a record.
func rowHref(rec *Record) string { return rec.Kind.base() + "/" + rec.ID }

// second is what a phone shows under the name.
func (v listView) second(ctx context.Context, rec *Record) string {
	if v.kind == KindContact {
		return dotted(v.list.Names[rec.Values["account"]], rec.Values["title"])
	}
	return dotted(rec.Values["sector"], rec.Values["city"])
}

// duo is the chip of both owners.
func duoOf(rec *Record, names Names) ui.DuoProps {
	seat := func(field string, voice ui.Voice) *ui.Person {
		if name := names[rec.Values[field]]; name != "" {
			return &ui.Person{Name: name, Voice: voice}
		}
		return nil
	}
	return ui.DuoProps{Marketing: seat("marketing", ui.Marketing), Sales: seat("sales", ui.Sales)}
}

// columnOptions are the lines of the menu of columns.
func (v listView) columnOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: ownersColumn, Label: i18n.T(ctx, "customers.list.owners"), On: slices.Contains(v.columns, ownersColumn)}}
	for _, f := range v.sch.Fields {
		if listable(v.sch, f.Name) {
			out = append(out, ui.Option{Value: f.Name, Label: fieldLabel(ctx, f), On: slices.Contains(v.columns, f.Name)})
		}
	}
	// Those that are shown lead, in their order.
	slices.SortStableFunc(out, func(a, b ui.Option) int { return place(v.columns, a.Value) - place(v.columns, b.Value) })
	return out
}

func place(list []string, s string) int {
	if i := slices.Index(list, s); i >= 0 {
		return i
	}
	return len(list)
}

// otherRows is the address of the same page with the other height of rows.
func (v listView) otherRows() string {
	s := v.listState
	s.dense = !s.dense
	return s.page(&s.at, s.from)
}

// looked says how many rows were looked at before the page was full.
func (v listView) looked(ctx context.Context) string {
	return i18n.N(ctx, "customers.list.looked", v.list.Searched)
}
