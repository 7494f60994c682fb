package team

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/events"
	"unisson/internal/platform/secret"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// office is a company with its services, on one engine.
type office struct {
	*Service
	t     *testing.T
	db    *db.DB
	auth  *auth.Service
	bus   *events.Bus
	clock *clock.Fake
	facts []any
	ids   map[string]string // given name → id
}

func each(t *testing.T, fn func(t *testing.T, o *office)) {
	t.Helper()
	clk := clock.NewFake(noon)
	dbtest.EachAt(t, clk, func(t *testing.T, d *db.DB) {
		clk.Set(noon)
		fn(t, newOffice(t, d, clk))
	})
}

func newOffice(t *testing.T, d *db.DB, clk *clock.Fake) *office {
	t.Helper()
	f, err := os.Open("../app/policy.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	policy, err := auth.ReadPolicy(f)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, db: d, bus: events.NewBus(), clock: clk, ids: map[string]string{}}
	public, _ := url.Parse("https://unisson.example")
	if o.auth, err = auth.New(auth.Config{DB: d, Keys: secret.Generate(), Policy: policy, Bus: o.bus, PublicURL: public}); err != nil {
		t.Fatal(err)
	}
	o.Service = NewService(d, o.bus, o.auth)
	events.On(o.bus, "team", o.OnUserInvited)
	events.On(o.bus, "team", o.OnUserJoined)
	events.On(o.bus, "team", o.OnUserChanged)
	o.bus.OnAny(func(_ context.Context, _ db.Tx, fact any) error {
		o.facts = append(o.facts, fact)
		return nil
	})
	return o
}

func (o *office) system() context.Context { return auth.AsSystem(context.Background()) }

func (o *office) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// hire lets somebody in with roles and a profile.
func (o *office) hire(given string, p Profile, roles ...auth.Role) string {
	o.t.Helper()
	n := auth.NewUser{Email: db.Fold(given) + "@rivaline.example", GivenName: given, FamilyName: or(p.Family, "Test"), Roles: roles}
	if len(roles) == 1 && roles[0] == Guest {
		n.ExpiresAt = o.clock.Now().AddDate(0, 1, 0)
	}
	u, err := o.auth.CreateUser(o.system(), n, "")
	o.ok(err)
	p.Given, p.Family = n.GivenName, n.FamilyName
	sheet, err := o.Sheet(o.system(), u.ID)
	o.ok(err)
	_, err = o.SaveProfile(o.system(), u.ID, sheet.Changed.Version, p)
	o.ok(err)
	o.ids[given] = u.ID
	return u.ID
}

// as gives a context in which somebody acts with the rights of his roles.
func (o *office) as(given string) context.Context {
	o.t.Helper()
	u, err := o.auth.User(o.system(), o.ids[given])
	o.ok(err)
	a := auth.NewActor(auth.Actor{Kind: auth.Person, UserID: u.ID, Name: u.Name(), Roles: u.Roles}, o.auth.Policy().OfRoles(u.Roles))
	return auth.With(context.Background(), a)
}

// found is the fact of a type that was published last.
func found[T any](o *office) *T {
	for i := len(o.facts) - 1; i >= 0; i-- {
		if f, ok := o.facts[i].(T); ok {
			return &f
		}
	}
	return nil
}

// refused runs a change that must be refused and checks that nothing is written.
func (o *office) refused(want errs.Kind, do func() error) {
	o.t.Helper()
	dbtest.Unchanged(o.t, o.db, func() {
		if err := do(); errs.KindOf(err) != want || err == nil {
			o.t.Errorf("want %s, got %v", want, err)
		}
	})
}

// fields are the names of the wrong fields of an error.
func fields(err error) []string {
	var out []string
	for _, f := range errs.FieldsOf(err) {
		out = append(out, f.Name)
	}
	return out
}

func names(people []Person) []string {
	var out []string
	for _, p := range people {
		out = append(out, p.Given)
	}
	return out
}

// rivaline builds a small company: two departments and product, two regions.
func (o *office) rivaline() map[string]string {
	o.t.Helper()
	at := map[string]string{}
	o.ok(o.SaveOrganisation(o.system(), Organisation{Name: "Rivaline", Language: "fr", Country: "FR", TimeZone: "Europe/Paris", Holidays: "fr",
		Hours: OfficeWeek(), Reading: ReadUnits}))
	for name, country := range map[string]string{"Ouest": "FR", "Québec": "CA"} {
		id, err := o.SaveRegion(o.system(), Region{Name: name, Country: country})
		o.ok(err)
		at[name] = id
	}
	for _, d := range []Department{{Name: "Marketing", Kind: Marketing}, {Name: "Ventes", Kind: Sales}, {Name: "Produits", Kind: Product}, {Name: "Direction", Kind: Management}} {
		id, err := o.SaveDepartment(o.system(), d)
		o.ok(err)
		at[d.Name] = id
	}
	west := func(dep, city string) Profile {
		return Profile{DepartmentID: at[dep], RegionID: at["Ouest"], City: city}
	}
	camille := west("Marketing", "Nantes")
	camille.Family, camille.Segments, camille.Title = "Aubry", []string{"Agroalimentaire"}, "Marketing régional"
	o.hire("Camille", camille, Marketer)
	yann := west("Ventes", "Nantes")
	yann.Family, yann.Products, yann.Languages = "Le Goff", []string{"Pompes doseuses"}, []string{"fr", "en"}
	o.hire("Yann", yann, Salesperson)
	emma := west("Produits", "Rennes")
	emma.Family, emma.Products = "Marchetti", []string{"Pompes doseuses", "Vannes"}
	o.hire("Emma", emma, ProductManager)
	o.hire("Benoît", Profile{Family: "Tremblay", DepartmentID: at["Ventes"], RegionID: at["Québec"], City: "Lévis", Products: []string{"Vannes"}}, Salesperson)
	o.hire("Marc", west("Ventes", "Paris"), HeadOfSales)
	o.hire("Nadia", west("Marketing", "Paris"), HeadOfMarketing)
	o.hire("Ada", Profile{DepartmentID: at["Direction"]}, Administrator)
	o.hire("Ines", Profile{DepartmentID: at["Direction"]}, Integrator)
	o.facts = nil
	return at
}

func (o *office) sheet(given string) Sheet {
	o.t.Helper()
	s, err := o.Sheet(o.system(), o.ids[given])
	o.ok(err)
	return s
}

// many fills the company with people, for plans and speed.
func (o *office) many(n int) {
	o.t.Helper()
	o.ok(o.db.Write(o.system(), func(ctx context.Context, tx db.Tx) error {
		var users, people, terms, roles [][]any
		for i := range n {
			id, family := fmt.Sprintf("u%06d", i), fmt.Sprintf("Famille%d", i%700)
			users = append(users, []any{id, id + "@x.example", id + "@x.example", "Alex", family, "alex " + db.Fold(family), db.SortKey(family + " Alex"),
				"active", "fr", "", tx.Now(), tx.Now()})
			people = append(people, []any{id, tx.Now(), tx.Now(), tx.Now()})
			terms = append(terms, []any{"alex", id}, []any{db.Fold(family), id})
			roles = append(roles, []any{id, "salesperson"})
		}
		for _, b := range []struct {
			table string
			cols  []string
			rows  [][]any
		}{
			{"users", []string{"id", "email", "email_key", "given_name", "family_name", "name_key", "sort_key", "status", "language", "time_zone", "created_at", "updated_at"}, users},
			{"user_roles", []string{"user_id", "role"}, roles},
			{"people", []string{"user_id", "confirmed_at", "created_at", "updated_at"}, people},
			{"people_terms", []string{"term", "user_id"}, terms},
		} {
			if err := db.Bulk(ctx, tx, b.table, b.cols, b.rows); err != nil {
				return err
			}
		}
		return nil
	}))
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
