package team

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// contest is a form refused because somebody saved first: what he wrote, what
// was sent, and what both had read. Values are texts by field, as a form sends
// them; several of one field are joined by commas.
type contest struct {
	form
	title  string
	crumbs []ui.Crumb
	order  []string // the fields, in the order of the form
	mine   map[string]string
	theirs map[string]string
	by     Changed // who wrote theirs; its version is the one to save against
	label  func(ctx context.Context, field string) string
	shown  func(ctx context.Context, field, value string) string

	merged  map[string]string
	clashes []Clash
}

// settled merges both sides and saves at once what nobody disputes. Where both
// changed one field it shows the page that asks to choose, and nothing is saved.
func (c *contest) settled(w http.ResponseWriter, r *http.Request, save func(version int64, v map[string]string) error) (bool, error) {
	c.merged, c.clashes = Merge(c.order, readWas(c.Was), c.mine, c.theirs, nil)
	if len(c.clashes) == 0 {
		return true, save(c.by.Version, c.merged)
	}
	c.Was = writeWas(c.theirs) // what the page that asks has shown
	return false, web.Render(w, r, http.StatusConflict, choosePage(*c))
}

// writeWas keeps in a form what stood when it was read, so that a later save
// can tell whose change is whose. Whoever alters it deceives himself alone: he
// may write these fields anyway.
func writeWas(values map[string]string) string {
	q := url.Values{}
	for f, v := range values {
		q.Set(f, v)
	}
	return q.Encode()
}

// readWas reads it back; nil is "not known", and every difference is asked about.
func readWas(text string) map[string]string {
	q, err := url.ParseQuery(text)
	if err != nil || len(q) == 0 {
		return nil
	}
	out := make(map[string]string, len(q))
	for f := range q {
		out[f] = q.Get(f)
	}
	return out
}

// author names who wrote what stands, as the reader calls him.
func author(ctx context.Context, by Changed) string {
	switch {
	case by.ByID != "" && by.ByID == auth.From(ctx).UserID:
		return i18n.T(ctx, "team.choose.you")
	case by.By == "":
		return i18n.T(ctx, "team.choose.somebody")
	}
	return by.By
}

// clashTitle says who changed how many fields meanwhile.
func clashTitle(ctx context.Context, n int, by Changed) string {
	if by.ByID != "" && by.ByID == auth.From(ctx).UserID {
		return i18n.N(ctx, "team.choose.own", n)
	}
	return i18n.N(ctx, "team.choose.title", n, "by", or(by.By, i18n.T(ctx, "team.choose.somebody_first")))
}

// choice is one field of the page that asks to choose.
func choice(ctx context.Context, c Clash, by Changed, label string, shown func(context.Context, string, string) string) ui.ConflictProps {
	return ui.ConflictProps{Name: c.Field, Label: label,
		Theirs: ui.Version{Value: c.Theirs, Text: shown(ctx, c.Field, c.Theirs), By: author(ctx, by), When: i18n.DateTime(ctx, by.At)},
		Mine:   ui.Version{Value: c.Mine, Text: shown(ctx, c.Field, c.Mine), By: i18n.T(ctx, "team.choose.you"), When: i18n.T(ctx, "team.choose.just_now")}}
}

// choices are the fields in dispute, and those on which nobody disagrees.
func (c contest) choices(ctx context.Context) (asked []ui.ConflictProps, rest []ui.Hidden) {
	for _, f := range c.order {
		if i := slices.IndexFunc(c.clashes, func(x Clash) bool { return x.Field == f }); i >= 0 {
			asked = append(asked, choice(ctx, c.clashes[i], c.by, c.label(ctx, f), c.shown))
		} else {
			rest = append(rest, ui.Hidden{Name: f, Value: c.merged[f]})
		}
	}
	return asked, rest
}

// ticked is the value of a checkbox.
func ticked(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// several takes apart values that the page that asks sends as one.
func several(values []string) []string {
	var out []string
	for _, v := range values {
		out = append(out, SplitLabels(v)...)
	}
	return out
}

// inOrder sorts chosen values as the form lists them; unknown ones come last,
// for the rules to refuse.
func inOrder[T ~string](all []T, chosen []string) []T {
	out := make([]T, len(chosen))
	for i, c := range chosen {
		out[i] = T(c)
	}
	place := func(v T) int {
		if i := slices.Index(all, v); i >= 0 {
			return i
		}
		return len(all)
	}
	slices.SortStableFunc(out, func(a, b T) int { return place(a) - place(b) })
	return out
}
