package access_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/web/webtest"
)

// issuer is as much of a company sign-in as is needed to be sent there. What it
// vouches for is tested where it is judged, in platform/auth.
func issuer(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"issuer":"` + srv.URL + `","authorization_endpoint":"` + srv.URL + `/authorize","token_endpoint":"` + srv.URL + `/token","jwks_uri":"` + srv.URL + `/keys"}`))
	})
	return srv
}

func withCompany(t *testing.T, srv *httptest.Server) *site {
	t.Helper()
	c := clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	return openWith(t, dbtest.Open(t, db.SQLite, c), c, false, &auth.OIDCConfig{Issuer: srv.URL, ClientID: "unisson", ClientSecret: "s", HTTP: srv.Client()})
}

func TestTheCompanySignInIsALinkToItsOwnPage(t *testing.T) {
	srv := issuer(t)
	s := withCompany(t, srv)
	has(t, s.do(200, "GET /sign-in?next=%2Fpeople"), `href="/sign-in/company?next=%2Fpeople"`)
	to, err := url.Parse(s.do(303, "GET /sign-in/company?next=%2Fpeople").Header.Get("Location"))
	ok(t, err)
	q := to.Query()
	if !strings.HasPrefix(to.String(), srv.URL+"/authorize?") || q.Get("state") == "" || q.Get("nonce") == "" || q.Get("code_challenge_method") != "S256" ||
		q.Get("redirect_uri") != "https://unisson.example"+auth.OIDCCallback {
		t.Errorf("leads to %s", to)
	}
	// Somebody else's answer, and an answer to nothing.
	has(t, s.do(403, "GET "+auth.OIDCCallback+"?code=x&state=foreign"), "The company sign-in did not lead in.")
	has(t, s.do(403, "GET "+auth.OIDCCallback+"?code=x&state="+url.QueryEscape(q.Get("state"))), "The company sign-in did not lead in.")
	for _, why := range []string{"the state is another one", "no cookie of ours came back"} {
		if !strings.Contains(s.log.String(), why) {
			t.Errorf("the log does not say %q:\n%s", why, s.log.String())
		}
	}
}

// An image, a frame or a script of another page does not use up the tries of an
// office, nor end a sign-in that is under way; who goes there himself leaves.
func TestAForeignPageDoesNotShutTheCompanySignIn(t *testing.T) {
	s := withCompany(t, issuer(t))
	ask := func(status int, what string, header map[string]string) webtest.Answer {
		t.Helper()
		a := webtest.Do(t, s, webtest.Scenario{Do: "GET " + what, Header: header})
		if a.StatusCode != status {
			t.Fatalf("%s with %v: status %d, want %d", what, header, a.StatusCode, status)
		}
		return a
	}
	from := func(site, mode, dest string) map[string]string {
		return map[string]string{"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
	}
	ahead := from("cross-site", "navigate", "document")
	ahead["Sec-Purpose"] = "prefetch;prerender"
	for _, header := range []map[string]string{from("cross-site", "no-cors", "image"), from("cross-site", "navigate", "iframe"), from("same-site", "cors", "empty"),
		from("cross-site", "no-cors", ""), from("cross-site", "", "script"), from("cross-site", "navigate", "embed"), ahead} {
		for range 65 {
			ask(403, auth.OIDCPath, header)
			if c := ask(403, auth.OIDCCallback+"?code=x&state=y", header).Cookies(); len(c) != 0 {
				t.Fatalf("it takes a sign-in away that is under way: %v", c)
			}
		}
	}
	for range 65 {
		ask(403, auth.OIDCCallback, from("cross-site", "navigate", "document"))
	}
	for _, header := range []map[string]string{nil, from("same-origin", "navigate", "document"), from("cross-site", "navigate", "document")} {
		ask(303, auth.OIDCPath, header)
	}
}

func TestACompanySignInThatIsAwayLeavesThePassword(t *testing.T) {
	srv := issuer(t)
	s := withCompany(t, srv)
	srv.Close()
	has(t, s.do(503, "GET /sign-in/company"), "The company sign-in does not answer", `name="password"`)
}

func TestWithoutACompanySignInThereIsNone(t *testing.T) {
	c := clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	s := open(t, dbtest.Open(t, db.SQLite, c), c, false)
	s.do(404, "GET /sign-in/company")
	s.do(404, "GET "+auth.OIDCCallback+"?code=x&state=y")
}
