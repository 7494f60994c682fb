package db

import (
	"context"

	"unisson/internal/platform/errs"
)

// Setting reads one fact about this installation; an absent one is "".
func Setting(ctx context.Context, r Reader, key string) (string, error) {
	v, err := One(ctx, r, Value[string], `select value from settings where key = $1`, key)
	if errs.Is(err, errs.KindNotFound) {
		return "", nil
	}
	return v, err
}

// SetSetting writes one fact about this installation.
func SetSetting(ctx context.Context, tx Tx, key, value string) error {
	_, err := tx.Exec(ctx, `insert into settings (key, value, updated_at) values ($1, $2, $3)
		on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at`, key, value, tx.Now())
	return err
}
