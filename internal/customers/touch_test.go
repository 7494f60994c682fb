package customers

import (
	"context"
	"testing"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// merge makes one record part of another, as matching will.
func (b *base) merge(k Kind, from, into string) {
	b.t.Helper()
	b.ok(b.db.Write(b.system(), func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, `update `+layoutOf(k).table+` set master_id = $1, live = false where id = $2`, into, from)
		return err
	}))
}

func (b *base) touched(list ...Contacted) {
	b.t.Helper()
	b.ok(b.db.Write(b.system(), func(ctx context.Context, tx db.Tx) error { return b.Touched(ctx, tx, list...) }))
}

func TestLastTouchOnlyGoesForward(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		acme := b.make("Yann", KindAccount, Values{"name": "Acme"})
		ada := b.make("Yann", KindContact, Values{"family": "Ada", "account": acme})
		early, late := db.At(noon.Add(-48*time.Hour)), db.At(noon.Add(-time.Hour))
		b.touched(Contacted{ContactID: ada, AccountID: acme, At: late}, Contacted{ContactID: ada, At: early, Evidence: "form"})
		b.touched(Contacted{ContactID: ada, AccountID: acme, At: early, Evidence: "call"})
		rec := b.stands(KindContact, ada)
		if rec.LastTouch != late || rec.EvidenceAt != early || rec.Evidence != "form" {
			t.Errorf("contact: %v %v %q", rec.LastTouch, rec.EvidenceAt, rec.Evidence)
		}
		if got := b.stands(KindAccount, acme).LastTouch; got != late {
			t.Errorf("account: %v", got)
		}
		if rec.Version != 1 {
			t.Error("a touch is no edit of the record")
		}
		b.ok(b.db.Write(b.system(), func(ctx context.Context, tx db.Tx) error {
			return b.Settle(ctx, tx, Settled{ContactID: ada, ContactAt: early, AccountID: acme, AccountAt: early})
		}))
		rec = b.stands(KindContact, ada)
		if rec.LastTouch != early || rec.EvidenceAt != 0 || rec.Evidence != "" || b.stands(KindAccount, acme).LastTouch != early {
			t.Errorf("settled: %v %v %q", rec.LastTouch, rec.EvidenceAt, rec.Evidence)
		}
	})
}

func TestTouchOfAMergedRecordShowsOnItsMaster(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		ada := b.make("Yann", KindContact, Values{"family": "Ada"})
		twin := b.make("Yann", KindContact, Values{"family": "Adah"})
		b.merge(KindContact, twin, ada)
		at := db.At(noon.Add(-time.Hour))
		b.touched(Contacted{ContactID: twin, At: at, Evidence: "mail"})
		if rec := b.stands(KindContact, ada); rec.LastTouch != at || rec.EvidenceAt != at {
			t.Errorf("master: %v %v", rec.LastTouch, rec.EvidenceAt)
		}
		face, ids, err := b.Group(b.as("Yann"), KindContact, twin)
		b.ok(err)
		if face.MasterID != ada || face.Name != "Ada" || len(ids) != 2 {
			t.Errorf("group: %+v %v", face, ids)
		}
	})
}

func TestFacesShowNothingThatMayNotBeRead(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		ada := b.make("Yann", KindContact, Values{"family": "Ada"})
		gone := b.make("Yann", KindContact, Values{"family": "Gone"})
		b.ok(b.db.Write(b.system(), func(ctx context.Context, tx db.Tx) error {
			_, err := tx.Exec(ctx, `update contacts set restricted_at = $1, live = false where id = $2`, tx.Now(), gone)
			return err
		}))
		faces, err := b.Faces(b.as("Yann"), KindContact, ada, gone, "unknown")
		b.ok(err)
		if len(faces) != 1 || faces[ada].Name != "Ada" || faces[ada].Owners[0] != b.ids["Yann"] {
			t.Errorf("%+v", faces)
		}
		if faces, err = b.Faces(b.as("Odile"), KindContact, gone); err != nil || len(faces) != 1 {
			t.Errorf("privacy: %+v %v", faces, err)
		}
		if _, _, err := b.Group(b.as("Yann"), KindContact, gone); !errs.Is(err, errs.KindNotFound) {
			t.Errorf("restricted: %v", err)
		}
	})
}
