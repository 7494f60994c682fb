package customers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"unisson/internal/platform/db"
	"unisson/internal/platform/edits"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/ui"
	"unisson/internal/team"
)

// i18n: customers.record.act.* customers.record.source.* customers.record.confidence.*

// colleague is somebody who works here as a page shows him.
func colleague(p team.Person) ui.Person {
	out := ui.Person{Name: p.Name(), Href: "/people/" + p.ID}
	switch p.Side() {
	case team.Sales:
		out.Voice = ui.Sales
	case team.Marketing:
		out.Voice = ui.Marketing
	}
	return out
}

// owner is one of the two owners, nil for an empty seat.
func (v recordView) owner(field string, voice ui.Voice) *ui.Person {
	p, ok := v.People[v.Values[field]]
	if !ok {
		return nil
	}
	out := colleague(p)
	out.Voice = voice // the seat speaks, whatever department its holder is of
	return &out
}

func (v recordView) duo() ui.DuoProps {
	return ui.DuoProps{Marketing: v.owner("marketing", ui.Marketing), Sales: v.owner("sales", ui.Sales)}
}

// ownerNames are the given names beside the chip.
func (v recordView) ownerNames(ctx context.Context) string {
	var out []string
	for _, f := range []string{"marketing", "sales"} {
		if p, ok := v.People[v.Values[f]]; ok && !slices.Contains(out, p.Given) {
			out = append(out, p.Given)
		}
	}
	if len(out) == 0 {
		return i18n.T(ctx, "customers.record.no_owner")
	}
	return strings.Join(out, ", ")
}

// field writes one value for people.
func (v recordView) field(ctx context.Context, name string) string {
	fd, ok := v.Schema.Field(name)
	if !ok {
		return ""
	}
	return recordText(ctx, fd, v.Values, v.Names)
}

// summary is the sentence under the name.
func (v recordView) summary(ctx context.Context) string {
	if v.Kind == KindContact {
		title := v.Values["title"]
		if title == "" {
			title = v.field(ctx, "job")
		}
		return dotted(title, v.Names[v.Values["account"]], v.town(ctx))
	}
	staff := ""
	if n, err := strconv.ParseInt(v.Values["employees"], 10, 64); err == nil {
		staff = i18n.N(ctx, "customers.record.staff", n)
	}
	return dotted(v.field(ctx, "relations"), v.Values["sector"], staff, v.town(ctx))
}

// town is where somebody is: the town and, abroad or without one, the country.
func (v recordView) town(ctx context.Context) string {
	if v.Values["city"] == "" {
		return v.field(ctx, "country")
	}
	if v.Values["province"] == "" {
		return v.Values["city"]
	}
	return v.Values["city"] + ", " + v.Values["province"]
}

// facts are the line of figures under the head.
func (v recordView) facts(ctx context.Context) []ui.Term {
	out := []ui.Term{
		{Label: i18n.T(ctx, "customers.record.owners"), Content: ownersLine(v)},
		{Label: fieldLabel(ctx, Field{Name: "last_touch"}), Content: ui.Ago(v.LastTouch.Go(), v.now)},
	}
	if v.Kind == KindContact && v.Values["account"] != "" {
		out = slices.Insert(out, 1, ui.Term{Label: fieldLabel(ctx, Field{Name: "account"}), Content: v.link(ctx, KindAccount, v.Values["account"])})
	}
	for _, name := range []string{"tier", "region", "seniority"} {
		fd, ok := v.Schema.Field(name)
		if ok && v.Values[name] != "" {
			out = append(out, ui.Term{Label: fieldLabel(ctx, fd), Text: v.field(ctx, name)})
		}
	}
	if w := v.watch(ctx); w != "" {
		out = append(out, ui.Term{Label: i18n.T(ctx, "customers.record.watch"), Content: ui.Tag(ui.Soon, w)})
	}
	return out
}

