package mail_test

import (
	"context"
	"strings"
	"testing"

	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
)

func TestThePrivacyHolderExportsAndForgetsThePersonsMails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := &queue{}
		s := service(t, d, q, nil)
		write := func(fn func(ctx context.Context, tx db.Tx) error) {
			t.Helper()
			if err := d.Write(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		write(func(ctx context.Context, tx db.Tx) error {
			_, err := tx.Exec(ctx, `insert into users (id, email, email_key, given_name, family_name, name_key, sort_key, status, language, time_zone, created_at, updated_at)
				values ('u1', 'zoe@exemple.test', 'zoe@exemple.test', 'Zoé', 'x', 'x', 'x', 'active', 'fr', 'UTC', $1, $1)`, tx.Now())
			return err
		})
		mine, other := reset(), reset()
		other.To = "yann@exemple.test"
		waiting := send(t, d, s, q, mine)
		left := send(t, d, s, q, other)
		var out strings.Builder
		if err := d.Read(t.Context(), func(ctx context.Context, r db.Reader) error { return s.Holder().Export(ctx, r, "u1", &out) }); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), waiting) || strings.Contains(out.String(), left) || strings.Contains(out.String(), "jeton-secret") {
			t.Errorf("%s", out.String())
		}
		write(func(ctx context.Context, tx db.Tx) error { return s.Holder().Erase(ctx, tx, "u1") })
		if all := outbox(t, d, s); len(all) != 1 || all[0].ID != left {
			t.Errorf("%+v", all)
		}
		if err := s.Deliver(t.Context(), waiting); err != nil {
			t.Errorf("the job of a forgotten mail: %v", err)
		}
	})
}
