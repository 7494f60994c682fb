package web_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
	"unisson/internal/platform/web/webtest"
)

// edge is a small site: the role named by the cookie "role" is signed in.
type edge struct{ http.Handler }

func (edge) SignIn(_ *testing.T, as string) []*http.Cookie {
	if as == "" {
		return nil
	}
	return []*http.Cookie{{Name: "role", Value: as}}
}

func newEdge(t *testing.T, change func(*web.Config), routes ...web.Route) edge {
	t.Helper()
	policy, err := auth.ReadPolicy(strings.NewReader("permission,salesperson,head,note\nthing.read,x,x,\nthing.edit,,x,\n"))
	if err != nil {
		t.Fatal(err)
	}
	public, _ := url.Parse("http://unisson.test")
	c := web.Config{Routes: routes, Policy: policy, PublicURL: public, Bundle: i18n.MustLoad(ui.Locales(), web.Locales()), Assets: ui.Assets(), Log: slog.New(slog.DiscardHandler),
		Resolve: func(r *http.Request) (auth.Actor, error) {
			c, err := r.Cookie("role")
			if err != nil {
				return auth.Actor{}, nil
			}
			roles := []auth.Role{auth.Role(c.Value)}
			return auth.NewActor(auth.Actor{Kind: auth.Person, UserID: "u1", Name: "Camille Aubry", Roles: roles}, policy.OfRoles(roles)), nil
		},
		Shell: func(ctx context.Context, r *http.Request) (ui.Shell, error) {
			s := ui.Shell{Path: r.URL.RequestURI()}
			if a := auth.From(ctx); a.Known() {
				s.Person = ui.Person{Name: a.Name}
			}
			return s, nil
		},
	}
	if change != nil {
		change(&c)
	}
	s, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return edge{s}
}

func says(text string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return web.Render(w, r, http.StatusOK, templ.Raw(text))
	}
}

func fails(err error) web.Handler {
	return func(http.ResponseWriter, *http.Request) error { return err }
}

func TestErrorsBecomePagesFragmentsAndProblems(t *testing.T) {
	app := newEdge(t, nil,
		web.Route{Pattern: "GET /invalid", Perm: auth.Public, Handle: fails(errs.Invalid(errs.Field{Name: "n", Code: "errors.not_a_number"}))},
		web.Route{Pattern: "GET /boom", Perm: auth.SignedIn, Handle: fails(errors.New("secret detail"))},
		web.Route{Pattern: "GET /panic", Perm: auth.Public, Handle: func(http.ResponseWriter, *http.Request) error { panic("secret detail") }},
		web.Route{Pattern: "GET /stale", Perm: auth.SignedIn, Handle: fails(errs.Stale(nil))},
		web.Route{Pattern: "GET /busy", Perm: auth.Public, Handle: fails(errs.Throttled(90 * time.Second))},
		web.Route{Pattern: "POST /edit", Perm: "thing.edit", Handle: says("the deed")},
	)
	webtest.Run(t, app,
		webtest.Scenario{Do: "GET /nowhere", Status: 404, Has: []string{"<html", "There is nothing here"}},
		webtest.Scenario{As: "head", Do: "GET /nowhere", Header: map[string]string{"Accept-Language": "fr"}, Status: 404, Has: []string{`lang="fr"`, "Il n’y a rien ici"}},
		webtest.Scenario{Do: "GET /invalid", Status: 422, Has: []string{"Write a whole number"}},
		webtest.Scenario{Do: "GET /invalid", HTMX: true, Status: 422, Has: []string{`role="alert"`}, HasNot: []string{"<html"}},
		webtest.Scenario{Do: "GET /invalid", Header: map[string]string{"Accept": "application/json"}, Status: 422, Has: []string{`"code":"errors.not_a_number"`, `"location":"n"`}},
		webtest.Scenario{As: "head", Do: "GET /boom", Status: 500, Has: []string{"Nothing of yours is lost"}, HasNot: []string{"secret detail"}},
		webtest.Scenario{Do: "GET /panic", Status: 500, HasNot: []string{"secret detail"}},
		webtest.Scenario{As: "head", Do: "GET /stale", Status: 409, Has: []string{"Nothing is lost"}},
		webtest.Scenario{Do: "GET /busy", Status: 429},
		webtest.Scenario{Do: "GET /boom", Status: 303, To: "/sign-in?next=%2Fboom"},
		webtest.Scenario{Do: "POST /edit", Form: url.Values{}, Status: 401},
		webtest.Scenario{As: "salesperson", Do: "POST /edit", Form: url.Values{}, Status: 403},
		webtest.Scenario{As: "head", Do: "POST /edit", Form: url.Values{}, Status: 200},
		webtest.Scenario{Do: "GET /assets/none.css", Status: 404},
	)
	if a := webtest.Do(t, app, webtest.Scenario{Do: "GET /busy"}); a.Header.Get("Retry-After") != "90" {
		t.Errorf("Retry-After is %q", a.Header.Get("Retry-After"))
	}
}

