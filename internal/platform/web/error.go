package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
)

// Status gives the HTTP status of a kind of error.
func Status(k errs.Kind) int {
	switch k {
	case errs.KindInvalid:
		return http.StatusUnprocessableEntity
	case errs.KindNotFound:
		return http.StatusNotFound
	case errs.KindConflict, errs.KindStale:
		return http.StatusConflict
	case errs.KindForbidden:
		return http.StatusForbidden
	case errs.KindUnauthenticated:
		return http.StatusUnauthorized
	case errs.KindUnavailable:
		return http.StatusServiceUnavailable
	case errs.KindThrottled:
		return http.StatusTooManyRequests
	case errs.KindMalformed:
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// Error answers with err: the one path from errors to pages, fragments and
// problem documents. It logs what is ours to mend, once.
func (s *Server) Error(w http.ResponseWriter, r *http.Request, err error) {
	e := Explain(err)
	LogError(r.Context(), e, err)
	h := w.Header()
	s.afresh(h)
	if e.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(e.RetryAfter))
	}
	// Somebody who is not signed in and asks for a page is shown the way in.
	if e.Kind == errs.KindUnauthenticated && !Changes(r.Method) && !IsHTMX(r) && wantsPage(r) {
		next := r.URL.RequestURI()
		to := "/sign-in"
		if next != "/" {
			to += "?next=" + url.QueryEscape(next)
		}
		h.Set("Location", to)
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	if !wantsPage(r) && !IsHTMX(r) {
		s.problem(w, r, e)
		return
	}
	page := errorPage(e, RequestID(r.Context()))
	if IsHTMX(r) {
		page = errorFragment(e, RequestID(r.Context()))
	}
	if Render(w, r, e.Status, page) != nil {
		s.plain(w, r, e.Status)
	}
}

// LogError notes what is ours to mend, once, at the edge, with the reference
// that the answer shows.
func LogError(ctx context.Context, e Explanation, err error) {
	if e.Status < 500 {
		return
	}
	if e.Kind == errs.KindUnavailable && errors.Is(ctx.Err(), context.Canceled) {
		return // the reader left before the answer
	}
	log := slog.Default()
	if s := from(ctx); s != nil {
		log = s.Log
	}
	log.ErrorContext(ctx, "request failed", "request", RequestID(ctx), "actor", auth.From(ctx).UserID, "error", err.Error())
}

func wantsPage(r *http.Request) bool {
	a := r.Header.Get("Accept")
	return a == "" || strings.Contains(a, "text/html") || strings.Contains(a, "*/*")
}

// Explanation is an error as the edge shows it.
type Explanation struct {
	Kind       errs.Kind
	Status     int
	Code       string // message key
	Params     map[string]any
	Fields     []errs.Field
	RetryAfter int // seconds
}

// i18n: errors.kind.*

// Explain tells what the edge says of err, in keys.
func Explain(err error) Explanation {
	k := errs.KindOf(err)
	e := Explanation{Kind: k, Status: Status(k), Code: "errors.kind." + k.String(), Fields: errs.FieldsOf(err)}
	if d := errs.Detail(err); d != nil && k != errs.KindInternal {
		if d.Code != "" {
			e.Code, e.Params = d.Code, d.Params
		}
		e.RetryAfter = int(math.Ceil(d.RetryAfter.Seconds()))
	}
	for i, f := range e.Fields { // of a malformed request: what is wrong with the whole is wrong with the field
		if f.Code == e.Code && f.Params == nil {
			e.Fields = slices.Clone(e.Fields)
			e.Fields[i].Params = e.Params
		}
	}
	switch e.Code { // that HTTP has a word of its own for
	case "errors.too_large":
		e.Status = http.StatusRequestEntityTooLarge
	case "errors.method":
		e.Status = http.StatusMethodNotAllowed
	case "errors.media_type":
		e.Status = http.StatusUnsupportedMediaType
	}
	return e
}

// title says in a few words what kind of error it is.
func (e Explanation) title(ctx context.Context) string {
	switch e.Status {
	case http.StatusRequestEntityTooLarge:
		return i18n.T(ctx, "errors.title.too_large")
	case http.StatusMethodNotAllowed:
		return i18n.T(ctx, "errors.title.method")
	}
	return i18n.T(ctx, "errors.title."+e.Kind.String())
}

// Problem is an RFC 9457 body. It never holds what was sent, but for the names of
// fields.
type Problem struct {
	Type     string         `json:"type" example:"about:blank" doc:"Always about:blank: code tells problems apart"`
	Title    string         `json:"title" example:"Something is missing or wrong" doc:"The kind of problem, in the language asked for"`
	Status   int            `json:"status" example:"422" doc:"The HTTP status"`
	Detail   string         `json:"detail,omitempty" example:"Look at errors: each entry names a value that does not fit and says how to mend it." doc:"What happened and what to do, in the language asked for"`
	Instance string         `json:"instance,omitempty" example:"01890a5d-ac96-7774-bcce-b302099a8057" doc:"Reference of this request, as in X-Request-Id and in the log"`
	Code     string         `json:"code" example:"errors.kind.invalid" doc:"What happened, for programs; it stays the same in every language and release"`
	Errors   []ProblemField `json:"errors,omitempty" nullable:"false" doc:"The wrong fields"`
}

// ProblemField is one wrong field of a Problem.
type ProblemField struct {
	Location string `json:"location" example:"members[2].person_id" doc:"The field: of the body, the query or the headers"`
	Code     string `json:"code" example:"errors.required" doc:"What is wrong with it, for programs"`
	Message  string `json:"message" example:"This is needed." doc:"What is wrong with it and how to mend it, in the language asked for"`
}

// AsProblem writes e in words, for the API and for clients that want no page.
func AsProblem(ctx context.Context, e Explanation) Problem {
	p := Problem{Type: "about:blank", Title: e.title(ctx), Status: e.Status,
		Detail: i18n.M(ctx, e.Code, e.Params), Instance: RequestID(ctx), Code: e.Code}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, ProblemField{Location: f.Name, Code: f.Code, Message: i18n.M(ctx, f.Code, f.Params)})
	}
	return p
}

func (s *Server) problem(w http.ResponseWriter, r *http.Request, e Explanation) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(e.Status)
	_ = json.NewEncoder(w).Encode(AsProblem(r.Context(), e)) // a caller who went away is not our failure
}

// props are the words of an error page. The reference is shown where ours to
// mend: everything else says itself what to do.
func (e Explanation) props(ctx context.Context, reference string) ui.ErrorProps {
	p := ui.ErrorProps{Title: e.title(ctx), Text: i18n.M(ctx, e.Code, e.Params)}
	for _, f := range e.Fields {
		if f.Code != e.Code {
			p.Text += " " + i18n.M(ctx, f.Code, f.Params)
		}
	}
	if e.Status >= 500 {
		p.Reference = reference
	}
	return p
}
