package auth

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Step is what somebody still has to do before he is in.
type Step string

// The steps of signing in.
const (
	StepDone   Step = "done"   // he is in
	StepFactor Step = "factor" // the second factor is awaited
	StepEnrol  Step = "enrol"  // his role demands a second factor: he sets it up now
)

// Credentials are what somebody types to come in.
type Credentials struct {
	Email    string
	Password string
	Stay     bool   // stay signed in on this device
	Next     string // a path of ours to go to, kept while the second factor is awaited
}

const deviceLife = 180 * 24 * time.Hour

// maxTyped bounds what is hashed of what anybody sends.
const maxTyped = 1024

// errCredentials is the one answer to wrong address, wrong password, invited,
// disabled and expired: it tells a stranger nothing about who has an account.
func errCredentials() error {
	return errs.Invalid(errs.Field{Name: "password", Code: "auth.error.credentials"})
}

// Authenticate checks address and password: the first factor only. Whatever is
// wrong, the answer and the time it takes are the same. Too many tries are
// KindThrottled.
func (s *Service) Authenticate(ctx context.Context, email, password string, v Visit) (User, error) {
	u, err := s.authenticate(ctx, email, password, v)
	return u.User, errs.Wrap("authenticate", err)
}

func (s *Service) authenticate(ctx context.Context, email, password string, v Visit) (userRow, error) {
	u, known, err := s.lookUp(ctx, email, v)
	if err != nil {
		return u, err
	}
	buckets := s.guessBuckets("password", typedKey(email), v, known)
	at, err := s.take(ctx, buckets)
	if err != nil {
		return u, s.throttled(ctx, typedKey(email), u.ID, v, err)
	}
	right, stale, err := s.hasher.verify(ctx, u.hash, cut(password))
	if err != nil {
		return u, err
	}
	if !right || len(password) > maxTyped || !u.Acts(s.now()) {
		err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error { return s.note(ctx, tx, LogSignInFailed, u.ID, v, "") })
		if err != nil {
			return u, err
		}
		return u, errCredentials()
	}
	fresh := ""
	if stale {
		if fresh, err = s.hasher.hash(ctx, password); err != nil {
			return u, err
		}
	}
	return u, s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if fresh != "" {
			if err := updateHash(ctx, tx, u.ID, u.hash, fresh); err != nil {
				return err
			}
		}
		return refund(ctx, tx, buckets, at)
	})
}

// lookUp reads the person of an address and whether the browser is known to
// have been his. The same statements run for an address that is nobody's.
func (s *Service) lookUp(ctx context.Context, email string, v Visit) (u userRow, known bool, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		u, err = selectUserByEmail(ctx, r, typedKey(email))
		if errs.Is(err, errs.KindNotFound) {
			u, err = userRow{}, nil
		}
		if err == nil {
			known, err = selectDevice(ctx, r, s.keys.Hash("device", v.Device), u.ID)
		}
		return err
	})
	return u, known, err
}

// cut takes so much of what was typed as is looked at, between two signs.
func cut(s string) string {
	if len(s) <= maxTyped {
		return s
	}
	n := maxTyped
	for n > maxTyped-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// typedKey is the key of an address as anybody typed it: text, whatever came.
func typedKey(email string) string {
	return emailKey(strings.ReplaceAll(strings.ToValidUTF8(cut(email), "\ufffd"), "\x00", "\ufffd"))
}

// throttled notes a refused try, once in five minutes for one account and five
// times for one place: a flood must not fill the log. account is what was
// typed, so that an address that is nobody's makes the same work.
func (s *Service) throttled(ctx context.Context, account, userID string, v Visit, refused error) error {
	if !errs.Is(refused, errs.KindThrottled) {
		return refused
	}
	once := []bucket{
		{s.bucketID("log", "account", account), []limit{{1, 5 * time.Minute}}},
		{s.bucketID("log", "place", place(v.IP)), []limit{{5, 5 * time.Minute}}},
	}
	if _, err := s.take(ctx, once); err != nil {
		return refused
	}
	if err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error { return s.note(ctx, tx, LogSignInThrottled, userID, v, "") }); err != nil {
		return err
	}
	return refused
}

// SignIn checks address and password and opens the session of this browser, as
// far as the second factor allows. The request must have passed Sessions.
func (s *Service) SignIn(ctx context.Context, c Credentials, v Visit) (Step, error) {
	const op = "sign in"
	u, err := s.authenticate(ctx, c.Email, c.Password, v)
	if err != nil {
		return "", errs.Wrap(op, err)
	}
	step, err := s.enter(ctx, u.User, v, c.Stay, c.Next, "password")
	if errs.Is(err, errs.KindUnauthenticated) {
		err = errCredentials() // they were right a moment ago
	}
	return step, errs.Wrap(op, err)
}

// greetDevice notes that u has signed in with this browser and gives the value
// of its device cookie. A browser new to him is told to him by mail.
func (s *Service) greetDevice(ctx context.Context, tx db.Tx, u User, v Visit) (string, error) {
	hash := s.keys.Hash("device", v.Device)
	his, err := selectDevice(ctx, tx.Reader, hash, u.ID)
	if err != nil {
		return "", err
	}
	if his {
		return v.Device, touchDevice(ctx, tx, hash, u.ID)
	}
	value := v.Device
	anybodys, err := selectAnyDevice(ctx, tx.Reader, hash)
	if err != nil {
		return "", err
	}
	if !anybodys { // a value that we did not make is not taken
		value = newToken()
		hash = s.keys.Hash("device", value)
	}
	if err := insertDevice(ctx, tx, hash, u.ID, oneLine(v.UserAgent, 200)); err != nil {
		return "", err
	}
	if u.SeenAt.IsZero() || s.demo {
		return value, nil
	}
	if err := s.note(ctx, tx, LogNewDevice, u.ID, v, ""); err != nil {
		return "", err
	}
	return value, s.notice(ctx, tx, u, LogNewDevice, v)
}

// SignOut ends the session of this browser.
func (s *Service) SignOut(ctx context.Context, v Visit) error {
	const op = "sign out"
	if id := s.value(ctx, keyUser); id != "" {
		err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error { return s.note(ctx, tx, LogSignedOut, id, v, "") })
		if err != nil {
			return errs.Wrap(op, err)
		}
	}
	if visitOf(ctx) == nil {
		return errs.Wrap(op, errNoSession)
	}
	return errs.Wrap(op, s.sessions.Destroy(ctx))
}

// SignInPersona signs in as somebody of the demonstration company, by one
// click. It is refused unless Config.Demo says that everything here is made up.
func (s *Service) SignInPersona(ctx context.Context, userID string, v Visit) error {
	const op = "sign in persona"
	if !s.demo {
		return errs.Wrap(op, errs.NotFound("page"))
	}
	u, err := s.User(ctx, userID)
	if err == nil && !u.Acts(s.now()) {
		err = errs.NotFound("person")
	}
	if err != nil {
		return errs.Wrap(op, err)
	}
	return errs.Wrap(op, s.open(ctx, u, v, false, "persona"))
}
