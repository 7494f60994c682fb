package timeline

import (
	"context"

	"unisson/internal/customers"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/search"
)

// Touch reads one touch that the actor may read. One that was put right gives
// what stands in its place; one that was taken back is not found, but by Restore.
func (s *Service) Touch(ctx context.Context, id string) (Told, error) {
	var out Told
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		t, _, err := s.found(ctx, r, id)
		if err != nil {
			return err
		}
		if t, err = s.head(ctx, r, t); err != nil {
			return err
		}
		if t.Withdrawn {
			return errs.NotFound("touch")
		}
		told, err := s.told(ctx, []Touch{t})
		if err != nil {
			return err
		}
		if len(told) == 0 {
			return errs.NotFound("touch")
		}
		out = told[0]
		return nil
	})
	return out, errs.Wrap("touch", err)
}

// found reads a touch as it was logged, with the face of its customer.
func (s *Service) found(ctx context.Context, r db.Reader, id string) (Touch, customers.Face, error) {
	list, err := selectTouches(ctx, r, auth.From(ctx).UserID, id)
	if err != nil {
		return Touch{}, customers.Face{}, err
	}
	if len(list) == 0 {
		return Touch{}, customers.Face{}, errs.NotFound("touch")
	}
	t := list[0]
	kind, record := customers.KindContact, t.ContactID
	if record == "" {
		kind, record = customers.KindAccount, t.AccountID
	}
	faces, err := s.customers.Faces(ctx, kind, record)
	if err != nil {
		return t, customers.Face{}, err
	}
	face, ok := faces[record]
	if !ok {
		return t, face, errs.NotFound("touch")
	}
	return t, face, nil
}

// head follows corrections to the last one.
func (s *Service) head(ctx context.Context, r db.Reader, t Touch) (Touch, error) {
	for range 1000 { // nobody corrects so often; and no circle is followed for ever
		next, err := selectSuccessors(ctx, r, []Touch{t})
		if err != nil || next[t.ID] == "" {
			return t, err
		}
		list, err := selectTouches(ctx, r, auth.From(ctx).UserID, next[t.ID])
		if err != nil {
			return t, err
		}
		if len(list) == 0 {
			return t, errs.NotFound("touch") // it became private
		}
		t = list[0]
	}
	return t, nil
}

// mayChange tells whether the actor may put a touch right: his own, or as a head
// that of others. A private one is its author's.
func mayChange(a auth.Actor, t *Touch) bool {
	own := a.UserID != "" && (t.ByID == a.UserID || t.CreatedBy == a.UserID && !t.Private)
	return own && a.Can(MayLog) || !t.Private && a.Can(MayCorrectAny)
}

// Change is what may be put right in a touch. Whom it concerns is not: it is
// taken back and logged anew.
type Change struct {
	At        db.Time
	Kind      Kind
	Direction Direction
	Joint     bool // sales and marketing together
	Subject   string
	Body      string
	FollowOn  string
	Private   bool
}

// ChangeOf is what stands in a touch.
func ChangeOf(t *Touch) Change {
	return Change{t.At, t.Kind, t.Direction, t.Voice == Both, t.Subject, t.Body, t.FollowOn, t.Private}
}

// Correct puts a touch right: a new one stands in its place, the old one stays.
// It gives the id of the new one. When somebody else did so first, it is a
// conflict.
func (s *Service) Correct(ctx context.Context, id string, c Change) (string, error) {
	var out string
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		old, face, err := s.changeable(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		t := old
		t.At, t.Kind, t.Direction, t.Subject, t.Body, t.FollowOn, t.Private = c.At, c.Kind, c.Direction, c.Subject, c.Body, c.FollowOn, c.Private
		if err := s.voice(ctx, &t, c.Joint, &old); err != nil {
			return err
		}
		if t.Private && !old.Private && t.ByID != auth.From(ctx).UserID {
			return errs.Forbidden("") // nobody hides what another has told
		}
		t.tidy()
		if err := t.Check(tx.Now().Go()); err != nil {
			return err
		}
		out, err = s.replace(ctx, tx, &old, t, face)
		return err
	})
	return out, errs.Wrap("correct touch", err)
}

// voice finds for whom a corrected touch speaks: as before, unless who turned to
// whom, or whether it was done together, has changed.
func (s *Service) voice(ctx context.Context, t *Touch, joint bool, old *Touch) error {
	switch {
	case joint:
		t.Voice = Both
	case old.Voice == Both || old.Voice == Customer && t.Direction != In:
		t.Voice = ""
		people, err := s.team.People(ctx, []string{t.ByID})
		if err != nil || len(people) == 0 {
			return err
		}
		t.Voice = voiceOf(people[0])
	}
	return nil
}

