package imports

import (
	"context"
	"encoding/json"

	"unisson/internal/platform/db"
	"unisson/internal/platform/registry"
)

// entry is one row as it was read.
type entry struct {
	Line   int64          `json:"l"`
	Cells  []string       `json:"c,omitempty"`
	Code   string         `json:"e,omitempty"` // why it could not be read
	Params map[string]any `json:"p,omitempty"`
}

func insertChunk(ctx context.Context, tx db.Tx, importID string, first int64, rows []entry) error {
	body, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into import_chunks (import_id, first, rows, body) values ($1, $2, $3, $4)`, importID, first, int64(len(rows)), string(body))
	return err
}

func deleteChunks(ctx context.Context, tx db.Tx, importID string) error {
	_, err := tx.Exec(ctx, `delete from import_chunks where import_id = $1`, importID)
	return err
}

// chunk is some rows one after the other.
type chunk struct {
	first int64
	rows  []entry
}

func scanChunk(row db.Row) (chunk, error) {
	var c chunk
	var body string
	if err := row.Scan(&c.first, &body); err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(body), &c.rows)
}

// selectChunk reads the chunk that begins at, or holds, a row.
func selectChunk(ctx context.Context, r db.Reader, importID string, n int64) (chunk, error) {
	return db.One(ctx, r, scanChunk, `select first, body from import_chunks where import_id = $1 and first <= $2 order by first desc limit 1`, importID, n)
}

// fateRow is a fate with the line of its row and its print.
type fateRow struct {
	registry.Fate
	line  int64
	print string
}

func insertFates(ctx context.Context, tx db.Tx, importID string, dry bool, fates []fateRow) error {
	rows := make([][]any, len(fates))
	var also [][]any
	for i, f := range fates {
		params, doubts, print := "", "", ""
		if len(f.Params) > 0 {
			params = text(f.Params)
		}
		if len(f.Doubts) > 0 {
			doubts = text(f.Doubts)
		}
		if f.Keyless && f.ID != "" {
			print = f.print
		}
		rows[i] = []any{importID, dry, f.N, f.line, f.What, f.ID, f.Code, f.Field, params, doubts, f.Probable, print}
		for _, a := range f.Also {
			also = append(also, []any{importID, f.N, a.Kind, a.ID})
		}
	}
	if err := db.Bulk(ctx, tx, "import_rows", []string{"import_id", "dry", "n", "line", "fate", "record_id", "code", "field", "params", "doubts", "probable", "fingerprint"}, rows); err != nil || dry {
		return err
	}
	return db.Bulk(ctx, tx, "import_also", []string{"import_id", "n", "kind", "record_id"}, also)
}

func deleteDry(ctx context.Context, tx db.Tx, importID string) error {
	_, err := tx.Exec(ctx, `delete from import_rows where import_id = $1 and dry = true`, importID)
	return err
}

// selectKnown finds the records that earlier imports of a target made of rows
// without a key, by their prints; of several the newest.
func selectKnown(ctx context.Context, r db.Reader, target string, prints []string) (map[string]string, error) {
	out := map[string]string{}
	return out, db.Each(ctx, r, func(row db.Row) error {
		var print, id string
		err := row.Scan(&print, &id)
		out[print] = id
		return err
	}, `select x.fingerprint, x.record_id from import_rows x join imports i on i.id = x.import_id
		where x.fingerprint in (`+db.In(2, len(prints))+`) and x.fingerprint <> '' and x.dry = false and i.target = $1 order by x.import_id`,
		append([]any{target}, db.Args(prints)...)...)
}

// eachMet tells the records that the rows so far were about.
func eachMet(ctx context.Context, r db.Reader, importID string, tell func(string)) error {
	return db.Each(ctx, r, func(row db.Row) error {
		var id string
		err := row.Scan(&id)
		tell(id)
		return err
	}, `select record_id from import_rows where import_id = $1 and dry = false and record_id <> ''`, importID)
}

func scanFate(row db.Row) (fateRow, error) {
	var f fateRow
	var params, doubts string
	if err := row.Scan(&f.N, &f.line, &f.What, &f.ID, &f.Code, &f.Field, &params, &doubts, &f.Probable); err != nil {
		return f, err
	}
	if params != "" {
		if err := json.Unmarshal([]byte(params), &f.Params); err != nil {
			return f, err
		}
	}
	if doubts != "" {
		return f, json.Unmarshal([]byte(doubts), &f.Doubts)
	}
	return f, nil
}

const fateColumns = `n, line, fate, record_id, code, field, params, doubts, probable`

// selectFates lists fates after a row, in order; what "" is all.
func selectFates(ctx context.Context, r db.Reader, importID string, dry bool, what string, after int64, limit int) ([]fateRow, error) {
	var w db.Where
	w.And(`import_id = $#`, importID)
	w.And(`dry = $#`, dry)
	w.And(`n > $#`, after)
	if what != "" {
		w.And(`fate = $#`, what)
	}
	return db.All(ctx, r, scanFate, `select `+fateColumns+` from import_rows`+w.String()+` order by n limit `+w.Arg(limit), w.Args()...)
}

// selectReasons counts why rows were rejected.
func selectReasons(ctx context.Context, r db.Reader, importID string, dry bool) ([]Reason, error) {
	return db.All(ctx, r, func(row db.Row) (Reason, error) {
		x := Reason{Reject: true}
		return x, row.Scan(&x.Code, &x.Field, &x.Rows)
	}, `select code, field, count(*) from import_rows where import_id = $1 and dry = $2 and fate = 'rejected' group by code, field order by 3 desc, code, field limit 100`, importID, dry)
}

func insertKept(ctx context.Context, tx db.Tx, importID string, kept []registry.Kept) error {
	rows := make([][]any, len(kept))
	for i, k := range kept {
		rows[i] = []any{importID, k.Kind, k.ID, k.Field, k.Code}
	}
	return db.Bulk(ctx, tx, "import_kept", []string{"import_id", "kind", "record_id", "field", "code"}, rows)
}

func selectKept(ctx context.Context, r db.Reader, importID string, limit int) ([]registry.Kept, error) {
	return db.All(ctx, r, func(row db.Row) (registry.Kept, error) {
		var k registry.Kept
		return k, row.Scan(&k.Kind, &k.ID, &k.Field, &k.Code)
	}, `select kind, record_id, field, code from import_kept where import_id = $1 order by kind, record_id, field limit $2`, importID, limit)
}

// selectAlso lists what was made on the way.
func selectAlso(ctx context.Context, r db.Reader, importID string, limit int) ([]registry.Ref, error) {
	return db.All(ctx, r, func(row db.Row) (registry.Ref, error) {
		var a registry.Ref
		return a, row.Scan(&a.Kind, &a.ID)
	}, `select kind, record_id from import_also where import_id = $1 order by n, record_id limit $2`, importID, limit)
}