// watch is what is out of the ordinary, in few words.
func (v recordView) watch(ctx context.Context) string {
	switch {
	case len(lines(v.Values["refuses"])) > 0:
		return i18n.T(ctx, "customers.record.refuses_short", "what", v.field(ctx, "refuses"))
	case v.Kind == KindContact && v.Values["regime"] != "professional" && v.Values["basis"] == "":
		return i18n.T(ctx, "customers.record.no_basis")
	}
	return ""
}

// link leads to another record, when the reader may read it.
func (v recordView) link(ctx context.Context, k Kind, id string) templ.Component {
	if name := v.Names[id]; name != "" {
		return ui.Link(recordPath(k, id), name)
	}
	return plainText(i18n.T(ctx, "customers.record.unknown"))
}

// tabs are the faces of a record; each has its address.
func (v recordView) tabs(ctx context.Context) []ui.Tab {
	tab := func(key, name, count string) ui.Tab {
		path := recordPath(v.Kind, v.ID)
		if name != "" {
			path += "/" + name
		}
		return ui.Tab{Label: i18n.T(ctx, key), Href: path, Count: count, Current: v.tab == name}
	}
	count := func(n int) string {
		if n == 0 {
			return ""
		}
		return i18n.Number(ctx, n)
	}
	out := []ui.Tab{tab("customers.record.tab.shared", "", ""), tab("customers.record.tab.values", "values", "")}
	if v.Kind == KindContact {
		out = append(out, tab("customers.record.tab.consents", "consents", ""))
	}
	out = append(out, tab("customers.record.tab.files", "files", count(len(v.Files))), tab("customers.record.tab.history", "history", count(v.Edits)))
	if v.Kind == KindContact && v.may.Restrict {
		out = append(out, tab("customers.record.tab.privacy", "privacy", ""))
	}
	return out
}

// beside are the panels that stand in the narrow column: the common thread.
func (v recordView) beside(narrow bool) []registry.Panel {
	const thread = 10 // panels up to this place tell what happened; the others are work
	var out []registry.Panel
	for _, p := range v.panels {
		if (p.Order <= thread) == narrow {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b registry.Panel) int { return a.Order - b.Order })
	return out
}

func panelHref(p registry.Panel, id string) string { return strings.ReplaceAll(p.Href, "{id}", id) }

// panelHX loads a panel when it comes into view. Its place is named, so that
// a form inside it can exchange it.
func panelHX(p registry.Panel, id, place string) ui.HX {
	return ui.HX{Get: panelHref(p, id), Target: "#" + place, Trigger: "revealed"}
}

func (v recordView) crumbs(ctx context.Context) []ui.Crumb {
	list := ui.Crumb{Label: i18n.T(ctx, "customers.record.accounts"), Href: "/accounts"}
	if v.Kind == KindContact {
		list = ui.Crumb{Label: i18n.T(ctx, "customers.record.contacts"), Href: "/contacts"}
	}
	out := []ui.Crumb{{Label: i18n.T(ctx, "ui.nav.customers"), Href: "/customers"}, list, {Label: v.Title()}}
	if v.tab == "" {
		return out
	}
	out[2].Href = recordPath(v.Kind, v.ID)
	return append(out, ui.Crumb{Label: i18n.T(ctx, "customers.record.tab."+v.tab)})
}

// telephone is a number as a phone dials it.
func telephone(p Point) string {
	number, _, _ := strings.Cut(p.Value, ";")
	return "tel:" + number
}

// refuses tells whether the person refuses a channel.
func (v recordView) refuses(channel string) bool {
	return slices.Contains(lines(v.Values["refuses"]), channel)
}

// whose says who wrote a need, and when.
func (v recordView) whose(ctx context.Context, n Need) string {
	return dotted(v.People[n.AuthorID].Name(), i18n.Relative(ctx, n.CreatedAt.Go(), v.now))
}

func (v recordView) openNeeds() (open, closed []Need) {
	for _, n := range v.Needs {
		if n.State == NeedOpen {
			open = append(open, n)
		} else {
			closed = append(closed, n)
		}
	}
	return open, closed
}

