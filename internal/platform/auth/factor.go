package auth

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"image/png"
	"net/url"
	"strconv"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

const (
	factorStep    = 30 * time.Second
	factorSkew    = 1  // steps that a clock may be off, both ways
	recoveryCodes = 10 // made at once
)

// FactorSetup is what an authenticator app needs to be set up.
type FactorSetup struct {
	Secret string // base32, to be typed where nothing can be scanned
	URL    string // otpauth://…
	QR     string // data: address of a PNG picture of URL
}

// factorOwner tells for whom this browser may set up a second factor: who is
// signed in and has just proved it, or who owes one to come in.
func (s *Service) factorOwner(ctx context.Context) (User, error) {
	if a := From(ctx); a.Kind == Person {
		if err := s.requireFresh(ctx); err != nil {
			return User{}, err
		}
		return s.User(ctx, a.UserID)
	}
	step, u, err := s.Pending(ctx)
	if err == nil && step != StepEnrol {
		err = errs.Unauthenticated()
	}
	return u, err
}

// StartFactor gives the secret for a new authenticator app. Asked again within
// ten minutes in this browser, before it is confirmed, it gives the same one;
// no other browser is ever shown it.
func (s *Service) StartFactor(ctx context.Context) (FactorSetup, error) {
	const op = "start second factor"
	u, err := s.factorOwner(ctx)
	if err != nil {
		return FactorSetup{}, errs.Wrap(op, err)
	}
	if u.HasFactor {
		return FactorSetup{}, errs.Wrap(op, errs.Conflict("auth.error.factor_there"))
	}
	seed, there := s.seed(ctx, u.ID)
	if !there {
		seed = make([]byte, 20) // what apps of every age take
		_, _ = rand.Read(seed)
		s.sessions.Put(ctx, keySeed, s.keys.Seal("totp", u.ID, seed))
		s.sessions.Put(ctx, keySeedEnd, strconv.FormatInt(int64(s.now().Add(seedLife)), 10))
	}
	setup, err := s.setup(u, seed)
	return setup, errs.Wrap(op, err)
}

// seed is that of the second factor being set up in this browser, if it is not
// too old. It lives in the session and ends with it.
func (s *Service) seed(ctx context.Context, userID string) ([]byte, bool) {
	if s.now() >= db.Time(s.number(ctx, keySeedEnd)) {
		return nil, false
	}
	seed, err := s.keys.Unseal("totp", userID, s.value(ctx, keySeed))
	return seed, err == nil
}

func (s *Service) forgetSeed(ctx context.Context) {
	if s.value(ctx, keySeed) != "" {
		s.sessions.Remove(ctx, keySeed)
		s.sessions.Remove(ctx, keySeedEnd)
	}
}

func base32Seed(seed []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(seed)
}

func (s *Service) setup(u User, seed []byte) (FactorSetup, error) {
	f := FactorSetup{Secret: base32Seed(seed)}
	issuer := "Unisson " + s.public.Hostname()
	address := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + u.Email}
	// Some apps take a plus sign literally: spaces are %20.
	address.RawQuery = "secret=" + f.Secret + "&issuer=" + url.PathEscape(issuer)
	f.URL = address.String()
	key, err := otp.NewKeyFromURL(f.URL)
	if err != nil {
		return f, err
	}
	img, err := key.Image(228, 228)
	if err != nil {
		return f, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return f, err
	}
	f.QR = "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
	return f, nil
}

// ConfirmFactor sets the second factor up with a first right code, and gives
// the recovery codes, which are shown this once. Other sessions end, and API
// tokens made without it. Who owed it to come in is in.
func (s *Service) ConfirmFactor(ctx context.Context, code string, v Visit) ([]string, error) {
	const op = "confirm second factor"
	u, err := s.factorOwner(ctx)
	if err != nil {
		return nil, errs.Wrap(op, err)
	}
	if u.HasFactor {
		return nil, errs.Wrap(op, errs.Conflict("auth.error.factor_there"))
	}
	seed, there := s.seed(ctx, u.ID)
	if s.value(ctx, keySeed) == "" {
		return nil, errs.Wrap(op, errs.NotFound("second factor"))
	}
	if !there {
		return nil, errs.Wrap(op, errs.Invalid(errs.Field{Name: "code", Code: "auth.error.factor_late"}))
	}
	pending := From(ctx).Kind != Person
	buckets := s.guessBuckets("factor", u.ID, v, false)
	at, err := s.take(ctx, buckets)
	if err != nil {
		return nil, errs.Wrap(op, err)
	}
	var codes []string
	err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		step, err := matchStep(seed, code, tx.Now())
		if err != nil {
			return err
		}
		if step == 0 {
			return errs.Invalid(errs.Field{Name: "code", Code: "auth.error.code"})
		}
		// First of all: it waits for whoever else is changing this account.
		if u.Epoch, err = s.endForFactor(ctx, tx, u, pending); err != nil {
			return err
		}
		if err := insertFactor(ctx, tx, u.ID, s.keys.Seal("totp", u.ID, seed), step); err != nil {
			return err
		}
		if codes, err = s.makeRecovery(ctx, tx, u.ID); err != nil {
			return err
		}
		if err := s.revokeTokens(ctx, tx, u.ID); err != nil {
			return err
		}
		if err := refund(ctx, tx, buckets, at); err != nil {
			return err
		}
		if err := s.note(ctx, tx, LogFactorOn, u.ID, v, ""); err != nil {
			return err
		}
		return s.notice(ctx, tx, u, LogFactorOn, v)
	})
	if err != nil {
		return nil, errs.Wrap(op, err)
	}
	s.forgetSeed(ctx)
	if pending {
		err = s.finish(ctx, u, v, "password, second factor")
	} else {
		err = s.renew(ctx)
	}
	return codes, errs.Wrap(op, err)
}

