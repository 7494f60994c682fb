package team_test

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"unisson/internal/app/apptest"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/web/webtest"
	"unisson/internal/team"
)

// firm is the whole product with a few people in it.
type firm struct {
	*apptest.App
	t   *testing.T
	ids map[string]string
}

func eachFirm(t *testing.T, fn func(t *testing.T, f *firm)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := &firm{App: apptest.New(t, d), t: t, ids: map[string]string{}}
		sys := auth.AsSystem(context.Background())
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(f.Team.SaveOrganisation(sys, team.Organisation{Name: "Rivaline", Language: "fr", Country: "FR", TimeZone: "Europe/Paris",
			Hours: team.OfficeWeek(), Reading: team.ReadUnits}))
		for _, dep := range []team.Department{{Name: "Marketing", Kind: team.Marketing}, {Name: "Sales", Kind: team.Sales}} {
			id, err := f.Team.SaveDepartment(sys, dep)
			must(err)
			f.ids[dep.Name] = id
		}
		for _, p := range []struct {
			role, department, city string
			products               []string
		}{
			{"salesperson", "Sales", "Nantes", []string{"Pumps"}}, {"marketer", "Marketing", "Nantes", nil}, {"product_manager", "", "Rennes", []string{"Pumps"}},
			{"head_of_sales", "Sales", "Paris", nil},
		} {
			u := f.Person(t, p.role)
			f.ids[p.role] = u.ID
			s, err := f.Team.Sheet(sys, u.ID)
			must(err)
			s.Profile.DepartmentID, s.Profile.City, s.Profile.Products = f.ids[p.department], p.city, p.products
			_, err = f.Team.SaveProfile(sys, u.ID, s.Changed.Version, s.Profile)
			must(err)
		}
		fn(t, f)
	})
}

// profile is what the form of somebody's profile would send as it stands.
func (f *firm) profile(given, family string, version string, more ...string) url.Values {
	v := url.Values{"version": {version}, "given": {given}, "family": {family}, "title": {""}, "phone": {""}, "channel": {""}, "city": {"Nantes"},
		"country": {""}, "products": {"Pumps"}, "segments": {""}, "skills": {""}, "about": {""}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

var hiddenVersion = regexp.MustCompile(`name="version" value="(\d+)"`)

func (f *firm) version(as, page string) string {
	f.t.Helper()
	a := webtest.Do(f.t, f, webtest.Scenario{As: as, Do: "GET " + page})
	m := hiddenVersion.FindStringSubmatch(a.Body)
	if m == nil {
		f.t.Fatalf("%s has no version: %d", page, a.StatusCode)
	}
	return m[1]
}

func TestDirectoryPage(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		webtest.Run(t, f,
			webtest.Scenario{Do: "GET /people", Status: 303, To: "/sign-in?next=%2Fpeople"},
			webtest.Scenario{As: "salesperson", Do: "GET /people", Status: 200, Has: []string{"Role marketer", "Role product manager", "Pumps", "Near you, Nantes"}, HasNot: []string{"/people/invite"}},
			webtest.Scenario{As: "administrator", Do: "GET /people", Status: 200, Has: []string{`href="/people/invite"`, "Invited"}},
			webtest.Scenario{As: "salesperson", Do: "GET /people?q=marke", Status: 200, Has: []string{"Role marketer"}, HasNot: []string{"Role product manager"}},
			webtest.Scenario{As: "salesperson", Do: "GET /people?q=zzz", Status: 200, Has: []string{"Nobody fits"}},
			webtest.Scenario{As: "salesperson", Do: "GET /people?q=marke", HTMX: true, Status: 200, Has: []string{`id="people"`, "Role marketer"}, HasNot: []string{"<html"}},
			webtest.Scenario{As: "salesperson", Do: "GET /people?product=pumps&situation=new_opportunity", Status: 200, Has: []string{"Role product manager", "New opportunity on a product"}, HasNot: []string{"Role marketer"}},
			webtest.Scenario{As: "salesperson", Do: "GET /people?status=invited", Status: 403},
			webtest.Scenario{As: "salesperson", Do: "GET /people?situation=none", Status: 404},
			webtest.Scenario{As: "salesperson", Do: "GET /people?colour=red", Status: 400},
			webtest.Scenario{As: "salesperson", Do: "GET /people?after=garbled", Status: 200},
			webtest.Scenario{As: "salesperson", Do: "GET /together", Status: 200, Has: []string{"Directory", "Whom to involve", "Cross-functional teams"}},
			webtest.Scenario{As: "guest", Do: "GET /people", Status: 200},
		)
	})
}

