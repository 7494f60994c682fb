package customers

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/team"
)

// town is a base with many records, known to the test too.
type town struct {
	*base
	accounts, contacts []*Record
}

// fill makes records whose every field a filter may ask about.
func fillTown(t *testing.T, b *base, n int) *town {
	t.Helper()
	rnd := rand.New(rand.NewPCG(4, 2))
	w := &town{base: b}
	pick := func(list ...string) string { return list[rnd.IntN(len(list))] }
	people := []string{b.ids["Yann"], b.ids["Sofia"], b.ids["Camille"], ""}
	stamp := func(k Kind, v Values) *Record {
		id := db.NewID()
		at := db.At(noon.Add(-time.Duration(rnd.IntN(400*24)) * time.Hour))
		return &Record{ID: id, Kind: k, MasterID: id, Values: v, Version: 1, CreatedAt: at, UpdatedAt: at, LastTouch: db.Time(rnd.Int64N(2)) * db.At(noon.Add(-time.Duration(rnd.IntN(200*24))*time.Hour))}
	}
	for i := range n / 8 {
		v := Values{"kind": "company", "name": fmt.Sprintf("%s %d", pick("Laiterie", "Écluse", "Brasserie", "Ateliers"), i), "sector": pick("Agroalimentaire", "Énergie", "Chimie", ""),
			"tier": pick("a", "b", "c", ""), "city": pick("Vire", "Caen", "Évreux"), "sales": pick(people...), "marketing": pick(people...), "employees": pick("", "12", "340"), "country": pick("FR", "CA")}
		w.accounts = append(w.accounts, stamp(KindAccount, v))
	}
	for i := range n {
		v := Values{"given": pick("Éloïse", "Zoé", "Anne", "Cote", "Côté"), "family": pick("Fontaine", "Émond", "Le Goff", "de La Tour", "D’Arcy") + pick("", " 2", " 3"), "sales": pick(people...),
			"marketing": pick(people...), "language": pick("fr", "fr", "fr", "en", ""), "job": pick("purchasing", "quality", ""), "title": pick("Directrice 100 %", "Acheteur_1", ""),
			"tags": pick("", "", "vip", "salon\nvip", "salon"), "refuses": pick("", "email", "email\nphone"), "informed_on": pick("", "2026-01-05", "2026-11-20")}
		if i%3 > 0 {
			v["account"] = w.accounts[rnd.IntN(len(w.accounts))].ID
		}
		if i%500 == 7 {
			v["language"], v["title"] = "oc", "Rare"
		}
		if i%2 == 0 {
			v["emails"] = fmt.Sprintf("p%d@%s.example", i, pick("bocage", "vire"))
		}
		w.contacts = append(w.contacts, stamp(KindContact, v))
	}
	for _, recs := range [][]*Record{w.accounts, w.contacts} {
		b.ok(b.db.Write(b.system(), func(ctx context.Context, tx db.Tx) error {
			for _, r := range recs { // empty values are absent ones
				for f, v := range r.Values {
					if v == "" {
						delete(r.Values, f)
					}
				}
			}
			return insertRecords(ctx, tx, NewSchema(recs[0].Kind, nil), recs)
		}))
	}
	return w
}

// all walks a list from its beginning to its end, and back again.
func (w *town) all(ctx context.Context, q Query) []string {
	w.t.Helper()
	var out []string
	var last Page
	for range 1000 {
		p, err := w.List(ctx, q)
		w.ok(err)
		for _, r := range p.Records {
			out = append(out, r.ID)
		}
		last = p
		if p.Next == nil {
			break
		}
		q.At = *p.Next
	}
	// backwards from the last page to the first
	back := idsOf(last.Records)
	for range 1000 {
		if last.Prev == nil {
			break
		}
		q.At = *last.Prev
		p, err := w.List(ctx, q)
		w.ok(err)
		back = append(idsOf(p.Records), back...)
		last = p
	}
	if !slices.Equal(out, back) {
		w.t.Errorf("%s %s: %d forwards, %d backwards", q.Filter, q.Sort, len(out), len(back))
	}
	return out
}