func TestStateChangesFromElsewhereAreRefused(t *testing.T) {
	app := newEdge(t, nil, web.Route{Pattern: "POST /edit", Perm: auth.Public, Handle: says("the deed")})
	for _, h := range []map[string]string{
		{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
		{"Sec-Fetch-Site": "", "Origin": "https://evil.test"}, {"Sec-Fetch-Site": "", "Origin": "null"}, {"Sec-Fetch-Site": ""},
	} {
		webtest.Run(t, app, webtest.Scenario{Do: "POST /edit", Form: url.Values{}, Header: h, Status: 403, HasNot: []string{"the deed"}})
	}
	webtest.Run(t, app,
		webtest.Scenario{Do: "POST /edit", Form: url.Values{}, Status: 200},
		webtest.Scenario{Do: "POST /edit", Form: url.Values{}, Header: map[string]string{"Sec-Fetch-Site": "", "Origin": "http://unisson.test"}, Status: 200})
}

func TestARouteWithoutAKnownPermissionCannotBeBuilt(t *testing.T) {
	for name, rt := range map[string]web.Route{
		"none":       {Pattern: "GET /a", Handle: says("")},
		"unknown":    {Pattern: "GET /a", Perm: "thing.unheard", Handle: says("")},
		"no handler": {Pattern: "GET /a", Perm: auth.Public},
		"no method":  {Pattern: "/a", Perm: auth.Public, Handle: says("")},
	} {
		policy, err := auth.ReadPolicy(strings.NewReader("permission,head,note\nthing.read,x,\n"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := web.New(web.Config{Routes: []web.Route{rt}, Policy: policy}); err == nil {
			t.Errorf("%s: the edge was built", name)
		}
	}
}

func TestDecodeRefusesWhatNoFormOffers(t *testing.T) {
	type form struct {
		Name   string   `form:"name"`
		Secret string   `form:"secret,raw"`
		Count  int      `form:"count"`
		Stay   bool     `form:"stay"`
		Tags   []string `form:"tag"`
	}
	var got form
	decode := func(body string) error {
		got = form{}
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return web.Decode(r, &got)
	}
	if err := decode("name=+Zo%C3%A9+&secret=+a+&count=3&stay=on&tag=a&tag=b"); err != nil {
		t.Fatal(err)
	}
	if got.Name != "Zoé" || got.Secret != " a " || got.Count != 3 || !got.Stay || len(got.Tags) != 2 {
		t.Errorf("decoded %+v", got)
	}
	for body, kind := range map[string]errs.Kind{
		"role=administrator": errs.KindMalformed, "name=a&name=b": errs.KindMalformed, "%zz": errs.KindMalformed, "count=many": errs.KindInvalid,
	} {
		if err := decode(body); !errs.Is(err, kind) {
			t.Errorf("%s: %v, want %v", body, err, kind)
		}
	}
}

func TestRedirectsStayOnOurHost(t *testing.T) {
	for _, p := range []string{"//evil.test", `/\evil.test`, "https://evil.test", "/\t/evil.test", "javascript:alert(1)", "", "evil", "/%2f%2fevil\r\n", `/%5c%5cevil`, "///evil.test"} {
		if got := web.LocalPath(p); got != "/" && got != p || strings.HasPrefix(got, "//") || strings.Contains(got, "evil") && strings.ContainsAny(got, "\\\r\n") {
			t.Errorf("%q leads to %q", p, got)
		}
	}
	for _, p := range []string{"//evil.test", `/\evil.test`, "https://evil.test", "///evil.test", "/\t/evil.test"} {
		if got := web.LocalPath(p); got != "/" {
			t.Errorf("%q leads to %q", p, got)
		}
	}
	for _, p := range []string{"/people?q=a%20b", "/people/1#x"} {
		if web.LocalPath(p) != p {
			t.Errorf("%q was refused", p)
		}
	}
}

func TestOnlyConfiguredProxiesAreBelieved(t *testing.T) {
	var seen string
	show := func(_ http.ResponseWriter, r *http.Request) error {
		seen = web.ClientIP(r.Context()).String()
		return nil
	}
	app := newEdge(t, func(c *web.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} },
		web.Route{Pattern: "GET /ip", Perm: auth.Public, Handle: show})
	for _, c := range []struct{ from, header, want string }{
		{"203.0.113.9:1", "198.51.100.1", "203.0.113.9"},
		{"10.1.1.1:1", "198.51.100.1", "198.51.100.1"},
		{"10.1.1.1:1", "192.0.2.7, 198.51.100.1, 10.2.2.2", "198.51.100.1"},
		{"10.1.1.1:1", "nonsense", "10.1.1.1"},
		{"10.1.1.1:1", "", "10.1.1.1"},
	} {
		r := httptest.NewRequest("GET", "/ip", nil)
		r.RemoteAddr = c.from
		r.Header.Set("X-Forwarded-For", c.header)
		app.ServeHTTP(httptest.NewRecorder(), r)
		if seen != c.want {
			t.Errorf("from %s with %q: %s, want %s", c.from, c.header, seen, c.want)
		}
	}
}

func TestOverloadIsShedAtOnce(t *testing.T) {
	inside, release := make(chan bool), make(chan bool)
	app := newEdge(t, func(c *web.Config) { c.MaxInFlight = 1 }, web.Route{Pattern: "GET /slow", Perm: auth.Public,
		Handle: func(http.ResponseWriter, *http.Request) error { inside <- true; <-release; return nil }})
	go app.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/slow", nil))
	<-inside
	a := webtest.Do(t, app, webtest.Scenario{Do: "GET /nowhere"})
	release <- true
	if a.StatusCode != 503 || a.Header.Get("Retry-After") == "" {
		t.Errorf("status %d, Retry-After %q", a.StatusCode, a.Header.Get("Retry-After"))
	}
}

func TestAToastCrossesOneRedirectAndNothingElse(t *testing.T) {
	app := newEdge(t, nil, web.Route{Pattern: "POST /do", Perm: auth.Public, Handle: func(w http.ResponseWriter, r *http.Request) error {
		web.Flash(w, r, web.Toast{Key: "errors.still_used", Undo: "//evil.test"})
		return web.Redirect(w, r, "//evil.test")
	}}, web.Route{Pattern: "GET /page", Perm: auth.SignedIn, Handle: func(w http.ResponseWriter, r *http.Request) error {
		return web.Render(w, r, 200, ui.Page(ui.PageProps{Title: "P"}))
	}})
	a := webtest.Do(t, app, webtest.Scenario{Do: "POST /do", Form: url.Values{}})
	if a.StatusCode != 303 || a.Header.Get("Location") != "/" || len(a.Cookies()) != 1 {
		t.Fatalf("status %d to %q with %v", a.StatusCode, a.Header.Get("Location"), a.Cookies())
	}
	r := httptest.NewRequest("GET", "/page", nil)
	r.AddCookie(a.Cookies()[0])
	r.AddCookie(&http.Cookie{Name: "role", Value: "head"})
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	if body := w.Body.String(); !strings.Contains(body, "Something else still needs it.") || strings.Contains(body, "evil.test") {
		t.Errorf("the page says\n%s", body)
	}
	if c := w.Result().Cookies(); len(c) != 1 || c[0].MaxAge >= 0 {
		t.Errorf("the toast stays: %v", c)
	}
}

func TestAKeyInAnAddressIsNotLogged(t *testing.T) {
	var log bytes.Buffer
	app := newEdge(t, func(c *web.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) },
		web.Route{Pattern: "GET /reset/{token}", Perm: auth.Public, Handle: says("a form")})
	webtest.Run(t, app, webtest.Scenario{Do: "GET /reset/s3cret", Status: 200})
	if !strings.Contains(log.String(), "/reset/{token}") || strings.Contains(log.String(), "s3cret") {
		t.Errorf("the log says %s", log.String())
	}
}

// A key stands in no line of the log either when nothing took the request: it
// came from elsewhere, by another method, was mangled on its way, or too much.
func TestAKeyInAnAddressThatNoRouteTookIsNotLogged(t *testing.T) {
	var log bytes.Buffer
	held, full, ended := make(chan bool), make(chan bool), make(chan bool)
	app := newEdge(t, func(c *web.Config) {
		c.Log, c.MaxInFlight = slog.New(slog.NewTextHandler(&log, nil)), 1
	},
		web.Route{Pattern: "GET /reset/{token}", Perm: auth.Public, Handle: says("a form")},
		web.Route{Pattern: "POST /reset/{token}", Perm: auth.Public, Handle: says("done")},
		web.Route{Pattern: "GET /help/{page}", Perm: auth.Public, Handle: says("help")},
		web.Route{Pattern: "GET /hold", Perm: auth.Public, Handle: func(http.ResponseWriter, *http.Request) error {
			close(held)
			<-full
			return nil
		}})
	for _, c := range []struct {
		do, site, says string
		status         int
	}{
		{"POST /reset/s3cret", "cross-site", "/reset/{token}", 403},
		{"PUT /reset/s3cret", "same-origin", "/reset/{token}", 405},
		{"GET //reset//s3cret", "same-origin", "/reset/{token}", 307},
		{"GET /./reset/../reset/s3cret", "same-origin", "/reset/{token}", 307},
		{"GET /reset/s3cret/", "same-origin", "/reset/{token}", 404},
		{"GET /reset/s3cret/x", "same-origin", "/reset/{token}", 404},
		{"GET /reset%2Fs3cret", "same-origin", "/reset/{token}", 404},
		{"GET /reset%252Fs3cret", "same-origin", "/reset/{token}", 404},
		{"GET /RESET/s3cret", "same-origin", "/reset/{token}", 404},
		{"GET /%5Creset%5Cs3cret", "same-origin", "/reset/{token}", 404},
		{"GET /resets3cret", "same-origin", "/reset/{token}", 404},
		{"GET /%20reset/s3cret", "same-origin", "/reset/{token}", 404},
		{"GET /unisson/reset/s3cret", "same-origin", "/reset/{token}", 404},
		{"GET /nowhere/at-all", "same-origin", "path=/nowhere/at-all", 404},
		{"GET /help/reset", "same-origin", "path=/help/reset", 200},
	} {
		log.Reset()
		method, target, _ := strings.Cut(c.do, " ")
		r, w := httptest.NewRequest(method, "/", nil), httptest.NewRecorder()
		u, err := url.ParseRequestURI("http://unisson.test" + target)
		if err != nil {
			t.Fatal(err)
		}
		r.URL, r.RequestURI = &url.URL{Path: u.Path, RawPath: u.RawPath}, target
		r.Header.Set("Sec-Fetch-Site", c.site)
		app.ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(log.String(), c.says) || strings.Contains(log.String(), "s3cret") {
			t.Errorf("%s: %d, want %d; the log says %s", c.do, w.Code, c.status, log.String())
		}
	}
	go func() { webtest.Do(t, app, webtest.Scenario{Do: "GET /hold"}); close(ended) }()
	<-held
	log.Reset()
	busy := webtest.Do(t, app, webtest.Scenario{Do: "GET /reset/s3cret"})
	if busy.StatusCode != 503 || !strings.Contains(log.String(), "/reset/{token}") || strings.Contains(log.String(), "s3cret") {
		t.Errorf("too much at once: %d; the log says %s", busy.StatusCode, log.String())
	}
	close(full)
	<-ended
}
