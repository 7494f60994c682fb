package customers

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"unisson/internal/platform/db"
	"unisson/internal/platform/registry"
)

// file is an import of some rows in a test: each row "field=value; field=value".
type file struct {
	b      *base
	as     string
	kind   Kind
	batch  registry.Batch
	state  any
	prints map[string]string // of rows without key, as imports keeps them
}

func (b *base) file(as string, k Kind) *file {
	f := &file{b: b, as: as, kind: k, prints: map[string]string{}}
	f.batch = registry.Batch{SourceID: db.NewID(), Key: registry.KeyAuto, Day: "2026-11-25"}
	return f
}

func (f *file) rows(lines ...string) []registry.Row {
	var out []registry.Row
	for i, l := range lines {
		row := registry.Row{N: int64(i + 1), Values: map[string]string{}, Print: l}
		for part := range strings.SplitSeq(l, "; ") {
			name, v, _ := strings.Cut(part, "=")
			row.Values[name] = strings.ReplaceAll(v, `\n`, "\n")
		}
		out = append(out, row)
	}
	return out
}

func (f *file) known(_ context.Context, prints []string) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range prints {
		if id := f.prints[p]; id != "" {
			out[p] = id
		}
	}
	return out, nil
}

// bring takes rows in, after a try that must tell the same fates.
func (f *file) bring(lines ...string) []registry.Fate {
	f.b.t.Helper()
	ctx := f.b.as(f.as)
	t := f.b.target(f.kind)
	f.batch.Rows, f.batch.Known, f.batch.State = f.rows(lines...), f.known, &f.state
	var tried, out []registry.Fate
	f.state = nil
	f.b.ok(f.b.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		tried, err = t.Try(ctx, r, &f.batch)
		return err
	}))
	f.state = nil
	f.b.ok(f.b.db.Write(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		if err = t.Begin(ctx, tx, registry.Source{ID: f.batch.SourceID, Name: "f.csv", Day: f.batch.Day}); err != nil {
			return err
		}
		out, err = t.Apply(ctx, tx, &f.batch)
		return err
	}))
	for i, x := range out {
		if y := tried[i]; x.What != y.What || x.Code != y.Code || len(x.Also) != len(y.Also) || x.Probable != y.Probable || len(x.Doubts) != len(y.Doubts) {
			f.b.t.Errorf("row %d: tried %+v, done %+v", i+1, y, x)
		}
		if x.Keyless && x.ID != "" {
			f.prints[f.batch.Rows[i].Print] = x.ID
		}
	}
	return out
}

func whats(fates []registry.Fate) string {
	var out []string
	for _, f := range fates {
		w := f.What
		if f.Code != "" {
			w += " " + strings.TrimPrefix(strings.TrimPrefix(f.Code, "customers."), "import.")
		}
		for _, d := range f.Doubts {
			w += " ?" + d.Field
		}
		if len(f.Also) > 0 {
			w += fmt.Sprintf(" +%d", len(f.Also))
		}
		if f.Probable {
			w += " probable"
		}
		out = append(out, w)
	}
	return strings.Join(out, ", ")
}

// same brings rows and checks their fates, then brings them again, which must
// change nothing.
func (f *file) same(want string, lines ...string) []registry.Fate {
	f.b.t.Helper()
	out := f.bring(lines...)
	if got := whats(out); got != want {
		f.b.t.Errorf("fates\n got %s\nwant %s", got, want)
	}
	again := f.b.file(f.as, f.kind)
	again.prints = f.prints
	again.batch.Key, again.batch.Overwrite = f.batch.Key, f.batch.Overwrite
	for i, x := range again.bring(lines...) {
		if x.What != registry.Unchanged && x.What != registry.Rejected || x.What == registry.Unchanged && x.ID != out[i].ID {
			f.b.t.Errorf("the same file again: row %d %+v", i+1, x)
		}
	}
	return out
}

