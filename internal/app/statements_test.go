package app_test

import (
	"net/http"
	"net/http/httptest"
	"sort"
	"strings"
	"testing"
	"time"

	"unisson/internal/app/apptest"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/registry"
)

// What a page may ask of the database: while others read too, and when nobody
// has read anything for a while.
const (
	mostStatements  = 12
	mostAfterAPause = 22
)

// otherBounds are those of pages that need other ones.
var otherBounds = map[string]int{
	"/people":      6,
	"/people/{me}": 13,
	"/today":       7,
	"/admin":       15, // each state of the work, mails and webhooks are counted
	"/admin/jobs":  13,
	"/healthz":     0,
}

// TestPagesAskLittleOfTheDatabase keeps reads that nobody notices out of the
// way of every page: the company or the day read again by each part of it, a
// statement for each row.
func TestPagesAskLittleOfTheDatabase(t *testing.T) {
	fake := clock.NewFake(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	d := dbtest.Open(t, db.SQLite, fake)
	a := apptest.New(t, d)
	if err := a.Seed(t.Context(), 1, registry.Size{People: 120}); err != nil {
		t.Fatal(err)
	}
	for _, as := range []string{"administrator", "head_of_sales"} {
		cookies := a.SignIn(t, as)
		me := a.Person(t, as).ID
		paths := []string{"/people/" + me}
		for _, rt := range a.Routes() {
			if rt.Method() == http.MethodGet && !isAPI(rt) && !strings.Contains(rt.Path(), "{") {
				paths = append(paths, rt.Path())
			}
		}
		for _, path := range paths {
			ask := func() *db.Counter {
				r := httptest.NewRequest("GET", path, nil)
				if path != "/healthz" { // a supervisor has no session
					for _, c := range cookies {
						r.AddCookie(c)
					}
				}
				ctx, n := db.WithCounter(r.Context())
				a.ServeHTTP(httptest.NewRecorder(), r.WithContext(ctx))
				return n
			}
			fake.Advance(5 * time.Second)
			if n := ask(); n.N() > mostAfterAPause {
				t.Errorf("%s as %s, after a pause: %d statements, at most %d\n%s", path, as, n.N(), mostAfterAPause, told(n))
			}
			most, ok := otherBounds[strings.Replace(path, me, "{me}", 1)]
			if !ok {
				most = mostStatements
			}
			n := ask()
			t.Logf("%d statements: %s as %s", n.N(), path, as)
			if n.N() > most {
				t.Errorf("%s as %s: %d statements, at most %d\n%s", path, as, n.N(), most, told(n))
			}
		}
	}
}

// told lists statements by their beginnings, those run most often first.
func told(c *db.Counter) string {
	times := map[string]int{}
	for _, q := range c.Statements() {
		times[strings.Join(strings.Fields(q), " ")]++
	}
	var out []string
	for q, n := range times {
		out = append(out, strings.Repeat("×", n)+" "+q[:min(len(q), 160)])
	}
	sort.Sort(sort.Reverse(sort.StringSlice(out)))
	return strings.Join(out, "\n")
}