// Withdraw takes a touch back. It is no longer shown, and Restore brings it back.
func (s *Service) Withdraw(ctx context.Context, id string) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		old, face, err := s.changeable(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		t := old
		t.Withdrawn = true
		_, err = s.replace(ctx, tx, &old, t, face)
		return err
	})
	return errs.Wrap("withdraw touch", err)
}

// Restore makes a touch stand again as it was logged, whatever put it right or
// took it back since. It gives the id under which it stands.
func (s *Service) Restore(ctx context.Context, id string) (string, error) {
	var out string
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayLog); err != nil {
			return err
		}
		was, face, err := s.found(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		if !mayChange(auth.From(ctx), &was) {
			return errs.Forbidden("")
		}
		now, err := s.head(ctx, tx.Reader, was)
		if err != nil {
			return err
		}
		if now.ID == was.ID || was.Withdrawn {
			return errs.Conflict("timeline.errors.corrected")
		}
		out, err = s.replace(ctx, tx, &now, was, face)
		return err
	})
	return out, errs.Wrap("restore touch", err)
}

// changeable reads a touch that stands and that the actor may put right.
func (s *Service) changeable(ctx context.Context, r db.Reader, id string) (Touch, customers.Face, error) {
	if err := auth.Require(ctx, MayLog); err != nil {
		return Touch{}, customers.Face{}, err
	}
	t, face, err := s.found(ctx, r, id)
	if err != nil {
		return t, face, err
	}
	if !mayChange(auth.From(ctx), &t) {
		return t, face, errs.Forbidden("")
	}
	next, err := selectSuccessors(ctx, r, []Touch{t})
	if err != nil {
		return t, face, err
	}
	if next[t.ID] != "" || t.Withdrawn {
		return t, face, errs.Conflict("timeline.errors.corrected")
	}
	return t, face, nil
}

// replace writes t in the place of old.
func (s *Service) replace(ctx context.Context, tx db.Tx, old *Touch, t Touch, face customers.Face) (string, error) {
	t.ID, t.Corrects, t.Once, t.External = db.NewID(), old.ID, "", ""
	t.CreatedAt, t.CreatedBy = tx.Now(), auth.From(ctx).UserID
	fresh, err := insertTouch(ctx, tx, &t)
	if err != nil {
		return "", err
	}
	if !fresh {
		return "", errs.Conflict("timeline.errors.corrected")
	}
	if err := search.Delete(ctx, tx, SearchKind, old.ID); err != nil {
		return "", err
	}
	if err := s.index(ctx, tx, &t, face); err != nil {
		return "", err
	}
	switch {
	case t.Private && old.Private:
		return t.ID, nil
	case t.Withdrawn || t.Private:
		return t.ID, s.bus.Publish(ctx, tx, TouchWithdrawn{TouchID: old.ID, ContactID: t.ContactID, AccountID: t.AccountID})
	}
	return t.ID, s.bus.Publish(ctx, tx, TouchCorrected{TouchID: t.ID, Corrects: old.ID, ContactID: t.ContactID, AccountID: t.AccountID})
}

// Last gives the last touches of a contact and an account, all records that are
// one with them included: what customers keep of them.
func (s *Service) Last(ctx context.Context, r db.Reader, contact, account string) (customers.Settled, error) {
	out := customers.Settled{ContactID: contact, AccountID: account}
	ctx = auth.AsSystem(ctx)
	if contact != "" {
		_, ids, err := s.customers.Group(ctx, customers.KindContact, contact)
		if err != nil {
			return out, errs.Wrap("last touch", err)
		}
		last, err := selectLast(ctx, r, ofContact, false, ids)
		if err != nil {
			return out, errs.Wrap("last touch", err)
		}
		sign, err := selectLast(ctx, r, ofContact, true, ids)
		if err != nil {
			return out, errs.Wrap("last touch", err)
		}
		out.ContactAt, out.EvidenceAt, out.Evidence = last.At, sign.At, sign.Evidence()
	}
	if account == "" {
		return out, nil
	}
	_, ids, err := s.customers.Group(ctx, customers.KindAccount, account)
	if err != nil {
		return out, errs.Wrap("last touch", err)
	}
	last, err := selectLast(ctx, r, ofAccount, false, ids)
	out.AccountAt = last.At
	return out, errs.Wrap("last touch", err)
}
