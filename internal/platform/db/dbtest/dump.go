package dbtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/db"
)

// Dump writes all rows of all tables as text, in an order that depends on nothing but the content. Tables named in
// except, and the migration log, are left out.
func Dump(t testing.TB, d *db.DB, except ...string) string {
	t.Helper()
	var b strings.Builder
	for _, table := range Tables(t, d) {
		if !slices.Contains(except, table) {
			b.WriteString(dumpTable(t, d, table))
		}
	}
	return b.String()
}

// Unchanged fails the test when do changes the database, but for the tables named in except.
func Unchanged(t testing.TB, d *db.DB, do func(), except ...string) {
	t.Helper()
	before := Dump(t, d, except...)
	do()
	if diff := cmp.Diff(strings.Split(before, "\n"), strings.Split(Dump(t, d, except...), "\n")); diff != "" {
		t.Errorf("the database changed (-before +after):\n%s", diff)
	}
}

// Tables are the names of all tables but the migration log, sorted.
func Tables(t testing.TB, d *db.DB) []string {
	t.Helper()
	q := "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'"
	if d.Engine() == db.Postgres {
		q = "select tablename::text from pg_tables where schemaname = current_schema()"
	}
	names := texts(t, d, q)
	names = slices.DeleteFunc(names, func(n string) bool { return n == "goose_db_version" })
	slices.Sort(names)
	return names
}

func dumpTable(t testing.TB, d *db.DB, table string) string {
	t.Helper()
	q := "select name from pragma_table_info($1)"
	if d.Engine() == db.Postgres {
		q = "select attname::text from pg_attribute where attrelid = to_regclass(quote_ident($1)) and attnum > 0 and not attisdropped"
	}
	cols := texts(t, d, q, table)
	slices.Sort(cols)
	quoted := make([]string, len(cols))
	for i, c := range cols {
		quoted[i] = `"` + c + `"`
	}
	var rows []string
	err := d.Read(context.Background(), func(ctx context.Context, r db.Reader) error {
		var err error
		rows, err = db.All(ctx, r, func(row db.Row) (string, error) {
			values, dest := make([]any, len(cols)), make([]any, len(cols))
			for i := range values {
				dest[i] = &values[i]
			}
			if err := row.Scan(dest...); err != nil {
				return "", err
			}
			return line(values), nil
		}, fmt.Sprintf(`select %s from "%s"`, strings.Join(quoted, ", "), table))
		return err
	})
	if err != nil {
		t.Fatalf("dbtest: dumping %s: %v", table, err)
	}
	slices.Sort(rows)
	return fmt.Sprintf("%s (%s): %d\n%s", table, strings.Join(cols, " | "), len(rows), strings.Join(rows, ""))
}

func line(values []any) string {
	words := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case nil:
			words[i] = "null"
		case string:
			words[i] = fmt.Sprintf("%q", v)
		case []byte:
			words[i] = fmt.Sprintf("x'%x'", v)
		default:
			words[i] = fmt.Sprint(v)
		}
	}
	return "  " + strings.Join(words, " | ") + "\n"
}

func texts(t testing.TB, d *db.DB, query string, args ...any) []string {
	t.Helper()
	var out []string
	err := d.Read(context.Background(), func(ctx context.Context, r db.Reader) error {
		var err error
		out, err = db.All(ctx, r, db.Value[string], query, args...)
		return err
	})
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	return out
}
