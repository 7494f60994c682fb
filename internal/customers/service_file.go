package customers

import (
	"context"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/files"
)

// AddFile gives a record a file whose bytes are kept already.
func (s *Service) AddFile(ctx context.Context, store *files.Store, k Kind, id string, saved files.Saved) (files.File, error) {
	var out files.File
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if _, _, err := s.mine(ctx, tx, k, id); err != nil {
			return err
		}
		var err error
		out, err = store.Add(ctx, tx, files.Meta{Name: saved.Name, OwnerKind: string(k), OwnerID: id, CreatedBy: auth.From(ctx).UserID, Policy: files.Documents()}, saved)
		return err
	})
	return out, errs.Wrap("add a file", err)
}

// File reads a file of a record that the actor may read.
func (s *Service) File(ctx context.Context, k Kind, id, file string) (files.File, error) {
	var out files.File
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		rec, err := s.record(ctx, r, k, id)
		if err != nil {
			return err
		}
		if out, err = files.Get(ctx, r, file); err != nil {
			return err
		}
		if out.OwnerKind != string(k) || out.OwnerID != rec.ID {
			return errs.NotFound("file")
		}
		return nil
	})
	return out, errs.Wrap("read a file", err)
}

// RemoveFile takes a file away from a record.
func (s *Service) RemoveFile(ctx context.Context, k Kind, id, file string) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if _, _, err := s.mine(ctx, tx, k, id); err != nil {
			return err
		}
		if _, err := s.File(ctx, k, id, file); err != nil {
			return err
		}
		return files.Delete(ctx, tx, file)
	})
	return errs.Wrap("remove a file", err)
}
