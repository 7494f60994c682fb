package mail

import (
	"context"
	"encoding/json"
	"io"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/registry"
)

// Holder tells which mails went to a person's present address, without their texts, and forgets them; one that has
// not left yet will not.
func (s *Service) Holder() registry.Holder {
	return registry.Holder{
		Name: "mail", Tables: []string{"mails"},
		Export: func(ctx context.Context, r db.Reader, personID string, w io.Writer) error {
			list, err := mailsOf(ctx, r, personID)
			if err != nil {
				return errs.Wrap("export mails", err)
			}
			enc := json.NewEncoder(w)
			for _, m := range list {
				if err := enc.Encode(m); err != nil {
					return err
				}
			}
			return nil
		},
		Erase: func(ctx context.Context, tx db.Tx, personID string) error {
			return errs.Wrap("erase mails", eraseMailsOf(ctx, tx, personID))
		},
	}
}
