package team

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/ui"
)

// demoDomain cannot belong to anybody (RFC 2606).
const demoDomain = "@rivaline.example"

// persona is somebody the demonstration lets in by one click.
type persona struct {
	given, family, title string
	role                 auth.Role
	kind                 Kind
	place                int
	town                 string
}

// personas are those of the sign-in page, in its order, then other people whom
// the guides mention.
func personas() []persona {
	return []persona{
		{"Yann", "Le Goff", "Attaché commercial", Salesperson, Sales, 0, "Vannes"},
		{"Camille", "Aubry", "Responsable de contenus", Marketer, Marketing, 0, "Rennes"},
		{"Marc", "Delattre", "Directeur commercial", HeadOfSales, Sales, 1, "Lille"},
		{"Nadia", "Rousseau", "Directrice du marketing", HeadOfMarketing, Marketing, 0, "Nantes"},
		{"Thierry", "Lanctôt", "Administrateur des systèmes", Administrator, Other, 3, "Montréal"},
		{"Hugo", "Perrin", "Chargé de marketing", Marketer, Marketing, 2, "Lyon"},
		{"Sofia", "Benali", "Responsable grands comptes", Salesperson, Sales, 2, "Lyon"},
		{"Emma", "Morin", "Cheffe de produit", ProductManager, Product, 0, "Nantes"},
		{"Claire", "Vautrin", "Directrice générale", Executive, Management, 0, "Nantes"},
		{"Denis", "Aucoin", "Chargé de la coopération", Integrator, Management, 3, "Québec"},
		{"Odile", "Sérieys", "Déléguée à la protection des données", DPO, Management, 1, "Lille"},
	}
}

// offered is how many of them stand on the sign-in page.
const offered = 5

// DemoPersonas offers five people to sign in as. Only the demonstration has them.
func (s *Service) DemoPersonas(ctx context.Context) ([]ui.Persona, error) {
	ctx = auth.AsSystem(ctx) // the sign-in page is nobody's
	var out []ui.Persona
	for _, p := range personas()[:offered] {
		u, err := s.auth.UserByEmail(ctx, demoEmail(p.given, p.family))
		if errs.Is(err, errs.KindNotFound) {
			continue
		}
		if err != nil {
			return nil, errs.Wrap("personas", err)
		}
		if u.Status != auth.Active { // shut out by somebody who tries things
			continue
		}
		out = append(out, ui.Persona{Person: ui.Person{Name: u.Name(), Initials: initials(Person{Given: p.given, Family: p.family}), Voice: voice(p.kind)},
			Text: i18n.T(ctx, "team.role."+string(p.role)), Value: u.ID})
	}
	return out, nil
}

func demoEmail(given, family string) string {
	fold := func(s string) string {
		return strings.NewReplacer(" ", "", "'", "", "’", "", "-", "-").Replace(db.Fold(s))
	}
	return fold(given) + "." + fold(family) + demoDomain
}

// Seeder makes the demonstration company: Rivaline, a distributor of process
// and cleaning equipment in France and Québec.
func (s *Service) Seeder() registry.Seeder {
	return registry.Seeder{Name: "team", Seed: func(ctx context.Context, tx db.Tx, rnd *rand.Rand, size registry.Size) error {
		d := &demo{s: s, tx: tx, rnd: rnd, today: clock.DayOf(tx.Now().Go()), used: map[string]bool{}, byKind: map[Kind][]string{}}
		return errs.Wrap("demonstration", d.make(auth.AsSystem(ctx), max(size.People, 20)))
	}}
}

// demo is one seeding under way.
type demo struct {
	s      *Service
	tx     db.Tx
	rnd    *rand.Rand
	today  clock.Day
	serial int
	used   map[string]bool // e-mail addresses

	units       [2]string
	regions     []string
	departments map[string]string
	people      []string          // ids, in the order made
	byKind      map[Kind][]string // ids
	heads       map[Kind]string
}

// id makes an id that depends on the seed alone and sorts by age.
func (d *demo) id() string {
	d.serial++
	var b [16]byte
	at := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC).UnixMilli() + int64(d.serial)
	binary.BigEndian.PutUint64(b[:8], uint64(at)<<16|7<<12|d.rnd.Uint64()&0xfff)
	binary.BigEndian.PutUint64(b[8:], d.rnd.Uint64()&(1<<62-1)|1<<63)
	return uuid.UUID(b).String()
}

