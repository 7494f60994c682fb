package customers

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
	"unisson/internal/team"
)

// filterForm is the address of the builder: the list, then the condition.
type filterForm struct {
	View    string   `form:"view"`
	Filter  string   `form:"filter"`
	Sort    string   `form:"sort"`
	Columns string   `form:"columns"`
	Rows    string   `form:"rows"`
	Group   string   `form:"group"` // see Filter.node
	Place   string   `form:"place"` // of the condition to change; empty: a new one
	Field   string   `form:"field"`
	Op      string   `form:"op"`
	Value   []string `form:"value"`
	Day     string   `form:"day"`
	Then    string   `form:"then"` // build: back to the builder instead of the list
}

func (f filterForm) list() listForm {
	return listForm{View: f.View, Filter: f.Filter, Sort: f.Sort, Columns: f.Columns, Rows: f.Rows}
}

// filterView is the builder: the whole filter, and one condition of it.
type filterView struct {
	listView
	group   string
	place   int // -1: a new condition
	name    string
	field   Field
	chosen  bool // the field is
	op      Op
	values  []string
	day     string
	then    string
	choices FilterChoices
	err     string
}

// filterView is the builder as the list shows it in its menu.
func (v listView) filterView(context.Context) filterView { return filterView{listView: v, place: -1} }

func (p *Pages) filterState(r *http.Request) (filterView, filterForm, error) {
	ctx := r.Context()
	var form filterForm
	v := filterView{place: -1}
	err := web.Decode(r, &form)
	if err != nil {
		return v, form, err
	}
	if v.listState, v.sch, v.accounts, err = p.state(r, kindOf(r.URL.Path), form.list(), r.URL.Query()); err != nil {
		return v, form, err
	}
	v.group, v.name, v.then, v.now = form.Group, form.Field, form.Then, p.Clock.Now().In(i18n.Zone(ctx))
	test := v.filter.clone()
	at, err := test.node(v.group)
	if err != nil {
		return v, form, err
	}
	if n, err := strconv.Atoi(form.Place); err == nil && n >= 0 && n < len(at.Conditions) {
		v.place = n
		if c := at.Conditions[n]; c.Field == v.name {
			v.op, v.values = c.Op, c.Values
		}
	}
	if v.name != "" {
		if v.field, _, v.chosen = v.sch.filterField(v.name, v.accounts); !v.chosen || !buildable(v.field) {
			return v, form, errs.Malformed("filter", "customers.errors.filter_field")
		}
	}
	if v.choices, err = p.Service.FilterChoices(ctx, v.sch, v.accounts, v.filter, v.field); err != nil {
		return v, form, err
	}
	v.names = v.choices.Names
	return v, form, nil
}

// buildFilter shows the whole filter, or asks for one condition of it.
func (p *Pages) buildFilter(w http.ResponseWriter, r *http.Request) error {
	v, _, err := p.filterState(r)
	if err != nil {
		return err
	}
	if web.IsHTMX(r) {
		return web.Render(w, r, http.StatusOK, filterPick(v))
	}
	return web.Render(w, r, http.StatusOK, filterPage(v))
}

// applyFilter puts a condition into the filter and goes to the list.
func (p *Pages) applyFilter(w http.ResponseWriter, r *http.Request) error {
	v, form, err := p.filterState(r)
	if err != nil {
		return err
	}
	if !v.chosen {
		return web.Redirect(w, r, v.to("/filter"))
	}
	v.op, v.values, v.day = Op(form.Op), slices.DeleteFunc(form.Value, func(s string) bool { return s == "" }), form.Day
	c, code, err := p.condition(r.Context(), v)
	if err != nil {
		return err
	}
	if code != "" {
		v.err = i18n.T(r.Context(), code)
		return web.Render(w, r, http.StatusUnprocessableEntity, filterPage(v))
	}
	f, err := v.filter.with(v.group, v.place, c)
	if err != nil {
		return err
	}
	if _, err := ParseFilter(f.String()); err != nil {
		return err // too many conditions, or too deep
	}
	if s := v.filtered(f); v.then == "build" {
		return web.Redirect(w, r, s.to("/filter"))
	}
	return web.Redirect(w, r, v.filtered(f).href())
}

