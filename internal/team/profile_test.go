package team

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

func conflictOf(err error) *ProfileConflict {
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.KindStale {
		return nil
	}
	c, _ := e.Current.(*ProfileConflict)
	return c
}

func TestSaveProfile(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		before := o.sheet("Yann")
		p := before.Profile
		p.Title, p.Phone, p.Products, p.Skills = "Vendeur, Ouest", "+33 6 12 34 56 78", []string{"vannes", "POMPES  doseuses"}, []string{"NEP"}
		v, err := o.SaveProfile(o.as("Yann"), o.ids["Yann"], before.Changed.Version, p)
		o.ok(err)
		got := o.sheet("Yann")
		if got.Changed.Version != v || v != before.Changed.Version+1 || got.Profile.Title != p.Title || got.Changed.ByID != o.ids["Yann"] {
			t.Errorf("%+v", got)
		}
		if diff := cmp.Diff([]string{"Pompes doseuses", "Vannes"}, got.Profile.Products); diff != "" {
			t.Errorf("labels do not keep their first spelling: %s", diff)
		}
		if f := found[ProfileChanged](o); f == nil || cmp.Diff([]string{"title", "phone", "products", "skills"}, f.Fields) != "" {
			t.Errorf("%+v", f)
		}
		d, err := o.FindPeople(o.as("Emma"), Filter{Text: "nep vendeur"}, Cursor{})
		o.ok(err)
		if len(d.People) != 1 {
			t.Error("the new words do not find him")
		}
		same, err := o.SaveProfile(o.as("Yann"), o.ids["Yann"], v, got.Profile)
		if err != nil || same != v {
			t.Errorf("saving what stands makes a version: %d %v", same, err)
		}
	})
}

func TestConcurrentEditsLoseNothing(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		read := o.sheet("Yann")
		hers := read.Profile
		hers.Phone, hers.City = "02 31 00 14 52", "Vire"
		_, err := o.SaveProfile(o.as("Marc"), o.ids["Yann"], read.Changed.Version, hers)
		o.ok(err)

		o.clock.Advance(2 * time.Minute)
		other := read.Profile
		other.Title = "Vendeur senior"
		v, err := o.SaveProfile(o.as("Yann"), o.ids["Yann"], read.Changed.Version, other)
		o.ok(err)
		if now := o.sheet("Yann").Profile; now.Title != "Vendeur senior" || now.Phone != hers.Phone || now.City != "Vire" {
			t.Errorf("different fields are not both kept: %+v", now)
		}

		mine := read.Profile
		mine.Phone, mine.About = "02 31 00 14 50", "Je parle aussi breton."
		var conflict *ProfileConflict
		o.refused(errs.KindStale, func() error {
			_, err := o.SaveProfile(o.as("Yann"), o.ids["Yann"], read.Changed.Version, mine)
			conflict = conflictOf(err)
			return err
		})
		if conflict == nil || len(conflict.Clashes) != 1 {
			t.Fatalf("%+v", conflict)
		}
		c := conflict.Clashes[0]
		if c.Field != "phone" || c.Theirs != "02 31 00 14 52" || c.Mine != "02 31 00 14 50" || c.By != "Marc Test" || !c.At.Equal(noon) {
			t.Errorf("%+v", c)
		}
		if conflict.Merged["about"] != mine.About || conflict.Merged["title"] != "Vendeur senior" || conflict.Version != v {
			t.Errorf("%+v", conflict)
		}
		// Choosing mine is saving against the version that stands.
		conflict.Merged["phone"] = c.Mine
		chosen, err := ProfileOf(conflict.Merged)
		o.ok(err)
		_, err = o.SaveProfile(o.as("Yann"), o.ids["Yann"], conflict.Version, chosen)
		o.ok(err)
		if now := o.sheet("Yann").Profile; now.Phone != c.Mine || now.About != mine.About || now.City != "Vire" {
			t.Errorf("%+v", now)
		}
	})
}

func TestAVersionThatNobodyRemembersShowsEveryDifference(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		read := o.sheet("Yann")
		p := read.Profile
		p.Title = "A"
		_, err := o.SaveProfile(o.as("Yann"), o.ids["Yann"], read.Changed.Version, p)
		o.ok(err)
		exec(o, "delete from profile_edits")
		p.Title = "B"
		_, err = o.SaveProfile(o.as("Yann"), o.ids["Yann"], read.Changed.Version, p)
		if c := conflictOf(err); c == nil || len(c.Clashes) != 1 {
			t.Errorf("%v", err)
		}
	})
}

