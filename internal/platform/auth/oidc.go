package auth

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// OIDCConfig says by which company sign-in people may come in.
type OIDCConfig struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	Domains      []string     // only addresses of these domains may come in this way; none: any known person
	CreateRoles  []Role       // people of Domains who are not known yet get an account with these; none: they are refused
	HTTP         *http.Client // from platform/outbound
}

// OIDCCallback is the path to which the company sign-in sends people back.
const OIDCCallback = "/sign-in/company/back"

// OIDCPath is where the company sign-in begins, by a link: a form's answer may
// not lead to another host under our content policy.
const OIDCPath = "/sign-in/company"

const flowLife = 10 * time.Minute

// flow is what the browser keeps, sealed, between leaving for the issuer and
// coming back.
type flow struct {
	State    string  `json:"s"`
	Nonce    string  `json:"n"`
	Verifier string  `json:"v"`
	Next     string  `json:"x,omitempty"`
	At       db.Time `json:"a"` // when leaving was counted
	Until    db.Time `json:"u"`
}

const flowCookie = "company"

// StartOIDC gives the address of the issuer to send the browser to, and the
// cookie that must come back with it. Too many from one place are KindThrottled.
func (s *Service) StartOIDC(ctx context.Context, next string, v Visit) (string, *http.Cookie, error) {
	const op = "start company sign-in"
	if s.oidc == nil {
		return "", nil, errs.Wrap(op, errs.NotFound("page"))
	}
	buckets, err := s.companyBucket(ctx, v)
	if err != nil {
		return "", nil, errs.Wrap(op, err)
	}
	at, err := s.take(ctx, buckets)
	if err != nil {
		return "", nil, errs.Wrap(op, err)
	}
	found, err := s.oidc.discover(ctx)
	if err != nil {
		return "", nil, errs.Wrap(op, err)
	}
	f := flow{State: newToken(), Nonce: newToken(), Verifier: oauth2.GenerateVerifier(), Next: next, At: at, Until: s.now().Add(flowLife)}
	b, err := json.Marshal(f)
	if err != nil {
		return "", nil, errs.Wrap(op, err)
	}
	to := s.oidc.oauth(found).AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier))
	return to, s.cookie(flowCookie, s.keys.Seal("oidc", "flow", b), flowLife), nil
}

// EndOIDC gives the cookie that takes the one of StartOIDC away.
func (s *Service) EndOIDC() *http.Cookie { return s.cookie(flowCookie, "", 0) }

// identity is what the issuer vouches for.
type identity struct {
	Email      string `json:"email"`
	Verified   bool   `json:"email_verified"`
	GivenName  string `json:"given_name"`
	FamilyName string `json:"family_name"`
	Name       string `json:"name"`
}

// FinishOIDC signs in who comes back from the issuer, as far as the second
// factor allows, and gives the path he wanted. People are recognised by their
// verified address only; disabled and expired accounts stay shut. Too many
// returns from one place are KindThrottled, before the issuer is asked. Who does
// not bring back what we gave this browser is refused and counted nowhere: any
// page of the web can send a browser here.
func (s *Service) FinishOIDC(r *http.Request, v Visit) (Step, string, error) {
	const op = "finish company sign-in"
	if s.oidc == nil {
		return "", "", errs.Wrap(op, errs.NotFound("page"))
	}
	ctx := r.Context()
	f, err := s.readFlow(r)
	if err != nil {
		return "", "", errs.Wrap(op, err)
	}
	buckets, err := s.companyBucket(ctx, v)
	if err != nil {
		return "", "", errs.Wrap(op, err)
	}
	at, err := s.take(ctx, buckets)
	if err != nil {
		return "", "", errs.Wrap(op, err)
	}
	id, err := s.oidc.exchange(ctx, r.URL.Query(), f)
	if err != nil {
		return "", "", errs.Wrap(op, err)
	}
	u, err := s.recognise(ctx, id, v)
	if err != nil {
		return "", "", errs.Wrap(op, err)
	}
	step, err := s.enter(ctx, u, v, false, f.Next, "company")
	if err == nil {
		err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			if err := refund(ctx, tx, buckets, at); err != nil {
				return err
			}
			return refund(ctx, tx, buckets, f.At)
		})
	}
	return step, f.Next, errs.Wrap(op, err)
}

// errCompany is the one answer to whatever is wrong with what came back.
func errCompany(cause error) error {
	return &errs.Error{Kind: errs.KindForbidden, Code: "auth.error.company", Err: cause}
}

