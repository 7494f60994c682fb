package mail_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/mail"
)

// got is one message as the server took it in.
type got struct{ from, to, raw string }

// server is a real SMTP server on loopback that does as the test tells.
type server struct {
	url string

	mu   sync.Mutex
	got  []got
	at   func(step string, c *smtp.Conn) error // "mail", "rcpt", "data" (after the message was read); nil: all is well
	user string                                // name and password asked for; empty: none
}

func (s *server) received() []got {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]got(nil), s.got...)
}

// become changes what the server does.
func (s *server) become(at func(step string, c *smtp.Conn) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = at
}

func (s *server) step(name string, c *smtp.Conn) error {
	s.mu.Lock()
	at := s.at
	s.mu.Unlock()
	if at == nil {
		return nil
	}
	return at(name, c)
}

type session struct {
	srv      *server
	conn     *smtp.Conn
	from, to string
	signedIn bool
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.srv.user != "" && !s.signedIn {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return s.srv.step("mail", s.conn)
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.srv.step("rcpt", s.conn)
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.srv.mu.Lock()
	s.srv.got = append(s.srv.got, got{s.from, s.to, string(raw)})
	s.srv.mu.Unlock()
	return s.srv.step("data", s.conn)
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }
func (s *session) AuthMechanisms() []string {
	if s.srv.user == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, password string) error {
		if name+":"+password != s.srv.user {
			return smtp.ErrAuthFailed
		}
		s.signedIn = true
		return nil
	}), nil
}

// serve starts a server for the length of the test.
func serve(t *testing.T, set func(*server, *smtp.Server)) *server {
	t.Helper()
	srv := &server{}
	impl := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{srv: srv, conn: c}, nil }))
	impl.Domain, impl.AllowInsecureAuth = "relay.test", true
	impl.ErrorLog = quiet{}
	if set != nil {
		set(srv, impl)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv.url = "smtp://" + l.Addr().String()
	done := make(chan struct{})
	go func() { _ = impl.Serve(l); close(done) }()
	t.Cleanup(func() { _ = impl.Close(); <-done })
	return srv
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// answer makes the server say a code at a step.
func answer(step string, code int) func(string, *smtp.Conn) error {
	return func(at string, _ *smtp.Conn) error {
		if at != step {
			return nil
		}
		return &smtp.SMTPError{Code: code, Message: "says the relay"}
	}
}

// drop makes the server take the message in and hang up before its answer.
func drop(at string, c *smtp.Conn) error {
	if at != "data" {
		return nil
	}
	_ = c.Conn().Close()
	return errors.New("hung up")
}

func TestARefusalForNowIsTriedFiveTimesLaterEachTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, step := range []string{"mail", "rcpt", "data"} {
			srv, q := serve(t, nil), &queue{}
			srv.become(answer(step, 451))
			s := service(t, d, q, relayed(srv.url))
			id := send(t, d, s, q, reset())
			last := time.Duration(0)
			for try := 1; try <= 4; try++ {
				err := s.Deliver(t.Context(), id)
				wait := mail.RetryAfter(err)
				if errs.KindOf(err) != errs.KindUnavailable || wait <= last {
					t.Fatalf("%s, try %d: %v after %v, then %v", step, try, err, last, wait)
				}
				last = wait
				if m := read(t, d, s, id); m.State != mail.Planned || m.Tries != try || !strings.Contains(m.Answer, "says the relay") {
					t.Errorf("%s, try %d: %+v", step, try, m)
				}
			}
			if err := s.Deliver(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			if m := read(t, d, s, id); m.State != mail.Failed || m.Tries != 5 || m.EndedAt.IsZero() {
				t.Errorf("%s: %+v", step, m)
			}
		}
	})
}

func TestARefusalForGoodIsNotTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, step := range []string{"mail", "rcpt", "data"} {
			srv, q := serve(t, nil), &queue{}
			srv.become(answer(step, 550))
			s := service(t, d, q, relayed(srv.url))
			id := send(t, d, s, q, reset())
			if err := s.Deliver(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			m := read(t, d, s, id)
			if m.State != mail.Failed || m.Tries != 1 || !strings.Contains(m.Answer, "says the relay") {
				t.Errorf("%s: %+v", step, m)
			}
			// An administrator mends the cause and sends it again.
			srv.become(nil)
			retry := func(ctx context.Context, tx db.Tx) error { return s.Retry(ctx, tx, id) }
			if err := d.Write(t.Context(), retry); err != nil {
				t.Fatal(err)
			}
			if err := s.Deliver(t.Context(), id); err != nil || read(t, d, s, id).State != mail.Accepted || len(q.all()) != 2 {
				t.Errorf("%s, again: %v", step, err)
			}
			if err := d.Write(t.Context(), retry); !errs.Is(err, errs.KindConflict) {
				t.Errorf("an accepted mail was planned anew: %v", err)
			}
		}
	})
}

