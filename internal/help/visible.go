package help

import (
	"context"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/ui"
)

// readers writes who reads a dataset: roles by name, or only oneself.
func readers(ctx context.Context, v registry.Visible) string {
	if len(v.Readers) == 0 {
		return i18n.T(ctx, "help.visible.only_me")
	}
	names := make([]string, len(v.Readers))
	for i, r := range v.Readers {
		names[i] = i18n.T(ctx, "team.role."+string(r))
	}
	return i18n.List(ctx, names...)
}

func (f frame) crumbs(ctx context.Context) []ui.Crumb {
	if !f.crumb {
		return nil
	}
	return []ui.Crumb{{Label: i18n.T(ctx, "help.title"), Href: "/help"}, {Label: f.title}}
}
