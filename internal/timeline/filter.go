package timeline

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"unisson/internal/customers"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// PageSize is how many touches a page of a stream shows.
const PageSize = 30

// Filter narrows a stream. The zero value narrows nothing.
type Filter struct {
	Voice Voice // joint touches belong to marketing and to sales
	Kind  Kind
	By    string  // who did it on our side
	From  db.Time // from this instant on
	Until db.Time // before this one
}

// Query asks for one page of the stream of an account or a contact.
type Query struct {
	Kind   customers.Kind
	ID     string
	Filter Filter
	At     Cursor
	Limit  int // 0: PageSize
}

// Check refuses words that mean nothing.
func (f Filter) Check() error {
	if f.Voice != "" && !slices.Contains([]Voice{Customer, Marketing, Sales, Both}, f.Voice) {
		return errs.Malformed("voice", "timeline.errors.choose")
	}
	if f.Kind != "" && !slices.Contains(Kinds(), f.Kind) {
		return errs.Malformed("kind", "timeline.errors.kind")
	}
	return nil
}

// Cursor is a place in a stream: what is older than that touch, or newer. The
// zero value is now.
type Cursor struct {
	At    db.Time
	ID    string
	Newer bool
}

// String writes a cursor for an address.
func (c Cursor) String() string {
	if c.ID == "" {
		return ""
	}
	way := "<"
	if c.Newer {
		way = ">"
	}
	return base64.RawURLEncoding.EncodeToString([]byte(way + strconv.FormatInt(int64(c.At), 36) + " " + c.ID))
}

// ParseCursor reads what String wrote.
func ParseCursor(text string) (Cursor, error) {
	if text == "" {
		return Cursor{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	at, id, ok := strings.Cut(string(raw), " ")
	if err != nil || !ok || id == "" || len(at) < 2 || (at[0] != '<' && at[0] != '>') || strings.ContainsRune(id, 0) {
		return Cursor{}, errs.Malformed("at", "timeline.errors.cursor")
	}
	n, err := strconv.ParseInt(at[1:], 36, 64)
	if err != nil {
		return Cursor{}, errs.Malformed("at", "timeline.errors.cursor")
	}
	return Cursor{At: db.Time(n), ID: id, Newer: at[0] == '>'}, nil
}

// Page is one page of a stream, newest first.
type Page struct {
	Touches []Told
	Older   *Cursor // nil: there is nothing older
	Newer   *Cursor
}

// Told is a touch as a stream shows it.
type Told struct {
	Touch
	Who     string // what the customer is called: the contact, else the account
	WhoHref string
	CanEdit bool
}
