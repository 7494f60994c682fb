package customers

import (
	"context"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Needs lists what a customer needs, what still stands first.
func (s *Service) Needs(ctx context.Context, k Kind, id string) ([]Need, error) {
	var out []Need
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		rec, err := s.record(ctx, r, k, id)
		if err != nil {
			return err
		}
		out, err = selectNeeds(ctx, r, rec.ID)
		return err
	})
	return out, errs.Wrap("needs", err)
}

// AddNeed notes what a customer needs.
func (s *Service) AddNeed(ctx context.Context, k Kind, id, body string) (Need, error) {
	n := Need{ID: db.NewID(), RecordID: id, Body: strings.TrimSpace(body), State: NeedOpen, Version: 1}
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if _, _, err := s.mine(ctx, tx, k, id); err != nil {
			return err
		}
		if err := checkNeed(n.Body); err != nil {
			return err
		}
		n.AuthorID, n.CreatedAt, n.UpdatedAt = auth.From(ctx).UserID, tx.Now(), tx.Now()
		if err := insertNeed(ctx, tx, n); err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, RecordsSaved{Kind: k, Changed: []string{id}})
	})
	return n, errs.Wrap("add a need", err)
}

// ChangeNeed writes other words or another state of a need against the version
// it was read at; empty words or no state leave them as they are. A need that
// changed meanwhile is errs.Stale with the *Need as it stands.
func (s *Service) ChangeNeed(ctx context.Context, k Kind, n Need) (Need, error) {
	var saved Need
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if _, _, err := s.mine(ctx, tx, k, n.RecordID); err != nil {
			return err
		}
		stands, err := selectNeed(ctx, tx.Reader, n.RecordID, n.ID)
		if err != nil {
			return err
		}
		if n.Version != 0 && n.Version != stands.Version {
			return errs.Stale(&stands)
		}
		saved = stands
		if body := strings.TrimSpace(n.Body); body != "" {
			saved.Body = body
		}
		if n.State != "" {
			saved.State = n.State
		}
		if !saved.State.Valid() {
			return errs.Malformed("state", "customers.errors.choose")
		}
		if err := checkNeed(saved.Body); err != nil {
			return err
		}
		if saved == stands {
			return nil
		}
		saved.Version, saved.UpdatedAt = stands.Version+1, tx.Now()
		ok, err := updateNeed(ctx, tx, saved, stands.Version)
		if err == nil && !ok {
			err = errs.Stale(&stands)
		}
		if err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, RecordsSaved{Kind: k, Changed: []string{n.RecordID}})
	})
	return saved, errs.Wrap("change a need", err)
}

// AddTags gives a record more tags, and leaves those that it has.
func (s *Service) AddTags(ctx context.Context, k Kind, id, tags string) (int64, error) {
	var version int64
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		rec, sch, err := s.mine(ctx, tx, k, id)
		if err != nil {
			return err
		}
		more := over(rec.Values, Values{"tags": rec.Values["tags"] + "\n" + tags})
		clean, err := s.clean(ctx, tx.Reader, sch, more)
		if err != nil {
			return err
		}
		next := over(rec.Values, Values{"tags": clean["tags"]})
		version, err = s.write(ctx, tx, sch, rec, next, "")
		return err
	})
	return version, errs.Wrap("tag", err)
}

// Consents lists the acts of a person about how he is reached, newest first.
func (s *Service) Consents(ctx context.Context, id string) ([]Consent, error) {
	var out []Consent
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		rec, err := s.record(ctx, r, KindContact, id)
		if err != nil {
			return err
		}
		out, err = selectConsents(ctx, r, rec.ID)
		return err
	})
	return out, errs.Wrap("consents", err)
}

