package auth

import (
	"context"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// AfterRestore ends what a backup would bring back to life, also what was ended
// after it was written: sessions, half-finished sign-ins, links from mails. API
// tokens stay: programs go on, and the guide says to look through them.
func AfterRestore(ctx context.Context, d *db.DB) error {
	err := d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := deleteAllSessions(ctx, tx); err != nil {
			return err
		}
		return voidAllLinks(ctx, tx)
	})
	return errs.Wrap("end access after a restore", err)
}
