package e2e

import (
	"context"
	"os"
	"sync"

	"github.com/chromedp/chromedp"

	"unisson/internal/platform/i18n"
)

// bundle is every message of the product, so that a journey names a button by its key and survives a better word.
var bundle = sync.OnceValues(func() (*i18n.Bundle, error) {
	home, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	return i18n.Load(os.DirFS(home))
})

// T is what the page says for a key of the message files, in the language of the page.
func (p *Page) T(key string, pairs ...any) string {
	p.t.Helper()
	b, err := bundle()
	if err != nil {
		p.t.Fatal("e2e: ", err)
	}
	return b.For(p.look.Lang, nil).T(key, pairs...)
}

// Speaks says that the page is in another language from now on, because a step has switched it.
func (p *Page) Speaks(lang string) { p.look.Lang = lang }

// SignIn enters the demo company as the persona whose button names this person, and waits for the first page.
func (p *Page) SignIn(persona string) {
	p.t.Helper()
	p.Goto("/sign-in")
	p.FollowLike("button", persona)
	p.Arrive("/today")
	p.Listen()
}

// Listen takes the language that the page says it is in: a person's own goes before the browser's.
func (p *Page) Listen() {
	p.t.Helper()
	p.look.Lang = p.Eval(`document.documentElement.lang`)
}

// SwitchTo puts the page into a language by the switch of the shell.
func (p *Page) SwitchTo(lang string) {
	p.t.Helper()
	at := p.Path()
	p.loaded("switching to "+lang, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[chromedp.Void]("document.querySelector('form[action=\"/language\"] [lang="+lang+"]').click()")(ctx, t)
		return err
	}))
	p.look.Lang = lang
	p.Until(`document.documentElement.lang === "` + lang + `" && location.pathname + location.search === "` + at + `"`)
}

// SignOut leaves.
func (p *Page) SignOut() {
	p.t.Helper()
	p.Goto("/me")
	p.submit("/sign-out")
	p.Arrive("/sign-in")
}

// Personas are the names of the people that the demo's door offers, as their buttons read.
func (p *Page) Personas() []string {
	p.t.Helper()
	p.See("heading", p.T("access.personas.title"))
	var out []string
	for _, n := range p.nodes("button", "") {
		if p.attribute(n, "name") == "persona" {
			out = append(out, value(n.Name))
		}
	}
	return out
}
