package auth_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/events"
	"unisson/internal/platform/secret"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const policyText = `permission,salesperson,marketer,administrator,guest,scope:read,scope:write,scope:admin,note
admin.security,,,x,,,,x,reads the log
auth.people.manage,,,x,,,,x,manages people
deals.read,x,x,x,x,x,,x,reads
deals.write,x,,x,,,x,x,writes
`

const goodPassword = "quatre mots sans rapport"

// letter is one mail that would have been sent.
type letter struct {
	kind, to, link, by string
}

// letterBox records what is sent.
type letterBox struct{ sent []letter }

func (b *letterBox) Reset(_ context.Context, _ db.Tx, to auth.User, link string) error {
	b.sent = append(b.sent, letter{kind: "reset", to: to.Email, link: link})
	return nil
}

func (b *letterBox) Invitation(_ context.Context, _ db.Tx, to auth.User, by, link string, _ db.Time) error {
	b.sent = append(b.sent, letter{kind: "invitation", to: to.Email, link: link, by: by})
	return nil
}

func (b *letterBox) Notice(_ context.Context, _ db.Tx, to auth.User, kind string, _ auth.Visit) error {
	b.sent = append(b.sent, letter{kind: kind, to: to.Email})
	return nil
}

// last gives the newest letter of a kind, and fails without one.
func (b *letterBox) last(t *testing.T, kind string) letter {
	t.Helper()
	for i := len(b.sent) - 1; i >= 0; i-- {
		if b.sent[i].kind == kind {
			return b.sent[i]
		}
	}
	t.Fatalf("no letter %q among %v", kind, b.sent)
	return letter{}
}

// token is the secret part of the letter's link.
func (l letter) token() string { return l.link[strings.LastIndexByte(l.link, '/')+1:] }

type house struct {
	t      testing.TB
	db     *db.DB
	clock  *clock.Fake
	auth   *auth.Service
	box    *letterBox
	facts  []any
	admin  auth.User
	conf   auth.Config
	resets int
	policy *auth.Policy
}

// each runs fn in a house of its own on each engine: an administrator
// (admin@example.org) and a salesperson (lea@example.org), both with goodPassword.
func each(t *testing.T, fn func(t *testing.T, h *house)) {
	eachWith(t, func(*auth.Config) {}, fn)
}

func eachWith(t *testing.T, change func(*auth.Config), fn func(t *testing.T, h *house)) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			c := clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
			fn(t, newHouse(t, dbtest.Open(t, e, c), c, change))
		})
	}
}

func newHouse(t testing.TB, d *db.DB, c *clock.Fake, change func(*auth.Config)) *house {
	t.Helper()
	policy, err := auth.ReadPolicy(strings.NewReader(policyText))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: d, clock: c, box: &letterBox{}, policy: policy}
	bus := events.NewBus()
	bus.OnAny(func(_ context.Context, _ db.Tx, fact any) error { h.facts = append(h.facts, fact); return nil })
	h.conf = auth.Config{DB: d, Keys: secret.Generate(), Policy: policy, Bus: bus, PublicURL: &url.URL{Scheme: "https", Host: "unisson.example"}, Letters: h.box}
	change(&h.conf)
	if h.auth, err = auth.New(h.conf); err != nil {
		t.Fatal(err)
	}
	if h.admin, err = h.auth.FirstUser(ctx(), auth.NewUser{Email: "admin@example.org", GivenName: "Ada", FamilyName: "Min"}, goodPassword); err != nil {
		t.Fatal(err)
	}
	h.person("lea@example.org", "salesperson")
	h.facts = nil
	return h
}

func ctx() context.Context    { return context.Background() }
func system() context.Context { return auth.AsSystem(ctx()) }

// person lets somebody in with goodPassword.
func (h *house) person(email string, roles ...auth.Role) auth.User {
	h.t.Helper()
	n := auth.NewUser{Email: email, GivenName: "Léa", FamilyName: "Noël", Roles: roles, Language: "fr"}
	for _, r := range roles {
		if r == auth.Guest {
			n.ExpiresAt = h.clock.Now().Add(24 * time.Hour)
		}
	}
	u, err := h.auth.CreateUser(system(), n, goodPassword)
	if err != nil {
		h.t.Fatal(err)
	}
	return u
}

