package team

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

func TestTheStructureIsTheAdministrators(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		for _, who := range []string{"Marc", "Ines", "Yann"} {
			o.refused(errs.KindForbidden, func() error { _, err := o.SaveUnit(o.as(who), Unit{Name: "Fluides"}); return err })
			o.refused(errs.KindForbidden, func() error { return o.SaveOrganisation(o.as(who), Organisation{}) })
			o.refused(errs.KindForbidden, func() error { return o.RemovePlace(o.as(who), "region", "x") })
		}
		id, err := o.SaveUnit(o.as("Ada"), Unit{Name: "Fluides", HeadID: o.ids["Marc"]})
		o.ok(err)
		o.refused(errs.KindInvalid, func() error { _, err := o.SaveUnit(o.as("Ada"), Unit{Name: "FLUIDES"}); return err })
		o.refused(errs.KindInvalid, func() error { _, err := o.SaveUnit(o.as("Ada"), Unit{Name: "Service", HeadID: db.NewID()}); return err })
		o.refused(errs.KindNotFound, func() error { _, err := o.SaveRegion(o.as("Ada"), Region{ID: db.NewID(), Name: "Sud"}); return err })
		_, st, err := o.Company(o.as("Yann"))
		o.ok(err)
		u := st.Unit(id)
		u.Name = "Fluides et vapeur"
		_, err = o.SaveUnit(o.as("Ada"), u)
		o.ok(err)
		o.refused(errs.KindStale, func() error { _, err := o.SaveUnit(o.as("Ada"), u); return err })
		if f := found[StructureChanged](o); f == nil || *f != (StructureChanged{"unit", id}) {
			t.Errorf("%+v", f)
		}
		o.ok(o.RemovePlace(o.as("Ada"), "unit", id))
		o.refused(errs.KindNotFound, func() error { return o.RemovePlace(o.as("Ada"), "unit", id) })
	})
}

func TestAPlaceWithPeopleIsNotRemoved(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		at := o.rivaline()
		o.ok(o.Deactivate(o.as("Ada"), o.ids["Benoît"]))
		o.refused(errs.KindConflict, func() error { return o.RemovePlace(o.as("Ada"), "region", at["Québec"]) })
		o.refused(errs.KindConflict, func() error { return o.RemovePlace(o.as("Ada"), "department", at["Ventes"]) })
		id, err := o.SaveDepartment(o.as("Ada"), Department{Name: "Groupe", Kind: Marketing, Orientation: Strategic, ParentID: at["Marketing"]})
		o.ok(err)
		o.ok(o.RemovePlace(o.as("Ada"), "department", id))
	})
}

func TestScopeComesFromWhereSomebodyStands(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		at := o.rivaline()
		unit, err := o.SaveUnit(o.as("Ada"), Unit{Name: "Fluides", HeadID: o.ids["Marc"]})
		o.ok(err)
		for _, who := range []string{"Yann", "Marc"} {
			s := o.sheet(who)
			s.Profile.UnitID = unit
			_, err = o.SaveProfile(o.as("Ada"), o.ids[who], s.Changed.Version, s.Profile)
			o.ok(err)
		}
		org, err := o.Organisation(o.system())
		o.ok(err)
		org.Reading = ReadRegions
		o.ok(o.SaveOrganisation(o.as("Ada"), org))
		o.hire("Gil", Profile{}, Guest)
		for who, want := range map[string]auth.Scope{
			"Yann":    {Customers: true, Units: []string{unit}, Regions: []string{at["Ouest"]}},
			"Marc":    {Customers: true, Units: []string{unit}},
			"Camille": {Customers: true, Regions: []string{at["Ouest"]}},
			"Ines":    {Customers: true},
			"Ada":     {Customers: true, All: true},
			"Gil":     {},
		} {
			want.UserID = o.ids[who]
			u, err := o.auth.User(o.system(), o.ids[who])
			o.ok(err)
			o.ok(o.db.Read(o.system(), func(ctx context.Context, r db.Reader) error {
				got, err := o.ScopeOf(ctx, r, u.ID, u.Roles)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: %s", who, diff)
				}
				return err
			}))
		}
	})
}

func TestFirstRun(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		in := Setup{Language: "fr", Company: "Rivaline", Country: "FR", TimeZone: "Europe/Paris", Holidays: "fr", Given: "Ada", Family: "Noël",
			Email: "ada@rivaline.example", Password: "Trois pompes et un phare 7"}
		ctx := context.Background()
		o.refused(errs.KindNotFound, func() error { return o.SetupOpen(ctx, "") })
		first, err := o.SetupToken(o.system())
		o.ok(err)
		token, err := o.SetupToken(o.system())
		o.ok(err)
		if first == token || token == "" {
			t.Errorf("%q %q", first, token)
		}
		for _, wrong := range []string{"", first, token + "x"} {
			o.refused(errs.KindNotFound, func() error { return o.SetupOpen(ctx, wrong) })
			o.refused(errs.KindNotFound, func() error { _, err := o.SetUp(ctx, wrong, in); return err })
		}
		o.ok(o.SetupOpen(ctx, token))
		bad := in
		bad.Company, bad.Password, bad.TimeZone, bad.Email = "", "short", "Mars/Base", ""
		o.refused(errs.KindInvalid, func() error {
			_, err := o.SetUp(ctx, token, bad)
			if len(fields(err)) < 3 {
				t.Errorf("%v", err)
			}
			return err
		})
		u, err := o.SetUp(ctx, token, in)
		o.ok(err)
		o.ids["Ada"] = u.ID
		o.refused(errs.KindNotFound, func() error { return o.SetupOpen(ctx, token) })
		o.refused(errs.KindNotFound, func() error { _, err := o.SetUp(ctx, token, in); return err })
		if again, err := o.SetupToken(o.system()); err != nil || again != "" {
			t.Errorf("a token is made for a house with people: %q %v", again, err)
		}
		org, err := o.Organisation(ctx)
		o.ok(err)
		all, err := o.Situations(o.as("Ada"))
		o.ok(err)
		d, err := o.FindPeople(o.as("Ada"), Filter{Text: "noel"}, Cursor{})
		o.ok(err)
		if org.Name != "Rivaline" || len(all) < 10 || len(d.People) != 1 || !u.Acts(db.At(noon)) {
			t.Errorf("%+v %d %v", org, len(all), names(d.People))
		}
	})
}
