package app_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"unisson/internal/app/apptest"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/web"
	"unisson/internal/platform/web/webtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// who is one column of the matrix.
type who struct {
	name    string
	cookies func(t *testing.T) []*http.Cookie
	bearer  func(t *testing.T) string
	can     func(auth.Permission) bool
}

// open gives the cookies of a browser in which the actor is signed in.
func (w who) open(t *testing.T) []*http.Cookie {
	if w.cookies == nil {
		return nil
	}
	return w.cookies(t)
}

// TestEveryRouteAnswersAsThePolicySays is generated from the router: route ×
// method × actor. Allowed means neither 401 nor 403 nor the way to the sign-in
// page; a foreign or unknown id is a 404 for those who are allowed. What is
// refused leaves a byte-identical database.
func TestEveryRouteAnswersAsThePolicySays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := apptest.New(t, d)
		people := columns(t, a)
		for _, rt := range a.Routes() {
			t.Run(rt.Pattern, func(t *testing.T) {
				var refused []who
				var doors [][]*http.Cookie
				for _, w := range people {
					if isAPI(rt) != (w.bearer != nil) || w.can(rt.Perm) {
						continue
					}
					refused = append(refused, w)
					doors = append(doors, w.open(t)) // signing in writes, so it comes before the dump
				}
				before := dbtest.Dump(t, d, "sessions")
				for i, w := range refused {
					res := ask(t, a, rt, w, doors[i])
					if !turnedAway(rt, res) {
						t.Errorf("%s: got %d, the policy refuses %s", w.name, res.StatusCode, rt.Perm)
					}
					webtest.CheckHeaders(t, rt.Pattern, res.Header)
				}
				if web.Changes(rt.Method()) && dbtest.Dump(t, d, "sessions") != before {
					t.Error("a refused write changed the database")
				}
				for _, w := range people {
					if isAPI(rt) != (w.bearer != nil) || !w.can(rt.Perm) {
						continue
					}
					res := ask(t, a, rt, w, w.open(t))
					if turnedAway(rt, res) {
						t.Errorf("%s: got %d, the policy allows %s", w.name, res.StatusCode, rt.Perm)
					}
					webtest.CheckHeaders(t, rt.Pattern, res.Header)
					if res.StatusCode >= 500 {
						t.Errorf("%s: got %d", w.name, res.StatusCode)
					}
					if strings.Contains(rt.Path(), "{id}") && res.StatusCode != http.StatusNotFound && res.StatusCode != http.StatusUnprocessableEntity && res.StatusCode != http.StatusBadRequest {
						t.Errorf("%s: an unknown id answers %d, want 404", w.name, res.StatusCode)
					}
				}
			})
		}
	})
}

func isAPI(rt web.Route) bool { return strings.HasPrefix(rt.Path(), "/api/") }

// turnedAway tells whether somebody was refused or shown the way to sign in.
func turnedAway(rt web.Route, res *http.Response) bool {
	switch res.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return true
	case http.StatusSeeOther:
		to := res.Header.Get("Location")
		// Signing out, and doors that lead on to the sign-in page, are public.
		return rt.Perm != auth.Public && (strings.HasPrefix(to, "/sign-in?next=") || to == "/sign-in")
	}
	return false
}

