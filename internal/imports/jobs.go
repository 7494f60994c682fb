package imports

import (
	"context"
	"errors"
	"strings"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/jobs"
)

// Queue is where imports wait: one after the other.
const Queue = "imports"

// workJob does what an import waits for.
type workJob struct{ ImportID string }

// Kind names the job.
func (workJob) Kind() string { return "imports.work" }

// sweepJob deletes files and rows that have had their time.
type sweepJob struct{}

// Kind names the job.
func (sweepJob) Kind() string { return "imports.sweep" }

// Register sets the workers and the schedule.
func (s *Service) Register(reg *jobs.Registry) error {
	jobs.Register(reg, func(ctx context.Context, job *jobs.Job[workJob]) error {
		var lost error
		err := s.Work(ctx, job.Args.ImportID, func(i Import) {
			if e := job.Progress(ctx, i.Done, i.Total, "imports.progress"); errors.Is(e, jobs.ErrLost) {
				lost = e // another process is at it: its steps and ours exclude each other
			}
		})
		if errs.Is(err, errs.KindNotFound) {
			return jobs.Permanent(err)
		}
		return errors.Join(err, lost)
	}, jobs.Timeout(24*time.Hour))
	jobs.Register(reg, func(ctx context.Context, _ *jobs.Job[sweepJob]) error { return s.Sweep(ctx) })
	return reg.Schedule(jobs.Schedule{Name: "imports.sweep", Spec: "41 3 * * *", Args: sweepJob{}, Opts: jobs.Opts{UniqueKey: "imports.sweep"}})
}

// Sweep deletes the files and rows of imports older than KeepFor.
func (s *Service) Sweep(ctx context.Context) error {
	before := db.At(s.db.Clock().Now().Add(-KeepFor))
	for {
		var old []string
		err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
			old, err = selectOld(ctx, r, before, 100)
			return err
		})
		if err != nil || len(old) == 0 {
			return errs.Wrap("sweep imports", err)
		}
		for _, id := range old {
			err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error { return forget(ctx, tx, id) })
			if err = errors.Join(err, s.files.remove(id)); err != nil {
				return errs.Wrap("sweep imports", err)
			}
		}
	}
}

func dropNUL(s string) string { return strings.ReplaceAll(s, "\x00", "") }
