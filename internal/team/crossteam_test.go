package team

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

func seats(ids ...string) []Member {
	var out []Member
	for _, id := range ids {
		out = append(out, Member{Person: Person{ID: id}})
	}
	return out
}

func TestCrossFunctionalTeams(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		tm := Team{Name: "Lancement NEP", Mandate: "Mettre le skid NEP sur le marché.", LeadID: o.ids["Camille"], EndsOn: on("2027-03-31"), Members: seats(o.ids["Emma"])}
		o.refused(errs.KindForbidden, func() error { _, err := o.SaveTeam(o.as("Yann"), tm); return err })
		o.refused(errs.KindForbidden, func() error { _, err := o.SaveTeam(o.as("Ines"), tm); return err })
		id, err := o.SaveTeam(o.as("Nadia"), tm)
		o.ok(err)
		got, err := o.Team(o.as("Yann"), id)
		o.ok(err)
		if len(got.Members) != 2 || cmp.Diff([]Kind{Sales}, got.Missing(noon)) != "" || found[TeamFormed](o) == nil {
			t.Errorf("the lead sits in the team, and sales is missing: %+v", got)
		}
		// Its lead may change it, whatever his role.
		got.Members = append(got.Members, Member{Person: Person{ID: o.ids["Yann"]}, Part: "Le terrain"})
		_, err = o.SaveTeam(o.as("Camille"), got)
		o.ok(err)
		o.refused(errs.KindStale, func() error { _, err := o.SaveTeam(o.as("Camille"), got); return err })
		if got, _ = o.Team(o.as("Yann"), id); len(got.Missing(noon)) > 0 || got.Members[1].Part != "Le terrain" {
			t.Errorf("%+v", got.Members)
		}
		o.refused(errs.KindForbidden, func() error { return o.EndTeam(o.as("Yann"), id) })
		o.ok(o.EndTeam(o.as("Camille"), id))
		if got, _ = o.Team(o.as("Yann"), id); !got.Ended(on("2026-11-24")) || found[TeamEnded](o) == nil {
			t.Error("an ended team goes on")
		}
		o.ok(o.ReopenTeam(o.as("Camille"), id))
		if got, _ = o.Team(o.as("Yann"), id); got.Ended(on("2026-11-24")) || got.EndsOn != on("2027-03-31") {
			t.Errorf("%+v", got)
		}
		mine, err := o.TeamsOf(o.as("Emma"), o.ids["Emma"])
		o.ok(err)
		if len(mine) != 1 || len(mine[0].Members) != 3 {
			t.Errorf("%+v", mine)
		}
		o.refused(errs.KindInvalid, func() error {
			_, err := o.SaveTeam(o.as("Nadia"), Team{Name: "lancement nep", Mandate: "x"})
			if cmp.Diff([]string{"name"}, fields(err)) != "" {
				t.Errorf("%v", err)
			}
			return err
		})
		o.refused(errs.KindInvalid, func() error {
			_, err := o.SaveTeam(o.as("Nadia"), Team{Name: "X", Mandate: "x", Members: seats(db.NewID())})
			return err
		})
		o.refused(errs.KindNotFound, func() error { return o.EndTeam(o.as("Nadia"), db.NewID()) })
	})
}

func TestSomebodyWhoLeftKeepsHisSeatUntilTheTeamIsChanged(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		id, err := o.SaveTeam(o.as("Nadia"), Team{Name: "A", Mandate: "b", Members: seats(o.ids["Emma"], o.ids["Yann"], o.ids["Camille"])})
		o.ok(err)
		o.ok(o.Deactivate(o.as("Ada"), o.ids["Yann"]))
		got, err := o.Team(o.as("Nadia"), id)
		o.ok(err)
		if len(got.Members) != 3 || cmp.Diff([]Kind{Sales}, got.Missing(noon)) != "" {
			t.Errorf("%+v", got.Missing(noon))
		}
		got.Mandate = "c"
		if _, err := o.SaveTeam(o.as("Nadia"), got); err != nil {
			t.Errorf("a team with a former member cannot be saved: %v", err)
		}
	})
}
