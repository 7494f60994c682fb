package imports

import (
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

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

// WriteRejected writes the rejected rows as CSV: the columns of the file, the
// line on which each row stood, and why it was rejected. Of an import that has
// not run, those of the last dry run.
func (s *Service) WriteRejected(ctx context.Context, id string, w io.Writer, say func(code string, params map[string]any) string) error {
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		i, err := s.mine(ctx, r, id)
		if err != nil {
			return err
		}
		out := csv.NewWriter(w)
		width := len(i.Guess.Header)
		if err := out.Write(defused(append(slices.Clone(i.Guess.Header), say("imports.page.line", nil), say("imports.page.reason", nil)))); err != nil {
			return err
		}
		var c chunk
		for after := int64(0); ; {
			fates, err := selectFates(ctx, r, id, i.Done == 0, registry.Rejected, after, 500)
			if err != nil {
				return err
			}
			for _, f := range fates {
				if f.N < c.first || f.N >= c.first+int64(len(c.rows)) {
					if c, err = selectChunk(ctx, r, id, f.N); errs.Is(err, errs.KindNotFound) {
						return errs.Conflict("imports.errors.file_gone")
					}
					if err != nil {
						return err
					}
				}
				cells := slices.Clone(c.rows[f.N-c.first].Cells)
				for len(cells) < width {
					cells = append(cells, "")
				}
				if err := out.Write(defused(append(cells[:max(width, 1)], strconv.FormatInt(f.line, 10), say(f.Code, f.Params)))); err != nil {
					return err
				}
				after = f.N
			}
			if len(fates) < 500 {
				break
			}
		}
		out.Flush()
		return out.Error()
	})
	return errs.Wrap("rejected rows", err)
}

// defused puts an apostrophe before what a spreadsheet would take for a formula.
func defused(cells []string) []string {
	for k, c := range cells {
		if c != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(c)[0]) {
			cells[k] = "'" + c
		}
	}
	return cells
}
