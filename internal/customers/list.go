package customers

import (
	"encoding/base64"
	"strconv"
	"strings"

	"unisson/internal/platform/errs"
)

// The sizes of lists.
const (
	PageSize   = 50
	countLimit = 1000 // beyond it "more than 1,000" is said
)

// Query asks for one page of a list.
type Query struct {
	Kind   Kind
	Filter Filter
	Sort   Sort
	At     Cursor
	Limit  int // 0: PageSize
}

// Sort is the order of a list: a field, upwards or downwards. The zero value
// sorts by name.
type Sort struct {
	Field string
	Down  bool
}

// String writes a sort as it stands in an address: last_touch, -created.
func (s Sort) String() string {
	if s.Down {
		return "-" + s.Field
	}
	return s.Field
}

// ParseSort reads what String wrote; an unknown field is errs.Malformed.
func ParseSort(sch *Schema, text string) (Sort, error) {
	if text == "" {
		return Sort{}, nil
	}
	name, down := strings.CutPrefix(text, "-")
	if f, ok := sch.Field(name); !ok || !f.Sort {
		return Sort{}, errs.Malformed("sort", "customers.errors.sort")
	}
	return Sort{Field: name, Down: down}, nil
}

// Cursor is a place in a list: the rows after it, or before it. The zero value
// is the beginning.
type Cursor struct {
	Key    string // of the sorted column at that row
	ID     string
	Group  string // of the grouped column, when the list is sorted by one
	Before bool
}

// String writes a cursor for an address.
func (c Cursor) String() string {
	if c.ID == "" && c.Group == "" {
		return ""
	}
	way := ">"
	if c.Before {
		way = "<"
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join([]string{way, c.Key, c.ID, c.Group}, "\x00")))
}

// ParseCursor reads what String wrote.
func ParseCursor(text string) (Cursor, error) {
	if text == "" {
		return Cursor{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	part := strings.Split(string(raw), "\x00")
	if err != nil || len(part) != 4 || (part[0] != ">" && part[0] != "<") {
		return Cursor{}, errs.Malformed("at", "customers.errors.cursor")
	}
	return Cursor{Key: part[1], ID: part[2], Group: part[3], Before: part[0] == "<"}, nil
}

// Page is one page of a list.
type Page struct {
	Records    []*Record
	Next, Prev *Cursor // nil: there is no such page
	Count      int     // of all that the filter finds; countLimit+1 means more than countLimit
	AtLeast    bool    // counting stopped before the end of the base
	Searched   int     // not 0: only that many rows were looked at; Next goes on from there
}

// More tells whether Count stopped counting.
func (p Page) More() bool { return p.Count > countLimit }

// sorting is how a sort lies in the table.
type sorting struct {
	column string // name_key, last_touch_at, created_at
	number bool
	group  string // the column that comes before the name
	down   bool
}

func sortingOf(k Kind, sch *Schema, s Sort) sorting {
	f, ok := sch.Field(s.Field)
	if !ok || !f.Sort {
		return sorting{column: "name_key"}
	}
	switch f.Type {
	case Instant:
		return sorting{column: f.Column, number: true, down: s.Down}
	case Text:
		if f.Key == "name_key" {
			return sorting{column: "name_key", down: s.Down}
		}
	}
	return sorting{column: "name_key", group: f.Key, down: s.Down}
}

// key gives the argument of a cursor's key.
func (s sorting) key(text string) any {
	if s.number {
		n, _ := strconv.ParseInt(text, 10, 64)
		return n
	}
	return text
}
