// Package e2e drives the built program with a real browser, as the people of both departments do.
//
// A journey reads like what they would say:
//
//	p := e2e.Open(t, demo.URL, e2e.Look{Lang: "fr"})
//	p.SignIn("Camille")
//	p.Follow("link", "Annuaire")
//	p.Fill("Rechercher", "pompes")
//	p.See("heading", "12 personnes")
//	p.Axe()
//
// Things are found as assistive technology finds them: by role and accessible name, so that a journey that passes is one
// that a screen reader can follow. Every step waits for what it needs, ten seconds at most; nothing sleeps.
//
// What fails a test without being asked: an error on the console, an exception, a report of the content security
// policy, an answer of 500, a missing asset, and any request to another host than the one under test.
//
// Chromium is one process for a test binary, with a fresh profile for each page. A missing Chromium fails where CI=true
// or UNISSON_REQUIRE_CHROMIUM=1, and skips elsewhere; UNISSON_CHROMIUM names one in an unusual place. UNISSON_E2E_BINARY
// names a program built already. Screenshots go to e2e/out.
package e2e
