package team_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"unisson/internal/platform/web/webtest"
)

var (
	hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)"`)
	tickedField = regexp.MustCompile(`<input[^>]* type="radio"[^>]* name="([a-z_]+)" value="([^"]*)" checked`)
	stoodBefore = regexp.MustCompile(`name="was" value="([^"]*)"`)
)

// was is what the form of a page keeps of what it was made from.
func (f *firm) was(as, page string) string {
	f.t.Helper()
	m := stoodBefore.FindStringSubmatch(webtest.Do(f.t, f, webtest.Scenario{As: as, Do: "GET " + page}).Body)
	if m == nil {
		f.t.Fatalf("%s does not keep what it was made from", page)
	}
	return html.UnescapeString(m[1])
}

// chosen is what the page that asks to choose sends: what nobody disputes, what
// is ticked, and what the reader ticks instead.
func chosen(page string, instead ...string) url.Values {
	_, form, _ := strings.Cut(page, `name="chosen"`)
	form = `<input type="hidden" name="chosen"` + form
	v := url.Values{"version": {hiddenVersion.FindStringSubmatch(page)[1]}}
	for _, m := range append(hiddenField.FindAllStringSubmatch(form, -1), tickedField.FindAllStringSubmatch(form, -1)...) {
		if m[1] != "next" && m[1] != "theme" {
			v.Set(m[1], html.UnescapeString(m[2]))
		}
	}
	for i := 0; i+1 < len(instead); i += 2 {
		v.Set(instead[i], instead[i+1])
	}
	return v
}

// asks sends a form that somebody else was faster than, and gives the page that
// asks; it must hold all of has and none of not.
func (f *firm) asks(as, page string, form url.Values, has, not []string) string {
	f.t.Helper()
	a := webtest.Do(f.t, f, webtest.Scenario{As: as, Do: "POST " + page, Form: form})
	if a.StatusCode != 409 {
		f.t.Fatalf("status %d\n%s", a.StatusCode, a.Body)
	}
	for _, s := range has {
		if !strings.Contains(a.Body, s) {
			f.t.Errorf("the page that asks lacks %q\n%s", s, a.Body)
		}
	}
	for _, s := range not {
		if strings.Contains(a.Body, s) {
			f.t.Errorf("the page that asks has %q", s)
		}
	}
	return a.Body
}

func TestTwoAdministratorsOnOneAccessPage(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		page := "/people/" + f.ids["marketer"] + "/access"
		form := func(version, was, ends string, roles ...string) url.Values {
			return url.Values{"version": {version}, "was": {was}, "roles": roles, "ends_on": {ends}}
		}
		version, was := f.version("administrator", page), f.was("administrator", page)
		webtest.Run(t, f,
			webtest.Scenario{As: "administrator", Do: "POST " + page, Form: form(version, was, "2098-03-31", "marketer"), Status: 303},
			// The other one read it before that, and touches only the roles: both hold.
			webtest.Scenario{As: "administrator", Do: "POST " + page, Form: form(version, was, "", "marketer", "salesperson"), Status: 303},
			webtest.Scenario{As: "administrator", Do: "GET " + page, Status: 200, Has: []string{`value="2098-03-31"`, `value="salesperson" checked`}},
		)
		// Now he changes the roles that somebody else changed too.
		body := f.asks("administrator", page, form(version, was, "", "executive"), []string{"Executive", "Salesperson", "You changed this field meanwhile", `name="ends_on" value="2098-03-31"`}, nil)
		webtest.Run(t, f,
			webtest.Scenario{As: "administrator", Do: "GET " + page, Status: 200, HasNot: []string{`value="executive" checked`}},
			webtest.Scenario{As: "administrator", Do: "POST " + page, Form: chosen(body), Status: 303},
			webtest.Scenario{As: "administrator", Do: "GET " + page, Status: 200, Has: []string{`value="salesperson" checked`}, HasNot: []string{`value="executive" checked`}},
			webtest.Scenario{As: "administrator", Do: "POST " + page, Form: chosen(body, "roles", "executive"), Status: 303},
			webtest.Scenario{As: "administrator", Do: "GET " + page, Status: 200, Has: []string{`value="executive" checked`, `value="2098-03-31"`}, HasNot: []string{`value="salesperson" checked`}},
			// A form that does not say what it was made from decides nothing.
			webtest.Scenario{As: "administrator", Do: "POST " + page, Form: url.Values{"roles": {"salesperson"}, "ends_on": {""}}, Status: 409},
		)
	})
}

