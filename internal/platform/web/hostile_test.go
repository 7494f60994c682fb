package web_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
	"unisson/internal/platform/web/webtest"
)

type typed struct {
	Q    string   `form:"q"`
	Tags []string `form:"tag"`
}

func decodes(w http.ResponseWriter, r *http.Request) error {
	var f typed
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	return web.Render(w, r, 200, ui.Page(ui.PageProps{Title: "P"}))
}

// What is no text reaches no handler: PostgreSQL keeps neither NUL nor broken UTF-8.
func TestWhatIsNoTextIsRefusedAtTheEdge(t *testing.T) {
	reached := func(w http.ResponseWriter, r *http.Request) error { return decodes(w, r) }
	app := newEdge(t, nil,
		web.Route{Pattern: "GET /people/{id}", Perm: auth.Public, Handle: reached},
		web.Route{Pattern: "GET /people", Perm: auth.Public, Handle: reached},
		web.Route{Pattern: "POST /people", Perm: auth.Public, Handle: reached})
	for _, bad := range []string{"%00", "a%00b", "%ff", "%ED%A0%80"} {
		webtest.Run(t, app,
			webtest.Scenario{Do: "GET /people/" + bad, Status: 400},
			webtest.Scenario{Do: "GET /people?q=" + bad, Status: 400},
			webtest.Scenario{Do: "GET /people?tag=a&tag=" + bad, Status: 400},
			webtest.Scenario{Do: "GET /people?" + bad + "=a", Status: 400})
		for _, name := range []string{"q", "tag"} {
			value, err := url.QueryUnescape(bad)
			if err != nil {
				t.Fatal(err)
			}
			webtest.Run(t, app, webtest.Scenario{Name: "POST " + name + bad, Do: "POST /people", Form: url.Values{name: {value}}, Status: 400})
		}
	}
	webtest.Run(t, app, webtest.Scenario{Do: "GET /people?q=%C3%A9%0A", Status: 200})
}

func TestABodyThatIsNoFormIsRefused(t *testing.T) {
	app := newEdge(t, nil, web.Route{Pattern: "POST /people", Perm: auth.Public, Handle: decodes})
	for kind, want := range map[string]int{"text/plain": 400, "multipart/form-data; boundary=x": 400, "application/json": 400, "": 400,
		"application/x-www-form-urlencoded; charset=utf-8": 200} {
		webtest.Run(t, app, webtest.Scenario{Name: kind, Do: "POST /people", Form: url.Values{"q": {"a"}}, Header: map[string]string{"Content-Type": kind}, Status: want})
	}
	webtest.Run(t, app, webtest.Scenario{Name: "no body", Do: "POST /people", Status: 200})
}

func TestTooMuchOfAFormIsRefused(t *testing.T) {
	app := newEdge(t, func(c *web.Config) { c.MaxBody = 100 }, web.Route{Pattern: "POST /people", Perm: auth.Public, Handle: decodes})
	webtest.Run(t, app,
		webtest.Scenario{Do: "POST /people", Form: url.Values{"q": {strings.Repeat("a", 50)}}, Status: 200},
		webtest.Scenario{Do: "POST /people", Form: url.Values{"q": {strings.Repeat("a", 200)}}, Status: 413, Has: []string{"Too large", "larger than", "Send less"}})
}

