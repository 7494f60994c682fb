package auth

import (
	"context"
	"slices"
	"strings"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Held is what this package knows about a person, for himself to read: no
// password, code, seed, key or token, nor a hash of one.
type Held struct {
	Account  HeldAccount  `json:"account"`
	Sessions []HeldVisit  `json:"sessions"`
	Devices  []HeldVisit  `json:"known_devices"`
	Keys     []HeldKey    `json:"api_keys"`
	Links    []HeldLink   `json:"mail_links"`
	Log      []HeldEntry  `json:"security_log"`
	Did      []HeldDeed   `json:"security_log_of_others"` // what he did to others, without their names
	Second   *HeldAt      `json:"second_factor,omitempty"`
	Recovery HeldRecovery `json:"recovery_codes"`
}

// HeldAccount is the account itself.
type HeldAccount struct {
	ID         string    `json:"id"`
	Email      string    `json:"email"`
	Given      string    `json:"given_name"`
	Family     string    `json:"family_name"`
	Status     string    `json:"status"`
	Roles      []Role    `json:"roles"`
	EndsAt     time.Time `json:"ends_at,omitzero"`
	Language   string    `json:"language"`
	TimeZone   string    `json:"time_zone"`
	Theme      string    `json:"theme"`
	KeysOff    bool      `json:"keys_off"`
	Password   bool      `json:"has_password"`
	PasswordAt time.Time `json:"password_set_at,omitzero"`
	SeenAt     time.Time `json:"last_signed_in_at,omitzero"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
}

// HeldVisit is a browser: one that is signed in, or one that is known.
type HeldVisit struct {
	IP        string    `json:"ip,omitempty"`
	UserAgent string    `json:"user_agent"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
}

// HeldKey is a key of the API, without any part of it.
type HeldKey struct {
	Name      string    `json:"name"`
	Scopes    []string  `json:"scopes"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
	UsedAt    time.Time `json:"used_at,omitzero"`
	RevokedAt time.Time `json:"revoked_at,omitzero"`
}

// HeldLink is a link that was sent by mail.
type HeldLink struct {
	Purpose   string    `json:"purpose"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
	UsedAt    time.Time `json:"used_at,omitzero"`
}

// HeldEntry is one line of the security log about the person. From where it was
// done is said unless somebody else did it.
type HeldEntry struct {
	At        time.Time `json:"at"`
	Kind      string    `json:"kind"`
	ByOther   bool      `json:"by_somebody_else"`
	IP        string    `json:"ip,omitempty"`
	UserAgent string    `json:"user_agent,omitempty"`
	Detail    string    `json:"detail,omitempty"`
}

// HeldDeed is one line of the security log about somebody else.
type HeldDeed struct {
	At   time.Time `json:"at"`
	Kind string    `json:"kind"`
}

// HeldAt is something that is there since an instant.
type HeldAt struct {
	Since time.Time `json:"since"`
}

// HeldRecovery counts the recovery codes.
type HeldRecovery struct {
	Left int `json:"left"`
	Used int `json:"used"`
}

// PersonalTables names the tables in which this package keeps what concerns a
// person. Counters of tries are kept under keyed hashes, and are nobody's.
func PersonalTables() []string {
	return []string{"users", "user_roles", "sessions", "user_factors", "recovery_codes", "mail_links", "known_devices", "api_tokens", "security_log"}
}

// Held reads what is kept about a person. Who may ask is the caller's rule.
func (s *Service) Held(ctx context.Context, r db.Reader, userID string) (h Held, err error) {
	const op = "what is held"
	u, err := selectUser(ctx, r, userID)
	if err != nil {
		return h, errs.Wrap(op, err)
	}
	h.Account = HeldAccount{ID: u.ID, Email: u.Email, Given: u.GivenName, Family: u.FamilyName, Status: string(u.Status), Roles: u.Roles, EndsAt: u.ExpiresAt.Go(),
		Language: u.Prefs.Language, TimeZone: u.Prefs.TimeZone, Theme: u.Prefs.Theme, KeysOff: u.Prefs.KeysOff, Password: u.HasPassword, SeenAt: u.SeenAt.Go(),
		CreatedAt: u.CreatedAt.Go(), UpdatedAt: u.UpdatedAt.Go()}
	keys, err := selectTokens(ctx, r, userID)
	if err != nil {
		return h, errs.Wrap(op, err)
	}
	for _, k := range keys {
		h.Keys = append(h.Keys, HeldKey{k.Name, k.Scopes, k.CreatedAt.Go(), k.ExpiresAt.Go(), k.UsedAt.Go(), k.RevokedAt.Go()})
	}
	return h, errs.Wrap(op, selectHeld(ctx, r, userID, &h))
}

// nobody is the name of an account that was erased: neither language's word, so
// that it stands in both.
const nobody = "N."

// Forget makes a person's account nobody's and shuts it for good. The row stays
// for what refers to it, and so do the lines of the security log, which say
// when something happened and no longer to whom, from where and with what. The
// last administrator is not forgotten: somebody else takes the keys first.
func (s *Service) Forget(ctx context.Context, tx db.Tx, userID string) error {
	const op = "forget an account"
	if err := lockRights(ctx, tx); err != nil {
		return errs.Wrap(op, err)
	}
	u, err := selectUser(ctx, tx.Reader, userID)
	if err != nil {
		return errs.Wrap(op, err)
	}
	if slices.Contains(u.Roles, Administrator) && u.Acts(tx.Now()) {
		other, err := otherLasting(ctx, tx.Reader, Administrator, userID)
		if err == nil && !other {
			err = errs.Conflict("auth.error.last_administrator")
		}
		if err != nil {
			return errs.Wrap(op, err)
		}
	}
	if u.Status != Disabled {
		if err := s.endAll(ctx, tx, userID); err != nil {
			return errs.Wrap(op, err)
		}
		if err := s.note(ctx, tx, LogDisabled, userID, Visit{}, ""); err != nil {
			return errs.Wrap(op, err)
		}
		if err := s.bus.Publish(ctx, tx, UserDisabled{UserID: userID}); err != nil {
			return errs.Wrap(op, err)
		}
	}
	return errs.Wrap(op, eraseUser(ctx, tx, userID, strings.ToLower(userID)+"@erased.invalid"))
}
