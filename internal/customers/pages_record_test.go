package customers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"unisson/internal/app/apptest"
	"unisson/internal/customers"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/web/webtest"
	"unisson/internal/team"
)

// house is the whole product with two customers in it.
type house struct {
	*apptest.App
	t                *testing.T
	account, contact string
}

func eachHouse(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := &house{App: apptest.New(t, d), t: t}
		if err := h.Team.SaveOrganisation(h.system(), team.Organisation{Name: "Rivaline", Language: "fr", Country: "FR", TimeZone: "Europe/Paris",
			Hours: team.OfficeWeek(), Reading: team.ReadUnits}); err != nil {
			t.Fatal(err)
		}
		seller := h.Person(t, "salesperson").ID
		h.Person(t, "marketer")
		h.account = h.make(customers.KindAccount, customers.Values{"name": "Laiteries du Bocage", "city": "Vire", "sales": seller, "relations": "customer", "employees": "340", "siren": "552100554"})
		h.contact = h.make(customers.KindContact, customers.Values{"given": "Claire", "family": "Fontaine", "account": h.account, "emails": "claire@bocage.example\twork", "phones": "06 12 34 56 78", "sales": seller})
		fn(t, h)
	})
}

func (h *house) system() context.Context { return auth.AsSystem(context.Background()) }

func (h *house) make(k customers.Kind, v customers.Values) string {
	h.t.Helper()
	id, err := h.Customers.Create(h.system(), k, v)
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *house) values(k customers.Kind, id string) customers.Values {
	h.t.Helper()
	sheet, err := h.Customers.Record(h.system(), k, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return sheet.Values
}

// refused runs a request that must not change anything.
func (h *house) refused(status int, s webtest.Scenario) webtest.Answer {
	h.t.Helper()
	who := s.As
	if s.Header == nil {
		s.Header = map[string]string{}
	}
	for _, c := range h.SignIn(h.t, who) { // signing in writes, so it comes before the dump
		s.Header["Cookie"] += c.Name + "=" + c.Value + "; "
	}
	s.As = ""
	before := dbtest.Dump(h.t, h.DB, "sessions")
	a := webtest.Do(h.t, h, s)
	if a.StatusCode != status {
		h.t.Errorf("%s %s: status %d, want %d\n%.600s", who, s.Do, a.StatusCode, status, a.Body)
	}
	if dbtest.Dump(h.t, h.DB, "sessions") != before {
		h.t.Errorf("%s %s: a refused write changed the database", who, s.Do)
	}
	return a
}

// form reads what the form of a page would send as it stands.
func (h *house) form(as, page string, instead ...string) url.Values {
	h.t.Helper()
	a := webtest.Do(h.t, h, webtest.Scenario{As: as, Do: "GET " + page})
	if a.StatusCode != 200 {
		h.t.Fatalf("%s: %d %.300s", page, a.StatusCode, a.Body)
	}
	_, body, _ := strings.Cut(a.Body, `id="record-form"`)
	body, _, _ = strings.Cut(body, "</form>")
	v := url.Values{}
	for _, m := range regexp.MustCompile(`<(?:input|textarea)([^>]*)>([^<]*)`).FindAllStringSubmatch(body, -1) {
		name, value := attribute(m[1], "name"), attribute(m[1], "value")
		if kind := attribute(m[1], "type"); (kind == "radio" || kind == "checkbox") && !strings.Contains(m[1], "checked") {
			continue
		}
		if strings.TrimSpace(m[2]) != "" {
			value = html.UnescapeString(m[2])
		}
		if name != "" {
			v.Add(name, value)
		}
	}
	for _, m := range regexp.MustCompile(`(?s)<select([^>]*)>(.*?)</select>`).FindAllStringSubmatch(body, -1) {
		value := ""
		if o := regexp.MustCompile(`<option value="([^"]*)" selected`).FindStringSubmatch(m[2]); o != nil {
			value = html.UnescapeString(o[1])
		}
		v.Add(attribute(m[1], "name"), value)
	}
	for i := 0; i+1 < len(instead); i += 2 {
		v.Set(instead[i], instead[i+1])
	}
	return v
}

func attribute(tag, name string) string {
	m := regexp.MustCompile(`(?:^|\s)` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

func TestThePageOfACustomerIsTheSameForBothDepartments(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		main := func(as, page string) string {
			a := webtest.Do(t, h, webtest.Scenario{As: as, Do: "GET " + page})
			if a.StatusCode != 200 {
				t.Fatalf("%s: %d", as, a.StatusCode)
			}
			_, body, _ := strings.Cut(a.Body, "<h1>")
			body, _, _ = strings.Cut(body, "</main>")
			return body
		}
		for _, page := range []string{"/accounts/" + h.account, "/contacts/" + h.contact} {
			sales, marketing := main("head_of_sales", page), main("head_of_marketing", page)
			if sales != strings.ReplaceAll(marketing, "Role head of marketing", "Role head of sales") {
				t.Errorf("%s differs between the departments", page)
			}
			for _, want := range []string{"What they need", "Owners"} {
				if !strings.Contains(sales, want) {
					t.Errorf("%s lacks %q", page, want)
				}
			}
		}
		webtest.Run(t, h,
			webtest.Scenario{As: "marketer", Do: "GET /accounts/" + h.account, Status: 200, Has: []string{"Laiteries du Bocage", "340 employees", "Claire Fontaine", "Role salesperson"}, HasNot: []string{"/edit\""}},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts/" + h.contact, Status: 200, Has: []string{"claire@bocage.example", "tel:+33612345678", "Laiteries du Bocage", "/contacts/" + h.contact + "/edit"}},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts/" + h.contact, HTMX: true, Status: 200, Has: []string{"Claire Fontaine"}, HasNot: []string{"<html"}},
			webtest.Scenario{As: "salesperson", Do: "GET /customers/" + h.contact, Status: 303, To: "/contacts/" + h.contact},
			webtest.Scenario{As: "guest", Do: "GET /contacts/" + h.contact, Status: 403},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts/" + h.account, Status: 404},
			webtest.Scenario{As: "salesperson", Do: "GET /accounts/nobody", Status: 404},
		)
	})
}