func TestRowsBecomeContactsWithTheirCompanies(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		f := b.file("Marc", KindContact)
		out := f.same("created +1, created, updated, created +1, rejected errors.name_or_point, created",
			"given=MARIE; family=DUPONT; emails=Marie.Dupont@acme.fr; phones=06 12 34 56 78\tmobile; company=Acme SA; owner=TEST Sofia",
			"full_name=Jean Martin; emails=jean@acme.fr; company=ACME sa; status=Lead",
			"emails=marie.dupont@acme.fr; title=Directrice; emails=marie.dupont@acme.fr; phones=+33 1 23 45 67 89",
			"family=Sans adresse; company=Autre; company_domain=autre.example; informed_on=31/12/2025",
			"title=Personne",
			"family=Sans clé; city=13002 MARSEILLE; country=France")
		marie := b.stands(KindContact, out[0].ID)
		if v := marie.Values; v["given"] != "Marie" || v["family"] != "Dupont" || v["title"] != "Directrice" || len(PointsOf("phone", v["phones"])) != 2 || v["account"] != out[0].Also[0].ID || marie.SourceID != f.batch.SourceID {
			t.Errorf("%+v", marie)
		}
		if v := b.stands(KindContact, out[1].ID).Values; v["family"] != "Martin" || v["account"] != out[0].Also[0].ID || v["tags"] != "Lead" {
			t.Errorf("%+v", v)
		}
		if v := b.stands(KindAccount, out[3].Also[0].ID).Values; v["name"] != "Autre" || v["website"] != "https://autre.example" {
			t.Errorf("%+v", v)
		}
		if v := b.stands(KindContact, out[5].ID).Values; v["city"] != "Marseille" || v["postcode"] != "13002" || v["country"] != "FR" {
			t.Errorf("%+v", v)
		}
	})
}

func TestAFileNeverErasesNorOverwritesWhatIsNewerOrLocked(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		id := b.make("Marc", KindContact, Values{"given": "Marie", "family": "Dupont", "emails": "m@acme.fr", "title": "Chef", "city": "Lyon"})
		b.clock.Advance(48 * 3600e9)
		_, err := b.Save(b.as("Marc"), KindContact, id, 1, Values{"title": "Directrice"})
		b.ok(err)
		f := b.file("Marc", KindContact)
		f.batch.Day = "2026-11-25" // after the creation, before the change
		f.same("updated ?title", "emails=m@acme.fr; title=Stagiaire; given=; city=Paris; phones=0612345678")
		if v := b.stands(KindContact, id).Values; v["title"] != "Directrice" || v["city"] != "Paris" || v["given"] != "Marie" || firstPoint(v["phones"]) != "+33612345678" {
			t.Errorf("%+v", v)
		}
		f = b.file("Marc", KindContact)
		f.batch.Overwrite = true
		f.same("updated", "emails=m@acme.fr; title=Stagiaire")
	})
}

func TestNumbersOfTwoSystemsDoNotMixUpPeople(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		f := b.file("Marc", KindContact)
		f.same("created, created, created probable", "external_id=101; family=Dupont; emails=d@a.fr; phones=0612345678", "external_id=101; family=Martin; emails=m@b.fr",
			"family=Dupont; given=Paul; phones=06 12 34 56 78")
		f = b.file("Marc", KindContact)
		f.batch.Key = "external_id"
		if got := whats(f.bring("external_id=101; family=Autre")); got != "rejected ambiguous" {
			t.Error(got)
		}
		shared := b.file("Marc", KindContact)
		shared.same("created, created", "given=Ada; family=Un; emails=info@c.fr", "given=Bob; family=Deux; emails=info@c.fr")
	})
}

func TestASiteBelongsToTheCompanyOfItsSiren(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		f := b.file("Marc", KindAccount)
		out := f.same("created +1, created, created ?siret",
			"name=Bar du Port; siret=39005676000015; trade_names=Le Port", "name=BAR DU PORT; siret=39005676000023; city=CASSIS", "name=Bar du Port; external_id=7; siret=12")
		if s := b.stands(KindAccount, out[0].ID); s.Values["kind"] != "site" || s.Values["parent"] != out[0].Also[0].ID || s.Values["siren"] != "390056760" {
			t.Errorf("%+v", s.Values)
		}
	})
}

func TestOneMayChangeOnlyWhatIsHisAndSeesNothingElse(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		b.make("Sofia", KindContact, Values{"family": "Dupont", "emails": "d@a.fr"})
		f := b.file("Yann", KindContact)
		if got := whats(f.bring("emails=d@a.fr; title=Chef", "emails=n@a.fr; family=Neu")); got != "rejected errors.not_yours, created" {
			t.Error(got)
		}
	})
}

func TestTheForgottenStayForgottenAndObjectionsStay(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		b.ok(b.db.Write(b.system(), func(ctx context.Context, tx db.Tx) error {
			for _, x := range [][3]string{{"email:gone@a.fr", "erased", ""}, {"email:no@a.fr", "refused", "email"}} {
				if _, err := tx.Exec(ctx, `insert into suppressions (hash, kind, channel, at) values ($1, $2, $3, $4)`, b.keys.Hash("customers.suppression", x[0]), x[1], x[2], tx.Now()); err != nil {
					return err
				}
			}
			return nil
		}))
		f := b.file("Marc", KindContact)
		out := f.same("rejected erased, created", "family=A; emails=Gone@a.fr", "family=B; emails=no@a.fr")
		if v := b.stands(KindContact, out[1].ID).Values["refuses"]; v != "email" {
			t.Error(v)
		}
	})
}
