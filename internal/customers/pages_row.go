package customers

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// rowView is one row of a list, edited in its place.
type rowView struct {
	listView
	rec     *Record
	errors  ui.Errors
	typed   Values // as sent; nil: as it stands
	version int64
	options map[string][]ui.Option // of the fields that are chosen
}

// rowFields are the columns of a list that are edited in their place: those of
// one plain value. What needs more room has the record's own form.
func (v listView) rowFields() []Field {
	var out []Field
	for _, c := range v.columns {
		f, ok := v.sch.Field(c)
		if !ok || !f.Set {
			continue
		}
		switch f.Type {
		case Text, Number, Whole, Money, Date, Choice, Tags, Region, Country, Language, URL:
			out = append(out, f)
		}
	}
	return out
}

// row reads one record with the columns of its list.
func (p *Pages) row(r *http.Request) (rowView, error) {
	ctx := r.Context()
	var v rowView
	kind := kindOf(r.URL.Path)
	sheet, err := p.Service.Record(ctx, kind, web.Path(r, "id"))
	if err != nil {
		return v, err
	}
	v.listState, v.sch, v.accounts, err = p.state(r, kind, listForm{Columns: r.URL.Query().Get("columns")}, r.URL.Query())
	if err != nil {
		return v, err
	}
	v.rec, v.version, v.now = sheet.Record, sheet.Version, p.now(ctx)
	v.list.Mine = map[string]bool{v.rec.ID: sheet.CanEdit}
	v.canEdit = auth.From(ctx).Can(MayEdit)
	v.list.Names, err = p.Service.NamesOf(ctx, v.sch, v.rec.Values)
	return v, err
}

// editRow shows a row as a form in its place; without script it is the record's form.
func (p *Pages) editRow(w http.ResponseWriter, r *http.Request) error {
	v, err := p.row(r)
	if err != nil {
		return err
	}
	if !web.IsHTMX(r) {
		return web.Redirect(w, r, rowHref(v.rec)+"/edit")
	}
	if !v.list.Mine[v.rec.ID] || r.URL.Query().Has("cancel") || len(v.rowFields()) == 0 {
		return web.Render(w, r, http.StatusOK, listRow(v.listView, v.rec))
	}
	return p.showRow(w, r, http.StatusOK, v)
}

func (p *Pages) showRow(w http.ResponseWriter, r *http.Request, status int, v rowView) error {
	v.options = map[string][]ui.Option{}
	for _, f := range v.rowFields() {
		b := bulkView{listView: v.listView}
		b.form.Field = f.Name
		if f.Type == Region {
			choices, err := p.Service.FilterChoices(r.Context(), v.sch, v.accounts, Filter{}, f)
			if err != nil {
				return err
			}
			b.choices = choices
		}
		if f.Type == Region || f.Type == Choice {
			v.options[f.Name] = b.valueOptions(r.Context())
		}
	}
	return web.Render(w, r, status, rowForm(v))
}

// saveRow saves a row that was edited in its place. When somebody saved another
// value meanwhile, both stand there, and saving again keeps one's own.
func (p *Pages) saveRow(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := p.row(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return errs.Malformed("", "errors.malformed")
	}
	version, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return errs.Malformed("version", "errors.not_a_number")
	}
	v.typed, v.errors = Values{}, ui.Errors{}
	for _, f := range v.rowFields() {
		if r.PostForm.Has("v-" + f.Name) {
			v.typed[f.Name] = strings.TrimSpace(r.PostForm.Get("v-" + f.Name))
		}
	}
	_, err = p.Service.Save(ctx, v.kind, v.rec.ID, version, v.typed)
	switch {
	case errs.Is(err, errs.KindInvalid):
		v.errors, v.version = ui.ErrorsOf(ctx, err), version
		return p.showRow(w, r, http.StatusUnprocessableEntity, v)
	case errs.Is(err, errs.KindStale):
		c, _ := errs.Detail(err).Current.(*Conflict)
		if c == nil {
			return err
		}
		v.version = c.Version
		for _, clash := range c.Clashes {
			v.errors[clash.Field] = v.clashText(ctx, clash.Field, clash.By, clash.Theirs)
		}
		return p.showRow(w, r, http.StatusConflict, v)
	case err != nil:
		return err
	}
	if v, err = p.row(r); err != nil {
		return err
	}
	if !web.IsHTMX(r) {
		return web.Redirect(w, r, v.kind.base())
	}
	return web.Render(w, r, http.StatusOK, rowSaved(v))
}

// clashText says what somebody else made of a field meanwhile.
func (v rowView) clashText(ctx context.Context, field, by, theirs string) string {
	f, _ := v.sch.Field(field)
	if by == "" {
		by = i18n.T(ctx, "customers.list.row.somebody")
	}
	if theirs == "" {
		return i18n.T(ctx, "customers.list.row.conflict_empty", "by", by)
	}
	return i18n.T(ctx, "customers.list.row.conflict", "by", by, "value", valueText(ctx, f, theirs, v.list.Names))
}

// value is what stands in the field of a row.
func (v rowView) value(ctx context.Context, f Field) string {
	if sent, ok := v.typed[f.Name]; ok {
		return sent
	}
	now := v.rec.Values[f.Name]
	switch f.Type {
	case Tags:
		return strings.ReplaceAll(now, "\n", ", ")
	case Country, Language:
		return valueText(ctx, f, now, v.list.Names)
	}
	return now
}

// edits tells whether a column of the row is a field of its form.
func (v rowView) edits(column string) (Field, bool) {
	all := v.rowFields()
	i := slices.IndexFunc(all, func(f Field) bool { return f.Name == column })
	if i < 0 {
		return Field{}, false
	}
	return all[i], true
}

func (v rowView) address(more string) string {
	return rowHref(v.rec) + "/row?columns=" + strings.Join(v.columns, "%2C") + more
}

// field is one field of the row's form.
func (v rowView) field(ctx context.Context, f Field) ui.FieldProps {
	kind := ""
	if f.Type == Date {
		kind = "date"
	}
	return ui.FieldProps{Name: "v-" + f.Name, ID: "v-" + f.Name + "-" + v.rec.ID, HideLabel: true, Type: kind, Value: v.value(ctx, f), Error: v.errors[f.Name],
		Label: i18n.T(ctx, "customers.list.row.value", "field", fieldLabel(ctx, f), "name", v.rec.Title()), Autocomplete: "off"}
}