// readFlow gives what this browser left with, when what came back answers it.
func (s *Service) readFlow(r *http.Request) (flow, error) {
	var f flow
	c, err := r.Cookie(s.cookieName(flowCookie))
	if err != nil {
		return f, errCompany(errors.New("no cookie of ours came back"))
	}
	b, err := s.keys.Unseal("oidc", "flow", c.Value)
	if err != nil {
		return f, errCompany(err)
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return f, errCompany(err)
	}
	if s.now() > f.Until {
		return f, errCompany(errors.New("the sign-in took too long"))
	}
	if subtle.ConstantTimeCompare([]byte(r.URL.Query().Get("state")), []byte(f.State)) != 1 {
		return f, errCompany(errors.New("the state is another one"))
	}
	return f, nil
}

func (p *provider) exchange(ctx context.Context, q url.Values, f flow) (identity, error) {
	var id identity
	if e := q.Get("error"); e != "" {
		return id, errCompany(errors.New("the issuer says " + oneLine(e, 60)))
	}
	found, err := p.discover(ctx)
	if err != nil {
		return id, err
	}
	ctx = oidc.ClientContext(ctx, p.HTTP)
	token, err := p.oauth(found).Exchange(ctx, q.Get("code"), oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return id, errCompany(err)
	}
	raw, _ := token.Extra("id_token").(string)
	verified, err := found.Verifier(&oidc.Config{ClientID: p.ClientID}).Verify(ctx, raw)
	if err != nil {
		return id, errCompany(err)
	}
	if subtle.ConstantTimeCompare([]byte(verified.Nonce), []byte(f.Nonce)) != 1 {
		return id, errCompany(errors.New("the nonce is another one"))
	}
	if err := verified.Claims(&id); err != nil {
		return id, errCompany(err)
	}
	if id.Email != "" {
		return id, nil
	}
	// Some issuers give the address only when asked for.
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil || info.Subject != verified.Subject {
		return id, errCompany(errors.Join(err, errors.New("no address in the token")))
	}
	if err := info.Claims(&id); err != nil {
		return id, errCompany(err)
	}
	return id, nil
}

// recognise finds the person of an identity. An invited person joins by it; an
// unknown one gets an account when the configuration says so.
func (s *Service) recognise(ctx context.Context, id identity, v Visit) (User, error) {
	email, ok := parseEmail(strings.TrimSpace(id.Email))
	if !ok || !id.Verified {
		return User{}, errCompany(errors.New("the issuer does not vouch for an address"))
	}
	if !s.oidc.admits(email) {
		return User{}, errCompany(errors.New("an address of another domain"))
	}
	var u userRow
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		var err error
		u, err = selectUserByEmail(ctx, tx.Reader, email)
		if errs.Is(err, errs.KindNotFound) {
			u, err = s.newcomer(ctx, tx, email, id)
		}
		if err != nil {
			return err
		}
		if u.Status == Invited && (u.ExpiresAt.IsZero() || tx.Now() < u.ExpiresAt) {
			return s.joinByCompany(ctx, tx, &u, v)
		}
		if !u.Acts(tx.Now()) {
			return errCompany(errors.New("this account may not sign in"))
		}
		return nil
	})
	return u.User, err
}

func (p *provider) admits(email string) bool {
	if len(p.Domains) == 0 {
		return true
	}
	_, domain, _ := strings.Cut(email, "@")
	for _, d := range p.Domains {
		if strings.EqualFold(domain, d) {
			return true
		}
	}
	return false
}

func (s *Service) newcomer(ctx context.Context, tx db.Tx, email string, id identity) (userRow, error) {
	if len(s.oidc.CreateRoles) == 0 {
		return userRow{}, errCompany(errors.New("nobody here has this address"))
	}
	n := NewUser{Email: email, GivenName: id.GivenName, FamilyName: id.FamilyName, Roles: s.oidc.CreateRoles}
	if n.GivenName == "" || n.FamilyName == "" {
		n.GivenName, n.FamilyName, _ = strings.Cut(strings.TrimSpace(id.Name), " ")
	}
	local, _, _ := strings.Cut(email, "@")
	if n.GivenName == "" {
		n.GivenName = local
	}
	if n.FamilyName == "" {
		n.FamilyName = local
	}
	u := userRow{User: User{Status: Invited}}
	if err := lockRights(ctx, tx); err != nil {
		return u, err
	}
	err := s.insert(ctx, tx, &u, n)
	return u, err
}

func (s *Service) joinByCompany(ctx context.Context, tx db.Tx, u *userRow, v Visit) error {
	u.Status = Active
	if err := updateRights(ctx, tx, u.ID, Active, u.ExpiresAt); err != nil {
		return err
	}
	u.Rights++
	if err := voidLinks(ctx, tx, u.ID, ""); err != nil {
		return err
	}
	if err := s.note(ctx, tx, LogJoined, u.ID, v, "company"); err != nil {
		return err
	}
	return s.bus.Publish(ctx, tx, UserJoined{UserID: u.ID})
}
