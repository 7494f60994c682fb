package api

import (
	"context"
	"encoding/json"

	"unisson/internal/platform/db"
)

// kept is one remembered request and its answer.
type kept struct {
	User, Key, Request string
	answer             answer
}

// reserve claims the key for this request and tells whether it is new. An
// expired row is forgotten first, so that its key is new again.
func reserve(ctx context.Context, tx db.Tx, k kept, now, oldest db.Time) (bool, error) {
	if _, err := tx.Exec(ctx, `delete from idempotency_keys where user_id = $1 and key_hash = $2 and created_at < $3`, k.User, k.Key, oldest); err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `insert into idempotency_keys (user_id, key_hash, request_hash, status, headers, body, created_at)
		values ($1, $2, $3, 0, '', '', $4) on conflict (user_id, key_hash) do nothing`, k.User, k.Key, k.Request, now)
	return n == 1, err
}

func fill(ctx context.Context, tx db.Tx, k kept) error {
	headers, err := json.Marshal(k.answer.header)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update idempotency_keys set status = $3, headers = $4, body = $5 where user_id = $1 and key_hash = $2`,
		k.User, k.Key, k.answer.status, string(headers), k.answer.body.String())
	return err
}

func find(ctx context.Context, r db.Reader, k kept) (kept, error) {
	return db.One(ctx, r, func(row db.Row) (kept, error) {
		out := kept{User: k.User, Key: k.Key}
		var headers, body string
		if err := row.Scan(&out.Request, &out.answer.status, &headers, &body); err != nil {
			return out, err
		}
		out.answer.body.WriteString(body)
		return out, json.Unmarshal([]byte(headers), &out.answer.header)
	}, `select request_hash, status, headers, body from idempotency_keys where user_id = $1 and key_hash = $2`, k.User, k.Key)
}

// Sweep forgets answers older than oldest; a schedule calls it.
func Sweep(ctx context.Context, tx db.Tx, oldest db.Time) (int64, error) {
	return tx.Exec(ctx, `delete from idempotency_keys where created_at < $1`, oldest)
}
