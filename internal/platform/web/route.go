package web

import (
	"fmt"
	"net/http"
	"strings"

	"unisson/internal/platform/auth"
)

// Handler answers a request or returns why not.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Route is one line of the URL map.
type Route struct {
	Pattern string          // "GET /people/{id}"
	Perm    auth.Permission // auth.Public and auth.SignedIn included; empty is refused
	Handle  Handler
}

// Method is the method of the pattern.
func (r Route) Method() string { m, _, _ := strings.Cut(r.Pattern, " "); return m }

// Path is the path of the pattern, with {names}.
func (r Route) Path() string { _, p, _ := strings.Cut(r.Pattern, " "); return p }

// check refuses what must not reach production; New turns it into a failed start.
func (r Route) check(p *auth.Policy) error {
	switch {
	case r.Method() == "" || !strings.HasPrefix(r.Path(), "/"):
		return fmt.Errorf("route %q: write \"METHOD /path\"", r.Pattern)
	case r.Perm == "":
		return fmt.Errorf("route %q has no permission", r.Pattern)
	case p != nil && !p.Knows(r.Perm):
		return fmt.Errorf("route %q: permission %q is not in the policy file", r.Pattern, r.Perm)
	case r.Handle == nil:
		return fmt.Errorf("route %q has no handler", r.Pattern)
	}
	return nil
}

// Changes tells whether the method changes state.
func Changes(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return false
	}
	return true
}
