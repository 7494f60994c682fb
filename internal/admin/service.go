package admin

import (
	"context"

	"unisson/internal/platform/audit"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/mail"
	"unisson/internal/platform/webhooks"
)

// The permissions of this package beside jobs.Administer, webhooks.Manage and
// auth.ReadLog.
const (
	ReadMail    auth.Permission = "admin.mailbox"
	ReadChanges auth.Permission = "admin.audit"
)

// Service reads what has no service of its own, and gathers the health.
type Service struct {
	DB       *db.DB
	Jobs     *jobs.Service
	Mail     *mail.Service
	Webhooks *webhooks.Service
}

// Health is the state of the installation in figures.
type Health struct {
	Jobs      jobs.Stats
	Relay     bool // mail leaves; otherwise it is kept here
	MailStuck int  // failed or uncertain; stuckMax and more read as "more than"
	Stopped   []webhooks.Endpoint
	Failing   []webhooks.Endpoint
	Endpoints int
	Database  string
}

// stuckMax is as far as stuck mails are counted.
const stuckMax = 100

// Health gives the figures of the overview.
func (s *Service) Health(ctx context.Context) (h Health, err error) {
	const op = "health"
	if h.Jobs, err = s.Jobs.Stats(ctx); err != nil {
		return h, errs.Wrap(op, err)
	}
	stuck, _, err := s.Mails(ctx, "", stuckMax, mail.Failed, mail.Uncertain)
	if err != nil {
		return h, errs.Wrap(op, err)
	}
	h.Relay, h.MailStuck = s.Mail.HasRelay(), len(stuck)
	es, err := s.Webhooks.Endpoints(ctx)
	if err != nil {
		return h, errs.Wrap(op, err)
	}
	for _, e := range es {
		switch {
		case !e.StoppedAt.IsZero():
			h.Stopped = append(h.Stopped, e)
		case !e.FailingSince.IsZero():
			h.Failing = append(h.Failing, e)
		}
	}
	h.Endpoints = len(es)
	h.Database, err = s.DB.Version(ctx)
	return h, errs.Wrap(op, err)
}

// Mails lists mails newest first, below the id after, and tells whether there
// are more.
func (s *Service) Mails(ctx context.Context, after string, limit int, states ...mail.State) (ms []mail.Mail, more bool, err error) {
	if err := auth.Require(ctx, ReadMail); err != nil {
		return nil, false, err
	}
	err = s.DB.Read(ctx, func(ctx context.Context, r db.Reader) error {
		ms, err = s.Mail.Outbox(ctx, r, after, limit+1, states...)
		return err
	})
	if len(ms) > limit {
		ms, more = ms[:limit], true
	}
	return ms, more, errs.Wrap("list mails", err)
}

// Message gives one mail.
func (s *Service) Message(ctx context.Context, id string) (m mail.Mail, err error) {
	if err := auth.Require(ctx, ReadMail); err != nil {
		return m, err
	}
	err = s.DB.Read(ctx, func(ctx context.Context, r db.Reader) error {
		m, err = s.Mail.Message(ctx, r, id)
		return err
	})
	return m, errs.Wrap("read mail", err)
}

// RetryMail sends a mail again that failed, or whose fate is uncertain.
func (s *Service) RetryMail(ctx context.Context, id string) error {
	return errs.Wrap("retry mail", s.DB.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, ReadMail); err != nil {
			return err
		}
		return s.Mail.Retry(ctx, tx, id)
	}))
}

// Changes lists who changed what, newest first, and tells whether there are more.
func (s *Service) Changes(ctx context.Context, f audit.Filter) (es []audit.Entry, more bool, err error) {
	if err := auth.Require(ctx, ReadChanges); err != nil {
		return nil, false, err
	}
	limit := f.Limit
	f.Limit++
	err = s.DB.Read(ctx, func(ctx context.Context, r db.Reader) error {
		es, err = audit.List(ctx, r, f)
		return err
	})
	if len(es) > limit {
		es, more = es[:limit], true
	}
	return es, more, errs.Wrap("list changes", err)
}
