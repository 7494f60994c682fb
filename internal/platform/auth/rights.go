package auth

import (
	"context"
	"slices"
	"strings"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// SetRoles gives somebody exactly these roles. The last administrator keeps
// his; guests keep an end.
func (s *Service) SetRoles(ctx context.Context, userID string, roles []Role) error {
	return s.changeRights(ctx, "set roles", userID, func(ctx context.Context, tx db.Tx, u *User) error {
		var f errs.Fields
		roles = cleanRoles(&f, roles, s.policy.Roles())
		if slices.Contains(roles, Guest) && u.ExpiresAt.IsZero() {
			f.Add("roles", "auth.error.guest_needs_end")
		}
		if err := f.Err(); err != nil || slices.Equal(roles, u.Roles) {
			return err
		}
		before := u.Roles
		u.Roles = roles
		if err := replaceRoles(ctx, tx, userID, roles); err != nil {
			return err
		}
		if err := s.note(ctx, tx, LogRolesChanged, userID, Visit{}, joinRoles(before)+" → "+joinRoles(roles)); err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, RolesChanged{UserID: userID, Before: before, After: roles})
	})
}

// SetExpiry sets the end of somebody's access; the zero time is never, which
// guests cannot have.
func (s *Service) SetExpiry(ctx context.Context, userID string, end time.Time) error {
	return s.changeRights(ctx, "set expiry", userID, func(ctx context.Context, tx db.Tx, u *User) error {
		if end.IsZero() && slices.Contains(u.Roles, Guest) {
			return errs.Invalid(errs.Field{Name: "expires_at", Code: "auth.error.guest_needs_end"})
		}
		u.ExpiresAt = db.At(end)
		detail := ""
		if !end.IsZero() {
			detail = end.UTC().Format(time.DateOnly)
		}
		if err := s.note(ctx, tx, LogExpiryChanged, userID, Visit{}, detail); err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, ExpiryChanged{UserID: userID})
	})
}

// Disable shuts somebody out at once: sessions, tokens, links, known devices.
// What he did stays.
func (s *Service) Disable(ctx context.Context, userID string) error {
	return s.changeRights(ctx, "disable", userID, func(ctx context.Context, tx db.Tx, u *User) error {
		u.Status = Disabled
		if err := s.endAll(ctx, tx, userID); err != nil {
			return err
		}
		if err := s.note(ctx, tx, LogDisabled, userID, Visit{}, ""); err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, UserDisabled{UserID: userID})
	})
}

// Enable lets a disabled person in again; without a password he is invited anew.
func (s *Service) Enable(ctx context.Context, userID string) error {
	return s.changeRights(ctx, "enable", userID, func(ctx context.Context, tx db.Tx, u *User) error {
		if u.Status != Disabled {
			return nil
		}
		u.Status = Active
		if !u.HasPassword && s.oidc == nil {
			u.Status = Invited
		}
		if err := s.note(ctx, tx, LogEnabled, userID, Visit{}, ""); err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, UserEnabled{UserID: userID})
	})
}

// changeRights runs change on a person under the lock of rights, writes status
// and end, and refuses to leave the house without an administrator.
func (s *Service) changeRights(ctx context.Context, op, userID string, change func(context.Context, db.Tx, *User) error) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := Require(ctx, ManagePeople); err != nil {
			return err
		}
		if err := lockRights(ctx, tx); err != nil {
			return err
		}
		row, err := selectUser(ctx, tx.Reader, userID)
		if err != nil {
			return err
		}
		u := row.User
		if err := change(ctx, tx, &u); err != nil {
			return err
		}
		if u.Status == row.Status && u.ExpiresAt == row.ExpiresAt && slices.Equal(u.Roles, row.Roles) {
			return nil
		}
		led := slices.Contains(row.Roles, Administrator) && row.Acts(tx.Now())
		leads := slices.Contains(u.Roles, Administrator) && u.Status == Active && u.ExpiresAt.IsZero()
		if led && !leads {
			other, err := otherLasting(ctx, tx.Reader, Administrator, userID)
			if err != nil {
				return err
			}
			if !other {
				return errs.Conflict("auth.error.last_administrator")
			}
		}
		return updateRights(ctx, tx, userID, u.Status, u.ExpiresAt)
	})
	return errs.Wrap(op, err)
}

// endAll ends what lets a person in: sessions, tokens, links, devices.
func (s *Service) endAll(ctx context.Context, tx db.Tx, userID string) error {
	if _, _, err := endSessions(ctx, tx, userID, ""); err != nil {
		return err
	}
	if err := s.revokeTokens(ctx, tx, userID); err != nil {
		return err
	}
	if err := voidLinks(ctx, tx, userID, ""); err != nil {
		return err
	}
	return deleteDevices(ctx, tx, userID)
}

func joinRoles(roles []Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, ", ")
}

// HoldersOf lists the ids of those who hold a role and may act now.
func (s *Service) HoldersOf(ctx context.Context, role Role) (ids []string, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		ids, err = selectHolders(ctx, r, role, s.now())
		return err
	})
	return ids, errs.Wrap("holders of a role", err)
}
