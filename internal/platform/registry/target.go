package registry

import (
	"context"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
)

// Target is what the rows of a file can be made into. The capability that owns
// the rows says which fields they have and writes them; whoever reads the file
// knows neither.
type Target struct {
	Name  string // in commands and addresses: "account"
	Label string // message key
	Perm  auth.Permission
	Keys  []string // by which rows that are there already may be found, beside KeyAuto

	// Fields lists what a row may hold, as the organisation has it today.
	Fields func(ctx context.Context, r db.Reader) ([]Field, error)
	// Settle puts right what was proposed for the columns of a file, each judged
	// alone: fields[i], "" for none, is what headers[i] seems to mean. May be nil.
	Settle func(headers, fields []string)
	// Begin notes where the rows will come from. It is called in the transaction
	// that starts a run, and may be called again for the same source.
	Begin func(ctx context.Context, tx db.Tx, from Source) error
	// Apply takes some rows in, all in the caller's transaction, and gives the
	// fate of each, in order. Try tells the fates without writing anything.
	Apply func(ctx context.Context, tx db.Tx, b *Batch) ([]Fate, error)
	Try   func(ctx context.Context, r db.Reader, b *Batch) ([]Fate, error)
	// Undo takes back a part of what a source brought.
	Undo func(ctx context.Context, tx db.Tx, u Undo) (Undone, error)
}

// KeyAuto tries all keys, the surest first.
const KeyAuto = "auto"

// Field is one thing that a row may hold.
type Field struct {
	Name     string
	Label    string            // message key; empty: Words
	Words    map[string]string // its name by language, where it is the organisation's own
	Kind     string            // text, number, date, choice, email …: how samples are shown
	Required bool
	Several  bool              // the cells of several columns are kept, one a line, each "value TAB label"
	Join     string            // not empty: the cells of several columns are joined with it; else the first that is not blank counts
	Labels   []string          // what a column of a Several field may be called: work, mobile
	Choices  []string          // the codes that it may hold
	Headers  map[string]string // names of columns that mean it, folded → label of the column, mostly ""

	// Looks tells whether a cell can only be this; nil: a cell tells nothing.
	Looks func(cell string) bool
	// Guess tells how cells of this kind are written, such as the order of days
	// and months; nil: there is one way.
	Guess   func(cells []string) (format string, sure bool)
	Formats []string
}

// Source is where rows come from.
type Source struct {
	ID   string
	Name string
	Day  string // when the facts were gathered, YYYY-MM-DD
}

// Batch is some rows on their way in.
type Batch struct {
	SourceID  string
	Key       string            // of Keys, or KeyAuto
	Day       string            // of the source: what a person wrote since is newer
	Overwrite bool              // also what is newer or locked
	Formats   map[string]string // by field, as Guess gave them or a person chose
	Rows      []Row

	// Known finds the record that an earlier run made of rows that have no key,
	// by their prints.
	Known func(ctx context.Context, prints []string) (map[string]string, error)
	// Met lists the records that earlier rows of this source are about; a target
	// asks for it when its State is lost.
	Met func(ctx context.Context, tell func(id string)) error
	// State is the target's own, kept from one batch to the next of one run, or
	// of one dry run, in one process.
	State *any
}

// Row is one row of a file.
type Row struct {
	N      int64 // 1 is the first
	Values map[string]string
	Print  string // the same for rows that say the same
}

// What became of a row.
const (
	Created   = "created"
	Updated   = "updated"
	Unchanged = "unchanged"
	Rejected  = "rejected"
)

// Fate is what became of one row.
type Fate struct {
	N        int64
	What     string
	ID       string // of the record
	Also     []Ref  // what was made on the way
	Code     string // of a rejected row: message key
	Field    string
	Params   map[string]any
	Doubts   []Doubt
	Probable bool // a new record that looks like one that is there
	Keyless  bool // only its print will find it again
}

// Ref points to a record.
type Ref struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Doubt is something about a row that was not taken as it stood.
type Doubt struct {
	Code  string `json:"code"` // message key
	Field string `json:"field,omitempty"`
	Value string `json:"value,omitempty"` // what was left out
}

// Undo asks for one step of taking a source back.
type Undo struct {
	SourceID string
	After    string // where the last step ended; empty: begin
	Limit    int    // records a step
}

// Undone is what one step did.
type Undone struct {
	After    string // where to go on; empty: nothing is left to do
	Restored int    // records that have their earlier values again
	Removed  int    // records that were made by the source and are gone
	Kept     []Kept // what somebody changed since, and so stays
}

// Kept is a record, or one value of it, that an undo left as it stands.
type Kept struct {
	Kind  string
	ID    string
	Field string // empty: the whole record
	Code  string // message key of the reason
}
