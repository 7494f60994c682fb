package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"unisson/internal/platform/crash"
)

// relay is the way to the SMTP server of the organisation.
type relay struct {
	host    string
	port    int
	options []gomail.Option
	tls     *tls.Config
	smtps   bool
	auth    bool
	timeout time.Duration
}

// newRelay reads a relay address:
//
//	smtp://name:password@host:587            STARTTLS or nothing (on loopback: STARTTLS if the relay offers it)
//	smtp://host:25?tls=optional              STARTTLS if the relay offers it
//	smtp://host:25?tls=none                  never
//	smtps://name:password@host:465           TLS from the first byte
//
// The errors never repeat the address, which holds a password.
func newRelay(c Config) (*relay, error) {
	u, err := url.Parse(c.Relay)
	if err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Hostname() == "" || (u.Path != "" && u.Path != "/") {
		return nil, errors.New("mail: the relay must look like smtp://name:password@host:587 or smtps://name:password@host:465")
	}
	r := &relay{host: u.Hostname(), port: 587, timeout: c.Timeout, smtps: u.Scheme == "smtps"}
	if r.smtps {
		r.port = 465
	}
	if p := u.Port(); p != "" {
		if r.port, err = strconv.Atoi(p); err != nil {
			return nil, fmt.Errorf("mail: the relay has no port %q", p)
		}
	}
	policy := gomail.TLSMandatory
	if ip, err := netip.ParseAddr(r.host); r.host == "localhost" || err == nil && ip.IsLoopback() {
		policy = gomail.TLSOpportunistic
	}
	query := u.Query()
	switch want := query.Get("tls"); want {
	case "":
	case "required":
		policy = gomail.TLSMandatory
	case "optional":
		policy = gomail.TLSOpportunistic
	case "none":
		policy = gomail.NoTLS
	default:
		return nil, fmt.Errorf("mail: the relay knows tls=required, optional or none, not %q", want)
	}
	query.Del("tls")
	if len(query) > 0 || r.smtps && policy == gomail.NoTLS {
		return nil, errors.New("mail: the relay address holds settings that it does not know, or that contradict each other")
	}
	r.tls = &tls.Config{ServerName: r.host, MinVersion: tls.VersionTLS12, RootCAs: c.RootCAs}
	r.options = []gomail.Option{gomail.WithPort(r.port), gomail.WithTimeout(c.Timeout), gomail.WithHELO(c.Helo), gomail.WithTLSConfig(r.tls)}
	if r.smtps {
		r.options = append(r.options, gomail.WithSSL())
	} else {
		r.options = append(r.options, gomail.WithTLSPolicy(policy))
	}
	if name := u.User.Username(); name != "" {
		password, _ := u.User.Password()
		r.auth = true
		r.options = append(r.options, gomail.WithUsername(name), gomail.WithPassword(password), gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover))
	}
	if _, err := gomail.NewClient(r.host, r.options...); err != nil {
		return nil, fmt.Errorf("mail: relay: %w", err)
	}
	return r, nil
}

// talk is one open conversation.
type talk struct {
	*smtp.Client
	conn net.Conn
	stop func() bool
}

// dial connects, greets, encrypts and signs in. The connection is closed when that fails or ctx ends, which the
// library leaves to its caller.
func (r *relay) dial(ctx context.Context) (*talk, error) {
	t := &talk{}
	dialer := &net.Dialer{Timeout: r.timeout}
	connect := func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, addr)
		if err == nil && r.smtps {
			secure := tls.Client(conn, r.tls)
			if err = secure.HandshakeContext(ctx); err != nil {
				_ = conn.Close()
				return nil, err
			}
			conn = secure
		}
		t.conn = conn
		return conn, err
	}
	// A copy: two talks that appended to the same list would connect each other's lines.
	client, err := gomail.NewClient(r.host, slices.Concat(r.options, []gomail.Option{gomail.WithDialContextFunc(connect)})...)
	if err != nil {
		return nil, err
	}
	if t.Client, err = client.DialToSMTPClientWithContext(ctx); err != nil {
		if t.conn != nil {
			_ = t.conn.Close()
		}
		return nil, err
	}
	t.stop = context.AfterFunc(ctx, func() { _ = t.conn.Close() })
	return t, nil
}

// leave ends the conversation; what the relay says to that no longer matters.
func (t *talk) leave(within time.Duration) {
	t.stop()
	_ = t.UpdateDeadline(within)
	_ = t.Quit()
	_ = t.conn.Close()
}

// transmit brings one message to the relay and gives its answer. handed is called before the first byte of the
// message leaves; when it fails, none does. Every other error is a *refusal.
func (r *relay) transmit(ctx context.Context, from, to string, raw []byte, handed func() error) (string, error) {
	t, err := r.dial(ctx)
	if err != nil {
		// A wrong password is ours to mend, not the fault of the mail: whatever goes wrong up to here is tried again.
		return "", &refusal{step: "connect", err: err}
	}
	defer t.leave(min(r.timeout, 5*time.Second))
	for _, step := range []struct {
		name string
		say  func() error
	}{
		{"sender", func() error { return t.Mail("<" + from + ">") }},
		{"recipient", func() error { return t.Rcpt("<" + to + ">") }},
	} {
		_ = t.UpdateDeadline(r.timeout)
		if err := step.say(); err != nil {
			return "", &refusal{step: step.name, forGood: code(err) >= 500, err: err}
		}
	}
	if err := handed(); err != nil {
		return "", err
	}
	crash.Here("mail.after_handed")
	_ = t.UpdateDeadline(r.timeout)
	w, err := t.Data()
	if err != nil {
		return "", &refusal{step: "data", forGood: code(err) >= 500, err: err}
	}
	_, err = w.Write(raw)
	if err == nil {
		_ = t.UpdateDeadline(r.timeout)
		err = w.Close()
	}
	if err != nil {
		return "", &refusal{step: "message", forGood: code(err) >= 500, unknown: code(err) == 0, err: err}
	}
	return response(w), nil
}

func response(w io.WriteCloser) string {
	if d, ok := w.(*smtp.DataCloser); ok {
		return d.ServerResponse()
	}
	return ""
}

// code is what the relay answered; 0 when it did not.
func code(err error) int {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return answer.Code
	}
	return 0
}

// Report is what Check found.
type Report struct {
	Relay     string // host:port; empty: the development mailbox
	Encrypted bool
	SignedIn  bool
	DKIM      string // the DNS record that must be published; empty: mails are not signed
}

// Check talks to the relay as far as signing in and sends nothing, for doctor. Without a relay there is nothing to
// check.
func (s *Service) Check(ctx context.Context) (Report, error) {
	var rep Report
	if s.conf.DKIM != nil {
		rep.DKIM = s.conf.DKIM.Record()
	}
	if s.relay == nil {
		return rep, nil
	}
	rep.Relay = net.JoinHostPort(s.relay.host, strconv.Itoa(s.relay.port))
	t, err := s.relay.dial(ctx)
	if err != nil {
		return rep, fmt.Errorf("mail: the relay %s does not serve us: %w", rep.Relay, err)
	}
	defer t.leave(s.relay.timeout)
	_, err = t.GetTLSConnectionState()
	rep.Encrypted, rep.SignedIn = err == nil, s.relay.auth
	return rep, nil
}
