package customers

import (
	"context"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

func formShort(ctx context.Context, f recordForm) string {
	if f.id != "" {
		return i18n.T(ctx, "customers.record.edit")
	}
	return f.title(ctx)
}

// formSummary says what is needed: nearly nothing.
func formSummary(ctx context.Context, f recordForm) string {
	switch {
	case f.id != "":
		return ""
	case f.kind == KindAccount:
		return i18n.T(ctx, "customers.record.needs_name")
	}
	return i18n.T(ctx, "customers.record.needs_name_contact")
}

// hintHX asks for hints a moment after something was typed.
func hintHX(f recordForm) ui.HX {
	path := recordPath(f.kind, "hints")
	if f.id != "" {
		path += "?except=" + f.id
	}
	return ui.HX{Post: path, Target: "#record-hints", Trigger: "input delay:700ms from:#record-form, change delay:100ms from:#record-form", Include: "#record-form", Sync: "this:replace"}
}

// finderHX looks for records while words are typed.
func finderHX(k Kind, f Field) ui.HX {
	return ui.HX{Get: "/customers/choose?of=" + string(k) + "&field=" + f.Name, Target: "#f-" + f.Name + "-found", Trigger: "input changed delay:250ms", Sync: "this:replace"}
}

func pointInput(f Field) string {
	if f.Type == Emails {
		return "email"
	}
	return "tel"
}

// pointName is what a line of a field is called for screen readers.
func pointName(ctx context.Context, f Field, i, n int) string {
	switch {
	case i == 0:
		return fieldLabel(ctx, f)
	case i == n-1:
		return i18n.T(ctx, "customers.record.point_new", "field", fieldLabel(ctx, f))
	}
	return i18n.T(ctx, "customers.record.point_n", "field", fieldLabel(ctx, f), "n", i+1)
}
