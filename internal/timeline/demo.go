package timeline

import (
	"cmp"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"unisson/internal/customers"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/registry"
)

// demoSpan is how far back the demonstration remembers.
const demoSpan = 18 * 30 * 24 * time.Hour

// demoFound is how far back the demonstration finds touches by their words.
const demoFound = 45 * 24 * time.Hour

// Seeder makes what happened with the customers of the demonstration company.
func (s *Service) Seeder() registry.Seeder {
	return registry.Seeder{Name: "timeline", Seed: func(ctx context.Context, tx db.Tx, rnd *rand.Rand, _ registry.Size) error {
		ctx = auth.AsSystem(ctx)
		d := &demo{rnd: rnd, now: tx.Now(), names: map[string]string{}}
		contacts, err := s.all(ctx, customers.KindContact)
		if err != nil {
			return errs.Wrap("demonstration", err)
		}
		accounts, err := s.all(ctx, customers.KindAccount)
		if err != nil {
			return errs.Wrap("demonstration", err)
		}
		if err := d.know(ctx, s, append(slices.Clone(contacts), accounts...)); err != nil {
			return errs.Wrap("demonstration", err)
		}
		for i, c := range contacts {
			for range 1 + (i+1)%2*d.rnd.IntN(2) {
				d.story(c)
			}
		}
		for _, a := range accounts {
			for range d.rnd.IntN(5) {
				d.note(a)
			}
		}
		d.finish()
		_, err = s.logMany(ctx, d.touches, d.now.Add(-demoFound)) // all of them would cost the start of the demonstration seconds
		return errs.Wrap("demonstration", err)
	}}
}

// all reads every record of a kind, by name.
func (s *Service) all(ctx context.Context, k customers.Kind) ([]*customers.Record, error) {
	var out []*customers.Record
	q := customers.Query{Kind: k, Limit: 200}
	for {
		page, err := s.customers.List(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Records...)
		if page.Next == nil {
			return out, nil
		}
		q.At = *page.Next
	}
}

// demo is one seeding under way.
type demo struct {
	rnd     *rand.Rand
	now     db.Time
	names   map[string]string // of colleagues
	touches []Touch
}

func pick[T any](rnd *rand.Rand, from []T) T { return from[rnd.IntN(len(from))] }

// know learns the names of the owners.
func (d *demo) know(ctx context.Context, s *Service, records []*customers.Record) error {
	var ids []string
	for _, r := range records {
		ids = append(ids, r.Values["sales"], r.Values["marketing"])
	}
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" })
	people, err := s.team.People(ctx, ids)
	for _, p := range people {
		d.names[p.ID] = p.Name()
	}
	return err
}

// story tells one of the stories of a contact, as far as it has come by now.
func (d *demo) story(c *customers.Record) {
	at := d.now.Add(-time.Duration(d.rnd.Int64N(int64(demoSpan))))
	product, town, n := pick(d.rnd, demoProducts[:]), pick(d.rnd, demoTowns[:]), 2+d.rnd.IntN(9)
	for i, st := range pick(d.rnd, demoStories()) {
		if i > 0 {
			at = at.Add(time.Duration(1+d.rnd.IntN(max(st.days, 1))) * 24 * time.Hour)
		}
		t := d.touch(c, st, at, product, town, n)
		if t.At > d.now {
			return
		}
		t.ContactID, t.AccountID = c.ID, c.Values["account"]
		d.touches = append(d.touches, t)
	}
}

// note tells something of a company as a whole.
func (d *demo) note(a *customers.Record) {
	at := d.now.Add(-time.Duration(d.rnd.Int64N(int64(demoSpan))))
	t := d.touch(a, pick(d.rnd, demoAccountNotes[:]), at, pick(d.rnd, demoProducts[:]), pick(d.rnd, demoTowns[:]), 2+d.rnd.IntN(9))
	if t.At <= d.now {
		t.AccountID = a.ID
		d.touches = append(d.touches, t)
	}
}

// touch is one step, done by the owner on its side.
func (d *demo) touch(r *customers.Record, st step, at db.Time, product, town string, n int) Touch {
	t := Touch{At: d.office(at), Kind: st.kind, Direction: st.dir, Voice: st.by,
		Body: strings.NewReplacer("{p}", product, "{v}", town, "{n}", strconv.Itoa(n)).Replace(st.text)}
	owner := r.Values["sales"]
	if st.by == Marketing {
		owner = r.Values["marketing"]
	}
	if owner == "" {
		owner = cmp.Or(r.Values["sales"], r.Values["marketing"])
	}
	t.ByID, t.ByName = owner, d.names[owner]
	if st.kind == "form" || st.kind == "web" || st.kind == "document" && st.dir == In {
		t.ByID, t.ByName, t.Channel = "", "", "site"
	}
	return t
}

// office moves an instant into working hours.
func (d *demo) office(at db.Time) db.Time {
	t := at.Go().UTC()
	for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = t.AddDate(0, 0, -1)
	}
	return db.At(time.Date(t.Year(), t.Month(), t.Day(), 7+d.rnd.IntN(10), d.rnd.IntN(60), 0, 0, time.UTC))
}

// finish orders touches by age and gives them ids that depend on the seed alone.
func (d *demo) finish() {
	slices.SortStableFunc(d.touches, func(a, b Touch) int { return cmp.Compare(a.At, b.At) })
	for i := range d.touches {
		t := &d.touches[i]
		var b [16]byte
		binary.BigEndian.PutUint64(b[:8], uint64(t.At.Go().UnixMilli())<<16|7<<12|d.rnd.Uint64()&0xfff)
		binary.BigEndian.PutUint64(b[8:], d.rnd.Uint64()&(1<<62-1)|1<<63)
		t.ID, t.CreatedAt = uuid.UUID(b).String(), t.At
	}
	if len(d.touches) > 0 { // somebody wants to take something up again today
		t := &d.touches[len(d.touches)-1]
		t.FollowOn = d.now.Go().Format(time.DateOnly)
	}
}
