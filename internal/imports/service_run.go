package imports

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"unisson/internal/imports/table"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/crash"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/registry"
)

// chunkRows is how many rows are one step.
const chunkRows = 1000

// errMoved says that another process did the step, or that somebody changed the
// state: look again.
var errMoved = errors.New("imports: the import moved on")

// Work does what an import waits for, step by step, until it waits for somebody
// again or has ended. tell, which may be nil, hears of each step. It may be
// killed at any point and called again, also by two processes at once.
func (s *Service) Work(ctx context.Context, id string, tell func(Import)) error {
	if tell == nil {
		tell = func(Import) {}
	}
	for moved := 0; ; {
		var i Import
		err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
			i, err = selectImport(ctx, r, id)
			return err
		})
		if err != nil {
			return errs.Wrap("import", err)
		}
		tell(i)
		switch i.State {
		case Staging:
			err = s.stage(ctx, i, tell)
		case Drying:
			err = s.dryRun(ctx, i, tell)
		case Running:
			err = s.run(ctx, i, tell)
		case Undoing:
			err = s.undo(ctx, i, tell)
		case Staged:
			if i.Next == "" {
				return nil
			}
			err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
				_, err := move(ctx, tx, id, []State{Staged}, i.Next, "")
				return err
			})
		default:
			return nil
		}
		if errors.Is(err, errMoved) && moved < 1000 {
			moved++
			continue
		}
		if err = s.refused(ctx, i, err); err != nil {
			return errs.Wrap("import", err)
		}
	}
}

// refused ends an import for what no further try can mend: a file that cannot be
// read after all, rights that its author has no more.
func (s *Service) refused(ctx context.Context, i Import, err error) error {
	code, params := "", map[string]any(nil)
	var refusal *table.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal):
		code, params = refusal.Code, refusal.Params
	case errs.Is(err, errs.KindForbidden), errs.Is(err, errs.KindUnauthenticated):
		code = "imports.errors.rights"
	case errs.Is(err, errs.KindConflict):
		code = cmp.Or(errs.Detail(err).Code, "imports.errors.under_way")
	default:
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		_, e := finish(ctx, tx, i.ID, i.State, Failed, code, params)
		return e
	})
}

// acting gives the context of whoever brought the file, with the rights that he
// has now.
func (s *Service) acting(ctx context.Context, i Import) (context.Context, error) {
	if i.AuthorID == "" {
		return auth.AsSystem(ctx), nil
	}
	return s.actFor(ctx, i.AuthorID)
}

// stage streams the rows of the file into chunks.
func (s *Service) stage(ctx context.Context, i Import, tell func(Import)) error {
	src, in, err := s.files.open(i)
	if err != nil {
		return err
	}
	defer in.Close()
	r, err := table.Open(ctx, src, i.Dialect)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := r.Skip(i.Staged); err != nil {
		return err
	}
	for end := false; !end; {
		var rows []entry
		if rows, end, err = readChunk(r); err != nil {
			return err
		}
		first := i.Staged + 1
		err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			if ok, err := hold(ctx, tx, i); err != nil || !ok {
				return errors.Join(err, notOK(ok))
			}
			if len(rows) > 0 {
				if err := insertChunk(ctx, tx, i.ID, first, rows); err != nil {
					return err
				}
			}
			return setStaged(ctx, tx, i, i.Staged+int64(len(rows)), end)
		})
		if err != nil {
			return err
		}
		crash.Here("imports.chunk_staged")
		i.Staged += int64(len(rows))
		tell(i)
	}
	return nil
}

func notOK(ok bool) error {
	if ok {
		return nil
	}
	return errMoved
}

// readChunk reads the rows of one step, and tells whether they are the last.
func readChunk(r *table.Reader) (rows []entry, end bool, err error) {
	rows = make([]entry, 0, chunkRows)
	for len(rows) < chunkRows {
		row, err := r.Next()
		var bad *table.RowError
		switch {
		case err == io.EOF:
			return rows, true, nil
		case errors.As(err, &bad):
			rows = append(rows, entry{Line: bad.Line, Cells: legible(bad.Cells), Code: bad.Code, Params: bad.Params})
		case err != nil:
			return rows, false, err
		default:
			rows = append(rows, entry{Line: row.Line, Cells: row.Cells})
		}
	}
	return rows, false, nil
}

