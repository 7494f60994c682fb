package customers

import (
	"context"
	"encoding/json"
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/edits"
	"unisson/internal/platform/errs"
)

// updateEach writes one field of some records, which all get the same value
// unless they are tags, and tells whether all of them still stood as read.
func updateEach(ctx context.Context, tx db.Tx, sch *Schema, before, after []*Record, field string) (bool, error) {
	f, _ := sch.Field(field)
	l := layoutOf(sch.Kind)
	var w db.Where
	set := ""
	if f.Column != "" {
		set = f.Column + ` = ` + w.Arg(columnOf(f, after[0].Values[field])) + `, `
	}
	set += `version = version + 1, updated_at = ` + w.Arg(after[0].UpdatedAt) + `, updated_by = ` + w.Arg(after[0].UpdatedBy)
	rows := make([]string, len(before))
	for i, rec := range before {
		rows[i] = `(` + w.Arg(rec.ID) + `, cast(` + w.Arg(rec.Version) + ` as bigint))`
	}
	n, err := tx.Exec(ctx, `update `+l.table+` set `+set+` where (id, version) in (values `+strings.Join(rows, ", ")+`)`, w.Args()...)
	if err != nil || n != int64(len(before)) || f.Column != "" {
		return n == int64(len(before)), err
	}
	ids := make([]any, len(before))
	for i, rec := range before {
		ids[i] = rec.ID
	}
	if _, err := tx.Exec(ctx, `delete from record_tags where record_id in (`+db.In(1, len(ids))+`)`, ids...); err != nil {
		return false, err
	}
	return true, insertBeside(ctx, tx, sch, after, []string{field})
}

// insertAct notes one act on many records as where their changes come from.
func insertAct(ctx context.Context, tx db.Tx, s Source) error {
	if r := []rune(s.Name); len(r) > 200 {
		s.Name = string(r[:200])
	}
	_, err := tx.Exec(ctx, `insert into sources (id, kind, name, created_at, created_by) values ($1, $2, $3, $4, $5)`, s.ID, s.Kind, s.Name, tx.Now(), s.CreatedBy)
	return err
}

// selectBulk reads the note of one act on many records.
func selectBulk(ctx context.Context, r db.Reader, id string) (Source, error) {
	return db.One(ctx, r, func(row db.Row) (Source, error) {
		var s Source
		err := row.Scan(&s.ID, &s.Kind, &s.Name, &s.CreatedAt, &s.CreatedBy)
		return s, err
	}, `select id, kind, name, created_at, created_by from sources where id = $1 and kind = 'program'`, id)
}

// bulkEdit is what one act did to one record, with the fields that were changed
// after it.
type bulkEdit struct {
	id, field, from, to string
	since               []string
}

func selectBulkEdits(ctx context.Context, r db.Reader, source string) ([]bulkEdit, error) {
	var out []bulkEdit
	err := db.Each(ctx, r, func(row db.Row) error {
		var id, mine, changes string
		var later *string
		if err := row.Scan(&id, &mine, &later); err != nil {
			return err
		}
		if n := len(out); n == 0 || out[n-1].id != id {
			var fields []edits.Field
			if err := json.Unmarshal([]byte(mine), &fields); err != nil || len(fields) != 1 {
				return errs.Wrap("edits of a bulk", err)
			}
			out = append(out, bulkEdit{id: id, field: fields[0].Name, from: fields[0].From, to: fields[0].To})
		}
		if later == nil {
			return nil
		}
		changes = *later
		var fields []edits.Field
		if err := json.Unmarshal([]byte(changes), &fields); err != nil {
			return errs.Wrap("edits after a bulk", err)
		}
		for _, f := range fields {
			out[len(out)-1].since = append(out[len(out)-1].since, f.Name)
		}
		return nil
	}, `select e.record_id, e.changes, l.changes from record_edits e left join record_edits l on l.record_id = e.record_id and l.version > e.version
		where e.source_id = $1 order by e.record_id, l.version`, source)
	return out, err
}
