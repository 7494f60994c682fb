package team

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
)

func TestFindPeople(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		at := o.rivaline()
		as := o.as("Yann")
		for _, c := range []struct {
			name string
			f    Filter
			want []string
		}{
			{"everybody by family name", Filter{}, []string{"Camille", "Yann", "Emma", "Ada", "Ines", "Marc", "Nadia", "Benoît"}},
			{"beginning of a name, without accents", Filter{Text: "beno"}, []string{"Benoît"}},
			{"second word of a family name", Filter{Text: "GOFF"}, []string{"Yann"}},
			{"words of different kinds", Filter{Text: "ouest pompes"}, []string{"Yann", "Emma"}},
			{"a city", Filter{Text: "levis"}, []string{"Benoît"}},
			{"nothing", Filter{Text: "zzz"}, nil},
			{"only signs is everybody", Filter{Text: " ,;"}, []string{"Camille", "Yann", "Emma", "Ada", "Ines", "Marc", "Nadia", "Benoît"}},
			{"who for a product in a region", Filter{Product: "vannes", RegionID: at["Québec"]}, []string{"Benoît"}},
			{"department and role", Filter{DepartmentID: at["Ventes"], Role: HeadOfSales}, []string{"Marc"}},
			{"kind", Filter{Kind: Marketing}, []string{"Camille", "Nadia"}},
			{"language", Filter{Language: "en"}, []string{"Yann"}},
			{"segment", Filter{Segment: "AGROALIMENTAIRE"}, []string{"Camille"}},
			{"a line of the guide", Filter{Rule: &Rule{Roles: []auth.Role{HeadOfSales, HeadOfMarketing}}}, []string{"Marc", "Nadia"}},
			{"heads", Filter{Rule: &Rule{Head: true}, Kind: Sales}, []string{"Marc"}},
		} {
			d, err := o.FindPeople(as, c.f, Cursor{})
			o.ok(err)
			if diff := cmp.Diff(c.want, names(d.People)); diff != "" || d.Count != len(c.want) {
				t.Errorf("%s (%d): %s", c.name, d.Count, diff)
			}
		}
	})
}

func TestTheDirectoryAgreesWithTheGuide(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		o.ok(o.Prepare(o.system()))
		all, err := o.Situations(o.as("Yann"))
		o.ok(err)
		everybody, err := o.FindPeople(o.as("Yann"), Filter{}, Cursor{})
		o.ok(err)
		for _, s := range all {
			d, err := o.FindPeople(o.as("Yann"), Filter{Rule: &s.Rule}, Cursor{})
			o.ok(err)
			var want []string
			for _, p := range everybody.People {
				if (chooser{rule: s.Rule}).meant(p) {
					want = append(want, p.Given)
				}
			}
			if diff := cmp.Diff(want, names(d.People)); diff != "" {
				t.Errorf("%s: %s", s.Code, diff)
			}
		}
	})
}

func TestDirectoryPagesShowEverybodyOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		o.many(2*PageSize + 7)
		var seen []string
		var after Cursor
		for range 10 {
			d, err := o.FindPeople(o.as("Ada"), Filter{}, after)
			o.ok(err)
			for _, p := range d.People {
				if slices.Contains(seen, p.ID) {
					t.Fatalf("%s stands twice", p.ID)
				}
				seen = append(seen, p.ID)
			}
			if d.Next == nil {
				break
			}
			after = *d.Next
		}
		if len(seen) != 2*PageSize+7+8 {
			t.Errorf("%d people", len(seen))
		}
	})
}

