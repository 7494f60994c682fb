package apptest

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"unisson/internal/app"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/secret"
)

// Public is the address under which the product believes to be reached.
const Public = "http://unisson.test"

// App is the product under test.
type App struct {
	*app.App
	DB   *db.DB
	Keys *secret.Keys
	door *auth.Service // lets anyone in, without a password
}

// New composes the product on d. Its administrator exists already, as the
// set-up leaves him; nothing runs in the background.
func New(t testing.TB, d *db.DB) *App {
	t.Helper()
	a := Empty(t, d)
	a.Person(t, "administrator")
	return a
}

// Empty composes the product on d, before anybody is there.
func Empty(t testing.TB, d *db.DB) *App {
	t.Helper()
	cfg := &config.Config{Store: config.Store{DataDir: t.TempDir()}, Addr: "127.0.0.1:0", PublicURL: Public, InsecureHTTP: true}
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	a := &App{DB: d, Keys: secret.Generate()}
	var err error
	if a.App, err = app.New(context.Background(), app.Options{Config: cfg, DB: d, Keys: a.Keys, Log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	public, err := url.Parse(Public)
	if err != nil {
		t.Fatal(err)
	}
	// A second door on the same house, which opens to personas: how tests sign in
	// without spending 20 ms on a password each time.
	if a.door, err = auth.New(auth.Config{DB: d, Keys: a.Keys, Policy: a.Policy(), PublicURL: public, Demo: true}); err != nil {
		t.Fatal(err)
	}
	return a
}

// Context is one in which somebody reads English, for code that writes words.
func (a *App) Context(ctx context.Context) context.Context {
	return i18n.With(ctx, i18n.MustLoad(app.Locales()...).For(i18n.English, nil))
}

// ServeHTTP answers as the product does.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.Handler().ServeHTTP(w, r) }

// Email is the address of the person who holds one role.
func Email(role string) string { return strings.ReplaceAll(role, "_", "-") + "@unisson.test" }

// Person gives the person of a role (made when first asked for), or the one
// with that e-mail address.
func (a *App) Person(t testing.TB, as string) auth.User {
	t.Helper()
	ctx := auth.AsSystem(context.Background())
	if strings.Contains(as, "@") {
		u, err := a.Auth.UserByEmail(ctx, as)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	u, err := a.Auth.UserByEmail(ctx, Email(as))
	if err == nil {
		return u
	}
	if !errs.Is(err, errs.KindNotFound) {
		t.Fatal(err)
	}
	return a.Add(t, auth.NewUser{Email: Email(as), GivenName: "Role", FamilyName: strings.ReplaceAll(as, "_", " "), Roles: []auth.Role{auth.Role(as)}})
}

// Add makes somebody who may sign in at once.
func (a *App) Add(t testing.TB, n auth.NewUser) auth.User {
	t.Helper()
	if n.Language == "" {
		n.Language = "en"
	}
	if n.TimeZone == "" {
		n.TimeZone = "Europe/Paris"
	}
	for _, r := range n.Roles {
		if r == "guest" && n.ExpiresAt.IsZero() {
			n.ExpiresAt = a.DB.Clock().Now().AddDate(0, 1, 0)
		}
	}
	u, err := a.Auth.CreateUser(auth.AsSystem(context.Background()), n, "correct horse battery 9")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// SignIn gives the cookies of a new session of a role or an address.
func (a *App) SignIn(t *testing.T, as string) []*http.Cookie {
	t.Helper()
	if as == "" {
		return nil
	}
	return a.Session(t, a.Person(t, as).ID)
}

// Session gives the cookies of a new session of somebody.
func (a *App) Session(t testing.TB, userID string) []*http.Cookie {
	t.Helper()
	w := httptest.NewRecorder()
	a.door.Sessions(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := a.door.SignInPersona(r.Context(), userID, auth.Visit{}); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusNoContent)
	})).ServeHTTP(w, httptest.NewRequest("POST", "/", nil))
	return w.Result().Cookies()
}

// Token gives a new API token of somebody.
func (a *App) Token(t testing.TB, userID string, scopes ...string) string {
	t.Helper()
	_, plain, err := a.Auth.CreateTokenFor(auth.AsSystem(context.Background()), userID, auth.NewToken{Name: "test", Scopes: scopes, Life: 24 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return plain
}
