package timeline_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"unisson/internal/app/apptest"
	"unisson/internal/customers"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/web/webtest"
	"unisson/internal/timeline"
)

// shop is the whole program with a customer.
type shop struct {
	*apptest.App
	acme, ada string
}

func open(t *testing.T, d *db.DB) *shop {
	t.Helper()
	s := &shop{App: apptest.New(t, d)}
	ctx := auth.AsSystem(t.Context())
	var err error
	if s.acme, err = s.Customers.Create(ctx, customers.KindAccount, customers.Values{"name": "Laiteries du Bocage"}); err != nil {
		t.Fatal(err)
	}
	if s.ada, err = s.Customers.Create(ctx, customers.KindContact, customers.Values{"given": "Claire", "family": "Fontaine", "account": s.acme}); err != nil {
		t.Fatal(err)
	}
	return s
}

// log keeps a touch in the name of a role's person.
func (s *shop) log(t *testing.T, role string, touch timeline.Touch) string {
	t.Helper()
	u := s.Person(t, role)
	a := auth.Actor{Kind: auth.Person, UserID: u.ID, Name: u.Name(), Roles: u.Roles}
	if err := s.DB.Read(t.Context(), func(ctx context.Context, r db.Reader) (err error) {
		a.Scope, err = s.Team.ScopeOf(auth.AsSystem(ctx), r, u.ID, u.Roles)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	ctx := auth.With(i18n.With(t.Context(), i18n.MustLoad(timeline.Locales()).For("fr", nil)), auth.NewActor(a, s.Policy().OfRoles(u.Roles)))
	out, err := s.Timeline.Log(ctx, touch, "")
	if err != nil {
		t.Fatal(err)
	}
	return out.ID
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestAVisitIsLoggedReadCorrectedAndWithdrawn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		thread := "/contacts/" + s.ada + "/touches"
		webtest.Run(t, s,
			webtest.Scenario{As: "salesperson", Do: "GET /touches/new?kind=visit&contact=" + s.ada, Status: 200, Has: []string{"Claire Fontaine", `name="once"`, `data-outbox`, "health"}},
			webtest.Scenario{As: "salesperson", Do: "POST /touches", Form: form("kind", "visit", "contact", s.ada, "text", "Line 2 in March", "once", "k"), Status: 303, To: thread},
			webtest.Scenario{Name: "the same form again", As: "salesperson", Do: "POST /touches", Form: form("kind", "visit", "contact", s.ada, "text", "Line 2 in March", "once", "k"), Status: 303, To: thread},
			webtest.Scenario{As: "marketer", Do: "GET " + thread, Status: 200, Has: []string{"Line 2 in March", `class="v"`}},
			webtest.Scenario{As: "marketer", Do: "GET /accounts/" + s.acme + "/touches?voice=sales&kind=visit", Status: 200, Has: []string{"Line 2 in March"}},
			webtest.Scenario{As: "marketer", Do: "GET /accounts/" + s.acme + "/touches?voice=marketing", Status: 200, HasNot: []string{"Line 2 in March"}},
			webtest.Scenario{As: "marketer", Do: "GET /accounts/" + s.acme + "/panels/touches", HTMX: true, Status: 200, Has: []string{"Line 2 in March", `id="touches-panel"`}, HasNot: []string{"<html"}},
			webtest.Scenario{Name: "a panel without htmx is its page", As: "marketer", Do: "GET /accounts/" + s.acme + "/panels/touches", Status: 303, To: "/accounts/" + s.acme + "/touches"},
			webtest.Scenario{As: "executive", Do: "POST /touches", Form: form("kind", "visit", "contact", s.ada), Status: 403},
			webtest.Scenario{As: "guest", Do: "GET " + thread, Status: 403},
			webtest.Scenario{Do: "GET /touches/offline", Status: 200, Has: []string{"data-outbox"}, HasNot: []string{"data-me", "Claire"}},
			webtest.Scenario{As: "salesperson", Do: "GET /touches/offline", Status: 200, HasNot: []string{"data-me", s.Person(t, "salesperson").ID}},
			webtest.Scenario{Do: "GET /touches/worker.js", Status: 200, Has: []string{"/assets/app."}},
		)
		if n := strings.Count(webtest.Do(t, s, webtest.Scenario{As: "marketer", Do: "GET " + thread}).Body, "Line 2 in March"); n != 1 {
			t.Errorf("the visit stands %d times", n)
		}
		id := s.log(t, "salesperson", timeline.Touch{ContactID: s.ada, Kind: "call", Body: "wrong words"})
		webtest.Run(t, s,
			webtest.Scenario{As: "salesperson", Do: "GET /touches/" + id, Status: 200, Has: []string{"wrong words", "/touches/" + id + "/edit", "/contacts/" + s.ada}},
			webtest.Scenario{As: "marketer", Do: "GET /touches/" + id, Status: 200, HasNot: []string{"/touches/" + id + "/edit"}},
			webtest.Scenario{As: "marketer", Do: "POST /touches/" + id + "/edit", Form: form("kind", "call", "text", "mine"), Status: 403},
			webtest.Scenario{As: "salesperson", Do: "GET /touches/" + id + "/edit", Status: 200, Has: []string{"wrong words"}},
			webtest.Scenario{As: "salesperson", Do: "POST /touches/" + id + "/edit", Form: form("kind", "call", "text", "mine", "at", "2099-01-01T10:00"), Status: 422, Has: []string{"future", "mine"}},
			webtest.Scenario{As: "salesperson", Do: "POST /touches/" + id + "/edit", Form: form("kind", "call", "text", "right words", "at", "2020-01-02T10:00"), Status: 303},
			webtest.Scenario{As: "salesperson", Do: "GET /touches/" + id, Status: 200, Has: []string{"right words"}, HasNot: []string{"wrong words"}},
			webtest.Scenario{Name: "corrected by two", As: "salesperson", Do: "POST /touches/" + id + "/withdraw", Status: 409},
			webtest.Scenario{As: "salesperson", Do: "POST /touches/" + id + "/restore", Status: 303, To: thread},
			webtest.Scenario{As: "marketer", Do: "GET " + thread, Status: 200, Has: []string{"wrong words"}, HasNot: []string{"right words"}},
		)
	})
}

func TestWhatIsNotMineReadsAsNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		private := s.log(t, "salesperson", timeline.Touch{ContactID: s.ada, Kind: "note", Private: true, Body: "canarymot"})
		var all []webtest.Scenario
		for _, as := range []string{"marketer", "head_of_sales", "administrator", "dpo", "executive"} {
			all = append(all,
				webtest.Scenario{As: as, Do: "GET /touches/" + private, Status: 404, HasNot: []string{"canarymot"}},
				webtest.Scenario{As: as, Do: "GET /contacts/" + s.ada + "/touches", Status: 200, HasNot: []string{"canarymot", private}},
				webtest.Scenario{As: as, Do: "GET /find?q=canarymot", Status: 200, HasNot: []string{"/touches/" + private}})
		}
		all = append(all,
			webtest.Scenario{As: "head_of_sales", Do: "POST /touches/" + private + "/withdraw", Status: 404},
			webtest.Scenario{As: "head_of_sales", Do: "GET /touches/" + private + "/edit", Status: 404},
			webtest.Scenario{As: "salesperson", Do: "GET /touches/" + private, Status: 200, Has: []string{"canarymot"}},
			webtest.Scenario{As: "salesperson", Do: "GET /find?q=canarymot", Status: 200, Has: []string{"/touches/" + private}},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts/unknown/touches", Status: 404},
			webtest.Scenario{As: "salesperson", Do: "GET /touches/new?contact=unknown", Status: 404},
			webtest.Scenario{As: "salesperson", Do: "POST /touches", Form: form("kind", "visit", "contact", "unknown"), Status: 404},
			webtest.Scenario{As: "salesperson", Do: "POST /touches", Form: form("kind", "visit", "contact", s.ada, "as", "somebody-else"), Status: 403},
		)
		webtest.Run(t, s, all...)
	})
}

