package auth

import (
	"context"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// What a link from a mail is for.
const (
	linkReset      = "reset"
	linkInvitation = "invitation"
)

const (
	resetLife      = time.Hour
	invitationLife = 7 * 24 * time.Hour
)

// A mailbox gets few reset mails, however often they are asked for.
func perMailbox() []limit { return []limit{{3, time.Hour}, {8, 24 * time.Hour}} }

// AskReset counts one asking for a reset link, too many from one place being
// KindThrottled, and gives the id of the person to send it to: "" when nobody
// may have one. The caller answers the same to everybody, after putting the
// same job into the queue, so that neither words nor time tell who has an account.
func (s *Service) AskReset(ctx context.Context, email string, v Visit) (userID string, err error) {
	const op = "ask reset"
	if _, err := s.take(ctx, []bucket{{s.bucketID("reset", "address", place(v.IP)), perAddress()}}); err != nil {
		return "", errs.Wrap(op, err)
	}
	u, _, err := s.lookUp(ctx, email, v)
	if err != nil || !u.Acts(s.now()) {
		return "", errs.Wrap(op, err)
	}
	return u.ID, nil
}

// SendReset sends a reset link to a person who may sign in and has not been
// sent too many. Earlier links end. It is meant for a job (see AskReset);
// nobody's id sends nothing.
func (s *Service) SendReset(ctx context.Context, userID string) error {
	const op = "send reset"
	u, err := s.User(ctx, userID)
	if errs.Is(err, errs.KindNotFound) || (err == nil && !u.Acts(s.now())) {
		return nil
	}
	if err != nil {
		return errs.Wrap(op, err)
	}
	if _, err := s.take(ctx, []bucket{{s.bucketID("reset", "mailbox", u.ID), perMailbox()}}); err != nil {
		if errs.Is(err, errs.KindThrottled) {
			return nil
		}
		return errs.Wrap(op, err)
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		link, err := s.newLink(ctx, tx, u.ID, linkReset, resetLife)
		if err != nil {
			return err
		}
		if err := s.note(ctx, tx, LogResetAsked, u.ID, Visit{}, ""); err != nil || s.letters == nil {
			return err
		}
		return s.letters.Reset(ctx, tx, u, link)
	})
	return errs.Wrap(op, err)
}

// newLink makes a link and ends the earlier ones of its purpose.
func (s *Service) newLink(ctx context.Context, tx db.Tx, userID, purpose string, life time.Duration) (string, error) {
	if err := voidLinks(ctx, tx, userID, purpose); err != nil {
		return "", err
	}
	token := newToken()
	err := insertLink(ctx, tx, userID, purpose, s.linkHash(purpose, token), tx.Now().Add(life))
	return s.link("/" + purpose + "/" + token), err
}

func (s *Service) linkHash(purpose, token string) string {
	return s.keys.Hash("link "+purpose, cut(token))
}

// ResetLink makes a reset link for a command of the administrator, who hands it
// on himself. Invited people get an invitation.
func (s *Service) ResetLink(ctx context.Context, userID string) (string, error) {
	const op = "reset link"
	var link string
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := Require(ctx, ManagePeople); err != nil {
			return err
		}
		u, err := selectUser(ctx, tx.Reader, userID)
		if err != nil {
			return err
		}
		switch u.Status {
		case Invited:
			link, err = s.newLink(ctx, tx, userID, linkInvitation, invitationLife)
		case Active:
			link, err = s.newLink(ctx, tx, userID, linkReset, resetLife)
		default:
			return errs.Conflict("auth.error.disabled")
		}
		if err != nil {
			return err
		}
		return s.note(ctx, tx, LogResetAsked, userID, Visit{}, "")
	})
	return link, errs.Wrap(op, err)
}

// Invite lets somebody in who will choose his password by a link from a mail.
func (s *Service) Invite(ctx context.Context, n NewUser) (User, error) {
	const op = "invite"
	u := userRow{User: User{Status: Invited}}
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := Require(ctx, ManagePeople); err != nil {
			return err
		}
		if err := lockRights(ctx, tx); err != nil {
			return err
		}
		if err := s.insert(ctx, tx, &u, n); err != nil {
			return err
		}
		if err := s.sendInvitation(ctx, tx, u.User); err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, UserInvited{UserID: u.ID})
	})
	return u.User, errs.Wrap(op, err)
}

// InviteAgain sends a new invitation; the earlier link ends.
func (s *Service) InviteAgain(ctx context.Context, userID string) error {
	const op = "invite again"
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := Require(ctx, ManagePeople); err != nil {
			return err
		}
		u, err := selectUser(ctx, tx.Reader, userID)
		if err != nil {
			return err
		}
		if u.Status != Invited {
			return errs.Conflict("auth.error.not_invited")
		}
		return s.sendInvitation(ctx, tx, u.User)
	})
	return errs.Wrap(op, err)
}

func (s *Service) sendInvitation(ctx context.Context, tx db.Tx, u User) error {
	link, err := s.newLink(ctx, tx, u.ID, linkInvitation, invitationLife)
	if err != nil {
		return err
	}
	if err := s.note(ctx, tx, LogInvited, u.ID, Visit{}, joinRoles(u.Roles)); err != nil || s.letters == nil {
		return err
	}
	by := ""
	if a := From(ctx); a.UserID != "" {
		by = a.Name
	}
	return s.letters.Invitation(ctx, tx, u, by, link, tx.Now().Add(invitationLife))
}

