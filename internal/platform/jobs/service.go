package jobs

import (
	"context"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Administer is the permission to see jobs and to decide about dead ones.
const Administer auth.Permission = "admin.jobs"

// countMax is as far as jobs are counted for people.
const countMax = 10_001

// Filter narrows a list; empty fields do not.
type Filter struct {
	State State
	Kind  string
	Queue string
}

// Stats is the state of all jobs in numbers. Counts stop at 10,001, which
// reads as "more than 10,000".
type Stats struct {
	ByState   map[State]int
	Later     int           // of the ready ones, those whose time has not come
	OldestDue time.Duration // how long the oldest due job has been waiting
}

// Service is what administrators do with jobs.
type Service struct {
	d    *db.DB
	wake func()
}

// NewService makes the service; wake is the runner's, or nil.
func NewService(d *db.DB, wake func()) *Service {
	if wake == nil {
		wake = func() {}
	}
	return &Service{d: d, wake: wake}
}

// Count gives the numbers without asking who wants them: for metrics.
func Count(ctx context.Context, d *db.DB) (Stats, error) {
	s := Stats{ByState: map[State]int{}}
	now := db.At(d.Clock().Now())
	err := d.Read(ctx, func(ctx context.Context, r db.Reader) error {
		for _, st := range States() {
			n, err := countState(ctx, r, st, countMax)
			if err != nil {
				return err
			}
			s.ByState[st] = n
		}
		var err error
		if s.Later, err = countLater(ctx, r, now, countMax); err != nil {
			return err
		}
		oldest, err := oldestDue(ctx, r, now)
		if !oldest.IsZero() {
			s.OldestDue = now.Sub(oldest)
		}
		return err
	})
	return s, errs.Wrap("count jobs", err)
}

// Stats gives the numbers of the admin page.
func (s *Service) Stats(ctx context.Context) (Stats, error) {
	if err := auth.Require(ctx, Administer); err != nil {
		return Stats{}, err
	}
	return Count(ctx, s.d)
}

// List gives jobs newest first, below the id after ("" begins at the top), and
// whether there are more.
func (s *Service) List(ctx context.Context, f Filter, after string, limit int) (js []Record, more bool, err error) {
	if err := auth.Require(ctx, Administer); err != nil {
		return nil, false, err
	}
	err = s.d.Read(ctx, func(ctx context.Context, r db.Reader) error {
		js, err = list(ctx, r, f, after, limit+1)
		return err
	})
	if len(js) > limit {
		js, more = js[:limit], true
	}
	return js, more, errs.Wrap("list jobs", err)
}

// Find gives one job.
func (s *Service) Find(ctx context.Context, id string) (j Record, err error) {
	if err := auth.Require(ctx, Administer); err != nil {
		return Record{}, err
	}
	err = s.d.Read(ctx, func(ctx context.Context, r db.Reader) error {
		j, err = find(ctx, r, id)
		return err
	})
	return j, errs.Wrap("find job", err)
}

// Kinds lists the kinds that have rows, for the filter.
func (s *Service) Kinds(ctx context.Context) (ks []string, err error) {
	if err := auth.Require(ctx, Administer); err != nil {
		return nil, err
	}
	err = s.d.Read(ctx, func(ctx context.Context, r db.Reader) error {
		ks, err = kinds(ctx, r)
		return err
	})
	return ks, errs.Wrap("list kinds", err)
}

// Schedules lists the schedules by name.
func (s *Service) Schedules(ctx context.Context) (ss []ScheduleRecord, err error) {
	if err := auth.Require(ctx, Administer); err != nil {
		return nil, err
	}
	err = s.d.Read(ctx, func(ctx context.Context, r db.Reader) error {
		ss, err = schedules(ctx, r)
		return err
	})
	return ss, errs.Wrap("list schedules", err)
}

// RetryJob runs a dead or discarded job again, with all its tries before it.
func (s *Service) RetryJob(ctx context.Context, id string) error {
	return s.change(ctx, id, "retry job", func(ctx context.Context, tx db.Tx) (bool, error) {
		tx.AfterCommit(s.wake)
		return revive(ctx, tx, id)
	})
}

// DiscardJob decides that a dead or waiting job is not to be run.
func (s *Service) DiscardJob(ctx context.Context, id string) error {
	return s.change(ctx, id, "discard job", func(ctx context.Context, tx db.Tx) (bool, error) {
		return discard(ctx, tx, id)
	})
}

// KeepJob undoes DiscardJob: the job stands on the dead list again.
func (s *Service) KeepJob(ctx context.Context, id string) error {
	return s.change(ctx, id, "keep job", func(ctx context.Context, tx db.Tx) (bool, error) {
		return undiscard(ctx, tx, id)
	})
}

// change refuses with errors.jobs_state when the job is not in a state that
// allows it, and with errors.jobs_key when another job holds its unique key.
func (s *Service) change(ctx context.Context, id, op string, do func(context.Context, db.Tx) (bool, error)) error {
	err := s.d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, Administer); err != nil {
			return err
		}
		if _, err := find(ctx, tx.Reader, id); err != nil {
			return err
		}
		ok, err := do(ctx, tx)
		if err == nil && !ok {
			err = errs.Conflict("jobs.errors.state")
		}
		return err
	})
	if db.IsConflict(err) {
		err = errs.Conflict("jobs.errors.key")
	}
	return errs.Wrap(op, err)
}
