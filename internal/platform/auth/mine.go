package auth

import (
	"context"
	"strconv"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// OpenSession is one browser that is signed in.
type OpenSession struct {
	ID        string
	IP        string
	UserAgent string
	Stay      bool
	CreatedAt db.Time
	SeenAt    db.Time // exact to a minute
	Current   bool    // the one that asks
}

// MySessions lists where the signed-in person is signed in, newest use first.
func (s *Service) MySessions(ctx context.Context) ([]OpenSession, error) {
	const op = "my sessions"
	a := From(ctx)
	if a.Kind != Person {
		return nil, errs.Wrap(op, errs.Unauthenticated())
	}
	var rows []sessionRow
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		rows, err = selectSessions(ctx, r, a.UserID, s.now())
		return err
	})
	out := make([]OpenSession, len(rows))
	for i, row := range rows {
		out[i] = OpenSession{ID: row.id, IP: row.ip, UserAgent: row.userAgent, Stay: row.stay, CreatedAt: row.createdAt, SeenAt: row.seenAt,
			Current: row.id == a.SessionID}
	}
	return out, errs.Wrap(op, err)
}

// RevokeSession ends one session of the signed-in person. Another person's
// reads as not found.
func (s *Service) RevokeSession(ctx context.Context, id string, v Visit) error {
	const op = "revoke session"
	a := From(ctx)
	if a.Kind != Person {
		return errs.Wrap(op, errs.Unauthenticated())
	}
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		row, user, err := selectSession(ctx, tx.Reader, id, tx.Now())
		if err == nil && (user == nil || user.ID != a.UserID) {
			err = errs.NotFound("session")
		}
		if err != nil {
			return err
		}
		if err := deleteSession(ctx, tx, row.id); err != nil {
			return err
		}
		return s.note(ctx, tx, LogSessionRevoked, a.UserID, v, row.userAgent)
	})
	return errs.Wrap(op, err)
}

// RevokeOtherSessions ends all sessions of the signed-in person but this one,
// and forgets the browsers that were known to be his.
func (s *Service) RevokeOtherSessions(ctx context.Context, v Visit) (n int64, err error) {
	const op = "revoke other sessions"
	a := From(ctx)
	if a.Kind != Person {
		return 0, errs.Wrap(op, errs.Unauthenticated())
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if n, err = s.endOthers(ctx, tx); err != nil {
			return err
		}
		if err := deleteOtherDevices(ctx, tx, a.UserID, s.keys.Hash("device", v.Device)); err != nil {
			return err
		}
		return s.note(ctx, tx, LogSessionRevoked, a.UserID, v, "")
	})
	return n, errs.Wrap(op, err)
}

// Fresh tells whether the signed-in person has proved who he is within the last
// quarter of an hour, which changing a secret needs.
func (s *Service) Fresh(ctx context.Context) bool {
	return From(ctx).Kind == Person && s.now().Sub(db.Time(s.number(ctx, keyProved))) < freshFor
}

func (s *Service) requireFresh(ctx context.Context) error {
	if From(ctx).Kind != Person {
		return errs.Unauthenticated()
	}
	if !s.Fresh(ctx) {
		return errs.Forbidden("auth.error.prove_first")
	}
	return nil
}

// Prove takes the password of the signed-in person once more, so that he may
// change secrets for a quarter of an hour. An open browser alone does not do.
func (s *Service) Prove(ctx context.Context, password string, v Visit) error {
	const op = "prove"
	if From(ctx).Kind != Person {
		return errs.Wrap(op, errs.Unauthenticated())
	}
	if _, err := s.proveWith(ctx, "password", password, v); err != nil {
		return errs.Wrap(op, err)
	}
	if err := s.renew(ctx); err != nil {
		return errs.Wrap(op, err)
	}
	s.sessions.Put(ctx, keyProved, strconv.FormatInt(int64(s.now()), 10))
	return nil
}

// proveWith checks the password of the signed-in person, under the limits of
// guessing. Who has none proves himself by having just signed in.
func (s *Service) proveWith(ctx context.Context, field, password string, v Visit) (User, error) {
	var u userRow
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		u, err = selectUser(ctx, r, From(ctx).UserID)
		return err
	})
	if err != nil {
		return u.User, err
	}
	if !u.HasPassword {
		return u.User, s.requireFresh(ctx)
	}
	buckets := []bucket{{s.bucketID("prove", u.ID), perDevice()}}
	at, err := s.take(ctx, buckets)
	if err != nil {
		return u.User, s.throttled(ctx, u.ID, u.ID, v, err)
	}
	right, _, err := s.hasher.verify(ctx, u.hash, cut(password))
	if err != nil {
		return u.User, err
	}
	if !right || len(password) > maxTyped {
		err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error { return s.note(ctx, tx, LogSignInFailed, u.ID, v, "") })
		if err != nil {
			return u.User, err
		}
		return u.User, errs.Invalid(errs.Field{Name: field, Code: "auth.error.password_wrong"})
	}
	return u.User, s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error { return refund(ctx, tx, buckets, at) })
}