// A toast is taken only as this program has written it: neither another site of
// the same domain nor the reader can put words, icons or an undo into a page.
func TestAForgedToastIsNotShown(t *testing.T) {
	app := newEdge(t, nil, web.Route{Pattern: "POST /do", Perm: auth.Public, Handle: func(w http.ResponseWriter, r *http.Request) error {
		web.Flash(w, r, web.Toast{Key: "errors.still_used"})
		return web.Redirect(w, r, "/")
	}})
	page := func(value string) string {
		return webtest.Do(t, app, webtest.Scenario{Do: "GET /nowhere", As: "head", Header: map[string]string{"Cookie": "unisson_flash=" + value}}).Body
	}
	ours := webtest.Do(t, app, webtest.Scenario{Do: "POST /do", Form: url.Values{}}).Cookies()[0].Value
	if !strings.Contains(page(ours), "Something else still needs it.") {
		t.Error("our own toast is not shown")
	}
	for _, text := range []string{`{"k":"errors.still_used"}`, `{"k":"errors.still_used","i":"no-such-icon"}`, `{"k":"errors.unknown_field"}`, `{"k":"errors.still_used","u":"/sign-out"}`} {
		for _, value := range []string{base64.RawURLEncoding.EncodeToString([]byte(text)), ours[:10] + base64.RawURLEncoding.EncodeToString([]byte(text)), ours + "AAAA", "!", ""} {
			if body := page(value); !strings.Contains(body, "There is nothing here") || strings.Contains(body, "Something else still needs it.") {
				t.Errorf("%q is shown", value)
			}
		}
	}
}

func TestCookiesAreBoundToOurHostOverHTTPS(t *testing.T) {
	app := newEdge(t, func(c *web.Config) { c.PublicURL = &url.URL{Scheme: "https", Host: "unisson.test"} },
		web.Route{Pattern: "POST /do", Perm: auth.Public, Handle: func(w http.ResponseWriter, r *http.Request) error {
			web.Flash(w, r, web.Toast{Key: "errors.still_used"})
			web.SetPreference(w, r, "lang", "fr")
			return web.Redirect(w, r, "/")
		}})
	cookies := webtest.Do(t, app, webtest.Scenario{Do: "POST /do", Form: url.Values{}}).Cookies()
	if len(cookies) != 2 {
		t.Fatalf("%d cookies", len(cookies))
	}
	for _, c := range cookies {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%s", c)
		}
	}
	webtest.Run(t, app,
		webtest.Scenario{Do: "GET /nowhere", Header: map[string]string{"Cookie": "__Host-unisson_lang=fr"}, Status: 404, Has: []string{`lang="fr"`}},
		webtest.Scenario{Name: "from a sibling host", Do: "GET /nowhere", Header: map[string]string{"Cookie": "unisson_lang=fr"}, Status: 404, Has: []string{`lang="en"`}})
}

// A page that breaks off is not taken for a whole one.
func TestAnAnswerThatBreaksOffAbortsTheConnection(t *testing.T) {
	var log bytes.Buffer
	app := newEdge(t, func(c *web.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) },
		web.Route{Pattern: "GET /half", Perm: auth.Public, Handle: func(w http.ResponseWriter, r *http.Request) error {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "the first half")
			panic("no more")
		}},
		web.Route{Pattern: "GET /abort", Perm: auth.Public, Handle: func(http.ResponseWriter, *http.Request) error { panic(http.ErrAbortHandler) }})
	for _, path := range []string{"/half", "/abort"} {
		func() {
			defer func() {
				if p := recover(); p != http.ErrAbortHandler {
					t.Errorf("%s: %v, want the connection aborted", path, p)
				}
			}()
			app.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
		}()
	}
	if n := strings.Count(log.String(), "msg=panic"); n != 1 {
		t.Errorf("%d panics are logged: %s", n, log.String())
	}
}

func TestAnErrorKeepsNothingOfTheAnswerThatFailed(t *testing.T) {
	app := newEdge(t, nil, web.Route{Pattern: "GET /file", Perm: auth.Public, Handle: func(w http.ResponseWriter, r *http.Request) error {
		for k, v := range map[string]string{"Content-Disposition": "attachment", "ETag": `"1"`, "Content-Length": "3", "Last-Modified": "x", "Content-Encoding": "br",
			"Cache-Control": "public", "Content-Security-Policy": "sandbox"} {
			w.Header().Set(k, v)
		}
		return errors.New("the disk broke")
	}})
	a := webtest.Do(t, app, webtest.Scenario{Do: "GET /file"})
	for _, k := range []string{"Content-Disposition", "ETag", "Content-Length", "Last-Modified", "Content-Encoding"} {
		if v := a.Header.Get(k); v != "" {
			t.Errorf("%s is %q", k, v)
		}
	}
	if a.StatusCode != 500 || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Content-Security-Policy") != web.CSP {
		t.Errorf("%d, %v", a.StatusCode, a.Header)
	}
}

