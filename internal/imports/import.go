package imports

import (
	"time"

	"unisson/internal/imports/table"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
)

// What may be done here.
const (
	MayImport auth.Permission = "customers.import"   // brings files in, and takes one's own back
	MaySeeAll auth.Permission = "customers.edit.any" // sees and takes back those of others
)

// KeepFor is how long a file and its rows are kept, and an import can be undone.
const KeepFor = 90 * 24 * time.Hour

// State says how far an import is.
type State string

// The states. Those that end in -ing are a worker's; the others wait for
// somebody, or are the end.
const (
	Sniffed   State = "sniffed"
	Staging   State = "staging"
	Staged    State = "staged"
	Drying    State = "drying"
	Dry       State = "dry"
	Running   State = "running"
	Done      State = "done"
	Cancelled State = "cancelled"
	Failed    State = "failed"
	Undoing   State = "undoing"
	Undone    State = "undone"
)

// Working tells whether a worker is, or should be, at it.
func (s State) Working() bool { return s == Staging || s == Drying || s == Running || s == Undoing }

// Ready tells whether it may be tried or run.
func (s State) Ready() bool { return s == Sniffed || s == Staged || s == Dry }

// Counts are the fates of rows.
type Counts struct {
	Created   int64 `json:"created"`
	Updated   int64 `json:"updated"`
	Unchanged int64 `json:"unchanged"`
	Rejected  int64 `json:"rejected"`
	Probable  int64 `json:"probable"` // of the created: they look like one that is there
	Doubts    int64 `json:"doubts"`   // values that were left out, or left as they stood
	Also      int64 `json:"also"`     // records made on the way
}

// Rows is how many rows have a fate.
func (c Counts) Rows() int64 { return c.Created + c.Updated + c.Unchanged + c.Rejected }

func (c *Counts) add(d Counts) {
	c.Created += d.Created
	c.Updated += d.Updated
	c.Unchanged += d.Unchanged
	c.Rejected += d.Rejected
	c.Probable += d.Probable
	c.Doubts += d.Doubts
	c.Also += d.Also
}

// Trial is what a dry run counted.
type Trial struct {
	Counts
	Reasons []Reason `json:"reasons"`
}

// Reason is why some rows were rejected, or some values left out.
type Reason struct {
	Code   string `json:"code"`
	Field  string `json:"field,omitempty"`
	Rows   int64  `json:"rows"`
	Reject bool   `json:"reject"` // whole rows
}

// Import is one file on its way.
type Import struct {
	ID        string
	Target    string
	State     State
	Next      State // what follows the staging: Dry, Running or nothing
	Name      string
	Hash      string
	Size      int64
	Guess     table.Guess
	Dialect   table.Dialect
	Mapping   Mapping
	HeaderKey string
	Key       string
	Overwrite bool
	Day       string
	Staged    int64
	Total     int64
	Done      int64
	Counts
	Dry       Trial
	UndoAfter string
	Restored  int64
	Removed   int64
	Kept      int64
	Code      string // why it failed
	Params    map[string]any
	Spent     time.Duration // of the run
	JobID     string
	AuthorID  string
	Author    string
	StartedAt db.Time
	EndedAt   db.Time
	FileGone  bool
	CreatedAt db.Time
	UpdatedAt db.Time
}

// PerSecond is how many rows a second the run takes in.
func (i Import) PerSecond() float64 {
	if i.Spent <= 0 {
		return 0
	}
	return float64(i.Done) / i.Spent.Seconds()
}

// Left is how long the run will still take, by its pace so far.
func (i Import) Left() time.Duration {
	if i.Done == 0 || i.Total <= i.Done {
		return 0
	}
	return time.Duration(float64(i.Spent) / float64(i.Done) * float64(i.Total-i.Done))
}

// Undoable tells whether it can still be taken back at an instant.
func (i Import) Undoable(now db.Time) bool {
	return (i.State == Done || i.State == Cancelled || i.State == Failed || i.State == Undoing) && i.Done > 0 && now.Sub(i.CreatedAt) < KeepFor
}
