package e2e_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"unisson/e2e"
)

var (
	someID   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	notPages = regexp.MustCompile(`^/(assets|api|files|metrics|healthz|readyz|sign-in/company)(/|$)|\.(csv|ics|json|xlsx|zip)$`)
)

// pages gives one address for each kind of page that this person can reach by links, with what strangers see first.
func pages(t *testing.T, base, persona string) []string {
	t.Helper()
	p := e2e.Open(t, base, e2e.Look{})
	p.SignIn(persona)
	found, known := []string{}, map[string]bool{}
	todo := []string{"/today", "/people", "/guide", "/teams", "/organisation", "/me", "/me/profile", "/me/security",
		"/me/visible", "/inbox", "/help", "/admin", "/find", "/customers", "/funnel", "/actions", "/together", "/insight", "/nowhere"}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		route, _, _ := strings.Cut(path, "?")
		kind := someID.ReplaceAllString(route, "{id}")
		if known[kind] || notPages.MatchString(route) {
			continue
		}
		known[kind] = true
		if len(found) > 120 {
			t.Fatalf("more than 120 kinds of pages: is an id not replaced? %q", found)
		}
		p.Goto(path)
		if at, _, _ := strings.Cut(p.Path(), "?"); at != route {
			known[someID.ReplaceAllString(at, "{id}")] = true // a redirect
		}
		found = append(found, path)
		todo = append(todo, strings.Fields(p.Eval(`[...document.querySelectorAll("a[href]")].filter(a => a.origin === location.origin && !a.download)
			.map(a => a.pathname + a.search).join(" ")`))...)
	}
	slices.Sort(found)
	return found
}

// Every kind of page that can be reached passes axe-core (WCAG 2.2 A and AA) in both languages and both themes, fits a
// phone of 390 px, and asks no other host; the browser complains about none of them.
func TestEveryPageIsAccessibleInBothLanguagesAndThemes(t *testing.T) {
	demo := e2e.SharedDemo(t)
	list := pages(t, demo.URL, administrator)
	t.Logf("%d pages: %s", len(list), strings.Join(list, " "))
	if len(list) < 15 {
		t.Errorf("only %d pages were reached", len(list))
	}
	looks := []e2e.Look{
		{Lang: "fr", Theme: "light"}, {Lang: "en", Theme: "dark"}, {Lang: "fr", Theme: "dark", Width: 390, Height: 844}, {Lang: "en", Theme: "light", Width: 390, Height: 844},
	}
	if testing.Short() {
		looks = looks[1:3]
	}
	for _, look := range looks {
		t.Run(look.Lang+" "+look.Theme, func(t *testing.T) {
			p := e2e.Open(t, demo.URL, look)
			for _, path := range []string{"/sign-in", "/forgot", "/help"} {
				check(t, p, path, look)
			}
			p.Goto("/sign-in")
			if look.Lang == "fr" {
				p.Follow("button", p.T("ui.language.fr.label"))
			}
			p.SignIn(administrator)
			// The person's own language goes before the browser's. By way of English, as the switch keeps the French of
			// Québec of who reads that.
			p.Goto("/me")
			p.SwitchTo("en")
			p.SwitchTo(look.Lang)
			for _, path := range list {
				check(t, p, path, look)
			}
		})
	}
}

func check(t *testing.T, p *e2e.Page, path string, look e2e.Look) {
	t.Helper()
	if status := p.Goto(path); status >= 500 {
		t.Errorf("%s answers %d", path, status)
		return
	}
	if lang := p.Eval(`document.documentElement.lang`); lang != look.Lang {
		t.Errorf("%s is in %q, want %q", path, lang, look.Lang)
	}
	p.Axe()
	p.NoSidewaysScroll()
}
