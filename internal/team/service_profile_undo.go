package team

import (
	"context"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// UndoProfile takes back the actor's own change that led to a version, within
// the hour. Fields that somebody changed again since stay as they are.
func (s *Service) UndoProfile(ctx context.Context, id string, version int64) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		row, err := s.editable(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		edits, err := selectEditsSince(ctx, tx.Reader, id, version-1)
		if err != nil {
			return err
		}
		if len(edits) == 0 || edits[0].Version != version || edits[0].ByID != auth.From(ctx).UserID || tx.Now().Go().Sub(edits[0].At) > undoFor {
			return errs.Conflict("team.errors.undo_late")
		}
		values, changed := row.Values(), false
		for _, e := range edits[0].Edits {
			if values[e.Field] == e.To {
				values[e.Field], changed = e.From, true
			}
		}
		if !changed {
			return errs.Conflict("team.errors.undo_late")
		}
		values = s.allowed(ctx, id, values, row.Values(), nil)
		_, err = s.writeProfile(ctx, tx, id, row, values)
		return err
	})
	return errs.Wrap("undo profile", err)
}

// ConfirmProfile notes that the actor's own profile is still right.
func (s *Service) ConfirmProfile(ctx context.Context) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		a := auth.From(ctx)
		if a.UserID == "" {
			return errs.Unauthenticated()
		}
		return updateConfirmed(ctx, tx, a.UserID)
	})
	return errs.Wrap("confirm profile", err)
}

// OwnStale tells whether the actor's own profile waits for a word of his. Pages
// show it as a banner with one button.
func (s *Service) OwnStale(ctx context.Context) (bool, error) {
	a := auth.From(ctx)
	if a.UserID == "" {
		return false, nil
	}
	var stale bool
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		me, err := s.self(ctx, r, a.UserID)
		stale = me.hasRow && Stale(me.confirmed.Go(), s.now())
		return err
	})
	return stale, errs.Wrap("own profile", err)
}
