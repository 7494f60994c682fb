package api

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/web"
)

// Prefix is where the API stands.
const Prefix = "/api/v1"

// Config is what the composition root gives to the API.
type Config struct {
	Version string
	Policy  *auth.Policy
	DB      *db.DB
	Bundle  *i18n.Bundle
	Resolve func(r *http.Request) (auth.Actor, error) // by bearer token only
	Allow   func(auth.Actor) error                    // rate limit; nil: none
}

// API collects operations and answers requests.
type API struct {
	Config
	huma   huma.API
	mux    *http.ServeMux
	perms  map[string]auth.Permission // by pattern
	shapes map[string]reflect.Type    // of bodies, by pattern; nil: no body
	routes []web.Route
	err    error
}

// New makes an API without operations.
func New(c Config) *API {
	a := &API{Config: c, mux: http.NewServeMux(), perms: map[string]auth.Permission{}, shapes: map[string]reflect.Type{}}
	hc := huma.DefaultConfig("Unisson", c.Version)
	hc.CreateHooks = nil // no $schema in bodies, no address of an example host
	hc.DocsPath, hc.SchemasPath = "", ""
	hc.RejectUnknownQueryParameters = true
	hc.Formats = map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}
	hc.Info.Description = description()
	hc.Transformers = []huma.Transformer{inOurWords}
	hc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	refusals(hc.Components)
	a.huma = humago.NewWithPrefix(a.mux, Prefix, hc)
	for _, p := range []string{"/openapi.json", "/openapi.yaml", "/openapi-3.0.json", "/openapi-3.0.yaml"} {
		a.perms["GET "+Prefix+p] = auth.Public
	}
	return a
}

// Op describes one operation.
type Op struct {
	ID      string // verb-noun, as in the service: "listPeople"
	Method  string
	Path    string // below Prefix: "/people/{id}"
	Summary string
	Tag     string
	Perm    auth.Permission
	Status  int // of success; 0: 200
}

// Register adds an operation. The mistakes it finds are reported by Handler,
// so that registration reads as a list.
func Register[I, O any](a *API, op Op, fn func(context.Context, *I) (*O, error)) {
	pattern := op.Method + " " + Prefix + op.Path
	switch {
	case op.Perm == "":
		a.fail("operation %s has no permission", pattern)
	case a.Policy != nil && !a.Policy.Knows(op.Perm):
		a.fail("operation %s: permission %q is not in the policy file", pattern, op.Perm)
	}
	a.perms[pattern] = op.Perm
	a.shapes[pattern] = shapeOf(reflect.TypeFor[I]())
	a.routes = append(a.routes, web.Route{Pattern: pattern, Perm: op.Perm})
	o := huma.Operation{OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary, DefaultStatus: op.Status,
		Tags: []string{op.Tag}, Security: []map[string][]string{{"token": {}}}, MaxBodyBytes: maxBody + 1, // bounded before
		Responses:  refusalsOf(op.Method),
		Extensions: map[string]any{"x-permission": string(op.Perm)}}
	if web.Changes(op.Method) {
		o.Parameters = append(o.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: "string", MaxLength: new(200)},
			Description: "Any text that is new for each act. Sending it again within 24 h gives the same answer and acts once."})
	}
	huma.Register(a.huma, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, in)
		if err != nil {
			return nil, asStatus(ctx, err)
		}
		return out, nil
	})
	for _, name := range []string{"ErrorModel", "ErrorDetail"} { // the library's own, which nobody is sent
		delete(a.huma.OpenAPI().Components.Schemas.Map(), name)
	}
}

func (a *API) fail(format string, args ...any) {
	if a.err == nil {
		a.err = fmt.Errorf("api: "+format, args...)
	}
}

// Routes lists the operations for the policy matrix; they have no handler of
// their own.
func (a *API) Routes() []web.Route { return a.routes }

// OpenAPI gives the document as JSON.
func (a *API) OpenAPI() ([]byte, error) { return a.huma.OpenAPI().MarshalJSON() }

// Handler gives the API as an http.Handler, or the first mistake of registration.
func (a *API) Handler() (http.Handler, error) {
	if a.err != nil {
		return nil, a.err
	}
	return http.HandlerFunc(a.serve), nil
}

// serve decides who it is and whether he may, before the body is read.
func (a *API) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	actor, err := a.Resolve(r)
	actor.RequestID = web.RequestID(r.Context())
	// What a program asks for goes before what its person prefers to read.
	lang := r.Header.Get("Accept-Language")
	if lang == "" || lang == "*" {
		lang = actor.Prefs.Language
	} else {
		lang = i18n.Negotiate(lang)
	}
	ctx := i18n.With(auth.With(r.Context(), actor), a.Bundle.For(lang, nil))
	r = r.WithContext(ctx)
	_, pattern := a.mux.Handler(r)
	perm, known := a.perms[pattern]
	if known {
		web.SetPattern(ctx, pattern)
	} else {
		web.SetPattern(ctx, "GET "+Prefix+"/")
	}
	switch {
	case err != nil:
	case !known && !actor.Known():
		err = unauthenticated // what exists is not told to strangers
	case !known:
		err = web.OtherMethods(w, r, a.mux, notFound)
	default:
		err = auth.Require(ctx, perm)
	}
	if err == nil || errs.Is(err, errs.KindNotFound) {
		err = cmp.Or(web.Legible(r), err)
	}
	if err == nil && a.Allow != nil && actor.Known() {
		err = a.Allow(actor)
	}
	var body []byte
	if err == nil {
		body, err = readBody(w, r, a.shapes[pattern])
	}
	if err != nil {
		writeProblem(w, r, err)
		return
	}
	if key := strings.TrimSpace(r.Header.Get("Idempotency-Key")); key != "" && web.Changes(r.Method) {
		a.once(w, r, key, body)
		return
	}
	a.act(w, r, body)
}

// act runs the operation on a body that was read and checked.
func (a *API) act(w http.ResponseWriter, r *http.Request, body []byte) {
	out := &reply{ResponseWriter: w}
	r = r.WithContext(context.WithValue(r.Context(), replyKey{}, out))
	r.Body = io.NopCloser(bytes.NewReader(body))
	a.mux.ServeHTTP(out, r)
}