func TestPersonPageIsTheSameForBothDepartments(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		page := "/people/" + f.ids["product_manager"]
		main := func(as string) string {
			a := webtest.Do(t, f, webtest.Scenario{As: as, Do: "GET " + page})
			_, body, _ := strings.Cut(a.Body, `<main`)
			body, _, _ = strings.Cut(body, `</main>`)
			_, body, _ = strings.Cut(body, `<h1>`) // the bar above shows the reader's own mark
			return body
		}
		if a, b := main("salesperson"), main("marketer"); a != b || a == "" {
			t.Error("sales and marketing see different pages of the same person")
		}
		webtest.Run(t, f,
			webtest.Scenario{As: "salesperson", Do: "GET " + page, Status: 200, Has: []string{"When to involve Role", "New opportunity on a product", "mailto:"}, HasNot: []string{page + "/edit", page + "/access"}},
			webtest.Scenario{As: "product_manager", Do: "GET " + page, Status: 200, Has: []string{page + "/edit", page + "/absences"}},
			webtest.Scenario{As: "administrator", Do: "GET " + page, Status: 200, Has: []string{page + "/edit", page + "/access"}},
			webtest.Scenario{As: "salesperson", Do: "GET " + page, HTMX: true, Status: 200, Has: []string{"Role product manager"}, HasNot: []string{"<html"}},
			webtest.Scenario{As: "salesperson", Do: "GET /people/" + db.NewID(), Status: 404},
		)
	})
}

func TestEditProfilePage(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		me := f.ids["salesperson"]
		version := f.version("salesperson", "/me/profile")
		webtest.Run(t, f,
			webtest.Scenario{As: "salesperson", Do: "GET /people/" + f.ids["marketer"] + "/edit", Status: 403},
			webtest.Scenario{As: "salesperson", Do: "POST /people/" + f.ids["marketer"] + "/edit", Form: f.profile("X", "Y", "1"), Status: 403},
			webtest.Scenario{As: "head_of_sales", Do: "GET /people/" + f.ids["marketer"] + "/edit", Status: 200, Has: []string{`name="department"`}},
			webtest.Scenario{As: "salesperson", Do: "GET /me/profile", Status: 200, HasNot: []string{`name="department"`}},
			webtest.Scenario{As: "salesperson", Do: "POST /me/profile", Form: f.profile("", "salesperson", version, "phone", "nine", "own_hours", "on", "hours_1", "early"), Status: 422,
				Has: []string{"This is needed.", "Write the hours as", `value="nine"`}},
			webtest.Scenario{As: "salesperson", Do: "POST /me/profile", Form: f.profile("Role", "salesperson", version, "title", "Seller", "phone", "02 31 00 14 50"), Status: 303, To: "/people/" + me},
			webtest.Scenario{As: "salesperson", Do: "GET /people/" + me, Status: 200, Has: []string{"Seller", "02 31 00 14 50"}},
		)
		// The head read the profile before, and changes the same field and another one.
		clash := f.profile("Role", "salesperson", version, "phone", "02 31 00 14 52", "city", "Vire", "department", f.ids["Sales"])
		a := webtest.Do(t, f, webtest.Scenario{As: "head_of_sales", Do: "POST /people/" + me + "/edit", Form: clash})
		if a.StatusCode != 409 || !strings.Contains(a.Body, "02 31 00 14 50") || !strings.Contains(a.Body, "02 31 00 14 52") ||
			!strings.Contains(a.Body, "Role salesperson") || !strings.Contains(a.Body, `name="city" value="Vire"`) {
			t.Fatalf("status %d: both values, the author and the other entries must be there\n%s", a.StatusCode, a.Body)
		}
		chosen := url.Values{"chosen": {"1"}, "version": {hiddenVersion.FindStringSubmatch(a.Body)[1]}, "phone": {"02 31 00 14 52"}}
		for _, m := range regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)"`).FindAllStringSubmatch(a.Body, -1) {
			if chosen.Get(m[1]) == "" && m[1] != "next" && m[1] != "theme" {
				chosen.Set(m[1], m[2])
			}
		}
		webtest.Run(t, f,
			webtest.Scenario{As: "head_of_sales", Do: "POST /people/" + me + "/edit", Form: chosen, Status: 303, To: "/people/" + me},
			webtest.Scenario{As: "marketer", Do: "GET /people/" + me, Status: 200, Has: []string{"02 31 00 14 52", "Vire", "Seller"}},
			webtest.Scenario{As: "salesperson", Do: "POST /people/" + me + "/undo/99", Form: url.Values{}, Status: 409},
			webtest.Scenario{As: "salesperson", Do: "POST /me/profile/confirm", Form: url.Values{}, Status: 303, To: "/people/" + me},
		)
	})
}

