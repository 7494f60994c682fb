package auth_test

import (
	"context"
	"testing"

	"unisson/internal/app/apptest"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
)

func TestAPasswordHashedBeforeSomebodyWasShutOutLetsNobodyIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := auth.AsSystem(t.Context())
		a := apptest.New(t, d)
		u := a.Person(t, "salesperson")
		if err := a.Auth.Disable(ctx, u.ID); err != nil {
			t.Fatal(err)
		}
		err := d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			done, err := auth.UpdatePassword(ctx, tx, u.ID, "late")
			if done {
				t.Error("the late password was written")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if u, err = a.Auth.User(ctx, u.ID); err != nil || u.Status != auth.Disabled {
			t.Errorf("he is %q again, %v", u.Status, err)
		}
	})
}
