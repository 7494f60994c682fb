package team_test

import (
	"context"
	"strings"
	"testing"

	"unisson/internal/app/apptest"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/registry"
	"unisson/internal/team"
)

// seeded is a demonstration company made from a seed.
func seeded(t *testing.T, d *db.DB, seed uint64, people int) *apptest.App {
	t.Helper()
	a := apptest.Empty(t, d)
	if err := a.Seed(context.Background(), seed, registry.Size{People: people}); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestTheSameSeedGivesTheSameCompany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := seeded(t, d, 7, 60)
		ctx := auth.AsSystem(t.Context())
		dir, err := a.Team.FindPeople(ctx, team.Filter{}, team.Cursor{})
		if err != nil {
			t.Fatal(err)
		}
		if dir.Count != 60 {
			t.Errorf("%d people work there, want 60", dir.Count)
		}
		names := func(p []team.Person) string {
			var b strings.Builder
			for _, x := range p {
				b.WriteString(x.ID + x.Name() + x.Email + x.Title + x.City + strings.Join(x.Products, ",") + "\n")
			}
			return b.String()
		}
		dbtest.Each(t, func(t *testing.T, other *db.DB) {
			again, err := seeded(t, other, 7, 60).Team.FindPeople(ctx, team.Filter{}, team.Cursor{})
			if err != nil {
				t.Fatal(err)
			}
			if names(again.People) != names(dir.People) {
				t.Error("the same seed gave other people")
			}
		})
		personas, err := a.Team.DemoPersonas(a.Context(t.Context()))
		if err != nil || len(personas) != 5 {
			t.Fatalf("%d personas, %v", len(personas), err)
		}
	})
}

func TestTheDemonstrationShowsWhatTheProductIsFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := seeded(t, d, 1, 60)
		ctx := auth.AsSystem(t.Context())
		teams, err := a.Team.Teams(ctx)
		if err != nil {
			t.Fatal(err)
		}
		lacking, ended := 0, 0
		now := d.Clock().Now()
		for _, x := range teams {
			if x.Ended(clock.DayOf(now)) {
				ended++
			} else if len(x.Missing(now)) > 0 {
				lacking++
			}
		}
		if lacking == 0 || ended == 0 {
			t.Errorf("%d teams lack a department and %d ended; the demonstration shows both", lacking, ended)
		}
		for _, as := range []string{"yann.legoff@rivaline.example", "camille.aubry@rivaline.example", "marc.delattre@rivaline.example"} {
			u, err := a.Auth.UserByEmail(ctx, as)
			if err != nil {
				t.Fatal(err)
			}
			waits, err := a.Team.WaitingSource().List(auth.With(a.Context(t.Context()), auth.NewActor(auth.Actor{Kind: auth.Person, UserID: u.ID, Name: u.Name(), Scope: auth.Scope{All: true}}, []auth.Permission{team.MayRead})))
			if err != nil {
				t.Fatal(err)
			}
			if len(waits) == 0 {
				t.Errorf("nothing waits on %s: his day is empty", u.Name())
			}
		}
	})
}
