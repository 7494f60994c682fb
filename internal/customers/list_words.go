package customers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

// listPillProps is one condition of a filter, in words, with its addresses.
type listPillProps struct{ name, value, edit, remove string }

// pills are the parts of the filter: each condition, and each group as one.
func (v listView) pills(ctx context.Context) []listPillProps {
	var out []listPillProps
	f := v.filter
	if f.Any { // the whole is one group: taken apart on its own page
		return []listPillProps{{name: i18n.T(ctx, "customers.list.filter.any"), value: v.filterText(ctx, f), edit: v.to("/filter"), remove: v.filtered(Filter{}).href()}}
	}
	for i, c := range f.Conditions {
		name, value := v.conditionText(ctx, c)
		out = append(out, listPillProps{name: name, value: value, edit: v.to("/filter", "field", c.Field, "place", strconv.Itoa(i)), remove: v.filtered(f.without("", i)).href()})
	}
	for i, g := range f.Groups {
		group := strconv.Itoa(i)
		name := i18n.T(ctx, "customers.list.filter.every")
		if g.Any {
			name = i18n.T(ctx, "customers.list.filter.any")
		}
		out = append(out, listPillProps{name: name, value: v.filterText(ctx, g), edit: v.to("/filter"), remove: v.filtered(f.without(group, -1)).href()})
	}
	return out
}

// filterText writes a group of a filter on one line.
func (v listView) filterText(ctx context.Context, f Filter) string {
	var parts []string
	for _, c := range f.Conditions {
		name, value := v.conditionText(ctx, c)
		parts = append(parts, i18n.T(ctx, "customers.list.filter.pair", "name", name, "value", value))
	}
	for _, g := range f.Groups {
		parts = append(parts, i18n.T(ctx, "customers.list.filter.brackets", "text", v.filterText(ctx, g)))
	}
	joint := i18n.T(ctx, "customers.list.filter.and")
	if f.Any {
		joint = i18n.T(ctx, "customers.list.filter.or")
	}
	return strings.Join(parts, " "+joint+" ")
}

// conditionText says a condition: what is asked, and what for.
//
// i18n: customers.list.op.*
func (v listView) conditionText(ctx context.Context, c Condition) (name, value string) {
	f, of, ok := v.sch.filterField(c.Field, v.accounts)
	if !ok {
		return c.Field, ""
	}
	name = fieldLabel(ctx, f)
	if of != v.kind {
		name = i18n.T(ctx, "customers.list.filter.of_account", "field", name)
	}
	return name, opText(ctx, f, c, v.names)
}

// opText says what a condition asks of its field.
func opText(ctx context.Context, f Field, c Condition, names Names) string {
	words := make([]string, len(c.Values))
	for i, v := range c.Values {
		words[i] = filterValue(ctx, f, v, names)
	}
	list := strings.Join(words, ", ")
	dated := f.Type == Date || f.Type == Instant
	switch {
	case c.Op == Is:
		return list
	case c.Op == Empty && f.Name == "last_touch":
		return i18n.T(ctx, "customers.list.op.never")
	case dated && (c.Op == Since || c.Op == Before):
		return dayText(ctx, c)
	case c.Op == Empty || c.Op == Filled:
		return i18n.T(ctx, "customers.list.op."+string(c.Op))
	case (c.Op == Since || c.Op == Before) && !dated:
		return i18n.T(ctx, "customers.list.op.number_"+string(c.Op), "value", list)
	}
	return i18n.T(ctx, "customers.list.op.value_"+string(c.Op), "value", list)
}

// filterValue is one value of a condition in words.
func filterValue(ctx context.Context, f Field, v string, names Names) string {
	if f.Type == Person && v == "me" {
		return i18n.T(ctx, "customers.list.me")
	}
	if f.Type == Tags || f.Type == Emails || f.Type == Phones {
		return v
	}
	return oneText(ctx, f, v, names)
}

// dayText says a condition on a day: "in the last 90 days", "not for 90 days",
// "since 3 March".
func dayText(ctx context.Context, c Condition) string {
	if len(c.Values) == 0 {
		return ""
	}
	v, op := c.Values[0], string(c.Op)
	if n, err := strconv.Atoi(strings.TrimRight(v, "dm")); err == nil && n < 0 && len(v) > 1 {
		if strings.HasSuffix(v, "d") {
			return i18n.N(ctx, "customers.list.op.days_"+op, -n)
		}
		if strings.HasSuffix(v, "m") {
			return i18n.N(ctx, "customers.list.op.months_"+op, -n)
		}
	}
	switch v {
	case "today", "month", "year":
		return i18n.T(ctx, "customers.list.op."+v+"_"+op)
	}
	return i18n.T(ctx, "customers.list.op.day_"+op, "day", i18n.Day(ctx, v))
}