func TestWhereOneStandsIsNotOnesOwnToChange(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		at := o.rivaline()
		mine := o.sheet("Yann")
		p := mine.Profile
		p.RegionID, p.DepartmentID, p.Title = at["Québec"], at["Marketing"], "Vendeur"
		_, err := o.SaveProfile(o.as("Yann"), o.ids["Yann"], mine.Changed.Version, p)
		o.ok(err)
		if got := o.sheet("Yann").Profile; got.RegionID != at["Ouest"] || got.DepartmentID != at["Ventes"] || got.Title != "Vendeur" {
			t.Errorf("%+v", got)
		}
		if s, err := o.Sheet(o.as("Yann"), o.ids["Yann"]); err != nil || s.CanPlace || !s.CanName {
			t.Errorf("%+v %v", s, err)
		}
		o.refused(errs.KindForbidden, func() error {
			_, err := o.SaveProfile(o.as("Yann"), o.ids["Emma"], 1, p)
			return err
		})
		o.refused(errs.KindUnauthenticated, func() error {
			_, err := o.SaveProfile(context.Background(), o.ids["Emma"], 1, p)
			return err
		})
		o.refused(errs.KindNotFound, func() error {
			_, err := o.SaveProfile(o.as("Marc"), db.NewID(), 1, p)
			return err
		})
		// A head moves people, and leaves their names alone.
		s := o.sheet("Yann")
		s.Profile.RegionID, s.Profile.Family = at["Québec"], "Autre"
		_, err = o.SaveProfile(o.as("Marc"), o.ids["Yann"], s.Changed.Version, s.Profile)
		o.ok(err)
		if got := o.sheet("Yann").Profile; got.RegionID != at["Québec"] || got.Family != "Le Goff" {
			t.Errorf("%+v", got)
		}
		s = o.sheet("Yann")
		s.Profile.ManagerID, s.Profile.DepartmentID = o.ids["Yann"], "nowhere"
		o.refused(errs.KindInvalid, func() error {
			_, err := o.SaveProfile(o.as("Marc"), o.ids["Yann"], s.Changed.Version, s.Profile)
			if cmp.Diff([]string{"manager", "department"}, fields(err)) != "" {
				t.Errorf("%v", err)
			}
			return err
		})
	})
}

func TestANewNameIsSearchedAndKept(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		s := o.sheet("Camille")
		s.Profile.Family = "Aubry-Kérbrat"
		_, err := o.SaveProfile(o.as("Camille"), o.ids["Camille"], s.Changed.Version, s.Profile)
		o.ok(err)
		d, err := o.FindPeople(o.as("Yann"), Filter{Text: "kerb"}, Cursor{})
		o.ok(err)
		if len(d.People) != 1 || d.People[0].Name() != "Camille Aubry-Kérbrat" {
			t.Errorf("%v", names(d.People))
		}
	})
}

func TestUndoProfile(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		before := o.sheet("Yann")
		p := before.Profile
		p.Title, p.Products, p.Family = "Vendeur", []string{"pompes DOSEUSES", "Échangeurs"}, "Le Gall"
		v, err := o.SaveProfile(o.as("Yann"), o.ids["Yann"], before.Changed.Version, p)
		o.ok(err)
		o.refused(errs.KindConflict, func() error { return o.UndoProfile(o.as("Marc"), o.ids["Yann"], v) })
		o.refused(errs.KindConflict, func() error { return o.UndoProfile(o.as("Yann"), o.ids["Yann"], v+7) })
		o.ok(o.UndoProfile(o.as("Yann"), o.ids["Yann"], v))
		if diff := cmp.Diff(before.Profile, o.sheet("Yann").Profile); diff != "" {
			t.Errorf("undone is not as before: %s", diff)
		}
		o.refused(errs.KindConflict, func() error { return o.UndoProfile(o.as("Yann"), o.ids["Yann"], v) })

		now := o.sheet("Yann")
		p = now.Profile
		p.Title, p.City = "Vendeur", "Brest"
		v, err = o.SaveProfile(o.as("Yann"), o.ids["Yann"], now.Changed.Version, p)
		o.ok(err)
		p.City = "Quimper"
		_, err = o.SaveProfile(o.as("Marc"), o.ids["Yann"], v, p)
		o.ok(err)
		o.ok(o.UndoProfile(o.as("Yann"), o.ids["Yann"], v))
		if got := o.sheet("Yann").Profile; got.Title != before.Profile.Title || got.City != "Quimper" {
			t.Errorf("undo took back another's change: %+v", got)
		}
		late := o.sheet("Yann")
		p = late.Profile
		p.Title = "Vendeur"
		v, err = o.SaveProfile(o.as("Yann"), o.ids["Yann"], late.Changed.Version, p)
		o.ok(err)
		o.clock.Advance(61 * time.Minute)
		o.refused(errs.KindConflict, func() error { return o.UndoProfile(o.as("Yann"), o.ids["Yann"], v) })
	})
}

func TestOneClickConfirmsAnAgedProfile(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		stale := func() bool {
			s, err := o.OwnStale(o.as("Yann"))
			o.ok(err)
			return s
		}
		if stale() {
			t.Error("a new profile is stale")
		}
		o.clock.Advance(days(190))
		if !stale() {
			t.Error("after six months it is not")
		}
		other := o.sheet("Yann")
		other.Profile.Title = "Vendeur"
		_, err := o.SaveProfile(o.as("Marc"), o.ids["Yann"], other.Changed.Version, other.Profile)
		o.ok(err)
		if !stale() {
			t.Error("another's change is not a word of his own")
		}
		o.ok(o.ConfirmProfile(o.as("Yann")))
		if stale() {
			t.Error("it is still stale after his word")
		}
	})
}

func TestOnePersonMayHoldBothRoles(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		at := o.rivaline()
		o.hire("Zoé", Profile{DepartmentID: at["Ventes"]}, Salesperson, Marketer)
		_, err := o.SaveTeam(o.as("Marc"), Team{Name: "Essai", Mandate: "m", Members: []Member{{Person: Person{ID: o.ids["Zoé"]}}}})
		o.ok(err)
		teams, err := o.Teams(o.as("Marc"))
		o.ok(err)
		if len(teams[0].Missing(noon)) > 0 {
			t.Errorf("%v", teams[0].Missing(noon))
		}
		// Separated later, without touching any other row.
		o.ok(o.SetRoles(o.as("Ada"), o.ids["Zoé"], o.rights(o.ids["Zoé"]), []auth.Role{Salesperson}, clock.Day{}))
	})
}
