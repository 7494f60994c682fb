package main

import (
	"crypto/rsa"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// An asking is what the library calls an authorisation request.

func (a *asking) GetID() string          { return a.id }
func (a *asking) GetACR() string         { return "" }
func (a *asking) GetAMR() []string       { return []string{"pwd"} }
func (a *asking) GetAudience() []string  { return []string{a.req.ClientID} }
func (a *asking) GetAuthTime() time.Time { return a.at }
func (a *asking) GetClientID() string    { return a.req.ClientID }
func (a *asking) GetCodeChallenge() *oidc.CodeChallenge {
	if a.req.CodeChallenge == "" {
		return nil
	}
	return &oidc.CodeChallenge{Challenge: a.req.CodeChallenge, Method: a.req.CodeChallengeMethod}
}
func (a *asking) GetNonce() string                   { return a.req.Nonce }
func (a *asking) GetRedirectURI() string             { return a.req.RedirectURI }
func (a *asking) GetResponseType() oidc.ResponseType { return a.req.ResponseType }
func (a *asking) GetResponseMode() oidc.ResponseMode { return a.req.ResponseMode }
func (a *asking) GetScopes() []string                { return a.req.Scopes }
func (a *asking) GetState() string                   { return a.req.State }
func (a *asking) Done() bool                         { return a.who != nil }
func (a *asking) GetSubject() string {
	if a.who == nil {
		return ""
	}
	return "subject of " + a.who.Email
}

// application is the one client that this provider knows.
type application struct{ id, secret, redirect string }

func (a application) GetID() string                       { return a.id }
func (a application) RedirectURIs() []string              { return []string{a.redirect} }
func (a application) PostLogoutRedirectURIs() []string    { return nil }
func (a application) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (a application) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethodBasic }
func (a application) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (a application) GrantTypes() []oidc.GrantType                             { return []oidc.GrantType{oidc.GrantTypeCode} }
func (a application) LoginURL(id string) string                                { return "/login?request=" + id }
func (a application) AccessTokenType() op.AccessTokenType                      { return op.AccessTokenTypeBearer }
func (a application) IDTokenLifetime() time.Duration                           { return 5 * time.Minute }
func (a application) DevMode() bool                                            { return true } // takes plain http on loopback
func (a application) RestrictAdditionalIdTokenScopes() func([]string) []string { return all }
func (a application) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return all
}
func (a application) IsScopeAllowed(string) bool           { return false }
func (a application) IDTokenUserinfoClaimsAssertion() bool { return true }
func (a application) ClockSkew() time.Duration             { return 0 }

func all(scopes []string) []string { return scopes }

type signing struct{ key *rsa.PrivateKey }

func (s signing) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (s signing) Key() any                                    { return s.key }
func (s signing) ID() string                                  { return "key-1" }

type public struct{ key *rsa.PrivateKey }

func (p public) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (p public) Use() string                        { return "sig" }
func (p public) Key() any                           { return &p.key.PublicKey }
func (p public) ID() string                         { return "key-1" }
