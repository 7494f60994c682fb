package db

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Table is what the database itself says about one table.
type Table struct {
	Name    string
	Columns []Column // in their order; generated ones are left out
	Key     []string // columns of the primary key, in its order
	Refs    []string // other tables that its foreign keys point to, sorted
}

// Column is one column: Type is "text", "bigint", "boolean", "double
// precision", or whatever else the engine calls it.
type Column struct{ Name, Type string }

// migrationLog is goose's own table.
const migrationLog = "goose_db_version"

// Tables lists the tables of the schema, those that others refer to first
// (tables that refer to each other stand in order of name). Left out are the
// log of migrations and the inside of full-text indexes.
func Tables(ctx context.Context, r Reader) ([]Table, error) {
	q := map[Engine][3]string{
		SQLite: {`select t.name, c.name, lower(c.type) from pragma_table_list as t, pragma_table_xinfo(t.name) as c
				where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite\_%' escape '\' and c.hidden = 0 order by t.name, c.cid`,
			`select t.name, c.name from pragma_table_list as t, pragma_table_xinfo(t.name) as c
				where t.schema = 'main' and t.type = 'table' and c.pk > 0 order by t.name, c.pk`,
			`select distinct t.name, f."table" from pragma_table_list as t, pragma_foreign_key_list(t.name) as f
				where t.schema = 'main' and t.type = 'table' order by 1, 2`},
		Postgres: {`select t.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod) from pg_class as t
				join pg_attribute as a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
				where t.relnamespace = to_regnamespace(quote_ident(current_schema())) and t.relkind in ('r', 'p') and not t.relispartition
				order by t.relname, a.attnum`,
			`select t.relname::text, a.attname::text from pg_class as t join pg_constraint as k on k.conrelid = t.oid and k.contype = 'p'
				join lateral unnest(k.conkey) with ordinality as place(num, nth) on true
				join pg_attribute as a on a.attrelid = t.oid and a.attnum = place.num
				where t.relnamespace = to_regnamespace(quote_ident(current_schema())) order by t.relname, place.nth`,
			`select distinct t.relname::text, f.relname::text from pg_class as t join pg_constraint as k on k.conrelid = t.oid and k.contype = 'f'
				join pg_class as f on f.oid = k.confrelid
				where t.relnamespace = to_regnamespace(quote_ident(current_schema())) order by 1, 2`},
	}[r.Engine()]
	var names []string
	tables := map[string]*Table{}
	err := Each(ctx, r, func(row Row) error {
		var table string
		var c Column
		if err := row.Scan(&table, &c.Name, &c.Type); err != nil || table == migrationLog {
			return mapErr("schema", err)
		}
		if tables[table] == nil {
			tables[table] = &Table{Name: table}
			names = append(names, table)
		}
		tables[table].Columns = append(tables[table].Columns, c)
		return nil
	}, q[0])
	if err != nil {
		return nil, err
	}
	pair := func(add func(t *Table, value string)) func(Row) error {
		return func(row Row) error {
			var table, value string
			if err := row.Scan(&table, &value); err != nil {
				return mapErr("schema", err)
			}
			if t := tables[table]; t != nil {
				add(t, value)
			}
			return nil
		}
	}
	if err := Each(ctx, r, pair(func(t *Table, v string) { t.Key = append(t.Key, v) }), q[1]); err != nil {
		return nil, err
	}
	err = Each(ctx, r, pair(func(t *Table, v string) {
		if v != t.Name {
			t.Refs = append(t.Refs, v)
		}
	}), q[2])
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	return referredFirst(names, tables), nil
}

// referredFirst visits each table after those that it refers to; a circle is
// cut where it closes.
func referredFirst(names []string, tables map[string]*Table) []Table {
	var out []Table
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		t := tables[name]
		if t == nil || seen[name] {
			return
		}
		seen[name] = true
		for _, ref := range t.Refs {
			visit(ref)
		}
		out = append(out, *t)
	}
	for _, name := range names {
		visit(name)
	}
	return out
}

// BrokenReferences names the foreign keys that some row breaks, such as
// "user_roles refers to a missing row of users"; none is sound. On PostgreSQL
// the engine itself keeps them whole whenever they are declared and validated.
func (d *DB) BrokenReferences(ctx context.Context) ([]string, error) {
	q := `select distinct "table" || ' refers to a missing row of ' || "parent" from pragma_foreign_key_check order by 1`
	if d.engine == Postgres {
		q = `select k.conrelid::regclass::text || ' does not keep ' || k.conname from pg_constraint as k
			where k.contype = 'f' and not k.convalidated and k.connamespace = to_regnamespace(quote_ident(current_schema())) order by 1`
	}
	return All(ctx, Reader{d: d}, Value[string], q)
}

// Encoding names how the database keeps text, and fails when that is not UTF-8.
func (d *DB) Encoding(ctx context.Context) (string, error) {
	q := "pragma encoding"
	if d.engine == Postgres {
		q = "show server_encoding"
	}
	name, err := One(ctx, Reader{d: d}, Value[string], q)
	if err == nil && !strings.HasPrefix(strings.ReplaceAll(name, "-", ""), "UTF8") {
		err = fmt.Errorf("the database keeps text as %s: make one with encoding UTF8, and restore a backup into it", name)
	}
	return name, err
}

// Stats tells how busy the pools are; on PostgreSQL both are one.
func (d *DB) Stats() (read, write sql.DBStats) { return d.r.Stats(), d.w.Stats() }
