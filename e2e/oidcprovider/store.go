package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// person is whom somebody said he is.
type person struct {
	Email, Given, Family, Name string
	Verified                   bool
}

// asking is one request to sign in, until it has become a token.
type asking struct {
	id   string
	req  *oidc.AuthRequest
	who  *person
	at   time.Time
	code string
}

// store keeps everything in memory.
type store struct {
	app application
	key *rsa.PrivateKey

	mu     sync.Mutex
	last   int
	asked  map[string]*asking
	people map[string]person // by subject
	tokens map[string]string // subject by access token
}

var errUnknown = errors.New("unknown")

func newStore(app application) (*store, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	return &store{app: app, key: key, asked: map[string]*asking{}, people: map[string]person{}, tokens: map[string]string{}}, err
}

func (s *store) next(prefix string) string {
	s.last++
	return fmt.Sprintf("%s-%d", prefix, s.last)
}

var page = template.Must(template.New("login").Parse(`<!doctype html><html lang="en"><title>Company sign-in</title>
<h1>Company sign-in</h1><form method="post"><input type="hidden" name="request" value="{{.}}">
<p><label>E-mail <input name="email" type="email"></label> <label><input type="checkbox" name="verified" checked> verified</label>
<p><label>Given name <input name="given"></label> <label>Family name <input name="family"></label>
<p><button>Sign in</button></form></html>`))

func (s *store) form(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Execute(w, r.URL.Query().Get("request")) // a browser that went away is no fault of ours
}

// login takes whatever identity is given and goes back to the provider.
func (s *store) login(w http.ResponseWriter, r *http.Request, back func(context.Context, string) string) {
	s.mu.Lock()
	a := s.asked[r.FormValue("request")]
	if a != nil {
		a.who = &person{Email: r.FormValue("email"), Given: r.FormValue("given"), Family: r.FormValue("family"), Name: r.FormValue("name"),
			Verified: r.FormValue("verified") != ""}
		a.at = time.Now()
		s.people["subject of "+a.who.Email] = *a.who
	}
	s.mu.Unlock()
	if a == nil {
		http.Error(w, "unknown request", http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, back(op.ContextWithIssuer(r.Context(), "http://"+r.Host), a.id), http.StatusSeeOther)
}

func (s *store) CreateAuthRequest(_ context.Context, req *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &asking{id: s.next("request"), req: req}
	s.asked[a.id] = a
	return a, nil
}

func (s *store) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	return s.find(func(a *asking) bool { return a.id == id })
}

func (s *store) AuthRequestByCode(_ context.Context, code string) (op.AuthRequest, error) {
	return s.find(func(a *asking) bool { return code != "" && a.code == code })
}

func (s *store) find(is func(*asking) bool) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.asked {
		if is(a) {
			return a, nil
		}
	}
	return nil, errUnknown
}

func (s *store) SaveAuthCode(_ context.Context, id, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked[id] == nil {
		return errUnknown
	}
	s.asked[id].code = code
	return nil
}

func (s *store) DeleteAuthRequest(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.asked, id)
	return nil
}

func (s *store) CreateAccessToken(_ context.Context, r op.TokenRequest) (string, time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.next("token")
	s.tokens[id] = r.GetSubject()
	return id, time.Now().Add(5 * time.Minute), nil
}

func (s *store) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, token, subject, _ string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tokens[token] != subject {
		return errUnknown
	}
	fill(info, subject, s.people[subject])
	return nil
}

// SetUserinfoFromRequest puts the address into the token itself, but for people
// of slim.example: of them one has to ask.
func (s *store) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, r op.IDTokenRequest, _ []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	info.Subject = r.GetSubject()
	if p := s.people[info.Subject]; !isSlim(p.Email) {
		fill(info, info.Subject, p)
	}
	return nil
}

func isSlim(email string) bool {
	const at = "@slim.example"
	return len(email) > len(at) && email[len(email)-len(at):] == at
}

func fill(info *oidc.UserInfo, subject string, p person) {
	info.Subject, info.Email, info.EmailVerified = subject, p.Email, oidc.Bool(p.Verified)
	info.GivenName, info.FamilyName, info.Name = p.Given, p.Family, p.Name
}

func (s *store) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != s.app.id {
		return nil, errUnknown
	}
	return s.app, nil
}

func (s *store) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if id != s.app.id || secret != s.app.secret {
		return errUnknown
	}
	return nil
}

func (s *store) SigningKey(context.Context) (op.SigningKey, error) { return signing{s.key}, nil }

func (s *store) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}

func (s *store) KeySet(context.Context) ([]op.Key, error) { return []op.Key{public{s.key}}, nil }

// What this provider does not do.

func (s *store) Health(context.Context) error { return nil }

func (s *store) CreateAccessAndRefreshTokens(context.Context, op.TokenRequest, string) (string, string, time.Time, error) {
	return "", "", time.Time{}, errUnknown
}

func (s *store) TokenRequestByRefreshToken(context.Context, string) (op.RefreshTokenRequest, error) {
	return nil, errUnknown
}

func (s *store) TerminateSession(context.Context, string, string) error { return nil }

func (s *store) RevokeToken(context.Context, string, string, string) *oidc.Error { return nil }

func (s *store) GetRefreshTokenInfo(context.Context, string, string) (string, string, error) {
	return "", "", op.ErrInvalidRefreshToken
}

func (s *store) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

func (s *store) SetIntrospectionFromToken(context.Context, *oidc.IntrospectionResponse, string, string, string) error {
	return errUnknown
}

func (s *store) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil
}

func (s *store) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errUnknown
}

func (s *store) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errUnknown
}
