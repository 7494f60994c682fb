package home

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/web"
)

func (p *Pages) root(w http.ResponseWriter, r *http.Request) error {
	return web.Redirect(w, r, "/today")
}

func (p *Pages) today(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	day, err := p.Today(ctx)
	if err != nil {
		return err
	}
	var aside []templ.Component
	for _, f := range p.Aside {
		c, err := f(ctx)
		if err != nil {
			return err
		}
		if c != nil {
			aside = append(aside, c)
		}
	}
	given, _, _ := strings.Cut(auth.From(ctx).Name, " ")
	now := p.Clock.Now().In(i18n.Zone(ctx))
	return web.Render(w, r, http.StatusOK, todayPage(greeting{given: given, hour: now.Hour(), now: now}, day, aside))
}

type searchForm struct {
	Q string `form:"q"`
}

func (p *Pages) find(w http.ResponseWriter, r *http.Request) error {
	var f searchForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	groups, err := p.Search(r.Context(), f.Q)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, findPage(f.Q, groups))
}

func (p *Pages) palette(w http.ResponseWriter, r *http.Request) error {
	var f searchForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	groups, err := p.Search(r.Context(), f.Q)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, paletteFragment(groups))
}
