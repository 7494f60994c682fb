package access_test

import (
	"context"
	"maps"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/web/webtest"
)

func TestSigningInKeepsWhatWasTypedAndLeadsOn(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a := s.do(200, "GET /sign-in?next=%2Fpeople%3Fq%3Dx")
		has(t, a, "Rivaline", `name="next" value="/people?q=x"`, `autocomplete="current-password"`, `href="/forgot"`)
		if strings.Contains(a.Body, "/sign-in/company") || strings.Contains(a.Body, "persona") {
			t.Error("ways in that do not exist are offered")
		}
		a = s.do(422, "POST /sign-in", "email", "lea@example.org", "password", "faux mot de passe", "stay", "on", "next", "/people")
		has(t, a, "Wrong address or password.", `value="lea@example.org"`, `aria-invalid="true"`, "checked", `value="/people"`)
		stranger := s.do(422, "POST /sign-in", "email", "nobody@example.org", "password", "faux mot de passe", "stay", "on", "next", "/people")
		if strings.ReplaceAll(stranger.Body, "nobody@", "lea@") != a.Body {
			t.Error("the answer tells who has an account")
		}
		s.leads("/people", "POST /sign-in", "email", "lea@example.org", "password", password, "next", "/people")
		has(t, s.do(200, "GET /"), "in as Léa Noël", `lang="fr"`)
		s.leads("/", "GET /sign-in")
		kept := maps.Clone(s.cookies)
		s.leads("/sign-in", "POST /sign-out")
		s.leads("/sign-in", "GET /")
		s.cookies = kept // a copy of the cookie is worth nothing either
		s.leads("/sign-in", "GET /")
	})
}