func TestARecordIsMadeWithLittleMoreThanAName(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		webtest.Run(t, h,
			webtest.Scenario{As: "salesperson", Do: "GET /accounts/new", Status: 200, Has: []string{"Only a name is needed", `name="name"`}},
			webtest.Scenario{As: "executive", Do: "GET /accounts/new", Status: 403},
		)
		a := webtest.Do(t, h, webtest.Scenario{As: "salesperson", Do: "POST /accounts/new", Form: url.Values{"name": {"Cidres Legrand"}}})
		path, ok := strings.CutSuffix(a.Header.Get("Location"), "?new=1")
		if a.StatusCode != 303 || !ok {
			t.Fatalf("%d %s", a.StatusCode, a.Body)
		}
		got := h.values(customers.KindAccount, strings.TrimPrefix(path, "/accounts/"))
		if got["name"] != "Cidres Legrand" || got["sales"] != h.Person(t, "salesperson").ID {
			t.Error(got)
		}
		h.refused(422, webtest.Scenario{As: "salesperson", Do: "POST /accounts/new", Form: url.Values{"city": {"Vire"}}})
		h.refused(400, webtest.Scenario{As: "salesperson", Do: "POST /accounts/new", Form: url.Values{"name": {"X"}, "restricted_at": {"1"}}})
		h.refused(400, webtest.Scenario{As: "salesperson", Do: "POST /accounts/new", Form: url.Values{"name": {"X"}, "domain": {"x.example"}}})
	})
}

func TestANewContactTakesWhatItsAccountHas(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		page := "/contacts/new?account=" + h.account
		webtest.Run(t, h, webtest.Scenario{As: "marketer", Do: "GET " + page, Status: 200, Has: []string{"Taken from Laiteries du Bocage"}})
		form := h.form("marketer", page, "family", "Roger", "given", "Sylvie")
		if form.Get("sales") != h.Person(t, "salesperson").ID || form.Get("account") != h.account {
			t.Error(form)
		}
		a := webtest.Do(t, h, webtest.Scenario{As: "marketer", Do: "POST /contacts/new", Form: form})
		id, _, _ := strings.Cut(strings.TrimPrefix(a.Header.Get("Location"), "/contacts/"), "?")
		got := h.values(customers.KindContact, id)
		if a.StatusCode != 303 || got["account"] != h.account || got["sales"] == "" || got["marketing"] != h.Person(t, "marketer").ID {
			t.Errorf("%d %v", a.StatusCode, got)
		}
	})
}