// endForFactor ends the sessions of before, but that of this browser; it fails
// when they were ended meanwhile by somebody else.
func (s *Service) endForFactor(ctx context.Context, tx db.Tx, u User, pending bool) (int64, error) {
	if !pending {
		_, err := s.endOthers(ctx, tx)
		return u.Epoch, err
	}
	_, epoch, err := endSessions(ctx, tx, u.ID, visitOf(ctx).row.id)
	if err == nil && epoch != u.Epoch+1 {
		err = errs.Unauthenticated()
	}
	return epoch, err
}

// CheckFactor takes the second factor of who owes it in this browser: six
// digits of the app, or a recovery code. Each works once.
func (s *Service) CheckFactor(ctx context.Context, code string, v Visit) error {
	const op = "check second factor"
	step, u, err := s.Pending(ctx)
	if err == nil && step != StepFactor {
		err = errs.Unauthenticated()
	}
	if err != nil {
		return errs.Wrap(op, err)
	}
	_, known, err := s.lookUp(ctx, u.Email, v)
	if err != nil {
		return errs.Wrap(op, err)
	}
	buckets := s.guessBuckets("factor", u.ID, v, known)
	at, err := s.take(ctx, buckets)
	if err != nil {
		return errs.Wrap(op, s.throttled(ctx, u.ID, u.ID, v, err))
	}
	how := "password, second factor"
	right := false
	err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		f, err := selectFactor(ctx, tx.Reader, u.ID)
		if err != nil {
			return err
		}
		if digits := plainCode(code); len(digits) == 6 && allDigits(digits) {
			right, err = s.useCode(ctx, tx, f, digits)
		} else if right, err = useRecovery(ctx, tx, u.ID, s.recoveryHash(u.ID, code)); right && err == nil {
			how = "password, recovery code"
			if err = s.note(ctx, tx, LogRecoveryUsed, u.ID, v, ""); err == nil {
				err = s.notice(ctx, tx, u, LogRecoveryUsed, v)
			}
		}
		if err != nil {
			return err
		}
		if !right {
			return s.note(ctx, tx, LogFactorFailed, u.ID, v, "")
		}
		return refund(ctx, tx, buckets, at)
	})
	if err == nil && !right {
		err = errs.Invalid(errs.Field{Name: "code", Code: "auth.error.code"})
	}
	if err == nil {
		err = s.finish(ctx, u, v, how)
	}
	return errs.Wrap(op, err)
}

// useCode tells whether code is right now and was not used before, and uses it up.
func (s *Service) useCode(ctx context.Context, tx db.Tx, f factorRow, code string) (bool, error) {
	seed, err := s.keys.Unseal("totp", f.userID, f.secret)
	if err != nil {
		return false, err
	}
	step, err := matchStep(seed, code, tx.Now())
	if err != nil || step == 0 {
		return false, err
	}
	return useStep(ctx, tx, f.userID, step)
}

// matchStep gives the time step about now whose code this is, 0 for none.
func matchStep(seed []byte, code string, at db.Time) (matched int64, err error) {
	now := at.Go().Unix() / int64(factorStep.Seconds())
	for step := now - factorSkew; step <= now+factorSkew; step++ {
		want, err := hotp.GenerateCode(base32Seed(seed), uint64(step))
		if err != nil {
			return 0, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(plainCode(code))) == 1 {
			matched = step
		}
	}
	return matched, nil
}

// DropFactor takes the second factor away, unless the organisation demands it.
func (s *Service) DropFactor(ctx context.Context, v Visit) error {
	const op = "drop second factor"
	if err := s.requireFresh(ctx); err != nil {
		return errs.Wrap(op, err)
	}
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		u, err := selectUser(ctx, tx.Reader, From(ctx).UserID)
		if err != nil {
			return err
		}
		if !u.HasFactor {
			return errs.Conflict("auth.error.factor_absent")
		}
		if owed, err := s.owesFactor(ctx, tx.Reader, u.User); err != nil || owed {
			if owed {
				err = errs.Conflict("auth.error.factor_demanded")
			}
			return err
		}
		if _, err := s.endOthers(ctx, tx); err != nil {
			return err
		}
		return s.removeFactor(ctx, tx, u.User, v)
	})
	if err == nil {
		err = s.renew(ctx)
	}
	return errs.Wrap(op, err)
}

// ResetFactor takes somebody's second factor away for an administrator: the
// way out for who has lost app and codes. His sessions and tokens end.
func (s *Service) ResetFactor(ctx context.Context, userID string) error {
	const op = "reset second factor"
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := Require(ctx, ManagePeople); err != nil {
			return err
		}
		u, err := selectUser(ctx, tx.Reader, userID)
		if err != nil {
			return err
		}
		if _, _, err := endSessions(ctx, tx, userID, ""); err != nil {
			return err
		}
		if err := s.revokeTokens(ctx, tx, userID); err != nil {
			return err
		}
		return s.removeFactor(ctx, tx, u.User, Visit{})
	})
	return errs.Wrap(op, err)
}

func (s *Service) removeFactor(ctx context.Context, tx db.Tx, u User, v Visit) error {
	if err := deleteFactor(ctx, tx, u.ID); err != nil {
		return err
	}
	if err := s.note(ctx, tx, LogFactorOff, u.ID, v, ""); err != nil {
		return err
	}
	return s.notice(ctx, tx, u, LogFactorOff, v)
}