// T-N05
func TestNextNeverLeavesTheHouse(t *testing.T) {
	s := open(t, dbtest.Open(t, db.SQLite, nil), clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)), false)
	for _, next := range []string{"https://evil.example", "//evil.example", `/\evil.example`, `\\evil.example`, "/%2f%2fevil.example/../..//x", "javascript:alert(1)",
		"/\t/evil.example", " //evil.example", "http:evil.example", "/a\r\nSet-Cookie: x=y", "///evil.example", "https:///evil.example", "@evil.example", ""} {
		a := s.do(303, "POST /sign-in", "email", "lea@example.org", "password", password, "next", next)
		to := a.Header.Get("Location")
		if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`) || strings.ContainsAny(to, "\r\n\t") {
			t.Errorf("next %q leads to %q", next, to)
		}
		s.do(303, "POST /sign-out")
		for _, form := range [][]string{{"/language", "to", "fr"}, {"/theme", "theme", "dark"}} {
			if to := s.do(303, "POST "+form[0], form[1], form[2], "next", next).Header.Get("Location"); !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
				t.Errorf("%s: next %q leads to %q", form[0], next, to)
			}
		}
	}
}

func TestTooManyTriesAreToldWithTheTimeToWait(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for range 5 {
			s.do(422, "POST /sign-in", "email", "lea@example.org", "password", "faux mot de passe")
		}
		a := s.do(429, "POST /sign-in", "email", "lea@example.org", "password", password)
		has(t, a, "Too many tries.", "5 minutes", `value="lea@example.org"`)
		if a.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		for _, bad := range []string{"email=lea%40example.org&email=b%40example.org&password=x", "email=a&password=b&role=administrator"} {
			w := webtest.Do(t, s, webtest.Scenario{Do: "POST /sign-in", Form: parse(bad)})
			if w.StatusCode != 400 {
				t.Errorf("%s: status %d", bad, w.StatusCode)
			}
		}
	})
}

func TestAForgottenPasswordIsChosenAnewByMail(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.do(200, "GET /forgot")
		has(t, s.do(422, "POST /forgot", "email", ""), "This is needed.")
		known := s.do(200, "POST /forgot", "email", "lea@example.org")
		stranger := s.do(200, "POST /forgot", "email", "nobody@example.org")
		if strings.ReplaceAll(stranger.Body, "nobody@", "lea@") != known.Body {
			t.Error("the answer tells who has an account")
		}
		if w := webtest.Do(t, s, webtest.Scenario{Do: "POST /forgot", Form: parse("email=lea%40example.org&email=evil%40example.org")}); w.StatusCode != 400 {
			t.Errorf("two addresses: status %d", w.StatusCode)
		}
		list := s.mails()
		if len(list) != 1 || list[0].To != "lea@example.org" || list[0].Lang != "fr" || !strings.Contains(list[0].Text, "Bonjour Léa") {
			t.Fatalf("mails %+v", list)
		}
		link := linkOf(t, list[0])
		has(t, s.do(200, "GET "+link), "lea@example.org", `autocomplete="new-password"`)
		s.do(200, "GET "+link) // a scanner that looks first uses nothing up
		has(t, s.do(422, "POST "+link, "password", "court"), "At least 8 characters")
		s.leads("/sign-in", "POST "+link, "password", "une autre phrase de passe")
		has(t, s.do(200, "GET /sign-in"), "Your password is changed.")
		has(t, s.do(409, "GET "+link), "This link no longer works", `href="/forgot"`)
		has(t, s.do(409, "POST "+link, "password", "encore une autre phrase"), "This link no longer works")
		s.leads("/", "POST /sign-in", "email", "lea@example.org", "password", "une autre phrase de passe")
		// Host-header poisoning: links begin with the public address.
		webtest.Do(t, s, webtest.Scenario{Do: "POST http://evil.example/forgot", Form: parse("email=admin%40example.org"), Header: map[string]string{"Host": "evil.example", "X-Forwarded-Host": "evil.example"}})
		for _, m := range s.mails() {
			if strings.Contains(m.Text+m.HTML, "evil.example") {
				t.Errorf("a mail leads to another host:\n%s", m.Text)
			}
		}
	})
}

func TestAnInvitationLeadsIn(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		_, err := s.auth.Invite(auth.AsSystem(context.Background()), auth.NewUser{Email: "yann@example.org", GivenName: "Yann", FamilyName: "Le Goff", Roles: []auth.Role{"salesperson"}, Language: "en", TimeZone: "Europe/Paris"})
		ok(t, err)
		list := s.mails()
		if len(list) != 1 || !strings.Contains(list[0].Text, "Tuesday 1 December") {
			t.Fatalf("mails %+v", list)
		}
		link := linkOf(t, list[0])
		has(t, s.do(200, "GET "+link), "Welcome, Yann", "yann@example.org")
		has(t, s.do(422, "POST "+link, "password", "yannlegoff"), "too close to your name")
		s.leads("/", "POST "+link, "password", "une autre phrase de passe")
		has(t, s.do(200, "GET /"), "in as Yann Le Goff")
		has(t, s.do(409, "GET "+link), "Ask the person who invited you")
	})
}

func TestTheSecondFactorIsSetUpUsedAndTakenAway(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.signIn()
		s.leads("/", "POST /language", "to", "en")
		has(t, s.do(200, "GET /me/security"), `href="/me/security/factor"`)
		page := s.do(200, "GET /me/security/factor")
		has(t, page, `src="data:image/png;base64,`)
		has(t, s.do(422, "POST /me/security/factor", "code", "000000"), "This code is not right")
		codes := regexp.MustCompile(`<code>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</code>`).FindAllStringSubmatch(s.do(200, "POST /me/security/factor", "code", s.appCode(page)).Body, -1)
		if len(codes) != 10 {
			t.Fatalf("codes %v", codes)
		}
		has(t, s.do(200, "GET /me/security"), "10 recovery codes are left")
		s.leads("/sign-in", "POST /sign-out")
		s.clock.Advance(2 * time.Minute)
		s.leads("/sign-in/second-factor", "POST /sign-in", "email", "lea@example.org", "password", password, "next", "/me")
		s.leads("/sign-in", "GET /")
		s.do(200, "GET /sign-in/second-factor")
		s.do(200, "GET /sign-in/recovery")
		s.leads("/sign-in/second-factor", "GET /sign-in/set-up")
		has(t, s.do(422, "POST /sign-in/second-factor", "code", "000000"), "This code is not right")
		s.leads("/me", "POST /sign-in/second-factor", "code", s.appCode(page))
		s.do(200, "GET /me")
		s.leads("/sign-in", "POST /sign-out")
		s.leads("/sign-in/second-factor", "POST /sign-in", "email", "lea@example.org", "password", password)
		s.leads("/", "POST /sign-in/recovery", "code", codes[0][1])
		again := s.do(200, "POST /me/security/recovery")
		if strings.Contains(again.Body, codes[1][1]) {
			t.Error("old codes are shown again")
		}
		s.leads("/me/security", "POST /me/security/factor/drop")
		has(t, s.do(200, "GET /me/security"), "The second factor is taken away.")
		var kinds []string
		for _, m := range s.mails() {
			kinds = append(kinds, m.Kind)
		}
		if len(kinds) < 3 {
			t.Errorf("mails %v", kinds)
		}
		for _, step := range []string{"GET /sign-in/second-factor", "GET /sign-in/recovery", "GET /sign-in/set-up", "POST /sign-in/second-factor", "POST /sign-in/recovery", "POST /sign-in/set-up"} {
			s.leads("/sign-in", step)
		}
	})
}

