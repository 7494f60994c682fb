package timeline

import (
	"unisson/internal/platform/auth"
	"unisson/internal/platform/registry"
	"unisson/internal/team"
)

// Visible tells what of a colleague this package shows, to whom and why.
func Visible() []registry.Visible {
	all := []auth.Role{team.Salesperson, team.Marketer, team.ProductManager, team.HeadOfSales, team.HeadOfMarketing, team.Executive, team.Integrator, team.Administrator, team.DPO}
	return []registry.Visible{
		{Dataset: "touches", What: "timeline.visible.touches", Readers: all, Why: "timeline.visible.touches_why"},
		{Dataset: "notes", What: "timeline.visible.notes", Why: "timeline.visible.notes_why"},
	}
}