func pick[T any](rnd *rand.Rand, from []T) T { return from[rnd.IntN(len(from))] }

// some gives n different ones, in the order of the list.
func some[T any](rnd *rand.Rand, from []T, n int) []T {
	var out []T
	for i, v := range from {
		if rnd.IntN(len(from)-i) < n-len(out) {
			out = append(out, v)
		}
	}
	return out
}

func (d *demo) make(ctx context.Context, people int) error {
	for _, step := range []func(context.Context) error{d.company, d.known,
		func(ctx context.Context) error { return d.others(ctx, people) }, d.leaders, d.absences, d.teams} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return d.s.writeTerms(ctx, d.tx, Filter{IDs: d.people, Everyone: true})
}

func (d *demo) company(ctx context.Context) error {
	o := Organisation{Name: "Rivaline", Language: "fr", Country: "FR", TimeZone: "Europe/Paris", Holidays: "fr", Hours: OfficeWeek(), Reading: ReadUnits}
	if err := insertOrganisation(ctx, d.tx, o, ""); err != nil {
		return err
	}
	for i, name := range []string{"Rivaline France", "Rivaline Canada"} {
		d.units[i] = d.id()
		if err := insertUnit(ctx, d.tx, Unit{ID: d.units[i], Name: name}, ""); err != nil {
			return err
		}
	}
	for _, p := range demoPlaces() {
		g := Region{ID: d.id(), Name: p.name, Country: p.country, TimeZone: p.zone, Holidays: p.holidays}
		d.regions = append(d.regions, g.ID)
		if err := insertRegion(ctx, d.tx, g, ""); err != nil {
			return err
		}
	}
	d.departments = map[string]string{}
	for _, x := range []struct {
		name, parent string
		kind         Kind
		orientation  Orientation
	}{
		{"Ventes", "", Sales, ""}, {"Marketing", "", Marketing, ""}, {"Marketing opérationnel", "Marketing", Marketing, Tactical},
		{"Marketing stratégique", "Marketing", Marketing, Strategic}, {"Produits", "", Product, ""}, {"Direction", "", Management, ""}, {"Services", "", Other, ""},
	} {
		dep := Department{ID: d.id(), Name: x.name, Kind: x.kind, Orientation: x.orientation, ParentID: d.departments[x.parent]}
		d.departments[x.name] = dep.ID
		if err := insertDepartment(ctx, d.tx, dep, ""); err != nil {
			return err
		}
	}
	return d.s.ensureSituations(ctx, d.tx)
}

// known makes the people whom pictures and guides name.
func (d *demo) known(ctx context.Context) error {
	d.heads = map[Kind]string{}
	for i, p := range personas() {
		id, err := d.person(ctx, p)
		if err != nil {
			return err
		}
		switch p.role {
		case HeadOfSales, HeadOfMarketing, Executive:
			d.heads[p.kind] = id
		case ProductManager:
			d.heads[Product] = id
		}
		if i == 1 { // one persona is asked whether her profile is still right
			if err := backdateConfirmed(ctx, d.tx, id, d.tx.Now().Add(-200*24*time.Hour)); err != nil {
				return err
			}
		}
	}
	return nil
}

