package api_test

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"unisson/internal/platform/api"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

type thingIn struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"20"`
	}
}

type thingOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Name string `json:"name"`
		Nth  int    `json:"nth"`
	}
}

// things counts how often the operation really acted, in the database itself.
func things(t *testing.T, d *db.DB) http.Handler {
	t.Helper()
	policy, err := auth.ReadPolicy(strings.NewReader("permission,head,scope:read,scope:write,note\nthing.edit,x,,x,\nthing.read,x,x,x,\n"))
	if err != nil {
		t.Fatal(err)
	}
	a := api.New(api.Config{Version: "test", Policy: policy, DB: d, Bundle: i18n.MustLoad(ui.Locales(), web.Locales()),
		Resolve: func(r *http.Request) (auth.Actor, error) {
			scope, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			if !ok {
				return auth.Actor{}, nil
			}
			scope, user, _ := strings.Cut(scope, "@") // "write@u2" is the token of somebody else
			roles := []auth.Role{"head"}
			return auth.NewActor(auth.Actor{Kind: auth.Token, UserID: cmp.Or(user, "u1"), Roles: roles}, policy.OfToken(roles, []string{scope})), nil
		}})
	api.Register(a, api.Op{ID: "makeThing", Method: "POST", Path: "/things", Summary: "Make a thing", Tag: "things", Perm: "thing.edit"},
		func(ctx context.Context, in *thingIn) (*thingOut, error) {
			out := &thingOut{ETag: api.ETag(1)}
			err := d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
				v, err := db.Setting(ctx, tx.Reader, "things")
				if err != nil {
					return err
				}
				out.Body.Name, out.Body.Nth = in.Body.Name, len(v)+1
				if err := db.SetSetting(ctx, tx, "things", v+"x"); err != nil {
					return err
				}
				if in.Body.Name == "refuse" {
					return errs.Conflict("errors.still_used")
				}
				return nil
			})
			return out, err
		})
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func post(h http.Handler, body, key, scope string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", api.Prefix+"/things", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	if scope != "" {
		r.Header.Set("Authorization", "Bearer "+scope)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func acted(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.Read(context.Background(), func(ctx context.Context, r db.Reader) error {
		v, err := db.Setting(ctx, r, "things")
		n = len(v)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestARepeatedKeyActsOnceAndAnswersAlike(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := things(t, d)
		var wg sync.WaitGroup
		answers := make([]string, 20)
		for i := range answers {
			wg.Go(func() {
				w := post(h, `{"name":"a"}`, "k1", "write")
				answers[i] = w.Header().Get("ETag") + w.Result().Status + w.Body.String()
			})
		}
		wg.Wait()
		for _, a := range answers {
			if a != answers[0] || !strings.Contains(a, "200") {
				t.Fatalf("answers differ: %q and %q", answers[0], a)
			}
		}
		if n := acted(t, d); n != 1 {
			t.Errorf("it acted %d times", n)
		}
		if w := post(h, `{"name":"b"}`, "k1", "write"); w.Code != 409 || !strings.Contains(w.Body.String(), "errors.key_reused") {
			t.Errorf("another body under the same key: %d %s", w.Code, w.Body)
		}
		if w := post(h, `{"name":"a"}`, "k2", "write"); w.Code != 200 || acted(t, d) != 2 {
			t.Errorf("a new key: %d, acted %d times", w.Code, acted(t, d))
		}
	})
}

func TestARefusedActLeavesNeitherEffectNorKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := things(t, d)
		before := dbtest.Dump(t, d)
		for _, c := range []struct {
			body, scope string
			status      int
		}{
			{`{"name":"refuse"}`, "write", 409}, {`{"name":"a"}`, "read", 403}, {`{"name":"a"}`, "", 401},
			{`{"name":""}`, "write", 422}, {`{"name":"a","role":"head"}`, "write", 400}, {`{`, "write", 400},
		} {
			w := post(h, c.body, "k", c.scope)
			if w.Code != c.status || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s as %q: %d %s %s, want %d", c.body, c.scope, w.Code, w.Header().Get("Content-Type"), w.Body, c.status)
			}
			var p web.Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != c.status {
				t.Errorf("%s: no problem document: %s", c.body, w.Body)
			}
		}
		if dbtest.Dump(t, d) != before {
			t.Error("a refused act changed the database")
		}
		if w := post(h, `{"name":"a"}`, "k", "write"); w.Code != 200 {
			t.Errorf("the key of a refused act is spent: %d", w.Code)
		}
	})
}

func TestUnknownOperationsAreNotFoundForThoseWhoMayAsk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := things(t, d)
		for scope, want := range map[string]int{"read": 404, "": 401} {
			r := httptest.NewRequest("GET", api.Prefix+"/none", nil)
			if scope != "" {
				r.Header.Set("Authorization", "Bearer "+scope)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != want {
				t.Errorf("scope %q: %d, want %d", scope, w.Code, want)
			}
		}
	})
}

func TestCursorsAreReadBackAndForgedOnesRefused(t *testing.T) {
	key, err := api.ReadCursor(api.Cursor("é", "2"), 2)
	if err != nil || key[0] != "é" || key[1] != "2" {
		t.Errorf("%v %v", key, err)
	}
	for _, c := range []string{"!!", api.Cursor("a"), "bnVsbA"} {
		if _, err := api.ReadCursor(c, 2); !errs.Is(err, errs.KindMalformed) {
			t.Errorf("%q: %v", c, err)
		}
	}
	if _, err := api.IfMatch(`"x"`); err == nil {
		t.Error("a version that is no number was taken")
	}
	if v, err := api.IfMatch(`W/"7"`); err != nil || v != 7 {
		t.Errorf("%d %v", v, err)
	}
}