func TestADepartmentAndARegionAskFieldByField(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		page := "/organisation/departments/" + f.ids["Sales"]
		version, was := f.version("administrator", page), f.was("administrator", page)
		form := func(name, kind string) url.Values {
			return url.Values{"version": {version}, "was": {was}, "name": {name}, "kind": {kind}, "orientation": {""}, "parent": {""}, "head": {""}}
		}
		late := form("Field sales", "support")
		late.Set("head", f.ids["head_of_sales"])
		late.Set("own_hours", "on")
		late.Set("hours_1", "8-12")
		webtest.Run(t, f, webtest.Scenario{As: "administrator", Do: "POST " + page, Form: form("Sales and service", "sales"), Status: 303})
		body := f.asks("administrator", page, late, []string{"Sales and service", "Field sales", `name="kind" value="support"`, `name="hours" value="1=08:00-12:00"`}, []string{`type="radio" id="f-kind`})
		webtest.Run(t, f,
			webtest.Scenario{As: "administrator", Do: "POST " + page, Form: chosen(body, "name", "Field sales"), Status: 303},
			webtest.Scenario{As: "administrator", Do: "GET " + page, Status: 200, Has: []string{`value="Field sales"`, `value="support" selected`, `value="08:00-12:00"`}},
			webtest.Scenario{As: "administrator", Do: "POST /organisation/regions/new", Form: url.Values{"version": {"0"}, "was": {""}, "name": {"West"}, "country": {"FR"}, "time_zone": {""}, "holidays": {""}}, Status: 303},
		)
		list := webtest.Do(t, f, webtest.Scenario{As: "administrator", Do: "GET /organisation/regions"})
		region := regexp.MustCompile(`/organisation/regions/[0-9a-f-]{36}`).FindString(list.Body)
		version = f.version("administrator", region)
		west := func(holidays string) url.Values {
			return url.Values{"version": {version}, "name": {"West"}, "country": {"FR"}, "time_zone": {""}, "holidays": {holidays}}
		}
		webtest.Run(t, f, webtest.Scenario{As: "administrator", Do: "POST " + region, Form: west("none"), Status: 303})
		body = f.asks("administrator", region, west("fr"), []string{">None", "France"}, nil)
		webtest.Run(t, f,
			webtest.Scenario{As: "administrator", Do: "POST " + region, Form: chosen(body, "holidays", "fr"), Status: 303},
			webtest.Scenario{As: "administrator", Do: "GET " + region, Status: 200, Has: []string{`value="fr" selected`}},
		)
	})
}

func TestTheCompanyAsksFieldByField(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		const page = "/organisation/company"
		version, was := f.version("administrator", page), f.was("administrator", page)
		form := func(name, reading string) url.Values {
			return url.Values{"version": {version}, "was": {was}, "name": {name}, "language": {"fr"}, "country": {"FR"}, "time_zone": {"Europe/Paris"}, "holidays": {""}, "reading": {reading}, "hours_1": {"9-17"}}
		}
		webtest.Run(t, f, webtest.Scenario{As: "administrator", Do: "POST " + page, Form: form("Rivaline SA", "units"), Status: 303})
		body := f.asks("administrator", page, form("Rivaline Group", "regions"), []string{"Rivaline SA", "Rivaline Group", `name="reading" value="regions"`}, nil)
		webtest.Run(t, f,
			webtest.Scenario{As: "administrator", Do: "POST " + page, Form: chosen(body, "name", "Rivaline Group"), Status: 303},
			webtest.Scenario{As: "administrator", Do: "GET " + page, Status: 200, Has: []string{`value="Rivaline Group"`, `value="regions" checked`}},
		)
	})
}

