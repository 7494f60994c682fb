package customers

import (
	"context"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Face is a record as other capabilities name it and know who may read it. Of a
// merged record it is that of its master.
type Face struct {
	Kind      Kind
	ID        string // of the record asked for
	MasterID  string
	Name      string
	AccountID string // contact: where he mainly works
	City      string
	Unit      string
	Region    string
	Owners    [2]string // in sales, in marketing
	Live      bool      // lists and search may show it
}

// Href is the page of the record.
func (f Face) Href() string { return "/" + string(f.Kind) + "s/" + f.MasterID }

// Faces gives the faces of records by id. What the actor may not read is absent,
// as are erased records and, but for the privacy role, restricted ones.
func (s *Service) Faces(ctx context.Context, k Kind, ids ...string) (map[string]Face, error) {
	var out map[string]Face
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if err = auth.Require(ctx, MayRead); err != nil {
			return err
		}
		a := auth.From(ctx)
		out, err = selectFaces(ctx, r, a.Scope, k, ids, a.Can(MayRestrict))
		return err
	})
	return out, errs.Wrap("faces", err)
}

// Group gives the face of a record and the ids of all records that are one with
// it, its own included.
func (s *Service) Group(ctx context.Context, k Kind, id string) (Face, []string, error) {
	var face Face
	var ids []string
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		found, err := s.Faces(ctx, k, id)
		if err != nil {
			return err
		}
		var ok bool
		if face, ok = found[id]; !ok {
			return errs.NotFound(string(k))
		}
		ids, err = selectGroup(ctx, r, k, face.MasterID)
		return err
	})
	return face, ids, errs.Wrap("group", err)
}

// Contacted is what somebody's last touch was: of a contact, of an account, or
// of both.
type Contacted struct {
	ContactID string
	AccountID string
	At        db.Time
	Evidence  string // how the contact gave a sign of his own (L-13); "" he did not
}

// Touched notes that something happened with customers, in the transaction in
// which it was logged. Nothing goes back: see Settle.
func (s *Service) Touched(ctx context.Context, tx db.Tx, list ...Contacted) error {
	contacts, accounts, evidence := map[string]latest{}, map[string]latest{}, map[string]latest{}
	for _, c := range list {
		later(contacts, c.ContactID, c.At, "")
		later(accounts, c.AccountID, c.At, "")
		if c.Evidence != "" {
			later(evidence, c.ContactID, c.At, c.Evidence)
		}
	}
	err := raise(ctx, tx, KindContact, contacts, false)
	if err == nil {
		err = raise(ctx, tx, KindAccount, accounts, false)
	}
	if err == nil {
		err = raise(ctx, tx, KindContact, evidence, true)
	}
	return errs.Wrap("touched", err)
}

// latest is the last of some instants, and what happened then.
type latest struct {
	at   db.Time
	what string
}

func later(m map[string]latest, id string, at db.Time, what string) {
	if id != "" && at > m[id].at {
		m[id] = latest{at, what}
	}
}

// Settled are the last touches of a contact and an account as they are now, after
// one was put right.
type Settled struct {
	ContactID  string
	ContactAt  db.Time
	EvidenceAt db.Time
	Evidence   string
	AccountID  string
	AccountAt  db.Time
}

// Settle writes them, on the records and on their masters.
func (s *Service) Settle(ctx context.Context, tx db.Tx, l Settled) error {
	if l.ContactID != "" {
		if err := setTouch(ctx, tx, KindContact, l.ContactID, l.ContactAt); err != nil {
			return errs.Wrap("settle", err)
		}
		if err := setEvidence(ctx, tx, l.ContactID, l.EvidenceAt, l.Evidence); err != nil {
			return errs.Wrap("settle", err)
		}
	}
	if l.AccountID == "" {
		return nil
	}
	return errs.Wrap("settle", setTouch(ctx, tx, KindAccount, l.AccountID, l.AccountAt))
}