// legible drops NUL characters, which no database keeps as text.
func legible(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = dropNUL(c)
	}
	return out
}

// step is one chunk on its way to its target.
type step struct {
	chunk chunk
	batch registry.Batch
	fates []fateRow // of the rows that the target does not see
}

// pace is what stays the same through a run in one process.
type pace struct {
	target registry.Target
	reader *reader
	state  any
}

func (s *Service) pace(ctx context.Context, i Import) (*pace, error) {
	t, err := s.target(ctx, i.Target)
	if err != nil {
		return nil, err
	}
	p := &pace{target: t}
	return p, s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		fields, err := t.Fields(ctx, r)
		p.reader = newReader(i.Mapping, i.Guess.Header, fields)
		return err
	})
}

// next reads the chunk after n rows and makes a batch of it.
func (s *Service) next(ctx context.Context, i Import, p *pace, n int64) (*step, error) {
	st := &step{batch: registry.Batch{SourceID: i.ID, Key: i.Key, Day: i.Day, Overwrite: i.Overwrite, Formats: p.reader.formats, State: &p.state}}
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		st.chunk, err = selectChunk(ctx, r, i.ID, n+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	for k, e := range st.chunk.rows {
		at := st.chunk.first + int64(k)
		if e.Code != "" {
			st.fates = append(st.fates, fateRow{Fate: registry.Fate{N: at, What: registry.Rejected, Code: e.Code, Params: e.Params}, line: e.Line})
			continue
		}
		values := p.reader.values(e.Cells)
		if len(values) == 0 {
			st.fates = append(st.fates, fateRow{Fate: registry.Fate{N: at, What: registry.Rejected, Code: "imports.row.nothing"}, line: e.Line})
			continue
		}
		st.batch.Rows = append(st.batch.Rows, registry.Row{N: at, Values: values, Print: fingerprint(values)})
	}
	return st, nil
}

// all joins the fates of a step with those that the target gave, in order.
func (st *step) all(fates []registry.Fate) ([]fateRow, Counts) {
	out := slices.Clone(st.fates)
	for k, f := range fates {
		out = append(out, fateRow{Fate: f, line: st.chunk.rows[f.N-st.chunk.first].Line, print: st.batch.Rows[k].Print})
	}
	slices.SortFunc(out, func(a, b fateRow) int { return cmp.Compare(a.N, b.N) })
	var c Counts
	for _, f := range out {
		switch f.What {
		case registry.Created:
			c.Created++
		case registry.Updated:
			c.Updated++
		case registry.Unchanged:
			c.Unchanged++
		default:
			c.Rejected++
		}
		if f.Probable {
			c.Probable++
		}
		c.Doubts += int64(len(f.Doubts))
		c.Also += int64(len(f.Also))
	}
	return out, c
}

// run takes the rows in, one chunk a transaction.
func (s *Service) run(ctx context.Context, i Import, tell func(Import)) error {
	ctx, err := s.acting(ctx, i)
	if err != nil {
		return err
	}
	p, err := s.pace(ctx, i)
	if err != nil {
		return err
	}
	for i.Done < i.Total {
		began := s.db.Clock().Now()
		st, err := s.next(ctx, i, p, i.Done)
		if err != nil {
			return err
		}
		var c Counts
		var spent time.Duration
		err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			if err := takeTurn(ctx, tx); err != nil {
				return err
			}
			if ok, err := hold(ctx, tx, i); err != nil || !ok {
				return errors.Join(err, notOK(ok))
			}
			st.batch.Known = func(ctx context.Context, prints []string) (map[string]string, error) {
				return selectKnown(ctx, tx.Reader, i.Target, prints)
			}
			st.batch.Met = func(ctx context.Context, tell func(string)) error { return eachMet(ctx, tx.Reader, i.ID, tell) }
			fates, err := p.target.Apply(ctx, tx, &st.batch)
			if err != nil {
				return err
			}
			var rows []fateRow
			rows, c = st.all(fates)
			if err := insertFates(ctx, tx, i.ID, false, rows); err != nil {
				return err
			}
			spent = s.db.Clock().Now().Sub(began)
			if err := advance(ctx, tx, i, int64(len(st.chunk.rows)), c, spent); err != nil {
				return err
			}
			crash.Here("imports.chunk_written")
			return nil
		})
		if err != nil {
			p.state = nil
			return err
		}
		crash.Here("imports.chunk_committed")
		i.Done += int64(len(st.chunk.rows))
		i.Spent += spent
		i.Counts.add(c)
		tell(i)
	}
	return s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		ok, err := finish(ctx, tx, i.ID, Running, Done, "", nil)
		crash.Here("imports.finished")
		return errors.Join(err, notOK(ok))
	})
}