func TestWhoOwesASecondFactorSetsItUpToComeIn(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		ok(t, s.auth.DemandFactor(auth.AsSystem(context.Background()), []auth.Role{"salesperson"}))
		s.leads("/sign-in/set-up", "POST /sign-in", "email", "lea@example.org", "password", password, "next", "/me")
		page := s.do(200, "GET /sign-in/set-up")
		s.leads("/sign-in/set-up", "GET /sign-in/second-factor")
		has(t, s.do(422, "POST /sign-in/set-up", "code", "1"), "This code is not right")
		has(t, s.do(200, "POST /sign-in/set-up", "code", s.appCode(page)), `href="/me"`, "recovery codes")
		has(t, s.do(200, "GET /"), "in as Léa Noël")
	})
}

func TestSecretsAreChangedAfterAFreshProofOnly(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.signIn()
		s.leads("/", "POST /language", "to", "en")
		s.clock.Advance(20 * time.Minute)
		a := s.do(200, "GET /me/security")
		has(t, a, "First, is it you?")
		if strings.Contains(a.Body, `action="/me/security/keys"`) {
			t.Error("a form that cannot be sent is shown")
		}
		for _, act := range []string{"GET /me/security/factor", "POST /me/security/recovery", "POST /me/security/factor/drop", "POST /me/security/factor"} {
			s.leads("/me/security", act)
		}
		s.leads("/me/security", "POST /me/security/keys", "name", "x", "scopes", "read", "life", "30")
		has(t, s.do(200, "GET /me/security"), "Give your password once more")
		has(t, s.do(422, "POST /me/security/prove", "password", "faux mot de passe"), "This is not your password.")
		s.leads("/me/security", "POST /me/security/prove", "password", password)
		s.do(200, "GET /me/security/factor")
		has(t, s.do(409, "POST /me/security/factor/drop"), "Set up the second factor first.")
	})
}

func TestKeysAreMadeShownOnceAndRevoked(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.signIn()
		s.leads("/", "POST /language", "to", "en")
		has(t, s.do(422, "POST /me/security/keys", "name", "", "life", "30"), "This is needed.", "Choose what this key may do.")
		has(t, s.do(422, "POST /me/security/keys", "name", "Report <b>", "scopes", "root", "life", "30"), "Report &lt;b&gt;")
		made := s.do(200, "POST /me/security/keys", "name", "Weekly report", "scopes", "read", "scopes", "write", "life", "30")
		plain := regexp.MustCompile(`uns_[A-Za-z0-9_-]{43}`).FindString(made.Body)
		if _, err := s.auth.ResolveToken(context.Background(), plain, auth.Visit{}); err != nil {
			t.Fatalf("key %q: %v", plain, err)
		}
		page := s.do(200, "GET /me/security")
		has(t, page, "Weekly report", "begins with "+plain[:10], "Read, Write")
		if strings.Contains(page.Body, plain) {
			t.Error("the key is shown again")
		}
		revoke := regexp.MustCompile(`/me/security/keys/[^/]+/revoke`).FindString(page.Body)
		s.leads("/me/security", "POST "+revoke)
		if _, err := s.auth.ResolveToken(context.Background(), plain, auth.Visit{}); err == nil {
			t.Error("a revoked key works")
		}
		has(t, s.do(200, "GET /me/security"), "Revoked", "API key made")
		s.do(404, "POST /me/security/keys/none/revoke")
		s.do(404, "POST "+revoke)
	})
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.signIn()
		train := s.cookies
		s.cookies = map[string]string{}
		s.signIn()
		s.leads("/", "POST /language", "to", "en")
		page := s.do(200, "GET /me/security")
		has(t, page, "Firefox on Linux", "This device", "192.0.2.1")
		end := regexp.MustCompile(`/me/security/sessions/[0-9a-f]{64}/revoke`).FindString(page.Body)
		s.leads("/me/security", "POST "+end)
		office := s.cookies
		s.cookies = train
		s.leads("/sign-in", "GET /")
		s.cookies = office
		s.leads("/me/security", "POST /me/security/sessions/revoke-others")
		s.do(404, "POST "+end)
		s.cookies = map[string]string{}
		s.leads("/", "POST /sign-in", "email", "admin@example.org", "password", password)
		foreign := regexp.MustCompile(`[0-9a-f]{64}`).FindString(end)
		s.do(404, "POST /me/security/sessions/"+foreign+"/revoke")
	})
}

func TestThePasswordIsChanged(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.signIn()
		s.leads("/", "POST /language", "to", "en")
		has(t, s.do(422, "POST /me/security/password", "current", "faux mot de passe", "password", "une autre phrase de passe"), "This is not your password.")
		has(t, s.do(422, "POST /me/security/password", "current", password, "password", "Password1!"), "Four words without a link")
		s.leads("/me/security", "POST /me/security/password", "current", password, "password", "une autre phrase de passe")
		has(t, s.do(200, "GET /me/security"), "Your password is changed.")
	})
}

