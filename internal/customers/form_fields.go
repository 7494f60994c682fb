package customers

import (
	"context"
	"slices"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/edits"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/team"
)

// i18n: customers.record.hint.*

// formGroups are the cards of the form, a column each: what one knows of a
// customer at once, then the rest.
func formGroups() [2][]string {
	return [2][]string{{"who", "reach", "custom"}, {"ours", "place", "numbers", "law"}}
}

// fieldsOf lists the fields of one card. What a person refuses and when he was
// told are not typed over: they are noted with their proof, on their own page.
func (f recordForm) fieldsOf(group string) []Field {
	return slices.DeleteFunc(f.sch.Group(group), func(x Field) bool {
		switch x.Name {
		case "refuses", "informed_on":
			return true
		case "unit":
			return len(f.places.Units) == 0
		case "region":
			return len(f.places.Regions) == 0
		}
		return false
	})
}

// props describe the control of a field.
func (f recordForm) props(ctx context.Context, fd Field) ui.FieldProps {
	p := ui.FieldProps{Name: fd.Name, ID: "f-" + fd.Name, Label: fieldLabel(ctx, fd), Value: f.shown(ctx, fd), Error: f.errors[fd.Name]}
	if !fd.Several() {
		p.MaxLength = fd.Max
	}
	if fd.Custom != nil {
		p.Why = i18n.T(ctx, "customers.record.why", "why", fd.Custom.Why(i18n.Lang(ctx)), "reader", i18n.T(ctx, "team.role."+string(fd.Custom.Reader)))
	} else if key := "customers.record.hint." + fd.Name; i18n.Has(ctx, key) {
		p.Hint = i18n.T(ctx, key)
	}
	switch fd.Type {
	case Number, Money:
		p.InputMode = "decimal"
	case Whole:
		p.InputMode = "numeric"
	case Date:
		p.Type = "date"
	case URL:
		p.InputMode = "url"
	case Tags:
		p.Value = strings.Join(strings.Split(p.Value, "\n"), ", ")
	case Lines:
		p.Rows = 2
	}
	return p
}

// shown is a value as its control holds it: decimals with the reader's sign.
func (f recordForm) shown(ctx context.Context, fd Field) string {
	v := f.values[fd.Name]
	if (fd.Type == Money || fd.Type == Number) && strings.HasPrefix(i18n.Lang(ctx), "fr") && strings.Count(v, ".") == 1 {
		return strings.Replace(strings.TrimSuffix(v, ".00"), ".", ",", 1)
	}
	if fd.Type == Money {
		return strings.TrimSuffix(v, ".00")
	}
	return v
}

// options are what a list offers, the value that stands included.
func (f recordForm) options(ctx context.Context, fd Field) []ui.Option {
	var out []ui.Option
	switch fd.Type {
	case Choice, Choices:
		for _, c := range fd.Choices {
			out = append(out, ui.Option{Value: c, Label: choiceLabel(ctx, fd, c)})
		}
	case Language:
		for _, l := range team.Languages() {
			out = append(out, ui.Option{Value: l, Label: i18n.LanguageName(ctx, l)})
		}
	case Country:
		for _, c := range team.Countries() {
			out = append(out, ui.Option{Value: c, Label: i18n.CountryName(ctx, c)})
		}
	case Unit:
		for _, u := range f.places.Units {
			out = append(out, ui.Option{Value: u.ID, Label: u.Name})
		}
	case Region:
		for _, g := range f.places.Regions {
			out = append(out, ui.Option{Value: g.ID, Label: g.Name})
		}
	case Person:
		out = f.peopleOptions(fd)
	}
	on := strings.Split(f.values[fd.Name], "\n")
	for i := range out {
		out[i].On = out[i].Value != "" && slices.Contains(on, out[i].Value)
	}
	if fd.Type == Choices {
		return out
	}
	if v := f.values[fd.Name]; v != "" && !slices.ContainsFunc(out, func(o ui.Option) bool { return o.Value == v }) {
		out = append(out, ui.Option{Value: v, Label: valueText(ctx, fd, v, f.names), On: true})
	}
	if fd.Name == "kind" && fd.Custom == nil {
		return out
	}
	return append([]ui.Option{{Label: f.blank(ctx, fd)}}, out...)
}

// peopleOptions lists colleagues, those of the field's own side first.
func (f recordForm) peopleOptions(fd Field) []ui.Option {
	side := map[string]team.Kind{"sales": team.Sales, "marketing": team.Marketing}[fd.Name]
	var first, rest []ui.Option
	for _, c := range f.people {
		o := ui.Option{Value: c.ID, Label: c.Name()}
		if side != "" && c.Side() == side {
			first = append(first, o)
		} else {
			rest = append(rest, o)
		}
	}
	return append(first, rest...)
}

// blank says what an empty choice means.
func (f recordForm) blank(ctx context.Context, fd Field) string {
	a := auth.From(ctx)
	switch {
	case f.id != "":
	case fd.Name == "sales" && a.Has(team.Salesperson), fd.Name == "marketing" && a.Has(team.Marketer):
		return i18n.T(ctx, "customers.record.blank.me")
	case fd.Type == Person && fd.Custom == nil && f.kind == KindContact:
		return i18n.T(ctx, "customers.record.blank.account")
	}
	switch fd.Type {
	case Person:
		return i18n.T(ctx, "customers.record.blank.nobody")
	case Unit:
		return i18n.T(ctx, "customers.record.blank.all")
	}
	return i18n.T(ctx, "customers.record.blank.none")
}

