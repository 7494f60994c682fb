package imports

import (
	"context"
	"encoding/json"
	"time"

	"unisson/internal/platform/db"
)

const importColumns = `id, target, state, next, name, hash, size, guess, dialect, mapping, header_key, key_field, overwrite, day, staged, total, done,
	created, updated, unchanged, rejected, probable, doubts, also, dry, undo_after, restored, removed, kept, code, params, spent, job_id, author_id, author,
	coalesce(started_at, 0), coalesce(finished_at, 0), file_gone, created_at, updated_at`

func scanImport(row db.Row) (Import, error) {
	var i Import
	var guess, dialect, mapping, dry, params string
	var spent int64
	err := row.Scan(&i.ID, &i.Target, &i.State, &i.Next, &i.Name, &i.Hash, &i.Size, &guess, &dialect, &mapping, &i.HeaderKey, &i.Key, &i.Overwrite, &i.Day,
		&i.Staged, &i.Total, &i.Done, &i.Created, &i.Updated, &i.Unchanged, &i.Rejected, &i.Probable, &i.Doubts, &i.Also, &dry, &i.UndoAfter,
		&i.Restored, &i.Removed, &i.Kept, &i.Code, &params, &spent, &i.JobID, &i.AuthorID, &i.Author, &i.StartedAt, &i.EndedAt, &i.FileGone, &i.CreatedAt, &i.UpdatedAt)
	if err != nil {
		return i, err
	}
	i.Spent = time.Duration(spent) * time.Microsecond
	for _, x := range []struct {
		text string
		to   any
	}{{guess, &i.Guess}, {dialect, &i.Dialect}, {mapping, &i.Mapping}, {dry, &i.Dry}, {params, &i.Params}} {
		if x.text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(x.text), x.to); err != nil {
			return i, err
		}
	}
	return i, nil
}

func text(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(data)
}

func insertImport(ctx context.Context, tx db.Tx, i Import) error {
	_, err := tx.Exec(ctx, `insert into imports (id, target, state, name, hash, size, guess, dialect, mapping, header_key, key_field, overwrite, day, author_id, author, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)`,
		i.ID, i.Target, string(i.State), i.Name, i.Hash, i.Size, text(i.Guess), text(i.Dialect), text(i.Mapping), i.HeaderKey, i.Key, i.Overwrite, i.Day, i.AuthorID, i.Author, tx.Now())
	return err
}

// updatePlan writes how a file is to be read and taken in, while nothing of it was.
func updatePlan(ctx context.Context, tx db.Tx, i Import) (bool, error) {
	n, err := tx.Exec(ctx, `update imports set guess = $2, dialect = $3, mapping = $4, header_key = $5, key_field = $6, overwrite = $7, day = $8, staged = $9, total = $10, state = $11, dry = $12, updated_at = $13
		where id = $1 and state in ('sniffed', 'staged', 'dry', 'failed') and done = 0`,
		i.ID, text(i.Guess), text(i.Dialect), text(i.Mapping), i.HeaderKey, i.Key, i.Overwrite, i.Day, i.Staged, i.Total, string(i.State), text(i.Dry), tx.Now())
	return n == 1, err
}

func selectImport(ctx context.Context, r db.Reader, id string) (Import, error) {
	return db.One(ctx, r, scanImport, `select `+importColumns+` from imports where id = $1`, id)
}

// selectImports lists imports, newest first, those of one author or all.
func selectImports(ctx context.Context, r db.Reader, author string, before string, limit int) ([]Import, error) {
	var w db.Where
	if author != "" {
		w.And(`author_id = $#`, author)
	}
	if before != "" {
		w.And(`id < $#`, before)
	}
	return db.All(ctx, r, scanImport, `select `+importColumns+` from imports`+w.String()+` order by id desc limit `+w.Arg(limit), w.Args()...)
}

// move changes the state of an import that is in one of some states, and tells
// whether it was.
func move(ctx context.Context, tx db.Tx, id string, from []State, to State, next State) (bool, error) {
	args := []any{id, string(to), string(next), tx.Now()}
	for _, f := range from {
		args = append(args, string(f))
	}
	n, err := tx.Exec(ctx, `update imports set state = $2, next = $3, updated_at = $4 where id = $1 and state in (`+db.In(5, len(from))+`)`, args...)
	return n == 1, err
}

func setJob(ctx context.Context, tx db.Tx, id, job string) error {
	_, err := tx.Exec(ctx, `update imports set job_id = $2 where id = $1`, id, job)
	return err
}

// takeTurn waits until no other import writes, up to the end of the transaction.
func takeTurn(ctx context.Context, tx db.Tx) error {
	_, err := tx.Exec(ctx, `insert into import_turn (id, n) values (1, 1) on conflict (id) do update set n = import_turn.n + 1`)
	return err
}

