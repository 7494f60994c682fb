// Package web is the edge: it turns requests into calls and errors into pages.
//
// The way of a request: request id → security headers → client address →
// load limit → same-origin check → who is it → language → the route's
// permission → handler → page, fragment or problem document. A handler returns
// an error and never writes one.
//
// Vocabulary: a Route is URL, permission and handler on one line; a Handler
// decodes, calls a service and renders; a fragment is the part of a page that
// htmx asked for.
//
// Invariants: a route without a permission cannot be registered; every answer,
// errors and assets included, carries the security headers; a state change from
// another origin is refused; form fields that no page of ours sends are refused.
package web
