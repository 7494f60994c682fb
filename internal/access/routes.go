package access

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

//go:embed locales
var locales embed.FS

// Locales holds the words of this package.
func Locales() fs.FS { return locales }

// Pages is the door.
type Pages struct {
	Auth         *auth.Service
	DB           *db.DB
	Organisation func(ctx context.Context) string                 // the company's name; nil or "": not said
	Personas     func(ctx context.Context) ([]ui.Persona, error)  // the demonstration only; their Value is a person's id
	Setup        func(ctx context.Context) (open bool, err error) // nobody is here yet: the first-run page comes first; nil: never
	Log          *slog.Logger                                     // nil: the default one
}

// Routes is the URL map of access.
func (p *Pages) Routes() []web.Route {
	rs := []web.Route{
		{Pattern: "GET /sign-in", Perm: auth.Public, Handle: p.signInPage},
		{Pattern: "POST /sign-in", Perm: auth.Public, Handle: p.signIn},
		{Pattern: "GET " + auth.OIDCPath, Perm: auth.Public, Handle: p.leaveToCompany},
		{Pattern: "GET " + auth.OIDCCallback, Perm: auth.Public, Handle: p.backFromCompany},
		{Pattern: "GET /sign-in/second-factor", Perm: auth.Public, Handle: p.factorPage},
		{Pattern: "POST /sign-in/second-factor", Perm: auth.Public, Handle: p.factor},
		{Pattern: "GET /sign-in/recovery", Perm: auth.Public, Handle: p.recoveryPage},
		{Pattern: "POST /sign-in/recovery", Perm: auth.Public, Handle: p.recovery},
		{Pattern: "GET /sign-in/set-up", Perm: auth.Public, Handle: p.enrolPage},
		{Pattern: "POST /sign-in/set-up", Perm: auth.Public, Handle: p.enrol},
		{Pattern: "POST /sign-out", Perm: auth.Public, Handle: p.signOut},
		{Pattern: "GET /forgot", Perm: auth.Public, Handle: p.forgotPage},
		{Pattern: "POST /forgot", Perm: auth.Public, Handle: p.forgot},
		{Pattern: "GET /reset/{token}", Perm: auth.Public, Handle: p.resetPage},
		{Pattern: "POST /reset/{token}", Perm: auth.Public, Handle: p.reset},
		{Pattern: "GET /invitation/{token}", Perm: auth.Public, Handle: p.invitationPage},
		{Pattern: "POST /invitation/{token}", Perm: auth.Public, Handle: p.join},

		{Pattern: "GET /me/security", Perm: auth.SignedIn, Handle: p.securityPage},
		{Pattern: "POST /me/security/prove", Perm: auth.SignedIn, Handle: p.prove},
		{Pattern: "POST /me/security/password", Perm: auth.SignedIn, Handle: p.changePassword},
		{Pattern: "GET /me/security/factor", Perm: auth.SignedIn, Handle: p.setUpPage},
		{Pattern: "POST /me/security/factor", Perm: auth.SignedIn, Handle: p.setUp},
		{Pattern: "POST /me/security/factor/drop", Perm: auth.SignedIn, Handle: p.dropFactor},
		{Pattern: "POST /me/security/recovery", Perm: auth.SignedIn, Handle: p.newRecovery},
		{Pattern: "POST /me/security/sessions/{id}/revoke", Perm: auth.SignedIn, Handle: p.revokeSession},
		{Pattern: "POST /me/security/sessions/revoke-others", Perm: auth.SignedIn, Handle: p.revokeOthers},
		{Pattern: "POST /me/security/keys", Perm: auth.SignedIn, Handle: p.createKey},
		{Pattern: "POST /me/security/keys/{id}/revoke", Perm: auth.SignedIn, Handle: p.revokeKey},
		{Pattern: "GET /me/security/log", Perm: auth.SignedIn, Handle: p.logPage},

		{Pattern: "GET /me", Perm: auth.SignedIn, Handle: p.mePage},
		{Pattern: "POST /me", Perm: auth.SignedIn, Handle: p.saveMe},
		{Pattern: "POST /language", Perm: auth.Public, Handle: p.language},
		{Pattern: "POST /theme", Perm: auth.Public, Handle: p.theme},
		{Pattern: "POST /me/keys", Perm: auth.SignedIn, Handle: p.singleKeys},
	}
	if p.Personas != nil {
		rs = append(rs, web.Route{Pattern: "POST /sign-in/persona", Perm: auth.Public, Handle: p.signInPersona})
	}
	return rs
}