func idsOf(recs []*Record) []string { return ids(recs) }

func TestAListShowsWhatItsFilterSaysInItsOrder(t *testing.T) {
	n := 5000
	if testing.Short() {
		n = 2600 // still more than a filter may pick at once
	}
	each(t, func(t *testing.T, b *base) {
		w := fillTown(t, b, n)
		by := map[string]*Record{}
		for _, r := range w.accounts {
			by[r.ID] = r
		}
		days := func(d int) db.Time {
			return db.At(time.Date(2026, 11, 24-d, 0, 0, 0, 0, mustZone("Europe/Paris")))
		}
		has := func(r *Record, f, v string) bool { return slices.Contains(strings.Split(r.Values[f], "\n"), v) }
		for i, test := range []struct {
			kind Kind
			text string
			want func(r *Record) bool
		}{
			{KindContact, "", func(*Record) bool { return true }},
			{KindAccount, "", func(*Record) bool { return true }},
			{KindContact, "language:is:fr", func(r *Record) bool { return r.Values["language"] == "fr" }},
			{KindContact, "language:is:oc", func(r *Record) bool { return r.Values["language"] == "oc" }},
			{KindContact, "language:not:fr", func(r *Record) bool { return r.Values["language"] != "fr" }},
			{KindContact, "language:is:en,oc;sales:is:me", func(r *Record) bool {
				return (r.Values["language"] == "en" || r.Values["language"] == "oc") && r.Values["sales"] == b.ids["Yann"]
			}},
			{KindContact, "tags:is:VIP", func(r *Record) bool { return has(r, "tags", "vip") }},
			{KindContact, "tags:empty", func(r *Record) bool { return r.Values["tags"] == "" }},
			{KindContact, "tags:not:vip", func(r *Record) bool { return !has(r, "tags", "vip") }},
			{KindContact, "title:has:100 %25", func(r *Record) bool { return strings.Contains(r.Values["title"], "100 %") }},
			{KindContact, "title:has:r_1", func(r *Record) bool { return strings.Contains(r.Values["title"], "r_1") }},
			{KindContact, "title:is:Rare", func(r *Record) bool { return r.Values["title"] == "Rare" }},
			{KindContact, "emails:has:@bocage", func(r *Record) bool { return strings.Contains(r.Values["emails"], "@bocage") }},
			{KindContact, "emails:empty", func(r *Record) bool { return r.Values["emails"] == "" }},
			{KindContact, "emails:is:P8@bocage.example,p10@vire.example", func(r *Record) bool {
				return r.Values["emails"] == "p8@bocage.example" || r.Values["emails"] == "p10@vire.example"
			}},
			{KindContact, "refuses:is:phone", func(r *Record) bool { return has(r, "refuses", "phone") }},
			{KindContact, "informed_on:since:-30d", func(r *Record) bool { return r.Values["informed_on"] >= "2026-10-25" }},
			{KindContact, "informed_on:before:2026-06-01", func(r *Record) bool { return r.Values["informed_on"] == "2026-01-05" }},
			{KindContact, "last_touch:before:-90d", func(r *Record) bool { return r.LastTouch < days(90) }},
			{KindContact, "last_touch:since:-7d", func(r *Record) bool { return r.LastTouch >= days(7) }},
			{KindContact, "created:since:month", func(r *Record) bool { return r.CreatedAt >= days(23) }},
			{KindContact, "account.sector:is:chimie", func(r *Record) bool {
				a := by[r.Values["account"]]
				return a != nil && a.Values["sector"] == "Chimie"
			}},
			{KindContact, "account:empty", func(r *Record) bool { return r.Values["account"] == "" }},
			{KindContact, "language:is:fr;(tags:is:vip|job:is:quality)", func(r *Record) bool {
				return r.Values["language"] == "fr" && (has(r, "tags", "vip") || r.Values["job"] == "quality")
			}},
			{KindContact, "(language:is:oc|(sales:empty;marketing:empty))", func(r *Record) bool {
				return r.Values["language"] == "oc" || (r.Values["sales"] == "" && r.Values["marketing"] == "")
			}},
			{KindAccount, "sector:is:ENERGIE", func(r *Record) bool { return r.Values["sector"] == "Énergie" }},
			{KindAccount, "name:begins:écl", func(r *Record) bool { return strings.HasPrefix(r.Values["name"], "Écluse") }},
			{KindAccount, "employees:since:100", func(r *Record) bool { return r.Values["employees"] == "340" }},
			{KindAccount, "employees:empty", func(r *Record) bool { return r.Values["employees"] == "" }},
			{KindAccount, "tier:is:a,b;country:is:CA", func(r *Record) bool {
				return (r.Values["tier"] == "a" || r.Values["tier"] == "b") && r.Values["country"] == "CA"
			}},
		} {
			f, err := ParseFilter(test.text)
			b.ok(err)
			recs := w.contacts
			if test.kind == KindAccount {
				recs = w.accounts
			}
			sorts := []Sort{{}, {Field: "last_touch", Down: true}, {Field: "created"}, {Field: "sales"}, {Field: "sales", Down: true}}
			if i > 1 {
				sorts = []Sort{sorts[i%5]} // every order with some filters, every filter with some order
			}
			for _, s := range sorts {
				want := oracle(b, recs, test.want, s)
				q := Query{Kind: test.kind, Filter: f, Sort: s, Limit: 200}
				ctx := b.as("Yann")
				p, err := w.List(ctx, q)
				b.ok(err)
				if p.Count != min(len(want), countLimit+1) && !p.AtLeast {
					t.Errorf("%s %s: count %d, want %d", test.text, s, p.Count, len(want))
				}
				if got := w.all(ctx, q); !slices.Equal(got, want) {
					t.Errorf("%s %s: %d found, want %d", test.text, s, len(got), len(want))
				}
			}
		}
	})
}

