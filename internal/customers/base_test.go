package customers

import (
	"context"
	"errors"
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
	"unisson/internal/team"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// noon is a Tuesday.
var noon = time.Date(2026, 11, 24, 11, 0, 0, 0, time.UTC)

// base is a company with customers, on one engine.
type base struct {
	*Service
	t     *testing.T
	db    *db.DB
	auth  *auth.Service
	team  *team.Service
	bus   *events.Bus
	clock *clock.Fake
	facts []any
	ids   map[string]string // given name → id
}

func each(t *testing.T, fn func(t *testing.T, b *base)) {
	t.Helper()
	clk := clock.NewFake(noon)
	dbtest.EachAt(t, clk, func(t *testing.T, d *db.DB) {
		clk.Set(noon)
		fn(t, newBase(t, d, clk))
	})
}

func newBase(t *testing.T, d *db.DB, clk *clock.Fake) *base {
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
	b := &base{t: t, db: d, bus: events.NewBus(), clock: clk, ids: map[string]string{}}
	keys := secret.Generate()
	public, _ := url.Parse("https://unisson.example")
	if b.auth, err = auth.New(auth.Config{DB: d, Keys: keys, Policy: policy, Bus: b.bus, PublicURL: public}); err != nil {
		t.Fatal(err)
	}
	b.team = team.NewService(d, b.bus, b.auth)
	b.auth.SetScope(b.team.ScopeOf)
	b.Service = NewService(d, b.bus, b.team, keys)
	events.On(b.bus, "team", b.team.OnUserInvited)
	events.On(b.bus, "team", b.team.OnUserJoined)
	events.On(b.bus, "team", b.team.OnUserChanged)
	b.bus.OnAny(func(_ context.Context, _ db.Tx, fact any) error {
		b.facts = append(b.facts, fact)
		return nil
	})
	b.ok(b.team.SaveOrganisation(b.system(), team.Organisation{Name: "Rivaline", Language: "fr", Country: "FR", TimeZone: "Europe/Paris", Hours: team.OfficeWeek(), Reading: team.ReadUnits}))
	b.hire("Yann", team.Salesperson)
	b.hire("Sofia", team.Salesperson)
	b.hire("Camille", team.Marketer)
	b.hire("Marc", team.HeadOfSales)
	b.hire("Denis", team.Integrator)
	b.hire("Odile", team.DPO)
	return b
}

func (b *base) system() context.Context { return auth.AsSystem(context.Background()) }

func (b *base) ok(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("%v %+v", err, errs.FieldsOf(err))
	}
}

func (b *base) hire(given string, roles ...auth.Role) {
	b.t.Helper()
	u, err := b.auth.CreateUser(b.system(), auth.NewUser{Email: db.Fold(given) + "@rivaline.example", GivenName: given, FamilyName: "Test", Roles: roles}, "")
	b.ok(err)
	b.ids[given] = u.ID
}

// as gives a context in which somebody acts with the rights and the scope of
// his roles.
func (b *base) as(given string) context.Context {
	b.t.Helper()
	u, err := b.auth.User(b.system(), b.ids[given])
	b.ok(err)
	a := auth.Actor{Kind: auth.Person, UserID: u.ID, Name: u.Name(), Roles: u.Roles}
	b.ok(b.db.Read(b.system(), func(ctx context.Context, r db.Reader) (err error) {
		a.Scope, err = b.team.ScopeOf(ctx, r, u.ID, u.Roles)
		return err
	}))
	return auth.With(context.Background(), auth.NewActor(a, b.auth.Policy().OfRoles(u.Roles)))
}

// make creates a record in somebody's name.
func (b *base) make(given string, k Kind, v Values) string {
	b.t.Helper()
	id, err := b.Create(b.as(given), k, v)
	b.ok(err)
	return id
}

// stands reads a record as it stands.
func (b *base) stands(k Kind, id string) *Record {
	b.t.Helper()
	sheet, err := b.Record(b.system(), k, id)
	b.ok(err)
	return sheet.Record
}

// refused runs a change that must be refused and checks that nothing is written.
func (b *base) refused(want errs.Kind, do func() error) {
	b.t.Helper()
	dbtest.Unchanged(b.t, b.db, func() {
		if err := do(); errs.KindOf(err) != want || err == nil {
			b.t.Errorf("got %v, want kind %v", err, want)
		}
	})
}

// conflictOf unpacks the conflict of a refused save.
func conflictOf(err error) *Conflict {
	var e *errs.Error
	if !errors.As(err, &e) {
		return nil
	}
	c, _ := e.Current.(*Conflict)
	return c
}
