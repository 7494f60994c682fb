package e2e_test

import (
	"fmt"
	"testing"

	"unisson/e2e"
)

// maxFirstVisit is what a signed-in page may weigh on a first visit: HTML, CSS,
// scripts and icons as they travel, packed. The two fonts come on top.
const maxFirstVisit = 60 << 10

func TestAFirstVisitIsLight(t *testing.T) {
	demo := e2e.SharedDemo(t)
	for _, path := range []string{"/people", "/today"} {
		p := e2e.Open(t, demo.URL, e2e.Look{})
		p.SignIn(salesperson)
		p.Forget() // what it has kept, as on a first visit
		p.Goto(path)
		var weight, requests int
		if _, err := fmt.Sscan(p.Eval(`(() => {
			const e = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].filter(r => !r.name.endsWith(".woff2"));
			return e.reduce((n, r) => n + r.transferSize, 0) + " " + e.length })()`), &weight, &requests); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes in %d requests, fonts left out", path, weight, requests)
		if weight > maxFirstVisit {
			t.Errorf("%s weighs %d bytes on a first visit, more than %d", path, weight, maxFirstVisit)
		}
		if weight < 20_000 {
			t.Errorf("%s: only %d bytes travelled: the browser had kept something", path, weight)
		}
	}
}
