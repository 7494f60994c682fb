package team_test

import (
	"maps"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/web/webtest"
)

func TestGuidePages(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		a := webtest.Do(t, f, webtest.Scenario{As: "salesperson", Do: "GET /guide"})
		id := regexp.MustCompile(`/guide/[0-9a-f-]{36}`).FindString(a.Body)
		version := f.version("head_of_sales", id+"/edit")
		form := func(version, name string) url.Values {
			return url.Values{"version": {version}, "name_fr": {name}, "name_en": {name}, "moment_fr": {"m"}, "moment_en": {"m"}, "reason_fr": {"r {product}"},
				"reason_en": {"r {product}"}, "roles": {"product_manager"}, "orientation": {""}, "skills": {""}, "near": {""}, "person": {""}, "count": {"1"}, "covers": {"on"}, "active": {"on"}}
		}
		nobody := form(version, "X")
		nobody.Del("roles")
		webtest.Run(t, f,
			webtest.Scenario{As: "salesperson", Do: "GET /guide?q=complaint", Status: 200, Has: []string{"Customer complaint"}, HasNot: []string{"Price exception"}},
			webtest.Scenario{As: "salesperson", Do: "GET " + id + "?product=Pumps", Status: 200, Has: []string{"Role product manager", "covers Pumps", "Knows where Pumps fits"}},
			webtest.Scenario{As: "salesperson", Do: "GET " + id + "?product=Pumps", HTMX: true, Status: 200, Has: []string{`id="answer"`}, HasNot: []string{"<html"}},
			webtest.Scenario{As: "salesperson", Do: "GET /guide/personal_data", Status: 200, Has: []string{"Nobody fits"}},
			webtest.Scenario{As: "salesperson", Do: "GET /guide/new", Status: 403},
			webtest.Scenario{As: "integrator", Do: "POST " + id + "/edit", Form: form(version, "X"), Status: 403},
			webtest.Scenario{As: "head_of_sales", Do: "POST " + id + "/edit", Form: nobody, Status: 422, Has: []string{"Say whom"}},
			webtest.Scenario{As: "head_of_sales", Do: "POST " + id + "/edit", Form: form(version, "Another name"), Status: 303, To: id},
			webtest.Scenario{As: "head_of_marketing", Do: "POST " + id + "/edit", Form: form(version, "Third name"), Status: 409, Has: []string{"Another name", `value="Third name"`}},
			webtest.Scenario{As: "head_of_marketing", Do: "POST /guide/new", Form: form("0", "Sample wanted"), Status: 303},
		)
	})
}

func TestTeamPages(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		form := func(name, add string) url.Values {
			return url.Values{"version": {"0"}, "name": {name}, "mandate": {"Bring it to market."}, "lead": {f.ids["marketer"]}, "ends_on": {"2099-06-30"}, "add": {add}}
		}
		webtest.Run(t, f,
			webtest.Scenario{As: "salesperson", Do: "GET /teams", Status: 200, Has: []string{"No team yet"}, HasNot: []string{"/teams/new"}},
			webtest.Scenario{As: "salesperson", Do: "POST /teams/new", Form: form("Launch", ""), Status: 403},
			webtest.Scenario{As: "head_of_sales", Do: "POST /teams/new", Form: form("Launch", "Nobody Like That"), Status: 422, Has: []string{"Nobody here is called Nobody Like That"}},
			webtest.Scenario{As: "head_of_sales", Do: "POST /teams/new", Form: form("Launch", "role product manager"), Status: 303},
			webtest.Scenario{As: "salesperson", Do: "GET /teams", Status: 200, Has: []string{"Launch", "sales is missing"}},
		)
		a := webtest.Do(t, f, webtest.Scenario{As: "marketer", Do: "GET /teams"})
		id := regexp.MustCompile(`/teams/[0-9a-f-]{36}`).FindString(a.Body)
		edit := form("Launch", "salesperson@unisson.test")
		edit.Set("version", f.version("marketer", id+"/edit"))
		edit["members"] = []string{f.ids["marketer"], f.ids["product_manager"]}
		late := maps.Clone(edit)
		late.Set("mandate", "Something else.")
		webtest.Run(t, f,
			webtest.Scenario{As: "salesperson", Do: "GET " + id + "/edit", Status: 403},
			webtest.Scenario{As: "marketer", Do: "POST " + id + "/edit", Form: edit, Status: 303, To: id},
			webtest.Scenario{As: "marketer", Do: "POST " + id + "/edit", Form: late, Status: 409, Has: []string{"changed this field meanwhile", "Something else."}},
			webtest.Scenario{As: "salesperson", Do: "GET " + id, Status: 200, Has: []string{"Role salesperson", "until 30 Jun 2099"}, HasNot: []string{"is missing"}},
			webtest.Scenario{As: "salesperson", Do: "POST " + id + "/end", Form: url.Values{}, Status: 403},
			webtest.Scenario{As: "marketer", Do: "POST " + id + "/end", Form: url.Values{}, Status: 303, To: id},
			webtest.Scenario{As: "marketer", Do: "GET " + id, Status: 200, Has: []string{"Its page stays as it was"}},
			webtest.Scenario{As: "marketer", Do: "POST " + id + "/reopen", Form: url.Values{}, Status: 303, To: id},
		)
	})
}