func TestAnAccountIsChosenByItsNameWithoutScript(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.make(customers.KindAccount, customers.Values{"name": "Laiteries du Cotentin", "city": "Valognes"})
		two := h.refused(422, webtest.Scenario{As: "salesperson", Do: "POST /contacts/new", Form: url.Values{"family": {"Roger"}, "account.find": {"Laiteries"}, "account.for": {""}}})
		for _, want := range []string{"Several may be meant", "Laiteries du Bocage", "Valognes", `value="` + h.account + `"`} {
			if !strings.Contains(two.Body, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		h.refused(422, webtest.Scenario{As: "salesperson", Do: "POST /contacts/new", Form: url.Values{"family": {"Roger"}, "account.find": {"Nowhere Ltd"}}})
		for name, form := range map[string]url.Values{
			"chosen": {"family": {"Roger"}, "account.find": {"Laiteries"}, "account.for": {"Laiteries"}, "account": {h.account}},
			"named":  {"family": {"Hamelin"}, "account.find": {"laiteries du BOCAGE"}},
		} {
			a := webtest.Do(t, h, webtest.Scenario{As: "salesperson", Do: "POST /contacts/new", Form: form})
			id, _, _ := strings.Cut(strings.TrimPrefix(a.Header.Get("Location"), "/contacts/"), "?")
			if a.StatusCode != 303 || h.values(customers.KindContact, id)["account"] != h.account {
				t.Errorf("%s: %d", name, a.StatusCode)
			}
		}
		webtest.Run(t, h, webtest.Scenario{As: "salesperson", Do: "GET /customers/choose?of=contact&field=account&account.find=bocag", HTMX: true, Status: 200, Has: []string{"Laiteries du Bocage"}})
	})
}

func TestTheFormHelpsWhileItIsWritten(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		webtest.Run(t, h,
			webtest.Scenario{Name: "a mistyped domain", As: "salesperson", Do: "POST /contacts/hints", HTMX: true, Form: url.Values{"family": {"X"}, "emails": {"anne@gmial.com"}, "emails.label": {"work"}}, Status: 200, Has: []string{"anne@gmail.com"}},
			webtest.Scenario{Name: "the same address", As: "salesperson", Do: "POST /contacts/hints", HTMX: true, Form: url.Values{"emails": {"Claire@Bocage.example"}}, Status: 200, Has: []string{"This may be the same as Claire Fontaine"}},
			webtest.Scenario{Name: "the same number and name", As: "salesperson", Do: "POST /contacts/hints", HTMX: true, Form: url.Values{"phones": {"+33 6 12 34 56 78"}, "family": {"fontaine"}}, Status: 200, Has: []string{"Claire Fontaine"}},
			webtest.Scenario{Name: "the same number, another name", As: "salesperson", Do: "POST /contacts/hints", HTMX: true, Form: url.Values{"phones": {"0612345678"}, "family": {"Martin"}}, Status: 200, HasNot: []string{"Claire"}},
			webtest.Scenario{Name: "the same SIREN", As: "salesperson", Do: "POST /accounts/hints", HTMX: true, Form: url.Values{"siren": {"552 100 554"}}, Status: 200, Has: []string{"Laiteries du Bocage"}},
			webtest.Scenario{Name: "one more line", As: "salesperson", Do: "POST /contacts/new", Form: url.Values{"family": {"X"}, "emails": {"a@b.example"}, "more": {"emails"}}, Status: 200, Has: []string{`id="f-emails-2"`}},
			webtest.Scenario{Name: "the proposed spelling", As: "salesperson", Do: "POST /contacts/new", Form: url.Values{"family": {"X"}, "emails": {"anne@gmial.com"}, "fix": {"emails:0:anne@gmail.com"}}, Status: 200, Has: []string{`value="anne@gmail.com"`}},
		)
		// It is advice: a double is made all the same, and told on its page.
		a := webtest.Do(t, h, webtest.Scenario{As: "salesperson", Do: "POST /contacts/new", Form: url.Values{"family": {"Fontaine"}, "emails": {"claire@bocage.example"}}})
		webtest.Run(t, h, webtest.Scenario{As: "salesperson", Do: "GET " + a.Header.Get("Location"), Status: 200, Has: []string{"This may be the same as Claire Fontaine", "same: E-mail"}})
	})
}

