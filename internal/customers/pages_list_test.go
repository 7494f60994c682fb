package customers_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"unisson/internal/customers"
	"unisson/internal/platform/web/webtest"
	"unisson/internal/team"
)

// narrow lets everybody read his own customers alone, and makes one of each
// kind that belongs to somebody else.
func (h *house) narrow() {
	h.t.Helper()
	org, err := h.Team.Organisation(h.system())
	if err != nil {
		h.t.Fatal(err)
	}
	org.Reading = team.ReadOwn
	if err := h.Team.SaveOrganisation(h.system(), org); err != nil {
		h.t.Fatal(err)
	}
	other := h.Person(h.t, "marketer").ID
	a := h.make(customers.KindAccount, customers.Values{"name": "Canari SA", "city": "Vire", "marketing": other, "tags": "secretissime"})
	h.make(customers.KindContact, customers.Values{"given": "Serin", "family": "Canari", "account": a, "marketing": other, "emails": "serin@canari.example", "tags": "secretissime"})
}

func TestListsShowFilterAndSortWhatTheirAddressSays(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.make(customers.KindAccount, customers.Values{"name": "Zinguerie du Nord", "tier": "b", "relations": "supplier"})
		webtest.Run(t, h,
			webtest.Scenario{As: "salesperson", Do: "GET /customers", Status: 303, To: "/accounts?view=mine"},
			webtest.Scenario{As: "marketer", Do: "GET /customers", Status: 303, To: "/contacts?view=mine"},
			webtest.Scenario{As: "guest", Do: "GET /contacts", Status: 403},
			webtest.Scenario{As: "salesperson", Do: "GET /accounts", Status: 200, Has: []string{"Laiteries du Bocage", "Zinguerie du Nord", "2 accounts in this view"}},
			webtest.Scenario{As: "salesperson", Do: "GET /accounts?view=mine", Status: 200, Has: []string{"Laiteries du Bocage", "1 account in this view"}, HasNot: []string{"Zinguerie"}},
			webtest.Scenario{As: "salesperson", Do: "GET /accounts?view=suppliers", Status: 200, Has: []string{"Zinguerie"}, HasNot: []string{"Laiteries"}},
			webtest.Scenario{As: "salesperson", Do: "GET /accounts?view=mine&filter=", Status: 200, Has: []string{"Zinguerie"}},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts?filter=account.city:is:Vire", Status: 200, Has: []string{"Claire Fontaine", "City (company):"}},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts?filter=job:is:quality", Status: 200, Has: []string{"Nothing fits this filter"}, HasNot: []string{"Claire"}},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts?columns=emails,phones", Status: 200, Has: []string{"claire@bocage.example"}, HasNot: []string{"Job title</th>"}},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts?sort=-last_touch", Status: 200, Has: []string{`aria-sort="descending"`}},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts?sort=title", Status: 400},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts?filter=nothing:is:x", Status: 400},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts?at=zzz", Status: 400},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts?view=01890000-0000-7000-8000-000000000000", Status: 404},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts/" + h.contact + "/preview", HTMX: true, Status: 200, Has: []string{"Claire Fontaine", "claire@bocage.example"}},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts/" + h.contact + "/preview", Status: 303, To: "/contacts/" + h.contact},
		)
	})
}

