package auth

import (
	"context"
	"strings"

	"unisson/internal/platform/db"
)

type tokenRow struct {
	APIToken
	scopes string
}

func (t tokenRow) token() APIToken {
	t.Scopes = strings.Fields(t.scopes)
	return t.APIToken
}

const tokenColumns = `t.id, t.user_id, t.name, t.hint, t.scopes, t.created_at, t.expires_at, t.used_at, t.revoked_at`

func (t *tokenRow) targets() []any {
	return []any{&t.ID, &t.UserID, &t.Name, &t.Hint, &t.scopes, &t.CreatedAt, &t.ExpiresAt, &t.UsedAt, &t.RevokedAt}
}

func scanToken(row db.Row) (t tokenRow, err error) {
	err = row.Scan(t.targets()...)
	return t, err
}

// selectToken reads a token and its person by the hash of its key, also one that
// is revoked or has expired.
func selectToken(ctx context.Context, r db.Reader, hash string) (tokenRow, userRow, error) {
	type both struct {
		token tokenRow
		user  userRow
	}
	b, err := db.One(ctx, r, func(row db.Row) (b both, err error) {
		var roles string
		err = row.Scan(append(b.token.targets(), b.user.targets(&roles)...)...)
		b.user.done(roles)
		return b, err
	}, `select `+tokenColumns+`, `+userColumns+` from api_tokens t join users u on u.id = t.user_id
		where t.token_hash = $1`, hash)
	return b.token, b.user, err
}

func selectTokenByID(ctx context.Context, r db.Reader, id string, now db.Time) (tokenRow, error) {
	return db.One(ctx, r, scanToken, `select `+tokenColumns+` from api_tokens t where t.id = $1 and t.revoked_at is null and t.expires_at > $2`, id, now)
}

func selectTokens(ctx context.Context, r db.Reader, userID string) ([]tokenRow, error) {
	return db.All(ctx, r, scanToken, `select `+tokenColumns+` from api_tokens t where t.user_id = $1 order by t.created_at desc, t.id limit 100`, userID)
}

func countTokens(ctx context.Context, r db.Reader, userID string, now db.Time) (int, error) {
	return db.One(ctx, r, db.Value[int], `select count(*) from api_tokens where user_id = $1 and revoked_at is null and expires_at > $2`, userID, now)
}

func insertToken(ctx context.Context, tx db.Tx, t APIToken, hash string) error {
	_, err := tx.Exec(ctx, `insert into api_tokens (id, user_id, name, hint, token_hash, scopes, created_at, expires_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, t.ID, t.UserID, t.Name, t.Hint, hash, strings.Join(t.Scopes, " "), t.CreatedAt, t.ExpiresAt)
	return err
}

func revokeToken(ctx context.Context, tx db.Tx, id string) error {
	_, err := tx.Exec(ctx, `update api_tokens set revoked_at = $1 where id = $2 and revoked_at is null`, tx.Now(), id)
	return err
}

func revokeTokensOf(ctx context.Context, tx db.Tx, userID string) ([]string, error) {
	return db.All(ctx, tx.Reader, db.Value[string], `update api_tokens set revoked_at = $1 where user_id = $2 and revoked_at is null returning id`, tx.Now(), userID)
}

func touchToken(ctx context.Context, tx db.Tx, id string) error {
	_, err := tx.Exec(ctx, `update api_tokens set used_at = $1 where id = $2`, tx.Now(), id)
	return err
}