func (h *house) user(email string) auth.User {
	h.t.Helper()
	u, err := h.auth.UserByEmail(ctx(), email)
	if err != nil {
		h.t.Fatal(err)
	}
	return u
}

// as gives a context in which a person acts, without a browser.
func (h *house) as(u auth.User) context.Context {
	h.t.Helper()
	c, err := h.auth.ActFor(ctx(), u.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// browser keeps cookies as a browser does, at one address.
type browser struct {
	h       *house
	ip      string
	agent   string
	cookies map[string]*http.Cookie
	answer  *http.Response // of the last request
}

func (h *house) browser(ip string) *browser {
	return &browser{h: h, ip: ip, agent: "Testfox/1.0", cookies: map[string]*http.Cookie{}}
}

// request runs do in a request of this browser.
func (b *browser) request(do func(r *http.Request, v auth.Visit) error) error {
	b.h.t.Helper()
	var err error
	handler := b.h.auth.Sessions(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var a auth.Actor
		if a, err = b.h.auth.Resolve(r); err == nil {
			r = r.WithContext(auth.With(r.Context(), a))
			err = do(r, b.h.auth.VisitFrom(r, netip.MustParseAddr(b.ip)))
		}
		w.WriteHeader(http.StatusOK)
	}))
	r := httptest.NewRequest("GET", "https://unisson.example/", nil)
	r.Header.Set("User-Agent", b.agent)
	for _, c := range b.cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	b.answer = w.Result()
	for _, c := range b.answer.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c
		}
	}
	return err
}

// signIn tries a password.
func (b *browser) signIn(email, password string) (step auth.Step, err error) {
	b.h.t.Helper()
	err = b.request(func(r *http.Request, v auth.Visit) error {
		var err error
		step, err = b.h.auth.SignIn(r.Context(), auth.Credentials{Email: email, Password: password, Next: "/people"}, v)
		return err
	})
	return step, err
}

// enter signs in or fails the test.
func (b *browser) enter(email string) *browser {
	b.h.t.Helper()
	if step, err := b.signIn(email, goodPassword); err != nil || step != auth.StepDone {
		b.h.t.Fatalf("sign in %s: %q, %v", email, step, err)
	}
	return b
}

// actor tells who the browser is to the house.
func (b *browser) actor() auth.Actor {
	b.h.t.Helper()
	var a auth.Actor
	if err := b.request(func(r *http.Request, _ auth.Visit) error { a = auth.From(r.Context()); return nil }); err != nil {
		b.h.t.Fatal(err)
	}
	return a
}

func (b *browser) session() string {
	if c := b.cookies["__Host-unisson-session"]; c != nil {
		return c.Value
	}
	return ""
}

// kind fails the test unless err is of a kind.
func kind(t testing.TB, err error, want errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != want {
		t.Fatalf("got %v, want kind %v", err, want)
	}
}

// field fails the test unless err says code of a field.
func field(t testing.TB, err error, name, code string) {
	t.Helper()
	for _, f := range errs.FieldsOf(err) {
		if f.Name == name && f.Code == code {
			return
		}
	}
	t.Fatalf("got %v, want %s: %s", err, name, code)
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// plain is a request of this browser that was not sent.
func (b *browser) plain() *http.Request {
	r := httptest.NewRequest("GET", "https://unisson.example/", nil)
	for _, c := range b.cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	return r
}

func newAnswer() *httptest.ResponseRecorder { return httptest.NewRecorder() }

// code is what an authenticator app shows, some steps from now.
func (h *house) code(secret string, steps int) string {
	h.t.Helper()
	c, err := totp.GenerateCode(secret, h.clock.Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// sendReset asks for a reset and runs the job that sends it.
func (h *house) sendReset(email string) error {
	h.t.Helper()
	h.resets++ // each from another place
	id, err := h.auth.AskReset(ctx(), email, auth.Visit{IP: netip.AddrFrom4([4]byte{203, 0, 113, byte(h.resets)})})
	if err != nil {
		return err
	}
	return h.auth.SendReset(ctx(), id)
}

func (h *house) ask(v auth.Visit) error {
	_, err := h.auth.AskReset(ctx(), "lea@example.org", v)
	return err
}
