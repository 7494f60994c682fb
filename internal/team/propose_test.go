package team

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/auth"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func someone(id string, role auth.Role, change func(*Person)) Person {
	p := Person{ID: id, Given: id, Status: Active, Roles: []auth.Role{role}, SortKey: id}
	if change != nil {
		change(&p)
	}
	return p
}

// house is a small company in two countries.
func house() []Person {
	return []Person{
		someone("emma", ProductManager, func(p *Person) {
			p.Kind, p.RegionID, p.Region, p.Country, p.Products = Product, "west", "Ouest", "FR", []string{"Pompes doseuses"}
		}),
		someone("elodie", ProductManager, func(p *Person) {
			p.Kind, p.RegionID, p.Region, p.Country, p.Products = Product, "qc", "Québec", "CA", []string{"Pompes doseuses", "Vannes"}
		}),
		someone("paul", ProductManager, func(p *Person) { p.Kind, p.Department, p.HeadsOwn, p.Country = Product, "Produits", true, "FR" }),
		someone("camille", Marketer, func(p *Person) {
			p.Kind, p.Orientation, p.Segments, p.RegionID, p.Country = Marketing, Tactical, []string{"Agroalimentaire"}, "west", "FR"
		}),
		someone("hugo", Marketer, func(p *Person) {
			p.Kind, p.Orientation, p.Segments, p.RegionID, p.Country = Marketing, Strategic, []string{"Chimie"}, "north", "FR"
		}),
		someone("yann", Salesperson, func(p *Person) { p.Kind, p.RegionID, p.Region, p.Country = Sales, "west", "Ouest", "FR" }),
		someone("sofia", Salesperson, func(p *Person) { p.Kind, p.RegionID, p.Region, p.Country = Sales, "north", "Nord", "FR" }),
		someone("ines", Integrator, nil),
		someone("former", ProductManager, func(p *Person) { p.Status, p.Products = Disabled, []string{"Pompes doseuses"} }),
		someone("guest", Guest, func(p *Person) { p.ExpiresAt = noon.Add(-time.Hour) }),
	}
}

// answer tells who is proposed and why, as one line each.
func answer(ps []Proposal) []string {
	var out []string
	for _, p := range ps {
		line := p.Person.ID + ":"
		for _, w := range p.Why {
			line += " " + w.Code
			if w.Word != "" {
				line += "=" + w.Word
			}
		}
		if p.Fallback {
			line += " !"
		}
		out = append(out, line)
	}
	return out
}

func TestProposeFindsTheRightPersonAndSaysWhy(t *testing.T) {
	pump := Rule{Roles: []auth.Role{ProductManager}, Covers: true, Near: NearestFirst}
	for _, c := range []struct {
		name string
		rule Rule
		q    Question
		want []string
	}{
		{"who covers the product, in the region", pump, Question{Product: "pompes doseuses", RegionID: "west"},
			[]string{"emma: covers=pompes doseuses role=product_manager region=Ouest"}},
		{"who covers it elsewhere", pump, Question{Product: "Vannes", RegionID: "west", Country: "FR"},
			[]string{"elodie: covers=Vannes role=product_manager"}},
		{"nearest by country", Rule{Roles: []auth.Role{ProductManager}, Covers: true, Near: NearestFirst}, Question{Product: "Pompes doseuses", RegionID: "north", Country: "FR"},
			[]string{"emma: covers=Pompes doseuses role=product_manager country=FR"}},
		{"nobody covers it: the head decides", pump, Question{Product: "Filtres"},
			[]string{"paul: role=product_manager head=Produits none_covers=Filtres !"}},
		{"no product asked", Rule{Roles: []auth.Role{ProductManager}, Covers: true, Count: 2}, Question{},
			[]string{"elodie: role=product_manager", "emma: role=product_manager"}},
		{"several, each once", Rule{Roles: []auth.Role{ProductManager}, Covers: true, Count: 5}, Question{Product: "Pompes doseuses"},
			[]string{"elodie: covers=Pompes doseuses role=product_manager", "emma: covers=Pompes doseuses role=product_manager"}},
		{"by segment", Rule{Roles: []auth.Role{Marketer}, Serves: true}, Question{Segment: "agroalimentaire"},
			[]string{"camille: serves=agroalimentaire role=marketer"}},
		{"group of marketing", Rule{Kinds: []Kind{Marketing}, Orientation: Strategic}, Question{},
			[]string{"hugo: kind=marketing orientation=strategic"}},
		{"in the region only", Rule{Roles: []auth.Role{Salesperson}, Near: SameRegion}, Question{RegionID: "west"},
			[]string{"yann: role=salesperson region=Ouest"}},
		{"nobody in the region: the nearest, and it is said", Rule{Roles: []auth.Role{Salesperson}, Near: SameRegion}, Question{RegionID: "south", RegionName: "Sud", Country: "FR"},
			[]string{"sofia: role=salesperson country=FR none_there=Sud !"}},
		{"the first role before the second", Rule{Roles: []auth.Role{Salesperson, Marketer}, Count: 3}, Question{},
			[]string{"sofia: role=salesperson", "yann: role=salesperson", "camille: role=marketer"}},
		{"a named person", Rule{PersonID: "ines"}, Question{Product: "Vannes"}, []string{"ines: named"}},
		{"heads", Rule{Head: true}, Question{}, []string{"paul: head=Produits"}},
		{"nobody has the role", Rule{Roles: []auth.Role{DPO}}, Question{}, nil},
		{"who left and who expired are not proposed", Rule{Roles: []auth.Role{Guest}}, Question{}, nil},
	} {
		got := answer(Propose(Situation{Rule: c.rule, Active: true}, c.q, house(), noon))
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
	}
}

