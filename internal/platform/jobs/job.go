package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"unisson/internal/platform/db"
)

// ErrLost says that the claim is not this worker's any more: its lease ran out
// and the job was given to another one, or is done. A transaction that meets it
// must be rolled back, which returning it does.
var ErrLost = errors.New("jobs: the claim was lost")

// errStopping is why the contexts of workers end at shutdown.
var errStopping = errors.New("jobs: the runner stops")

// Job is one claimed job in the hands of its worker.
type Job[A Args] struct {
	ID          string // the same at every try: the key for idempotent receivers
	Args        A
	Attempt     int // 1 at the first claim
	Failures    int // tries that failed before
	MaxAttempts int
	CreatedAt   db.Time
	h           *held
}

// held is what the runner knows about a claimed job.
type held struct {
	record Record
	d      *db.DB
	done   atomic.Bool // completed by the worker in a transaction that is committed

	mu   sync.Mutex
	told db.Time // of the latest progress written
}

// Complete marks the job as done inside the worker's own transaction, so that
// its effect and its completion are committed together or not at all. It gives
// ErrLost when the claim is lost: return it, and the effect is undone.
func Complete[A Args](ctx context.Context, tx db.Tx, job *Job[A]) error {
	return job.h.complete(ctx, tx)
}

func (h *held) complete(ctx context.Context, tx db.Tx) error {
	ok, err := complete(ctx, tx, h.record.ID, h.record.Attempt)
	if err != nil {
		return err
	}
	if !ok {
		return ErrLost
	}
	tx.AfterCommit(func() { h.done.Store(true) })
	return nil
}

// Progress notes how far the job has come; what is a message key, total 0 is
// "not known". It writes at most twice a second, and always the end. Call it
// between transactions: inside one, nobody sees it before the commit. It gives
// ErrLost when the claim is lost.
func (j *Job[A]) Progress(ctx context.Context, done, total int64, what string) error {
	h := j.h
	h.mu.Lock()
	defer h.mu.Unlock()
	now := db.At(h.d.Clock().Now())
	if done < total && !h.told.IsZero() && now.Sub(h.told) < progressEvery && now >= h.told {
		return nil
	}
	err := h.d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		ok, err := setProgress(ctx, tx, h.record.ID, h.record.Attempt, Progress{Done: done, Total: total, What: what})
		if err == nil && !ok {
			err = ErrLost
		}
		return err
	})
	if err == nil {
		h.told = now
	}
	return err
}

const progressEvery = 500 * time.Millisecond

// ProgressOf reads how far a job has come, for the page of the person who
// started it; the caller has checked that he may see it.
func ProgressOf(ctx context.Context, r db.Reader, id string) (Progress, State, error) {
	j, err := find(ctx, r, id)
	return j.Progress, j.State, err
}

type snooze struct{ d time.Duration }

func (s snooze) Error() string { return fmt.Sprintf("jobs: not now, again in %s", s.d) }

// Snooze is what a worker returns when it is too early: the job comes back
// after d, and that is no failure.
func Snooze(d time.Duration) error { return snooze{d} }

type permanent struct{ err error }

func (p permanent) Error() string { return p.err.Error() }
func (p permanent) Unwrap() error { return p.err }

// Permanent is what a worker returns when no further try can help: the job
// goes to the dead list at once.
func Permanent(err error) error { return permanent{err} }