func TestWhoDoesNotWorkHereIsNotListed(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		o.hire("Gil", Profile{Family: "Visiteur"}, Guest)
		invited, err := o.InvitePerson(o.as("Ada"), Invitation{Email: "lea@rivaline.example", Given: "Léa", Family: "Nouvelle", Roles: []auth.Role{Marketer}})
		o.ok(err)
		o.ok(o.Deactivate(o.as("Ada"), o.ids["Emma"]))
		d, err := o.FindPeople(o.as("Yann"), Filter{}, Cursor{})
		o.ok(err)
		got := names(d.People)
		if slices.Contains(got, "Emma") || slices.Contains(got, "Léa") || !slices.Contains(got, "Gil") {
			t.Errorf("%v", got)
		}
		o.clock.Advance(days(40))
		if d, _ = o.FindPeople(o.as("Yann"), Filter{}, Cursor{}); slices.Contains(names(d.People), "Gil") {
			t.Error("a guest whose time is over is listed")
		}
		if _, err := o.Person(o.as("Yann"), invited); !errs.Is(err, errs.KindNotFound) {
			t.Errorf("an invited person is shown to a colleague: %v", err)
		}
		if _, err := o.Person(o.as("Ada"), invited); err != nil {
			t.Errorf("an invited person is hidden from who manages people: %v", err)
		}
		if p, err := o.Person(o.as("Yann"), o.ids["Emma"]); err != nil || p.Status != Disabled {
			t.Errorf("who left is not remembered: %v", err)
		}
		if _, err := o.FindPeople(o.as("Yann"), Filter{Status: Invited}, Cursor{}); !errs.Is(err, errs.KindForbidden) {
			t.Errorf("%v", err)
		}
		d, err = o.FindPeople(o.as("Ada"), Filter{Status: Invited}, Cursor{})
		o.ok(err)
		if cmp.Diff([]string{"Léa"}, names(d.People)) != "" {
			t.Errorf("%v", names(d.People))
		}
	})
}

func TestDirectoryTellsWhoIsAwayAndWhoStandsIn(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		_, err := o.SetAbsence(o.as("Camille"), Absence{PersonID: o.ids["Camille"], From: on("2026-11-24"), To: on("2026-11-25"), DeputyID: o.ids["Nadia"]})
		o.ok(err)
		d, err := o.FindPeople(o.as("Yann"), Filter{Text: "camille"}, Cursor{})
		o.ok(err)
		if p := d.People[0]; p.Absence == nil || p.Deputy == nil || p.Deputy.Given != "Nadia" {
			t.Errorf("%+v", p)
		}
		o.clock.Set(noon.Add(days(2)))
		if d, _ = o.FindPeople(o.as("Yann"), Filter{Text: "camille"}, Cursor{}); d.People[0].Away() {
			t.Error("she is back and still shown away")
		}
	})
}

func TestAbsenceBeginsByTheClockOfEachOnesZone(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		at := o.rivaline()
		_, st, err := o.Company(o.system())
		o.ok(err)
		g := st.Region(at["Québec"])
		g.TimeZone = "America/Montreal"
		_, err = o.SaveRegion(o.system(), g)
		o.ok(err)
		for _, who := range []string{"Benoît", "Yann"} {
			_, err := o.SetAbsence(o.as(who), Absence{PersonID: o.ids[who], From: on("2026-11-25"), To: on("2026-11-25")})
			o.ok(err)
		}
		o.clock.Set(time.Date(2026, 11, 25, 1, 0, 0, 0, time.UTC)) // 2 h in Paris, 20 h the day before in Montréal
		for who, want := range map[string]bool{"Benoît": false, "Yann": true} {
			p, err := o.Person(o.as("Ada"), o.ids[who])
			o.ok(err)
			if p.Away() != want {
				t.Errorf("%s away: %v", who, p.Away())
			}
		}
	})
}

func TestNearYouShowsTheOtherDepartmentFirst(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		at := o.rivaline()
		o.hire("Anne", Profile{Family: "Abel", DepartmentID: at["Ventes"], City: "nantes"}, Salesperson)
		me, err := o.Person(o.as("Yann"), o.ids["Yann"])
		o.ok(err)
		near, err := o.NearYou(o.as("Yann"), me)
		o.ok(err)
		if diff := cmp.Diff([]string{"Camille", "Anne"}, names(near)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestRenamingARegionLetsItsPeopleBeFoundByTheNewName(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		at := o.rivaline()
		_, st, err := o.Company(o.system())
		o.ok(err)
		g := st.Region(at["Ouest"])
		g.Name = "Atlantique"
		_, err = o.SaveRegion(o.as("Ada"), g)
		o.ok(err)
		d, err := o.FindPeople(o.as("Yann"), Filter{Text: "atlant yann"}, Cursor{})
		o.ok(err)
		if len(d.People) != 1 {
			t.Errorf("%v", names(d.People))
		}
	})
}

func TestPeopleLetInByOtherWaysAreFound(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.many(3)
		deleteTeamRows(o)
		o.ok(o.Prepare(o.system()))
		o.ok(o.Prepare(o.system()))
		d, err := o.FindPeople(o.system(), Filter{Text: "alex famille"}, Cursor{})
		o.ok(err)
		if len(d.People) != 3 {
			t.Errorf("%v", names(d.People))
		}
	})
}
