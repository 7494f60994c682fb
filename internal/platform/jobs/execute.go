package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"unisson/internal/platform/crash"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// execute runs one claimed job to its end. A panic of the worker is a failure
// like any other.
func (r *Runner) execute(ctx context.Context, cancel context.CancelCauseFunc, h *held) {
	w := r.reg.workers[h.record.Kind]
	started := r.d.Clock().Now()
	runCtx, endTimeout := context.WithTimeoutCause(ctx, w.timeout, fmt.Errorf("took longer than %s", w.timeout))
	stopBeat := r.beat(ctx, cancel, h)
	err := call(runCtx, w, h)
	stopBeat()
	if err == nil {
		crash.Here("jobs.worked")
	}
	if cause := context.Cause(runCtx); err != nil && cause != nil {
		err = errors.Join(cause, err)
	}
	endTimeout()
	// What follows must be written even when ctx is over.
	ctx, done := db.Detach(ctx, 10*time.Second)
	defer done()
	result, err := r.conclude(ctx, h, err)
	cancel(nil)
	rec := h.record
	if result == "failed" || result == "dead" || err != nil {
		r.log.Warn("jobs: "+result, "kind", rec.Kind, "job", rec.ID, "attempt", rec.Attempt, "failures", rec.Failures, "error", err)
	}
	if r.cfg.Observe != nil {
		r.cfg.Observe(Outcome{Kind: rec.Kind, Queue: rec.Queue, Result: result,
			Waited: rec.StartedAt.Sub(rec.RunAt), Took: r.d.Clock().Now().Sub(started)})
	}
}

// call runs the worker in a goroutine of its own, because a worker can end the
// goroutine that it runs in.
func call(ctx context.Context, w worker, h *held) error {
	ended := make(chan error, 1)
	go func() {
		err := errors.New("the worker ended its goroutine")
		defer func() {
			if v := recover(); v != nil {
				err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
			}
			ended <- err
		}()
		err = w.run(ctx, h)
	}()
	return <-ended
}

// beat extends the lease until the function it gives is called. When the claim
// turns out to be lost, it ends the worker's context.
func (r *Runner) beat(ctx context.Context, lose context.CancelCauseFunc, h *held) (stop func()) {
	ctx, end := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		ticker := time.NewTicker(r.cfg.Lease / 3)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if ok, err := r.extend(ctx, h); err == nil && !ok && !h.done.Load() {
					lose(ErrLost)
					return
				}
			}
		}
	})
	return func() { end(); wg.Wait() }
}

func (r *Runner) extend(ctx context.Context, h *held) (ok bool, err error) {
	ctx, done := db.Detach(ctx, r.cfg.Lease)
	defer done()
	err = r.d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		ok, err = extend(ctx, tx, h.record.ID, h.record.Attempt, tx.Now().Add(r.cfg.Lease))
		return err
	})
	return ok, err
}

// conclude writes what became of a try. The error it gives is for the log.
func (r *Runner) conclude(ctx context.Context, h *held, worked error) (result string, err error) {
	if h.done.Load() {
		return "done", worked
	}
	for try := range 4 {
		result, err = r.write(ctx, h, worked)
		if err == nil || !errs.Is(err, errs.KindUnavailable) || ctx.Err() != nil {
			break
		}
		pause(ctx, 100*time.Millisecond<<(2*try))
	}
	if err != nil {
		// The lease will run out, and the job be run again.
		return "lost", errors.Join(err, worked)
	}
	if result == "snoozed" || result == "released" {
		worked = nil
	}
	return result, worked
}

func (r *Runner) write(ctx context.Context, h *held, worked error) (result string, err error) {
	err = r.telling(ctx, func(ctx context.Context, tx db.Tx, tell bool) (err error) {
		result, err = r.conclusion(ctx, tx, h, worked, tell)
		return err
	})
	if errors.Is(err, ErrLost) {
		return "lost", nil
	}
	if err == nil && result == "done" {
		crash.Here("jobs.completed")
	}
	return result, err
}

func (r *Runner) conclusion(ctx context.Context, tx db.Tx, h *held, worked error, tell bool) (string, error) {
	rec := h.record
	var z snooze
	var p permanent
	switch {
	case worked == nil:
		return "done", h.complete(ctx, tx)
	case errors.Is(worked, ErrLost):
		return "lost", nil
	case errors.Is(worked, errStopping):
		rec.RunAt = tx.Now()
		return "released", owned(giveBack(ctx, tx, rec))
	case errors.As(worked, &z):
		rec.RunAt = tx.Now().Add(z.d)
		return "snoozed", owned(giveBack(ctx, tx, rec))
	}
	rec.Failures++
	rec.LastError = trim(worked.Error())
	if rec.Failures >= rec.MaxAttempts || errors.As(worked, &p) {
		if err := owned(park(ctx, tx, rec)); err != nil {
			return "", err
		}
		return "dead", r.mourn(ctx, tx, rec, tell)
	}
	rec.RunAt = tx.Now().Add(r.dice.delay(r.cfg.Backoff, rec.Failures))
	return "failed", owned(giveBack(ctx, tx, rec))
}

func owned(ok bool, err error) error {
	if err == nil && !ok {
		return ErrLost
	}
	return err
}

type deafError struct{ error }

func (d deafError) Unwrap() error { return d.error }

// mourn tells the bus about a dead job.
func (r *Runner) mourn(ctx context.Context, tx db.Tx, rec Record, tell bool) error {
	if r.cfg.Bus == nil || !tell {
		return nil
	}
	if err := r.cfg.Bus.Publish(ctx, tx, JobDied{ID: rec.ID, Kind: rec.Kind, Error: rec.LastError}); err != nil {
		return deafError{err}
	}
	return nil
}

// telling runs a transaction that may mourn. A reaction that fails there must
// not keep a poison job alive: the transaction is run again without telling.
func (r *Runner) telling(ctx context.Context, do func(ctx context.Context, tx db.Tx, tell bool) error) error {
	err := r.d.Write(ctx, func(ctx context.Context, tx db.Tx) error { return do(ctx, tx, true) })
	var deaf deafError
	if errors.As(err, &deaf) {
		r.log.Error("jobs: nobody could be told of a dead job", "error", err)
		err = r.d.Write(ctx, func(ctx context.Context, tx db.Tx) error { return do(ctx, tx, false) })
	}
	return err
}

const maxError = 2000

func trim(s string) string {
	if len(s) <= maxError {
		return s
	}
	for i := range s { // whole letters only
		if i > maxError-4 {
			return s[:i] + "…"
		}
	}
	return s
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