func TestTheBuilderAddsOneConditionAtATimeWithoutScript(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		ask := func(path string, status int, to string, has ...string) {
			t.Helper()
			webtest.Run(t, h, webtest.Scenario{As: "salesperson", Do: "GET " + path, Status: status, To: to, Has: has})
		}
		esc := url.QueryEscape
		ask("/contacts/filter", 200, "", "A new condition", "field=last_touch", "field=account.sector")
		ask("/contacts/filter?field=job", 200, "", `name="op"`, `value="quality"`)
		ask("/contacts/filter?field=last_touch", 200, "", "not for, or before", "90 days")
		ask("/contacts/filter?field=source", 400, "")
		ask("/contacts/filter/apply?field=job&op=is&value=quality&value=it", 303, "/contacts?filter="+esc("job:is:quality,it"))
		ask("/contacts/filter/apply?field=sales&op=is&value=me&filter="+esc("job:is:it"), 303, "/contacts?filter="+esc("job:is:it;sales:is:me"))
		ask("/contacts/filter/apply?field=last_touch&op=before&value=-90d", 303, "/contacts?filter="+esc("last_touch:before:-90d"))
		ask("/contacts/filter/apply?field=last_touch&op=since&value=day&day=2026-03-01", 303, "/contacts?filter="+esc("last_touch:since:2026-03-01"))
		ask("/contacts/filter/apply?field=country&op=is&value=France,+Canada", 303, "/contacts?filter="+esc("country:is:CA,FR"))
		ask("/contacts/filter/apply?field=account&op=is&value=laiteries", 303, "/contacts?filter="+esc("account:is:"+h.account))
		ask("/contacts/filter/apply?field=job&op=is&value=it&group=new&then=build&filter="+esc("language:is:fr"), 303, "/contacts/filter?filter="+esc("language:is:fr;(job:is:it)"))
		ask("/contacts/filter/apply?field=job&op=is&value=quality&place=0&filter="+esc("job:is:it;language:is:fr"), 303, "/contacts?filter="+esc("job:is:quality;language:is:fr"))
		ask("/contacts/filter/apply?field=account&op=is&value=nowhere", 422, "", "No account that you can read has this name.")
		ask("/contacts/filter/apply?field=job&op=is", 422, "", "lacks its value")
		ask("/accounts/filter/apply?field=employees&op=since&value=abc", 422, "")
		ask("/contacts?filter="+esc("language:is:fr;(job:is:it|job:is:quality)"), 200, "", "One of", "Function: IT or Function: Quality")
		ask("/contacts/filter?filter="+esc("language:is:fr;(job:is:it|job:is:quality)"), 200, "", "At least one of these holds", "All of these hold")
	})
}

func TestSomebodyElsesCustomersLeakThroughNoList(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.narrow()
		theirs := []string{"Canari", "canari", "Serin"}
		for _, do := range []string{"GET /contacts", "GET /accounts", "GET /contacts?filter=tags:is:secretissime", "GET /contacts?filter=emails:has:canari", "GET /contacts?filter=account.name:begins:can",
			"GET /contacts?sort=marketing", "GET /accounts?sort=-created", "GET /contacts/filter?field=tags"} {
			a := webtest.Do(t, h, webtest.Scenario{As: "salesperson", Do: do})
			body := a.Body
			if i := strings.Index(body, `<div class="tools">`); i > 0 && strings.Contains(do, "filter=") {
				body = body[strings.Index(body, `id="rows"`):] // the address itself may be said again
				body = regexp.MustCompile(`(href|hx-get|value)="[^"]*"`).ReplaceAllString(body, "")
			}
			for _, not := range theirs {
				if a.StatusCode != 200 || strings.Contains(body, not) {
					t.Errorf("%s: status %d, or it says %q", do, a.StatusCode, not)
				}
			}
		}
		webtest.Run(t, h, webtest.Scenario{As: "salesperson", Do: "GET /contacts", Status: 200, Has: []string{"1 contact in this view"}},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts/filter?field=tags", Status: 200, HasNot: []string{"secretissime"}},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts/filter/apply?field=account&op=is&value=Canari", Status: 422})
	})
}

func TestViewsAreKeptSharedTakenAwayAndBroughtBack(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		keep := func(as, audience string, status int) string {
			t.Helper()
			a := webtest.Do(t, h, webtest.Scenario{As: as, Do: "POST /contacts/views", Form: url.Values{"filter": {"language:is:fr"}, "sort": {"-created"}, "columns": {"emails,tags"},
				"name": {"Salon " + as}, "audience": {audience}, "roles": {"salesperson"}}})
			if a.StatusCode != status {
				t.Fatalf("%s keeps a view for %s: %d\n%.500s", as, audience, a.StatusCode, a.Body)
			}
			_, id, _ := strings.Cut(a.Header.Get("Location"), "view=")
			return id
		}
		mine := keep("salesperson", "mine", 303)
		keep("salesperson", "everybody", 422)
		shared := keep("head_of_sales", "everybody", 303)
		webtest.Run(t, h,
			webtest.Scenario{As: "salesperson", Do: "GET /contacts?view=" + mine, Status: 200, Has: []string{"Salon salesperson", "Salon head_of_sales", "Language"}},
			webtest.Scenario{As: "salesperson", Do: "GET /customers", Status: 303, To: "/contacts?view=" + shared},
			webtest.Scenario{As: "marketer", Do: "GET /contacts?view=" + shared, Status: 200, HasNot: []string{"Salon salesperson"}},
			webtest.Scenario{As: "marketer", Do: "GET /contacts?view=" + mine, Status: 404},
			webtest.Scenario{As: "marketer", Do: "GET /views/" + mine + "/edit", Status: 404},
			webtest.Scenario{As: "head_of_sales", Do: "GET /views/" + mine, Status: 404},
			webtest.Scenario{As: "marketer", Do: "GET /views/" + shared + "/edit", Status: 404},
			webtest.Scenario{As: "salesperson", Do: "GET /views/" + mine + "/edit", Status: 200, Has: []string{"Salon salesperson", "Delete this view"}},
			webtest.Scenario{As: "salesperson", Do: "POST /views/" + mine + "/delete", Form: url.Values{}, Status: 303, To: "/contacts"},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts?view=" + mine, Status: 404},
			webtest.Scenario{As: "marketer", Do: "POST /views/" + mine + "/restore", Form: url.Values{}, Status: 404},
			webtest.Scenario{As: "salesperson", Do: "POST /views/" + mine + "/restore", Form: url.Values{}, Status: 303, To: "/contacts?view=" + mine},
			webtest.Scenario{As: "salesperson", Do: "GET /contacts?view=" + mine, Status: 200},
		)
		h.refused(404, webtest.Scenario{As: "marketer", Do: "POST /views/" + mine, Form: url.Values{"name": {"X"}, "audience": {"mine"}}})
		h.refused(403, webtest.Scenario{As: "marketer", Do: "POST /views/" + shared + "/delete", Form: url.Values{}})
	})
}

