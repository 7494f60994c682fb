package web

import (
	"fmt"
	"net/http"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
)

// Handler answers a request or returns why not.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Route is one line of the URL map.
type Route struct {
	Pattern string          // "GET /people/{id}"
	Perm    auth.Permission // auth.Public and auth.SignedIn included; empty is refused
	Handle  Handler
	MaxBody int64 // bytes of a form body; 0: as the server says. Uploads set their own
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

// OtherMethods is the error of a request that no pattern of mux takes: of the
// wrong method, with the right ones in Allow, else otherwise.
func OtherMethods(w http.ResponseWriter, r *http.Request, mux *http.ServeMux, otherwise error) error {
	var allow []string
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := *r // the mux asks for the method, the host and the address
		other.Method = m
		if _, pattern := mux.Handler(&other); pattern != "" && pattern != "/" {
			allow = append(allow, m)
		}
	}
	if len(allow) == 0 {
		return otherwise
	}
	list := strings.Join(allow, ", ")
	w.Header().Set("Allow", list)
	return &errs.Error{Kind: errs.KindMalformed, Code: "errors.method", Params: map[string]any{"allow": list}}
}
