package auth

import (
	"context"
	"errors"
	"strconv"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// enter leads somebody who has proved who he is by his first factor.
func (s *Service) enter(ctx context.Context, u User, v Visit, stay bool, next, how string) (Step, error) {
	step := StepDone
	if u.HasFactor {
		step = StepFactor
	} else {
		err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
			owed, err := s.owesFactor(ctx, r, u)
			if owed {
				step = StepEnrol
			}
			return err
		})
		if err != nil {
			return "", err
		}
	}
	if step == StepDone {
		return step, s.open(ctx, u, v, stay, how)
	}
	if err := s.renew(ctx); err != nil {
		return "", err
	}
	s.clear(ctx)
	for k, val := range map[string]string{keyPending: u.ID, keyRights: strconv.FormatInt(u.Rights, 10), keyEpoch: strconv.FormatInt(u.Epoch, 10), keyNext: next} {
		s.sessions.Put(ctx, k, val)
	}
	s.sessions.Put(ctx, keyStay, stay)
	visitOf(ctx).opened = true
	return step, nil
}

// open makes the session of this browser u's, under a new token: one that was
// known before signing in is worth nothing after it. It fails with
// KindUnauthenticated when u has changed since he was read: the password that he
// proved, his rights, or whether he may come in at all.
func (s *Service) open(ctx context.Context, u User, v Visit, stay bool, how string) error {
	if visitOf(ctx) == nil {
		return errNoSession
	}
	device := ""
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		stands, err := updateSeen(ctx, tx, u)
		if err != nil {
			return err
		}
		if !stands {
			return errs.Unauthenticated()
		}
		if device, err = s.greetDevice(ctx, tx, u, v); err != nil {
			return err
		}
		return s.note(ctx, tx, LogSignedIn, u.ID, v, how)
	})
	if err != nil {
		return err
	}
	if err := s.renew(ctx); err != nil {
		return err
	}
	s.clear(ctx)
	now := strconv.FormatInt(int64(s.now()), 10)
	for k, val := range map[string]string{keyUser: u.ID, keyBorn: now, keyProved: now, keyRights: strconv.FormatInt(u.Rights, 10),
		keyEpoch: strconv.FormatInt(u.Epoch, 10), keyIP: v.IP.String(), keyAgent: oneLine(v.UserAgent, 200)} {
		s.sessions.Put(ctx, k, val)
	}
	s.sessions.Put(ctx, keyStay, stay)
	s.sessions.RememberMe(ctx, stay)
	visitOf(ctx).device, visitOf(ctx).opened = device, true
	return nil
}

// errNoSession says that a request did not pass Sessions: a fault of ours.
var errNoSession = errors.New("auth: this request has no session")

// renew gives the session a new token; the old one ends as the new one is saved.
func (s *Service) renew(ctx context.Context) error {
	v := visitOf(ctx)
	if v == nil {
		return errNoSession
	}
	v.renewing = true
	defer func() { v.renewing = false }()
	return s.sessions.RenewToken(ctx)
}

// value reads the session; without one there is no value.
func (s *Service) value(ctx context.Context, key string) string {
	if visitOf(ctx) == nil {
		return ""
	}
	return s.sessions.GetString(ctx, key)
}

func (s *Service) number(ctx context.Context, key string) int64 {
	n, _ := strconv.ParseInt(s.value(ctx, key), 10, 64)
	return n
}

func (s *Service) stays(ctx context.Context) bool {
	return visitOf(ctx) != nil && s.sessions.GetBool(ctx, keyStay)
}

// clear empties the session, so that nothing of a former visitor stays.
func (s *Service) clear(ctx context.Context) { _ = s.sessions.Clear(ctx) } // it never fails

// Pending tells who still owes a second factor in this browser: the step and
// the person. StepDone means nobody, also when the person has changed since the
// first factor was proved: password, rights, second factor.
func (s *Service) Pending(ctx context.Context) (Step, User, error) {
	id := s.value(ctx, keyPending)
	if id == "" {
		return StepDone, User{}, nil
	}
	u, err := s.User(ctx, id)
	if errs.Is(err, errs.KindNotFound) || (err == nil && !(u.Acts(s.now()) && s.number(ctx, keyEpoch) == u.Epoch && s.number(ctx, keyRights) == u.Rights)) {
		return StepDone, User{}, nil
	}
	if u.HasFactor {
		return StepFactor, u, err
	}
	return StepEnrol, u, err
}

// Next is the path that somebody wanted to go to when he was asked for his
// second factor.
func (s *Service) Next(ctx context.Context) string { return s.value(ctx, keyNext) }

// finish opens the session of somebody who has also passed the second factor.
func (s *Service) finish(ctx context.Context, u User, v Visit, how string) error {
	return s.open(ctx, u, v, s.stays(ctx), how)
}

// stillIn fails with KindUnauthenticated when this browser's session was ended
// after the request began. Who is ending it waits until the transaction is over,
// and so finds what it makes.
func (s *Service) stillIn(ctx context.Context, tx db.Tx) error {
	v := visitOf(ctx)
	if v == nil || v.user == nil {
		return errNoSession
	}
	stands, err := holdEpoch(ctx, tx, v.user.ID, v.user.Epoch)
	if err == nil && stands {
		stands, err = keepSession(ctx, tx, v.row.id, v.user.Epoch)
	}
	if err == nil && !stands {
		err = errs.Unauthenticated()
	}
	return err
}

// endOthers ends all sessions of the signed-in person but this browser's, and
// what is on its way to become one. It fails with KindUnauthenticated when this
// one was ended after the request began: whoever was put out changes nothing.
func (s *Service) endOthers(ctx context.Context, tx db.Tx) (ended int64, err error) {
	v := visitOf(ctx)
	if v == nil || v.user == nil {
		return 0, errNoSession
	}
	ended, epoch, err := endSessions(ctx, tx, v.user.ID, v.row.id)
	if err != nil {
		return 0, err
	}
	if kept, err := keepSession(ctx, tx, v.row.id, epoch); err != nil || !kept {
		if err == nil {
			err = errs.Unauthenticated()
		}
		return 0, err
	}
	tx.AfterCommit(func() { v.user.Epoch = epoch })
	return ended, nil
}
