package team

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
)

func TestAPersonIsFoundByEveryWordOfHis(t *testing.T) {
	p := Person{Given: "Éléonore", Family: "Le Goff", Title: "Chef de produit", City: "Trois-Rivières", Email: "e.legoff@rivaline.example",
		Department: "Produits", Region: "Québec", Products: []string{"Pompes doseuses"}, Skills: []string{"NEP"}}
	for _, want := range []string{"eleonore", "goff", "produit", "rivieres", "pompes", "nep", "legoff", "produits", "quebec"} {
		if !slices.Contains(p.Words(), want) {
			t.Errorf("not found by %q: %v", want, p.Words())
		}
	}
	if got := SearchWords("  L’Isère, CHEF 12 a b c d e"); cmp.Diff([]string{"l", "isere", "chef", "12", "a", "b"}, got) != "" {
		t.Error(got)
	}
	if long := SplitWords(strings.Repeat("é", 100)); len(long) != 1 || len(long[0]) > maxWord {
		t.Errorf("%v", long)
	}
}

func TestSidesOfATeam(t *testing.T) {
	both := someone("both", Salesperson, func(p *Person) { p.Roles = append(p.Roles, Marketer) })
	product := someone("emma", ProductManager, func(p *Person) { p.Kind = Product })
	gone := someone("gone", Marketer, func(p *Person) { p.Status = Disabled })
	seller := someone("yann", Salesperson, func(p *Person) { p.Kind = Sales })
	for _, c := range []struct {
		name string
		who  []Person
		want []Kind
	}{
		{"nobody", nil, []Kind{Marketing, Sales}},
		{"product is neither", []Person{product}, []Kind{Marketing, Sales}},
		{"sales only", []Person{seller, product}, []Kind{Marketing}},
		{"who left does not count", []Person{seller, gone}, []Kind{Marketing}},
		{"one person of both roles fills both seats", []Person{both}, nil},
	} {
		var tm Team
		for _, p := range c.who {
			tm.Members = append(tm.Members, Member{Person: p})
		}
		if got := tm.Missing(noon); cmp.Diff(c.want, got) != "" {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestTeamEnds(t *testing.T) {
	day := on("2026-11-24")
	if (Team{}).Ended(day) || !(Team{EndsOn: on("2026-11-23")}).Ended(day) || (Team{EndsOn: day}).Ended(day) || !(Team{EndedAt: noon}).Ended(day) {
		t.Error("a team ends after its day, or when it is ended")
	}
	if !(Team{EndsOn: on("2026-12-01")}).EndsSoon(day) || (Team{EndsOn: on("2027-01-01")}).EndsSoon(day) {
		t.Error("soon is two weeks")
	}
	over := Team{Name: "x", Mandate: "y", EndsOn: on("2026-11-01")}
	if err := over.Validate(day, nil); len(errs.FieldsOf(err)) != 1 {
		t.Errorf("a new team that is over is taken: %v", err)
	}
	if err := over.Validate(day, &over); err != nil {
		t.Errorf("an ended team cannot be corrected: %v", err)
	}
}

func TestStaleAfterSixMonths(t *testing.T) {
	confirmed := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	if Stale(confirmed, confirmed.AddDate(0, 5, 28)) || !Stale(confirmed, confirmed.AddDate(0, 6, 3)) {
		t.Error("a profile is looked at again after six months")
	}
}

func TestProfileReadsBackWhatItGave(t *testing.T) {
	p := Profile{Given: "Camille", Family: "Aubry", Title: "Marketing, Ouest", Phone: "+33 2 31 00 14 52", City: "Nantes", Country: "FR", Channel: ByPhone,
		About: "Ligne 1\nLigne 2", Hours: OfficeWeek(), Languages: []string{"en", "fr"}, Skills: []string{"Salons"}, Products: []string{"Pompes", "Vannes"},
		Segments: []string{"Agroalimentaire"}, DepartmentID: "d", UnitID: "u", RegionID: "r", ManagerID: "m"}
	got, err := ProfileOf(p.Values())
	if err != nil || cmp.Diff(p, got) != "" {
		t.Error(err, cmp.Diff(p, got))
	}
	for _, f := range ProfileFields() {
		if p.Values()[f] == "" {
			t.Errorf("%s is not among the values", f)
		}
	}
	if len(ProfileFields()) != len(p.Values()) {
		t.Error("fields and values differ")
	}
}

func TestValidateProfile(t *testing.T) {
	good := Profile{Given: "A", Family: "B"}
	for _, c := range []struct {
		name, field string
		change      func(*Profile)
	}{
		{"enough", "", func(*Profile) {}},
		{"no name", "family", func(p *Profile) { p.Family = "" }},
		{"telephone in words", "phone", func(p *Profile) { p.Phone = "standard" }},
		{"telephone with extension", "", func(p *Profile) { p.Phone = "+1 (418) 555-0142 x12" }},
		{"unknown channel", "channel", func(p *Profile) { p.Channel = "pigeon" }},
		{"unknown country", "country", func(p *Profile) { p.Country = "XX" }},
		{"unknown language", "languages", func(p *Profile) { p.Languages = []string{"klingon"} }},
		{"endless label", "skills", func(p *Profile) { p.Skills = []string{strings.Repeat("x", 81)} }},
		{"endless text", "about", func(p *Profile) { p.About = strings.Repeat("é", 2001) }},
		{"own manager", "manager", func(p *Profile) { p.ManagerID = "me" }},
	} {
		p := good
		c.change(&p)
		fields := errs.FieldsOf(p.Validate("me"))
		if c.field == "" && len(fields) > 0 || c.field != "" && (len(fields) != 1 || fields[0].Name != c.field) {
			t.Errorf("%s: %v", c.name, fields)
		}
	}
}

func TestLabelsAreReadAsTyped(t *testing.T) {
	if got := SplitLabels(" Pompes doseuses ,vannes;  POMPES  DOSEUSES\n,"); cmp.Diff([]string{"Pompes doseuses", "vannes"}, got) != "" {
		t.Error(got)
	}
	if JoinLabels([]string{"Vannes", "Échangeurs"}) != "Échangeurs, Vannes" {
		t.Error("labels are not in order")
	}
}

func TestAGuestIsNothingElseAndHasAnEnd(t *testing.T) {
	today, end := on("2026-11-24"), on("2026-12-31")
	none := clock.Day{}
	for _, c := range []struct {
		name   string
		roles  []auth.Role
		endsOn clock.Day
		field  string
	}{
		{"seller", []auth.Role{Salesperson}, none, ""},
		{"both sides", []auth.Role{Salesperson, Marketer}, none, ""},
		{"guest", []auth.Role{Guest}, end, ""},
		{"guest without end", []auth.Role{Guest}, none, "ends_on"},
		{"guest and seller", []auth.Role{Guest, Salesperson}, end, "roles"},
		{"no role", nil, none, "roles"},
		{"unknown role", []auth.Role{"king"}, none, "roles"},
		{"an end that has passed", []auth.Role{Salesperson}, on("2026-11-23"), "ends_on"},
	} {
		fields := errs.FieldsOf(ValidateRoles(c.roles, c.endsOn, today))
		if c.field == "" && len(fields) > 0 || c.field != "" && (len(fields) != 1 || fields[0].Name != c.field) {
			t.Errorf("%s: %v", c.name, fields)
		}
	}
}

func TestTheLastDayOfAnAccessReadsBack(t *testing.T) {
	for _, zone := range []string{"Europe/Paris", "America/Montreal", "UTC", "Nowhere/Land"} {
		for _, d := range []clock.Day{{}, on("2026-11-24"), on("2026-03-28"), on("2026-10-24")} {
			if got := lastDay(endOf(d, zone), zone); got != d {
				t.Errorf("%s in %s: %s", d, zone, got)
			}
		}
	}
}