func TestASituationAsksFieldByField(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		a := webtest.Do(t, f, webtest.Scenario{As: "salesperson", Do: "GET /guide"})
		page := regexp.MustCompile(`/guide/[0-9a-f-]{36}`).FindString(a.Body) + "/edit"
		version, was := f.version("head_of_sales", page), f.was("head_of_sales", page)
		form := func(name string, tiers ...string) url.Values {
			return url.Values{"version": {version}, "was": {was}, "name_fr": {name}, "name_en": {name}, "moment_fr": {"m"}, "moment_en": {"m"}, "reason_fr": {"r"},
				"reason_en": {"r"}, "roles": {"salesperson", "product_manager"}, "orientation": {""}, "skills": {""}, "near": {""}, "person": {""}, "count": {"2"}, "tiers": tiers, "active": {"on"}}
		}
		webtest.Run(t, f, webtest.Scenario{As: "head_of_sales", Do: "POST " + page, Form: form("First"), Status: 303})
		body := f.asks("head_of_marketing", page, form("Second", "A", "B"), []string{"First", "Second", "Role head of sales changed 2 fields", `name="tiers" value="A, B"`}, nil)
		webtest.Run(t, f,
			webtest.Scenario{As: "head_of_marketing", Do: "POST " + page, Form: chosen(body, "name_en", "Second"), Status: 303},
			webtest.Scenario{As: "head_of_marketing", Do: "GET " + page, Status: 200, Has: []string{`value="First"`, `value="Second"`, `value="A" checked`, `value="B" checked`, `value="salesperson" checked`}},
		)
	})
}

func TestATeamAsksFieldByField(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		form := url.Values{"version": {"0"}, "name": {"Launch"}, "mandate": {"Bring it\r\nto market."}, "lead": {f.ids["marketer"]}, "ends_on": {"2099-06-30"}, "add": {"Role product manager"}}
		webtest.Run(t, f, webtest.Scenario{As: "head_of_sales", Do: "POST /teams/new", Form: form, Status: 303})
		a := webtest.Do(t, f, webtest.Scenario{As: "marketer", Do: "GET /teams"})
		page := regexp.MustCompile(`/teams/[0-9a-f-]{36}`).FindString(a.Body) + "/edit"
		nameless := url.Values{"version": {"1"}, "name": {""}, "mandate": {"x"}, "lead": {f.ids["marketer"]}}
		webtest.Run(t, f, webtest.Scenario{As: "head_of_sales", Do: "POST " + page, Form: nameless, Status: 422, Has: []string{"Edit “Launch”"}})
		send := func(mandate, ends string, members ...string) url.Values {
			return url.Values{"version": {f.version("marketer", page)}, "was": {f.was("marketer", page)}, "name": {"Launch"}, "mandate": {mandate}, "lead": {f.ids["marketer"]},
				"ends_on": {ends}, "members": append(members, f.ids["marketer"]), "add": {""}}
		}
		late := send("Sell it.", "2099-06-30", f.ids["product_manager"])
		late.Set("add", "Role salesperson")
		webtest.Run(t, f, webtest.Scenario{As: "head_of_sales", Do: "POST " + page, Form: send("Show it.", "2099-12-31"), Status: 303})
		body := f.asks("marketer", page, late, []string{"Show it.", "Sell it.", "Role marketer, Role product manager, Role salesperson", `name="ends_on" value="2099-12-31"`}, nil)
		webtest.Run(t, f,
			webtest.Scenario{As: "marketer", Do: "POST " + page, Form: chosen(body, "mandate", "Sell it."), Status: 303},
			webtest.Scenario{As: "marketer", Do: "GET " + strings.TrimSuffix(page, "/edit"), Status: 200, Has: []string{"Sell it.", "31 Dec 2099"}, HasNot: []string{"Role salesperson"}},
		)
	})
}

func TestOnesOwnOtherWindowIsCalledYou(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		version := f.version("salesperson", "/me/profile")
		webtest.Run(t, f, webtest.Scenario{As: "salesperson", Do: "POST /me/profile", Form: f.profile("Role", "salesperson", version, "phone", "02 31 00 14 50"), Status: 303})
		f.asks("salesperson", "/me/profile", f.profile("Role", "salesperson", version, "phone", "02 31 00 14 52"),
			[]string{"You changed this field meanwhile, in another window", "<small>you, ", "02 31 00 14 50"}, []string{"Role salesperson changed"})
	})
}
