package access

import (
	"context"
	"encoding/json"
	"io"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/registry"
)

// Holder tells what is kept about a person's account: who he is, where he is
// signed in, his keys and the security log, without any secret; and forgets it.
// It is erased after all others: letters are found by the address it holds.
func Holder(s *auth.Service) registry.Holder {
	return registry.Holder{Name: "access", Tables: auth.PersonalTables(),
		Export: func(ctx context.Context, r db.Reader, personID string, w io.Writer) error {
			held, err := s.Held(ctx, r, personID)
			if err != nil {
				return err
			}
			enc := json.NewEncoder(w)
			enc.SetIndent("", "  ")
			return enc.Encode(held)
		},
		Erase: s.Forget,
	}
}
