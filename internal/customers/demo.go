package customers

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/registry"
	"unisson/internal/team"
)

// The size of the demonstration's base for 60 people who work there.
const (
	demoAccounts = 400
	demoContacts = 1500
)

// Seeder makes the customers of the demonstration company.
func (s *Service) Seeder() registry.Seeder {
	return registry.Seeder{Name: "customers", Seed: func(ctx context.Context, tx db.Tx, rnd *rand.Rand, size registry.Size) error {
		d := &demo{s: s, tx: tx, rnd: rnd, now: tx.Now()}
		return errs.Wrap("demonstration", d.make(auth.AsSystem(ctx), size))
	}}
}

// demo is one seeding under way.
type demo struct {
	s      *Service
	tx     db.Tx
	rnd    *rand.Rand
	now    db.Time
	serial int

	sources  [3]string
	regions  []string
	units    []string
	sales    [][]string // people by region
	markets  [][]string
	accounts []*Record
}

func pick[T any](rnd *rand.Rand, from []T) T { return from[rnd.IntN(len(from))] }

// id makes an id that depends on the seed alone and sorts by age.
func (d *demo) id() string {
	d.serial++
	var b [16]byte
	at := time.Date(2026, 1, 6, 8, 0, 0, 0, time.UTC).UnixMilli() + int64(d.serial)
	binary.BigEndian.PutUint64(b[:8], uint64(at)<<16|7<<12|d.rnd.Uint64()&0xfff)
	binary.BigEndian.PutUint64(b[8:], d.rnd.Uint64()&(1<<62-1)|1<<63)
	return uuid.UUID(b).String()
}

// ago is an instant up to n days before now.
func (d *demo) ago(days int) db.Time {
	return d.now.Add(-time.Duration(d.rnd.IntN(days*24*60)) * time.Minute)
}

func (d *demo) make(ctx context.Context, size registry.Size) error {
	n := max(size.People, 20)
	if err := d.company(ctx); err != nil {
		return err
	}
	if err := d.origins(ctx); err != nil {
		return err
	}
	if err := d.firms(ctx, demoAccounts*n/60); err != nil {
		return err
	}
	if err := d.people(ctx, demoContacts*n/60); err != nil {
		return err
	}
	return d.needs(ctx)
}

// company learns who works there, and where.
func (d *demo) company(ctx context.Context) error {
	_, st, err := d.s.team.Company(ctx)
	if err != nil {
		return err
	}
	for _, u := range st.Units {
		d.units = append(d.units, u.ID)
	}
	for _, name := range []string{"Ouest", "Nord", "Sud-Est", "Québec"} {
		for _, g := range st.Regions {
			if g.Name == name {
				d.regions = append(d.regions, g.ID)
			}
		}
	}
	if len(d.regions) != len(demoTowns()) || len(d.units) != 2 {
		return errs.NotFound("regions of the demonstration")
	}
	d.sales, d.markets = make([][]string, len(d.regions)), make([][]string, len(d.regions))
	for i, g := range d.regions {
		for role, to := range map[auth.Role]*[]string{team.Salesperson: &d.sales[i], team.Marketer: &d.markets[i]} {
			dir, err := d.s.team.FindPeople(ctx, team.Filter{Role: role, RegionID: g}, team.Cursor{})
			if err != nil {
				return err
			}
			for _, p := range dir.People {
				*to = append(*to, p.ID)
			}
			if len(*to) == 0 {
				*to = []string{""}
			}
		}
	}
	return nil
}

