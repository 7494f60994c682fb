package auth

import (
	"context"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

type sessionRow struct {
	id, userID, data string
	pendingID        string // who owes a second factor here
	stay             bool
	rights, epoch    int64
	ip, userAgent    string
	createdAt        db.Time
	seenAt           db.Time
	idleUntil        db.Time
	expiresAt        db.Time
}

// idleFrom is when the session ends if it is not used after now.
func (row sessionRow) idleFrom(now db.Time) db.Time {
	idle := now.Add(sessionIdle)
	if row.stay {
		idle = now.Add(sessionIdleStay)
	}
	return min(idle, row.expiresAt)
}

const sessionColumns = `s.id, coalesce(s.user_id, ''), coalesce(s.pending_id, ''), s.data, s.stay, s.rights, s.epoch, s.ip, s.user_agent, s.created_at, s.seen_at, s.idle_until, s.expires_at`

func (row *sessionRow) targets() []any {
	return []any{&row.id, &row.userID, &row.pendingID, &row.data, &row.stay, &row.rights, &row.epoch, &row.ip, &row.userAgent, &row.createdAt, &row.seenAt, &row.idleUntil, &row.expiresAt}
}

func scanSession(row db.Row) (s sessionRow, err error) {
	err = row.Scan(s.targets()...)
	return s, err
}

// selectSession reads a living session and its person; nil while the second
// factor is awaited.
func selectSession(ctx context.Context, r db.Reader, id string, now db.Time) (sessionRow, *userRow, error) {
	type both struct {
		session sessionRow
		user    userRow
	}
	b, err := db.One(ctx, r, func(row db.Row) (b both, err error) {
		var roles string
		err = row.Scan(append(b.session.targets(), b.user.targets(&roles)...)...)
		b.user.done(roles)
		return b, err
	}, `select `+sessionColumns+`, `+userColumns+` from sessions s join users u on u.id = s.user_id
		where s.id = $1 and s.epoch = u.epoch and s.idle_until > $2 and s.expires_at > $2`, id, now)
	if err == nil {
		return b.session, &b.user, nil
	}
	if !errs.Is(err, errs.KindNotFound) {
		return sessionRow{}, nil, err
	}
	row, err := db.One(ctx, r, scanSession, `select `+sessionColumns+` from sessions s
		where s.id = $1 and s.user_id is null and s.idle_until > $2 and s.expires_at > $2`, id, now)
	return row, nil, err
}

func selectSessions(ctx context.Context, r db.Reader, userID string, now db.Time) ([]sessionRow, error) {
	return db.All(ctx, r, scanSession, `select `+sessionColumns+` from sessions s join users u on u.id = s.user_id
		where s.user_id = $1 and s.epoch = u.epoch and s.idle_until > $2 and s.expires_at > $2 order by s.seen_at desc, s.id`, userID, now)
}

func insertSession(ctx context.Context, tx db.Tx, row sessionRow) error {
	_, err := tx.Exec(ctx, `insert into sessions (id, user_id, pending_id, data, stay, rights, epoch, ip, user_agent, created_at, seen_at, idle_until, expires_at)
		values ($1, nullif($2, ''), nullif($3, ''), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		row.id, row.userID, row.pendingID, row.data, row.stay, row.rights, row.epoch, row.ip, row.userAgent, row.createdAt, row.seenAt, row.idleUntil, row.expiresAt)
	return err
}

func updateSession(ctx context.Context, tx db.Tx, row sessionRow) error {
	_, err := tx.Exec(ctx, `update sessions set user_id = nullif($1, ''), data = $2, stay = $3, rights = $4, seen_at = $5, idle_until = $6 where id = $7`,
		row.userID, row.data, row.stay, row.rights, row.seenAt, row.idleUntil, row.id)
	return err
}

func touchSession(ctx context.Context, tx db.Tx, row sessionRow) error {
	_, err := tx.Exec(ctx, `update sessions set seen_at = $1, idle_until = $2 where id = $3`, tx.Now(), row.idleFrom(tx.Now()), row.id)
	return err
}

func deleteSession(ctx context.Context, tx db.Tx, id string) error {
	_, err := tx.Exec(ctx, `delete from sessions where id = $1`, id)
	return err
}

// takeSession ends one session for another that takes its place, and gives its
// epoch; KindNotFound when it was ended already.
func takeSession(ctx context.Context, tx db.Tx, id string) (int64, error) {
	return db.One(ctx, tx.Reader, db.Value[int64], `delete from sessions where id = $1 returning epoch`, id)
}

// endSessions ends all sessions of a person but one, finished, half-finished
// and being opened, and gives the new epoch; an empty id keeps none. ended
// counts the finished ones.
func endSessions(ctx context.Context, tx db.Tx, userID, except string) (ended, epoch int64, err error) {
	if epoch, err = nextEpoch(ctx, tx, userID); err != nil {
		return 0, 0, err
	}
	if ended, err = tx.Exec(ctx, `delete from sessions where user_id = $1 and id <> $2`, userID, except); err != nil {
		return 0, 0, err
	}
	_, err = tx.Exec(ctx, `delete from sessions where pending_id = $1 and id <> $2`, userID, except)
	return ended, epoch, err
}

// keepSession takes a session over into a new epoch; false when it was ended.
func keepSession(ctx context.Context, tx db.Tx, id string, epoch int64) (bool, error) {
	n, err := tx.Exec(ctx, `update sessions set epoch = $1 where id = $2`, epoch, id)
	return n == 1, err
}

func deleteIdleSessions(ctx context.Context, tx db.Tx, now db.Time) error {
	_, err := tx.Exec(ctx, `delete from sessions where idle_until <= $1`, now)
	return err
}

func deleteAllSessions(ctx context.Context, tx db.Tx) error {
	_, err := tx.Exec(ctx, `delete from sessions`)
	return err
}
