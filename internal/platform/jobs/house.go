package jobs

import (
	"context"
	"fmt"
	"sync"
	"time"

	"unisson/internal/platform/crash"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// noteSchedules writes the registered schedules once. Only a server forgets
// those that are gone: a command may know fewer.
func (r *Runner) noteSchedules(ctx context.Context, server bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ready {
		return nil
	}
	err := r.d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		known := make([]string, len(r.reg.schedules))
		for i, s := range r.reg.schedules {
			known[i] = s.Name
			if err := saveSchedule(ctx, tx, s.record(tx.Now().Go())); err != nil {
				return err
			}
		}
		if !server {
			return nil
		}
		return forgetSchedules(ctx, tx, known)
	})
	r.ready = err == nil
	return err
}

// tick inserts the jobs of schedules whose time has come. The next tick counts
// from now: ticks missed in between are not made up for.
func (r *Runner) tick(ctx context.Context) error {
	return r.d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		absurd := tx.Now().Add(absurdAhead)
		rows, err := dueSchedules(ctx, tx.Reader, tx.Now(), absurd)
		if err != nil {
			return err
		}
		for _, row := range rows {
			s, known := r.reg.schedule(row.Name)
			if !known {
				continue // another release of the program, on the same database
			}
			if err := r.fire(ctx, tx, s, row); err != nil {
				return fmt.Errorf("schedule %s: %w", s.Name, err)
			}
		}
		crash.Here("jobs.ticked")
		return nil
	})
}

func (r *Runner) fire(ctx context.Context, tx db.Tx, s registered, row ScheduleRecord) error {
	// A row that was not due fired in a future that did not come: the clock was
	// wrong then, and the row is set right without a tick.
	dueNow := row.NextAt <= tx.Now()
	last := tx.Now()
	if !dueNow {
		last = 0
	}
	mine, err := advance(ctx, tx, row, s.nextAt(tx.Now().Go()), last)
	if err != nil || !mine || !dueNow {
		return err
	}
	_, err = Insert(ctx, tx, s.Args, s.Opts)
	return err
}

// rescue takes over claims whose worker gave no sign of life. That counts as a
// failure, so that a job that takes its process down is parked in the end.
func (r *Runner) rescue(ctx context.Context) error {
	var js []Record
	now := db.At(r.d.Clock().Now())
	err := r.d.Read(ctx, func(ctx context.Context, rd db.Reader) (err error) {
		js, err = expired(ctx, rd, now, 100)
		return err
	})
	if err != nil {
		return err
	}
	for _, j := range js {
		if err := r.telling(ctx, func(ctx context.Context, tx db.Tx, tell bool) error {
			return r.takeOver(ctx, tx, j, tell)
		}); err != nil {
			return err
		}
	}
	return nil
}

func (r *Runner) takeOver(ctx context.Context, tx db.Tx, j Record, tell bool) error {
	if still, err := stillExpired(ctx, tx, j); err != nil || !still {
		return err
	}
	j.Failures++
	j.LastError = "the worker gave no sign of life until the end of its lease"
	r.log.Warn("jobs: lease over", "kind", j.Kind, "job", j.ID, "attempt", j.Attempt, "failures", j.Failures)
	if j.Failures >= j.MaxAttempts {
		if _, err := park(ctx, tx, j); err != nil {
			return err
		}
		return r.mourn(ctx, tx, j, tell)
	}
	j.RunAt = tx.Now()
	_, err := giveBack(ctx, tx, j)
	return err
}

const sweepAtOnce = 500

// sweep deletes what finished long ago, in small transactions.
func (r *Runner) sweep(ctx context.Context, now time.Time) error {
	for {
		var n int64
		err := r.d.Write(ctx, func(ctx context.Context, tx db.Tx) (err error) {
			n, err = sweep(ctx, tx, tx.Now().Add(-r.cfg.Keep), sweepAtOnce)
			return err
		})
		if err != nil {
			return err
		}
		if n < sweepAtOnce {
			r.mu.Lock()
			r.swept = now
			r.mu.Unlock()
			return nil
		}
	}
}

// stop waits for running jobs as long as the grace allows, ends the rest and
// gives their claims back.
func (r *Runner) stop(ctx context.Context, wg *sync.WaitGroup) {
	all := make(chan struct{})
	go func() { wg.Wait(); close(all) }()
	if within(all, r.cfg.Grace) {
		return
	}
	r.mu.Lock()
	for _, cancel := range r.running {
		cancel(errStopping)
	}
	r.mu.Unlock()
	if within(all, min(time.Second, r.cfg.Grace)) {
		return // each worker's own conclusion gave its claim back
	}
	r.release(ctx)
}

// release gives back the claims of workers that do not heed their context.
func (r *Runner) release(ctx context.Context) {
	r.mu.Lock()
	var rest []Record
	for h := range r.running {
		rest = append(rest, h.record)
	}
	r.mu.Unlock()
	ctx, done := db.Detach(ctx, 3*time.Second)
	defer done()
	err := r.d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		for _, j := range rest {
			j.RunAt = tx.Now()
			if _, err := giveBack(ctx, tx, j); err != nil {
				return err
			}
		}
		return nil
	})
	r.log.Warn("jobs: stopped before these ended", "jobs", len(rest), "error", errs.Wrap("release", err))
}

func within(ch <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ch:
		return true
	case <-timer.C:
		return false
	}
}
