package auth

import (
	"context"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// AnyUser tells whether anybody can sign in at all; without anybody the program
// offers its first-run set-up.
func (s *Service) AnyUser(ctx context.Context) (any bool, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		any, err = selectAnyUser(ctx, r)
		return err
	})
	return any, err
}

// User reads one person.
func (s *Service) User(ctx context.Context, id string) (User, error) {
	var u userRow
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		u, err = selectUser(ctx, r, id)
		return err
	})
	return u.User, errs.Wrap("user", err)
}

// UserByEmail reads the person with an address.
func (s *Service) UserByEmail(ctx context.Context, email string) (User, error) {
	var u userRow
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		u, err = selectUserByEmail(ctx, r, email)
		return err
	})
	return u.User, errs.Wrap("user by address", err)
}

// Users reads some people, sorted by name. Ids that are nobody's are left out.
func (s *Service) Users(ctx context.Context, ids []string) ([]User, error) {
	var rows []userRow
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		rows, err = selectUsers(ctx, r, ids)
		return err
	})
	out := make([]User, len(rows))
	for i, u := range rows {
		out[i] = u.User
	}
	return out, errs.Wrap("users", err)
}

// FirstUser lets the first administrator in, during the first-run set-up. It
// is refused as soon as anybody is there.
func (s *Service) FirstUser(ctx context.Context, n NewUser, password string) (User, error) {
	n.Roles = []Role{Administrator}
	return s.create(AsSystem(ctx), n, password, func(ctx context.Context, tx db.Tx) error {
		if there, err := selectAnyUser(ctx, tx.Reader); err != nil || there {
			if there {
				err = errs.Conflict("auth.error.not_first")
			}
			return err
		}
		return nil
	})
}

// CreateUser lets somebody in at once. An empty password gives an account that
// signs in by the company only (or by a persona of the demonstration).
func (s *Service) CreateUser(ctx context.Context, n NewUser, password string) (User, error) {
	return s.create(ctx, n, password, func(context.Context, db.Tx) error { return nil })
}

func (s *Service) create(ctx context.Context, n NewUser, password string, check func(context.Context, db.Tx) error) (User, error) {
	const op = "create user"
	if err := Require(ctx, ManagePeople); err != nil {
		return User{}, errs.Wrap(op, err)
	}
	u := userRow{User: User{Status: Active}}
	if password != "" {
		var f errs.Fields
		checkPassword(&f, "password", password, n.GivenName, n.FamilyName, n.Email)
		if err := f.Err(); err != nil {
			return User{}, errs.Wrap(op, err)
		}
		var err error
		if u.hash, err = s.hasher.hash(ctx, password); err != nil {
			return User{}, errs.Wrap(op, err)
		}
	}
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := lockRights(ctx, tx); err != nil {
			return err
		}
		if err := check(ctx, tx); err != nil {
			return err
		}
		if err := s.insert(ctx, tx, &u, n); err != nil {
			return err
		}
		if err := s.note(ctx, tx, LogJoined, u.ID, Visit{}, joinRoles(u.Roles)); err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, UserJoined{UserID: u.ID})
	})
	return u.User, errs.Wrap(op, err)
}

// insert checks and writes a new person into u.
func (s *Service) insert(ctx context.Context, tx db.Tx, u *userRow, n NewUser) error {
	if err := n.Clean(s.policy.Roles(), tx.Now().Go()); err != nil {
		return err
	}
	if _, err := selectUserByEmail(ctx, tx.Reader, n.Email); err == nil {
		return errs.Invalid(errs.Field{Name: "email", Code: "auth.error.email_taken"})
	} else if !errs.Is(err, errs.KindNotFound) {
		return err
	}
	u.ID = n.ID
	if u.ID == "" {
		u.ID = db.NewID()
	}
	u.Email, u.GivenName, u.FamilyName, u.Roles = n.Email, n.GivenName, n.FamilyName, n.Roles
	u.ExpiresAt = db.At(n.ExpiresAt)
	u.Prefs = Prefs{Language: n.Language, TimeZone: n.TimeZone}
	if u.Prefs.Language == "" {
		u.Prefs.Language = "en"
	}
	u.HasPassword, u.Rights, u.Version, u.CreatedAt, u.UpdatedAt = u.hash != "", 1, 1, tx.Now(), tx.Now()
	err := insertUser(ctx, tx, *u)
	if db.IsConflict(err) {
		err = errs.Invalid(errs.Field{Name: "email", Code: "auth.error.email_taken"})
	}
	return err
}