func TestAChangeIsSavedUndoneAndDisputed(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		page := "/contacts/" + h.contact + "/edit"
		first, second := h.form("salesperson", page, "city", "Caen"), h.form("head_of_sales", page, "city", "Rouen", "title", "Directrice")
		if first.Get("emails") != "claire@bocage.example" || first.Get("emails.label") != "work" || first.Get("version") != "1" {
			t.Fatal(first)
		}
		webtest.Run(t, h, webtest.Scenario{As: "salesperson", Do: "POST " + page, Form: first, Status: 303, To: "/contacts/" + h.contact})
		before := h.values(customers.KindContact, h.contact)
		if before["city"] != "Caen" || before["emails"] != "claire@bocage.example\twork" || before["phones"] != "+33612345678\tmobile\t06 12 34 56 78" {
			t.Error(before)
		}
		asked := h.refused(409, webtest.Scenario{As: "head_of_sales", Do: "POST " + page, Form: second})
		for _, want := range []string{"Caen", "Rouen", "Role salesperson changed this field"} {
			if !strings.Contains(asked.Body, want) {
				t.Errorf("the page that asks lacks %q", want)
			}
		}
		chosen := url.Values{}
		for _, m := range regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)"`).FindAllStringSubmatch(asked.Body, -1) {
			if m[1] != "next" && m[1] != "theme" && m[1] != "lang" {
				chosen.Set(m[1], html.UnescapeString(m[2]))
			}
		}
		chosen.Set("city", "Rouen")
		webtest.Run(t, h, webtest.Scenario{As: "head_of_sales", Do: "POST " + page, Form: chosen, Status: 303})
		if got := h.values(customers.KindContact, h.contact); got["city"] != "Rouen" || got["title"] != "Directrice" || got["phones"] != before["phones"] {
			t.Error(got)
		}
		webtest.Run(t, h,
			webtest.Scenario{As: "marketer", Do: "GET /contacts/" + h.contact + "/history", Status: 200, Has: []string{"Role head of sales", "Rouen", "Caen", "City"}, HasNot: []string{"/undo/"}},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts/" + h.contact + "/values", Status: 200, Has: []string{"Directrice", "Role head of sales,"}},
			webtest.Scenario{As: "salesperson", Do: "POST /contacts/" + h.contact + "/undo/3", Status: 303},
		)
		if got := h.values(customers.KindContact, h.contact); got["city"] != "Caen" || got["title"] != "" {
			t.Error(got)
		}
		h.refused(403, webtest.Scenario{As: "marketer", Do: "POST " + page, Form: first})
		h.refused(403, webtest.Scenario{As: "marketer", Do: "POST /contacts/" + h.contact + "/undo/2"})
	})
}

func TestNeedsComeFirstAndAreMetDroppedAndOpenedAgain(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		at := "/accounts/" + h.account
		webtest.Run(t, h, webtest.Scenario{As: "salesperson", Do: "POST " + at + "/needs", Form: url.Values{"body": {"Equip line 2 before March"}}, Status: 303, To: at})
		needs, err := h.Customers.Needs(h.system(), customers.KindAccount, h.account)
		if err != nil || len(needs) != 1 {
			t.Fatal(needs, err)
		}
		one := at + "/needs/" + needs[0].ID
		webtest.Run(t, h,
			webtest.Scenario{As: "marketer", Do: "GET " + at, Status: 200, Has: []string{"Equip line 2 before March"}},
			webtest.Scenario{As: "salesperson", Do: "POST " + one + "/met", Status: 303},
			webtest.Scenario{As: "marketer", Do: "GET " + at, Status: 200, Has: []string{"1 need met or dropped"}},
			webtest.Scenario{As: "salesperson", Do: "POST " + one + "/open", Status: 303},
			webtest.Scenario{As: "salesperson", Do: "POST " + one, Form: url.Values{"body": {"Equip line 2"}, "version": {"3"}}, Status: 303},
			webtest.Scenario{As: "salesperson", Do: "POST " + one, Form: url.Values{"body": {"Something else"}, "version": {"3"}}, Status: 409, Has: []string{"Equip line 2", "Something else"}},
		)
		h.refused(422, webtest.Scenario{As: "salesperson", Do: "POST " + at + "/needs", Form: url.Values{"body": {"  "}}})
		h.refused(403, webtest.Scenario{As: "marketer", Do: "POST " + one + "/dropped"})
		h.refused(404, webtest.Scenario{As: "salesperson", Do: "POST /contacts/" + h.contact + "/needs/" + needs[0].ID + "/met"})
		// What a text says of private life is told, never altered (L-21).
		webtest.Run(t, h, webtest.Scenario{As: "salesperson", Do: "POST " + at + "/needs", Form: url.Values{"body": {"Attendre la fin de sa maladie"}}, Status: 303})
		if needs, _ = h.Customers.Needs(h.system(), customers.KindAccount, h.account); needs[0].Body != "Attendre la fin de sa maladie" {
			t.Error(needs[0])
		}
	})
}

