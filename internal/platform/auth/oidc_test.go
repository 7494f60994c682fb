package auth_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
)

// company is a real provider on loopback and the client that talks to it.
type company struct {
	t      *testing.T
	issuer string
	client *http.Client
}

// startCompany builds and starts the provider of e2e/oidcprovider.
func startCompany(t *testing.T) *company {
	t.Helper()
	program := filepath.Join(t.TempDir(), "oidcprovider")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = filepath.Join("..", "..", "..", "e2e", "oidcprovider")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the provider: %v\n%s", err, out)
	}
	run := exec.Command(program, "-redirect", "https://unisson.example"+auth.OIDCCallback)
	in, err := run.StdinPipe()
	ok(t, err)
	out, err := run.StdoutPipe()
	ok(t, err)
	ok(t, run.Start())
	t.Cleanup(func() { _ = in.Close(); _ = run.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	ok(t, err)
	issuer, found := strings.CutPrefix(strings.TrimSpace(line), "issuer ")
	if !found {
		t.Fatalf("the provider says %q", line)
	}
	return &company{t: t, issuer: issuer, client: &http.Client{Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (c *company) config(change func(*auth.OIDCConfig)) func(*auth.Config) {
	return func(conf *auth.Config) {
		conf.OIDC = &auth.OIDCConfig{Issuer: c.issuer, ClientID: "unisson", ClientSecret: "not-a-secret", HTTP: c.client}
		change(conf.OIDC)
	}
}

// goes follows one answer and gives where it leads.
func (c *company) goes(r *http.Response, err error) string {
	c.t.Helper()
	ok(c.t, err)
	_ = r.Body.Close()
	to := r.Header.Get("Location")
	if to == "" {
		c.t.Fatalf("%s leads nowhere: %s", r.Request.URL, r.Status)
	}
	u, err := r.Request.URL.Parse(to)
	ok(c.t, err)
	return u.String()
}

// vouch signs in at the company as somebody and gives the address with which
// the browser comes back.
func (c *company) vouch(start string, who url.Values) string {
	c.t.Helper()
	login := c.goes(c.client.Get(start))
	u, err := url.Parse(login)
	ok(c.t, err)
	who.Set("request", u.Query().Get("request"))
	return c.goes(c.client.Get(c.goes(c.client.PostForm(u.Scheme+"://"+u.Host+"/login", who))))
}

// leave starts the company sign-in in a browser.
func (b *browser) leave(t *testing.T, next string) string {
	t.Helper()
	to, cookie, err := b.h.auth.StartOIDC(ctx(), next, auth.Visit{IP: netip.MustParseAddr(b.ip)})
	ok(t, err)
	if !cookie.HttpOnly || !cookie.Secure || cookie.MaxAge != 600 || !strings.HasPrefix(cookie.Name, "__Host-") {
		t.Errorf("cookie %s", cookie)
	}
	b.cookies[cookie.Name] = cookie
	return to
}

// back comes back from the company.
func (b *browser) back(address string) (step auth.Step, next string, err error) {
	b.h.t.Helper()
	_ = b.request(func(r *http.Request, v auth.Visit) error {
		r.URL, _ = url.Parse(address)
		step, next, err = b.h.auth.FinishOIDC(r, v)
		return nil
	})
	return step, next, err
}

func verified(email string) url.Values {
	return url.Values{"email": {email}, "verified": {"on"}, "given": {"Zoé"}, "family": {"Roy"}}
}

func TestCompanySignIn(t *testing.T) {
	c := startCompany(t)
	nothing := func(*auth.OIDCConfig) {}

	t.Run("lets known people in by their verified address", func(t *testing.T) {
		eachWith(t, c.config(nothing), func(t *testing.T, h *house) {
			b := h.browser("192.0.2.1")
			start := b.leave(t, "/people?q=x")
			for _, part := range []string{"code_challenge_method=S256", "nonce=", "state=", "response_type=code"} {
				if !strings.Contains(start, part) {
					t.Errorf("%s lacks %s", start, part)
				}
			}
			step, next, err := b.back(c.vouch(start, verified("LEA@example.org")))
			if err != nil || step != auth.StepDone || next != "/people?q=x" || b.actor().Name != "Léa Noël" {
				t.Fatalf("%q %q %v", step, next, err)
			}
			if !h.auth.HasOIDC() || h.auth.EndOIDC().MaxAge != -1 {
				t.Error("the cookie is not taken away")
			}
			// An issuer that gives the address only when asked.
			h.person("ines@slim.example", "marketer")
			step, _, err = b.back(c.vouch(b.leave(t, ""), verified("ines@slim.example")))
			if err != nil || step != auth.StepDone || b.actor().Can("deals.write") {
				t.Errorf("%q %v", step, err)
			}
		})
	})

	t.Run("keeps everybody else out and changes nothing", func(t *testing.T) {
		eachWith(t, c.config(nothing), func(t *testing.T, h *house) {
			ok(t, h.auth.Disable(system(), h.person("gone@example.org", "marketer").ID))
			h.person("guest@example.org", "guest")
			h.clock.Advance(25 * time.Hour)
			unverified := verified("lea@example.org")
			unverified.Del("verified")
			for name, who := range map[string]url.Values{
				"unknown": verified("nobody@example.org"), "unverified": unverified, "disabled": verified("gone@example.org"),
				"expired": verified("guest@example.org"), "no address": verified(""), "no real address": verified("lea"),
			} {
				b := h.browser("192.0.2.1")
				address := c.vouch(b.leave(t, ""), who)
				dbtest.Unchanged(t, h.db, func() {
					_, _, err := b.back(address)
					if errs.KindOf(err) != errs.KindForbidden || errs.Detail(err).Code != "auth.error.company" {
						t.Errorf("%s: %v", name, err)
					}
				}, "throttles")
				if b.actor().Known() {
					t.Errorf("%s is in", name)
				}
			}
		})
	})

	t.Run("takes back only what this browser left with", func(t *testing.T) {
		eachWith(t, c.config(nothing), func(t *testing.T, h *house) {
			refused := func(name string, b *browser, address string) {
				t.Helper()
				if _, _, err := b.back(address); errs.KindOf(err) != errs.KindForbidden || b.actor().Known() {
					t.Errorf("%s: %v", name, err)
				}
			}
			b, thief := h.browser("192.0.2.1"), h.browser("198.51.100.7")
			address := c.vouch(b.leave(t, ""), verified("lea@example.org"))
			refused("another browser", thief, address)
			thief.leave(t, "")
			refused("another browser with a flow of its own", thief, address)
			refused("another state", b, strings.Replace(address, "state=", "state=x", 1))
			refused("no code", b, address[:strings.Index(address, "?")]+"?state="+mustQuery(t, address, "state"))
			refused("an error of the issuer", b, address+"&error=access_denied%0d%0aX")
			b.cookies["__Host-unisson-company"].Value += "x"
			refused("an altered cookie", b, address)
			b = h.browser("192.0.2.1")
			address = c.vouch(b.leave(t, ""), verified("lea@example.org"))
			if step, _, err := b.back(address); err != nil || step != auth.StepDone {
				t.Fatal(step, err)
			}
			again := h.browser("192.0.2.1")
			again.cookies = map[string]*http.Cookie{"__Host-unisson-company": b.cookies["__Host-unisson-company"]}
			refused("a code used before", again, address)
			b = h.browser("192.0.2.1")
			start := b.leave(t, "")
			refused("another nonce", b, c.vouch(strings.Replace(start, "nonce=", "nonce=x", 1), verified("lea@example.org")))
			late := h.browser("192.0.2.1")
			address = c.vouch(late.leave(t, ""), verified("lea@example.org"))
			h.clock.Advance(11 * time.Minute)
			refused("too late", late, address)
		})
	})

	t.Run("asks for the second factor as every way in does", func(t *testing.T) {
		eachWith(t, c.config(nothing), func(t *testing.T, h *house) {
			secret, _ := h.withFactor(t, "lea@example.org")
			b := h.browser("192.0.2.1")
			step, _, err := b.back(c.vouch(b.leave(t, "/people"), verified("lea@example.org")))
			if err != nil || step != auth.StepFactor || b.actor().Known() {
				t.Fatalf("%q %v", step, err)
			}
			ok(t, b.pass(h.code(secret, 0)))
			if !b.actor().Known() {
				t.Error("not in after the factor")
			}
			ok(t, h.auth.DemandFactor(system(), []auth.Role{auth.Administrator}))
			b = h.browser("192.0.2.1")
			if step, _, err := b.back(c.vouch(b.leave(t, ""), verified("admin@example.org"))); err != nil || step != auth.StepEnrol || b.actor().Known() {
				t.Errorf("%q %v", step, err)
			}
		})
	})

	t.Run("opens invited accounts and makes those of a named domain", func(t *testing.T) {
		change := func(o *auth.OIDCConfig) {
			o.Domains, o.CreateRoles = []string{"Example.org"}, []auth.Role{"marketer"}
		}
		eachWith(t, c.config(change), func(t *testing.T, h *house) {
			_, err := h.auth.Invite(system(), auth.NewUser{Email: "new@example.org", GivenName: "New", FamilyName: "Comer", Roles: []auth.Role{"salesperson"}})
			ok(t, err)
			b := h.browser("192.0.2.1")
			if step, _, err := b.back(c.vouch(b.leave(t, ""), verified("new@example.org"))); err != nil || step != auth.StepDone {
				t.Fatalf("%q %v", step, err)
			}
			if a := b.actor(); a.Name != "New Comer" || !a.Can("deals.write") {
				t.Errorf("the invited is %+v", a)
			}
			_, err = h.auth.LinkOwner(ctx(), "invitation", h.box.last(t, "invitation").token())
			kind(t, err, errs.KindConflict)
			if step, _, err := b.back(c.vouch(b.leave(t, ""), verified("zoe@example.org"))); err != nil || step != auth.StepDone {
				t.Fatalf("%q %v", step, err)
			}
			if a := b.actor(); a.Name != "Zoé Roy" || !slices.Equal(a.Roles, []auth.Role{"marketer"}) {
				t.Errorf("the newcomer is %+v", a)
			}
			one := verified("max@example.org")
			one.Del("given")
			one.Del("family")
			if _, _, err := b.back(c.vouch(b.leave(t, ""), one)); err != nil || b.actor().Name != "max max" {
				t.Errorf("a newcomer without a name: %v %q", err, b.actor().Name)
			}
			if _, _, err := b.back(c.vouch(b.leave(t, ""), verified("zoe@example.com"))); errs.KindOf(err) != errs.KindForbidden {
				t.Errorf("another domain: %v", err)
			}
		})
	})
}

// One office, many people: who comes in by the company counts nothing; who does
// not is counted, and the issuer is not asked for him.
func TestTheCompanySignInIsThrottledForThoseWhoDoNotComeIn(t *testing.T) {
	c := startCompany(t)
	eachWith(t, c.config(func(*auth.OIDCConfig) {}), func(t *testing.T, h *house) {
		office := auth.Visit{IP: netip.MustParseAddr("192.0.2.1")}
		known := h.browser("192.0.2.1").enter("lea@example.org")
		for range 35 {
			b := h.browser("192.0.2.1")
			if step, _, err := b.back(c.vouch(b.leave(t, ""), verified("lea@example.org"))); err != nil || step != auth.StepDone {
				t.Fatalf("%q %v", step, err)
			}
		}
		stranger := h.browser("192.0.2.1")
		address := c.vouch(stranger.leave(t, ""), verified("nobody@example.org"))
		left := 0
		for range 100 {
			if _, _, err := h.auth.StartOIDC(ctx(), "", office); err == nil {
				left++
			} else {
				kind(t, err, errs.KindThrottled)
			}
		}
		if left != 59 {
			t.Errorf("%d left for the company, want 59 and the one before", left)
		}
		_, _, err := stranger.back(address)
		kind(t, err, errs.KindThrottled)
		if step, _, err := known.back(c.vouch(known.leaveAs(t), verified("lea@example.org"))); err != nil || step != auth.StepDone {
			t.Errorf("a browser known here: %q %v", step, err)
		}
		elsewhere := h.browser("198.51.100.7")
		state := mustQuery(t, elsewhere.leave(t, ""), "state")
		for range 58 { // 60 with the leaving, twice
			_, _, err := elsewhere.back("https://unisson.example/?code=x&state=" + state)
			kind(t, err, errs.KindForbidden)
		}
		address = c.vouch(elsewhere.leave(t, ""), verified("lea@example.org"))
		_, _, err = elsewhere.back(address)
		kind(t, err, errs.KindThrottled)
		h.clock.Advance(5 * time.Minute)
		if step, _, err := elsewhere.back(address); err != nil || step != auth.StepDone {
			t.Errorf("five minutes later: %q %v", step, err)
		}
		for i := range 500 { // an office that never comes in, all day long
			if _, _, err := h.auth.StartOIDC(ctx(), "", office); err != nil {
				t.Fatalf("leaving for the %dth time: %v", i, err)
			}
			h.clock.Advance(6 * time.Second)
		}
	})
}

// A page of somebody else can make a browser ask for anything, but not bring back
// what we gave out: it takes no room from those who share its address.
func TestComingBackWithoutHavingLeftCountsNothing(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			c := clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
			issuer := startSlowIssuer(t)
			issuer.answer <- http.StatusOK
			h := newHouse(t, dbtest.Open(t, e, c), c, issuer.config)
			b, late := h.browser("192.0.2.1"), h.browser("192.0.2.1")
			altered, asked := h.browser("192.0.2.1"), h.browser("192.0.2.1")
			altered.cookies["__Host-unisson-company"] = &http.Cookie{Name: "__Host-unisson-company", Value: "x"}
			state := mustQuery(t, late.leave(t, ""), "state")
			c.Advance(11 * time.Minute)
			asked.leave(t, "")
			dbtest.Unchanged(t, h.db, func() {
				for range 70 {
					for name, who := range map[string]*browser{"no cookie": b, "an altered one": altered, "another state": asked, "too late": late} {
						address := "https://unisson.example/?code=x&state=y"
						if who == late {
							address = "https://unisson.example/?code=x&state=" + state
						}
						if _, _, err := who.back(address); errs.KindOf(err) != errs.KindForbidden || errs.Detail(err).Code != "auth.error.company" {
							t.Fatalf("%s: %v", name, err)
						}
					}
				}
			})
			b.leave(t, "")
		})
	}
}

// leaveAs starts the company sign-in with the cookies of this browser.
func (b *browser) leaveAs(t *testing.T) (to string) {
	t.Helper()
	ok(t, b.request(func(r *http.Request, v auth.Visit) error {
		start, cookie, err := b.h.auth.StartOIDC(r.Context(), "", v)
		if err == nil {
			b.cookies[cookie.Name], to = cookie, start
		}
		return err
	}))
	return to
}

// slowIssuer answers what it says of itself when it is let, and as it is told.
type slowIssuer struct {
	*httptest.Server
	asked  chan struct{} // one for each question
	answer chan int      // status to give
}

func startSlowIssuer(t *testing.T) *slowIssuer {
	t.Helper()
	s := &slowIssuer{asked: make(chan struct{}, 100), answer: make(chan int, 100)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked <- struct{}{}
		select {
		case status := <-s.answer:
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"issuer":"` + s.URL + `","authorization_endpoint":"` + s.URL + `/authorize","token_endpoint":"` + s.URL + `/token","jwks_uri":"` + s.URL + `/keys"}`))
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *slowIssuer) config(c *auth.Config) {
	c.OIDC = &auth.OIDCConfig{Issuer: s.URL, ClientID: "unisson", HTTP: s.Client()}
}

func TestASlowIssuerIsAskedOnceAndHoldsNobodyLongerThanHeWaits(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			c := clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
			issuer := startSlowIssuer(t)
			h := newHouse(t, dbtest.Open(t, e, c), c, issuer.config)
			start := func(ctx context.Context) error {
				_, _, err := h.auth.StartOIDC(ctx, "/", auth.Visit{})
				return err
			}
			first, leave := context.WithCancel(ctx())
			left, waited := make(chan error), make(chan error)
			go func() { left <- start(first) }()
			<-issuer.asked
			gone, cancel := context.WithCancel(ctx())
			go func() { waited <- start(ctx()) }()
			cancel()
			kind(t, start(gone), errs.KindUnavailable) // while the issuer is silent
			leave()
			kind(t, <-left, errs.KindUnavailable)
			issuer.answer <- http.StatusOK
			ok(t, <-waited)
			ok(t, start(ctx()))
			if n := len(issuer.asked); n != 0 {
				t.Errorf("the issuer was asked %d times more", n)
			}
		})
	}
}

func TestAnIssuerThatDoesNotAnswerIsLeftAloneForAWhile(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			c := clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
			issuer := startSlowIssuer(t)
			h := newHouse(t, dbtest.Open(t, e, c), c, issuer.config)
			start := func() error {
				_, _, err := h.auth.StartOIDC(ctx(), "/", auth.Visit{})
				return err
			}
			issuer.answer <- http.StatusInternalServerError
			for range 5 {
				kind(t, start(), errs.KindUnavailable)
			}
			c.Advance(14 * time.Second)
			kind(t, start(), errs.KindUnavailable)
			if n := len(issuer.asked); n != 1 {
				t.Errorf("asked %d times", n)
			}
			c.Advance(time.Second)
			issuer.answer <- http.StatusOK
			ok(t, start())
		})
	}
}

func mustQuery(t *testing.T, address, name string) string {
	t.Helper()
	u, err := url.Parse(address)
	ok(t, err)
	return u.Query().Get(name)
}

func TestADeadCompanySignInIsToldAsSuch(t *testing.T) {
	dead := func(c *auth.Config) {
		c.OIDC = &auth.OIDCConfig{Issuer: "http://127.0.0.1:1", ClientID: "x", HTTP: &http.Client{Timeout: time.Second}}
	}
	eachWith(t, dead, func(t *testing.T, h *house) {
		_, _, err := h.auth.StartOIDC(ctx(), "/", auth.Visit{})
		kind(t, err, errs.KindUnavailable)
		h.browser("192.0.2.1").enter("lea@example.org") // passwords work on
	})
	each(t, func(t *testing.T, h *house) {
		_, _, err := h.auth.StartOIDC(ctx(), "/", auth.Visit{})
		kind(t, err, errs.KindNotFound)
		_, _, err = h.browser("192.0.2.1").back("https://unisson.example/?code=x&state=y")
		kind(t, err, errs.KindNotFound)
		if h.auth.HasOIDC() {
			t.Error("a company sign-in from nowhere")
		}
		for name, change := range map[string]func(*auth.Config){
			"half a company":     func(c *auth.Config) { c.OIDC = &auth.OIDCConfig{Issuer: "https://id.example"} },
			"everybody's roles":  func(c *auth.Config) { dead(c); c.OIDC.CreateRoles = []auth.Role{"marketer"} },
			"no policy":          func(c *auth.Config) { c.Policy = nil },
			"no public address":  func(c *auth.Config) { c.PublicURL = nil },
			"no key, no secrets": func(c *auth.Config) { c.Keys = nil },
		} {
			conf := h.conf
			change(&conf)
			if _, err := auth.New(conf); err == nil {
				t.Errorf("%s was accepted", name)
			}
		}
	})
}

func TestPlaces(t *testing.T) {
	for a, want := range map[string]string{"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "2001:db8:1:2:3::4": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64"} {
		if got := auth.Place(netip.MustParseAddr(a)); got != want {
			t.Errorf("%s is in %s, want %s", a, got, want)
		}
	}
}