func TestOrganisationPages(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		dep := "/organisation/departments/" + f.ids["Sales"]
		version := f.version("administrator", dep)
		form := func(version, name, kind string) url.Values {
			return url.Values{"version": {version}, "name": {name}, "kind": {kind}, "orientation": {""}, "parent": {""}, "head": {f.ids["head_of_sales"]}}
		}
		webtest.Run(t, f,
			webtest.Scenario{As: "salesperson", Do: "GET /organisation", Status: 200, Has: []string{"Marketing", "Sales"}, HasNot: []string{dep, "/organisation/company"}},
			webtest.Scenario{As: "salesperson", Do: "GET /organisation/regions", Status: 200, Has: []string{"No region yet"}},
			webtest.Scenario{As: "salesperson", Do: "GET /organisation/units", Status: 200},
			webtest.Scenario{As: "salesperson", Do: "GET /roles", Status: 200, Has: []string{"Integrator", "Invite people and set rights"}},
			webtest.Scenario{As: "head_of_sales", Do: "GET " + dep, Status: 403},
			webtest.Scenario{As: "administrator", Do: "GET /organisation/planets/new", Status: 404},
			webtest.Scenario{As: "administrator", Do: "POST " + dep, Form: form(version, "", "king"), Status: 422, Has: []string{"This is needed.", "Choose from the list."}},
			webtest.Scenario{As: "administrator", Do: "POST " + dep, Form: form(version, "Sales and service", "sales"), Status: 303, To: "/organisation"},
			webtest.Scenario{As: "administrator", Do: "POST " + dep, Form: form(version, "Sales", "sales"), Status: 409, Has: []string{"Sales and service"}},
			webtest.Scenario{As: "administrator", Do: "POST " + dep + "/remove", Form: url.Values{}, Status: 409, Has: []string{"Move them first"}},
			webtest.Scenario{As: "administrator", Do: "POST /organisation/regions/new", Form: url.Values{"version": {"0"}, "name": {"West"}, "country": {"FR"}, "time_zone": {""}, "holidays": {"none"},
				"own_hours": {"on"}, "hours_1": {"8-12, 14-18"}}, Status: 303, To: "/organisation/regions"},
			webtest.Scenario{As: "administrator", Do: "GET /organisation/regions", Status: 200, Has: []string{"West", "France"}},
			webtest.Scenario{As: "administrator", Do: "POST /organisation/company", Form: url.Values{"version": {f.version("administrator", "/organisation/company")}, "name": {"Rivaline SA"}, "language": {"en"},
				"country": {"CA"}, "time_zone": {"America/Montreal"}, "holidays": {"ca_qc"}, "reading": {"regions"}, "hours_1": {"9-17"}}, Status: 303, To: "/organisation"},
			webtest.Scenario{As: "administrator", Do: "GET /organisation", Status: 200, Has: []string{"Rivaline SA"}},
		)
	})
}