func TestARefusalHoldsAtOnceAndAnAccordNeedsAProof(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		at := "/contacts/" + h.contact + "/consents"
		webtest.Run(t, h,
			webtest.Scenario{Name: "whoever hears it notes it", As: "marketer", Do: "POST " + at, Form: url.Values{"act": {"refused"}, "channel": {"phone"}, "source": {"call"}, "proof": {"On the phone, 24 November"}}, Status: 303},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts/" + h.contact, Status: 200, Has: []string{"refuses: Telephone"}},
			webtest.Scenario{As: "salesperson", Do: "POST " + at, Form: url.Values{"act": {"informed"}, "channel": {"all"}, "source": {"mail"}}, Status: 303},
		)
		h.refused(422, webtest.Scenario{As: "salesperson", Do: "POST " + at, Form: url.Values{"act": {"given"}, "channel": {"phone"}, "source": {"call"}}})
		h.refused(422, webtest.Scenario{As: "salesperson", Do: "POST " + at, Form: url.Values{"act": {"forced"}, "channel": {"phone"}}})
		h.refused(403, webtest.Scenario{As: "marketer", Do: "POST " + at, Form: url.Values{"act": {"given"}, "channel": {"phone"}, "proof": {"x"}}})
		if got := h.values(customers.KindContact, h.contact); got["refuses"] != "phone" || got["informed_on"] == "" {
			t.Error(got)
		}
		webtest.Run(t, h, webtest.Scenario{As: "salesperson", Do: "POST " + at, Form: url.Values{"act": {"given"}, "channel": {"phone"}, "proof": {"Letter of 24 November"}}, Status: 303})
		acts, err := h.Customers.Consents(h.system(), h.contact)
		if err != nil || len(acts) != 3 || acts[2].Act != customers.ConsentRefused || h.values(customers.KindContact, h.contact)["refuses"] != "" {
			t.Error(acts, err)
		}
	})
}

func TestASecondEmployerAndFiles(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		other := h.make(customers.KindAccount, customers.Values{"name": "Cidres Legrand"})
		at := "/contacts/" + h.contact
		webtest.Run(t, h,
			webtest.Scenario{As: "salesperson", Do: "POST " + at + "/positions", Form: url.Values{"account.find": {"Cidres Legrand"}, "title": {"Conseil"}, "from": {"2025-01-01"}}, Status: 303},
			webtest.Scenario{As: "salesperson", Do: "GET /accounts/" + other, Status: 200, Has: []string{"Claire Fontaine", "Conseil"}},
			webtest.Scenario{As: "salesperson", Do: "GET " + at, Status: 200, Has: []string{"Cidres Legrand"}},
			webtest.Scenario{As: "salesperson", Do: "POST " + at + "/positions/" + other + "/remove", Status: 303},
			webtest.Scenario{As: "salesperson", Do: "POST " + at + "/positions/" + other + "/remove", Status: 404},
		)
		h.refused(422, webtest.Scenario{As: "salesperson", Do: "POST " + at + "/positions", Form: url.Values{"account.find": {"Cidres Legrand"}, "from": {"2025-01-01"}, "to": {"2024-01-01"}}})
		if code := h.upload("salesperson", at+"/files", "plan.pdf", "%PDF-1.4\n%plan\n"); code != 303 {
			t.Fatalf("upload: %d", code)
		}
		if code := h.upload("marketer", at+"/files", "plan.pdf", "%PDF-1.4\n"); code != 403 {
			t.Errorf("upload of a stranger: %d", code)
		}
		a := webtest.Do(t, h, webtest.Scenario{As: "marketer", Do: "GET " + at + "/files"})
		m := regexp.MustCompile(at + `/files/([0-9a-f-]+)"`).FindStringSubmatch(a.Body)
		if m == nil {
			t.Fatal(a.Body)
		}
		webtest.Run(t, h,
			webtest.Scenario{As: "marketer", Do: "GET " + at + "/files/" + m[1], Status: 200, Has: []string{"%PDF-1.4"}},
			webtest.Scenario{As: "marketer", Do: "GET /accounts/" + h.account + "/files/" + m[1], Status: 404},
			webtest.Scenario{As: "salesperson", Do: "POST " + at + "/files/" + m[1] + "/remove", Status: 303},
			webtest.Scenario{As: "marketer", Do: "GET " + at + "/files/" + m[1], Status: 404},
		)
	})
}

