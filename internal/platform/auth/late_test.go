package auth_test

import (
	"context"
	"testing"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
)

func TestAPasswordHashedBeforeSomebodyWasShutOutLetsNobodyIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		u := h.user("lea@example.org")
		ok(t, h.auth.Disable(system(), u.ID))
		ok(t, h.db.Write(ctx(), func(ctx context.Context, tx db.Tx) error {
			done, err := auth.UpdatePassword(ctx, tx, u.ID, "late")
			if done {
				t.Error("the late password was written")
			}
			return err
		}))
		if u = h.user("lea@example.org"); u.Status != auth.Disabled {
			t.Errorf("he is %q again", u.Status)
		}
	})
}
