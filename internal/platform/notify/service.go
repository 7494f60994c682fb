package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/mail"
	"unisson/internal/platform/registry"
)

// Mailer sends what cannot wait, and digests (mail.Service does).
type Mailer interface {
	Send(ctx context.Context, tx db.Tx, m mail.Message) error
}

// Config is what the service needs beside the database.
type Config struct {
	Bundle *i18n.Bundle // with the messages of every kind of notice
	Mail   Mailer
	Logger *slog.Logger // nil: the default one
	// MaySee keeps of a person's notices those that he may still see, asked when they are shown or sent; nil: all.
	MaySee func(ctx context.Context, r db.Reader, userID string, items []Item) ([]Item, error)
}

// Service is the inbox and what leaves from it.
type Service struct {
	db   *db.DB
	conf Config
}

// New makes the service.
func New(d *db.DB, c Config) (*Service, error) {
	if c.Bundle == nil || c.Mail == nil {
		return nil, errors.New("notify: a message bundle and a mailer are needed")
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return &Service{db: d, conf: c}, nil
}

// Notify tells people something in the caller's transaction. A notice that could not be shown, such as one whose
// kind has no message, is a mistake of the program and fails the transaction.
func (s *Service) Notify(ctx context.Context, tx db.Tx, notices ...Notice) error {
	const op = "notify"
	hasty := map[string]db.Time{} // whom to mail, not before when
	for _, n := range notices {
		if !s.conf.Bundle.Has(n.Kind) {
			return fmt.Errorf("notify: the kind %q has no message", n.Kind)
		}
		it, key, params, err := n.row(tx.Now())
		if err != nil {
			return err
		}
		fresh, err := insertNotice(ctx, tx, it, key, params)
		if err != nil {
			return errs.Wrap(op, err)
		}
		switch {
		case !fresh || it.Urgency == Digest:
		case it.Urgency == Urgent:
			hasty[it.UserID] = tx.Now()
		case hasty[it.UserID].IsZero():
			hasty[it.UserID] = tx.Now().Add(gather)
		}
	}
	for userID, at := range hasty {
		if _, err := jobs.Insert(ctx, tx, TellJob{UserID: userID}, jobs.Opts{RunAt: at}); err != nil {
			return errs.Wrap(op, err)
		}
	}
	return nil
}

// MostUnread is where Unread stops counting: "99+".
const MostUnread = 100

// Unread counts what a person has not read, at most MostUnread.
func (s *Service) Unread(ctx context.Context, r db.Reader, userID string) (int, error) {
	return countUnread(ctx, r, userID, MostUnread)
}

// Inbox lists the notices of whoever acts, newest first: those before the id after (empty: from the newest), at most
// limit. Fewer may come than there are when some may no longer be seen; next is the id to go on from, empty at the end.
func (s *Service) Inbox(ctx context.Context, unreadOnly bool, after string, limit int) (page []Item, next string, err error) {
	me, err := me(ctx)
	if err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if page, err = items(ctx, r, me, unreadOnly, after, limit+1); err != nil {
			return err
		}
		if len(page) > limit {
			page = page[:limit]
			next = page[limit-1].ID
		}
		page, err = s.visible(ctx, r, me, page)
		return err
	})
	return page, next, errs.Wrap("list notices", err)
}

func (s *Service) visible(ctx context.Context, r db.Reader, userID string, list []Item) ([]Item, error) {
	if s.conf.MaySee == nil || len(list) == 0 {
		return list, nil
	}
	return s.conf.MaySee(ctx, r, userID, list)
}

// Open marks a notice of whoever acts as read and gives it; somebody else's is not found.
func (s *Service) Open(ctx context.Context, id string) (it Item, err error) {
	me, err := me(ctx)
	if err != nil {
		return it, err
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if it, err = itemByID(ctx, tx.Reader, me, id); err != nil || !it.ReadAt.IsZero() {
			return err
		}
		it.ReadAt = tx.Now()
		_, err = setRead(ctx, tx, me, id, it.ReadAt)
		return err
	})
	return it, errs.Wrap("open notice", err)
}

// MarkRead marks a notice of whoever acts as read, or as unread again; somebody else's is not found.
func (s *Service) MarkRead(ctx context.Context, id string, read bool) error {
	const op = "mark notice"
	me, err := me(ctx)
	if err != nil {
		return err
	}
	return errs.Wrap(op, s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		at := db.Time(0)
		if read {
			at = tx.Now()
		}
		n, err := setRead(ctx, tx, me, id, at)
		if err == nil && n == 0 {
			err = errs.NotFound("notice")
		}
		return err
	}))
}

// MarkAllRead marks everything of whoever acts as read. The instant takes it back with UndoAllRead; it is zero when
// nothing was unread.
func (s *Service) MarkAllRead(ctx context.Context) (at db.Time, n int64, err error) {
	me, err := me(ctx)
	if err != nil {
		return 0, 0, err
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		n, err = setAllRead(ctx, tx, me, tx.Now())
		if n > 0 {
			at = tx.Now()
		}
		return err
	})
	return at, n, errs.Wrap("mark all notices", err)
}

// UndoAllRead makes unread again what MarkAllRead marked at that instant.
func (s *Service) UndoAllRead(ctx context.Context, at db.Time) error {
	me, err := me(ctx)
	if err != nil {
		return err
	}
	return errs.Wrap("undo marking notices", s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		n, err := setUnreadSince(ctx, tx, me, at)
		if err == nil && n == 0 {
			err = errs.NotFound("notice")
		}
		return err
	}))
}

// Preferences are those of whoever acts.
func (s *Service) Preferences(ctx context.Context) (p Preferences, err error) {
	me, err := me(ctx)
	if err != nil {
		return p, err
	}
	err = s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if p, err = preferences(ctx, r, me); errs.Is(err, errs.KindNotFound) {
			p, err = Defaults(), nil
		}
		return err
	})
	return p, errs.Wrap("read preferences", err)
}

// SavePreferences keeps those of whoever acts.
func (s *Service) SavePreferences(ctx context.Context, p Preferences) error {
	const op = "save preferences"
	me, err := me(ctx)
	if err != nil {
		return err
	}
	if err := p.Validate(); err != nil {
		return errs.Wrap(op, err)
	}
	return errs.Wrap(op, s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error { return savePreferences(ctx, tx, me, p) }))
}

// Sentence writes a notice for a reader.
func (s *Service) Sentence(ctx context.Context, it Item) string { return sentence(i18n.From(ctx), it) }

// Holder tells what this package knows about a person, and forgets it.
func (s *Service) Holder() registry.Holder {
	return registry.Holder{
		Name: "notify", Tables: []string{"notices", "notify_preferences", "notify_digests"},
		Export: func(ctx context.Context, r db.Reader, personID string, w io.Writer) error {
			enc := json.NewEncoder(w)
			for after := ""; ; {
				page, err := items(ctx, r, personID, false, after, 500)
				if err != nil || len(page) == 0 {
					return errs.Wrap("export notices", err)
				}
				for _, it := range page {
					if err := enc.Encode(it); err != nil {
						return err
					}
				}
				after = page[len(page)-1].ID
			}
		},
		Erase: func(ctx context.Context, tx db.Tx, personID string) error {
			return errs.Wrap("erase notices", erase(ctx, tx, personID))
		},
	}
}

// me is who acts; the inbox belongs to people, not to the program.
func me(ctx context.Context) (string, error) {
	if err := auth.Require(ctx, auth.SignedIn); err != nil {
		return "", err
	}
	id := auth.From(ctx).UserID
	if id == "" {
		return "", errs.Unauthenticated()
	}
	return id, nil
}