// dryRun tells what a run would do. It writes nothing but what it found.
func (s *Service) dryRun(ctx context.Context, i Import, tell func(Import)) error {
	ctx, err := s.acting(ctx, i)
	if err != nil {
		return err
	}
	p, err := s.pace(ctx, i)
	if err != nil {
		return err
	}
	if err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error { return deleteDry(ctx, tx, i.ID) }); err != nil {
		return err
	}
	var trial Trial
	reasons := map[Reason]int64{}
	for n := int64(0); n < i.Total; {
		st, err := s.next(ctx, i, p, n)
		if err != nil {
			return err
		}
		var rows []fateRow
		var c Counts
		err = s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
			st.batch.Known = func(ctx context.Context, prints []string) (map[string]string, error) {
				return selectKnown(ctx, r, i.Target, prints)
			}
			fates, err := p.target.Try(ctx, r, &st.batch)
			if err == nil {
				rows, c = st.all(fates)
			}
			return err
		})
		if err != nil {
			return err
		}
		trial.add(c)
		for _, f := range rows {
			if f.What == registry.Rejected {
				reasons[Reason{Code: f.Code, Field: f.Field, Reject: true}]++
			}
			for _, d := range f.Doubts {
				reasons[Reason{Code: d.Code, Field: d.Field}]++
			}
		}
		rows = slices.DeleteFunc(rows, func(f fateRow) bool { return f.What != registry.Rejected && !f.Probable && len(f.Doubts) == 0 })
		for k := range rows {
			rows[k].Keyless = false
		}
		trial.Reasons = sorted(reasons)
		err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			if ok, err := hold(ctx, tx, i); err != nil || !ok {
				return errors.Join(err, notOK(ok))
			}
			if err := insertFates(ctx, tx, i.ID, true, rows); err != nil {
				return err
			}
			return setTrial(ctx, tx, i.ID, trial)
		})
		if err != nil {
			return err
		}
		n += int64(len(st.chunk.rows))
		i.Dry = trial
		tell(i)
	}
	return s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := setTrial(ctx, tx, i.ID, trial); err != nil {
			return err
		}
		_, err := move(ctx, tx, i.ID, []State{Drying}, Dry, "")
		return err
	})
}

func sorted(reasons map[Reason]int64) []Reason {
	out := make([]Reason, 0, len(reasons))
	for r, n := range reasons {
		r.Rows = n
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Field, b.Field))
	})
	return out
}

// undoStep is how many records an undoing takes back at once.
const undoStep = 500

// undo takes an import back, one step a transaction.
func (s *Service) undo(ctx context.Context, i Import, tell func(Import)) error {
	t, err := s.target(auth.AsSystem(ctx), i.Target)
	if err != nil {
		return err
	}
	for {
		var did registry.Undone
		err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			if err := takeTurn(ctx, tx); err != nil {
				return err
			}
			if ok, err := holdUndo(ctx, tx, i); err != nil || !ok {
				return errors.Join(err, notOK(ok))
			}
			var err error
			if did, err = t.Undo(auth.AsSystem(ctx), tx, registry.Undo{SourceID: i.ID, After: i.UndoAfter, Limit: undoStep}); err != nil {
				return err
			}
			if err := insertKept(ctx, tx, i.ID, did.Kept); err != nil {
				return err
			}
			if err := advanceUndo(ctx, tx, i.ID, did.After, did.Restored, did.Removed, len(did.Kept)); err != nil {
				return err
			}
			if did.After == "" {
				_, err = finish(ctx, tx, i.ID, Undoing, Undone, "", nil)
			}
			crash.Here("imports.undo_written")
			return err
		})
		if err != nil {
			return err
		}
		crash.Here("imports.undo_committed")
		i.UndoAfter = did.After
		i.Restored, i.Removed, i.Kept = i.Restored+int64(did.Restored), i.Removed+int64(did.Removed), i.Kept+int64(len(did.Kept))
		tell(i)
		if did.After == "" {
			return nil
		}
	}
}