// others fills the company up to its size: a good half in sales, a quarter in
// marketing, the rest product managers; one guest, for a time.
func (d *demo) others(ctx context.Context, people int) error {
	women, men := demoGiven()
	family := demoFamily()
	for len(d.people) < people {
		his, given := d.rnd.IntN(2), women
		if his == 1 {
			given = men
		}
		p := persona{given: pick(d.rnd, given), family: pick(d.rnd, family), place: d.rnd.IntN(len(demoPlaces()))}
		if d.used[demoEmail(p.given, p.family)] && len(d.used) < len(given)*len(family)/2 {
			continue
		}
		switch n := d.rnd.IntN(100); {
		case len(d.people) == people-1:
			p.role, p.kind, p.title = Guest, Other, [2]string{"Consultante", "Consultant"}[his]
		case n < 55:
			p.role, p.kind = Salesperson, Sales
		case n < 82:
			p.role, p.kind = Marketer, Marketing
		default:
			p.role, p.kind = ProductManager, Product
		}
		if p.title == "" {
			p.title = pick(d.rnd, demoTitles(p.kind))[his]
		}
		p.town = pick(d.rnd, demoPlaces()[p.place].towns)
		if _, err := d.person(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// person makes one account and what he is and covers.
func (d *demo) person(ctx context.Context, p persona) (string, error) {
	place := demoPlaces()[p.place]
	email := demoEmail(p.given, p.family)
	for n := 2; d.used[email]; n++ {
		email = strings.TrimSuffix(demoEmail(p.given, p.family), demoDomain) + fmt.Sprint(n) + demoDomain
	}
	d.used[email] = true
	n := auth.NewUser{ID: d.id(), Email: email, GivenName: p.given, FamilyName: p.family, Roles: []auth.Role{p.role}, Language: "fr"}
	if place.country == "CA" {
		n.Language, n.TimeZone = "fr-CA", place.zone
	}
	if p.role == Guest {
		n.ExpiresAt = d.tx.Now().Go().AddDate(0, 2, 0)
	}
	u, err := d.s.auth.CreateUser(ctx, n, "")
	if err != nil {
		return "", err
	}
	d.people = append(d.people, u.ID)
	if p.role != Guest {
		d.byKind[p.kind] = append(d.byKind[p.kind], u.ID)
	}
	prof := d.profile(p, place)
	if _, err := updatePerson(ctx, d.tx, u.ID, prof, 1, ""); err != nil {
		return "", err
	}
	for kind, words := range map[LabelKind][]string{Covers: prof.Products, Segment: prof.Segments, Skill: prof.Skills, Language: prof.Languages} {
		if err := replaceLabels(ctx, d.tx, u.ID, kind, words); err != nil {
			return "", err
		}
	}
	return u.ID, nil
}

func (d *demo) profile(p persona, place demoPlace) Profile {
	prof := Profile{Given: p.given, Family: p.family, Title: p.title, City: p.town, Country: place.country, Channel: pick(d.rnd, Channels()),
		Phone: d.phone(place), RegionID: d.regions[p.place], UnitID: d.units[0], Languages: []string{"fr"}, Skills: some(d.rnd, demoSkills(p.kind), 2)}
	if place.country == "CA" {
		prof.UnitID = d.units[1]
	}
	if d.rnd.IntN(3) > 0 || place.country == "CA" {
		prof.Languages = append(prof.Languages, "en")
	}
	switch p.kind {
	case Sales:
		prof.DepartmentID, prof.Products, prof.Segments = d.departments["Ventes"], some(d.rnd, demoProducts(), 3), some(d.rnd, demoSegments(), 2)
	case Marketing:
		group := "Marketing opérationnel"
		if p.role == Marketer && d.rnd.IntN(3) == 0 {
			group = "Marketing stratégique"
		}
		prof.DepartmentID, prof.Segments = d.departments[group], some(d.rnd, demoSegments(), 3)
		if p.role == HeadOfMarketing {
			prof.DepartmentID = d.departments["Marketing"]
		}
	case Product:
		// Two products each, in turn: nobody asks the guide in vain.
		all, k := demoProducts(), 2*len(d.byKind[Product])
		prof.DepartmentID, prof.Products = d.departments["Produits"], []string{all[k%len(all)], all[(k+1)%len(all)]}
	case Management:
		prof.DepartmentID, prof.UnitID = d.departments["Direction"], ""
	default:
		prof.DepartmentID = d.departments["Services"]
	}
	if p.role == HeadOfSales || p.role == HeadOfMarketing || p.role == Administrator {
		prof.UnitID = "" // they work for both units
	}
	return prof
}

// phone makes a number of a range that is kept for fiction in either country.
func (d *demo) phone(p demoPlace) string {
	if p.country == "CA" {
		return fmt.Sprintf("+1 %s 555 01%02d", p.dial, d.rnd.IntN(100))
	}
	blocks := map[string]string{"02": "61 91", "03": "53 01", "04": "65 71"}
	return fmt.Sprintf("+33 %s %s %02d %02d", p.dial[1:], blocks[p.dial], d.rnd.IntN(100), d.rnd.IntN(100))
}
