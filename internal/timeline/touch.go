package timeline

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Kind says what happened.
type Kind string

// Kinds are all of them, in the order of a menu: first those that people log.
func Kinds() []Kind {
	return []Kind{"visit", "call", "mail", "note", "meeting", "message", "form", "web", "event", "document", "quote", "order", "survey", "post", "exchange"}
}

// QuickKinds are those of the quick log.
func QuickKinds() []Kind { return Kinds()[:4] }

// Note is the kind that may be private.
const Note Kind = "note"

// Voice says whose mark a touch bears.
type Voice string

// The voices. Of another department, such as product management, there is none.
const (
	Customer  Voice = "customer"
	Marketing Voice = "marketing"
	Sales     Voice = "sales"
	Both      Voice = "both"
)

// Direction says who turned to whom.
type Direction string

// The directions; a visit has none.
const (
	In  Direction = "in" // the customer turned to us: his own act, as L-13 counts it
	Out Direction = "out"
)

// Touch is one thing that happened with a customer.
type Touch struct {
	ID        string
	ContactID string // record; "" concerns the account only
	AccountID string // record: where the contact worked then, or the account itself
	At        db.Time
	Kind      Kind
	Channel   string
	Direction Direction
	Voice     Voice
	ByID      string // who did it on our side
	ByName    string
	Subject   string
	Body      string
	AboutKind string // record that it is about: opportunity, campaign …
	AboutID   string
	Href      string // page of that record, a path of ours
	FollowOn  string // day on which ByID wants to take it up again, YYYY-MM-DD
	SourceID  string
	External  string // its number in the system it came from
	Once      string // as stored: see onceKey
	Private   bool
	Machine   bool
	Corrects  string
	Withdrawn bool
	CreatedAt db.Time
	CreatedBy string
}

// The sizes that the table holds.
const (
	maxSubject = 300
	maxBody    = 20_000
	maxOnce    = 100
)

// Counts tells whether a touch moves the last touch of its customer: a robot
// and what nobody else may read do not.
func (t *Touch) Counts() bool { return !t.Machine && !t.Private && !t.Withdrawn }

// Evidence is how the contact gave a sign of his own (L-13), "" when he did not.
func (t *Touch) Evidence() string {
	if t.Direction != In || !t.Counts() {
		return ""
	}
	return string(t.Kind)
}

// tidy brings what was typed into the form in which it is kept.
func (t *Touch) tidy() {
	t.Subject = strings.Join(strings.Fields(t.Subject), " ")
	t.Body = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(t.Body, "\r\n", "\n"), "\r", "\n"))
	t.Channel = strings.TrimSpace(t.Channel)
	if t.Direction == In {
		t.Voice = Customer
	}
}

// Check tells what is wrong with a touch that was tidied. The future has not
// happened yet; a clock that is a few minutes ahead is forgiven.
func (t *Touch) Check(now time.Time) error {
	var wrong errs.Fields
	long := func(field, text string, most int) {
		if utf8.RuneCountInString(text) > most {
			wrong.Add(field, "timeline.errors.too_long", "most", most)
		}
	}
	if !slices.Contains(Kinds(), t.Kind) {
		wrong.Add("kind", "timeline.errors.kind")
	}
	if !slices.Contains([]Direction{"", In, Out}, t.Direction) {
		wrong.Add("direction", "timeline.errors.choose")
	}
	if !slices.Contains([]Voice{"", Customer, Marketing, Sales, Both}, t.Voice) {
		wrong.Add("voice", "timeline.errors.choose")
	}
	if t.ContactID == "" && t.AccountID == "" {
		wrong.Add("who", "timeline.errors.who")
	}
	if t.Kind == Note && t.Body == "" && t.Subject == "" {
		wrong.Add("text", "timeline.errors.text")
	}
	switch {
	case t.At <= 0:
		wrong.Add("at", "timeline.errors.when")
	case t.At.Go().After(now.Add(10 * time.Minute)):
		wrong.Add("at", "timeline.errors.future")
	}
	long("subject", t.Subject, maxSubject)
	long("text", t.Body, maxBody)
	long("channel", t.Channel, 60)
	long("external_id", t.External, 200)
	if t.FollowOn != "" {
		if _, err := clock.ParseDay(t.FollowOn); err != nil {
			wrong.Add("follow_on", "timeline.errors.day")
		}
	}
	if t.Private && (t.Kind != Note || t.ByID == "") {
		wrong.Add("private", "timeline.errors.private")
	}
	if t.Href != "" && !local(t.Href) {
		wrong.Add("href", "timeline.errors.choose")
	}
	return wrong.Err()
}

// local tells whether an address is a path of ours.
func local(href string) bool {
	u, err := url.Parse(href)
	return err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//") &&
		!strings.Contains(href, `\`) && len(href) <= 500
}

// Brief is a touch in a few words: its subject, else the beginning of its text.
func (t *Touch) Brief() string {
	if t.Subject != "" {
		return t.Subject
	}
	line, _, _ := strings.Cut(t.Body, "\n")
	const most = 120
	if r := []rune(line); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return line
}