// hold checks that an import is still as it was read, and keeps others from
// changing it up to the end of the transaction.
func hold(ctx context.Context, tx db.Tx, i Import) (bool, error) {
	n, err := tx.Exec(ctx, `update imports set updated_at = $5 where id = $1 and state = $2 and staged = $3 and done = $4`, i.ID, string(i.State), i.Staged, i.Done, tx.Now())
	return n == 1, err
}

// setStaged notes how far the staging is; total above zero ends it.
func setStaged(ctx context.Context, tx db.Tx, i Import, staged int64, end bool) error {
	to, total := Staging, int64(0)
	if end {
		to, total = Staged, staged
	}
	_, err := tx.Exec(ctx, `update imports set staged = $2, total = $3, state = $4, updated_at = $5 where id = $1`, i.ID, staged, total, string(to), tx.Now())
	return err
}

func setStarted(ctx context.Context, tx db.Tx, id string) error {
	_, err := tx.Exec(ctx, `update imports set started_at = coalesce(started_at, $2) where id = $1`, id, tx.Now())
	return err
}

// advance adds the fates of one step.
func advance(ctx context.Context, tx db.Tx, i Import, rows int64, c Counts, spent time.Duration) error {
	_, err := tx.Exec(ctx, `update imports set done = done + $2, created = created + $3, updated = updated + $4, unchanged = unchanged + $5, rejected = rejected + $6,
		probable = probable + $7, doubts = doubts + $8, also = also + $9, spent = spent + $10, updated_at = $11 where id = $1`,
		i.ID, rows, c.Created, c.Updated, c.Unchanged, c.Rejected, c.Probable, c.Doubts, c.Also, spent.Microseconds(), tx.Now())
	return err
}

func setTrial(ctx context.Context, tx db.Tx, id string, t Trial) error {
	_, err := tx.Exec(ctx, `update imports set dry = $2 where id = $1`, id, text(t))
	return err
}

func finish(ctx context.Context, tx db.Tx, id string, from, to State, code string, params map[string]any) (bool, error) {
	p := ""
	if len(params) > 0 {
		p = text(params)
	}
	n, err := tx.Exec(ctx, `update imports set state = $3, next = '', code = $4, params = $5, finished_at = $6, updated_at = $6 where id = $1 and state = $2`,
		id, string(from), string(to), code, p, tx.Now())
	return n == 1, err
}

func advanceUndo(ctx context.Context, tx db.Tx, id, after string, restored, removed, kept int) error {
	_, err := tx.Exec(ctx, `update imports set undo_after = $2, restored = restored + $3, removed = removed + $4, kept = kept + $5, updated_at = $6 where id = $1`,
		id, after, restored, removed, kept, tx.Now())
	return err
}

func holdUndo(ctx context.Context, tx db.Tx, i Import) (bool, error) {
	n, err := tx.Exec(ctx, `update imports set updated_at = $3 where id = $1 and state = 'undoing' and undo_after = $2`, i.ID, i.UndoAfter, tx.Now())
	return n == 1, err
}

// selectMapping finds what such a header meant last time.
func selectMapping(ctx context.Context, r db.Reader, target, headerKey string) (Mapping, bool, error) {
	all, err := db.All(ctx, r, db.Value[string], `select mapping from import_mappings where target = $1 and header_key = $2`, target, headerKey)
	if err != nil || len(all) == 0 {
		return Mapping{}, false, err
	}
	var m Mapping
	err = json.Unmarshal([]byte(all[0]), &m)
	return m, err == nil, err
}

func upsertMapping(ctx context.Context, tx db.Tx, i Import) error {
	_, err := tx.Exec(ctx, `insert into import_mappings (target, header_key, mapping, used_at, used_by) values ($1, $2, $3, $4, $5)
		on conflict (target, header_key) do update set mapping = excluded.mapping, used_at = excluded.used_at, used_by = excluded.used_by`,
		i.Target, i.HeaderKey, text(i.Mapping), tx.Now(), i.AuthorID)
	return err
}

// selectOld lists imports whose files and rows have had their time.
func selectOld(ctx context.Context, r db.Reader, before db.Time, limit int) ([]string, error) {
	return db.All(ctx, r, db.Value[string], `select id from imports where file_gone = false and created_at < $1 and state not in ('staging', 'drying', 'running', 'undoing') order by id limit $2`, before, limit)
}

// forget deletes the rows of an import as they were read, and what they
// rejected says of them.
func forget(ctx context.Context, tx db.Tx, id string) error {
	for _, q := range []string{
		`delete from import_chunks where import_id = $1`,
		`delete from import_rows where import_id = $1 and dry = true`,
		`update import_rows set doubts = '', params = '' where import_id = $1`,
		`update imports set file_gone = true, guess = '' where id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}
