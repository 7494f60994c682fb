package auth

import (
	"context"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

func selectRecent(ctx context.Context, r db.Reader, id string) ([]db.Time, error) {
	text, err := db.One(ctx, r, db.Value[string], `select recent from throttles where id = $1`, id)
	if errs.Is(err, errs.KindNotFound) {
		return nil, nil
	}
	return readRecent(text), err
}

// lockRecent reads a bucket and keeps others from it until the transaction ends.
func lockRecent(ctx context.Context, tx db.Tx, id string) ([]db.Time, error) {
	text, err := db.One(ctx, tx.Reader, db.Value[string], `insert into throttles (id, recent, updated_at) values ($1, '', $2)
		on conflict (id) do update set updated_at = excluded.updated_at returning recent`, id, tx.Now())
	return readRecent(text), err
}

func updateRecent(ctx context.Context, tx db.Tx, id string, recent []db.Time) error {
	if len(recent) == 0 {
		_, err := tx.Exec(ctx, `delete from throttles where id = $1`, id)
		return err
	}
	_, err := tx.Exec(ctx, `update throttles set recent = $1, updated_at = $2 where id = $3`, writeRecent(recent), tx.Now(), id)
	return err
}

func deleteOldThrottles(ctx context.Context, tx db.Tx, before db.Time) error {
	_, err := tx.Exec(ctx, `delete from throttles where updated_at < $1`, before)
	return err
}

// A browser is known to an account once its owner has signed in there.
func selectDevice(ctx context.Context, r db.Reader, hash, userID string) (bool, error) {
	_, err := db.One(ctx, r, db.Value[int], `select 1 from known_devices where id = $1 and user_id = $2`, hash, userID)
	if errs.Is(err, errs.KindNotFound) {
		return false, nil
	}
	return err == nil, err
}

func insertDevice(ctx context.Context, tx db.Tx, hash, userID, userAgent string) error {
	_, err := tx.Exec(ctx, `insert into known_devices (id, user_id, user_agent, created_at, seen_at) values ($1, $2, $3, $4, $4)
		on conflict (id, user_id) do update set seen_at = excluded.seen_at`,
		hash, userID, userAgent, tx.Now())
	return err
}

// selectAnyDevice tells whether the browser is known to anybody: then its
// cookie is one of ours.
func selectAnyDevice(ctx context.Context, r db.Reader, hash string) (bool, error) {
	_, err := db.One(ctx, r, db.Value[int], `select 1 from known_devices where id = $1 limit 1`, hash)
	if errs.Is(err, errs.KindNotFound) {
		return false, nil
	}
	return err == nil, err
}

func touchDevice(ctx context.Context, tx db.Tx, hash, userID string) error {
	_, err := tx.Exec(ctx, `update known_devices set seen_at = $1 where id = $2 and user_id = $3`, tx.Now(), hash, userID)
	return err
}

func deleteDevices(ctx context.Context, tx db.Tx, userID string) error {
	_, err := tx.Exec(ctx, `delete from known_devices where user_id = $1`, userID)
	return err
}

// deleteOldDevices forgets browsers unused for long.
func deleteOldDevices(ctx context.Context, tx db.Tx, before db.Time) error {
	_, err := tx.Exec(ctx, `delete from known_devices where seen_at < $1`, before)
	return err
}

func deleteOtherDevices(ctx context.Context, tx db.Tx, userID, except string) error {
	_, err := tx.Exec(ctx, `delete from known_devices where user_id = $1 and id <> $2`, userID, except)
	return err
}
