package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/web"
)

var (
	notFound        = errs.NotFound("operation")
	unauthenticated = errs.Unauthenticated()
)

// problem is web.Problem as an error that huma writes as it is.
type problem struct {
	web.Problem
	after int // seconds
}

// Error is for logs.
func (p *problem) Error() string { return p.Code }

// GetStatus gives huma the status.
func (p *problem) GetStatus() int { return p.Status }

// ContentType gives huma the media type of RFC 9457.
func (p *problem) ContentType(string) string { return "application/problem+json" }

// MarshalJSON leaves out what is not of the document.
func (p *problem) MarshalJSON() ([]byte, error) { return json.Marshal(p.Problem) }

func asStatus(ctx context.Context, err error) error {
	p := asProblem(ctx, err)
	if p.after > 0 {
		return &headed{p, http.Header{"Retry-After": {strconv.Itoa(p.after)}}}
	}
	return p
}

// asProblem logs what is ours to mend and says err to a program, which has no page
// to go back to.
//
// i18n: errors.program.*
func asProblem(ctx context.Context, err error) *problem {
	e := web.Explain(err)
	web.LogError(ctx, e, err)
	p := &problem{Problem: web.AsProblem(ctx, e), after: e.RetryAfter}
	switch e.Kind {
	case errs.KindInternal, errs.KindUnavailable: // said alike to people and programs
	default:
		if e.Code == "errors.kind."+e.Kind.String() {
			p.Detail = i18n.T(ctx, "errors.program."+e.Kind.String())
		}
	}
	return p
}

// headed is a problem with headers.
type headed struct {
	*problem
	h http.Header
}

// GetHeaders gives huma the headers.
func (h *headed) GetHeaders() http.Header { return h.h }

// writeProblem answers outside huma's way.
func writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := asProblem(r.Context(), err)
	if p.after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.after))
	}
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="unisson"`)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a caller who went away is not our failure
}