func TestACustomerIsChosenByName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		ctx := auth.AsSystem(t.Context())
		for _, town := range []string{"Vire", "Laval"} {
			if _, err := s.Customers.Create(ctx, customers.KindContact, customers.Values{"given": "Anne", "family": "Martin", "city": town}); err != nil {
				t.Fatal(err)
			}
		}
		webtest.Run(t, s,
			webtest.Scenario{As: "salesperson", Do: "POST /touches", Form: form("kind", "visit", "who", "claire fontaine", "text", "by name"), Status: 303, To: "/contacts/" + s.ada + "/touches"},
			webtest.Scenario{As: "salesperson", Do: "POST /touches", Form: form("kind", "visit", "who", "Anne Martin", "text", "kept words"), Status: 422, Has: []string{"Vire", "Laval", `name="pick"`, "kept words"}},
			webtest.Scenario{As: "salesperson", Do: "POST /touches", Form: form("kind", "visit", "who", "Zzyzx", "text", "kept words"), Status: 422, Has: []string{"Zzyzx", "kept words"}},
			webtest.Scenario{As: "salesperson", Do: "POST /touches", Form: form("kind", "visit", "text", "kept words"), Status: 422, Has: []string{"kept words"}},
			webtest.Scenario{As: "salesperson", Do: "GET /touches/who?who=Fontai", HTMX: true, Status: 200, Has: []string{"contact:" + s.ada}, HasNot: []string{"<html"}},
			webtest.Scenario{As: "salesperson", Do: "GET /touches/new", Status: 200, Has: []string{"contact:" + s.ada}},
			webtest.Scenario{As: "marketer", Do: "GET /touches/new", Status: 200, HasNot: []string{"contact:" + s.ada}},
		)
	})
}

func TestTheOutboxIsAnsweredInItsOwnWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		me := s.Person(t, "salesperson").ID
		json := map[string]string{"Accept": "application/json"}
		webtest.Run(t, s,
			webtest.Scenario{As: "salesperson", Do: "POST /touches", Header: json, Form: form("kind", "visit", "contact", s.ada, "text", "x", "once", "o", "as", me, "typed", "2026-01-02T10:00:00.000Z", "sent", "on"),
				Status: 201, Has: []string{`"to":"/contacts/` + s.ada + `/touches"`}},
			webtest.Scenario{As: "salesperson", Do: "POST /touches", Header: json, Form: form("kind", "visit", "who", "nobody called so", "once", "o2", "as", me), Status: 422, Has: []string{`"location":"who"`}},
			webtest.Scenario{As: "marketer", Do: "POST /touches", Header: json, Form: form("kind", "visit", "contact", s.ada, "once", "o3", "as", me), Status: 403, Has: []string{"other_person"}},
			webtest.Scenario{Do: "POST /touches", Header: json, Form: form("kind", "visit", "contact", s.ada), Status: 401},
		)
	})
}

// call asks the API with a token of a role.
func (s *shop) call(t *testing.T, role, method, path, body string, header map[string]string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+s.Token(t, s.Person(t, role).ID, "read", "write"))
	r.Header.Set("Content-Type", "application/json")
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestProgramsLogListAndCorrect(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		key := map[string]string{"Idempotency-Key": "one"}
		body := `{"contact_id":"` + s.ada + `","kind":"call","direction":"in","text":"wants a quote"}`
		status, first := s.call(t, "salesperson", http.MethodPost, "/api/v1/touches", body, key)
		if status != 201 || !strings.Contains(first, `"voice":"customer"`) {
			t.Fatalf("%d %s", status, first)
		}
		if status, again := s.call(t, "salesperson", http.MethodPost, "/api/v1/touches", body, key); status != 201 || again != first {
			t.Errorf("again: %d %s", status, again)
		}
		id := strings.Split(strings.SplitN(first, `"id":"`, 2)[1], `"`)[0]
		if status, out := s.call(t, "salesperson", http.MethodPost, "/api/v1/touches/"+id+"/corrections", `{"kind":"call","direction":"in","text":"wants two"}`, nil); status != 201 || !strings.Contains(out, "wants two") {
			t.Errorf("correct: %d %s", status, out)
		}
		status, list := s.call(t, "marketer", http.MethodGet, "/api/v1/accounts/"+s.acme+"/touches?voice=customer", "", nil)
		if status != 200 || strings.Count(list, `"id"`) != 1 || !strings.Contains(list, "wants two") {
			t.Errorf("list: %d %s", status, list)
		}
		for _, path := range []string{"/api/v1/contacts/unknown/touches", "/api/v1/touches/unknown"} {
			if status, out := s.call(t, "salesperson", http.MethodGet, path, "", nil); status != 404 {
				t.Errorf("%s: %d %s", path, status, out)
			}
		}
		if status, out := s.call(t, "marketer", http.MethodDelete, "/api/v1/touches/"+id, "", nil); status != 403 {
			t.Errorf("withdraw of another: %d %s", status, out)
		}
		if status, out := s.call(t, "salesperson", http.MethodPost, "/api/v1/touches", `{"contact_id":"`+s.ada+`","kind":"note"}`, nil); status != 422 || !strings.Contains(out, `"location":"text"`) {
			t.Errorf("an empty note: %d %s", status, out)
		}
	})
}