func TestNoAnswerIsKeptByACacheUnlessItSaysSo(t *testing.T) {
	app := newEdge(t, nil, web.Route{Pattern: "GET /page", Perm: auth.Public, Handle: says("p")}, web.Route{Pattern: "POST /page", Perm: auth.Public, Handle: says("p")})
	for _, c := range []struct{ do, want string }{
		{"GET /page", "no-store"}, {"HEAD /page", "no-store"}, {"GET //page", "no-store"}, {"GET /nowhere", "no-store"}, {"GET /assets/none.css", "no-store"},
		{"OPTIONS /page", "no-store"}, {"TRACE /page", "no-store"}, {"DELETE /page", "no-store"},
		{"GET " + ui.Asset("unisson.css"), "public, max-age=31536000, immutable"},
	} {
		if got := webtest.Do(t, app, webtest.Scenario{Do: c.do}).Header.Get("Cache-Control"); got != c.want {
			t.Errorf("%s: %q, want %q", c.do, got, c.want)
		}
	}
}

func TestPagesArePackedOnlyForThoseWhoUnpack(t *testing.T) {
	app := newEdge(t, nil, web.Route{Pattern: "GET /page", Perm: auth.Public, Handle: says(strings.Repeat("a", 5000))})
	for accept, want := range map[string]string{"gzip": "gzip", "br, gzip;q=0.5": "gzip", "gzip;q=0": "", "gzip; q=0.0, br": "", "x-gzip-like": "", "": ""} {
		if got := webtest.Do(t, app, webtest.Scenario{Do: "GET /page", Header: map[string]string{"Accept-Encoding": accept}}).Header.Get("Content-Encoding"); got != want {
			t.Errorf("%q: %q, want %q", accept, got, want)
		}
	}
}

func TestAShortWaitIsSaidInWholeSeconds(t *testing.T) {
	app := newEdge(t, nil, web.Route{Pattern: "GET /busy", Perm: auth.Public, Handle: fails(errs.Throttled(200 * time.Millisecond))})
	if got := webtest.Do(t, app, webtest.Scenario{Do: "GET /busy"}).Header.Get("Retry-After"); got != "1" {
		t.Errorf("Retry-After is %q", got)
	}
}

func TestAReaderWhoLeftIsNoFailureOfOurs(t *testing.T) {
	var log bytes.Buffer
	app := newEdge(t, func(c *web.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) },
		web.Route{Pattern: "GET /slow", Perm: auth.Public, Handle: fails(errs.Unavailable("errors.cancelled", time.Second))},
		web.Route{Pattern: "GET /boom", Perm: auth.Public, Handle: fails(errors.New("broken"))})
	ask := func(path string, gone bool) {
		r := httptest.NewRequest("GET", path, nil)
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		if gone {
			cancel()
		}
		app.ServeHTTP(httptest.NewRecorder(), r.WithContext(ctx))
	}
	ask("/slow", true)
	if strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("logged as ours to mend: %s", log.String())
	}
	ask("/slow", false)
	ask("/boom", true)
	if n := strings.Count(log.String(), "level=ERROR"); n != 2 {
		t.Errorf("%d failures are logged, want 2: %s", n, log.String())
	}
}

func TestAnAnswerWithoutAStatusIsCountedAsOK(t *testing.T) {
	var status int
	app := newEdge(t, func(c *web.Config) { c.Observe = func(_ string, s int, _ time.Duration) { status = s } },
		web.Route{Pattern: "GET /silent", Perm: auth.Public, Handle: func(http.ResponseWriter, *http.Request) error { return nil }})
	webtest.Do(t, app, webtest.Scenario{Do: "GET /silent"})
	if status != 200 {
		t.Errorf("counted as %d", status)
	}
}

