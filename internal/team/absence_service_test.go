package team

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

func TestAbsences(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		camille, hugo := o.ids["Camille"], o.ids["Nadia"]
		a := Absence{PersonID: camille, From: on("2026-12-21"), To: on("2027-01-04"), DeputyID: hugo, Note: "Dossiers Bocage chez Nadia."}
		o.refused(errs.KindForbidden, func() error { _, err := o.SetAbsence(o.as("Yann"), a); return err })
		o.refused(errs.KindUnauthenticated, func() error { _, err := o.SetAbsence(context.Background(), a); return err })
		id, err := o.SetAbsence(o.as("Camille"), a)
		o.ok(err)
		if f := found[AbsenceSet](o); f == nil || *f != (AbsenceSet{id, camille, hugo}) {
			t.Errorf("%+v", f)
		}
		o.refused(errs.KindInvalid, func() error { _, err := o.SetAbsence(o.as("Camille"), a); return err })
		a.ID, a.To = id, on("2027-01-08")
		_, err = o.SetAbsence(o.as("Marc"), a)
		o.ok(err)
		own, _, err := o.Absences(o.as("Yann"), camille)
		o.ok(err)
		_, standing, err := o.Absences(o.as("Yann"), hugo)
		o.ok(err)
		if len(own) != 1 || own[0].To != a.To || len(standing) != 1 || standing[0].Person != "Camille Aubry" {
			t.Errorf("%+v %+v", own, standing)
		}
		a.PersonID = o.ids["Emma"]
		o.refused(errs.KindNotFound, func() error { _, err := o.SetAbsence(o.as("Emma"), a); return err })
		o.refused(errs.KindNotFound, func() error { return o.CancelAbsence(o.as("Emma"), o.ids["Emma"], id) })
		o.refused(errs.KindForbidden, func() error { return o.CancelAbsence(o.as("Yann"), camille, id) })

		o.ok(o.CancelAbsence(o.as("Camille"), camille, id))
		if own, _, _ = o.Absences(o.as("Yann"), camille); len(own) != 0 {
			t.Error("a cancelled absence is shown")
		}
		o.refused(errs.KindNotFound, func() error { return o.CancelAbsence(o.as("Camille"), camille, id) })
		o.ok(o.RestoreAbsence(o.as("Camille"), camille, id))
		if own, _, _ = o.Absences(o.as("Yann"), camille); len(own) != 1 || own[0].Note != a.Note {
			t.Errorf("%+v", own)
		}
		o.refused(errs.KindNotFound, func() error { return o.RestoreAbsence(o.as("Camille"), camille, id) })
		o.ok(o.CancelAbsence(o.as("Camille"), camille, id))
		o.clock.Advance(2 * time.Hour)
		o.refused(errs.KindNotFound, func() error { return o.RestoreAbsence(o.as("Camille"), camille, id) })
	})
}

func TestADeputyIsSomebodyWhoWorksHere(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		o.ok(o.Deactivate(o.as("Ada"), o.ids["Emma"]))
		for _, deputy := range []string{o.ids["Emma"], db.NewID(), o.ids["Yann"]} {
			o.refused(errs.KindInvalid, func() error {
				_, err := o.SetAbsence(o.as("Yann"), Absence{PersonID: o.ids["Yann"], From: on("2026-12-01"), To: on("2026-12-01"), DeputyID: deputy})
				if cmp.Diff([]string{"deputy"}, fields(err)) != "" {
					t.Errorf("%v", err)
				}
				return err
			})
		}
	})
}

func TestStandsInForFollowsTheChain(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		for _, a := range []Absence{away(o.ids["Camille"], "2026-11-24", "2026-11-24", o.ids["Nadia"]), away(o.ids["Nadia"], "2026-11-23", "2026-11-25", o.ids["Marc"])} {
			a.ID = ""
			_, err := o.SetAbsence(o.as("Marc"), a)
			o.ok(err)
		}
		standsIn := func(who string) []string {
			var out []string
			o.ok(o.db.Read(o.system(), func(ctx context.Context, r db.Reader) error {
				ids, err := o.StandsInFor(ctx, r, o.ids[who])
				for given, id := range o.ids {
					for _, got := range ids {
						if id == got {
							out = append(out, given)
						}
					}
				}
				return err
			}))
			return out
		}
		if got := standsIn("Marc"); len(got) != 2 {
			t.Errorf("Marc stands in for %v", got)
		}
		if got := standsIn("Nadia"); len(got) != 0 {
			t.Errorf("Nadia, who is away, stands in for %v", got)
		}
	})
}

func TestCalendarOfAPerson(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		_, err := o.SetAbsence(o.as("Yann"), Absence{PersonID: o.ids["Yann"], From: on("2026-11-25"), To: on("2026-11-26")})
		o.ok(err)
		cal, err := o.Calendar(o.as("Yann"), o.ids["Yann"])
		o.ok(err)
		next := cal.AddBusinessDays(noon, 1) // Tuesday: Wednesday and Thursday are away
		if next.Format("2006-01-02 15:04") != "2026-11-27 13:30" {
			t.Errorf("%s", next)
		}
		s := o.sheet("Yann")
		s.Profile.Hours = Week{2: {{From: 600, To: 660}}}
		_, err = o.SaveProfile(o.as("Yann"), o.ids["Yann"], s.Changed.Version, s.Profile)
		o.ok(err)
		if cal, err = o.Calendar(o.as("Yann"), o.ids["Yann"]); err != nil || len(cal.HoursOn(on("2026-11-24"))) != 1 || len(cal.HoursOn(on("2026-11-23"))) != 0 {
			t.Errorf("his own hours do not count: %v", err)
		}
	})
}