// columns are the actors of the matrix: nobody, each role, somebody disabled, a
// guest whose time is over, and API tokens of each scope.
func columns(t *testing.T, a *apptest.App) []who {
	t.Helper()
	p := a.Policy()
	out := []who{{name: "nobody", cookies: func(*testing.T) []*http.Cookie { return nil }, can: func(perm auth.Permission) bool { return perm == auth.Public }}}
	for _, role := range p.Roles() {
		out = append(out, who{name: string(role),
			cookies: func(t *testing.T) []*http.Cookie { return a.SignIn(t, string(role)) },
			can: func(perm auth.Permission) bool {
				return perm == auth.Public || perm == auth.SignedIn || p.Grants(role, perm)
			}})
	}
	ctx := auth.AsSystem(t.Context())
	disabled := a.Add(t, auth.NewUser{Email: "disabled@unisson.test", GivenName: "Dis", FamilyName: "Abled", Roles: []auth.Role{"administrator"}})
	open := a.Session(t, disabled.ID)
	dead := a.Token(t, disabled.ID, p.Scopes()...)
	if err := a.Auth.Disable(ctx, disabled.ID); err != nil {
		t.Fatal(err)
	}
	guest := a.Add(t, auth.NewUser{Email: "over@unisson.test", GivenName: "Over", FamilyName: "Guest", Roles: []auth.Role{"guest"}, ExpiresAt: a.DB.Clock().Now().Add(time.Hour)})
	over, overToken := a.Session(t, guest.ID), a.Token(t, guest.ID, p.Scopes()...)
	if err := a.Auth.SetExpiry(ctx, guest.ID, a.DB.Clock().Now().Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	public := func(perm auth.Permission) bool { return perm == auth.Public }
	out = append(out,
		who{name: "disabled", cookies: func(*testing.T) []*http.Cookie { return open }, can: public},
		who{name: "expired guest", cookies: func(*testing.T) []*http.Cookie { return over }, can: public},
		who{name: "no token", bearer: func(*testing.T) string { return "" }, can: public},
		who{name: "token of the disabled", bearer: func(*testing.T) string { return dead }, can: public},
		who{name: "token of the expired guest", bearer: func(*testing.T) string { return overToken }, can: public})
	for _, role := range []string{"administrator", "salesperson", "guest"} {
		for _, scope := range p.Scopes() {
			token := a.Token(t, a.Person(t, role).ID, scope)
			may := p.OfToken([]auth.Role{auth.Role(role)}, []string{scope})
			out = append(out, who{name: role + "'s token " + scope, bearer: func(*testing.T) string { return token },
				can: func(perm auth.Permission) bool {
					return perm == auth.Public || perm == auth.SignedIn || slices.Contains(may, perm)
				}})
		}
	}
	return out
}

const unknownID = "01890000-0000-7000-8000-000000000000"

// ask sends the request that a browser or a program of w would send, with an
// unknown id and an empty form or body.
func ask(t *testing.T, a *apptest.App, rt web.Route, w who, cookies []*http.Cookie) *http.Response {
	t.Helper()
	path := rt.Path()
	for strings.Contains(path, "{") {
		i, j := strings.Index(path, "{"), strings.Index(path, "}")
		path = path[:i] + map[bool]string{true: unknownID, false: ""}[path[i:j+1] != "{$}"] + path[j+1:]
	}
	body := ""
	if isAPI(rt) && web.Changes(rt.Method()) {
		body = "{}"
	}
	r := httptest.NewRequest(rt.Method(), path, strings.NewReader(body))
	if w.bearer != nil {
		if token := w.bearer(t); token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("If-Match", `"1"`)
	} else {
		r.Header.Set("Accept", "text/html")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, c := range cookies {
			r.AddCookie(c)
		}
	}
	rec := httptest.NewRecorder()
	a.ServeHTTP(rec, r)
	return rec.Result()
}

// TestNoStateChangeIsTakenFromAnotherSite asks every state-changing page route
// as another site would, signed in as the administrator.
func TestNoStateChangeIsTakenFromAnotherSite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := apptest.New(t, d)
		cookies := a.SignIn(t, "administrator")
		before := dbtest.Dump(t, d, "sessions")
		n := 0
		for _, rt := range a.Routes() {
			if isAPI(rt) || !web.Changes(rt.Method()) {
				continue
			}
			n++
			for _, h := range []http.Header{{"Sec-Fetch-Site": {"cross-site"}}, {"Sec-Fetch-Site": {"same-site"}}, {"Origin": {"https://evil.test"}}, {"Origin": {"null"}}, {}} {
				r := httptest.NewRequest(rt.Method(), strings.NewReplacer("{id}", unknownID, "{", "", "}", "").Replace(rt.Path()), strings.NewReader(url.Values{}.Encode()))
				r.Header = h.Clone()
				r.Header.Set("Content-Type", "text/plain")
				for _, c := range cookies {
					r.AddCookie(c)
				}
				rec := httptest.NewRecorder()
				a.ServeHTTP(rec, r)
				if rec.Code != http.StatusForbidden {
					t.Errorf("%s with %v: %d, want 403", rt.Pattern, h, rec.Code)
				}
			}
		}
		if n == 0 {
			t.Error("no state-changing route was found")
		}
		if dbtest.Dump(t, d, "sessions") != before {
			t.Error("a request from another site changed the database")
		}
	})
}
