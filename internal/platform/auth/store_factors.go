package auth

import (
	"context"

	"unisson/internal/platform/db"
)

type factorRow struct {
	userID, secret string
}

func selectFactor(ctx context.Context, r db.Reader, userID string) (factorRow, error) {
	return db.One(ctx, r, func(row db.Row) (f factorRow, err error) {
		err = row.Scan(&f.userID, &f.secret)
		return f, err
	}, `select user_id, secret from user_factors where user_id = $1`, userID)
}

// insertFactor keeps a second factor whose code of a time step was right.
func insertFactor(ctx context.Context, tx db.Tx, userID, sealed string, step int64) error {
	_, err := tx.Exec(ctx, `insert into user_factors (user_id, secret, confirmed_at, last_step, created_at) values ($1, $2, $3, $4, $3)`,
		userID, sealed, tx.Now(), step)
	return err
}

// useStep uses up a time step; false when it, or a newer one, was used before.
func useStep(ctx context.Context, tx db.Tx, userID string, step int64) (bool, error) {
	n, err := tx.Exec(ctx, `update user_factors set last_step = $1 where user_id = $2 and last_step < $1`, step, userID)
	return n == 1, err
}

func deleteFactor(ctx context.Context, tx db.Tx, userID string) error {
	if _, err := tx.Exec(ctx, `delete from recovery_codes where user_id = $1`, userID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `delete from user_factors where user_id = $1`, userID)
	return err
}

func replaceRecovery(ctx context.Context, tx db.Tx, userID string, hashes []string) error {
	if _, err := tx.Exec(ctx, `delete from recovery_codes where user_id = $1`, userID); err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := tx.Exec(ctx, `insert into recovery_codes (user_id, code_hash) values ($1, $2)`, userID, h); err != nil {
			return err
		}
	}
	return nil
}

// useRecovery uses up a recovery code; false when there is none or it was used.
func useRecovery(ctx context.Context, tx db.Tx, userID, hash string) (bool, error) {
	n, err := tx.Exec(ctx, `update recovery_codes set used_at = $1 where user_id = $2 and code_hash = $3 and used_at is null`, tx.Now(), userID, hash)
	return n == 1, err
}

func countRecovery(ctx context.Context, r db.Reader, userID string) (int, error) {
	return db.One(ctx, r, db.Value[int], `select count(*) from recovery_codes where user_id = $1 and used_at is null`, userID)
}
