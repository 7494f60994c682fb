package access

import (
	"context"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/jobs"
)

// resetJob sends a reset link; to nobody when UserID is empty.
type resetJob struct {
	UserID string `json:"user_id"`
}

// Kind names the job.
func (resetJob) Kind() string { return "access.reset" }

// Work registers the jobs of access.
func Work(reg *jobs.Registry, s *auth.Service) {
	jobs.Register(reg, func(ctx context.Context, job *jobs.Job[resetJob]) error {
		if job.Args.UserID == "" {
			return nil
		}
		return s.SendReset(ctx, job.Args.UserID)
	})
}
