package jobs

import (
	"context"
	"encoding/json"
	"fmt"

	"unisson/internal/platform/crash"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Args is the payload of one kind of job: a small struct of ids that JSON can
// write and read. Fields may be added, never renamed, while jobs are waiting.
type Args interface {
	// Kind names the work, such as "mail.send". It works on the zero value.
	Kind() string
}

// Queues and tries when Opts does not say.
const (
	DefaultQueue       = "default"
	DefaultMaxAttempts = 12
	maxArgs            = 256 << 10
)

// Opts says how a job is to be run; the zero value runs it now.
type Opts struct {
	RunAt       db.Time // not before; zero: at once
	Queue       string  // empty: DefaultQueue. See Config.Limits
	Priority    int     // smaller goes first
	MaxAttempts int     // failures until the job is parked; zero: DefaultMaxAttempts
	// UniqueKey lets at most one job of this key wait or run. A job that runs
	// already may have read its rows: put what changed into the key when the
	// newest state must be seen.
	UniqueKey string
}

// Ticket tells what became of an Insert.
type Ticket struct {
	ID       string // of the new job, or of the one that holds the unique key
	Inserted bool   // false: a job of that unique key waits or runs already
}

// Insert puts a job into the caller's transaction: it will run once that is
// committed, and never if it is rolled back.
func Insert(ctx context.Context, tx db.Tx, args Args, o Opts) (Ticket, error) {
	j, err := newRecord(tx, args, o)
	if err != nil {
		return Ticket{}, err
	}
	inserted, err := insert(ctx, tx, j)
	if err != nil {
		return Ticket{}, errs.Wrap("insert job "+j.Kind, err)
	}
	crash.Here("jobs.inserted")
	if !inserted {
		id, err := holder(ctx, tx.Reader, o.UniqueKey)
		return Ticket{ID: id}, err
	}
	wakeAfter(ctx, tx, j.RunAt)
	return Ticket{ID: j.ID, Inserted: true}, nil
}

// InsertMany puts many jobs of one kind into the caller's transaction, with
// the same options. They cannot have a unique key.
func InsertMany[A Args](ctx context.Context, tx db.Tx, args []A, o Opts) error {
	if o.UniqueKey != "" {
		return fmt.Errorf("jobs: InsertMany takes no unique key")
	}
	js := make([]Record, len(args))
	for i, a := range args {
		j, err := newRecord(tx, a, o)
		if err != nil {
			return err
		}
		js[i] = j
	}
	if len(js) == 0 {
		return nil
	}
	if err := insertMany(ctx, tx, js); err != nil {
		return errs.Wrap("insert jobs "+js[0].Kind, err)
	}
	wakeAfter(ctx, tx, js[0].RunAt)
	return nil
}

func newRecord(tx db.Tx, args Args, o Opts) (Record, error) {
	data, err := json.Marshal(args)
	if err != nil {
		return Record{}, fmt.Errorf("jobs: arguments of %s: %w", args.Kind(), err)
	}
	if len(data) > maxArgs {
		return Record{}, fmt.Errorf("jobs: arguments of %s are %d bytes, more than %d: store them and pass their id", args.Kind(), len(data), maxArgs)
	}
	j := Record{
		ID: db.NewID(), Queue: o.Queue, Kind: args.Kind(), Args: string(data), State: Ready, Priority: o.Priority,
		RunAt: o.RunAt, MaxAttempts: o.MaxAttempts, UniqueKey: o.UniqueKey, CreatedAt: tx.Now(),
	}
	if j.Queue == "" {
		j.Queue = DefaultQueue
	}
	if j.RunAt.IsZero() {
		j.RunAt = tx.Now()
	}
	if j.MaxAttempts <= 0 {
		j.MaxAttempts = DefaultMaxAttempts
	}
	return j, nil
}

type wakeKey struct{}

// WithWake gives a context whose Inserts wake a runner of this process as soon
// as they are committed (pass its Wake). Without it the runner's next look at
// the table, at most Config.Poll later, finds them.
func WithWake(ctx context.Context, wake func()) context.Context {
	return context.WithValue(ctx, wakeKey{}, wake)
}

func wakeAfter(ctx context.Context, tx db.Tx, runAt db.Time) {
	if wake, ok := ctx.Value(wakeKey{}).(func()); ok && runAt <= tx.Now() {
		tx.AfterCommit(wake)
	}
}
