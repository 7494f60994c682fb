package access_test

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pquerna/otp/totp"

	"unisson/internal/access"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/mail"
	"unisson/internal/platform/secret"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
	"unisson/internal/platform/web/webtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const password = "quatre mots sans rapport"

// site is the door behind the real edge, in a browser that keeps its cookies.
type site struct {
	*web.Server
	t       *testing.T
	db      *db.DB
	clock   *clock.Fake
	auth    *auth.Service
	mail    *mail.Service
	runner  *jobs.Runner
	cookies map[string]string
	log     bytes.Buffer
}

// SignIn gives the cookies of the browser; it never signs anybody in by itself.
func (s *site) SignIn(*testing.T, string) []*http.Cookie {
	var out []*http.Cookie
	for n, v := range s.cookies {
		out = append(out, &http.Cookie{Name: n, Value: v})
	}
	return out
}

// ServeHTTP answers and keeps cookies as a browser does.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := httptest.NewRecorder()
	r.RemoteAddr = "192.0.2.1:1234"
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	s.Server.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(s.cookies, c.Name)
		} else {
			s.cookies[c.Name] = c.Value
		}
	}
	for k, v := range rec.Header() {
		w.Header()[k] = v
	}
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

func each(t *testing.T, fn func(t *testing.T, s *site)) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			c := clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
			fn(t, open(t, dbtest.Open(t, e, c), c, false))
		})
	}
}

func open(t *testing.T, d *db.DB, c *clock.Fake, demo bool) *site {
	t.Helper()
	return openWith(t, d, c, demo, nil)
}

func openWith(t *testing.T, d *db.DB, c *clock.Fake, demo bool, company *auth.OIDCConfig) *site {
	t.Helper()
	policy, err := auth.ReadPolicy(strings.NewReader("permission,salesperson,administrator,scope:read,scope:write,note\nauth.people.manage,,x,,,x\nadmin.security,,x,,,x\n"))
	ok(t, err)
	s := &site{t: t, db: d, clock: c, cookies: map[string]string{}}
	public := &url.URL{Scheme: "https", Host: "unisson.example"}
	s.auth, err = auth.New(auth.Config{DB: d, Keys: secret.Generate(), Policy: policy, PublicURL: public, Demo: demo, OIDC: company})
	ok(t, err)
	bundle := i18n.MustLoad(access.Locales(), auth.Locales(), ui.Locales(), web.Locales(), mail.Locales(), roleWords())
	s.mail, err = mail.New(d, func(ctx context.Context, tx db.Tx, job mail.SendJob) error {
		_, err := jobs.Insert(ctx, tx, job, jobs.Opts{})
		return err
	}, mail.Config{Bundle: bundle, PublicURL: public.String()})
	ok(t, err)
	s.auth.SetLetters(access.NewLetters(s.mail))
	reg := jobs.NewRegistry()
	access.Work(reg, s.auth)
	jobs.Register(reg, func(ctx context.Context, job *jobs.Job[mail.SendJob]) error {
		return s.mail.Deliver(ctx, job.Args.MailID)
	})
	s.runner = jobs.NewRunner(d, reg, jobs.Config{Log: slog.New(slog.DiscardHandler)})
	pages := &access.Pages{Auth: s.auth, DB: d, Log: slog.New(slog.NewTextHandler(&s.log, nil)), Organisation: func(context.Context) string { return "Rivaline" }}
	if demo {
		pages.Personas = func(ctx context.Context) ([]ui.Persona, error) {
			u, err := s.auth.UserByEmail(ctx, "lea@example.org")
			return []ui.Persona{{Person: ui.Person{Name: u.Name()}, Text: "Sales", Value: u.ID}}, err
		}
	}
	routes := append(pages.Routes(), web.Route{Pattern: "GET /{$}", Perm: auth.SignedIn, Handle: func(w http.ResponseWriter, r *http.Request) error {
		return web.Render(w, r, http.StatusOK, ui.Page(ui.PageProps{Title: "in as " + auth.From(r.Context()).Name}))
	}})
	s.Server, err = web.New(web.Config{Routes: routes, Policy: policy, PublicURL: public, Bundle: bundle, Clock: c, Log: slog.New(slog.DiscardHandler),
		Sessions: s.auth.Sessions, Resolve: s.auth.Resolve, Shell: func(ctx context.Context, r *http.Request) (ui.Shell, error) {
			return ui.Shell{Person: ui.Person{Name: auth.From(ctx).Name}, Theme: web.Preference(r, "theme"), Path: r.URL.RequestURI()}, nil
		}})
	ok(t, err)
	_, err = s.auth.FirstUser(context.Background(), auth.NewUser{Email: "admin@example.org", GivenName: "Ada", FamilyName: "Min"}, password)
	ok(t, err)
	_, err = s.auth.CreateUser(auth.AsSystem(context.Background()), auth.NewUser{Email: "lea@example.org", GivenName: "Léa", FamilyName: "Noël", Roles: []auth.Role{"salesperson"}, Language: "fr"}, password)
	ok(t, err)
	return s
}