// origins are the three places that the base was brought together from.
func (d *demo) origins(ctx context.Context) error {
	rows := [][]any{}
	for i, s := range []Source{
		{Kind: "import", Name: "clients_2024.xlsx", Day: "2025-03-10", Country: "FR", Confidence: "high", Basis: "contract"},
		{Kind: "list", Name: "Visiteurs du salon CFIA", Day: "2026-03-12", Country: "FR", Confidence: "medium", Basis: "interest", Supplier: "CFIA Rennes"},
		{Kind: "form", Name: "Demande de devis", Day: "2026-09-01", Country: "CA", Confidence: "high", Basis: "consent"},
	} {
		d.sources[i] = d.id()
		rows = append(rows, []any{d.sources[i], s.Kind, s.Name, s.Day, s.Country, s.Confidence, s.Basis, s.Supplier, d.now.Add(-200 * 24 * time.Hour), ""})
	}
	return insertSources(ctx, d.tx, rows)
}

// unitOf is the unit that serves a region: units are listed by name, Canada
// before France, and Québec is the last region.
func (d *demo) unitOf(region int) string {
	if region == len(d.regions)-1 {
		return d.units[0]
	}
	return d.units[1]
}

func (d *demo) record(k Kind, v Values) *Record {
	for f, x := range v {
		if x == "" {
			delete(v, f)
		}
	}
	id, at := d.id(), d.ago(600)
	return &Record{ID: id, Kind: k, MasterID: id, Values: v, Version: 1, CreatedAt: at, UpdatedAt: at, SourceID: pick(d.rnd, d.sources[:])}
}

func (d *demo) firms(ctx context.Context, n int) error {
	sectors, lieux, towns := demoSectors(), demoLieux(), demoTowns()
	used := map[string]bool{}
	for len(d.accounts) < n {
		sec := pick(d.rnd, sectors)
		name := pick(d.rnd, sec.firms) + " " + pick(d.rnd, lieux)
		if used[name] {
			name += " " + pick(d.rnd, []string{"et Fils", "Industrie", "Frères", "Nord", "Sud"})
		}
		if used[name] {
			continue
		}
		used[name] = true
		g := d.rnd.IntN(len(d.regions))
		if len(d.accounts) == 0 { // the customer of the pictures
			name, sec, g = "Laiteries du Bocage", sectors[0], 0
		}
		town := pick(d.rnd, towns[g])
		domain := strings.ReplaceAll(strings.Trim(CodeFor(name), "x_"), "_", "-") + ".example"
		v := Values{"kind": "company", "name": name, "sector": sec.name, "tier": pick(d.rnd, []string{"a", "b", "b", "c", "c", "c", ""}), "relations": pick(d.rnd, []string{"customer", "customer", "prospect", "prospect", "customer\nreferrer"}),
			"city": town.name, "postcode": town.postcode, "province": town.province, "country": town.country, "street": fmt.Sprintf("%d, %s", 1+d.rnd.IntN(180), pick(d.rnd, []string{"rue de l’Industrie", "avenue des Tilleuls", "quai de la Gare", "route de l’Usine"})),
			"region": d.regions[g], "unit": d.unitOf(g), "sales": pick(d.rnd, d.sales[g]), "marketing": pick(d.rnd, d.markets[g]), "language": "fr",
			"website": "https://www." + domain, "emails": "contact@" + domain, "phones": d.number(town) + "\tswitchboard", "employees": fmt.Sprint(8 + d.rnd.IntN(900)),
			"revenue": fmt.Sprintf("%d.00", 1000*(200+d.rnd.IntN(40000))), "currency": map[string]string{"FR": "EUR", "CA": "CAD"}[town.country]}
		if d.rnd.IntN(3) == 0 {
			v["tags"] = pick(d.rnd, sec.tags)
		}
		if town.country == "FR" {
			v["siren"] = d.siren()
		}
		if len(d.accounts)%40 == 9 {
			v["relations"], v["promises"] = "supplier\nmanufacturer", pick(d.rnd, demoPromises())
		}
		if p := len(d.accounts); p > 10 && d.rnd.IntN(12) == 0 {
			parent := d.accounts[d.rnd.IntN(p)]
			if parent.Values["parent"] == "" {
				v["parent"], v["kind"], v["name"] = parent.ID, "site", parent.Values["name"]+", "+town.name
			}
		}
		d.accounts = append(d.accounts, d.record(KindAccount, v))
	}
	return d.write(ctx, KindAccount, d.accounts)
}

