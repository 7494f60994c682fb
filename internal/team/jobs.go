package team

import (
	"context"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/notify"
)

// Notifier tells people what concerns them (notify.Service does), in the
// transaction of the caller.
type Notifier interface {
	Notify(ctx context.Context, tx db.Tx, notices ...notify.Notice) error
}

// RemindJob asks, once a day, for the word of those whose profile has aged,
// tells the leads of teams that end soon, and forgets old edits of profiles.
type RemindJob struct{}

// Kind names the job.
func (RemindJob) Kind() string { return "team.remind" }

const (
	askAgain   = 30 * 24 * time.Hour  // between two reminders about one profile
	keepEdits  = 180 * 24 * time.Hour // of what conflicts and undo are told from
	endsWithin = 14                   // days
	askAtOnce  = 500                  // profiles in one run; the next day takes the rest
)

// RegisterJobs sets the worker and the schedule of this package.
func (s *Service) RegisterJobs(reg *jobs.Registry, n Notifier) error {
	jobs.Register(reg, func(ctx context.Context, _ *jobs.Job[RemindJob]) error { return s.Remind(ctx, n) })
	return reg.Schedule(jobs.Schedule{Name: "team.remind", Spec: "12 5 * * *", Args: RemindJob{}, Opts: jobs.Opts{UniqueKey: "team.remind"}})
}

// Remind does the day's reminders. Run twice, it reminds nobody twice.
func (s *Service) Remind(ctx context.Context, n Notifier) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := s.remindStale(ctx, tx, n); err != nil {
			return err
		}
		if err := s.remindEnding(ctx, tx, n); err != nil {
			return err
		}
		return deleteEditsBefore(ctx, tx, tx.Now().Add(-keepEdits))
	})
	return errs.Wrap("remind", err)
}

func (s *Service) remindStale(ctx context.Context, tx db.Tx, n Notifier) error {
	stale, err := selectStale(ctx, tx.Reader, tx.Now().Add(-StaleAfter), tx.Now().Add(-askAgain), askAtOnce)
	if err != nil {
		return err
	}
	for _, p := range stale {
		if err := n.Notify(ctx, tx, notify.Notice{UserID: p.ID, Kind: "team.notice.stale", URL: "/me/profile",
			Params: map[string]any{"since_on": p.Confirmed.Go().Format(time.DateOnly)}}); err != nil {
			return err
		}
		if err := updateReminded(ctx, tx, p.ID); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) remindEnding(ctx context.Context, tx db.Tx, n Notifier) error {
	o, err := organisation(ctx, tx.Reader)
	if err != nil {
		return err
	}
	day := today(o, tx.Now().Go())
	ending, err := selectEndingTeams(ctx, tx.Reader, day, day.Add(endsWithin))
	if err != nil {
		return err
	}
	for _, t := range ending {
		if err := n.Notify(ctx, tx, notify.Notice{UserID: t.LeadID, Kind: "team.notice.team_ends", URL: "/teams/" + t.ID,
			Params: map[string]any{"team": t.Name, "day_on": t.EndsOn.String()}}); err != nil {
			return err
		}
		if err := updateTeamReminded(ctx, tx, t.ID); err != nil {
			return err
		}
	}
	return nil
}

// TellDeputy gives the reaction to AbsenceSet that tells somebody that he stands
// in, once for each absence. Who wrote it himself needs no telling.
func (s *Service) TellDeputy(n Notifier) func(context.Context, db.Tx, AbsenceSet) error {
	return func(ctx context.Context, tx db.Tx, f AbsenceSet) error {
		if f.DeputyID == "" || f.DeputyID == auth.From(ctx).UserID {
			return nil
		}
		a, err := selectAbsence(ctx, tx.Reader, f.AbsenceID)
		if err != nil {
			return err
		}
		return n.Notify(ctx, tx, notify.Notice{UserID: f.DeputyID, Kind: "team.notice.deputy", URL: "/people/" + f.PersonID, Urgency: notify.Direct,
			Key: "deputy:" + a.ID + ":" + f.DeputyID, Params: map[string]any{"name": a.Person, "from_on": a.From.String(), "to_on": a.To.String()}})
	}
}