func TestAMailCutOffBeforeTheAnswerIsSentAgainUnderTheSameName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		srv, q := serve(t, nil), &queue{}
		srv.become(drop)
		s := service(t, d, q, relayed(srv.url))
		id := send(t, d, s, q, reset())
		if err := s.Deliver(t.Context(), id); errs.KindOf(err) != errs.KindUnavailable {
			t.Fatal(err)
		}
		if m := read(t, d, s, id); m.State != mail.Handed {
			t.Errorf("%+v", m)
		}
		// Another process takes over, as after a crash between handed and accepted.
		srv.become(nil)
		if err := service(t, d, q, relayed(srv.url)).Deliver(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		two := srv.received()
		if m := read(t, d, s, id); m.State != mail.Accepted || m.Tries != 2 || len(two) != 2 {
			t.Fatalf("%+v, %d received", m, len(two))
		}
		if two[0].raw != two[1].raw || !strings.Contains(two[0].raw, "Message-ID: <"+id+"@exemple.test>") {
			t.Error("the two copies differ: a mailbox would show both")
		}
	})
}

func TestAMailNeverAnsweredEndsUncertain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		srv, q := serve(t, nil), &queue{}
		srv.become(drop)
		s := service(t, d, q, relayed(srv.url))
		id := send(t, d, s, q, reset())
		for range 5 {
			_ = s.Deliver(t.Context(), id)
		}
		if m := read(t, d, s, id); m.State != mail.Uncertain || m.Tries != 5 {
			t.Errorf("%+v", m)
		}
		if err := s.Deliver(t.Context(), id); err != nil || len(srv.received()) != 5 {
			t.Errorf("%v, %d received", err, len(srv.received()))
		}
	})
}

func TestAtMostOnceRatherLosesAMailThanSendsItTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		srv, q := serve(t, nil), &queue{}
		srv.become(drop)
		s := service(t, d, q, relayed(srv.url))
		m := reset()
		m.AtMostOnce = true
		id := send(t, d, s, q, m)
		for range 3 {
			if err := s.Deliver(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		if got := read(t, d, s, id); got.State != mail.Uncertain || len(srv.received()) != 1 {
			t.Errorf("%+v, %d received", got, len(srv.received()))
		}
		if listed := outbox(t, d, s, mail.Uncertain); len(listed) != 1 {
			t.Error("it is not listed")
		}
	})
}

func TestASlowRelayIsLeftAndMetAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		srv, q := serve(t, nil), &queue{}
		over := make(chan struct{})
		srv.become(func(at string, _ *smtp.Conn) error {
			if at == "data" {
				<-over
			}
			return nil
		})
		s := service(t, d, q, func(c *mail.Config) { c.Relay, c.Timeout = srv.url, 150*time.Millisecond })
		id := send(t, d, s, q, reset())
		err := s.Deliver(t.Context(), id)
		close(over)
		if errs.KindOf(err) != errs.KindUnavailable || read(t, d, s, id).State != mail.Handed {
			t.Fatalf("%v, %+v", err, read(t, d, s, id))
		}
		srv.become(nil)
		if err := service(t, d, q, relayed(srv.url)).Deliver(t.Context(), id); err != nil || read(t, d, s, id).State != mail.Accepted {
			t.Errorf("%v", err)
		}
	})
}

func TestALateWorkerSendsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		srv, q := serve(t, nil), &queue{}
		s := service(t, d, q, relayed(srv.url))
		id := send(t, d, s, q, reset())
		reached, goOn, once := make(chan struct{}), make(chan struct{}), sync.Once{}
		srv.become(func(at string, _ *smtp.Conn) error {
			if at == "rcpt" {
				first := false
				once.Do(func() { first = true })
				if first { // the first worker stands still here until the second is done
					close(reached)
					<-goOn
				}
			}
			return nil
		})
		late := make(chan error)
		go func() { late <- s.Deliver(context.Background(), id) }()
		<-reached
		if err := s.Deliver(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		close(goOn)
		if err := <-late; err != nil {
			t.Errorf("the late worker: %v", err)
		}
		if m := read(t, d, s, id); m.State != mail.Accepted || m.Tries != 2 || len(srv.received()) != 1 {
			t.Errorf("%+v, %d received", m, len(srv.received()))
		}
	})
}

func TestOneMailIsDeliveredOnceByManyWorkers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		srv, q := serve(t, nil), &queue{}
		s := service(t, d, q, relayed(srv.url))
		for range 20 {
			send(t, d, s, q, reset())
		}
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for i, job := range q.all() {
					if i%4 == w {
						if err := s.Deliver(context.Background(), job.MailID); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		if n := len(outbox(t, d, s, mail.Accepted)); n != 20 || len(srv.received()) != 20 {
			t.Errorf("%d accepted, %d received", n, len(srv.received()))
		}
	})
}

