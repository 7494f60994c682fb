package customers

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/search"
)

func TestARecordIsReadAsItWasMade(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		account := b.make("Yann", KindAccount, Values{"name": "Laiteries du Bocage", "trade_names": "Bocage\nLe Bocage", "relations": "supplier\ncustomer",
			"siret": "552 100 554 00013", "employees": "340", "revenue": "1 250 000,50", "currency": "eur", "emails": "Contact@Bocage.example",
			"phones": "02 31 00 00 00", "city": "Vire", "country": "France", "tags": "laiterie, grand compte", "sector": "Agroalimentaire"})
		got := b.stands(KindAccount, account)
		want := Values{"name": "Laiteries du Bocage", "trade_names": "Bocage\nLe Bocage", "relations": "customer\nsupplier", "kind": "company",
			"siret": "55210055400013", "siren": "552100554", "employees": "340", "revenue": "1250000.50", "currency": "EUR",
			"emails": "contact@bocage.example\t\tContact@Bocage.example", "phones": "+33231000000\t\t02 31 00 00 00", "city": "Vire", "country": "FR",
			"tags": "grand compte\nlaiterie", "sector": "Agroalimentaire", "sales": b.ids["Yann"]}
		if diff := cmp.Diff(want, got.Values); diff != "" {
			t.Error(diff)
		}
		contact := b.make("Camille", KindContact, Values{"given": "Claire", "family": "Fontaine", "account": account, "emails": "claire@bocage.example\twork\nclaire.f@gmail.com\thome",
			"phones": "06 12 34 56 78", "title": "Directrice technique", "job": "engineering", "refuses": "phone;email"})
		got = b.stands(KindContact, contact)
		want = Values{"given": "Claire", "family": "Fontaine", "account": account, "emails": "claire@bocage.example\twork\nclaire.f@gmail.com\thome",
			"phones": "+33612345678\tmobile\t06 12 34 56 78", "title": "Directrice technique", "job": "engineering", "refuses": "email\nphone",
			"sales": b.ids["Yann"], "marketing": b.ids["Camille"], "country": "FR"}
		if diff := cmp.Diff(want, got.Values); diff != "" {
			t.Error(diff)
		}
		if got.Title() != "Claire Fontaine" || got.Version != 1 || got.CreatedBy != b.ids["Camille"] {
			t.Errorf("title %q, version %d, by %q", got.Title(), got.Version, got.CreatedBy)
		}
	})
}

func TestAnAccountWithoutANameShowsItsNumberAndItsCity(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		id := b.make("Yann", KindAccount, Values{"external_id": "3442f8959a84dea7ee197c632cb2df15", "city": "campinas"})
		if got := b.stands(KindAccount, id).Title(); got != "3442f8959a84dea7ee197c632cb2df15 · campinas" {
			t.Error(got)
		}
		b.refused(errs.KindInvalid, func() error {
			_, err := b.Create(b.as("Yann"), KindAccount, Values{"city": "Vire"})
			return err
		})
		b.refused(errs.KindInvalid, func() error {
			_, err := b.Create(b.as("Yann"), KindContact, Values{"title": "Directrice"})
			return err
		})
	})
}

func TestWrongValuesAreToldFieldByField(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		b.refused(errs.KindInvalid, func() error {
			_, err := b.Create(b.as("Yann"), KindAccount, Values{"name": "X", "siren": "123456789", "emails": "jean@", "employees": "many", "country": "Atlantis",
				"tier": "z", "region": "nowhere", "sales": "nobody", "parent": "none", "website": "not a page"})
			got := map[string]bool{}
			for _, f := range errs.FieldsOf(err) {
				got[f.Name] = true
			}
			for _, name := range []string{"siren", "emails", "employees", "country", "tier", "region", "sales", "parent", "website"} {
				if !got[name] {
					t.Errorf("%s was taken", name)
				}
			}
			return err
		})
	})
}

