package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/api"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// wide is an input with one field of each kind that can be wrong.
type wide struct {
	Limit int  `query:"limit" minimum:"1" maximum:"9"`
	Deep  bool `query:"deep"`
	Body  struct {
		Name    string         `json:"name" minLength:"1" maxLength:"5"`
		Kind    string         `json:"kind,omitempty" enum:"red,blue"`
		Code    string         `json:"code,omitempty" pattern:"^[a-z]+$" minLength:"2"`
		Count   int            `json:"count,omitempty" minimum:"2" maximum:"20"`
		Share   float64        `json:"share,omitempty" exclusiveMinimum:"0"`
		Open    bool           `json:"open,omitempty"`
		Day     string         `json:"day,omitempty" format:"date"`
		At      string         `json:"at,omitempty" format:"date-time"`
		Mail    string         `json:"mail,omitempty" format:"email"`
		Link    string         `json:"link,omitempty" format:"uri"`
		Members []part         `json:"members,omitempty" maxItems:"3"`
		Notes   map[string]any `json:"notes,omitempty"`
	}
}

type part struct {
	ID   string `json:"id"`
	Role string `json:"role,omitempty"`
}

func wideAPI(t *testing.T) (*api.API, http.Handler) {
	t.Helper()
	a := api.New(api.Config{Version: "test", DB: dbtest.Open(t, db.SQLite, clock.System{}), Bundle: i18n.MustLoad(ui.Locales(), web.Locales()),
		Resolve: func(*http.Request) (auth.Actor, error) {
			return auth.NewActor(auth.Actor{Kind: auth.Token, UserID: "u1", Prefs: auth.Prefs{Language: "fr"}}, []auth.Permission{"x"}), nil
		}})
	done := func(context.Context, *wide) (*struct{}, error) { return nil, nil }
	api.Register(a, api.Op{ID: "make", Method: "POST", Path: "/wide", Summary: "Make", Perm: auth.SignedIn}, done)
	api.Register(a, api.Op{ID: "change", Method: "PATCH", Path: "/wide", Summary: "Change", Perm: auth.SignedIn}, done)
	api.Register(a, api.Op{ID: "read", Method: "GET", Path: "/wide", Summary: "Read", Perm: auth.SignedIn},
		func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	api.Register(a, api.Op{ID: "end", Method: "DELETE", Path: "/plain", Summary: "End", Perm: auth.SignedIn},
		func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	api.Register(a, api.Op{ID: "break", Method: "DELETE", Path: "/broken", Summary: "Break", Perm: auth.SignedIn},
		func(context.Context, *struct{}) (*struct{}, error) { panic("broken") })
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return a, h
}

func send(h http.Handler, method, target, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, api.Prefix+target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// problemOf reads a problem strictly: nothing but what the document says.
func problemOf(t *testing.T, w *httptest.ResponseRecorder) (p web.Problem) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(w.Body.String()))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil || p.Status != w.Code || p.Code == "" || p.Title == "" || p.Detail == "" || p.Type != "about:blank" ||
		w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("no problem of ours: %d %s %s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	return p
}

func TestEveryWrongBodyIsAProblemOfOurs(t *testing.T) {
	_, h := wideAPI(t)
	const secret = "s3cret-value"
	for _, c := range []struct {
		body     string
		status   int
		code     string // of the problem
		location string // of the field, if any
		field    string // code of the field
	}{
		{`{"name":"a","owner":"` + secret + `"}`, 400, "errors.unknown_field", "owner", "errors.unknown_field"},
		{`{"Name":"` + secret + `"}`, 400, "errors.unknown_field", "Name", "errors.unknown_field"},
		{`{"name":"a","members":[{"id":"x"},{"id":"y","owner":"` + secret + `"}]}`, 400, "errors.unknown_field", "members[1].owner", "errors.unknown_field"},
		{`{"name":"a","name":"` + secret + `"}`, 400, "errors.json.repeated", "name", "errors.json.repeated"},
		{`{"name":"a","NAME":"` + secret + `"}`, 400, "errors.unknown_field", "NAME", "errors.unknown_field"},
		{`{"name":"a","notes":{"b":1,"b":"` + secret + `"}}`, 400, "errors.json.repeated", "notes.b", "errors.json.repeated"},
		{`{"name":"` + secret, 400, "errors.json.syntax", "", ""},
		{`{"name":` + secret + `}`, 400, "errors.json.syntax", "", ""},
		{`[1,]`, 400, "errors.json.syntax", "", ""},
		{`{"name":"a"} {"name":"` + secret + `"}`, 400, "errors.json.trailing", "", ""},
		{`{"name":"a"}]`, 400, "errors.json.trailing", "", ""},
		{"{\"name\":\"" + secret + "\xff\"}", 400, "errors.json.utf8", "", ""},
		{`{"name":"` + secret + `\ud800"}`, 400, "errors.json.escape", "", ""},
		{`{"name":"\udc00\ud800"}`, 400, "errors.json.escape", "", ""},
		{`{"name":"a\u0000"}`, 400, "errors.json.escape", "", ""},
		{`{"name":"a","notes":` + strings.Repeat(`{"a":`, 40) + `1` + strings.Repeat(`}`, 40) + `}`, 400, "errors.json.depth", "", ""},
		{strings.Repeat(`[`, 200_000), 400, "errors.json.syntax", "", ""},
		{`{"name":"a","share":1e999}`, 400, "errors.json.number", "share", "errors.json.number"},
		{``, 400, "errors.json.empty", "", ""},
		{`null`, 400, "errors.type.object", "", "errors.type.object"},
		{`"` + secret + `"`, 400, "errors.type.object", "", "errors.type.object"},
		{`{"name":7}`, 400, "errors.type.string", "name", "errors.type.string"},
		{`{"name":"a","count":"` + secret + `"}`, 400, "errors.type.integer", "count", "errors.type.integer"},
		{`{"name":"a","count":2.5}`, 400, "errors.type.integer", "count", "errors.type.integer"},
		{`{"name":"a","share":"` + secret + `"}`, 400, "errors.type.number", "share", "errors.type.number"},
		{`{"name":"a","open":"` + secret + `"}`, 400, "errors.type.boolean", "open", "errors.type.boolean"},
		{`{"name":"a","members":"` + secret + `"}`, 400, "errors.type.array", "members", "errors.type.array"},
		{`{"name":"a","members":["` + secret + `"]}`, 400, "errors.type.object", "members[0]", "errors.type.object"},
		{`{"name":""}`, 422, "errors.kind.invalid", "name", "errors.required"},
		{`{}`, 422, "errors.kind.invalid", "name", "errors.required"},
		{`{"name":"a","members":[{}]}`, 422, "errors.kind.invalid", "members[0].id", "errors.required"},
		{`{"name":"` + secret + `"}`, 422, "errors.kind.invalid", "name", "errors.too_long"},
		{`{"name":"a","kind":"` + secret + `"}`, 422, "errors.kind.invalid", "kind", "errors.one_of"},
		{`{"name":"a","code":"` + secret + `"}`, 422, "errors.kind.invalid", "code", "errors.pattern"},
		{`{"name":"a","code":"a"}`, 422, "errors.kind.invalid", "code", "errors.too_short"},
		{`{"name":"a","count":1}`, 422, "errors.kind.invalid", "count", "errors.at_least"},
		{`{"name":"a","count":21}`, 422, "errors.kind.invalid", "count", "errors.at_most"},
		{`{"name":"a","share":0}`, 422, "errors.kind.invalid", "share", "errors.above"},
		{`{"name":"a","day":"` + secret + `"}`, 422, "errors.kind.invalid", "day", "errors.format.date"},
		{`{"name":"a","at":"` + secret + `"}`, 422, "errors.kind.invalid", "at", "errors.format.instant"},
		{`{"name":"a","mail":"` + secret + ` x"}`, 422, "errors.kind.invalid", "mail", "errors.format.email"},
		{`{"name":"a","link":":` + secret + `"}`, 422, "errors.kind.invalid", "link", "errors.format.address"},
		{`{"name":"a","members":[{"id":"1"},{"id":"2"},{"id":"3"},{"id":"4"}]}`, 422, "errors.kind.invalid", "members", "errors.too_many"},
	} {
		for _, key := range []string{"", "k"} {
			w := send(h, "POST", "/wide", c.body, "Idempotency-Key", key)
			p := problemOf(t, w)
			if w.Code != c.status || p.Code != c.code || strings.Contains(w.Body.String(), secret) {
				t.Errorf("%.80s: %d %s, want %d %s", c.body, w.Code, w.Body, c.status, c.code)
			}
			found := slices.ContainsFunc(p.Errors, func(f web.ProblemField) bool { return f.Location == c.location && f.Code == c.field && f.Message != "" })
			if c.field != "" && !found {
				t.Errorf("%.80s: the fields read %+v, want %s at %q", c.body, p.Errors, c.field, c.location)
			}
		}
	}
	if w := send(h, "POST", "/wide", `{"name":"😀\ud83d\ude00","notes":{"any":[{"Thing":1}]}}`); w.Code != 204 {
		t.Errorf("a sound body: %d %s", w.Code, w.Body)
	}
}

func TestAProblemSpeaksTheLanguageAskedFor(t *testing.T) {
	_, h := wideAPI(t)
	for header, want := range map[string]string{"fr-FR,fr;q=0.9": "caractères au plus", "en": "characters", "": "caractères au plus", "*": "caractères au plus", "de": "characters"} {
		p := problemOf(t, send(h, "POST", "/wide", `{"name":"too long"}`, "Accept-Language", header))
		if len(p.Errors) != 1 || !strings.Contains(p.Errors[0].Message, want) {
			t.Errorf("%q: %+v", header, p)
		}
	}
	if p := problemOf(t, send(h, "POST", "/wide", "{\n  \"name\": oops\n}")); !strings.Contains(p.Detail, "line 2, column 11") {
		t.Errorf("where the JSON breaks: %s", p.Detail)
	}
}

func TestWrongParametersAreProblemsOfOurs(t *testing.T) {
	_, h := wideAPI(t)
	for query, want := range map[string]struct {
		status int
		field  string
	}{
		"limit=s3cret": {400, "errors.type.integer"}, "deep=s3cret": {400, "errors.type.boolean"}, "owner=s3cret": {400, "errors.unknown_field"},
		"limit=0": {422, "errors.at_least"}, "limit=10": {422, "errors.at_most"},
	} {
		w := send(h, "POST", "/wide?"+query, `{"name":"a"}`)
		name, _, _ := strings.Cut(query, "=")
		p := problemOf(t, w)
		if w.Code != want.status || len(p.Errors) != 1 || p.Errors[0].Code != want.field || p.Errors[0].Location != name || strings.Contains(w.Body.String(), "s3cret") {
			t.Errorf("%s: %d %s, want %d %s", query, w.Code, w.Body, want.status, want.field)
		}
	}
}

func TestWhatIsNoJSONIsAnotherMedia(t *testing.T) {
	_, h := wideAPI(t)
	for kind, want := range map[string]int{"application/json": 204, "application/json; charset=utf-8": 204, "": 204, "text/plain": 415,
		"application/x-www-form-urlencoded": 415, "application/cbor": 415, "application/merge-patch+json": 415, ";": 415} {
		w := send(h, "POST", "/wide", `{"name":"a"}`, "Content-Type", kind)
		if w.Code != want {
			t.Errorf("%q: %d %s, want %d", kind, w.Code, w.Body, want)
		}
		if want == 415 && problemOf(t, w).Code != "errors.media_type" {
			t.Errorf("%q: %s", kind, w.Body)
		}
	}
}

func TestAnOperationWithoutABodyTakesNone(t *testing.T) {
	_, h := wideAPI(t)
	for body, want := range map[string]int{"": 204, "{}": 204, `{"owner":"x"}`: 400, `{`: 400} {
		if w := send(h, "DELETE", "/plain", body); w.Code != want {
			t.Errorf("%q: %d %s, want %d", body, w.Code, w.Body, want)
		}
	}
}

func TestAnotherMethodIsToldTheRightOnes(t *testing.T) {
	_, h := wideAPI(t)
	for method, want := range map[string]int{"DELETE": 405, "PUT": 405, "OPTIONS": 405, "HEAD": 204, "GET": 204} {
		w := send(h, method, "/wide", "")
		if w.Code != want {
			t.Errorf("%s: %d %s, want %d", method, w.Code, w.Body, want)
		}
		if want == 405 && (w.Header().Get("Allow") != "GET, HEAD, POST, PATCH" || problemOf(t, w).Code != "errors.method") {
			t.Errorf("%s: Allow %q, %s", method, w.Header().Get("Allow"), w.Body)
		}
	}
	if w := send(h, "PUT", "/none", ""); w.Code != 404 || w.Header().Get("Allow") != "" {
		t.Errorf("an address that is none: %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

// Every answer that is an error is described by our schema, and the library's is gone.
func TestTheDocumentDescribesOurProblems(t *testing.T) {
	a, _ := wideAPI(t)
	raw, err := a.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Info  struct{ Description string }
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Ref string `json:"$ref"`
			}
		}
		Components struct {
			Schemas   map[string]any
			Responses map[string]struct {
				Content map[string]struct {
					Schema struct {
						Ref string `json:"$ref"`
					}
				}
			}
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	n := 0
	for path, methods := range doc.Paths {
		for method, op := range methods {
			for status, r := range op.Responses {
				if status < "400" {
					continue
				}
				n++
				c := doc.Components.Responses[strings.TrimPrefix(r.Ref, "#/components/responses/")].Content
				if len(c) != 1 || c["application/problem+json"].Schema.Ref != "#/components/schemas/Problem" {
					t.Errorf("%s %s: %s is described by %q", method, path, status, r.Ref)
				}
			}
		}
	}
	if n == 0 || doc.Components.Schemas["Problem"] == nil || doc.Components.Schemas["ErrorModel"] != nil || doc.Components.Schemas["ErrorDetail"] != nil {
		t.Errorf("%d errors are described; the schemas: %v", n, doc.Components.Schemas)
	}
	if !strings.Contains(doc.Info.Description, "20 requests a second") || !strings.Contains(doc.Info.Description, "Retry-After") {
		t.Errorf("the rate is not told: %s", doc.Info.Description)
	}
}

// A program has no page to go back to, no form and no marked fields.
func TestAProblemSpeaksToAProgram(t *testing.T) {
	kinds := map[error]string{
		errs.Invalid(errs.Field{Name: "a", Code: "errors.required"}): "errors", errs.NotFound("x"): "address", errs.Conflict(""): "Read the record",
		errs.Stale(nil): "If-Match", errs.Forbidden(""): "scopes", errs.Unauthenticated(): "Bearer", errs.Throttled(time.Second): "Retry-After",
		errs.Malformed("", ""): "openapi.json", errs.Conflict("errors.still_used"): "Something else",
	}
	for given, want := range kinds {
		a := api.New(api.Config{Version: "test", Bundle: i18n.MustLoad(ui.Locales(), web.Locales()), Resolve: func(*http.Request) (auth.Actor, error) {
			return auth.Actor{}, given
		}})
		h, err := a.Handler()
		if err != nil {
			t.Fatal(err)
		}
		p := problemOf(t, send(h, "GET", "/x", ""))
		if !strings.Contains(p.Detail, want) || strings.Contains(p.Detail, "page") || strings.Contains(p.Detail, "session") {
			t.Errorf("%v: %s", given, p.Detail)
		}
	}
}

func TestTooLargeABodyIsAProblemOfOurs(t *testing.T) {
	_, h := wideAPI(t)
	w := send(h, "POST", "/wide", `{"name":"`+strings.Repeat("s3cret", 200_000)+`"}`)
	if p := problemOf(t, w); w.Code != 413 || p.Code != "errors.too_large" || !strings.Contains(p.Detail, "Send less") || strings.Contains(w.Body.String(), "s3cret") {
		t.Errorf("%d %.200s", w.Code, w.Body)
	}
}
