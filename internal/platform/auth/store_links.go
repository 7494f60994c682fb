package auth

import (
	"context"

	"unisson/internal/platform/db"
)

func insertLink(ctx context.Context, tx db.Tx, userID, purpose, hash string, expires db.Time) error {
	_, err := tx.Exec(ctx, `insert into mail_links (id, user_id, purpose, token_hash, expires_at, created_at) values ($1, $2, $3, $4, $5, $6)`,
		db.NewID(), userID, purpose, hash, expires, tx.Now())
	return err
}

// voidLinks ends the unused links of a person; an empty purpose ends all.
func voidLinks(ctx context.Context, tx db.Tx, userID, purpose string) error {
	_, err := tx.Exec(ctx, `update mail_links set used_at = $1 where user_id = $2 and used_at is null and (purpose = $3 or $3 = '')`, tx.Now(), userID, purpose)
	return err
}

func selectLinkOwner(ctx context.Context, r db.Reader, purpose, hash string, now db.Time) (string, error) {
	return db.One(ctx, r, db.Value[string], `select user_id from mail_links where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3`,
		hash, purpose, now)
}

// useLink uses a link up; false when another one was quicker.
func useLink(ctx context.Context, tx db.Tx, hash string) (bool, error) {
	n, err := tx.Exec(ctx, `update mail_links set used_at = $1 where token_hash = $2 and used_at is null`, tx.Now(), hash)
	return n == 1, err
}

func deleteOldLinks(ctx context.Context, tx db.Tx, before db.Time) error {
	_, err := tx.Exec(ctx, `delete from mail_links where expires_at < $1`, before)
	return err
}

func voidAllLinks(ctx context.Context, tx db.Tx) error {
	_, err := tx.Exec(ctx, `update mail_links set used_at = $1 where used_at is null`, tx.Now())
	return err
}