// pointRow is one line of a field of addresses or numbers.
type pointRow struct {
	text, label string
	invalid     bool
}

// points are the lines of a field, with an empty one to add another.
func (f recordForm) points(fd Field) []pointRow {
	var out []pointRow
	for _, p := range PointsOf(pointKind(fd.Type), f.values[fd.Name]) {
		out = append(out, pointRow{text: p.Shown(), label: p.Label, invalid: p.State == "invalid"})
	}
	out = append(out, pointRow{})
	if f.more == fd.Name {
		out = append(out, pointRow{})
	}
	return out
}

func pointOptions(ctx context.Context, fd Field, label string) []ui.Option {
	out := []ui.Option{{Label: i18n.T(ctx, "customers.record.blank.label")}}
	all := PointLabels(pointKind(fd.Type))
	if label != "" && !slices.Contains(all, label) {
		all = append(all, label)
	}
	for _, l := range all {
		out = append(out, ui.Option{Value: l, Label: pointLabel(ctx, fd, l), On: l == label})
	}
	return out
}

// summary is the list of what is wrong, above the form.
func (f recordForm) summary(ctx context.Context) []ui.ErrorLink {
	var all []ui.FieldProps
	for _, column := range formGroups() {
		for _, g := range column {
			for _, fd := range f.fieldsOf(g) {
				p := f.props(ctx, fd)
				switch fd.Type {
				case Emails, Phones:
					p.ID += "-0"
				case Account, AnyRef:
					p.ID += "-find"
				}
				all = append(all, p)
			}
		}
	}
	return ui.Summarize(all...)
}

func (f recordForm) title(ctx context.Context) string {
	switch {
	case f.id != "":
		return i18n.T(ctx, "customers.record.edit_name", "name", f.sheet.Title())
	case f.kind == KindAccount:
		return i18n.T(ctx, "customers.record.new_account")
	}
	return i18n.T(ctx, "customers.record.new_contact")
}

func (f recordForm) action() string {
	if f.id != "" {
		return recordPath(f.kind, f.id, "edit")
	}
	return recordPath(f.kind, "new")
}

func (f recordForm) cancel() string {
	switch {
	case f.id != "":
		return recordPath(f.kind, f.id)
	case f.values["account"] != "" && f.from != "":
		return recordPath(KindAccount, f.values["account"])
	case f.kind == KindAccount:
		return "/accounts"
	}
	return "/contacts"
}

func (f recordForm) crumbs(ctx context.Context) []ui.Crumb {
	out := []ui.Crumb{{Label: i18n.T(ctx, "ui.nav.customers"), Href: "/customers"}}
	if f.id != "" {
		return append(out, ui.Crumb{Label: f.sheet.Title(), Href: recordPath(f.kind, f.id)}, ui.Crumb{Label: i18n.T(ctx, "customers.record.edit")})
	}
	return append(out, ui.Crumb{Label: f.title(ctx)})
}

// conflictProps are the fields in dispute, and those on which nobody disagrees.
func (f recordForm) conflictProps(ctx context.Context) (asked []ui.ConflictProps, rest []ui.Hidden) {
	for _, name := range f.sch.Names() {
		fd, _ := f.sch.Field(name)
		i := slices.IndexFunc(f.conflict.Clashes, func(c edits.Clash) bool { return c.Field == name })
		if i < 0 {
			rest = append(rest, ui.Hidden{Name: name, Value: f.conflict.Merged[name]})
			continue
		}
		c := f.conflict.Clashes[i]
		asked = append(asked, ui.ConflictProps{Name: name, Label: fieldLabel(ctx, fd),
			Theirs: ui.Version{Value: c.Theirs, Text: valueText(ctx, fd, c.Theirs, f.names), By: authorOf(ctx, c.ByID, c.By), When: i18n.DateTime(ctx, c.At)},
			Mine:   ui.Version{Value: c.Mine, Text: valueText(ctx, fd, c.Mine, f.names), By: i18n.T(ctx, "customers.record.you"), When: i18n.T(ctx, "customers.record.just_now")}})
	}
	return asked, rest
}

// authorOf names who wrote something, as the reader calls him.
func authorOf(ctx context.Context, id, name string) string {
	switch {
	case id != "" && id == auth.From(ctx).UserID:
		return i18n.T(ctx, "customers.record.you")
	case name == "":
		return i18n.T(ctx, "customers.record.somebody")
	}
	return name
}

// conflictTitle says who changed how many fields meanwhile.
func (f recordForm) conflictTitle(ctx context.Context) string {
	c := f.conflict.Clashes[0]
	if c.ByID != "" && c.ByID == auth.From(ctx).UserID {
		return i18n.N(ctx, "customers.record.clash_own", len(f.conflict.Clashes))
	}
	by := c.By
	if by == "" {
		by = i18n.T(ctx, "customers.record.somebody_first")
	}
	return i18n.N(ctx, "customers.record.clash", len(f.conflict.Clashes), "by", by)
}

// alikeWords says why a record may be the same.
func alikeWords(ctx context.Context, sch *Schema, k Known) string {
	fd, ok := sch.Field(k.By)
	if !ok {
		return k.Sub
	}
	return dotted(i18n.T(ctx, "customers.record.same_field", "field", fieldLabel(ctx, fd)), k.Sub)
}
