package auth

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// provider is the company sign-in. What the issuer says of itself is read at
// the first use, so that a dead issuer does not keep the program from starting.
type provider struct {
	OIDCConfig
	redirect string
	now      func() db.Time
	mu       sync.Mutex
	asked    *discovery
}

func newProvider(c OIDCConfig, s *Service) (*provider, error) {
	if c.Issuer == "" || c.ClientID == "" || c.HTTP == nil {
		return nil, errors.New("auth: the company sign-in needs issuer, client id and an HTTP client")
	}
	if len(c.CreateRoles) > 0 && len(c.Domains) == 0 {
		return nil, errors.New("auth: the company sign-in may create accounts only for named domains")
	}
	return &provider{OIDCConfig: c, redirect: s.link(OIDCCallback), now: s.now}, nil
}

// HasOIDC tells whether there is a company sign-in.
func (s *Service) HasOIDC() bool { return s.oidc != nil }

const (
	discoveryLimit = 10 * time.Second // for the answer of the issuer
	awayFor        = 15 * time.Second // an issuer that did not answer is not asked again
)

// discovery is one question to the issuer about itself, which all who need the
// answer wait for. found, err and until stand once done is closed.
type discovery struct {
	done  chan struct{}
	found *oidc.Provider
	err   error
	until db.Time // how long a failure stands
}

func (d *discovery) failed(now db.Time) bool {
	select {
	case <-d.done:
		return d.err != nil && now >= d.until
	default:
		return false
	}
}

// discover gives what the issuer says of itself. It is asked once for all who
// wait, and nobody waits longer than his own request lasts.
func (p *provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	d := p.asked
	if d == nil || d.failed(p.now()) {
		d = &discovery{done: make(chan struct{})}
		p.asked = d
		go p.ask(context.WithoutCancel(ctx), d) // whoever asks first may leave first
	}
	p.mu.Unlock()
	select {
	case <-d.done:
		return d.found, d.err
	case <-ctx.Done():
		return nil, away(ctx.Err())
	}
}

func (p *provider) ask(ctx context.Context, d *discovery) {
	defer close(d.done)
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.HTTP), discoveryLimit)
	defer cancel()
	found, err := oidc.NewProvider(ctx, p.Issuer)
	if err != nil {
		d.err, d.until = away(err), p.now().Add(awayFor)
		return
	}
	d.found = found
}

func away(cause error) error {
	return &errs.Error{Kind: errs.KindUnavailable, Code: "auth.error.company_away", RetryAfter: awayFor, Err: cause}
}

// perCompanyAddress and perCompanyDevice bound how often one place leaves for the
// company sign-in and comes back; a sign-in that succeeds counts nothing. What a
// whole office may share is never full for longer than five minutes.
func perCompanyAddress() []limit { return []limit{{60, 5 * time.Minute}} }
func perCompanyDevice() []limit  { return []limit{{60, 5 * time.Minute}, {300, 24 * time.Hour}} }

// companyBucket is what one step of the company sign-in counts against: a
// browser that somebody has signed in with counts apart from its address.
func (s *Service) companyBucket(ctx context.Context, v Visit) ([]bucket, error) {
	known := false
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		known, err = selectAnyDevice(ctx, r, s.keys.Hash("device", v.Device))
		return err
	})
	if known {
		return []bucket{{s.bucketID("company", "device", v.Device), perCompanyDevice()}}, err
	}
	return []bucket{{s.bucketID("company", "address", place(v.IP)), perCompanyAddress()}}, err
}

func (p *provider) oauth(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.ClientSecret, RedirectURL: p.redirect, Endpoint: found.Endpoint(),
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}
}