// provenance says where the record comes from, as sentences.
func (v recordView) provenance(ctx context.Context) []string {
	var out []string
	day := i18n.Date(ctx, v.CreatedAt.Go())
	by := authorOf(ctx, v.CreatedBy, v.People[v.CreatedBy].Name())
	switch src := v.Source; {
	case src == nil:
		out = append(out, i18n.T(ctx, "customers.record.made_by", "who", by, "when", day))
	default:
		out = append(out, i18n.T(ctx, "customers.record.made_from", "source", src.Name, "kind", i18n.T(ctx, "customers.record.source."+src.Kind), "when", day))
		if who := v.People[src.CreatedBy].Name(); who != "" {
			out = append(out, i18n.T(ctx, "customers.record.brought_by", "who", authorOf(ctx, src.CreatedBy, who)))
		}
		if src.Day != "" {
			out = append(out, i18n.T(ctx, "customers.record.gathered", "when", i18n.Day(ctx, src.Day)))
		}
		if src.Confidence != "" {
			out = append(out, i18n.T(ctx, "customers.record.confidence."+src.Confidence))
		}
	}
	if v.Version > 1 {
		out = append(out, i18n.T(ctx, "customers.record.changed_by", "who", authorOf(ctx, v.UpdatedBy, v.People[v.UpdatedBy].Name()), "when", i18n.Relative(ctx, v.UpdatedAt.Go(), v.now)))
	}
	return out
}

// filled lists the fields of a card that say something.
func (v recordView) filled(group string) []Field {
	var out []Field
	for _, f := range v.Schema.Fields {
		if f.Group == group && f.Set && v.Values[f.Name] != "" {
			out = append(out, f)
		}
	}
	return out
}

// groups are the cards of the page of all values.
func (v recordView) groups() []string {
	var out []string
	for _, g := range []string{"who", "reach", "ours", "place", "numbers", "law", "custom"} {
		if len(v.filled(g)) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// origin says who wrote one value last, when it was changed since the record was
// made; all others come from where the record comes from.
func (v recordView) origin(ctx context.Context, f Field) string {
	for _, e := range v.history {
		if slices.ContainsFunc(e.Fields, func(x edits.Field) bool { return x.Name == f.Name }) {
			return i18n.T(ctx, "customers.record.value_by", "who", authorOf(ctx, e.ByID, e.By), "when", i18n.Date(ctx, e.At))
		}
	}
	return ""
}

// undoable tells whether an edit may still be taken back by the reader.
func (v recordView) undoable(e edits.Edit) bool {
	return v.CanEdit && v.now.Sub(e.At) <= undoFor
}

// part is what a field was and became, for people.
func (v recordView) part(ctx context.Context, name, value string) string {
	if value == "" {
		return i18n.T(ctx, "ui.conflict.empty")
	}
	fd, ok := v.Schema.Field(name)
	if !ok {
		return value
	}
	return valueText(ctx, fd, value, v.Names)
}

// changed is what a field is called in the history; one that is gone keeps its code.
func (v recordView) changed(ctx context.Context, name string) string {
	if fd, ok := v.Schema.Field(name); ok {
		return fieldLabel(ctx, fd)
	}
	return name
}

// positionDays writes from when to when somebody was somewhere.
func positionDays(ctx context.Context, p Position) string {
	switch {
	case p.From != "" && p.To != "":
		return i18n.T(ctx, "customers.record.from_to", "from", i18n.Day(ctx, p.From), "to", i18n.Day(ctx, p.To))
	case p.To != "":
		return i18n.T(ctx, "customers.record.until", "day", i18n.Day(ctx, p.To))
	case p.From != "":
		return i18n.T(ctx, "customers.record.since", "day", i18n.Day(ctx, p.From))
	}
	return ""
}

func atText(ctx context.Context, t db.Time) string { return i18n.DateTime(ctx, t.Go()) }
