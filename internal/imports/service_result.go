package imports

import (
	"context"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/registry"
)

// Reasons counts why rows of a run were rejected.
func (s *Service) Reasons(ctx context.Context, id string) ([]Reason, error) {
	var out []Reason
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		_, err := s.mine(ctx, r, id)
		if err == nil {
			out, err = selectReasons(ctx, r, id, false)
		}
		return err
	})
	return out, errs.Wrap("import reasons", err)
}

// Kept lists what an undoing left as it stands.
func (s *Service) Kept(ctx context.Context, id string, limit int) ([]registry.Kept, error) {
	var out []registry.Kept
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		_, err := s.mine(ctx, r, id)
		if err == nil {
			out, err = selectKept(ctx, r, id, limit)
		}
		return err
	})
	return out, errs.Wrap("kept by an undo", err)
}

// Also lists what a run made on the way.
func (s *Service) Also(ctx context.Context, id string, limit int) ([]registry.Ref, error) {
	var out []registry.Ref
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		_, err := s.mine(ctx, r, id)
		if err == nil {
			out, err = selectAlso(ctx, r, id, limit)
		}
		return err
	})
	return out, errs.Wrap("also created", err)
}
