package customers_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"unisson/internal/customers"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/web/webtest"
)

// call asks the API as a program of somebody.
func (h *house) call(token, do, body string, header ...string) (*httptest.ResponseRecorder, map[string]any) {
	h.t.Helper()
	method, path, _ := strings.Cut(do, " ")
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var out map[string]any
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			h.t.Fatalf("%s: %v %s", do, err, w.Body)
		}
	}
	return w, out
}

// fails asks and wants a refusal that leaves the database as it was.
func (h *house) fails(status int, token, do, body string, header ...string) map[string]any {
	h.t.Helper()
	h.call(token, "GET /me", "") // the token is seen for the first time
	before := dbtest.Dump(h.t, h.DB, "sessions", "api_tokens")
	w, out := h.call(token, do, body, header...)
	if w.Code != status {
		h.t.Errorf("%s: status %d, want %d: %s", do, w.Code, status, w.Body)
	}
	if dbtest.Dump(h.t, h.DB, "sessions", "api_tokens") != before {
		h.t.Errorf("%s: a refused write changed the database", do)
	}
	return out
}

func TestAProgramReadsMakesAndChangesCustomers(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		token := h.Token(t, h.Person(t, "salesperson").ID, "read", "write")
		w, made := h.call(token, "POST /contacts", `{"values":{"family":"Roger","given":"Sylvie","account":"`+h.account+`","emails":[{"value":"Sylvie@Bocage.example","label":"work"}],"tags":["buyer"]}}`)
		if w.Code != 201 || w.Header().Get("ETag") != `"1"` || !strings.HasPrefix(w.Header().Get("Location"), "/api/v1/contacts/") {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		id := made["id"].(string)
		if v := made["values"].(map[string]any); v["emails"].([]any)[0].(map[string]any)["value"] != "sylvie@bocage.example" || v["tags"].([]any)[0] != "buyer" {
			t.Error(v)
		}
		if w, out := h.call(token, "PATCH /contacts/"+id, `{"values":{"title":"Acheteuse"}}`, "If-Match", `"1"`); w.Code != 200 || out["version"].(float64) != 2 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		h.fails(409, token, "PATCH /contacts/"+id, `{"values":{"title":"X"}}`, "If-Match", `"1"`)
		wrong := h.fails(422, token, "PATCH /contacts/"+id, `{"values":{"emails":["jean@"],"domain":"x"}}`, "If-Match", `"2"`)
		if raw, _ := json.Marshal(wrong); !strings.Contains(string(raw), "values.domain") {
			t.Error(wrong)
		}
		h.fails(404, token, "GET /contacts/"+h.account, "")
		h.fails(422, token, "POST /accounts", `{"values":{"city":"Vire"}}`)

		_, list := h.call(token, "GET /contacts?sort=-created&limit=1", "")
		if items := list["items"].([]any); len(items) != 1 || items[0].(map[string]any)["id"] != id || list["next"] == nil {
			t.Error(list)
		}
		_, list = h.call(token, "GET /contacts?sort=-created&limit=1&cursor="+url.QueryEscape(list["next"].(string)), "")
		if items := list["items"].([]any); len(items) != 1 || items[0].(map[string]any)["id"] != h.contact {
			t.Error(list)
		}
		_, list = h.call(token, "GET /accounts?filter="+url.QueryEscape("relations:is:customer"), "")
		if len(list["items"].([]any)) != 1 {
			t.Error(list)
		}
		h.fails(400, token, "GET /contacts?sort=secret", "")

		if _, out := h.call(token, "GET /contacts/"+id+"/history", ""); len(out["items"].([]any)) != 1 {
			t.Error(out)
		}
		w, need := h.call(token, "POST /accounts/"+h.account+"/needs", `{"body":"Equip line 2"}`)
		if w.Code != 201 {
			t.Fatal(w.Body)
		}
		if w, out := h.call(token, "PATCH /accounts/"+h.account+"/needs/"+need["id"].(string), `{"state":"met"}`, "If-Match", `"1"`); w.Code != 200 || out["state"] != "met" {
			t.Error(w.Body)
		}
		h.fails(409, token, "PATCH /accounts/"+h.account+"/needs/"+need["id"].(string), `{"state":"open"}`, "If-Match", `"1"`)
		if w, _ := h.call(token, "POST /contacts/"+id+"/tags", `{"tags":["dairy"]}`); w.Code != 201 || h.values(customers.KindContact, id)["tags"] != "buyer\ndairy" {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if w, out := h.call(token, "POST /contacts/"+id+"/consents", `{"act":"refused","channel":"email"}`); w.Code != 201 || len(out["items"].([]any)) != 1 || h.values(customers.KindContact, id)["refuses"] != "email" {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		reader := h.Token(t, h.Person(t, "salesperson").ID, "read")
		h.fails(403, reader, "PATCH /contacts/"+id, `{"values":{"title":"X"}}`, "If-Match", `"2"`)
		other := h.Token(t, h.Person(t, "marketer").ID, "read", "write")
		h.fails(403, other, "PATCH /contacts/"+id, `{"values":{"title":"X"}}`, "If-Match", `"5"`)
	})
}

func TestAFieldOfOurOwnStandsInFormsPagesAndTheAPI(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		form := url.Values{"record": {"account"}, "name_en": {"Milk a day"}, "name_fr": {"Lait par jour"}, "type": {"number"}, "choices": {""}, "code": {""}, "reader": {"product_manager"},
			"why_en": {"To size the skid."}, "why_fr": {"Pour dimensionner le skid."}}
		webtest.Run(t, h,
			webtest.Scenario{As: "head_of_sales", Do: "GET /fields", Status: 200, Has: []string{"No field of our own yet"}},
			webtest.Scenario{As: "head_of_sales", Do: "POST /fields/new", Form: form, Status: 303, To: "/fields?of=account"},
			webtest.Scenario{As: "salesperson", Do: "GET /fields", Status: 403},
			webtest.Scenario{As: "salesperson", Do: "GET /accounts/new", Status: 200, Has: []string{"Milk a day", "To size the skid. Read by: Product manager."}},
		)
		h.refused(422, webtest.Scenario{As: "head_of_sales", Do: "POST /fields/new", Form: form})
		without := url.Values{"record": {"account"}, "name_en": {"X"}, "name_fr": {"X"}, "type": {"choice"}, "why_en": {"y"}, "why_fr": {"y"}}
		if a := h.refused(422, webtest.Scenario{As: "head_of_sales", Do: "POST /fields/new", Form: without}); !strings.Contains(a.Body, "Name who reads this field") || !strings.Contains(a.Body, "at least one choice") {
			t.Error(a.Body)
		}
		h.refused(403, webtest.Scenario{As: "marketer", Do: "POST /fields/new", Form: form})
		fields, err := h.Customers.OwnFields(h.system(), customers.KindAccount)
		if err != nil || len(fields) != 1 || fields[0].Code != "x_milk_a_day" {
			t.Fatal(fields, err)
		}
		page := "/accounts/" + h.account + "/edit"
		webtest.Run(t, h,
			webtest.Scenario{As: "salesperson", Do: "POST " + page, Form: h.form("salesperson", page, "x_milk_a_day", "12,5"), Status: 303},
			webtest.Scenario{As: "marketer", Do: "GET /accounts/" + h.account, Status: 200, Has: []string{"Milk a day", "12.5"}},
			webtest.Scenario{As: "head_of_sales", Do: "GET /fields", Status: 200, Has: []string{"filled in for 1 customer", "Read by: Product manager"}},
			webtest.Scenario{As: "head_of_sales", Do: "POST /fields/" + fields[0].ID + "/archive", Status: 303},
			webtest.Scenario{As: "marketer", Do: "GET /accounts/" + h.account, Status: 200, HasNot: []string{"Milk a day"}},
			webtest.Scenario{As: "head_of_sales", Do: "POST /fields/" + fields[0].ID + "/restore", Status: 303},
			webtest.Scenario{As: "marketer", Do: "GET /accounts/" + h.account, Status: 200, Has: []string{"12.5"}},
		)
		token := h.Token(t, h.Person(t, "salesperson").ID, "read", "write")
		if _, out := h.call(token, "GET /accounts/"+h.account, ""); out["values"].(map[string]any)["x_milk_a_day"].(float64) != 12.5 {
			t.Error(out)
		}
		w, _ := h.call(token, "GET /customer-fields", "")
		if !strings.Contains(w.Body.String(), "x_milk_a_day") {
			t.Error(w.Body)
		}
		h.fails(403, token, "DELETE /customer-fields/"+fields[0].ID, "")
	})
}

func TestThePaletteFindsCustomersOfTheReaderAlone(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for _, text := range []string{"bocage", "552100554", "bocag"} {
			webtest.Run(t, h, webtest.Scenario{As: "marketer", Do: "GET /palette?q=" + text, HTMX: true, Status: 200, Has: []string{"/accounts/" + h.account}})
		}
		webtest.Run(t, h,
			webtest.Scenario{As: "salesperson", Do: "GET /palette?q=" + url.QueryEscape("06.12.34.56.78"), HTMX: true, Status: 200, Has: []string{"/contacts/" + h.contact}},
			webtest.Scenario{As: "guest", Do: "GET /palette?q=bocage", HTMX: true, Status: 200, HasNot: []string{h.account}},
			webtest.Scenario{As: "salesperson", Do: "GET /palette?q=new", HTMX: true, Status: 200, Has: []string{"/contacts/new", "/accounts/new"}},
		)
	})
}