func TestProposeMindsAbsences(t *testing.T) {
	people := house()
	emma, elodie := &people[0], &people[1]
	leave := away("emma", "2026-11-23", "2026-11-27", "elodie")
	rule := Situation{Rule: Rule{Roles: []auth.Role{ProductManager}, Covers: true, Near: NearestFirst, Count: 1}}
	q := Question{Product: "Pompes doseuses", RegionID: "west"}

	emma.Absence, emma.Deputy = &leave, elodie
	got := Propose(rule, q, people, noon)
	if len(got) != 1 || got[0].Person.ID != "elodie" || got[0].InPlaceOf == nil || got[0].InPlaceOf.ID != "emma" || got[0].Until != leave.To ||
		got[0].Why[0] != (Why{WhyDeputy, "emma"}) {
		t.Errorf("the deputy is not proposed: %+v", got)
	}
	rule.Rule.Count = 3
	if got = Propose(rule, q, people, noon); len(got) != 1 {
		t.Errorf("the deputy is proposed twice: %v", answer(got))
	}
	emma.Deputy = nil
	rule.Rule.Near, rule.Rule.Count = AnyRegion, 2
	if got = Propose(rule, q, people, noon); len(got) != 2 || got[0].Person.ID != "elodie" || got[1].Person.ID != "emma" || got[1].Until != leave.To {
		t.Errorf("who works does not come first: %v", answer(got))
	}
}

func TestASituationAppliesWhereItsRuleSays(t *testing.T) {
	s := Situation{ID: "1", Code: "review", Active: true, Rule: Rule{On: []string{"account"}, Tiers: []string{"A"}}}
	for _, c := range []struct {
		q    Question
		want bool
	}{
		{Question{}, true}, {Question{Situation: "review"}, true}, {Question{Situation: "1", Tier: "C"}, true}, {Question{Situation: "2"}, false},
		{Question{On: "account"}, true}, {Question{On: "account", Tier: "A"}, true}, {Question{On: "account", Tier: "B"}, false}, {Question{On: "lead"}, false},
	} {
		if got := s.AppliesTo(c.q); got != c.want {
			t.Errorf("%+v: %v", c.q, got)
		}
	}
	s.Active = false
	if s.AppliesTo(Question{Situation: "review"}) {
		t.Error("a situation put aside applies")
	}
}

func TestTheSituationsThatComeWithTheProgramAreSound(t *testing.T) {
	all, err := DefaultSituations()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 10 {
		t.Errorf("only %d situations", len(all))
	}
	codes := map[string]bool{}
	for _, s := range all {
		if err := s.Validate(); err != nil || s.Code == "" || codes[s.Code] {
			t.Errorf("%s: %v", s.Code, err)
		}
		codes[s.Code] = true
		for _, lang := range []string{"en", "fr", "fr-CA"} {
			blanks := Blanks{"the product", "the segment", "the region", "this rank"}
			if r := s.Reason(lang, Question{}, blanks); r == "" || strayBlank(r) != "" || len(r) > 300 {
				t.Errorf("%s in %s: %q", s.Code, lang, r)
			}
		}
	}
}