func TestLanguageThemeAndKeysAreKept(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		has(t, s.do(200, "GET /sign-in"), "Sign in", `lang="en"`)
		s.leads("/sign-in?next=%2Fa", "POST /language", "to", "fr", "next", "/sign-in?next=%2Fa")
		has(t, s.do(200, "GET /sign-in"), "Se connecter", `lang="fr"`)
		s.leads("/sign-in", "POST /theme", "theme", "dark", "next", "/sign-in")
		has(t, s.do(200, "GET /sign-in"), `data-theme="dark"`)
		s.do(422, "POST /language", "to", "de")
		s.do(422, "POST /theme", "theme", "pink")
		s.signIn()
		s.leads("/", "POST /theme", "theme", "system")
		s.leads("/", "POST /me/keys", "off", "on")
		s.leads("/", "POST /language", "to", "fr-CA")
		u, err := s.auth.UserByEmail(context.Background(), "lea@example.org")
		ok(t, err)
		if want := (auth.Prefs{Language: "fr-CA", KeysOff: true}); u.Prefs != want {
			t.Errorf("preferences %+v", u.Prefs)
		}
		has(t, s.do(200, "GET /me"), "fr-CA", "Europe/Paris")
		s.do(422, "POST /me", "language", "fr", "time_zone", "Mars", "theme", "light", "keys", "on")
		s.leads("/me", "POST /me", "language", "en", "time_zone", "America/Toronto", "theme", "light", "keys", "on")
		has(t, s.do(200, "GET /me"), `<option value="America/Toronto" selected>America/Toronto</option>`, `<option value="Asia/Ho_Chi_Minh">Asia/Ho Chi Minh</option>`)
		u, err = s.auth.UserByEmail(context.Background(), "lea@example.org")
		ok(t, err)
		if want := (auth.Prefs{Language: "en", TimeZone: "America/Toronto", Theme: "light"}); u.Prefs != want {
			t.Errorf("preferences %+v", u.Prefs)
		}
	})
}

func TestMyPageLeadsToAllThatIsMine(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.leads("/sign-in?next=%2Fme", "GET /me")
		s.signIn()
		s.leads("/", "POST /language", "to", "en")
		lea, err := s.auth.UserByEmail(context.Background(), "lea@example.org")
		ok(t, err)
		has(t, s.do(200, "GET /me"), "Salesperson · lea@example.org", `href="/people/`+lea.ID+`"`, `href="/me/security"`, `href="/me/notifications"`, `href="/me/visible"`,
			`action="/sign-out"`, "Your password alone opens your account", `<option value="fr-CA">`, `<option value="system" selected>`)
		a := s.do(422, "POST /me", "language", "de", "time_zone", "Mars/Phobos", "theme", "pink")
		has(t, a, `value="Mars/Phobos"`, "Choose light, dark or as the device.")
		a = s.do(422, "POST /me", "language", "de", "time_zone", "Mars/Phobos", "theme", "dark")
		has(t, a, `value="Mars/Phobos"`, "Choose one of the languages listed.", "Write a time zone such as", "2 fields to mend")
	})
}

func TestTheLogIsReadPageByPage(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for range 26 {
			s.signIn()
			s.do(303, "POST /sign-out")
		}
		s.signIn()
		s.leads("/", "POST /language", "to", "en")
		a := s.do(200, "GET /me/security/log")
		older := regexp.MustCompile(`/me/security/log\?before=[^"]+`).FindString(a.Body)
		has(t, s.do(200, "GET "+older), "Signed in", "Account opened", "Firefox on Linux, 192.0.2.1")
	})
}

func TestPersonasAreOfferedInTheDemonstrationOnly(t *testing.T) {
	c := clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	plain := open(t, dbtest.Open(t, db.SQLite, c), c, false)
	lea, err := plain.auth.UserByEmail(context.Background(), "lea@example.org")
	ok(t, err)
	plain.do(404, "POST /sign-in/persona", "persona", lea.ID)
	s := open(t, dbtest.Open(t, db.SQLite, c), c, true)
	lea, err = s.auth.UserByEmail(context.Background(), "lea@example.org")
	ok(t, err)
	admin, err := s.auth.UserByEmail(context.Background(), "admin@example.org")
	ok(t, err)
	has(t, s.do(200, "GET /sign-in"), "Léa Noël", `name="persona"`)
	s.do(404, "POST /sign-in/persona", "persona", admin.ID) // not offered
	s.leads("/", "POST /sign-in/persona", "persona", lea.ID)
	has(t, s.do(200, "GET /"), "in as Léa Noël")
}

func parse(query string) url.Values {
	v, err := url.ParseQuery(query)
	if err != nil {
		panic(err)
	}
	return v
}
