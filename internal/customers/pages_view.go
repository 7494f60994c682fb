package customers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
	"unisson/internal/team"
)

// viewForm is what the form of a view sends.
type viewForm struct {
	View     string   `form:"view"` // the view that the list was opened with
	Filter   string   `form:"filter"`
	Sort     string   `form:"sort"`
	Columns  string   `form:"columns"`
	Rows     string   `form:"rows"`
	Name     string   `form:"name"`
	Audience string   `form:"audience"`
	Roles    []string `form:"roles"`
	Pinned   bool     `form:"pinned"`
	Version  int64    `form:"version"`
}

// viewPageProps is the form of a view.
type viewPageProps struct {
	list     listView // the words of its filter
	view     View
	errors   ui.Errors
	canShare bool
	action   string
	hidden   []ui.Hidden
}

// newView asks how the list is to be called.
func (p *Pages) newView(w http.ResponseWriter, r *http.Request) error {
	var form listForm
	if err := web.Decode(r, &form); err != nil {
		return err
	}
	s, sch, accounts, err := p.state(r, kindOf(r.URL.Path), form, r.URL.Query())
	if err != nil {
		return err
	}
	v := View{Kind: s.kind, Audience: ForMe, Filter: s.filter, Sort: s.sort, Columns: s.columns}
	return p.showView(w, r, http.StatusOK, viewPageProps{list: listView{listState: s, sch: sch, accounts: accounts}, view: v})
}

func (p *Pages) showView(w http.ResponseWriter, r *http.Request, status int, v viewPageProps) error {
	ctx := r.Context()
	choices, err := p.Service.FilterChoices(ctx, v.list.sch, v.list.accounts, v.view.Filter, Field{})
	if err != nil {
		return err
	}
	v.list.names, v.canShare = choices.Names, auth.From(ctx).Can(MayShape)
	if v.view.ID == "" {
		v.action = v.view.Kind.base() + "/views"
		v.hidden = hiddenOf(v.list.plain(), "view")
	} else {
		v.action = "/views/" + v.view.ID
		v.hidden = hiddenOf(v.list.plain(), "view")
	}
	return web.Render(w, r, status, viewPage(v))
}

// createView keeps a list under a name.
func (p *Pages) createView(w http.ResponseWriter, r *http.Request) error {
	return p.keepView(w, r, View{Kind: kindOf(r.URL.Path)})
}

// saveView changes a view.
func (p *Pages) saveView(w http.ResponseWriter, r *http.Request) error {
	v, err := p.Service.View(r.Context(), "", web.Path(r, "id"))
	if err != nil {
		return err
	}
	return p.keepView(w, r, v)
}

func (p *Pages) keepView(w http.ResponseWriter, r *http.Request, v View) error {
	ctx := r.Context()
	var form viewForm
	if err := web.Decode(r, &form); err != nil {
		return err
	}
	s, sch, accounts, err := p.state(r, v.Kind, listForm{Filter: form.Filter, Sort: form.Sort, Columns: form.Columns}, url.Values{"filter": nil, "sort": nil, "columns": nil})
	if err != nil {
		return err
	}
	v.Filter, v.Sort, v.Columns = s.filter, s.sort, s.columns
	v.Name, v.Audience, v.Pinned, v.Roles = form.Name, Audience(form.Audience), form.Pinned, nil
	for _, role := range form.Roles {
		v.Roles = append(v.Roles, auth.Role(role))
	}
	if v.ID != "" {
		v.Version = form.Version
	}
	id, err := p.Service.SaveView(ctx, v)
	if errs.Is(err, errs.KindInvalid) {
		return p.showView(w, r, http.StatusUnprocessableEntity, viewPageProps{list: listView{listState: s, sch: sch, accounts: accounts}, view: v, errors: ui.ErrorsOf(ctx, err)})
	}
	if err != nil {
		return err
	}
	v.ID = id
	web.Flash(w, r, web.Toast{Key: "customers.list.save.saved", Params: map[string]any{"name": line(v.Name)}})
	return web.Redirect(w, r, v.Href())
}

