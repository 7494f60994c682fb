package timeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"unisson/internal/customers"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/events"
	"unisson/internal/platform/search"
	"unisson/internal/team"
)

// Service logs what happened with customers and tells it again. Safe for
// concurrent use.
type Service struct {
	db        *db.DB
	bus       *events.Bus
	team      *team.Service
	customers *customers.Service
}

// NewService makes the service.
func NewService(d *db.DB, bus *events.Bus, t *team.Service, c *customers.Service) *Service {
	return &Service{db: d, bus: bus, team: t, customers: c}
}

// Logged is what became of a touch that was sent.
type Logged struct {
	ID       string
	Repeated bool // it was there already, under the same key
}

// onceKey is a key as it is kept: nobody meets that of another, and nobody
// learns it from the table.
func onceKey(user, key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(user + "\x00" + key))
	return hex.EncodeToString(sum[:20])
}

// Log keeps what the actor did with a customer, or heard of him. What is sent
// twice under one key happened once, and gives the same id.
func (s *Service) Log(ctx context.Context, t Touch, key string) (Logged, error) {
	var out Logged
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayLog); err != nil {
			return err
		}
		if len(key) > maxOnce {
			return errs.Malformed("once", "timeline.errors.choose")
		}
		a := auth.From(ctx)
		t.ID, t.Once, t.Corrects, t.Withdrawn = db.NewID(), onceKey(a.UserID, key), "", false
		if t.Once != "" {
			found, err := selectOnce(ctx, tx.Reader, t.Once)
			if err != nil {
				return err
			}
			if id, ok := found[t.Once]; ok {
				out = Logged{id, true}
				return nil
			}
		}
		if err := s.sign(ctx, &t); err != nil {
			return err
		}
		t.CreatedAt, t.CreatedBy = tx.Now(), a.UserID
		if t.At == 0 {
			t.At = tx.Now()
		}
		t.tidy()
		if err := t.Check(tx.Now().Go()); err != nil {
			return err
		}
		face, err := s.place(ctx, &t)
		if err != nil {
			return err
		}
		fresh, err := insertTouch(ctx, tx, &t)
		if err != nil {
			return err
		}
		if !fresh {
			return errs.Conflict("timeline.errors.twice")
		}
		out.ID = t.ID
		return s.tell(ctx, tx, &t, face)
	})
	return out, errs.Wrap("log touch", err)
}

// sign writes who did it, and for which department: the actor's own.
func (s *Service) sign(ctx context.Context, t *Touch) error {
	a := auth.From(ctx)
	t.ByID, t.ByName = a.UserID, a.Name
	if t.Voice == Both {
		return nil
	}
	t.Voice = ""
	me, err := s.team.Self(ctx)
	if err != nil {
		return err
	}
	t.Voice = voiceOf(me)
	if name := me.Name(); name != "" {
		t.ByName = name
	}
	return nil
}

// voiceOf is the voice of somebody's department.
func voiceOf(p team.Person) Voice {
	switch p.Side() {
	case team.Sales:
		return Sales
	case team.Marketing:
		return Marketing
	}
	return ""
}

// place finds the customer of a touch, which the actor must be able to read, and
// gives the face by which the touch is found. It stands on masters from now on.
func (s *Service) place(ctx context.Context, t *Touch) (customers.Face, error) {
	var face customers.Face
	if t.ContactID != "" {
		found, err := s.customers.Faces(ctx, customers.KindContact, t.ContactID)
		if err != nil {
			return face, err
		}
		var ok bool
		if face, ok = found[t.ContactID]; !ok {
			return face, errs.NotFound("contact")
		}
		t.ContactID = face.MasterID
		if t.AccountID == "" {
			t.AccountID = face.AccountID
			return face, nil
		}
	}
	found, err := s.customers.Faces(ctx, customers.KindAccount, t.AccountID)
	if err != nil {
		return face, err
	}
	account, ok := found[t.AccountID]
	if !ok {
		return face, errs.NotFound("account")
	}
	t.AccountID = account.MasterID
	if t.ContactID == "" {
		face = account
	}
	return face, nil
}

// tell makes a new touch findable and known to those who react to it.
func (s *Service) tell(ctx context.Context, tx db.Tx, t *Touch, face customers.Face) error {
	if err := s.index(ctx, tx, t, face); err != nil {
		return err
	}
	if t.Private {
		return nil
	}
	return s.bus.Publish(ctx, tx, logged(t))
}

// SearchKind is the kind under which touches are found.
const SearchKind = "touch"

// index makes a touch findable by those who may read its customer; a private
// one by its author.
func (s *Service) index(ctx context.Context, tx db.Tx, t *Touch, face customers.Face) error {
	if d, ok := docOf(t, face); ok {
		return search.Put(ctx, tx, d)
	}
	return nil
}

func docOf(t *Touch, face customers.Face) (search.Doc, bool) {
	if t.Machine || t.Withdrawn || t.Subject == "" && t.Body == "" {
		return search.Doc{}, false
	}
	d := search.Doc{Kind: SearchKind, ID: t.ID, Title: t.Brief(), Body: t.Body, Customer: true, Unit: face.Unit, Region: face.Region, Owners: face.Owners}
	if t.Private {
		d.Reader = t.ByID
	}
	return d, true
}
