package customers

import (
	"context"
	"maps"
	"slices"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/edits"
	"unisson/internal/platform/errs"
)

// Save writes the values that were sent against the version they were read at,
// and gives the new version; the same version when nothing was different.
// Fields that were not sent are left as they stand. A clash is errs.Stale with
// a *Conflict; everything else that others changed meanwhile is kept.
func (s *Service) Save(ctx context.Context, k Kind, id string, version int64, sent Values) (int64, error) {
	saved := version
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		rec, sch, err := s.mine(ctx, tx, k, id)
		if err != nil {
			return err
		}
		clean, err := s.clean(ctx, tx.Reader, sch, over(rec.Values, sent))
		if err != nil {
			return err
		}
		since, err := selectEdits(ctx, tx.Reader, id, version)
		if err != nil {
			return err
		}
		base := Values(edits.Rewind(rec.Values, since))
		if int64(len(since)) != rec.Version-version {
			base = nil // too old to tell who changed what: every difference is shown
		}
		mine := maps.Clone(map[string]string(clean))
		for _, name := range sch.Names() {
			if _, ok := sent[name]; !ok {
				mine[name] = rec.Values[name]
			}
		}
		merged, clashes := edits.Merge(sch.Names(), base, mine, rec.Values, since)
		if len(clashes) > 0 {
			return errs.Stale(&Conflict{Version: rec.Version, Merged: merged, Clashes: clashes})
		}
		if saved, err = s.write(ctx, tx, sch, rec, merged, ""); err != nil {
			return err
		}
		return s.noteRefusals(ctx, tx, k, id, rec.Values, merged)
	})
	return saved, errs.Wrap("save "+string(k), err)
}

// mine reads a record that the actor may change.
func (s *Service) mine(ctx context.Context, tx db.Tx, k Kind, id string) (*Record, *Schema, error) {
	if err := auth.Require(ctx, MayRead); err != nil {
		return nil, nil, err
	}
	rec, err := s.record(ctx, tx.Reader, k, id)
	if err != nil {
		return nil, nil, err
	}
	ok, err := s.may(ctx, tx.Reader, rec)
	if err != nil {
		return nil, nil, err
	}
	if !ok {
		return nil, nil, errs.Forbidden("customers.errors.not_yours")
	}
	sch, err := schema(ctx, tx.Reader, k)
	return rec, sch, err
}

// over lays what was sent over what stands.
func over(stands, sent Values) Values {
	out := make(Values, len(stands)+len(sent))
	maps.Copy(out, stands)
	maps.Copy(out, sent)
	return out
}

// write saves merged values over a record as read in this transaction, with its
// edit, its place in the search and its fact. The given version is returned
// when nothing changed. source is the import that does it.
func (s *Service) write(ctx context.Context, tx db.Tx, sch *Schema, rec *Record, merged Values, source string) (int64, error) {
	if err := s.spell(ctx, tx.Reader, merged); err != nil {
		return 0, err
	}
	changes := edits.Diff(sch.Names(), rec.Values, merged)
	if len(changes) == 0 {
		return rec.Version, nil
	}
	by := auth.From(ctx)
	next := *rec
	next.Values, next.Version, next.UpdatedAt, next.UpdatedBy = merged, rec.Version+1, tx.Now(), by.UserID
	ok, err := updateRecord(ctx, tx, sch, &next, rec.Values, rec.Version)
	if err == nil && !ok {
		err = errs.Stale(nil) // somebody wrote between our read and our write
	}
	if err != nil {
		return 0, err
	}
	if err := insertEdits(ctx, tx, []edit{{recordID: rec.ID, version: next.Version, byID: by.UserID, by: by.Name, source: source, fields: changes}}); err != nil {
		return 0, err
	}
	if err := s.index(ctx, tx, sch.Kind, []*Record{&next}); err != nil {
		return 0, err
	}
	return next.Version, s.bus.Publish(ctx, tx, RecordsSaved{Kind: sch.Kind, Changed: []string{rec.ID}})
}

// Undo takes back the change that led to a version. Fields that somebody
// changed again since stay as they are; when all were, nothing is done and
// errs.Conflict tells so.
func (s *Service) Undo(ctx context.Context, k Kind, id string, version int64) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		rec, sch, err := s.mine(ctx, tx, k, id)
		if err != nil {
			return err
		}
		since, err := selectEdits(ctx, tx.Reader, id, version-1)
		if err != nil {
			return err
		}
		if len(since) == 0 || since[0].Version != version || tx.Now().Go().Sub(since[0].At) > undoFor {
			return errs.Conflict("customers.errors.undo_late")
		}
		values, changed := maps.Clone(rec.Values), false
		for _, f := range since[0].Fields {
			if values[f.Name] == f.To && !touched(since[1:], f.Name) {
				values[f.Name], changed = f.From, true
			}
		}
		if !changed {
			return errs.Conflict("customers.errors.undo_late")
		}
		if err := Check(k, values); err != nil {
			return err
		}
		if _, err = s.write(ctx, tx, sch, rec, values, ""); err != nil {
			return err
		}
		return s.noteRefusals(ctx, tx, k, id, rec.Values, values)
	})
	return errs.Wrap("undo "+string(k), err)
}

// touched tells whether one of some edits changed a field.
func touched(since []edits.Edit, field string) bool {
	return slices.ContainsFunc(since, func(e edits.Edit) bool {
		return slices.ContainsFunc(e.Fields, func(f edits.Field) bool { return f.Name == field })
	})
}

// History lists the changes of a record, newest first.
func (s *Service) History(ctx context.Context, k Kind, id string) ([]edits.Edit, error) {
	var out []edits.Edit
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		if _, err := s.record(ctx, r, k, id); err != nil {
			return err
		}
		all, err := selectEdits(ctx, r, id, 0)
		slices.Reverse(all)
		out = all
		return err
	})
	return out, errs.Wrap("history", err)
}