// condition reads the condition that was sent; code tells what is wrong with it.
//
// i18n: customers.errors.filter_value customers.list.filter.no_account
func (p *Pages) condition(ctx context.Context, v filterView) (c Condition, code string, err error) {
	const wrong = "customers.errors.filter_value"
	f := v.field
	c = Condition{Field: v.name, Op: v.op}
	if !slices.Contains(opsOf(f), v.op) {
		return c, wrong, nil
	}
	if v.op == Empty || v.op == Filled {
		return c, "", nil
	}
	if f.Type == Date || f.Type == Instant {
		day := ""
		if len(v.values) > 0 {
			day = v.values[0]
		}
		if day == "day" {
			day = v.day
		}
		if _, err := (asker{now: v.now}).day(day); err != nil {
			return c, wrong, nil
		}
		c.Values = []string{day}
		return c, "", nil
	}
	if len(v.values) == 0 {
		return c, wrong, nil
	}
	if f.Type == Account {
		found, err := p.Service.accountsNamed(ctx, v.values[0])
		if err != nil || len(found) == 0 {
			return c, "customers.list.filter.no_account", err
		}
		c.Values = found
		return c, "", nil
	}
	for _, raw := range v.values {
		parts := []string{raw}
		if f.Type == Tags || f.Type == Country || f.Type == Language {
			parts = strings.Split(tagLines(raw), "\n")
		}
		for _, one := range parts {
			value, ok := filterText(f, one)
			if !ok || len(c.Values) == maxValues {
				return c, wrong, nil
			}
			c.Values = append(c.Values, value)
		}
	}
	return c, "", nil
}

// filterText reads one value as it was typed or chosen.
func filterText(f Field, v string) (string, bool) {
	v = line(v)
	if v == "" {
		return "", false
	}
	switch f.Type {
	case Choice, Choices:
		return v, slices.Contains(f.Choices, v)
	case Country:
		return ParseCountry(v)
	case Language:
		return ParseLanguage(v)
	case Date:
		_, err := clock.ParseDay(v)
		return v, err == nil
	case Number, Whole, Money:
		n, code, _ := number(f, v)
		return n, code == ""
	case Phones:
		if n := ParsePhone(v, "FR"); n.Valid {
			return n.E164, true
		}
		return v, true
	}
	return v, true
}

// buildable tells whether the builder asks for a field; the id of a source says
// nothing to anybody.
func buildable(f Field) bool { return f.Name != "source" }

// opsOf are the operators that the builder offers for a field.
func opsOf(f Field) []Op {
	if f.Type == AnyRef {
		return []Op{Filled, Empty}
	}
	return f.Ops()
}

// fieldGroup is some fields under one caption.
type fieldGroup struct {
	label  string
	fields []namedField
}

type namedField struct{ name, label, href string }

// fieldGroups are all fields that can be asked for, with the address that asks.
func (v filterView) fieldGroups(ctx context.Context) []fieldGroup {
	var out []fieldGroup
	add := func(caption, prefix string, fields []Field) {
		g := fieldGroup{label: caption}
		for _, f := range fields {
			if buildable(f) {
				g.fields = append(g.fields, namedField{prefix + f.Name, fieldLabel(ctx, f), v.ask(prefix+f.Name, v.group, -1)})
			}
		}
		if len(g.fields) > 0 {
			out = append(out, g)
		}
	}
	add(i18n.T(ctx, "customers.list.filter.often"), "", oftenAsked(v.sch))
	for _, group := range []string{"who", "reach", "place", "ours", "numbers", "law", "source", "custom"} {
		var fields []Field
		for _, f := range v.sch.Fields {
			if f.Group == group {
				fields = append(fields, f)
			}
		}
		add(groupLabel(ctx, group), "", fields)
	}
	if v.kind == KindContact {
		var fields []Field
		for _, f := range v.accounts.Fields {
			if f.List {
				fields = append(fields, f)
			}
		}
		add(i18n.T(ctx, "customers.list.filter.account"), "account.", fields)
	}
	return out
}

// oftenAsked are the fields that lead the menu.
func oftenAsked(sch *Schema) []Field {
	names := []string{"last_touch", "sales", "marketing", "region", "tags", "job", "language"}
	if sch.Kind == KindAccount {
		names = []string{"last_touch", "sales", "marketing", "region", "sector", "tier", "relations"}
	}
	var out []Field
	for _, n := range names {
		if f, ok := sch.Field(n); ok {
			out = append(out, f)
		}
	}
	return out
}

// ask is the address that asks for one condition.
func (v filterView) ask(field, group string, place int) string {
	pairs := []string{"field", field}
	if group != "" {
		pairs = append(pairs, "group", group)
	}
	if place >= 0 {
		pairs = append(pairs, "place", strconv.Itoa(place))
	}
	if v.then != "" {
		pairs = append(pairs, "then", v.then)
	}
	return v.to("/filter", pairs...)
}

