package team

import (
	"context"
	"slices"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

// i18n: team.hint.* team.ask.*

// field describes one entry of the profile's form.
func (v profileView) field(ctx context.Context, name, value string) ui.FieldProps {
	p := ui.FieldProps{Name: name, Label: i18n.T(ctx, "team.field."+name), Value: value, Error: v.Errors[name],
		Optional: !slices.Contains([]string{"given", "family", "department", "region", "unit", "manager", "channel", "country"}, name)}
	switch name {
	case "given":
		p.Autocomplete, p.MaxLength = "given-name", 100
	case "family":
		p.Autocomplete, p.MaxLength = "family-name", 100
	case "title":
		p.MaxLength, p.Hint = 120, i18n.T(ctx, "team.hint.title")
	case "phone":
		p.Type, p.Autocomplete, p.InputMode, p.MaxLength = "tel", "tel", "tel", 40
	case "city":
		p.MaxLength, p.List, p.Why = 100, v.choices.Cities, i18n.T(ctx, "team.ask.city")
	case "channel":
		p.Why = i18n.T(ctx, "team.ask.channel")
	case "products":
		p.Hint, p.Why = suggestions(ctx, v.choices.Products), i18n.T(ctx, "team.ask.products")
	case "segments":
		p.Hint = suggestions(ctx, v.choices.Segments)
	case "skills":
		p.Hint = suggestions(ctx, v.choices.Skills)
	case "about":
		p.MaxLength, p.Rows, p.Hint = 2000, 4, i18n.T(ctx, "team.hint.about")
	}
	return p
}

// suggestions says how to write a list, with words that others use already.
func suggestions(ctx context.Context, words []string) string {
	if len(words) == 0 {
		return i18n.T(ctx, "team.hint.list")
	}
	return i18n.T(ctx, "team.hint.list_such_as", "words", JoinLabels(words[:min(len(words), 4)]))
}

// profileFieldList are the fields in the order of the form, for the summary of errors.
func profileFieldList(ctx context.Context, v profileView) []ui.FieldProps {
	var out []ui.FieldProps
	for _, name := range ProfileFields() {
		f := v.field(ctx, name, "")
		if name == "hours" {
			f.ID = "f-own_hours"
		}
		out = append(out, f)
	}
	return out
}

// placeWords says where somebody stands, for the form of who may not change it.
func placeWords(v profileView) string {
	p, st := v.sheet.Profile, v.structure
	return dotted(st.Department(p.DepartmentID).Name, st.Unit(p.UnitID).Name, st.Region(p.RegionID).Name)
}
