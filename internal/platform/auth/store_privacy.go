package auth

import (
	"context"

	"unisson/internal/platform/db"
)

// selectHeld fills in what stands beside the account, without any secret.
func selectHeld(ctx context.Context, r db.Reader, userID string, h *Held) (err error) {
	passwordAt, err := db.One(ctx, r, db.Value[db.Time], `select password_at from users where id = $1`, userID)
	if err != nil {
		return err
	}
	h.Account.PasswordAt = passwordAt.Go()
	visit := func(row db.Row) (v HeldVisit, err error) {
		var created, seen db.Time
		err = row.Scan(&v.IP, &v.UserAgent, &created, &seen)
		v.CreatedAt, v.SeenAt = created.Go(), seen.Go()
		return v, err
	}
	if h.Sessions, err = db.All(ctx, r, visit, `select ip, user_agent, created_at, seen_at from sessions where user_id = $1 or pending_id = $1 order by created_at, id`, userID); err != nil {
		return err
	}
	if h.Devices, err = db.All(ctx, r, visit, `select '', user_agent, created_at, seen_at from known_devices where user_id = $1 order by created_at, id`, userID); err != nil {
		return err
	}
	if h.Links, err = db.All(ctx, r, func(row db.Row) (l HeldLink, err error) {
		var created, expires, used db.Time
		err = row.Scan(&l.Purpose, &created, &expires, &used)
		l.CreatedAt, l.ExpiresAt, l.UsedAt = created.Go(), expires.Go(), used.Go()
		return l, err
	}, `select purpose, created_at, expires_at, used_at from mail_links where user_id = $1 order by created_at, id`, userID); err != nil {
		return err
	}
	since, err := db.All(ctx, r, db.Value[db.Time], `select confirmed_at from user_factors where user_id = $1 and confirmed_at is not null`, userID)
	if err != nil {
		return err
	}
	for _, at := range since {
		h.Second = &HeldAt{at.Go()}
	}
	if h.Recovery, err = db.One(ctx, r, func(row db.Row) (c HeldRecovery, err error) {
		err = row.Scan(&c.Left, &c.Used)
		return c, err
	}, `select coalesce(sum(case when used_at is null then 1 else 0 end), 0), coalesce(sum(case when used_at is null then 0 else 1 end), 0)
		from recovery_codes where user_id = $1`, userID); err != nil {
		return err
	}
	return selectHeldLog(ctx, r, userID, h)
}

// selectHeldLog reads the lines about a person. From where somebody else acted is
// that one's, not his.
func selectHeldLog(ctx context.Context, r db.Reader, userID string, h *Held) (err error) {
	if h.Log, err = db.All(ctx, r, func(row db.Row) (e HeldEntry, err error) {
		var at db.Time
		err = row.Scan(&at, &e.Kind, &e.ByOther, &e.IP, &e.UserAgent, &e.Detail)
		e.At = at.Go()
		return e, err
	}, `select at, kind, actor_id is not null, case when actor_id is null then ip else '' end, case when actor_id is null then user_agent else '' end, detail
		from security_log where user_id = $1 order by id`, userID); err != nil {
		return err
	}
	h.Did, err = db.All(ctx, r, func(row db.Row) (d HeldDeed, err error) {
		var at db.Time
		err = row.Scan(&at, &d.Kind)
		d.At = at.Go()
		return d, err
	}, `select at, kind from security_log where actor_id = $1 order by id`, userID)
	return err
}

// eraseUser empties a person's row and deletes what only he needed.
func eraseUser(ctx context.Context, tx db.Tx, userID, email string) error {
	for _, q := range []string{
		`delete from sessions where user_id = $1 or pending_id = $1`,
		`delete from recovery_codes where user_id = $1`,
		`delete from user_factors where user_id = $1`,
		`delete from mail_links where user_id = $1`,
		`delete from known_devices where user_id = $1`,
		`delete from api_tokens where user_id = $1`,
		`delete from user_roles where user_id = $1`,
		`update security_log set ip = '', user_agent = '', detail = '' where user_id = $1 or actor_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, userID); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `update users set email = $1, email_key = $1, given_name = $2, family_name = $2, name_key = $3, sort_key = $4, status = 'disabled',
		expires_at = null, language = 'en', time_zone = '', theme = '', keys_off = false, password_hash = '', password_at = null, seen_at = null,
		rights = rights + 1, version = version + 1, updated_at = $5 where id = $6`,
		email, nobody, nameKey(nobody, nobody), sortKey(nobody, nobody), tx.Now(), userID)
	return err
}