// ProfileChange is what may change of a person's identity.
type ProfileChange struct {
	Email      string
	GivenName  string
	FamilyName string
}

// ChangeProfile changes name and address. version is the one that the form
// showed; another one is KindStale. People change their own name; an address,
// which decides who signs in, needs ManagePeople.
func (s *Service) ChangeProfile(ctx context.Context, userID string, version int64, c ProfileChange) (User, error) {
	const op = "change profile"
	var after User
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := ownOrManage(ctx, userID); err != nil {
			return err
		}
		before, err := selectUser(ctx, tx.Reader, userID)
		if err != nil {
			return err
		}
		var f errs.Fields
		c.Email = cleanEmail(&f, c.Email)
		c.GivenName = cleanName(&f, "given_name", c.GivenName)
		c.FamilyName = cleanName(&f, "family_name", c.FamilyName)
		if err := f.Err(); err != nil {
			return err
		}
		moved := emailKey(c.Email) != emailKey(before.Email)
		if moved {
			if err := Require(ctx, ManagePeople); err != nil {
				return err
			}
			if other, err := selectUserByEmail(ctx, tx.Reader, c.Email); err == nil && other.ID != userID {
				return errs.Invalid(errs.Field{Name: "email", Code: "auth.error.email_taken"})
			}
		}
		after = before.User
		after.Email, after.GivenName, after.FamilyName, after.Version = c.Email, c.GivenName, c.FamilyName, version
		changed, err := updateUser(ctx, tx, after)
		if err != nil {
			return err
		}
		if !changed {
			return errs.Stale(before.User)
		}
		after.Version, after.UpdatedAt = version+1, tx.Now()
		if moved {
			if err := s.emailMoved(ctx, tx, before.User, after); err != nil {
				return err
			}
		}
		return s.bus.Publish(ctx, tx, UserChanged{UserID: userID, Before: before.User, After: after})
	})
	return after, errs.Wrap(op, err)
}

// emailMoved ends the links sent to the old address, and tells its reader.
func (s *Service) emailMoved(ctx context.Context, tx db.Tx, before, after User) error {
	if err := voidLinks(ctx, tx, before.ID, ""); err != nil {
		return err
	}
	if err := s.note(ctx, tx, LogEmailChanged, before.ID, Visit{}, before.Email+" → "+after.Email); err != nil {
		return err
	}
	return s.notice(ctx, tx, before, LogEmailChanged, Visit{})
}

func (s *Service) notice(ctx context.Context, tx db.Tx, to User, kind string, v Visit) error {
	if s.letters == nil {
		return nil
	}
	return s.letters.Notice(ctx, tx, to, kind, v)
}

func ownOrManage(ctx context.Context, userID string) error {
	if a := From(ctx); a.Kind == Person && a.UserID == userID {
		return nil
	}
	return Require(ctx, ManagePeople)
}

// SetPrefs keeps how somebody wants to be spoken to: all of p, so a caller that
// changes one thing begins with what stands (Actor.Prefs).
func (s *Service) SetPrefs(ctx context.Context, userID string, p Prefs) error {
	const op = "set preferences"
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := ownOrManage(ctx, userID); err != nil {
			return err
		}
		var f errs.Fields
		if p.clean(&f); f.Err() != nil {
			return f.Err()
		}
		return updatePrefs(ctx, tx, userID, p)
	})
	return errs.Wrap(op, err)
}
