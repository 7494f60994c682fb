package timeline

import (
	"context"

	"unisson/internal/customers"
	"unisson/internal/platform/db"
)

// What customers keep of touches. internal/app/reactions.go says which fact
// calls which.

// NoteContact moves the last touch of a contact and an account forward.
func (s *Service) NoteContact(ctx context.Context, tx db.Tx, f TouchLogged) error {
	return s.customers.Touched(ctx, tx, contacted(f)...)
}

// NoteContacts does so for many at once.
func (s *Service) NoteContacts(ctx context.Context, tx db.Tx, f TouchesLogged) error {
	return s.customers.Touched(ctx, tx, contacted(f.Touches...)...)
}

// SettleCorrected finds the last touch anew after one was put right.
func (s *Service) SettleCorrected(ctx context.Context, tx db.Tx, f TouchCorrected) error {
	return s.settle(ctx, tx, f.ContactID, f.AccountID)
}

// SettleWithdrawn does so after one was taken back.
func (s *Service) SettleWithdrawn(ctx context.Context, tx db.Tx, f TouchWithdrawn) error {
	return s.settle(ctx, tx, f.ContactID, f.AccountID)
}

func (s *Service) settle(ctx context.Context, tx db.Tx, contact, account string) error {
	last, err := s.Last(ctx, tx.Reader, contact, account)
	if err != nil {
		return err
	}
	return s.customers.Settle(ctx, tx, last)
}

// contacted is what customers keep of touches: not of robots.
func contacted(list ...TouchLogged) []customers.Contacted {
	out := make([]customers.Contacted, 0, len(list))
	for _, f := range list {
		if !f.Machine {
			out = append(out, customers.Contacted{ContactID: f.ContactID, AccountID: f.AccountID, At: f.At, Evidence: f.Evidence()})
		}
	}
	return out
}
