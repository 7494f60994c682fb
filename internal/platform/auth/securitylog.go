package auth

import (
	"context"
	"strings"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// The kinds of entries of the security log. Each has a message key
// "auth.log.<kind>" that says it in words.
//
// i18n: auth.log.*
const (
	LogSignedIn        = "signed_in"
	LogSignedOut       = "signed_out"
	LogSignInFailed    = "sign_in_failed"
	LogSignInThrottled = "sign_in_throttled"
	LogFactorFailed    = "factor_failed"
	LogFactorOn        = "factor_on"
	LogFactorOff       = "factor_off"
	LogRecoveryUsed    = "recovery_used"
	LogRecoveryMade    = "recovery_made"
	LogResetAsked      = "reset_asked"
	LogPasswordReset   = "password_reset"
	LogPasswordChanged = "password_changed"
	LogEmailChanged    = "email_changed"
	LogInvited         = "invited"
	LogJoined          = "joined"
	LogTokenMade       = "token_made"
	LogTokenRevoked    = "token_revoked"
	LogSessionRevoked  = "session_revoked"
	LogRolesChanged    = "roles_changed"
	LogExpiryChanged   = "expiry_changed"
	LogDisabled        = "disabled"
	LogEnabled         = "enabled"
	LogNewDevice       = "new_device"
)

const logLife = 2 * 365 * 24 * time.Hour

// LogEntry is one line of the security log.
type LogEntry struct {
	ID        string
	At        db.Time
	Kind      string
	UserID    string // whom it concerns; may be empty
	UserName  string // as it is now
	ActorID   string // who did it, when somebody else
	ActorName string
	IP        string
	UserAgent string
	Detail    string // names of roles, of a token …: never a secret
}

// note writes one line into the security log.
func (s *Service) note(ctx context.Context, tx db.Tx, kind, userID string, v Visit, detail string) error {
	e := LogEntry{ID: db.NewID(), At: tx.Now(), Kind: kind, UserID: userID, UserAgent: oneLine(v.UserAgent, 200), Detail: oneLine(detail, 300)}
	if v.IP.IsValid() {
		e.IP = v.IP.String()
	}
	if a := From(ctx); a.UserID != "" && a.UserID != userID {
		e.ActorID = a.UserID
	}
	return insertLog(ctx, tx, e)
}

// oneLine takes out what would break a line of a log, and cuts at n characters.
func oneLine(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if forbidden(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if r := []rune(s); len(r) > n {
		s = string(r[:n])
	}
	return s
}

// LogFilter narrows the security log; the zero value is everything.
type LogFilter struct {
	UserID string
	Kind   string
	Before string // id of the last line seen: the next page begins after it
	Limit  int    // 0: 50
}

// SecurityLog gives lines of the log, newest first. Everybody reads his own;
// another person's, or everybody's, needs ReadLog.
func (s *Service) SecurityLog(ctx context.Context, f LogFilter) ([]LogEntry, error) {
	const op = "read security log"
	a := From(ctx)
	if f.UserID == "" || f.UserID != a.UserID {
		if err := Require(ctx, ReadLog); err != nil {
			return nil, errs.Wrap(op, err)
		}
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	var out []LogEntry
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		out, err = selectLog(ctx, r, f)
		return err
	})
	return out, errs.Wrap(op, err)
}