func TestTwoWhoChangeOneContactLoseNothing(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		id := b.make("Yann", KindContact, Values{"given": "Claire", "family": "Fontaine", "city": "Vire", "phones": "06 12 34 56 78"})
		read := b.stands(KindContact, id).Version
		v, err := b.Save(b.as("Yann"), KindContact, id, read, Values{"city": "Caen", "title": "Directrice"})
		b.ok(err)
		// another field: both changes stand
		v2, err := b.Save(b.as("Marc"), KindContact, id, read, Values{"family": "Fontaine-Roy", "city": "Vire"})
		b.ok(err)
		if v != 2 || v2 != 3 {
			t.Errorf("versions %d %d", v, v2)
		}
		if got := b.stands(KindContact, id).Values; got["city"] != "Caen" || got["family"] != "Fontaine-Roy" || got["title"] != "Directrice" {
			t.Error(got)
		}
		// the same field: both values are shown, nothing is saved
		b.refused(errs.KindStale, func() error {
			_, err := b.Save(b.as("Marc"), KindContact, id, read, Values{"city": "Rouen"})
			c := conflictOf(err)
			if c == nil || len(c.Clashes) != 1 || c.Version != 3 {
				t.Fatalf("%+v", c)
			}
			if got := c.Clashes[0]; got.Field != "city" || got.Base != "Vire" || got.Theirs != "Caen" || got.Mine != "Rouen" || got.ByID != b.ids["Yann"] {
				t.Errorf("%+v", got)
			}
			return err
		})
	})
}

func TestAChangeIsUndoneUnlessItWasChangedAgain(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		id := b.make("Yann", KindContact, Values{"given": "Claire", "family": "Fontaine", "city": "Vire", "phones": "06 12 34 56 78", "tags": "a"})
		first := b.stands(KindContact, id).Values
		_, err := b.Save(b.as("Yann"), KindContact, id, 1, Values{"city": "Caen", "phones": "", "tags": "b"})
		b.ok(err)
		_, err = b.Save(b.as("Yann"), KindContact, id, 2, Values{"city": "Rouen"})
		b.ok(err)
		b.ok(b.Undo(b.as("Yann"), KindContact, id, 2))
		got := b.stands(KindContact, id).Values
		if got["city"] != "Rouen" || got["phones"] != first["phones"] || got["tags"] != "a" {
			t.Error(got)
		}
		b.ok(b.Undo(b.as("Yann"), KindContact, id, 3))
		if diff := cmp.Diff(first["city"], "Vire"); diff != "" {
			t.Error(diff)
		}
		history, err := b.History(b.as("Denis"), KindContact, id)
		b.ok(err)
		if len(history) != 4 || history[0].By == "" {
			t.Errorf("%+v", history)
		}
		b.refused(errs.KindConflict, func() error { return b.Undo(b.as("Yann"), KindContact, id, 2) })
	})
}

func TestOnlyOwnersDeputiesAndHeadsChangeARecord(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		id := b.make("Yann", KindAccount, Values{"name": "Bocage"})
		b.refused(errs.KindForbidden, func() error {
			_, err := b.Save(b.as("Sofia"), KindAccount, id, 1, Values{"city": "Caen"})
			return err
		})
		b.refused(errs.KindForbidden, func() error {
			_, err := b.Save(b.as("Denis"), KindAccount, id, 1, Values{"city": "Caen"})
			return err
		})
		b.refused(errs.KindForbidden, func() error {
			_, err := b.Create(b.as("Denis"), KindAccount, Values{"name": "X"})
			return err
		})
		_, err := b.Save(b.as("Marc"), KindAccount, id, 1, Values{"city": "Caen"})
		b.ok(err)
		_, err = b.team.SetAbsence(b.as("Yann"), absence(b, "Yann", "Sofia"))
		b.ok(err)
		_, err = b.Save(b.as("Sofia"), KindAccount, id, 2, Values{"city": "Rouen"})
		b.ok(err)
	})
}

func TestARecordIsFoundByWhatPeopleKnowOfIt(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		account := b.make("Yann", KindAccount, Values{"name": "Laiteries du Bocage", "siren": "552100554", "website": "www.bocage.example"})
		contact := b.make("Yann", KindContact, Values{"given": "Éloïse", "family": "Fontaine", "account": account, "emails": "e.fontaine@bocage.example", "phones": "06 12 34 56 78"})
		find := func(text string) map[string]bool {
			out := map[string]bool{}
			ctx := b.as("Camille")
			b.ok(b.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
				res, err := search.Find(ctx, r, search.Query{Scope: scopeOf(ctx), Text: text, Kinds: []string{"account", "contact"}})
				for _, h := range res.Hits {
					out[h.ID] = true
				}
				return err
			}))
			return out
		}
		for text, want := range map[string]string{"eloise": contact, "fontain": contact, "e.fontaine@bocage.example": contact, "0612345678": contact, "+33612345678": contact,
			"bocage": account, "552100554": account, "bocage.example": account} {
			if !find(text)[want] {
				t.Errorf("%q does not find it", text)
			}
		}
		_, err := b.Save(b.as("Yann"), KindContact, contact, 1, Values{"family": "Durand"})
		b.ok(err)
		if !find("e.fontaine@bocage.example")[contact] || !find("durand")[contact] || find("eloise fontaine")[contact] {
			t.Error("the new name is not found")
		}
	})
}