func TestABulkChangeIsShownDoneAndUndone(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.narrow()
		sales, other := h.Person(t, "salesperson").ID, h.Person(t, "marketer").ID
		second := h.make(customers.KindContact, customers.Values{"given": "Paul", "family": "Guérin", "sales": sales})
		form := url.Values{"id": {h.contact, second}, "which": {"chosen"}, "field": {"marketing"}, "value": {other}}
		with := func(name, value string) url.Values {
			f := url.Values{}
			for k, v := range form {
				f[k] = v
			}
			f.Set(name, value)
			return f
		}
		webtest.Run(t, h,
			webtest.Scenario{As: "salesperson", Do: "POST /contacts/bulk", Form: form, Status: 200, Has: []string{"Change several at once", "The 2 that you chose"}},
			webtest.Scenario{As: "salesperson", Do: "POST /contacts/bulk", Form: with("step", "preview"), Status: 200, Has: []string{"2 change", "Change 2"}},
			webtest.Scenario{As: "marketer", Do: "POST /contacts/bulk", Form: with("step", "preview"), Status: 200, Has: []string{"0 change", "Nothing would change"}, HasNot: []string{"Claire"}},
			webtest.Scenario{As: "salesperson", Do: "POST /contacts/bulk", Form: url.Values{"which": {"chosen"}, "field": {"sales"}, "step": {"preview"}}, Status: 422},
			webtest.Scenario{As: "executive", Do: "POST /contacts/bulk", Form: form, Status: 403},
		)
		h.refused(422, webtest.Scenario{As: "salesperson", Do: "POST /contacts/bulk", Form: func() url.Values { f := with("step", "apply"); f.Set("value", "nobody-of-that-id"); return f }()})
		webtest.Run(t, h, webtest.Scenario{As: "salesperson", Do: "POST /contacts/bulk", Form: with("step", "apply"), Status: 303, To: "/contacts"})
		if h.values(customers.KindContact, second)["marketing"] != other {
			t.Fatal("the chosen contacts did not change")
		}
		// What the whole list finds: the canary is not the salesperson's and stays.
		all := url.Values{"which": {"found"}, "field": {"tags"}, "tags": {"salon 2026, VIP"}, "step": {"apply"}}
		webtest.Run(t, h, webtest.Scenario{As: "salesperson", Do: "POST /contacts/bulk", Form: all, Status: 303})
		if got := h.values(customers.KindContact, h.contact)["tags"]; got != "salon 2026\nVIP" {
			t.Errorf("tags are %q", got)
		}
	})
}

