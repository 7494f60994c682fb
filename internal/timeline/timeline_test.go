package timeline

import (
	"context"
	"net/url"
	"os"
	"testing"
	"time"

	"unisson/internal/customers"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/events"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/secret"
	"unisson/internal/team"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// noon is a Tuesday.
var noon = time.Date(2026, 11, 24, 11, 0, 0, 0, time.UTC)

// field is a company with people on both sides and a few customers.
type field struct {
	*Service
	t     *testing.T
	db    *db.DB
	auth  *auth.Service
	team  *team.Service
	base  *customers.Service
	clock *clock.Fake
	facts []any
	ids   map[string]string // given name → id

	acme, ada, ben string // an account and two of its people
}

func each(t *testing.T, fn func(t *testing.T, f *field)) {
	t.Helper()
	clk := clock.NewFake(noon)
	dbtest.EachAt(t, clk, func(t *testing.T, d *db.DB) {
		clk.Set(noon)
		fn(t, newField(t, d, clk))
	})
}

func newField(t *testing.T, d *db.DB, clk *clock.Fake) *field {
	t.Helper()
	file, err := os.Open("../app/policy.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	policy, err := auth.ReadPolicy(file)
	if err != nil {
		t.Fatal(err)
	}
	f := &field{t: t, db: d, clock: clk, ids: map[string]string{}}
	bus, keys := events.NewBus(), secret.Generate()
	public, _ := url.Parse("https://unisson.example")
	if f.auth, err = auth.New(auth.Config{DB: d, Keys: keys, Policy: policy, Bus: bus, PublicURL: public}); err != nil {
		t.Fatal(err)
	}
	f.team = team.NewService(d, bus, f.auth)
	f.auth.SetScope(f.team.ScopeOf)
	f.base = customers.NewService(d, bus, f.team, keys)
	f.Service = NewService(d, bus, f.team, f.base)
	events.On(bus, "team", f.team.OnUserInvited)
	events.On(bus, "team", f.team.OnUserJoined)
	events.On(bus, "team", f.team.OnUserChanged)
	events.On(bus, "customers", f.NoteContact)
	events.On(bus, "customers", f.NoteContacts)
	events.On(bus, "customers", f.SettleCorrected)
	events.On(bus, "customers", f.SettleWithdrawn)
	events.On(bus, "timeline", f.OnRecordsSaved)
	events.On(bus, "timeline", f.OnContactErased)
	bus.OnAny(func(_ context.Context, _ db.Tx, fact any) error {
		f.facts = append(f.facts, fact)
		return nil
	})
	f.ok(f.team.SaveOrganisation(f.system(), team.Organisation{Name: "Rivaline", Language: "fr", Country: "FR", TimeZone: "Europe/Paris", Hours: team.OfficeWeek(), Reading: team.ReadUnits}))
	f.hire("Yann", team.Salesperson)
	f.hire("Sofia", team.Salesperson)
	f.hire("Camille", team.Marketer)
	f.hire("Emma", team.ProductManager)
	f.hire("Marc", team.HeadOfSales)
	f.hire("Denis", team.Executive)
	f.acme = f.customer("Yann", customers.KindAccount, customers.Values{"name": "Acme"})
	f.ada = f.customer("Yann", customers.KindContact, customers.Values{"given": "Ada", "family": "Moreau", "account": f.acme})
	f.ben = f.customer("Yann", customers.KindContact, customers.Values{"given": "Ben", "family": "Petit", "account": f.acme})
	return f
}

func (f *field) system() context.Context { return auth.AsSystem(context.Background()) }

func (f *field) ok(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatalf("%v %+v", err, errs.FieldsOf(err))
	}
}

func (f *field) hire(given string, roles ...auth.Role) {
	f.t.Helper()
	u, err := f.auth.CreateUser(f.system(), auth.NewUser{Email: db.Fold(given) + "@rivaline.example", GivenName: given, FamilyName: "Test", Roles: roles}, "")
	f.ok(err)
	f.ids[given] = u.ID
}

// as gives a context in which somebody acts with the rights and the scope of
// his roles.
func (f *field) as(given string) context.Context {
	f.t.Helper()
	u, err := f.auth.User(f.system(), f.ids[given])
	f.ok(err)
	a := auth.Actor{Kind: auth.Person, UserID: u.ID, Name: u.Name(), Roles: u.Roles}
	f.ok(f.db.Read(f.system(), func(ctx context.Context, r db.Reader) (err error) {
		a.Scope, err = f.team.ScopeOf(ctx, r, u.ID, u.Roles)
		return err
	}))
	ctx := i18n.With(context.Background(), i18n.MustLoad(Locales(), clock.Locales()).For("fr", nil))
	return auth.With(ctx, auth.NewActor(a, f.auth.Policy().OfRoles(u.Roles)))
}

func (f *field) customer(given string, k customers.Kind, v customers.Values) string {
	f.t.Helper()
	id, err := f.base.Create(f.as(given), k, v)
	f.ok(err)
	return id
}

// log keeps a touch in somebody's name, minutes ago.
func (f *field) log(given string, t Touch, ago int) string {
	f.t.Helper()
	if t.At == 0 {
		t.At = db.At(f.clock.Now().Add(-time.Duration(ago) * time.Minute))
	}
	out, err := f.Log(f.as(given), t, "")
	f.ok(err)
	return out.ID
}

// texts are the bodies of a stream as somebody reads it, newest first.
func (f *field) texts(given string, k customers.Kind, id string, filter Filter) []string {
	f.t.Helper()
	_, page, err := f.Stream(f.as(given), Query{Kind: k, ID: id, Filter: filter})
	f.ok(err)
	out := []string{}
	for _, t := range page.Touches {
		out = append(out, t.Body)
	}
	return out
}

// exec changes rows behind the services' back, as merging will.
func (f *field) exec(q string, args ...any) {
	f.t.Helper()
	f.ok(f.db.Write(f.system(), func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, q, args...)
		return err
	}))
}

func (f *field) stands(k customers.Kind, id string) *customers.Record {
	f.t.Helper()
	sheet, err := f.base.Record(f.system(), k, id)
	f.ok(err)
	return sheet.Record
}

// refused runs a change that must be refused and checks that nothing is written.
func (f *field) refused(want errs.Kind, do func() error) {
	f.t.Helper()
	dbtest.Unchanged(f.t, f.db, func() {
		if err := do(); errs.KindOf(err) != want || err == nil {
			f.t.Errorf("got %v, want kind %v", err, want)
		}
	})
}

// count gives how many facts of a type were told since.
func count[T any](f *field) int {
	n := 0
	for _, fact := range f.facts {
		if _, ok := fact.(T); ok {
			n++
		}
	}
	return n
}
