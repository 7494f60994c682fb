package notify

import (
	"context"
	"encoding/json"
	"time"

	"unisson/internal/platform/db"
)

const itemColumns = `n.id, n.user_id, n.kind, n.params, n.url, n.urgency, n.voice, n.created_at, n.read_at, n.told_at`

func scanItem(row db.Row) (it Item, err error) {
	var params string
	if err = row.Scan(&it.ID, &it.UserID, &it.Kind, &params, &it.URL, &it.Urgency, &it.Voice, &it.CreatedAt, &it.ReadAt, &it.ToldAt); err != nil {
		return it, err
	}
	err = json.Unmarshal([]byte(params), &it.Params)
	return it, err
}

// insertNotice tells whether the row is new: one of its key may be there already.
func insertNotice(ctx context.Context, tx db.Tx, it Item, key, params string) (bool, error) {
	n, err := tx.Exec(ctx, `insert into notices (id, user_id, key, kind, params, url, urgency, voice, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (user_id, key) do nothing`,
		it.ID, it.UserID, key, it.Kind, params, it.URL, it.Urgency, it.Voice, it.CreatedAt)
	return n == 1, err
}

func items(ctx context.Context, r db.Reader, userID string, unreadOnly bool, after string, limit int) ([]Item, error) {
	where := `where n.user_id = $1 and ($2 = '' or n.id < $2)`
	if unreadOnly {
		where += ` and n.read_at is null`
	}
	return db.All(ctx, r, scanItem, `select `+itemColumns+` from notices n `+where+` order by n.id desc limit $3`, userID, after, limit)
}

func itemByID(ctx context.Context, r db.Reader, userID, id string) (Item, error) {
	return db.One(ctx, r, scanItem, `select `+itemColumns+` from notices n where n.user_id = $1 and n.id = $2`, userID, id)
}

// countUnread counts no further than limit.
func countUnread(ctx context.Context, r db.Reader, userID string, limit int) (int, error) {
	return db.One(ctx, r, db.Value[int], `select count(*) from (select 1 from notices where user_id = $1 and read_at is null limit $2) as s`, userID, limit)
}

func setRead(ctx context.Context, tx db.Tx, userID, id string, at db.Time) (int64, error) {
	return tx.Exec(ctx, `update notices set read_at = $3 where user_id = $1 and id = $2`, userID, id, at)
}

func setAllRead(ctx context.Context, tx db.Tx, userID string, at db.Time) (int64, error) {
	return tx.Exec(ctx, `update notices set read_at = $2 where user_id = $1 and read_at is null`, userID, at)
}

// setUnreadSince takes back what was marked as read at one instant.
func setUnreadSince(ctx context.Context, tx db.Tx, userID string, at db.Time) (int64, error) {
	return tx.Exec(ctx, `update notices set read_at = null where user_id = $1 and read_at = $2`, userID, at)
}

// untold are the notices that no mail has said and that were not read, oldest first, up to an instant and of the given
// urgencies.
func untold(ctx context.Context, r db.Reader, userID string, until db.Time, urgencies []Urgency, limit int) ([]Item, error) {
	args := append([]any{userID, until, limit}, db.Args(urgencies)...)
	return db.All(ctx, r, scanItem, `select `+itemColumns+` from notices n
		where n.user_id = $1 and n.read_at is null and n.told_at is null and n.created_at <= $2 and n.urgency in (`+db.In(4, len(urgencies))+`)
		order by n.id limit $3`, args...)
}

// tell marks notices as told, those that nobody else has told meanwhile, and counts them.
func tell(ctx context.Context, tx db.Tx, ids []string) (int64, error) {
	args := append([]any{tx.Now()}, db.Args(ids)...)
	return tx.Exec(ctx, `update notices set told_at = $1 where told_at is null and id in (`+db.In(2, len(ids))+`)`, args...)
}

// tellRest marks what a digest had no room for: it stands in the inbox, which the digest says.
func tellRest(ctx context.Context, tx db.Tx, userID string, until db.Time) (int64, error) {
	return tx.Exec(ctx, `update notices set told_at = $2 where user_id = $1 and told_at is null and read_at is null and created_at <= $3`,
		userID, tx.Now(), until)
}

// insertDigest tells whether the person has had no digest that day.
func insertDigest(ctx context.Context, tx db.Tx, userID, day string, notices int) (bool, error) {
	n, err := tx.Exec(ctx, `insert into notify_digests (user_id, day, notices, created_at) values ($1, $2, $3, $4)
		on conflict (user_id, day) do nothing`, userID, day, notices, tx.Now())
	return n == 1, err
}

