package app

import (
	"context"
	"errors"
	"time"

	"unisson/internal/access"
	"unisson/internal/platform/api"
	"unisson/internal/platform/db"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/mail"
)

// sweepJob forgets what has run out: sessions, links, kept answers, old letters.
type sweepJob struct{}

// Kind names the job.
func (sweepJob) Kind() string { return "app.sweep" }

// keepLetters is how long a letter that ended stays readable.
const keepLetters = 90 * 24 * time.Hour

// work registers every background job and schedule of the platform.
// Capabilities register their own in their jobs.go.
func (a *App) work() error {
	jobs.Register(a.jobReg, func(ctx context.Context, job *jobs.Job[mail.SendJob]) error {
		err := a.Mail.Deliver(ctx, job.Args.MailID)
		if after := mail.RetryAfter(err); after > 0 {
			return jobs.Snooze(after)
		}
		return err
	})
	jobs.Register(a.jobReg, func(ctx context.Context, _ *jobs.Job[sweepJob]) error {
		now := db.At(a.o.DB.Clock().Now())
		return errors.Join(a.Auth.Sweep(ctx), a.o.DB.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			if _, err := api.Sweep(ctx, tx, now.Add(-24*time.Hour)); err != nil {
				return err
			}
			_, err := a.Mail.Purge(ctx, tx, now.Add(-keepLetters), 10_000)
			return err
		}))
	})
	access.Work(a.jobReg, a.Auth)
	remind := func(reg *jobs.Registry) error { return a.Team.RegisterJobs(reg, a.Notify) }
	for _, register := range []func(*jobs.Registry) error{a.Notify.Register, a.Webhooks.Register, remind, a.Imports.Register} {
		if err := register(a.jobReg); err != nil {
			return err
		}
	}
	return a.jobReg.Schedule(jobs.Schedule{Name: "app.sweep", Spec: "17 3 * * *", Args: sweepJob{}, Opts: jobs.Opts{UniqueKey: "app.sweep"}})
}