// upload sends a file as a browser does.
func (h *house) upload(as, path, name, content string) int {
	h.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		h.t.Fatal(err)
	}
	_, _ = part.Write([]byte(content))
	_ = form.Close()
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range h.SignIn(h.t, as) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func TestAPersonIsExportedRestrictedAndForgotten(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		at := "/contacts/" + h.contact
		webtest.Run(t, h,
			webtest.Scenario{As: "salesperson", Do: "POST " + at + "/needs", Form: url.Values{"body": {"Marker need"}}, Status: 303},
			webtest.Scenario{As: "salesperson", Do: "POST " + at + "/consents", Form: url.Values{"act": {"refused"}, "channel": {"email"}, "source": {"call"}, "proof": {"Marker proof"}}, Status: 303},
			webtest.Scenario{As: "salesperson", Do: "GET " + at + "/privacy", Status: 403},
		)
		a := webtest.Do(t, h, webtest.Scenario{As: "dpo", Do: "GET " + at + "/export"})
		var all map[string]any
		if err := json.Unmarshal([]byte(a.Body), &all); err != nil || !strings.Contains(a.Body, "Marker need") || !strings.Contains(a.Body, "Marker proof") || !strings.Contains(a.Body, "claire@bocage.example") {
			t.Errorf("%v %s", err, a.Body)
		}
		h.refused(403, webtest.Scenario{As: "salesperson", Do: "GET " + at + "/export"})
		webtest.Run(t, h,
			webtest.Scenario{As: "dpo", Do: "POST " + at + "/restrict", Status: 303},
			webtest.Scenario{As: "salesperson", Do: "GET " + at, Status: 404},
			webtest.Scenario{As: "salesperson", Do: "GET /accounts/" + h.account, Status: 200, HasNot: []string{"Claire"}},
			webtest.Scenario{As: "dpo", Do: "GET " + at, Status: 200, Has: []string{"This record is restricted"}},
			webtest.Scenario{As: "dpo", Do: "POST " + at + "/release", Status: 303},
			webtest.Scenario{As: "salesperson", Do: "GET " + at, Status: 200},
		)
		h.refused(403, webtest.Scenario{As: "head_of_sales", Do: "POST " + at + "/erase", Form: url.Values{"name": {"Claire Fontaine"}}})
		h.refused(422, webtest.Scenario{As: "dpo", Do: "POST " + at + "/erase", Form: url.Values{"name": {"Claire"}}})
		webtest.Run(t, h,
			webtest.Scenario{As: "dpo", Do: "POST " + at + "/erase", Form: url.Values{"name": {"claire fontaine"}}, Status: 303},
			webtest.Scenario{As: "dpo", Do: "GET " + at, Status: 404},
		)
		dump := dbtest.Dump(t, h.DB, "sessions")
		for _, marker := range []string{"Fontaine", "fontaine", "claire@bocage.example", "33612345678", "06 12 34 56 78", "Marker"} {
			if strings.Contains(dump, marker) {
				i := strings.Index(dump, marker)
				t.Errorf("%q is still in the database: …%s…", marker, dump[max(0, i-200):min(len(dump), i+60)])
			}
		}
		again := url.Values{"family": {"F."}, "phones": {"+33 6 12 34 56 78"}, "emails": {"Claire@bocage.example"}}
		told := h.refused(422, webtest.Scenario{As: "salesperson", Do: "POST /contacts/new", Form: again})
		if !strings.Contains(told.Body, "asked to be forgotten") {
			t.Error(told.Body)
		}
		again.Set("back", "Wrote to us on 24 November")
		back := webtest.Do(t, h, webtest.Scenario{As: "salesperson", Do: "POST /contacts/new", Form: again})
		id, _, _ := strings.Cut(strings.TrimPrefix(back.Header.Get("Location"), "/contacts/"), "?")
		if back.StatusCode != 303 || h.values(customers.KindContact, id)["refuses"] != "email" {
			t.Errorf("%d: what he refused stays refused", back.StatusCode)
		}
	})
}
