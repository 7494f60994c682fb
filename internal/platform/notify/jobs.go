package notify

import (
	"context"

	"unisson/internal/platform/jobs"
)

// TellJob mails to a person what cannot wait.
type TellJob struct{ UserID string }

// Kind names the job.
func (TellJob) Kind() string { return "notify.tell" }

// DigestsJob sends the digests that are due.
type DigestsJob struct{}

// Kind names the job.
func (DigestsJob) Kind() string { return "notify.digests" }

// SweepJob forgets old notices.
type SweepJob struct{}

// Kind names the job.
func (SweepJob) Kind() string { return "notify.sweep" }

// Register sets the workers and the schedules of this package.
func (s *Service) Register(reg *jobs.Registry) error {
	jobs.Register(reg, func(ctx context.Context, job *jobs.Job[TellJob]) error { return s.Tell(ctx, job.Args.UserID) })
	jobs.Register(reg, func(ctx context.Context, _ *jobs.Job[DigestsJob]) error {
		_, err := s.Digests(ctx)
		return err
	})
	jobs.Register(reg, func(ctx context.Context, _ *jobs.Job[SweepJob]) error { return s.Sweep(ctx) })
	// Every quarter of an hour: there are zones that lie 30 and 45 minutes beside the full hour.
	if err := reg.Schedule(jobs.Schedule{
		Name: "notify.digests", Spec: "*/15 * * * *", Args: DigestsJob{}, Opts: jobs.Opts{UniqueKey: "notify.digests", MaxAttempts: 3},
	}); err != nil {
		return err
	}
	return reg.Schedule(jobs.Schedule{Name: "notify.sweep", Spec: "40 3 * * *", Args: SweepJob{}, Opts: jobs.Opts{UniqueKey: "notify.sweep"}})
}