// NoteConsent adds an act of a person: an accord with its proof, a refusal, the
// withdrawal of an accord, or that he was told who keeps this and why. What he
// refuses follows from it at once. Whoever reads a customer and makes records
// may note a refusal, whoever owns the customer: an objection waits for nobody.
func (s *Service) NoteConsent(ctx context.Context, id string, c Consent) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayEdit); err != nil {
			return err
		}
		rec, err := s.record(ctx, tx.Reader, KindContact, id)
		if err != nil {
			return err
		}
		if c.Act == ConsentGiven || c.Act == ConsentInformed {
			if _, _, err := s.mine(ctx, tx, KindContact, id); err != nil {
				return err
			}
		}
		if err := c.check(); err != nil {
			return err
		}
		by := auth.From(ctx)
		c.ID, c.At, c.ByID, c.By = db.NewID(), tx.Now(), by.UserID, by.Name
		if err := insertConsent(ctx, tx, rec.ID, c); err != nil {
			return err
		}
		sch, err := schema(ctx, tx.Reader, KindContact)
		if err != nil {
			return err
		}
		next := over(rec.Values, c.effect(rec.Values, tx.Now().Go().Format("2006-01-02")))
		if err := s.suppress(ctx, tx, rec.Values, next); err != nil {
			return err
		}
		_, err = s.write(ctx, tx, sch, rec, next, "")
		return err
	})
	return errs.Wrap("note a consent", err)
}

// noteRefusals writes down what somebody changed in a form, in the API or by
// undoing: each refusal and each refusal taken back is an act of its own.
func (s *Service) noteRefusals(ctx context.Context, tx db.Tx, k Kind, id string, before, after Values) error {
	if k != KindContact || before["refuses"] == after["refuses"] {
		return nil
	}
	by := auth.From(ctx)
	was, is := lines(before["refuses"]), lines(after["refuses"])
	for _, channel := range Channels() {
		act := ConsentAct("")
		switch had, has := contains(was, channel), contains(is, channel); {
		case has && !had:
			act = ConsentRefused
		case had && !has:
			act = ConsentGiven
		}
		if act == "" {
			continue
		}
		if err := insertConsent(ctx, tx, id, Consent{ID: db.NewID(), At: tx.Now(), Channel: channel, Act: act, Source: "record", ByID: by.UserID, By: by.Name}); err != nil {
			return err
		}
	}
	return s.suppress(ctx, tx, before, after)
}

// suppress keeps what a person refuses under the prints of his addresses and
// numbers, so that whoever makes him anew finds it.
func (s *Service) suppress(ctx context.Context, tx db.Tx, before, after Values) error {
	was, is := lines(before["refuses"]), lines(after["refuses"])
	for _, p := range s.prints(KindContact, after) {
		for _, channel := range Channels() {
			x := suppressed{hash: p.hash, kind: "refused", channel: channel}
			var err error
			switch had, has := contains(was, channel), contains(is, channel); {
			case has:
				err = insertSuppression(ctx, tx, x)
			case had:
				err = deleteSuppression(ctx, tx, x)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Positions lists the further employers of a contact.
func (s *Service) Positions(ctx context.Context, id string) ([]Position, error) {
	var out []Position
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		rec, err := s.record(ctx, r, KindContact, id)
		if err != nil {
			return err
		}
		out, err = selectPositions(ctx, r, rec.ID)
		return err
	})
	return out, errs.Wrap("positions", err)
}

// SetPosition notes a further employer of a contact, or until when he was there.
func (s *Service) SetPosition(ctx context.Context, p Position) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if _, _, err := s.mine(ctx, tx, KindContact, p.ContactID); err != nil {
			return err
		}
		if err := p.check(); err != nil {
			return err
		}
		if _, err := s.record(ctx, tx.Reader, KindAccount, p.AccountID); err != nil {
			return errs.Invalid(errs.Field{Name: "account", Code: "customers.errors.choose"})
		}
		if err := upsertPosition(ctx, tx, p); err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, RecordsSaved{Kind: KindContact, Changed: []string{p.ContactID}})
	})
	return errs.Wrap("set a position", err)
}

// RemovePosition takes a further employer away.
func (s *Service) RemovePosition(ctx context.Context, contactID, accountID string) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if _, _, err := s.mine(ctx, tx, KindContact, contactID); err != nil {
			return err
		}
		n, err := deletePosition(ctx, tx, contactID, accountID)
		if err == nil && n == 0 {
			err = errs.NotFound("position")
		}
		if err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, RecordsSaved{Kind: KindContact, Changed: []string{contactID}})
	})
	return errs.Wrap("remove a position", err)
}