// mark is one way of reaching somebody.
type mark struct {
	icon, text string
	free       bool
}

// marksOf are the ways that a record has, refused or not.
func marksOf(ctx context.Context, rec *Record) []mark {
	refused := strings.Split(rec.Values["refuses"], "\n")
	var out []mark
	if rec.Values["emails"] != "" {
		m := mark{"mail", i18n.T(ctx, "customers.list.reach.email"), true}
		if slices.Contains(refused, "email") {
			m = mark{"mail-x", i18n.T(ctx, "customers.list.reach.no_email"), false}
		}
		out = append(out, m)
	}
	if rec.Values["phones"] != "" {
		m := mark{"phone", i18n.T(ctx, "customers.list.reach.phone"), true}
		if slices.Contains(refused, "phone") {
			m = mark{"phone-off", i18n.T(ctx, "customers.list.reach.no_phone"), false}
		}
		out = append(out, m)
	}
	return out
}

// quietField tells what stands in the second voice of a row.
func quietField(f Field) bool {
	return f.Type == Text || f.Type == Long || f.Type == Lines || f.Type == Country || f.Type == Language
}

// siteText is an address without what everybody knows.
func siteText(u string) string {
	_, rest, found := strings.Cut(u, "://")
	if !found {
		rest = u
	}
	rest = strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/")
	const most = 40
	if r := []rune(rest); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return rest
}

// rowEdit asks for the row as a form in its place.
func rowEdit(s listState, rec *Record) ui.HX {
	return ui.HX{Get: rowHref(rec) + "/row?columns=" + strings.Join(s.columns, "%2C"), Target: "closest tr", Swap: "outerHTML"}
}

// conditionPill is a condition as the builder shows it.
func (v filterView) conditionPill(ctx context.Context, c Condition, group string, place int) listPillProps {
	name, value := v.conditionText(ctx, c)
	b := v
	b.then = "build"
	return listPillProps{name: name, value: value, edit: b.ask(c.Field, group, place) + "#pick", remove: v.filtered(v.filter.without(group, place)).to("/filter")}
}

// step leads from a group to one in it.
func step(path, next string) string {
	if path == "" {
		return next
	}
	return path + "." + next
}

// back is the address that asks for another field.
func (v filterView) back() string {
	var pairs []string
	if v.group != "" {
		pairs = append(pairs, "group", v.group)
	}
	if v.then != "" {
		pairs = append(pairs, "then", v.then)
	}
	return v.to("/filter", pairs...)
}

func pickTitle(ctx context.Context, v filterView) string {
	switch {
	case v.chosen && v.place >= 0:
		return i18n.T(ctx, "customers.list.filter.change")
	case strings.HasSuffix(v.group, "new"):
		return i18n.T(ctx, "customers.list.filter.new_group")
	}
	return i18n.T(ctx, "customers.list.filter.new")
}

func joinText(ctx context.Context, f Filter) string {
	if f.Any {
		return i18n.T(ctx, "customers.list.filter.join_any")
	}
	return i18n.T(ctx, "customers.list.filter.join_all")
}

func otherJoinText(ctx context.Context, f Filter) string {
	if f.Any {
		return i18n.T(ctx, "customers.list.filter.turn_all")
	}
	return i18n.T(ctx, "customers.list.filter.turn_any")
}

func addGroupText(ctx context.Context, f Filter) string {
	if f.Any {
		return i18n.T(ctx, "customers.list.filter.add_all")
	}
	return i18n.T(ctx, "customers.list.filter.add_any")
}

// hint says how a value is typed.
func (v filterView) hint(ctx context.Context) string {
	switch v.field.Type {
	case Tags, Country, Language:
		return i18n.T(ctx, "customers.list.filter.several")
	case Account:
		return i18n.T(ctx, "customers.list.filter.by_name")
	}
	return ""
}

func (v filterView) inputMode() string {
	if numeric(v.field) {
		return "decimal"
	}
	return ""
}

func viewTitle(ctx context.Context, v View) string {
	if v.ID == "" {
		return i18n.T(ctx, "customers.list.save.title")
	}
	return i18n.T(ctx, "customers.list.save.change", "name", v.Name)
}

// shareHint says who may keep a list for others.
func shareHint(ctx context.Context, canShare bool) string {
	if canShare {
		return ""
	}
	return i18n.T(ctx, "customers.list.save.only_mine")
}

// previewKind keeps one loud button on the page.
func previewKind(v bulkView) ui.ButtonKind {
	if v.planned && v.count.Change > 0 {
		return ui.Plain
	}
	return ui.Primary
}
