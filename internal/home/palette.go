package home

import (
	"context"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

// i18n: palette.group.*

// maxTyped is more than anybody looks for; every source would search for it all.
const maxTyped = 200

// perKind is how many hits of one kind the palette shows.
const perKind = 6

// Search finds people and pages for the words typed; without words it offers
// what one does and where one goes most.
func (p *Pages) Search(ctx context.Context, text string) ([]ui.PaletteGroup, error) {
	actor := auth.From(ctx)
	if r := []rune(text); len(r) > maxTyped {
		text = string(r[:maxTyped])
	}
	text = strings.TrimSpace(text)
	var out []ui.PaletteGroup
	if len([]rune(text)) >= 2 {
		for _, s := range p.Sources {
			if !actor.Can(s.Perm) {
				continue
			}
			hits, err := s.Find(ctx, text, perKind)
			if err != nil {
				return nil, errs.Wrap("find: "+s.Kind, err)
			}
			g := ui.PaletteGroup{Label: i18n.T(ctx, "palette.group."+s.Kind)}
			for _, h := range hits {
				g.Hits = append(g.Hits, ui.PaletteHit{Icon: h.Icon, Title: h.Title, Second: h.Sub, Href: h.Href})
			}
			out = append(out, g)
		}
	}
	for _, group := range []string{"act", "go"} {
		out = append(out, p.commands(ctx, actor, group, db.Fold(text)))
	}
	filled := out[:0]
	for _, g := range out {
		if len(g.Hits) > 0 {
			filled = append(filled, g)
		}
	}
	return filled, nil
}

// commands finds those whose words hold every word typed, as beginnings.
func (p *Pages) commands(ctx context.Context, actor auth.Actor, group, folded string) ui.PaletteGroup {
	g := ui.PaletteGroup{Label: i18n.T(ctx, "palette.group."+group)}
	for _, c := range p.Commands {
		if c.Group != group || !actor.Can(c.Perm) {
			continue
		}
		words := i18n.T(ctx, c.Key)
		if !matches(db.Fold(words), folded) {
			continue
		}
		g.Hits = append(g.Hits, ui.PaletteHit{Icon: c.Icon, Title: words, Href: c.Href, Keys: c.Keys})
		if len(g.Hits) == perKind && folded == "" {
			break
		}
	}
	return g
}

func matches(words, typed string) bool {
	for _, t := range strings.Fields(typed) {
		found := false
		for _, w := range strings.FieldsFunc(words, func(r rune) bool { return r == ' ' || r == '\'' || r == '-' || r == '\u00a0' }) {
			found = found || strings.HasPrefix(w, t)
		}
		if !found {
			return false
		}
	}
	return true
}
