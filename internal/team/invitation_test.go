package team

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
)

func TestInvitePerson(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		at := o.rivaline()
		in := Invitation{Email: "lea.roy@rivaline.example", Given: "Léa", Family: "Roy", Title: "Vendeuse", Roles: []auth.Role{Salesperson},
			DepartmentID: at["Ventes"], RegionID: at["Québec"]}
		o.refused(errs.KindForbidden, func() error { _, err := o.InvitePerson(o.as("Marc"), in); return err })
		id, err := o.InvitePerson(o.as("Ada"), in)
		o.ok(err)
		p, err := o.Person(o.as("Ada"), id)
		o.ok(err)
		if p.Status != Invited || p.Region != "Québec" || p.Kind != Sales || p.Title != "Vendeuse" {
			t.Errorf("%+v", p)
		}
		u, err := o.auth.User(o.system(), id)
		o.ok(err)
		if u.Prefs.Language != "fr" {
			t.Errorf("an invitation does not speak the company's language: %s", u.Prefs.Language)
		}
		o.ok(o.InviteAgain(o.as("Ada"), id))
		o.refused(errs.KindForbidden, func() error { return o.InviteAgain(o.as("Marc"), id) })
		o.ok(o.Deactivate(o.as("Ada"), id)) // an invitation withdrawn
		o.refused(errs.KindConflict, func() error { return o.InviteAgain(o.as("Ada"), id) })

		bad := Invitation{Email: "not an address", Given: "", Family: "Roy", Roles: []auth.Role{Guest, Salesperson}, DepartmentID: "gone"}
		o.refused(errs.KindInvalid, func() error {
			_, err := o.InvitePerson(o.as("Ada"), bad)
			got := fields(err)
			slices.Sort(got)
			if cmp.Diff([]string{"department", "email", "ends_on", "given", "roles"}, got) != "" {
				t.Errorf("%v", err)
			}
			return err
		})
		in.Email = "LEA.ROY@rivaline.example"
		o.refused(errs.KindInvalid, func() error { _, err := o.InvitePerson(o.as("Ada"), in); return err })
	})
}

func TestAGuestsAccessEndsByItsDay(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		in := Invitation{Email: "gil@conseil.example", Given: "Gil", Family: "Morin", Roles: []auth.Role{Guest}, EndsOn: on("2026-12-01")}
		id, err := o.InvitePerson(o.as("Ada"), in)
		o.ok(err)
		p, err := o.Person(o.as("Ada"), id)
		o.ok(err)
		org, err := o.Organisation(o.system())
		o.ok(err)
		if org.LastDay(p.ExpiresAt) != in.EndsOn || p.ExpiresAt.Format("2006-01-02 15:04") != "2026-12-01 23:00" {
			t.Errorf("ends %s", p.ExpiresAt)
		}
		// He becomes one of us, and one of us becomes a guest, without ever standing half-way.
		o.ok(o.SetRoles(o.as("Ada"), id, o.rights(id), []auth.Role{Marketer}, clock.Day{}))
		o.ok(o.SetRoles(o.as("Ada"), o.ids["Yann"], o.rights(o.ids["Yann"]), []auth.Role{Guest}, on("2027-01-31")))
		o.ok(o.SetRoles(o.as("Ada"), o.ids["Yann"], o.rights(o.ids["Yann"]), []auth.Role{Guest}, on("2027-02-28")))
		o.refused(errs.KindInvalid, func() error {
			return o.SetRoles(o.as("Ada"), o.ids["Yann"], o.rights(o.ids["Yann"]), []auth.Role{Guest}, clock.Day{})
		})
		for who, want := range map[string]auth.Role{id: Marketer, o.ids["Yann"]: Guest} {
			if p, err = o.Person(o.as("Ada"), who); err != nil || !p.Has(want) || p.ExpiresAt.IsZero() != (want == Marketer) {
				t.Errorf("%+v %v", p, err)
			}
		}
	})
}

func TestRolesAndDeactivation(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		yann := o.ids["Yann"]
		for _, who := range []string{"Marc", "Ines", "Yann"} {
			o.refused(errs.KindForbidden, func() error {
				return o.SetRoles(o.as(who), yann, o.rights(yann), []auth.Role{Administrator}, clock.Day{})
			})
			o.refused(errs.KindForbidden, func() error { return o.Deactivate(o.as(who), yann) })
		}
		o.refused(errs.KindConflict, func() error { return o.Deactivate(o.as("Ada"), o.ids["Ada"]) })
		o.refused(errs.KindConflict, func() error {
			return o.SetRoles(o.as("Ada"), o.ids["Ada"], o.rights(o.ids["Ada"]), []auth.Role{Salesperson}, clock.Day{})
		})
		o.ok(o.SetRoles(o.as("Ada"), yann, o.rights(yann), []auth.Role{Salesperson, Marketer}, clock.Day{}))
		o.ok(o.Deactivate(o.as("Ada"), yann))
		p, err := o.Person(o.as("Ada"), yann)
		o.ok(err)
		if p.Status != Disabled || len(p.Roles) != 2 {
			t.Errorf("%+v", p)
		}
		o.ok(o.Reactivate(o.as("Ada"), yann))
		if p, _ = o.Person(o.as("Ada"), yann); p.Status == Disabled || len(p.Roles) != 2 {
			t.Errorf("%+v", p)
		}
	})
}

// rights is the version of somebody's access as it stands.
func (o *office) rights(id string) int64 {
	o.t.Helper()
	a, err := o.Access(o.system(), id)
	o.ok(err)
	return a.Changed.Version
}

func TestTwoAdministratorsWhoChangeOnePersonsRightsDoNotOverwriteEachOther(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		yann := o.ids["Yann"]
		read := o.rights(yann)
		o.ok(o.SetRoles(o.as("Ada"), yann, read, []auth.Role{Marketer}, clock.Day{}))
		o.refused(errs.KindStale, func() error {
			return o.SetRoles(o.system(), yann, read, []auth.Role{Salesperson, Executive}, clock.Day{})
		})
		err := o.SetRoles(o.system(), yann, read, []auth.Role{Executive}, clock.Day{})
		now, ok := staleOf[Access](err)
		if !ok || !slices.Equal(now.Roles, []auth.Role{Marketer}) || now.Changed.ByID != o.ids["Ada"] || now.Changed.At.IsZero() {
			t.Fatalf("what stands, and who wrote it: %+v", now)
		}
		o.ok(o.Deactivate(o.as("Ada"), yann))
		o.refused(errs.KindStale, func() error {
			return o.SetRoles(o.system(), yann, now.Changed.Version, []auth.Role{Executive}, clock.Day{})
		})
		o.ok(o.SetRoles(o.system(), yann, o.rights(yann), []auth.Role{Executive}, clock.Day{}))
	})
}

func TestOfManyWhoChangeOnePersonsRightsAtOnceOneWins(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		yann, ada := o.ids["Yann"], o.as("Ada")
		read := o.rights(yann)
		wishes := [][]auth.Role{{Marketer}, {Executive}, {ProductManager}, {HeadOfSales}}
		answers := make(chan error, len(wishes))
		for _, roles := range wishes {
			go func() { answers <- o.SetRoles(ada, yann, read, roles, clock.Day{}) }()
		}
		won := 0
		for range wishes {
			switch err := <-answers; {
			case err == nil:
				won++
			case !errs.Is(err, errs.KindStale):
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d of them saved", won)
		}
	})
}
