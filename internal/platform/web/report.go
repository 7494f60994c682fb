package web

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/time/rate"
)

// reportPath is where browsers tell what the content-security policy has stopped.
const reportPath = "/csp-report"

const (
	maxReport      = 16 << 10 // bytes
	reportsASecond = 1
	reportsAtOnce  = 20
)

// report is what browsers send; the rest of it may hold what people see.
type report struct {
	Body struct {
		Directive string `json:"effective-directive"`
		Violated  string `json:"violated-directive"` // of older browsers
		Blocked   string `json:"blocked-uri"`
		Page      string `json:"document-uri"`
	} `json:"csp-report"`
}

// reports notes what the policy has stopped: a mistake of ours, an extension of
// the browser, or an attack. Anybody may send one, so that the log takes only a
// few, in few words, and never an address: it may be the key to an account.
func (s *Server) reports(pages *http.ServeMux) http.Handler {
	limit := rate.NewLimiter(reportsASecond, reportsAtOnce)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		SetPattern(r.Context(), "POST "+reportPath)
		data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxReport))
		if err != nil {
			s.plain(w, r, http.StatusRequestEntityTooLarge)
			return
		}
		var told report
		if json.Unmarshal(data, &told) == nil && limit.AllowN(s.Clock.Now(), 1) {
			b := told.Body
			directive, _, _ := strings.Cut(b.Violated, " ")
			if b.Directive != "" {
				directive = b.Directive
			}
			s.Log.Warn("the content-security policy has stopped something", "request", RequestID(r.Context()),
				"directive", Brief(directive), "blocked", Brief(originOf(b.Blocked)), "page", pageOf(pages, b.Page))
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

// originOf leaves of an address what says where it leads.
func originOf(blocked string) string {
	u, err := url.Parse(blocked)
	switch {
	case err != nil:
		return ""
	case u.Host != "":
		return u.Scheme + "://" + u.Host
	case u.Scheme != "":
		return u.Scheme
	case slices.Contains([]string{"inline", "eval", "wasm-eval", "data", "blob", "trusted-types-sink"}, blocked):
		return blocked
	}
	return ""
}

// pageOf gives the route of an address of ours.
func pageOf(pages *http.ServeMux, address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	_, pattern := pages.Handler(&http.Request{Method: http.MethodGet, URL: &url.URL{Path: u.Path}})
	return pattern
}
