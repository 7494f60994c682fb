package auth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/events"
	"unisson/internal/platform/secret"
)

// Permissions that this package asks for itself, beside those of the routes.
const (
	ManagePeople Permission = "auth.people.manage" // invite, change roles, disable, reset
	ReadLog      Permission = "admin.security"     // read everybody's security log
)

// ScopeSource tells which rows somebody with these roles sees. The capability
// that knows units and regions gives it; without one everybody sees his own.
type ScopeSource func(ctx context.Context, r db.Reader, userID string, roles []Role) (Scope, error)

// Letters writes and sends the mails of this package, inside the transaction
// that calls for them. The capability access implements it.
type Letters interface {
	// Reset sends the link that sets a new password; it works once, for an hour.
	Reset(ctx context.Context, tx db.Tx, to User, link string) error
	// Invitation sends the link that opens an account; by is who invites, it may be empty.
	Invitation(ctx context.Context, tx db.Tx, to User, by, link string, until db.Time) error
	// Notice tells somebody of a change to his account that he may not have made:
	// kind is one of the Log kinds.
	Notice(ctx context.Context, tx db.Tx, to User, kind string, v Visit) error
}

// Config is what the composition root gives to New. Letters may be set later,
// by SetLetters.
type Config struct {
	DB        *db.DB
	Keys      *secret.Keys
	Policy    *Policy
	Bus       *events.Bus
	PublicURL *url.URL // the only source of links; https also makes the cookies Secure
	Scope     ScopeSource
	Letters   Letters
	OIDC      *OIDCConfig  // nil: no company sign-in
	Log       *slog.Logger // nil: the default one
	Demo      bool         // people are made up: one may sign in as any of them
}

// Service knows people, their secrets and their sessions. Safe for concurrent use.
type Service struct {
	db       *db.DB
	keys     *secret.Keys
	policy   *Policy
	bus      *events.Bus
	public   *url.URL
	scope    ScopeSource
	letters  Letters
	log      *slog.Logger
	clock    clock.Clock
	hasher   *hasher
	sessions *scs.SessionManager
	oidc     *provider
	demo     bool
	grants   sync.Map // joined roles → []Permission
}

// New makes the service.
func New(c Config) (*Service, error) {
	switch {
	case c.DB == nil || c.Keys == nil || c.Policy == nil:
		return nil, errors.New("auth: database, keys and policy are needed")
	case c.PublicURL == nil || c.PublicURL.Host == "":
		return nil, errors.New("auth: a public address is needed")
	}
	s := &Service{
		db: c.DB, keys: c.Keys, policy: c.Policy, bus: c.Bus, public: c.PublicURL, scope: c.Scope, letters: c.Letters, log: c.Log,
		demo: c.Demo, clock: c.DB.Clock(), hasher: newHasher(c.Keys.Subkey("password pepper")),
	}
	if s.bus == nil {
		s.bus = events.NewBus()
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	s.sessions = s.newSessions()
	if c.OIDC != nil {
		p, err := newProvider(*c.OIDC, s)
		if err != nil {
			return nil, err
		}
		s.oidc = p
	}
	return s, nil
}

// SetLetters gives the writer of mails, which itself needs this service.
func (s *Service) SetLetters(l Letters) { s.letters = l }

// SetScope gives the source of scopes, which itself needs this service.
func (s *Service) SetScope(f ScopeSource) { s.scope = f }

// Policy gives the policy that rights are read from.
func (s *Service) Policy() *Policy { return s.policy }

func (s *Service) now() db.Time { return db.At(s.clock.Now()) }

// link makes an address for a mail. Only --public-url decides about scheme and
// host, never a header of the request.
func (s *Service) link(path string) string {
	u := *s.public
	u.Path, u.RawQuery, u.Fragment = path, "", ""
	return u.String()
}

// secure tells whether cookies are bound to https.
func (s *Service) secure() bool { return s.public.Scheme == "https" }

// cookieName adds the prefix by which browsers refuse a cookie that another
// host or a plain connection has set. It needs https.
func (s *Service) cookieName(name string) string {
	if s.secure() {
		return "__Host-unisson-" + name
	}
	return "unisson-" + name
}

func (s *Service) cookie(name, value string, age time.Duration) *http.Cookie {
	c := &http.Cookie{Name: s.cookieName(name), Value: value, Path: "/", HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
		MaxAge: int(age.Seconds())}
	if age <= 0 {
		c.MaxAge = -1
	}
	return c
}

// lockRights lets one transaction at a time change who may do what, so that two
// administrators cannot remove each other at the same instant.
func lockRights(ctx context.Context, tx db.Tx) error {
	return db.SetSetting(ctx, tx, "auth_rights_changed", tx.Now().Go().Format(time.RFC3339Nano))
}

// Sweep deletes what has run out: sessions, links, counters, old devices, and
// the log after two years. A daily job calls it.
func (s *Service) Sweep(ctx context.Context) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		now := tx.Now()
		for _, sweep := range []func() error{
			func() error { return deleteIdleSessions(ctx, tx, now) },
			func() error { return deleteOldThrottles(ctx, tx, now.Add(-24*time.Hour)) },
			func() error { return deleteOldLinks(ctx, tx, now.Add(-30*24*time.Hour)) },
			func() error { return deleteOldDevices(ctx, tx, now.Add(-deviceLife)) },
			func() error { return deleteOldLog(ctx, tx, now.Add(-logLife)) },
		} {
			if err := sweep(); err != nil {
				return err
			}
		}
		return nil
	})
	return errs.Wrap("sweep", err)
}
