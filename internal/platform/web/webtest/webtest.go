package webtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// App is what a scenario runs against.
type App interface {
	http.Handler
	// SignIn gives the cookies of a browser in which somebody of that role (or
	// with that e-mail address) is signed in; "" is nobody.
	SignIn(t *testing.T, as string) []*http.Cookie
}

// Scenario is one request and what must come of it.
type Scenario struct {
	Name   string
	As     string            // role or e-mail address; "" is nobody
	Do     string            // "GET /people?q=a"
	Form   url.Values        // body of a POST
	HTMX   bool              // as htmx asks
	Header map[string]string // over the defaults of a browser; "" takes one away
	Status int
	To     string   // Location of a redirect
	Has    []string // what the body holds
	HasNot []string // what it must not hold
}

// Answer is what came back.
type Answer struct {
	*http.Response
	Body string
}

// Run runs the scenarios one after the other.
func Run(t *testing.T, app App, scenarios ...Scenario) {
	t.Helper()
	for _, s := range scenarios {
		name := s.Name
		if name == "" {
			name = s.As + " " + s.Do
		}
		t.Run(name, func(t *testing.T) {
			t.Helper()
			a := Do(t, app, s)
			if a.StatusCode != s.Status {
				t.Errorf("status %d, want %d\n%s", a.StatusCode, s.Status, excerpt(a.Body))
			}
			if s.To != "" && a.Header.Get("Location") != s.To {
				t.Errorf("redirects to %q, want %q", a.Header.Get("Location"), s.To)
			}
			for _, want := range s.Has {
				if !strings.Contains(a.Body, want) {
					t.Errorf("the answer lacks %q\n%s", want, excerpt(a.Body))
				}
			}
			for _, not := range s.HasNot {
				if strings.Contains(a.Body, not) {
					t.Errorf("the answer holds %q", not)
				}
			}
		})
	}
}

// Do sends one request as a browser on our own page does.
func Do(t *testing.T, app App, s Scenario) Answer {
	t.Helper()
	method, target, _ := strings.Cut(s.Do, " ")
	var body io.Reader
	if s.Form != nil {
		body = strings.NewReader(s.Form.Encode())
	}
	r := httptest.NewRequest(method, target, body)
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if s.Form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if s.HTMX {
		r.Header.Set("HX-Request", "true")
	}
	for k, v := range s.Header {
		if v == "" {
			r.Header.Del(k)
		} else {
			r.Header.Set(k, v)
		}
	}
	for _, c := range app.SignIn(t, s.As) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	res := w.Result()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	CheckHeaders(t, s.Do, res.Header)
	return Answer{Response: res, Body: string(b)}
}

// CheckHeaders fails the test when an answer lacks a security header.
func CheckHeaders(t *testing.T, what string, h http.Header) {
	t.Helper()
	csp := h.Get("Content-Security-Policy")
	if csp == "" || strings.Contains(csp, "unsafe-inline") || strings.Contains(csp, "unsafe-eval") {
		t.Errorf("%s: Content-Security-Policy is %q", what, csp)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"} {
		if h.Get(name) != want {
			t.Errorf("%s: %s is %q, want %q", what, name, h.Get(name), want)
		}
	}
}

func excerpt(body string) string {
	if len(body) > 1500 {
		return body[:1500] + "…"
	}
	return body
}
