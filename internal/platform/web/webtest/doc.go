// Package webtest runs scenarios against the edge: who asks, what, which status,
// what the answer holds and must not hold.
//
//	webtest.Run(t, app, webtest.Scenario{As: "salesperson", Do: "GET /people", Status: 200, Has: []string{"Camille"}})
//
// Requests go through the whole handler, headers and rights included, without a
// network. Every answer is checked for the security headers.
package webtest
