package mail

import (
	netmail "net/mail"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// State is how far a mail has come; doc.go draws the way.
type State string

// The states of a mail.
const (
	Planned   State = "planned"
	Claimed   State = "claimed"
	Handed    State = "handed"
	Accepted  State = "accepted"
	Failed    State = "failed"
	Uncertain State = "uncertain"
	Kept      State = "kept"
)

// Ended tells whether nothing more will happen to a mail in this state.
func (s State) Ended() bool { return s == Accepted || s == Failed || s == Uncertain || s == Kept }

// Message is a mail to one person, as a service asks for it.
type Message struct {
	To      string // address, without name
	ToName  string // may be empty
	Lang    string // the reader's language; it sets the words around the content
	Subject string
	Kind    string // what it is, for the list of mails: "access.reset"
	Key     string // one mail for one key, for ever; empty: each Send is a mail of its own

	// The content, in one of three ways. Letter is the usual one. Text alone is set as a letter of its paragraphs,
	// which blank lines part. Text and HTML together are sent as they are.
	Letter *Letter
	Text   string
	HTML   string

	UnsubscribeURL string // where the reader may refuse such mails; empty for what he must get
	AtMostOnce     bool   // rather lost than twice
}

// Mail is a message in the outbox. Text and HTML are empty once the relay has it, and whenever a relay is set.
type Mail struct {
	ID        string
	Key       string
	Kind      string
	To        string
	ToName    string
	Lang      string
	Subject   string
	Text      string
	HTML      string
	State     State
	Tries     int
	Answer    string
	CreatedAt db.Time
	HandedAt  db.Time
	EndedAt   db.Time

	unsubscribeURL string
	atMostOnce     bool
}

const (
	maxSubject = 300
	maxText    = 200_000
	maxHTML    = 500_000
)

// validate refuses what could not be sent or would let a value write headers of its own.
func (m Message) validate() error {
	var wrong errs.Fields
	for _, f := range []struct{ name, value string }{
		{"to", m.To}, {"to_name", m.ToName}, {"subject", m.Subject}, {"lang", m.Lang}, {"kind", m.Kind}, {"key", m.Key}, {"unsubscribe_url", m.UnsubscribeURL},
	} {
		if strings.ContainsFunc(f.value, breaksHeader) || !utf8.ValidString(f.value) {
			wrong.Add(f.name, "mail.errors.line_break")
		}
	}
	if wrong.Err() != nil {
		return wrong.Err()
	}
	if _, err := address(m.To); err != nil {
		wrong.Add("to", "mail.errors.address")
	}
	if strings.TrimSpace(m.Subject) == "" {
		wrong.Add("subject", "mail.errors.empty")
	}
	if m.Kind == "" {
		wrong.Add("kind", "mail.errors.empty")
	}
	if m.Letter == nil && strings.TrimSpace(m.Text) == "" {
		wrong.Add("text", "mail.errors.empty")
	}
	for _, f := range []struct {
		name string
		size int
		max  int
	}{{"subject", utf8.RuneCountInString(m.Subject), maxSubject}, {"text", len(m.Text), maxText}, {"html", len(m.HTML), maxHTML}} {
		if f.size > f.max {
			wrong.Add(f.name, "mail.errors.long", "max", f.max)
		}
	}
	return wrong.Err()
}

// breaksHeader is true of line breaks of every alphabet and of the other control characters.
func breaksHeader(r rune) bool {
	return r < 0x20 || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029
}

// address reads a bare address and gives it with its domain in ASCII, as it goes to the relay.
func address(s string) (string, error) {
	a, err := netmail.ParseAddress(s)
	if err != nil {
		return "", err
	}
	at := strings.LastIndexByte(a.Address, '@')
	if a.Name != "" || a.Address != s || strings.HasPrefix(s, `"`) {
		return "", errs.Invalid(errs.Field{Name: "to", Code: "mail.errors.address"})
	}
	domain, err := idna.Lookup.ToASCII(s[at+1:])
	if err != nil {
		return "", err
	}
	return s[:at+1] + domain, nil
}