func TestAProxyMayNameThePortToo(t *testing.T) {
	var seen string
	app := newEdge(t, func(c *web.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} },
		web.Route{Pattern: "GET /ip", Perm: auth.Public, Handle: func(_ http.ResponseWriter, r *http.Request) error {
			seen = web.ClientIP(r.Context()).String()
			return nil
		}})
	for header, want := range map[string]string{"198.51.100.1:4711": "198.51.100.1", "[2001:db8::1]:4711": "2001:db8::1", "2001:db8::1": "2001:db8::1", "::ffff:198.51.100.1": "198.51.100.1"} {
		r := httptest.NewRequest("GET", "/ip", nil)
		r.RemoteAddr = "10.1.1.1:1"
		r.Header.Set("X-Forwarded-For", header)
		app.ServeHTTP(httptest.NewRecorder(), r)
		if seen != want {
			t.Errorf("%q: %s, want %s", header, seen, want)
		}
	}
}

func TestAPathToGoOnToIsShortAndPlain(t *testing.T) {
	for _, p := range []string{"/\v/evil.test", "/\f/evil.test", "/\x7f", "/a\nb", "/%zz", "/" + strings.Repeat("a", 3000), "//", "/\u2028/evil.test\r", "\x00/evil.test", " /evil"} {
		if got := web.LocalPath(p); got != "/" {
			t.Errorf("%.40q leads to %.40q", p, got)
		}
	}
}

// Whoever uses another method is told the right ones; HEAD goes where GET goes.
func TestAnotherMethodIsToldTheRightOnes(t *testing.T) {
	page := func(w http.ResponseWriter, r *http.Request) error {
		return web.Render(w, r, 200, ui.Page(ui.PageProps{Title: "P"}))
	}
	app := newEdge(t, nil, web.Route{Pattern: "GET /people", Perm: auth.Public, Handle: page}, web.Route{Pattern: "POST /people", Perm: auth.Public, Handle: page},
		web.Route{Pattern: "POST /people/{id}/end", Perm: auth.Public, Handle: page})
	for do, want := range map[string]struct {
		status int
		allow  string
	}{
		"HEAD /people": {200, ""}, "PUT /people": {405, "GET, HEAD, POST"}, "DELETE /people": {405, "GET, HEAD, POST"}, "OPTIONS /people": {405, "GET, HEAD, POST"},
		"GET /people/1/end": {405, "POST"}, "HEAD /people/1/end": {405, "POST"}, "PUT /none": {404, ""}, "GET /none": {404, ""},
	} {
		w := webtest.Do(t, app, webtest.Scenario{Do: do, Form: url.Values{}})
		if w.StatusCode != want.status || w.Header.Get("Allow") != want.allow || w.Header.Get("Content-Security-Policy") != web.CSP {
			t.Errorf("%s: %d, Allow %q, want %d %q", do, w.StatusCode, w.Header.Get("Allow"), want.status, want.allow)
		}
	}
}

// Every way of answering has a route in the metrics, and none that a stranger can invent.
func TestTheMetricsKnowEveryRoute(t *testing.T) {
	seen := map[string]bool{}
	app := newEdge(t, func(c *web.Config) {
		c.Observe = func(pattern string, _ int, _ time.Duration) { seen[pattern] = true }
		c.Assets = http.NotFoundHandler()
		c.API = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { web.SetPattern(r.Context(), "GET /api/v1/x/{id}") })
	}, web.Route{Pattern: "GET /people/{id}", Perm: auth.Public, Handle: decodes})
	for do, want := range map[string]string{"GET /people/7": "GET /people/{id}", "GET /assets/invented": "GET /assets/", "GET /invented": "GET /", "GET /api/v1/x/7": "GET /api/v1/x/{id}"} {
		clear(seen)
		webtest.Do(t, app, webtest.Scenario{Do: do})
		if len(seen) != 1 || !seen[want] {
			t.Errorf("%s is counted as %v, want %q", do, seen, want)
		}
	}
}