func TestAListIsTakenAwayAsItIsSeen(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.narrow()
		head := "head_of_sales"
		h.make(customers.KindContact, customers.Values{"given": "=cmd|' /C calc'!A0", "family": "Éclair;\"x\"", "phones": "+33612345678", "tags": "vip\nsalon", "language": "fr"})
		form := func(pairs ...string) url.Values {
			f := url.Values{"columns": {"phones,tags,account,owners"}, "filter": {"phones:filled"}, "sort": {""}}
			for i := 0; i+1 < len(pairs); i += 2 {
				f.Set(pairs[i], pairs[i+1])
			}
			return f
		}
		webtest.Run(t, h,
			webtest.Scenario{As: "salesperson", Do: "POST /contacts/export", Form: form("format", "csv"), Status: 403},
			webtest.Scenario{As: head, Do: "POST /contacts/export", Form: form("format", "exe"), Status: 400},
			webtest.Scenario{As: head, Do: "POST /contacts/export", Form: form("format", "csv"), Status: 200,
				Has:    []string{"\ufeffFirst name,Last name,Telephone,Tags,Account,Owner in sales,Owner in marketing\r\n", "'=cmd|' /C calc'!A0,\"Éclair;\"\"x\"\"\",+33612345678,\"salon, vip\"", "Laiteries du Bocage"},
				HasNot: []string{"Serin"}},
			webtest.Scenario{As: head, Do: "POST /contacts/export", Form: form("format", "jsonl"), Status: 200, Has: []string{`"given":"Claire"`, `"phones":["+33612345678"]`, `"account":{"id":"` + h.account}},
			webtest.Scenario{As: head, Do: "POST /contacts/export", Form: form("format", "vcf"), Status: 200, Has: []string{"BEGIN:VCARD", "VERSION:3.0", "FN:Claire Fontaine", "ORG:Laiteries du Bocage", "claire@bocage.example"}},
			webtest.Scenario{As: head, Do: "POST /accounts/export", Form: url.Values{"format": {"vcf"}}, Status: 400},
			webtest.Scenario{As: "marketer", Do: "POST /contacts/export", Form: url.Values{"format": {"csv"}}, Status: 200, Has: []string{"Serin"}, HasNot: []string{"Claire", "Laiteries"}},
			webtest.Scenario{As: "marketer", Do: "POST /contacts/export", Form: url.Values{"format": {"csv"}, "id": {h.contact}}, Status: 200, HasNot: []string{"Claire"}},
			webtest.Scenario{As: "administrator", Do: "GET /admin/audit", Status: 200, Has: []string{"A list taken away as a file"}},
		)
	})
}

func TestARowIsEditedInItsPlaceAndAClashShowsBoth(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		row := "/contacts/" + h.contact + "/row?columns=title,job,tags"
		version := regexp.MustCompile(`name="version" value="(\d+)"`)
		form := webtest.Do(t, h, webtest.Scenario{As: "salesperson", Do: "GET " + row, HTMX: true})
		m := version.FindStringSubmatch(form.Body)
		if form.StatusCode != 200 || m == nil || !strings.Contains(form.Body, `name="v-title"`) {
			t.Fatalf("the row is no form: %d %s", form.StatusCode, form.Body)
		}
		send := func(version, title string) url.Values {
			return url.Values{"version": {version}, "v-title": {title}, "v-job": {"it"}, "v-tags": {"b, a"}}
		}
		webtest.Run(t, h,
			webtest.Scenario{As: "salesperson", Do: "GET " + row, Status: 303, To: "/contacts/" + h.contact + "/edit"},
			webtest.Scenario{As: "salesperson", Do: "POST " + row, HTMX: true, Form: send(m[1], "Directrice"), Status: 200, Has: []string{"Directrice", "IT", "Saved."}},
			webtest.Scenario{Name: "a clash", As: "head_of_sales", Do: "POST " + row, HTMX: true, Form: send(m[1], "Acheteuse"), Status: 409, Has: []string{"Acheteuse", "Directrice", "meanwhile"}},
			webtest.Scenario{As: "salesperson", Do: "POST /contacts/" + h.contact + "/row?columns=country", HTMX: true, Form: url.Values{"version": {"2"}, "v-country": {"Nulle part"}}, Status: 422, Has: []string{"Nulle part", "two letters"}},
			webtest.Scenario{As: "executive", Do: "POST " + row, Form: send("2", "X"), Status: 403},
		)
		v := h.values(customers.KindContact, h.contact)
		if v["title"] != "Directrice" || v["tags"] != "a\nb" || v["job"] != "it" {
			t.Errorf("stands as %v", v)
		}
		h.narrow()
		h.refused(404, webtest.Scenario{As: "marketer", Do: "POST " + row, Form: send("2", "X")})
	})
}

func TestAPinnedViewStandsInItsOwnersRailAlone(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		webtest.Run(t, h,
			webtest.Scenario{As: "head_of_sales", Do: "POST /accounts/views", Form: url.Values{"name": {"Mes épinglées"}, "audience": {"everybody"}, "pinned": {"on"}, "filter": {""}}, Status: 303},
			webtest.Scenario{As: "head_of_sales", Do: "GET /help", Status: 200, Has: []string{"Mes épinglées"}},
			webtest.Scenario{As: "salesperson", Do: "GET /help", Status: 200, HasNot: []string{"Mes épinglées"}},
		)
	})
}
