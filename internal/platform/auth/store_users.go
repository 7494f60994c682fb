package auth

import (
	"context"
	"slices"
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

const userColumns = `u.id, u.email, u.given_name, u.family_name, u.status, u.expires_at, u.language, u.time_zone, u.theme, u.keys_off,
	u.password_hash, u.rights, u.epoch, u.seen_at, u.version, u.created_at, u.updated_at,
	coalesce((select string_agg(r.role, ' ' order by r.role) from user_roles r where r.user_id = u.id), ''),
	exists (select 1 from user_factors f where f.user_id = u.id and f.confirmed_at is not null)`

// userRow is a user with what never leaves the package.
type userRow struct {
	User
	hash string
}

// targets are where the userColumns of one row go; done makes the row of them.
func (u *userRow) targets(roles *string) []any {
	return []any{&u.ID, &u.Email, &u.GivenName, &u.FamilyName, &u.Status, &u.ExpiresAt, &u.Prefs.Language, &u.Prefs.TimeZone,
		&u.Prefs.Theme, &u.Prefs.KeysOff, &u.hash, &u.Rights, &u.Epoch, &u.SeenAt, &u.Version, &u.CreatedAt, &u.UpdatedAt, roles, &u.HasFactor}
}

func (u *userRow) done(roles string) {
	u.HasPassword = u.hash != ""
	for _, r := range strings.Fields(roles) {
		u.Roles = append(u.Roles, Role(r))
	}
	slices.Sort(u.Roles)
}

func scanUser(row db.Row) (userRow, error) {
	var u userRow
	var roles string
	err := row.Scan(u.targets(&roles)...)
	u.done(roles)
	return u, err
}

func selectUser(ctx context.Context, r db.Reader, id string) (userRow, error) {
	return db.One(ctx, r, scanUser, `select `+userColumns+` from users u where u.id = $1`, id)
}

func selectUserByEmail(ctx context.Context, r db.Reader, email string) (userRow, error) {
	return db.One(ctx, r, scanUser, `select `+userColumns+` from users u where u.email_key = $1`, emailKey(email))
}

func selectUsers(ctx context.Context, r db.Reader, ids []string) ([]userRow, error) {
	return db.All(ctx, r, scanUser, `select `+userColumns+` from users u where u.id in (`+db.In(1, len(ids))+`) order by u.sort_key, u.id`, db.Args(ids)...)
}

func selectAnyUser(ctx context.Context, r db.Reader) (bool, error) {
	_, err := db.One(ctx, r, db.Value[int], `select 1 from users limit 1`)
	if errs.Is(err, errs.KindNotFound) {
		return false, nil
	}
	return err == nil, err
}

func insertUser(ctx context.Context, tx db.Tx, u userRow) error {
	var passwordAt db.Time
	if u.hash != "" {
		passwordAt = tx.Now()
	}
	_, err := tx.Exec(ctx, `insert into users (id, email, email_key, given_name, family_name, name_key, sort_key, status, expires_at,
		language, time_zone, theme, keys_off, password_hash, password_at, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)`,
		u.ID, u.Email, emailKey(u.Email), u.GivenName, u.FamilyName, nameKey(u.GivenName, u.FamilyName), sortKey(u.GivenName, u.FamilyName),
		u.Status, u.ExpiresAt, u.Prefs.Language, u.Prefs.TimeZone, u.Prefs.Theme, u.Prefs.KeysOff, u.hash, passwordAt, tx.Now())
	if err != nil {
		return err
	}
	return insertRoles(ctx, tx, u.ID, u.Roles)
}

func insertRoles(ctx context.Context, tx db.Tx, userID string, roles []Role) error {
	for _, r := range roles {
		if _, err := tx.Exec(ctx, `insert into user_roles (user_id, role) values ($1, $2)`, userID, r); err != nil {
			return err
		}
	}
	return nil
}

func replaceRoles(ctx context.Context, tx db.Tx, userID string, roles []Role) error {
	if _, err := tx.Exec(ctx, `delete from user_roles where user_id = $1`, userID); err != nil {
		return err
	}
	return insertRoles(ctx, tx, userID, roles)
}

// updateUser writes the columns that people edit, if version still stands. It
// tells whether it did.
func updateUser(ctx context.Context, tx db.Tx, u User) (bool, error) {
	n, err := tx.Exec(ctx, `update users set email = $1, email_key = $2, given_name = $3, family_name = $4, name_key = $5, sort_key = $6,
		version = version + 1, updated_at = $7 where id = $8 and version = $9`,
		u.Email, emailKey(u.Email), u.GivenName, u.FamilyName, nameKey(u.GivenName, u.FamilyName), sortKey(u.GivenName, u.FamilyName),
		tx.Now(), u.ID, u.Version)
	return n == 1, err
}

func updatePrefs(ctx context.Context, tx db.Tx, userID string, p Prefs) error {
	_, err := tx.Exec(ctx, `update users set language = $1, time_zone = $2, theme = $3, keys_off = $4, updated_at = $5 where id = $6`,
		p.Language, p.TimeZone, p.Theme, p.KeysOff, tx.Now(), userID)
	return err
}

// updateRights writes status and end, and makes open sessions renew their token.
func updateRights(ctx context.Context, tx db.Tx, userID string, status Status, expires db.Time) error {
	_, err := tx.Exec(ctx, `update users set status = $1, expires_at = $2, rights = rights + 1, version = version + 1, updated_at = $3 where id = $4`,
		status, expires, tx.Now(), userID)
	return err
}

// updatePassword writes a password and makes somebody active, if he still stands
// as he was read: whoever was shut out while his password was hashed stays out.
func updatePassword(ctx context.Context, tx db.Tx, userID, hash string, was Status) (bool, error) {
	n, err := tx.Exec(ctx, `update users set password_hash = $1, password_at = $2, status = 'active', updated_at = $2 where id = $3 and status = $4`,
		hash, tx.Now(), userID, was)
	return n == 1, err
}

// updateHash replaces a hash by a stronger one of the same password; a password
// changed meanwhile stands.
func updateHash(ctx context.Context, tx db.Tx, userID, old, hash string) error {
	_, err := tx.Exec(ctx, `update users set password_hash = $1 where id = $2 and password_hash = $3`, hash, userID, old)
	return err
}

// updateSeen notes that somebody comes in, if he may and still stands as he was
// read when he proved who he is: a change under way is waited for, and wins.
func updateSeen(ctx context.Context, tx db.Tx, u User) (bool, error) {
	n, err := tx.Exec(ctx, `update users set seen_at = $1 where id = $2 and epoch = $3 and rights = $4 and status = 'active'
		and (expires_at is null or expires_at > $1)`, tx.Now(), u.ID, u.Epoch, u.Rights)
	return n == 1, err
}

// holdEpoch keeps others from beginning a new epoch until the transaction ends;
// false when it has begun already.
func holdEpoch(ctx context.Context, tx db.Tx, userID string, epoch int64) (bool, error) {
	n, err := tx.Exec(ctx, `update users set epoch = epoch where id = $1 and epoch = $2`, userID, epoch)
	return n == 1, err
}

// nextEpoch begins a new epoch of a person.
func nextEpoch(ctx context.Context, tx db.Tx, userID string) (int64, error) {
	return db.One(ctx, tx.Reader, db.Value[int64], `update users set epoch = epoch + 1 where id = $1 returning epoch`, userID)
}

// otherLasting tells whether somebody else holds a role, active and without an
// end. The caller holds lockRights.
func otherLasting(ctx context.Context, r db.Reader, role Role, userID string) (bool, error) {
	_, err := db.One(ctx, r, db.Value[int], `select 1 from users u join user_roles r on r.user_id = u.id
		where r.role = $1 and u.id <> $2 and u.status = 'active' and u.expires_at is null limit 1`, role, userID)
	if errs.Is(err, errs.KindNotFound) {
		return false, nil
	}
	return err == nil, err
}

func selectHolders(ctx context.Context, r db.Reader, role Role, now db.Time) ([]string, error) {
	return db.All(ctx, r, db.Value[string], `select u.id from user_roles x join users u on u.id = x.user_id
		where x.role = $1 and u.status = 'active' and (u.expires_at is null or u.expires_at > $2) order by u.id`, string(role), now)
}
