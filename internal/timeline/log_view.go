package timeline

import (
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"unisson/internal/customers"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

// active are the filters that are on, each with the address without it.
type activeFilter struct{ name, value, href string }

func (v streamView) active(ctx context.Context) []activeFilter {
	var out []activeFilter
	f := v.form
	if f.Kind != "" {
		out = append(out, activeFilter{i18n.T(ctx, "timeline.field.kind"), kindWord(ctx, Kind(f.Kind)), v.with(func(f *streamForm) { f.Kind = "" })})
	}
	if f.By != "" {
		name := i18n.T(ctx, "timeline.stream.somebody")
		for _, a := range v.authors {
			if a.ID == f.By {
				name = a.Name
			}
		}
		out = append(out, activeFilter{i18n.T(ctx, "timeline.field.by"), name, v.with(func(f *streamForm) { f.By = "" })})
	}
	if f.From != "" && v.errors["from"] == "" {
		out = append(out, activeFilter{i18n.T(ctx, "timeline.field.from"), i18n.Day(ctx, f.From), v.with(func(f *streamForm) { f.From = "" })})
	}
	if f.To != "" && v.errors["to"] == "" {
		out = append(out, activeFilter{i18n.T(ctx, "timeline.field.to"), i18n.Day(ctx, f.To), v.with(func(f *streamForm) { f.To = "" })})
	}
	return out
}

// plain is the address without filters, from the newest on.
func (v streamView) plain() string { return v.address(streamForm{}) }

// swaps are the attributes by which a link changes the panel alone.
func (v streamView) swaps(href string) templ.Attributes {
	if !v.panel {
		return templ.Attributes{}
	}
	return ui.HX{Get: href, Target: "#touches-panel", Swap: "outerHTML"}.Attrs()
}

// known tells whether the customer is given.
func (v logView) known() bool { return v.face.ID != "" }

func (v logView) title(ctx context.Context) string {
	switch {
	case v.edit != "":
		return i18n.T(ctx, "timeline.log.edit")
	case v.known():
		return i18n.T(ctx, "timeline.log.with", "who", v.face.Name)
	}
	return i18n.T(ctx, "timeline.log.short")
}

func (v logView) crumbs(ctx context.Context) []ui.Crumb {
	out := []ui.Crumb{{Label: i18n.T(ctx, "ui.nav.customers"), Href: "/customers"}}
	if v.known() {
		out = append(out, ui.Crumb{Label: v.face.Name, Href: v.face.Href()})
	}
	return append(out, ui.Crumb{Label: i18n.T(ctx, "timeline.log.short")})
}

func (v logView) withWhom(ctx context.Context) string {
	if v.face.City == "" {
		return i18n.T(ctx, "timeline.log.whom", "who", v.face.Name)
	}
	return i18n.T(ctx, "timeline.log.whom_in", "who", v.face.Name, "city", v.face.City)
}

// hidden are what the form carries: the customer, the key under which it is sent
// once, and who noted it.
func (v logView) hidden() []ui.Hidden {
	if v.edit != "" {
		return nil
	}
	return []ui.Hidden{{Name: "contact", Value: v.form.Contact}, {Name: "account", Value: v.form.Account}, {Name: "once", Value: v.form.Once}, {Name: "as", Value: v.form.As}}
}

func (v logView) cancel() string {
	switch {
	case v.edit != "":
		return "/touches/" + v.edit
	case v.known():
		return v.face.Href()
	}
	return ""
}

// offered are the kinds to choose from: the quick ones, and the one that stands.
func (v logView) offered() []Kind {
	out := QuickKinds()
	if k := Kind(v.form.Kind); k != "" && !slices.Contains(out, k) && slices.Contains(Kinds(), k) {
		out = append(slices.Clone(out), k)
	}
	return out
}

// open tells whether what is folded has something to say.
func (v logView) open() bool {
	f := v.form
	return v.edit != "" || v.errors["at"]+v.errors["follow_on"]+v.errors["private"]+v.errors["direction"] != "" || f.With+f.FollowOn != "" || f.Joint || f.Private
}

func (v logView) withOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: i18n.T(ctx, "timeline.log.nobody")}}
	for _, c := range v.people {
		out = append(out, ui.Option{Value: c.ID, Label: c.Title()})
	}
	return out
}

func directions(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "", Label: i18n.T(ctx, "timeline.direction.none")}, {Value: string(Out), Label: i18n.T(ctx, "timeline.direction.out")},
		{Value: string(In), Label: i18n.T(ctx, "timeline.direction.in")}}
}

// summary leads to what is wrong.
func (v logView) summary(ctx context.Context) []ui.ErrorLink {
	var fields []ui.FieldProps
	for _, name := range []string{"who", "text", "at", "direction", "follow_on", "private"} {
		fields = append(fields, ui.FieldProps{Name: name, Label: i18n.T(ctx, "timeline.field."+name), Error: v.errors[name]})
	}
	return ui.Summarize(fields...)
}

func pickValue(f customers.Face) string { return string(f.Kind) + ":" + f.MasterID }

func pickID(i int) string {
	if i == 0 {
		return "f-pick"
	}
	return "f-pick-" + strconv.Itoa(i)
}