// roleWords stand in for those of the capability that knows people.
func roleWords() fs.FS {
	return fstest.MapFS{
		"en.json": {Data: []byte(`{"team":{"role":{"salesperson":"Salesperson","administrator":"Administrator"}}}`)},
		"fr.json": {Data: []byte(`{"team":{"role":{"salesperson":"Vente","administrator":"Administration"}}}`)},
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// do asks for something and fails unless the status is the wanted one.
func (s *site) do(status int, what string, form ...string) webtest.Answer {
	s.t.Helper()
	sc := webtest.Scenario{Do: what}
	if strings.HasPrefix(what, "POST") {
		sc.Form = url.Values{}
	}
	for i := 0; i+1 < len(form); i += 2 {
		sc.Form.Add(form[i], form[i+1])
	}
	a := webtest.Do(s.t, s, sc)
	if a.StatusCode != status {
		s.t.Fatalf("%s: status %d, want %d\n%s", what, a.StatusCode, status, a.Body)
	}
	for _, secret := range []string{password, "faux mot de passe"} {
		if strings.Contains(a.Body, secret) {
			s.t.Errorf("%s: a password stands in the page", what)
		}
	}
	return a
}

// leads asks for something and fails unless it redirects to an address.
func (s *site) leads(to, what string, form ...string) {
	s.t.Helper()
	if got := s.do(303, what, form...).Header.Get("Location"); got != to {
		s.t.Fatalf("%s leads to %q, want %q", what, got, to)
	}
}

func (s *site) signIn() {
	s.t.Helper()
	s.leads("/", "POST /sign-in", "email", "lea@example.org", "password", password)
}

func has(t *testing.T, a webtest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(a.Body, w) {
			t.Errorf("the page lacks %q\n%s", w, a.Body)
		}
	}
}

// mails runs waiting jobs and gives the texts of what was sent, newest first.
func (s *site) mails() []mail.Mail {
	s.t.Helper()
	ctx := auth.AsSystem(context.Background())
	for {
		n, err := s.runner.Work(ctx)
		ok(s.t, err)
		if n == 0 {
			break
		}
	}
	var out []mail.Mail
	ok(s.t, s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		list, err := s.mail.Outbox(ctx, r, "", 50)
		for _, m := range list {
			full, err := s.mail.Message(ctx, r, m.ID)
			ok(s.t, err)
			out = append(out, full)
		}
		return err
	}))
	return out
}

var linkIn = regexp.MustCompile(`https://unisson\.example(/(?:reset|invitation)/\S+)`)

// linkOf gives the path of the link in a mail.
func linkOf(t *testing.T, m mail.Mail) string {
	t.Helper()
	found := linkIn.FindStringSubmatch(m.Text)
	if found == nil {
		t.Fatalf("no link in:\n%s", m.Text)
	}
	return found[1]
}

var secretIn = regexp.MustCompile(`<code class="num">([A-Z2-7]{32})</code>`)

// appCode is what an authenticator app shows that scanned this page.
func (s *site) appCode(page webtest.Answer) string {
	s.t.Helper()
	found := secretIn.FindStringSubmatch(page.Body)
	if found == nil {
		s.t.Fatalf("no secret in:\n%s", page.Body)
	}
	code, err := totp.GenerateCode(found[1], s.clock.Now())
	ok(s.t, err)
	return code
}
