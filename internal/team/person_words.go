package team

import (
	"context"
	"net/url"
	"strings"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/ui"
)

// i18n: team.label.*

func labelQuery(kind LabelKind, word string) url.Values { return url.Values{string(kind): {word}} }

// labelWord names a label in the reader's language.
func labelWord(ctx context.Context, kind LabelKind, word string) string {
	if kind == Language {
		return i18n.LanguageName(ctx, word)
	}
	return word
}

// paragraphs cuts a text at its empty lines.
func paragraphs(text string) []string {
	var out []string
	for _, p := range strings.Split(text, "\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// absenceAdvice says whom to ask instead.
func absenceAdvice(ctx context.Context, p Person) string {
	text := i18n.T(ctx, "team.absence.nobody_stands_in")
	if p.Deputy != nil {
		text = i18n.T(ctx, "team.absence.ask_deputy", "deputy", p.Deputy.Name())
	}
	if p.Absence.Note != "" {
		text += " " + i18n.Quote(ctx, p.Absence.Note)
	}
	return text
}

// situationLines are situations as a short list.
func situationLines(ctx context.Context, all []Situation) []ui.MiniProps {
	lang := i18n.Lang(ctx)
	out := make([]ui.MiniProps, len(all))
	for i, s := range all {
		out[i] = ui.MiniProps{Icon: "signpost", Title: s.Name(lang), Href: "/guide/" + s.ID, Second: s.Moment(lang)}
	}
	return out
}

// teamLines are teams as a short list, ended ones said so.
func teamLines(ctx context.Context, all []Team, today clock.Day) []ui.MiniProps {
	var out []ui.MiniProps
	for _, t := range all {
		line := ui.MiniProps{Icon: "workflow", Title: t.Name, Href: "/teams/" + t.ID}
		switch {
		case t.Ended(today):
			line.When = i18n.T(ctx, "team.teams.ended")
		case t.EndsOn != (clock.Day{}):
			line.When = when(ctx, t.EndsOn)
		}
		out = append(out, line)
	}
	return out
}

// nearLines are people near by as a short list.
func nearLines(people []Person) []ui.MiniProps {
	var out []ui.MiniProps
	for _, p := range people {
		out = append(out, miniOf(p))
	}
	return out
}

// absenceLines are absences to come, and those in which somebody stands in.
func absenceLines(ctx context.Context, own, standingIn []Absence) []ui.MiniProps {
	var out []ui.MiniProps
	for _, a := range own {
		line := ui.MiniProps{Icon: "calendar-off", Title: span(ctx, a)}
		if a.Deputy != "" {
			line.Second = i18n.T(ctx, "team.absence.stands_in", "deputy", a.Deputy)
		}
		out = append(out, line)
	}
	for _, a := range standingIn {
		out = append(out, ui.MiniProps{Icon: "user-check", Title: i18n.T(ctx, "team.absence.for", "name", a.Person), Href: "/people/" + a.PersonID, Second: span(ctx, a)})
	}
	return out
}

// span writes the days of an absence.
func span(ctx context.Context, a Absence) string {
	if a.From == a.To {
		return i18n.ShortWeekday(ctx, a.From.String())
	}
	return i18n.T(ctx, "team.absence.span", "from", i18n.ShortWeekday(ctx, a.From.String()), "to", i18n.ShortWeekday(ctx, a.To.String()))
}

// panelHX loads a block of another capability when it comes into view.
func panelHX(panel registry.Panel, id string) ui.HX {
	return ui.HX{Get: strings.ReplaceAll(panel.Href, "{id}", id), Target: "this", Trigger: "revealed"}
}