func TestInvitationAndAccessPages(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		form := url.Values{"given": {"Léa"}, "family": {"Roy"}, "email": {"lea.roy@unisson.test"}, "title": {""}, "roles": {"salesperson"}, "department": {f.ids["Sales"]}, "region": {""}, "ends_on": {""}, "language": {"fr"}}
		guest := url.Values{"given": {"Gil"}, "family": {"Morin"}, "email": {"gil@conseil.test"}, "roles": {"guest", "marketer"}, "ends_on": {""}, "language": {"fr"}}
		access := "/people/" + f.ids["marketer"] + "/access"
		version := f.version("administrator", access)
		webtest.Run(t, f,
			webtest.Scenario{As: "head_of_sales", Do: "GET /people/invite", Status: 403},
			webtest.Scenario{As: "administrator", Do: "POST /people/invite", Form: guest, Status: 422, Has: []string{"A guest has no other role."}},
			webtest.Scenario{As: "administrator", Do: "POST /people/invite", Form: form, Status: 303},
			webtest.Scenario{As: "administrator", Do: "POST /people/invite", Form: form, Status: 422},
			webtest.Scenario{As: "administrator", Do: "GET /people?status=invited", Status: 200, Has: []string{"Léa Roy"}},
			webtest.Scenario{As: "salesperson", Do: "GET /people?q=roy", Status: 200, HasNot: []string{"Léa Roy"}},
			webtest.Scenario{As: "head_of_sales", Do: "GET " + access, Status: 403},
			webtest.Scenario{As: "administrator", Do: "GET " + access, Status: 200, Has: []string{"Close the access", `value="marketer" checked`}},
			webtest.Scenario{As: "administrator", Do: "POST " + access, Form: url.Values{"version": {version}, "ends_on": {""}}, Status: 422},
			webtest.Scenario{As: "administrator", Do: "POST " + access, Form: url.Values{"version": {version}, "roles": {"marketer", "salesperson"}, "ends_on": {""}}, Status: 303},
			webtest.Scenario{As: "administrator", Do: "POST /people/" + f.ids["marketer"] + "/deactivate", Form: url.Values{}, Status: 303, To: access},
			webtest.Scenario{As: "salesperson", Do: "GET /people/" + f.ids["marketer"], Status: 200, Has: []string{"no longer works here"}, HasNot: []string{"mailto:"}},
			webtest.Scenario{As: "administrator", Do: "POST /people/" + f.ids["marketer"] + "/reactivate", Form: url.Values{}, Status: 303, To: access},
			webtest.Scenario{As: "administrator", Do: "POST /people/" + f.Person(t, "administrator").ID + "/deactivate", Form: url.Values{}, Status: 409},
		)
	})
}

func TestThereIsNoFirstRunPageOnceSomebodyIsThere(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		webtest.Run(t, f,
			webtest.Scenario{Do: "GET /setup?token=x", Status: 404},
			webtest.Scenario{Do: "POST /setup", Form: url.Values{"token": {"x"}, "company": {"Y"}}, Status: 404},
		)
	})
}

func TestPagesSpeakFrench(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		u := f.Person(t, "salesperson")
		p := u.Prefs
		p.Language = "fr"
		if err := f.Auth.SetPrefs(auth.AsSystem(t.Context()), u.ID, p); err != nil {
			t.Fatal(err)
		}
		for _, page := range []string{"/people", "/together", "/guide", "/teams", "/organisation", "/roles", "/me/profile", "/people/" + u.ID, "/people/" + u.ID + "/absences"} {
			a := webtest.Do(t, f, webtest.Scenario{As: "salesperson", Do: "GET " + page})
			if a.StatusCode != 200 || !strings.Contains(a.Body, `lang="fr"`) || strings.Contains(a.Body, "team.") && regexp.MustCompile(`>\s*team\.[a-z_.]+\s*<`).MatchString(a.Body) {
				t.Errorf("%s: %d", page, a.StatusCode)
			}
		}
	})
}

func TestTheWayBackFromAFormIsWhole(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		person := "/people/" + f.ids["marketer"]
		for page, steps := range map[string][]string{
			person + "/edit":     {`href="/together"`, `href="/people"`, `href="` + person + `"`},
			person + "/access":   {`href="/together"`, `href="/people"`, `href="` + person + `"`},
			person + "/absences": {`href="/together"`, `href="/people"`, `href="` + person + `"`},
			"/people/invite":     {`href="/together"`, `href="/people"`},
			"/teams/new":         {`href="/together"`, `href="/teams"`},
			"/guide/new":         {`href="/together"`, `href="/guide"`},
			"/organisation/departments/" + f.ids["Sales"]: {`href="/together"`, `href="/organisation"`},
		} {
			as := "administrator"
			if strings.HasPrefix(page, "/guide") || strings.HasPrefix(page, "/teams") {
				as = "head_of_sales"
			}
			body := webtest.Do(t, f, webtest.Scenario{As: as, Do: "GET " + page}).Body
			_, crumbs, _ := strings.Cut(body, `class="crumbs"`)
			crumbs, _, _ = strings.Cut(crumbs, "</nav>")
			for _, step := range steps {
				if !strings.Contains(crumbs, step) {
					t.Errorf("%s: the way back lacks %s in\n%s", page, step, crumbs)
				}
			}
		}
	})
}
