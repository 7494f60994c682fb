package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"net/url"
	"strings"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
)

// Config says how mail leaves.
type Config struct {
	Relay     string         // smtp://name:password@host:587 or smtps://host:465; empty: the development mailbox
	From      string         // "Unisson <unisson@example.org>"; may be empty without a relay
	PublicURL string         // what addresses beginning with "/" are completed with
	Product   string         // the name letters are signed with; empty: Unisson
	Bundle    *i18n.Bundle   // must hold Locales()
	DKIM      *DKIM          // nil: mails are not signed here
	Vault     Vault          // seals texts in the database; nil: they are stored as they are
	RootCAs   *x509.CertPool // whom to trust as a relay; nil: what the machine trusts
	Timeout   time.Duration  // of each step of the talk with the relay; zero: 30 s
	Helo      string         // how we greet the relay; empty: the domain of From
	Logger    *slog.Logger   // nil: the default one
}

// Vault seals what must not be readable in a copy of the database (secret.Keys does).
type Vault interface {
	Seal(purpose, owner string, plain []byte) string
	Unseal(purpose, owner, sealed string) ([]byte, error)
}

// Enqueuer puts the job of a mail into the caller's transaction.
type Enqueuer func(ctx context.Context, tx db.Tx, job SendJob) error

// SendJob is the job that delivers one mail.
type SendJob struct{ MailID string }

// Kind names the job.
func (SendJob) Kind() string { return "mail.send" }

// Service sends mail.
type Service struct {
	db      *db.DB
	enqueue Enqueuer
	conf    Config
	from    netmail.Address
	domain  string // of From, in ASCII: the right-hand side of Message-IDs
	host    string // of PublicURL, for the foot of letters
	relay   *relay // nil: the development mailbox
}

// New makes the service. It refuses a relay address or a sender that could not work.
func New(d *db.DB, enqueue Enqueuer, c Config) (*Service, error) {
	if c.Bundle == nil {
		return nil, errors.New("mail: no message bundle")
	}
	if c.From == "" && c.Relay == "" {
		c.From = "Unisson <unisson@localhost>"
	}
	if c.Product == "" {
		c.Product = "Unisson"
	}
	if c.Timeout == 0 {
		c.Timeout = 30 * time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	from, err := netmail.ParseAddress(c.From)
	if err != nil {
		return nil, fmt.Errorf("mail: the sender %q is not an address: %w", c.From, err)
	}
	ascii, err := address(from.Address)
	if err != nil {
		return nil, fmt.Errorf("mail: the sender %q is not an address: %w", c.From, err)
	}
	from.Address = ascii
	s := &Service{db: d, enqueue: enqueue, conf: c, from: *from, domain: ascii[strings.LastIndexByte(ascii, '@')+1:]}
	if u, err := url.Parse(c.PublicURL); err == nil {
		s.host = u.Host
	}
	if s.host == "" {
		s.host = s.domain
	}
	if c.DKIM != nil {
		if err := c.DKIM.check(); err != nil {
			return nil, err
		}
	}
	if c.Relay != "" {
		if s.conf.Helo == "" {
			s.conf.Helo = s.domain
		}
		if s.relay, err = newRelay(s.conf); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// HasRelay tells whether mail leaves; without a relay it stays in the development mailbox.
func (s *Service) HasRelay() bool { return s.relay != nil }

// Send plans a mail in the caller's transaction: it leaves once that is committed, and never if it is rolled back.
// A message that could not be sent is refused as invalid.
func (s *Service) Send(ctx context.Context, tx db.Tx, m Message) error {
	const op = "send mail"
	if err := m.validate(); err != nil {
		return errs.Wrap(op, err)
	}
	text, html := m.Text, m.HTML
	if m.Letter != nil || html == "" {
		if m.Letter == nil {
			l := paragraphs(m.Text)
			m.Letter = &l
		}
		var err error
		if text, html, err = s.compose(s.conf.Bundle.For(m.Lang, time.UTC), m); err != nil {
			return errs.Wrap(op, err)
		}
	}
	id := db.NewID()
	row := Mail{
		ID: id, Key: m.Key, Kind: m.Kind, To: m.To, ToName: m.ToName, Lang: i18n.Nearest(m.Lang), Subject: m.Subject,
		Text: s.seal(id, text), HTML: s.seal(id, html), State: Planned, CreatedAt: tx.Now(),
		unsubscribeURL: s.complete(Letter{Settings: m.UnsubscribeURL}).Settings, atMostOnce: m.AtMostOnce,
	}
	if row.Key == "" {
		row.Key = id
	}
	planned, err := insertMail(ctx, tx, row)
	if err != nil || !planned {
		return errs.Wrap(op, err)
	}
	return errs.Wrap(op, s.enqueue(ctx, tx, SendJob{MailID: id}))
}

// Retry plans a mail anew that failed or whose fate is uncertain; the reader may then get it twice. Anything else is
// a conflict.
func (s *Service) Retry(ctx context.Context, tx db.Tx, id string) error {
	const op = "retry mail"
	n, err := replan(ctx, tx, id)
	if err != nil {
		return errs.Wrap(op, err)
	}
	if n == 0 {
		if _, err := mailByID(ctx, tx.Reader, id); err != nil {
			return errs.Wrap(op, err)
		}
		return errs.Wrap(op, errs.Conflict("mail.errors.not_failed"))
	}
	return errs.Wrap(op, s.enqueue(ctx, tx, SendJob{MailID: id}))
}

// Outbox lists mails, newest first, without their texts: those before the id after (empty: from the newest), at most
// limit, of the given states (none: of all).
func (s *Service) Outbox(ctx context.Context, r db.Reader, after string, limit int, states ...State) ([]Mail, error) {
	return mails(ctx, r, after, limit, states)
}

// Message is one mail. Its texts are readable in the development mailbox only: while a relay is set they are empty,
// since a mail may hold a link that signs its reader in.
func (s *Service) Message(ctx context.Context, r db.Reader, id string) (Mail, error) {
	m, err := mailByID(ctx, r, id)
	if err != nil {
		return Mail{}, errs.Wrap("read mail", err)
	}
	if s.HasRelay() {
		m.Text, m.HTML = "", ""
		return m, nil
	}
	return m, errs.Wrap("read mail", s.unseal(&m))
}

// Purge deletes at most limit mails that ended before an instant, and tells how many.
func (s *Service) Purge(ctx context.Context, tx db.Tx, before db.Time, limit int) (int64, error) {
	return purge(ctx, tx, before, limit)
}

const sealPurpose = "mail"

func (s *Service) seal(id, plain string) string {
	if s.conf.Vault == nil || plain == "" {
		return plain
	}
	return s.conf.Vault.Seal(sealPurpose, id, []byte(plain))
}

func (s *Service) unseal(m *Mail) error {
	if s.conf.Vault == nil {
		return nil
	}
	for _, text := range []*string{&m.Text, &m.HTML} {
		if *text == "" {
			continue
		}
		plain, err := s.conf.Vault.Unseal(sealPurpose, m.ID, *text)
		if err != nil {
			return err
		}
		*text = string(plain)
	}
	return nil
}
