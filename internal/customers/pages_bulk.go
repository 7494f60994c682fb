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
)

// bulkForm is what the list, and then the page of a bulk change, send.
type bulkForm struct {
	View    string   `form:"view"`
	Filter  string   `form:"filter"`
	Sort    string   `form:"sort"`
	Columns string   `form:"columns"`
	Rows    string   `form:"rows"`
	ID      []string `form:"id"`
	Which   string   `form:"which"` // chosen, found
	Field   string   `form:"field"`
	Value   string   `form:"value"`
	Tags    string   `form:"tags"`
	Step    string   `form:"step"` // preview, apply; empty: asks
	Format  string   `form:"format"`
}

// bulkView is the page of a change of many records.
type bulkView struct {
	listView
	form    bulkForm
	choices FilterChoices
	count   BulkCount
	planned bool
	errors  ui.Errors
	problem string
}

// bulk asks what is to change, shows what would, and does it.
func (p *Pages) bulk(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := p.bulkState(r)
	if err != nil {
		return err
	}
	b := v.bulk()
	switch {
	case v.form.Step == "":
		return p.askBulk(w, r, http.StatusOK, v)
	case b.IDs != nil && len(b.IDs) == 0:
		v.problem = i18n.T(ctx, "customers.list.bulk.none_chosen")
		return p.askBulk(w, r, http.StatusUnprocessableEntity, v)
	case v.form.Step == "apply":
		f, _ := v.sch.Field(b.field())
		source, count, err := p.Service.ApplyBulk(ctx, b, i18n.T(ctx, "customers.list.bulk.source", "field", fieldLabel(ctx, f)))
		if errs.Is(err, errs.KindInvalid) {
			v.errors = ui.ErrorsOf(ctx, err)
			return p.askBulk(w, r, http.StatusUnprocessableEntity, v)
		}
		if err != nil {
			return err
		}
		if source != "" {
			web.Flash(w, r, web.Toast{Key: "customers.list.bulk.done", Params: map[string]any{"count": count.Change}, Undo: "/bulk/" + source + "/undo"})
		}
		return web.Redirect(w, r, v.href())
	}
	v.count, err = p.Service.PlanBulk(ctx, b)
	if errs.Is(err, errs.KindInvalid) {
		v.errors = ui.ErrorsOf(ctx, err)
		return p.askBulk(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	v.planned = true
	return p.askBulk(w, r, http.StatusOK, v)
}

// bulkState reads the form of a bulk change, and the list that it comes from.
func (p *Pages) bulkState(r *http.Request) (bulkView, error) {
	var v bulkView
	if err := web.Decode(r, &v.form); err != nil {
		return v, err
	}
	var err error
	sent := url.Values{}
	for _, name := range []string{"filter", "sort", "columns"} {
		if r.PostForm.Has(name) {
			sent.Set(name, "")
		}
	}
	v.listState, v.sch, v.accounts, err = p.state(r, kindOf(r.URL.Path),
		listForm{View: v.form.View, Filter: v.form.Filter, Sort: v.form.Sort, Columns: v.form.Columns, Rows: v.form.Rows}, sent)
	if !slices.Contains(bulkFields(v.kind), v.form.Field) {
		v.form.Field = "sales"
	}
	if v.form.Which == "" {
		v.form.Which = "chosen"
		if len(v.form.ID) == 0 {
			v.form.Which = "found"
		}
	}
	return v, err
}

func (v bulkView) bulk() Bulk {
	b := Bulk{Kind: v.kind, Field: v.form.Field, Value: v.form.Value, Query: Query{Kind: v.kind, Filter: v.filter}}
	if b.field() == "tags" {
		b.Value = v.form.Tags
	}
	if v.form.Which != "found" {
		b.IDs = append([]string{}, v.form.ID...)
	}
	return b
}

func (p *Pages) askBulk(w http.ResponseWriter, r *http.Request, status int, v bulkView) error {
	f, _ := v.sch.Field(v.bulk().field())
	choices, err := p.Service.FilterChoices(r.Context(), v.sch, v.accounts, Filter{}, f)
	if err != nil {
		return err
	}
	if v.choices = choices; f.Type == Person {
		people, err := p.Service.team.Colleagues(r.Context(), "")
		if err != nil {
			return err
		}
		v.choices.People = nil
		for _, q := range people {
			v.choices.People = append(v.choices.People, Named{q.ID, q.Name()})
		}
	}
	return web.Render(w, r, status, bulkPage(v))
}

// undoBulk takes back one change of many records.
func (p *Pages) undoBulk(w http.ResponseWriter, r *http.Request) error {
	out, err := p.Service.UndoBulk(r.Context(), web.Path(r, "id"))
	if err != nil {
		return err
	}
	if out.Kept > 0 {
		return web.Render(w, r, http.StatusOK, bulkKept(out))
	}
	web.Flash(w, r, web.Toast{Key: "customers.list.bulk.undone", Params: map[string]any{"count": out.Restored}, Icon: "undo-2"})
	return web.Redirect(w, r, out.Kind.base())
}

// hiddenAll are the list, and those chosen in it.
func (v bulkView) hiddenAll() []ui.Hidden {
	out := hiddenOf(v.plain())
	for _, id := range v.form.ID {
		out = append(out, ui.Hidden{Name: "id", Value: id})
	}
	return out
}

func (v bulkView) fieldOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, name := range bulkFields(v.kind) {
		f, _ := v.sch.Field(name)
		label := ""
		switch name {
		case "tags":
			label = i18n.T(ctx, "customers.list.bulk.add_tags")
		case "untag":
			label = i18n.T(ctx, "customers.list.bulk.remove_tags")
		default:
			label = fieldLabel(ctx, f)
		}
		out = append(out, ui.Option{Value: name, Label: label})
	}
	return out
}

// valueOptions are what the new value is chosen from.
func (v bulkView) valueOptions(ctx context.Context) []ui.Option {
	f, _ := v.sch.Field(v.form.Field)
	none := i18n.T(ctx, "customers.list.bulk.none")
	var out []ui.Option
	switch f.Type {
	case Person:
		none = i18n.T(ctx, "customers.list.bulk.nobody")
		if me := auth.From(ctx).UserID; me != "" {
			out = append(out, ui.Option{Value: me, Label: i18n.T(ctx, "customers.list.me")})
		}
		for _, p := range v.choices.People {
			if p.ID != auth.From(ctx).UserID {
				out = append(out, ui.Option{Value: p.ID, Label: p.Name})
			}
		}
	case Region:
		for _, g := range v.choices.Regions {
			out = append(out, ui.Option{Value: g.ID, Label: g.Name})
		}
	case Choice:
		for _, c := range f.Choices {
			out = append(out, ui.Option{Value: c, Label: choiceLabel(ctx, f, c)})
		}
	}
	return append(out, ui.Option{Value: "", Label: none})
}

func (v bulkView) whichOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	if n := len(v.form.ID); n > 0 {
		out = append(out, ui.Option{Value: "chosen", Label: i18n.N(ctx, "customers.list.bulk.chosen", n)})
	}
	return append(out, ui.Option{Value: "found", Label: i18n.T(ctx, "customers.list.bulk.found"), Hint: i18n.T(ctx, "customers.list.bulk.found_hint")})
}

// counts say what would change and what would not.
func (v bulkView) counts(ctx context.Context) []string {
	out := []string{i18n.N(ctx, "customers.list.bulk.will", v.count.Change)}
	if v.count.Same > 0 {
		out = append(out, i18n.N(ctx, "customers.list.bulk.same", v.count.Same))
	}
	if v.count.Foreign > 0 {
		out = append(out, i18n.N(ctx, "customers.list.bulk.foreign", v.count.Foreign))
	}
	return out
}

func (v bulkView) tagField() bool { return strings.HasSuffix(v.bulk().field(), "tags") }
