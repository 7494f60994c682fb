package e2e_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"unisson/e2e"
)

// The people of the demo company whom the journeys follow.
const (
	salesperson   = "Yann Le Goff"
	marketer      = "Camille Aubry"
	administrator = "Thierry Lanctôt"
)

func TestAnyPersonaComesInByOneClick(t *testing.T) {
	p := e2e.Open(t, e2e.SharedDemo(t).URL, e2e.Look{})
	p.Goto("/")
	p.Arrive("/sign-in")
	personas := p.Personas()
	if len(personas) != 5 {
		t.Fatalf("the door offers %q, want five people", personas)
	}
	for _, name := range personas {
		p.SignIn(name)
		p.SignOut()
	}
	if status := p.Goto("/people"); status != 200 || !strings.HasPrefix(p.Path(), "/sign-in") {
		t.Errorf("after signing out the directory answers %d at %s", status, p.Path())
	}
}

func TestLanguageAndThemeAreKept(t *testing.T) {
	p := e2e.Open(t, e2e.Demo(t).URL, e2e.Look{Lang: "en", Theme: "light"})
	p.Goto("/sign-in")
	p.See("heading", p.T("access.sign_in.title"))
	p.Follow("button", p.T("ui.language.fr.label"))
	p.Speaks("fr")
	p.See("heading", p.T("access.sign_in.title"))
	p.SignIn(marketer)
	p.See("link", p.T("ui.nav.together"))
	p.Goto("/people")
	p.See("heading", p.T("team.directory.title"))
	if lang := p.Eval(`document.documentElement.lang`); lang != "fr" {
		t.Errorf("the page says it is in %q", lang)
	}
	paper := `getComputedStyle(document.body).backgroundColor`
	light := p.Eval(paper)
	p.Click("button", p.T("ui.theme.change"))
	p.Until(paper + ` !== "` + light + `"`)
	p.Goto("/guide")
	p.Until(paper + ` !== "` + light + `"`)
}

func TestSomebodyIsFoundByNameAndByWhatHeCovers(t *testing.T) {
	for name, look := range map[string]e2e.Look{"desk": {}, "phone": e2e.Phone(), "without scripts": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			p := e2e.Open(t, e2e.SharedDemo(t).URL, look)
			p.SignIn(salesperson)
			p.Goto("/people")
			p.NoSidewaysScroll()
			p.Fill(p.T("team.directory.search"), "sofia ben")
			p.Press("Enter")
			p.See("link", "Sofia Benali")
			p.Gone("link", "Marc Delattre")
			p.Follow("link", "Sofia Benali")
			p.See("heading", "Sofia Benali")
			p.Read("Responsable grands comptes")
			p.NoSidewaysScroll()
		})
	}
}

func TestTwoPeopleWhoEditTheSameProfileSeeTheConflict(t *testing.T) {
	demo := e2e.Demo(t)
	first, second := e2e.Open(t, demo.URL, e2e.Look{}), e2e.Open(t, demo.URL, e2e.Look{})
	for _, p := range []*e2e.Page{first, second} {
		p.SignIn(salesperson)
		p.Goto("/me/profile")
	}
	title := first.T("team.field.title")
	first.Fill(title, "Attaché commercial, Bretagne")
	first.Follow("button", first.T("team.save"))
	first.Read("Attaché commercial, Bretagne")

	second.Fill(title, "Attaché commercial, Ouest")
	second.Click("button", second.T("team.save"))
	second.Read(second.T("ui.conflict.text"))
	second.Read("Attaché commercial, Bretagne")
	second.Read("Attaché commercial, Ouest")
	second.Axe()
}

func TestAProfileIsEditedWithTheKeyboardAlone(t *testing.T) {
	p := e2e.Open(t, e2e.Demo(t).URL, e2e.Look{})
	p.Goto("/sign-in")
	for _, name := range p.Personas() {
		if strings.Contains(name, marketer) {
			p.TabTo("button", name)
		}
	}
	p.Press("Enter")
	p.Arrive("/today")
	p.Listen()
	p.Press("Tab")
	if role, name := p.Focused(); role != "link" || name != p.T("ui.shell.skip") {
		t.Errorf("the first stop is %s %q, want the link that skips to the content", role, name)
	}
	p.Press("Control+k")
	p.See("combobox", p.T("ui.find.label"))
	p.Type("annuaire")
	p.See("listbox", p.T("ui.find.results"))
	p.Press("Escape")
	p.Gone("listbox", p.T("ui.find.results"))
	p.Goto("/me/profile")
	p.TabTo("textbox", p.T("team.field.title"))
	p.Press("Control+a")
	p.Type("Responsable de contenus et d'événements")
	p.TabTo("button", p.T("team.save"))
	p.Press("Enter")
	p.Read("Responsable de contenus et d'événements")
}

// A stranger sets an empty house up, protects the account with a second factor, and comes in again with it.
func TestTheFirstAdministratorSetsUpAndAddsASecondFactor(t *testing.T) {
	dir := t.TempDir()
	s := e2e.Start(t, dir, "serve", "--addr", "127.0.0.1:0", "--data", dir)
	p := e2e.Open(t, s.URL, e2e.Look{})
	p.Goto(s.PathIn(t, "/setup"))
	p.See("heading", p.T("team.setup.title"))
	p.Axe()
	const password = "trois pompes et un filtre"
	p.Fill(p.T("team.field.company"), "Ateliers Kerbiriou")
	p.Fill(p.T("team.field.given"), "Anne")
	p.Fill(p.T("team.field.family"), "Kerbiriou")
	p.Fill(p.T("team.field.email"), "anne@kerbiriou.example")
	p.Fill(p.T("team.setup.password"), password)
	p.Follow("button", p.T("team.setup.go"))

	enter := func() {
		p.Goto("/sign-in")
		p.Fill(p.T("access.email"), "anne@kerbiriou.example")
		p.Fill(p.T("access.password.label"), password)
		p.Follow("button", p.T("access.sign_in.do"))
	}
	enter()
	p.Goto("/me/security/factor")
	secret := strings.ReplaceAll(p.Eval(`document.querySelector("main code").textContent`), " ", "")
	p.Fill(p.T("access.factor.code"), code(t, secret, 0))
	p.Follow("button", p.T("access.setup.do"))
	p.See("heading", p.T("access.codes.title"))
	p.SignOut()

	enter()
	p.See("heading", p.T("access.factor.title"))
	p.Fill(p.T("access.factor.code"), "000000")
	p.Follow("button", p.T("access.sign_in.do"))
	p.See("heading", p.T("access.factor.title"))
	p.Fill(p.T("access.factor.code"), code(t, secret, 30*time.Second)) // the first code is spent
	p.Follow("button", p.T("access.sign_in.do"))
	p.Arrive("/today")
}

func code(t *testing.T, secret string, later time.Duration) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, time.Now().Add(later))
	if err != nil {
		t.Fatal(err)
	}
	return c
}
