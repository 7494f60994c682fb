package customers

import (
	"context"
	"strings"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

// i18n: customers.own.field.* customers.own.hint.*

func ownTitle(ctx context.Context, v ownView) string {
	switch {
	case v.field.ID != "":
		return v.field.Name(i18n.Lang(ctx))
	case v.field.Kind == KindContact:
		return i18n.T(ctx, "customers.own.new_contact")
	}
	return i18n.T(ctx, "customers.own.new_account")
}

func ownAction(v ownView) string {
	if v.field.ID == "" {
		return "/fields/new"
	}
	return "/fields/" + v.field.ID
}

// ownProps are the controls of the form of a field. Code and type are asked
// once: values are written under them.
func ownProps(ctx context.Context, v ownView) []ui.FieldProps {
	c := v.field
	prop := func(name, value string, most int) ui.FieldProps {
		p := ui.FieldProps{Name: name, Label: i18n.T(ctx, "customers.own.field."+name), Value: value, MaxLength: most, Error: v.errors[name]}
		if key := "customers.own.hint." + name; i18n.Has(ctx, key) {
			p.Hint = i18n.T(ctx, key)
		}
		return p
	}
	out := []ui.FieldProps{prop("name_en", c.NameEN, 80), prop("name_fr", c.NameFR, 80)}
	if c.ID == "" {
		code := prop("code", c.Code, 40)
		code.Optional = true
		out = append(out, prop("type", string(c.Type), 0), code)
	}
	if c.ID == "" || c.Type == Choice || c.Type == Choices {
		choices := prop("choices", strings.Join(c.Choices, "\n"), 8000)
		choices.Rows = 3
		out = append(out, choices)
	}
	return append(out, prop("reader", string(c.Reader), 0), prop("why_en", c.WhyEN, 300), prop("why_fr", c.WhyFR, 300))
}