func TestAbsencePages(t *testing.T) {
	eachFirm(t, func(t *testing.T, f *firm) {
		page := "/people/" + f.ids["marketer"] + "/absences"
		form := func(from, to, deputy string) url.Values {
			return url.Values{"from": {from}, "to": {to}, "deputy": {deputy}, "note": {""}}
		}
		webtest.Run(t, f,
			webtest.Scenario{As: "salesperson", Do: "GET " + page, Status: 200, HasNot: []string{`name="from"`}},
			webtest.Scenario{As: "salesperson", Do: "POST " + page, Form: form("2099-01-04", "2099-01-08", ""), Status: 403},
			webtest.Scenario{As: "marketer", Do: "POST " + page, Form: form("2099-01-08", "2099-01-04", f.ids["marketer"]), Status: 422, Has: []string{"It ends before it begins.", "Choose somebody else"}},
			webtest.Scenario{As: "marketer", Do: "POST " + page, Form: form("soon", "", ""), Status: 422, Has: []string{"2026-11-24"}},
			webtest.Scenario{As: "marketer", Do: "POST " + page, Form: form("2099-01-04", "2099-01-08", f.ids["head_of_sales"]), Status: 303, To: page},
			webtest.Scenario{As: "salesperson", Do: "GET " + page, Status: 200, Has: []string{"4 Jan 2099", "Role head of sales stands in"}},
		)
		a := webtest.Do(t, f, webtest.Scenario{As: "marketer", Do: "GET " + page})
		cancel := regexp.MustCompile(`action="(` + page + `/[0-9a-f-]+)/cancel"`).FindStringSubmatch(a.Body)
		if cancel == nil {
			t.Fatal("no way to cancel")
		}
		webtest.Run(t, f,
			webtest.Scenario{As: "marketer", Do: "GET " + cancel[1], Status: 200, Has: []string{`value="2099-01-04"`}},
			webtest.Scenario{As: "marketer", Do: "POST " + cancel[1] + "/cancel", Form: url.Values{}, Status: 303, To: page},
			webtest.Scenario{As: "marketer", Do: "GET " + cancel[1], Status: 404},
			webtest.Scenario{As: "marketer", Do: "POST " + cancel[1] + "/restore", Form: url.Values{}, Status: 303, To: page},
			webtest.Scenario{As: "marketer", Do: "GET " + cancel[1], Status: 200},
		)
	})
}