// openView goes to the list of a view.
func (p *Pages) openView(w http.ResponseWriter, r *http.Request) error {
	v, err := p.Service.View(r.Context(), "", web.Path(r, "id"))
	if err != nil {
		return err
	}
	return web.Redirect(w, r, v.Href())
}

// editView asks for another name, audience, filter and columns. What the list
// shows at the moment comes with the address.
func (p *Pages) editView(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var form listForm
	if err := web.Decode(r, &form); err != nil {
		return err
	}
	v, err := p.Service.View(ctx, "", web.Path(r, "id"))
	if err != nil {
		return err
	}
	if !v.CanEdit {
		return errs.NotFound("view")
	}
	form.View = v.ID
	s, sch, accounts, err := p.state(r, v.Kind, form, r.URL.Query())
	if err != nil {
		return err
	}
	v.Filter, v.Sort, v.Columns = s.filter, s.sort, s.columns
	return p.showView(w, r, http.StatusOK, viewPageProps{list: listView{listState: s, sch: sch, accounts: accounts}, view: v})
}

// removeView takes a view away; its toast brings it back.
func (p *Pages) removeView(w http.ResponseWriter, r *http.Request) error {
	v, err := p.Service.RemoveView(r.Context(), web.Path(r, "id"))
	if err != nil {
		return err
	}
	web.Flash(w, r, web.Toast{Key: "customers.list.save.removed", Params: map[string]any{"name": v.Name}, Undo: "/views/" + v.ID + "/restore", Icon: "trash-2"})
	return web.Redirect(w, r, v.Kind.base())
}

func (p *Pages) restoreView(w http.ResponseWriter, r *http.Request) error {
	v, err := p.Service.RestoreView(r.Context(), web.Path(r, "id"))
	if err != nil {
		return err
	}
	web.Flash(w, r, web.Toast{Key: "customers.list.save.restored", Params: map[string]any{"name": v.Name}})
	return web.Redirect(w, r, v.Href())
}

// viewEdit is the address of the form of the view that the list shows.
func (v listView) viewEdit() string {
	q := v.values()
	q.Del("view")
	if len(q) == 0 {
		return "/views/" + v.view.ID + "/edit"
	}
	return "/views/" + v.view.ID + "/edit?" + q.Encode()
}

// audienceOptions are those who may see a view.
//
// i18n: customers.list.audience.*
func audienceOptions(ctx context.Context, canShare bool) []ui.Option {
	var out []ui.Option
	for _, a := range Audiences() {
		if a == ForMe || canShare {
			out = append(out, ui.Option{Value: string(a), Label: i18n.T(ctx, "customers.list.audience."+string(a))})
		}
	}
	return out
}

func roleOptions(ctx context.Context, on []auth.Role) []ui.Option {
	var out []ui.Option
	for _, r := range team.Roles() {
		if r != team.Guest {
			out = append(out, ui.Option{Value: string(r), Label: i18n.T(ctx, "team.role."+string(r)), On: slices.Contains(on, r)})
		}
	}
	return out
}

// viewTerms say what a view shows.
func (v viewPageProps) terms(ctx context.Context) []ui.Term {
	filter := i18n.T(ctx, "customers.list.filter.none")
	if !v.view.Filter.IsZero() {
		filter = v.list.filterText(ctx, v.view.Filter)
	}
	var names []string
	for _, h := range v.list.heads(ctx) {
		if !h.Silent {
			names = append(names, h.Label)
		}
	}
	return []ui.Term{
		{Label: i18n.T(ctx, "customers.list.filter.title"), Text: filter},
		{Label: i18n.T(ctx, "customers.list.columns"), Text: strings.Join(names, ", ")},
	}
}