// person is who is told, and how.
type person struct {
	ID, Email, GivenName, FamilyName, Language string
	Zone                                       *time.Location
	Preferences
}

const personColumns = `u.id, u.email, u.given_name, u.family_name, u.language, u.time_zone,
	p.digest, p.digest_hour, p.direct_mail, p.quiet, p.quiet_from, p.quiet_to`

func scanPerson(row db.Row) (p person, err error) { return scanPersonAnd(row) }

// scanPersonAnd reads further columns behind those of the person.
func scanPersonAnd(row db.Row, more ...any) (p person, err error) {
	var zone string
	var digest, direct, quiet *bool
	var hour, from, to *int
	columns := []any{&p.ID, &p.Email, &p.GivenName, &p.FamilyName, &p.Language, &zone, &digest, &hour, &direct, &quiet, &from, &to}
	if err = row.Scan(append(columns, more...)...); err != nil {
		return p, err
	}
	p.Preferences = Defaults()
	if digest != nil {
		p.Preferences = Preferences{Digest: *digest, DigestHour: *hour, DirectMail: *direct, Quiet: *quiet, QuietFrom: *from, QuietTo: *to}
	}
	if p.Zone, err = time.LoadLocation(zone); err != nil {
		p.Zone, err = time.UTC, nil // a zone that this machine does not know
	}
	return p, err
}

func personByID(ctx context.Context, r db.Reader, id string, now db.Time) (person, error) {
	return db.One(ctx, r, scanPerson, `select `+personColumns+` from users u left join notify_preferences p on p.user_id = u.id
		where u.status = 'active' and (u.expires_at is null or u.expires_at > $1) and u.id = $2`, now, id)
}

// reader is somebody for whom a digest has something to say.
type reader struct {
	person
	oldest db.Time // untold notice
}

// waiting are people who want a digest and have something to read in it, by id.
func waiting(ctx context.Context, r db.Reader, now db.Time, after string, limit int) ([]reader, error) {
	return db.All(ctx, r, func(row db.Row) (w reader, err error) {
		w.person, err = scanPersonAnd(row, &w.oldest)
		return w, err
	}, `select `+personColumns+`, n.oldest from (
			select user_id, min(created_at) as oldest from notices where read_at is null and told_at is null and user_id > $2 group by user_id
		) as n join users u on u.id = n.user_id left join notify_preferences p on p.user_id = u.id
		where u.status = 'active' and (u.expires_at is null or u.expires_at > $1) and coalesce(p.digest, true) = true
		order by n.user_id limit $3`, now, after, limit)
}

func preferences(ctx context.Context, r db.Reader, userID string) (Preferences, error) {
	return db.One(ctx, r, func(row db.Row) (p Preferences, err error) {
		err = row.Scan(&p.Digest, &p.DigestHour, &p.DirectMail, &p.Quiet, &p.QuietFrom, &p.QuietTo)
		return p, err
	}, `select digest, digest_hour, direct_mail, quiet, quiet_from, quiet_to from notify_preferences where user_id = $1`, userID)
}

func savePreferences(ctx context.Context, tx db.Tx, userID string, p Preferences) error {
	_, err := tx.Exec(ctx, `insert into notify_preferences (user_id, digest, digest_hour, direct_mail, quiet, quiet_from, quiet_to, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (user_id) do update set digest = excluded.digest, digest_hour = excluded.digest_hour, direct_mail = excluded.direct_mail,
		quiet = excluded.quiet, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, updated_at = excluded.updated_at`,
		userID, p.Digest, p.DigestHour, p.DirectMail, p.Quiet, p.QuietFrom, p.QuietTo, tx.Now())
	return err
}

// forget deletes at most limit notices older than an instant.
func forget(ctx context.Context, tx db.Tx, before db.Time, limit int) (int64, error) {
	return tx.Exec(ctx, `delete from notices where id in (select id from notices where created_at < $1 order by created_at, id limit $2)`, before, limit)
}

// forgetDigests drops the promises of days long gone.
func forgetDigests(ctx context.Context, tx db.Tx, before string) (int64, error) {
	return tx.Exec(ctx, `delete from notify_digests where day < $1`, before)
}

func erase(ctx context.Context, tx db.Tx, userID string) error {
	for _, statement := range []string{
		`delete from notices where user_id = $1`, `delete from notify_preferences where user_id = $1`, `delete from notify_digests where user_id = $1`,
	} {
		if _, err := tx.Exec(ctx, statement, userID); err != nil {
			return err
		}
	}
	return nil
}