func TestAnAbsentRelayIsTriedAgain(t *testing.T) {
	d, q := dbtest.Open(t, db.SQLite, clock.System{}), &queue{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	s := service(t, d, q, relayed("smtp://"+l.Addr().String()))
	id := send(t, d, s, q, reset())
	if err := s.Deliver(t.Context(), id); errs.KindOf(err) != errs.KindUnavailable || read(t, d, s, id).State != mail.Planned {
		t.Errorf("%v", err)
	}
	if _, err := s.Check(t.Context()); err == nil {
		t.Error("check finds an absent relay in order")
	}
}

// certificate borrows the test certificate of the standard library, good for 127.0.0.1.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	web := httptest.NewUnstartedServer(nil)
	web.StartTLS()
	t.Cleanup(web.Close)
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw})) {
		t.Fatal("no certificate")
	}
	return &tls.Config{Certificates: web.TLS.Certificates}, pool
}

func TestTheRelayIsGreetedEncryptedAndSignedInTo(t *testing.T) {
	conf, pool := certificate(t)
	srv := serve(t, func(s *server, impl *smtp.Server) {
		s.user, impl.TLSConfig, impl.AllowInsecureAuth = "unisson:geheim", conf, false
	})
	plain := serve(t, nil)
	d, q := dbtest.Open(t, db.SQLite, clock.System{}), &queue{}
	host := strings.TrimPrefix(srv.url, "smtp://")
	s := service(t, d, q, func(c *mail.Config) { c.Relay, c.RootCAs = "smtp://unisson:geheim@"+host, pool })
	rep, err := s.Check(t.Context())
	if err != nil || !rep.Encrypted || !rep.SignedIn || rep.Relay != host {
		t.Fatalf("%+v %v", rep, err)
	}
	if len(srv.received()) != 0 {
		t.Error("check sent a mail")
	}
	if err := s.Deliver(t.Context(), send(t, d, s, q, reset())); err != nil || len(srv.received()) != 1 {
		t.Fatal(err)
	}
	for name, relay := range map[string]struct {
		url  string
		pool *x509.CertPool
	}{
		"wrong password":          {"smtp://unisson:falsch@" + host, pool},
		"unknown certificate":     {"smtp://unisson:geheim@" + host, nil},
		"no encryption":           {"smtp://" + strings.TrimPrefix(plain.url, "smtp://") + "?tls=required", pool},
		"no sign-in asked for":    {"smtp://unisson:geheim@" + strings.TrimPrefix(plain.url, "smtp://"), pool},
		"password in the clear":   {"smtp://unisson:geheim@" + host + "?tls=none", pool},
		"TLS from the first byte": {"smtps://unisson:geheim@" + host, pool},
	} {
		s := service(t, d, q, func(c *mail.Config) { c.Relay, c.RootCAs, c.Timeout = relay.url, relay.pool, 2*time.Second })
		_, err := s.Check(t.Context())
		if err == nil {
			t.Errorf("%s: check finds nothing wrong", name)
		} else if strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "falsch") {
			t.Errorf("%s: the password is in the message: %v", name, err)
		}
		// What is wrong on our side is no fault of the mail: it waits.
		id := send(t, d, s, q, reset())
		if err := s.Deliver(t.Context(), id); errs.KindOf(err) != errs.KindUnavailable || read(t, d, s, id).State != mail.Planned {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWrongSettingsAreRefusedWithoutTheirPassword(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, clock.System{})
	good := mail.Config{Bundle: bundle(), From: "u@exemple.test"}
	for name, change := range map[string]func(*mail.Config){
		"no bundle":        func(c *mail.Config) { c.Bundle = nil },
		"no sender":        func(c *mail.Config) { c.Relay, c.From = "smtp://relay.test", "" },
		"sender":           func(c *mail.Config) { c.From = "Unisson" },
		"scheme":           func(c *mail.Config) { c.Relay = "http://u:geheim@relay.test" },
		"no host":          func(c *mail.Config) { c.Relay = "smtp://" },
		"path":             func(c *mail.Config) { c.Relay = "smtp://u:geheim@relay.test/inbox" },
		"control":          func(c *mail.Config) { c.Relay = "smtp://u:geheim@relay.test\n" },
		"tls":              func(c *mail.Config) { c.Relay = "smtp://u:geheim@relay.test?tls=maybe" },
		"setting":          func(c *mail.Config) { c.Relay = "smtp://u:geheim@relay.test?verify=no" },
		"contradiction":    func(c *mail.Config) { c.Relay = "smtps://u:geheim@relay.test?tls=none" },
		"port":             func(c *mail.Config) { c.Relay = "smtp://u:geheim@relay.test:70000" },
		"DKIM without key": func(c *mail.Config) { c.DKIM = &mail.DKIM{Domain: "exemple.test", Selector: "u"} },
	} {
		c := good
		change(&c)
		_, err := mail.New(d, (&queue{}).enqueue, c)
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range []string{"", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if _, err := mail.ParseDKIMKey([]byte(text)); err == nil {
			t.Errorf("%q is taken for a key", text)
		}
	}
}
