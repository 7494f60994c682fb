package timeline

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"unisson/internal/customers"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/search"
)

// kept is a touch as the person whom it concerns may read it: everything that
// stands about him, corrected, withdrawn and private notes included.
type kept struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	Kind      Kind      `json:"kind"`
	Channel   string    `json:"channel,omitempty"`
	Direction Direction `json:"direction,omitempty"`
	By        string    `json:"by,omitempty"`
	Subject   string    `json:"subject,omitempty"`
	Text      string    `json:"text,omitempty"`
	Source    string    `json:"source_id,omitempty"`
	External  string    `json:"external_id,omitempty"`
	FollowOn  string    `json:"follow_on,omitempty"`
	Private   bool      `json:"private,omitempty"`
	Corrects  string    `json:"corrects,omitempty"`
	Withdrawn bool      `json:"withdrawn,omitempty"`
	LoggedAt  time.Time `json:"logged_at"`
}

func keptOf(list []Touch) []kept {
	out := make([]kept, len(list))
	for i, t := range list {
		out[i] = kept{t.ID, t.At.Go(), t.Kind, t.Channel, t.Direction, t.ByName, t.Subject, t.Body, t.SourceID, t.External, t.FollowOn, t.Private, t.Corrects, t.Withdrawn, t.CreatedAt.Go()}
	}
	return out
}

// ExportContact writes all touches about a contact as JSON, for his request of
// access. Who may ask for it is decided by the caller.
func (s *Service) ExportContact(ctx context.Context, r db.Reader, contactID string, w io.Writer) error {
	_, ids, err := s.customers.Group(auth.AsSystem(ctx), customers.KindContact, contactID)
	if err != nil {
		return errs.Wrap("export touches", err)
	}
	list, err := selectAbout(ctx, r, ids)
	if err != nil {
		return errs.Wrap("export touches", err)
	}
	return errs.Wrap("export touches", write(w, keptOf(list)))
}

func write(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// EraseContact forgets all touches about a contact. It is to be called while his
// records still stand, and says nothing of itself: the caller publishes.
func (s *Service) EraseContact(ctx context.Context, tx db.Tx, contactID string) error {
	_, ids, err := s.customers.Group(auth.AsSystem(ctx), customers.KindContact, contactID)
	if err != nil {
		return errs.Wrap("erase touches", err)
	}
	return errs.Wrap("erase touches", s.erase(ctx, tx, ids))
}

// OnContactErased forgets what was left of somebody who is forgotten.
func (s *Service) OnContactErased(ctx context.Context, tx db.Tx, f customers.ContactErased) error {
	return errs.Wrap("erase touches", s.erase(ctx, tx, []string{f.ContactID}))
}

func (s *Service) erase(ctx context.Context, tx db.Tx, contacts []string) error {
	var ids []string
	if err := idsOf(ctx, tx.Reader, ofContact, contacts, func(_, id string) { ids = append(ids, id) }); err != nil {
		return err
	}
	if err := search.Delete(ctx, tx, SearchKind, ids...); err != nil {
		return err
	}
	return deleteAbout(ctx, tx, contacts)
}

// Holder tells a colleague what he logged, and takes his name from it when he is
// forgotten; what he noted for himself goes.
func (s *Service) Holder() registry.Holder {
	return registry.Holder{Name: "timeline", Tables: []string{"touches"},
		Export: func(ctx context.Context, r db.Reader, personID string, w io.Writer) error {
			list, err := selectBy(ctx, r, personID)
			if err != nil {
				return err
			}
			return write(w, map[string]any{"touches": keptOf(list)})
		},
		Erase: func(ctx context.Context, tx db.Tx, personID string) error {
			list, err := selectBy(ctx, tx.Reader, personID)
			if err != nil {
				return err
			}
			var notes []string
			for _, t := range list {
				if t.Private {
					notes = append(notes, t.ID)
				}
			}
			if err := search.Delete(ctx, tx, SearchKind, notes...); err != nil {
				return err
			}
			return forgetAuthor(ctx, tx, personID)
		}}
}