func mustZone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

// oracle filters and sorts in memory.
func oracle(b *base, recs []*Record, keep func(*Record) bool, s Sort) []string {
	var kept []*Record
	for _, r := range recs {
		if keep(r) {
			kept = append(kept, r)
		}
	}
	rank := map[string]string{b.ids["Yann"]: "3", b.ids["Sofia"]: "2", b.ids["Camille"]: "1", "": "9"}
	slices.SortFunc(kept, func(x, y *Record) int {
		sign := 1
		if s.Down {
			sign = -1
		}
		byName := cmp.Or(strings.Compare(nameKey(x.Kind, x.Values), nameKey(y.Kind, y.Values)), strings.Compare(x.ID, y.ID))
		switch s.Field {
		case "last_touch":
			return sign * cmp.Or(cmp.Compare(x.LastTouch, y.LastTouch), strings.Compare(x.ID, y.ID))
		case "created":
			return sign * cmp.Or(cmp.Compare(x.CreatedAt, y.CreatedAt), strings.Compare(x.ID, y.ID))
		case "sales":
			return cmp.Or(sign*strings.Compare(rank[x.Values["sales"]], rank[y.Values["sales"]]), byName)
		}
		return sign * byName
	})
	return ids(kept)
}

func TestAListShowsNothingThatItsReaderMayNotRead(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		w := fillTown(t, b, 400)
		org, err := b.team.Organisation(b.system())
		b.ok(err)
		org.Reading = team.ReadOwn
		b.ok(b.team.SaveOrganisation(b.system(), org))
		for _, s := range []Sort{{}, {Field: "created"}, {Field: "sales"}} {
			got := w.all(b.as("Yann"), Query{Kind: KindContact, Sort: s})
			want := oracle(b, w.contacts, func(r *Record) bool {
				return r.Values["sales"] == b.ids["Yann"] || r.Values["marketing"] == b.ids["Yann"]
			}, s)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d found, want %d", s, len(got), len(want))
			}
		}
		for _, r := range w.contacts {
			if r.Values["sales"] != b.ids["Yann"] && r.Values["marketing"] != b.ids["Yann"] {
				if _, err := b.Record(b.as("Yann"), KindContact, r.ID); !errs.Is(err, errs.KindNotFound) {
					t.Fatalf("somebody else's: %v", err)
				}
				break
			}
		}
	})
}
