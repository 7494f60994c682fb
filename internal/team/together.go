package team

import (
	"context"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

func peopleCount(ctx context.Context, v togetherView) string {
	if v.More {
		return i18n.T(ctx, "team.people_many", "count", countLimit)
	}
	return i18n.N(ctx, "team.people", v.People)
}

// teamsWords says first that a team lacks one of the two departments.
func teamsWords(ctx context.Context, lacking int) string {
	if lacking > 0 {
		return i18n.N(ctx, "team.teams.lacking", lacking)
	}
	return i18n.T(ctx, "team.together.teams")
}

// maxAside is how many lines a short list beside a page has.
const maxAside = 6

// awayLines are those who are away, until when, and who stands in.
func awayLines(ctx context.Context, people []Person) []ui.MiniProps {
	var out []ui.MiniProps
	for _, p := range people[:min(len(people), maxAside)] {
		if p.Absence == nil {
			continue // away at the company's seat, not by the clock of his own zone
		}
		line := miniOf(p)
		line.When, line.Second = i18n.T(ctx, "team.absence.short", "day", when(ctx, p.Absence.To)), i18n.T(ctx, "team.absence.nobody_stands_in")
		if p.Deputy != nil {
			line.Second = i18n.T(ctx, "team.absence.stands_in", "deputy", p.Deputy.Name())
		}
		out = append(out, line)
	}
	return out
}

// miniOf is a person as a line of a short list.
func miniOf(p Person) ui.MiniProps {
	f := face(p)
	return ui.MiniProps{Person: &f, Title: f.Name, Href: f.Href, Second: dotted(p.Title, p.Department)}
}