// hiddenAsk are the fields that the form of a condition sends along.
func (v filterView) hiddenAsk() []ui.Hidden {
	q := v.listState.values()
	q.Set("field", v.name)
	if v.group != "" {
		q.Set("group", v.group)
	}
	if v.place >= 0 {
		q.Set("place", strconv.Itoa(v.place))
	}
	if v.then != "" {
		q.Set("then", v.then)
	}
	return hiddenOf(q)
}

// label is what the field of the condition is called.
func (v filterView) label(ctx context.Context) string {
	name := fieldLabel(ctx, v.field)
	if strings.HasPrefix(v.name, "account.") {
		return i18n.T(ctx, "customers.list.filter.of_account", "field", name)
	}
	return name
}

// opOptions are the operators in words.
//
// i18n: customers.list.op.label.*
func (v filterView) opOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, op := range opsOf(v.field) {
		key := string(op)
		switch {
		case v.field.Type == Date || v.field.Type == Instant:
			key = "day_" + key
		case numeric(v.field):
			key = "number_" + key
		}
		out = append(out, ui.Option{Value: string(op), Label: i18n.T(ctx, "customers.list.op.label."+key)})
	}
	return out
}

// valueOptions are what the value is chosen from; none where it is typed.
func (v filterView) valueOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	add := func(value, label string) {
		out = append(out, ui.Option{Value: value, Label: label, On: slices.Contains(v.values, value)})
	}
	switch v.field.Type {
	case Choice, Choices:
		for _, c := range v.field.Choices {
			add(c, choiceLabel(ctx, v.field, c))
		}
	case Person:
		if auth.From(ctx).UserID != "" {
			add("me", i18n.T(ctx, "customers.list.me"))
		}
		for _, p := range v.choices.People {
			add(p.ID, p.Name)
		}
	case Region:
		for _, g := range v.choices.Regions {
			add(g.ID, g.Name)
		}
	case Unit:
		for _, u := range v.choices.Units {
			add(u.ID, u.Name)
		}
	}
	return out
}

// dayOptions are the spans that a condition on a day asks for most.
func (v filterView) dayOptions(ctx context.Context) []ui.Option {
	now := ""
	if len(v.values) > 0 {
		now = v.values[0]
	}
	spans := []string{"-7d", "-30d", "-90d", "-180d", "-12m", "-24m", "today", "month", "year"}
	var out []ui.Option
	known := slices.Contains(spans, now) || now == ""
	for _, s := range spans {
		out = append(out, ui.Option{Value: s, Label: spanText(ctx, s), On: s == now || now == "" && s == "-90d"})
	}
	return append(out, ui.Option{Value: "day", Label: i18n.T(ctx, "customers.list.span.day"), On: !known})
}

// spanText names a span of days.
//
// i18n: customers.list.span.*
func spanText(ctx context.Context, span string) string {
	if n, err := strconv.Atoi(strings.TrimRight(span, "dm")); err == nil {
		if strings.HasSuffix(span, "m") {
			return i18n.N(ctx, "customers.list.span.months", -n)
		}
		return i18n.N(ctx, "customers.list.span.days", -n)
	}
	return i18n.T(ctx, "customers.list.span."+span)
}

// typedDay is the day that stands in the builder's own field.
func (v filterView) typedDay() string {
	if v.day != "" {
		return v.day
	}
	if len(v.values) > 0 {
		if _, err := clock.ParseDay(v.values[0]); err == nil {
			return v.values[0]
		}
	}
	return ""
}

// typed is the text in the field of a value.
func (v filterView) typed(ctx context.Context) string {
	words := make([]string, len(v.values))
	for i, value := range v.values {
		words[i] = value
		if v.field.Type == Account || v.field.Type == Country || v.field.Type == Language {
			if name := filterValue(ctx, v.field, value, v.names); v.err == "" {
				words[i] = name
			}
		}
	}
	if v.field.Type == Account && len(words) > 1 {
		words = words[:1]
	}
	return strings.Join(words, ", ")
}

// suggestions are words that help to type a value.
func (v filterView) suggestions(ctx context.Context) []string {
	switch v.field.Type {
	case Tags:
		return v.choices.Tags
	case Country:
		var out []string
		for _, c := range team.Countries() {
			out = append(out, i18n.CountryName(ctx, c))
		}
		return out
	case Language:
		var out []string
		for _, l := range team.Languages() {
			out = append(out, i18n.LanguageName(ctx, l))
		}
		slices.SortFunc(out, func(a, b string) int { return strings.Compare(db.SortKey(a), db.SortKey(b)) })
		return out
	}
	return nil
}
