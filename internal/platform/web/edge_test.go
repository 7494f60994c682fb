package web_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/web"
	"unisson/internal/platform/web/webtest"
)

// A proxy that nobody has named is found in the log, once, with what mends it.
func TestAProxyThatIsNotNamedIsToldOnce(t *testing.T) {
	for name, trusted := range map[string][]netip.Prefix{"not named": nil, "named": {netip.MustParsePrefix("192.0.2.0/24")}} {
		var log bytes.Buffer
		app := newEdge(t, func(c *web.Config) {
			c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))
			c.TrustedProxies = trusted
		})
		for _, header := range []string{"", "198.51.100.7", "198.51.100.8"} {
			r := httptest.NewRequest("GET", "/nowhere", nil) // from 192.0.2.1
			if header != "" {
				r.Header.Set("X-Forwarded-For", header)
			}
			app.ServeHTTP(httptest.NewRecorder(), r)
		}
		want := 1
		if trusted != nil {
			want = 0
		}
		if n := strings.Count(log.String(), "--trusted-proxies"); n != want || strings.Contains(log.String(), "198.51.100") {
			t.Errorf("%s: told %d times, want %d: %s", name, n, want, log.String())
		}
	}
}

// Programs are answered in their way also where no operation is reached.
func TestTheEdgeAnswersProgramsWithProblems(t *testing.T) {
	full := make(chan bool)
	held := make(chan bool)
	app := newEdge(t, func(c *web.Config) {
		c.MaxInFlight = 1
		c.API = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/hold") {
				close(held)
				<-full
				return
			}
			panic("broken")
		})
	})
	ask := func(path string) *httptest.ResponseRecorder {
		r, w := httptest.NewRequest("GET", path, nil), httptest.NewRecorder()
		r.Header.Set("Accept-Language", "fr")
		app.ServeHTTP(w, r)
		return w
	}
	broken := ask("/api/v1/x")
	ended := make(chan bool)
	go func() { ask("/api/v1/hold"); close(ended) }()
	<-held
	busy := ask("/api/v1/x")
	close(full)
	<-ended
	for code, w := range map[string]*httptest.ResponseRecorder{"errors.kind.internal": broken, "errors.kind.unavailable": busy} {
		var p web.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Code != code || p.Status != w.Code || p.Instance == "" || !strings.Contains(p.Detail, "Rien") ||
			w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", code, w.Code, w.Body)
		}
	}
	if busy.Header().Get("Retry-After") == "" {
		t.Error("nothing says when to try again")
	}
}

// A question about the whole server is answered with our headers, too.
func TestAQuestionAboutTheWholeServerIsAnsweredByTheEdge(t *testing.T) {
	app := newEdge(t, nil)
	w := httptest.NewRecorder()
	app.ServeHTTP(w, httptest.NewRequest("OPTIONS", "*", nil))
	if w.Code != 405 || w.Header().Get("Allow") == "" || w.Header().Get("Content-Security-Policy") != web.CSP || w.Header().Get("X-Request-Id") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

// What the policy stops is told to us, in few words and without the address.
func TestWhatThePolicyStopsIsNoted(t *testing.T) {
	var log bytes.Buffer
	app := newEdge(t, func(c *web.Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}, web.Route{Pattern: "GET /reset/{token}", Perm: auth.Public, Handle: decodes})
	send := func(body string) int {
		r, w := httptest.NewRequest("POST", "/csp-report", strings.NewReader(body)), httptest.NewRecorder()
		r.Header.Set("Content-Type", "application/csp-report")
		app.ServeHTTP(w, r)
		if w.Header().Get("Content-Security-Policy") != web.CSP {
			t.Error("the answer carries no policy")
		}
		return w.Code
	}
	if !strings.Contains(web.CSP, "report-uri /csp-report") {
		t.Errorf("the policy names no endpoint: %s", web.CSP)
	}
	code := send(`{"csp-report":{"effective-directive":"script-src-elem","blocked-uri":"https://evil.example/x?key=s3cret","document-uri":"https://u.example/reset/s3cret?q=s3cret","script-sample":"s3cret"}}`)
	for _, want := range []string{"script-src-elem", "https://evil.example", "GET /reset/{token}"} {
		if code != 204 || !strings.Contains(log.String(), want) {
			t.Errorf("%d; no %s in %s", code, want, log.String())
		}
	}
	for body, want := range map[string]int{`{`: 204, `[]`: 204, ``: 204, strings.Repeat("a", 20_000): 413,
		`{"csp-report":{"violated-directive":"style-src 'self'","blocked-uri":"inline\ninjected=s3cret"}}`: 204} {
		if got := send(body); got != want {
			t.Errorf("%.60s: %d, want %d", body, got, want)
		}
	}
	for range 200 {
		send(`{"csp-report":{"effective-directive":"img-src","blocked-uri":"data"}}`)
	}
	if n := strings.Count(log.String(), "\n"); n > 25 {
		t.Errorf("a flood of reports makes %d lines", n)
	}
	if strings.Contains(log.String(), "s3cret") {
		t.Errorf("an address is in the log: %s", log.String())
	}
	webtest.Run(t, app, webtest.Scenario{Do: "GET /csp-report", Status: 404}, webtest.Scenario{Do: "POST /reset/x", Form: url.Values{}, Status: 405})
}
