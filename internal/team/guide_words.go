package team

import (
	"context"
	"strings"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

// meantWords says in a few words whom a rule means.
func meantWords(ctx context.Context, r Rule) string {
	switch {
	case r.PersonID != "":
		return i18n.T(ctx, "team.guide.somebody")
	case len(r.Roles) > 0:
		return i18n.T(ctx, "team.role."+string(r.Roles[0]))
	case r.Orientation != "":
		return i18n.T(ctx, "team.orientation."+string(r.Orientation))
	case len(r.Kinds) > 0:
		return i18n.T(ctx, "team.kind."+string(r.Kinds[0]))
	case r.Head:
		return i18n.T(ctx, "team.guide.head")
	}
	return strings.Join(r.Skills, ", ")
}

// ruleTerms writes a rule in words: how the guide chooses.
func ruleTerms(ctx context.Context, r Rule) []ui.Term {
	var out []ui.Term
	add := func(key, text string) {
		if text != "" {
			out = append(out, ui.Term{Label: i18n.T(ctx, key), Text: text})
		}
	}
	if r.PersonID != "" {
		add("team.guide.rule.who", i18n.T(ctx, "team.guide.somebody"))
		return out
	}
	add("team.guide.rule.roles", roleNames(ctx, r.Roles))
	add("team.guide.rule.kinds", named(ctx, "team.kind.", r.Kinds))
	if r.Orientation != "" {
		add("team.guide.rule.orientation", i18n.T(ctx, "team.orientation."+string(r.Orientation)))
	}
	if r.Head {
		add("team.guide.rule.head", i18n.T(ctx, "team.yes"))
	}
	add("team.guide.rule.skills", strings.Join(r.Skills, ", "))
	if r.Covers {
		add("team.guide.rule.product", i18n.T(ctx, "team.guide.rule.covers"))
	}
	if r.Serves {
		add("team.guide.rule.segment", i18n.T(ctx, "team.guide.rule.covers"))
	}
	if r.Near != AnyRegion {
		add("team.guide.rule.region", i18n.T(ctx, "team.near."+string(r.Near)))
	}
	add("team.guide.rule.tiers", strings.Join(r.Tiers, ", "))
	add("team.guide.rule.types", named(ctx, "team.opportunity.", r.Types))
	add("team.guide.rule.on", named(ctx, "team.page.", r.On))
	return out
}

// named translates codes under a prefix and joins them by commas.
func named[T ~string](ctx context.Context, prefix string, codes []T) string {
	words := make([]string, len(codes))
	for i, c := range codes {
		words[i] = i18n.T(ctx, prefix+string(c))
	}
	return strings.Join(words, ", ")
}