// errLink is the one answer to a link that is used, replaced, too old or made up.
func errLink() error { return errs.Conflict("auth.error.link") }

// LinkOwner tells whose link a token from a mail is, without using it up.
// purpose is "reset" or "invitation". A link that does not work is KindConflict.
func (s *Service) LinkOwner(ctx context.Context, purpose, token string) (User, error) {
	var u userRow
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		u, err = s.linkOwner(ctx, r, purpose, token)
		return err
	})
	return u.User, errs.Wrap("link owner", err)
}

func (s *Service) linkOwner(ctx context.Context, r db.Reader, purpose, token string) (userRow, error) {
	id, err := selectLinkOwner(ctx, r, purpose, s.linkHash(purpose, token), s.now())
	if errs.Is(err, errs.KindNotFound) {
		return userRow{}, errLink()
	}
	if err != nil {
		return userRow{}, err
	}
	u, err := selectUser(ctx, r, id)
	if err != nil {
		return u, err
	}
	now := s.now()
	invited := u.Status == Invited && (u.ExpiresAt.IsZero() || now < u.ExpiresAt)
	if (purpose == linkReset && !u.Acts(now)) || (purpose == linkInvitation && !invited) {
		return userRow{}, errLink()
	}
	return u, nil
}

// ResetPassword sets a new password by a link from a mail and uses the link up.
// All sessions and API tokens of the person end: whoever knew the old password
// is out. It signs nobody in, so that the second factor is asked for as ever.
func (s *Service) ResetPassword(ctx context.Context, token, password string, v Visit) error {
	const op = "reset password"
	_, err := s.choosePassword(ctx, linkReset, token, password, func(ctx context.Context, tx db.Tx, u User) error {
		if err := s.endAll(ctx, tx, u.ID); err != nil {
			return err
		}
		if err := s.note(ctx, tx, LogPasswordReset, u.ID, v, ""); err != nil {
			return err
		}
		if err := s.notice(ctx, tx, u, LogPasswordReset, v); err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, PasswordChanged{UserID: u.ID, Reset: true})
	})
	return errs.Wrap(op, err)
}

// Join opens an invited account with a password of the person's own, and signs
// him in as far as the second factor allows.
func (s *Service) Join(ctx context.Context, token, password string, v Visit) (Step, error) {
	const op = "join"
	u, err := s.choosePassword(ctx, linkInvitation, token, password, func(ctx context.Context, tx db.Tx, u User) error {
		if err := voidLinks(ctx, tx, u.ID, ""); err != nil {
			return err
		}
		if err := s.note(ctx, tx, LogJoined, u.ID, v, ""); err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, UserJoined{UserID: u.ID})
	})
	if err != nil {
		return "", errs.Wrap(op, err)
	}
	u.Status, u.HasPassword = Active, true
	step, err := s.enter(ctx, u, v, false, "", "invitation")
	return step, errs.Wrap(op, err)
}

// choosePassword checks link and password, hashes outside the transaction, and
// uses the link up inside it: of two at once, one wins.
func (s *Service) choosePassword(ctx context.Context, purpose, token, password string, then func(context.Context, db.Tx, User) error) (User, error) {
	owner, err := s.LinkOwner(ctx, purpose, token)
	if err != nil {
		return owner, err
	}
	var f errs.Fields
	checkPassword(&f, "password", password, owner.GivenName, owner.FamilyName, owner.Email)
	if err := f.Err(); err != nil {
		return owner, err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return owner, err
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		u, err := s.linkOwner(ctx, tx.Reader, purpose, token)
		if err != nil {
			return err
		}
		used, err := useLink(ctx, tx, s.linkHash(purpose, token))
		if err != nil || !used {
			if !used {
				err = errLink()
			}
			return err
		}
		if done, err := updatePassword(ctx, tx, u.ID, hash, u.Status); err != nil || !done {
			if !done && err == nil {
				err = errLink()
			}
			return err
		}
		return then(ctx, tx, u.User)
	})
	return owner, err
}

// ChangePassword sets a new password for who is signed in and knows the old one
// (or has none yet and has just signed in). His other sessions end.
func (s *Service) ChangePassword(ctx context.Context, current, password string, v Visit) error {
	const op = "change password"
	a := From(ctx)
	if a.Kind != Person {
		return errs.Wrap(op, errs.Unauthenticated())
	}
	u, err := s.proveWith(ctx, "current", current, v)
	if err != nil {
		return errs.Wrap(op, err)
	}
	var f errs.Fields
	checkPassword(&f, "password", password, u.GivenName, u.FamilyName, u.Email)
	if err := f.Err(); err != nil {
		return errs.Wrap(op, err)
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return errs.Wrap(op, err)
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if done, err := updatePassword(ctx, tx, u.ID, hash, Active); err != nil || !done {
			if !done && err == nil {
				err = errs.Unauthenticated() // shut out meanwhile
			}
			return err
		}
		if _, err := s.endOthers(ctx, tx); err != nil {
			return err
		}
		if err := voidLinks(ctx, tx, u.ID, ""); err != nil {
			return err
		}
		if err := s.note(ctx, tx, LogPasswordChanged, u.ID, v, ""); err != nil {
			return err
		}
		if err := s.notice(ctx, tx, u, LogPasswordChanged, v); err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, PasswordChanged{UserID: u.ID})
	})
	if err == nil {
		s.forgetSeed(ctx)
		err = s.renew(ctx)
	}
	return errs.Wrap(op, err)
}
