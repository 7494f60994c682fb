package db

import (
	"context"
	"fmt"
	"strings"
)

// What a backup needs of both engines: every row in one order, and a load that
// minds the references only at its end.

// EachRow reads the columns of a table, row by row, in the order of its primary
// key (of all columns when it has none): the same order on both engines. The
// slice is used again for the next row.
func EachRow(ctx context.Context, r Reader, t Table, fn func(values []any) error) error {
	names, types := make([]string, len(t.Columns)), map[string]string{}
	for i, c := range t.Columns {
		names[i], types[c.Name] = quote(c.Name), c.Type
	}
	key := t.Key
	if len(key) == 0 {
		for _, c := range t.Columns {
			key = append(key, c.Name)
		}
	}
	order := make([]string, len(key))
	for i, k := range key {
		order[i] = quote(k) + " nulls first"
		if types[k] == "text" && r.Engine() == Postgres {
			order[i] = quote(k) + ` collate "C" nulls first`
		}
	}
	values, dest := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		dest[i] = &values[i]
	}
	return Each(ctx, r, func(row Row) error {
		if err := row.Scan(dest...); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, mapErr("read", err))
		}
		return fn(values)
	}, fmt.Sprintf("select %s from %s order by %s", strings.Join(names, ", "), quote(t.Name), strings.Join(order, ", ")))
}

// Load runs fn, which puts rows into empty tables in any order, in one
// transaction: references are checked at its end. What the tables hold, such
// as the rows that a migration put there, is removed first. Only for a
// database that nobody else uses.
func (d *DB) Load(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	return d.Write(ctx, func(ctx context.Context, tx Tx) error {
		tables, err := Tables(ctx, tx.Reader)
		if err != nil {
			return err
		}
		tighten, err := loosen(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if _, err := tx.Exec(ctx, "delete from "+quote(t.Name)); err != nil {
				return err
			}
		}
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return tighten()
	})
}

// loosen takes the foreign keys off (SQLite can wait for the commit) and gives
// the way back.
func loosen(ctx context.Context, tx Tx) (tighten func() error, err error) {
	if tx.Engine() == SQLite {
		_, err := tx.Exec(ctx, "pragma defer_foreign_keys = on")
		return func() error { return nil }, err
	}
	type foreignKey struct{ table, name, definition string }
	keys, err := All(ctx, tx.Reader, func(row Row) (k foreignKey, err error) {
		return k, row.Scan(&k.table, &k.name, &k.definition)
	}, `select t.relname::text, k.conname::text, pg_get_constraintdef(k.oid) from pg_constraint as k join pg_class as t on t.oid = k.conrelid
		where k.contype = 'f' and t.relnamespace = to_regnamespace(quote_ident(current_schema())) order by 1, 2`)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		if _, err := tx.Exec(ctx, "alter table "+quote(k.table)+" drop constraint "+quote(k.name)); err != nil {
			return nil, err
		}
	}
	return func() error {
		for _, k := range keys {
			if _, err := tx.Exec(ctx, "alter table "+quote(k.table)+" add constraint "+quote(k.name)+" "+k.definition); err != nil {
				return fmt.Errorf("table %s: %w", k.table, err)
			}
		}
		return nil
	}, nil
}

// quote writes a name for a statement.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
