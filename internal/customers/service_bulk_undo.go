package customers

import (
	"context"
	"slices"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// BulkUndone tells what became of the undoing of one act on many records.
type BulkUndone struct {
	Kind     Kind
	Restored int
	Kept     int      // changed again since
	Names    []string // of those kept, as far as the actor reads them: the first fifty
}

// UndoBulk takes back one act on many records. Those whose value somebody
// changed again since stay as they are, and are told. Whoever did it may undo it
// for ninety days, also where the act itself took the records from him; so may
// those who change everything.
func (s *Service) UndoBulk(ctx context.Context, source string) (BulkUndone, error) {
	var out BulkUndone
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayEdit); err != nil {
			return err
		}
		a := auth.From(ctx)
		src, err := selectBulk(ctx, tx.Reader, source)
		if err != nil {
			return err
		}
		if src.CreatedBy != a.UserID && !a.Can(MayEditAny) {
			return errs.NotFound("bulk")
		}
		if tx.Now().Sub(src.CreatedAt) > undoFor {
			return errs.Conflict("customers.errors.undo_late")
		}
		all, err := selectBulkEdits(ctx, tx.Reader, source)
		if err != nil {
			return err
		}
		var kept []string
		for part := range slices.Chunk(all, bulkBatch) {
			stays, err := s.undoPart(ctx, tx, part, &out)
			if err != nil {
				return err
			}
			kept = append(kept, stays...)
		}
		if out.Restored == 0 {
			return errs.Conflict("customers.errors.undo_late")
		}
		return s.keptNames(ctx, tx.Reader, kept, &out)
	})
	return out, errs.Wrap("undo bulk", err)
}

// undoPart restores some records, and gives the ids of those that stay.
func (s *Service) undoPart(ctx context.Context, tx db.Tx, part []bulkEdit, out *BulkUndone) ([]string, error) {
	ids := make([]string, len(part))
	by := make(map[string]bulkEdit, len(part))
	for i, e := range part {
		ids[i], by[e.id] = e.id, e
	}
	var kept []string
	restored := map[string]string{}
	for _, k := range Kinds() {
		sch, err := schema(ctx, tx.Reader, k)
		if err != nil {
			return nil, err
		}
		// The act may have taken the records from who did it: he gives them back all the same.
		recs, err := selectRecords(ctx, tx.Reader, auth.Scope{All: true}, k, ids)
		if err != nil {
			return nil, err
		}
		if len(recs) == 0 {
			continue
		}
		out.Kind = k
		fields := map[string][]*Record{}
		for _, rec := range recs {
			e := by[rec.ID]
			if !rec.Live() || rec.Values[e.field] != e.to || slices.Contains(e.since, e.field) {
				kept = append(kept, rec.ID)
				continue
			}
			restored[rec.ID] = e.from
			fields[e.field] = append(fields[e.field], rec)
		}
		for field, some := range fields {
			out.Restored += len(some)
			for _, same := range byValue(some, restored) {
				if err := s.writeEach(ctx, tx, sch, same, field, func(string) string { return restored[same[0].ID] }, ""); err != nil {
					return nil, err
				}
			}
		}
	}
	out.Kept += len(kept)
	return kept, nil
}

// byValue parts records by the value that they get back.
func byValue(recs []*Record, values map[string]string) [][]*Record {
	at := map[string]int{}
	var out [][]*Record
	for _, rec := range recs {
		i, ok := at[values[rec.ID]]
		if !ok {
			i = len(out)
			at[values[rec.ID]] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], rec)
	}
	return out
}

// keptNames names the records that stay, as far as the actor reads them.
func (s *Service) keptNames(ctx context.Context, r db.Reader, kept []string, out *BulkUndone) error {
	if len(kept) > 50 {
		kept = kept[:50]
	}
	names := Names{}
	if err := selectTitles(ctx, r, auth.From(ctx).Scope, out.Kind, kept, names); err != nil {
		return err
	}
	for _, id := range kept {
		if names[id] != "" {
			out.Names = append(out.Names, names[id])
		}
	}
	return nil
}