// siren makes a number that passes its check.
func (d *demo) siren() string {
	for {
		if s, ok := ParseSIREN(fmt.Sprintf("9%08d", d.rnd.IntN(100_000_000))); ok {
			return s
		}
	}
}

// number makes a telephone number of a town. France keeps numbers for fiction;
// 555 is nobody's in Canada.
func (d *demo) number(t demoTown) string {
	if t.country == "CA" {
		return fmt.Sprintf("%s5550%03d", t.dial, 100+d.rnd.IntN(100))
	}
	fiction := map[string]string{"+332": "+3326191", "+333": "+3335301", "+334": "+3346571"}
	return fmt.Sprintf("%s%04d", fiction[t.dial], d.rnd.IntN(10_000))
}

func (d *demo) people(ctx context.Context, n int) error {
	women, men := demoGiven()
	jobs, families := demoJobs(), demoFamily()
	used := map[string]bool{}
	recs := make([]*Record, 0, n)
	for i := range n {
		a := d.accounts[d.rnd.IntN(len(d.accounts))]
		if i < 11 { // the people of the pictures' customer
			a = d.accounts[0]
		}
		job, her := pick(d.rnd, jobs), d.rnd.IntN(2) == 0
		given, title, salutation := pick(d.rnd, men), job.his, "mr"
		if her {
			given, title, salutation = pick(d.rnd, women), job.her, "ms"
		}
		family := pick(d.rnd, families)
		if i == 0 {
			given, family, title, salutation, job = "Claire", "Fontaine", "Directrice technique", "ms", jobs[6]
		}
		domain := Domain(a.Values["website"])
		address := strings.ReplaceAll(db.Fold(given+"."+family), " ", "-") + "@" + domain
		if used[address] {
			address = strings.Replace(address, "@", fmt.Sprint(i)+"@", 1)
		}
		used[address] = true
		v := Values{"given": given, "family": family, "salutation": salutation, "title": title, "job": job.job, "seniority": job.seniority, "account": a.ID,
			"emails": address + "\twork", "language": pick(d.rnd, []string{"fr", "fr", "fr", "fr", "en"}), "regime": "professional", "basis": pick(d.rnd, []string{"interest", "consent", "similar"}),
			"informed_on": "2026-04-02", "city": a.Values["city"], "country": a.Values["country"]}
		if d.rnd.IntN(10) < 7 {
			v["phones"] = map[bool]string{true: fmt.Sprintf("+3363998%04d\tmobile", d.rnd.IntN(10_000)), false: fmt.Sprintf("+15145550%03d\twork", 100+d.rnd.IntN(100))}[a.Values["country"] == "FR"]
		}
		if d.rnd.IntN(9) == 0 {
			v["refuses"] = pick(d.rnd, []string{"email", "phone", "email\nphone"})
		}
		if d.rnd.IntN(6) == 0 {
			v["tags"] = pick(d.rnd, []string{"décideur", "salon CFIA", "ambassadeur"})
		}
		inheritFrom(v, a.Values)
		recs = append(recs, d.record(KindContact, v))
	}
	return d.write(ctx, KindContact, recs)
}

func (d *demo) write(ctx context.Context, k Kind, recs []*Record) error {
	if err := insertRecords(ctx, d.tx, NewSchema(k, nil), recs); err != nil {
		return err
	}
	return d.s.index(ctx, d.tx, k, recs)
}

// needs puts a few words of customers on the largest accounts.
func (d *demo) needs(ctx context.Context) error {
	var rows [][]any
	for i, a := range d.accounts {
		if i == 0 || a.Values["tier"] == "a" {
			at := d.ago(120)
			rows = append(rows, []any{d.id(), a.ID, pick(d.rnd, demoNeeds()), "open", a.Values["sales"], int64(1), at, at})
		}
	}
	return insertNeeds(ctx, d.tx, rows)
}
