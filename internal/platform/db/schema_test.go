package db_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/migrations"
)

var update = flag.Bool("update", false, "write testdata/schema.golden anew")

// The whole schema as both engines have it. After a migration: go test
// ./internal/platform/db -update, and read the difference.
func TestTheSchemaIsTheGoldenOneOnBothEngines(t *testing.T) {
	const golden = "testdata/schema.golden"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		got := describe(t, d)
		if *update && d.Engine() == db.SQLite {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("the schema is not that of %s (-golden +%s); if the migrations are right: go test ./internal/platform/db -update\n%s",
				golden, d.Engine(), diff)
		}
	})
}

// describe writes tables, columns, constraints and indexes in words that both
// engines share: of a check only its name, of a partial index only that it is one.
func describe(t *testing.T, d *db.DB) string {
	t.Helper()
	var b strings.Builder
	for _, table := range tables(t, d) {
		fmt.Fprintf(&b, "table %s\n", table.Name)
		for _, lines := range [][]string{columns(t, d, table.Name), constraints(t, d, table.Name), indexes(t, d, table.Name)} {
			for _, l := range lines {
				fmt.Fprintf(&b, "  %s\n", l)
			}
		}
	}
	return b.String()
}

func tables(t testing.TB, d *db.DB) []db.Table {
	t.Helper()
	var out []db.Table
	err := d.Read(t.Context(), func(ctx context.Context, r db.Reader) (err error) {
		out, err = db.Tables(ctx, r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(out, func(a, b db.Table) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func columns(t *testing.T, d *db.DB, table string) []string {
	t.Helper()
	q := `select name || ' ' || lower(type) || case when "notnull" then ' not null' else '' end || coalesce(' default ' || dflt_value, '')
		from pragma_table_xinfo($1) order by name`
	if d.Engine() == db.Postgres {
		q = `select attname || ' ' || format_type(atttypid, atttypmod) || case when attnotnull then ' not null' else '' end
			|| coalesce(' default ' || pg_get_expr(adbin, adrelid), '') from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
			where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attname collate "C"`
	}
	return plain(ask[string](t, d, q, table))
}

func constraints(t *testing.T, d *db.DB, table string) []string {
	t.Helper()
	if d.Engine() == db.Postgres {
		return plain(ask[string](t, d, `select 'constraint ' || conname || ' ' || case contype when 'c' then 'check' else pg_get_constraintdef(oid) end
			from pg_constraint where conrelid = to_regclass($1) and contype in ('c', 'p', 'u', 'f') order by conname collate "C"`, table))
	}
	text := ask[string](t, d, "select sql from sqlite_master where type = 'table' and name = $1", table)[0]
	var out []string
	for _, part := range topLevel(text[strings.Index(text, "(")+1 : strings.LastIndex(text, ")")]) {
		if part = strings.Join(strings.Fields(part), " "); strings.HasPrefix(part, "constraint ") {
			out = append(out, regexp.MustCompile(`\bcheck\b.*`).ReplaceAllString(part, "check"))
		}
	}
	slices.Sort(out)
	return plain(out)
}

func indexes(t *testing.T, d *db.DB, table string) []string {
	t.Helper()
	q := "select sql from sqlite_master where type = 'index' and tbl_name = $1 and sql is not null order by name"
	if d.Engine() == db.Postgres {
		q = `select replace(pg_get_indexdef(i.indexrelid), current_schema() || '.', '') from pg_index as i join pg_class as c on c.oid = i.indexrelid
			join pg_am as a on a.oid = c.relam where i.indrelid = to_regclass($1) and a.amname = 'btree'
			and not exists (select 1 from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u')) order by c.relname collate "C"`
	}
	out := ask[string](t, d, q, table)
	for i, s := range out {
		if at := strings.Index(strings.ToLower(s), " where "); at >= 0 {
			out[i] = s[:at] + " where …"
		}
	}
	return plain(out)
}

// plain takes off what one engine writes and the other does not.
func plain(lines []string) []string {
	for i, s := range lines {
		s = strings.ToLower(strings.Join(strings.Fields(regexp.MustCompile(`--[^\n]*`).ReplaceAllString(s, "")), " "))
		for _, drop := range []string{"::text", "::bigint", "::double precision", " using btree", ` collate "c"`, "public."} {
			s = strings.ReplaceAll(s, drop, "")
		}
		s = regexp.MustCompile(`\s*/\*.*?\*/`).ReplaceAllString(s, "")
		s = regexp.MustCompile(`default '(-?\d+)'`).ReplaceAllString(s, "default $1")
		lines[i] = strings.ReplaceAll(strings.ReplaceAll(s, " (", "("), "( ", "(")
	}
	return lines
}

// topLevel cuts at the commas outside brackets and quotes.
func topLevel(s string) []string {
	s = regexp.MustCompile(`--[^\n]*`).ReplaceAllString(s, "")
	var out []string
	depth, start, quoted := 0, 0, false
	for i, r := range s {
		switch {
		case r == '\'':
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ',' && depth == 0:
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}

// A column marked /* +sorted */ orders by bytes on PostgreSQL too.
func TestSortedColumnsOrderByBytes(t *testing.T) {
	d := dbtest.Open(t, db.Postgres, nil)
	marked := 0
	names, err := migrations.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		text, err := migrations.Files.ReadFile(n.Name())
		if err != nil {
			t.Fatal(err)
		}
		marked += strings.Count(string(text), "/* +sorted */")
	}
	got := ask[int64](t, d, `select count(*) from pg_attribute as a join pg_class as c on c.oid = a.attrelid join pg_collation as k on k.oid = a.attcollation
		where c.relkind = 'r' and c.relnamespace = to_regnamespace(current_schema()) and k.collname = 'C' and a.atttypid = 'text'::regtype`)
	if got[0] < int64(marked) || marked == 0 {
		t.Errorf("%d columns order by bytes, %d are marked", got[0], marked)
	}
}

func steps(files ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i, text := range files {
		m[fmt.Sprintf("%04d_step.sql", i+1)] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func TestMigrationsLeadFromEmptyToLatestAndThenDoNothing(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			d := dbtest.Empty(t, e)
			if at, latest, err := d.SchemaVersion(t.Context(), migrations.Files); at != 0 || latest == 0 || err != nil {
				t.Errorf("empty: at %d of %d (%v)", at, latest, err)
			}
			if err := d.Migrate(t.Context(), migrations.Files); err != nil {
				t.Fatal(err)
			}
			at, latest, err := d.SchemaVersion(t.Context(), migrations.Files)
			if at != latest || err != nil {
				t.Errorf("at %d of %d (%v)", at, latest, err)
			}
			dbtest.Unchanged(t, d, func() {
				if err := d.Migrate(t.Context(), migrations.Files); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}

func TestMigrationsGoOnWhereTheyStopped(t *testing.T) {
	one, two := "create table a (id text not null, constraint a_pk primary key (id)); insert into a values ('1');", "insert into a values ('2'); insert into a values ('3');"
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			d := dbtest.Empty(t, e)
			if err := d.Migrate(t.Context(), steps(one, "insert into a values ('2'); insert into nowhere values (1);")); err == nil {
				t.Fatal("a wrong step succeeded")
			}
			if got := ask[string](t, d, "select id from a order by id"); !slices.Equal(got, []string{"1"}) {
				t.Errorf("after the wrong step: %v, want all of the first and nothing of the second", got)
			}
			if err := d.Migrate(t.Context(), steps(one, two)); err != nil {
				t.Fatal(err)
			}
			if got := ask[string](t, d, "select id from a order by id"); !slices.Equal(got, []string{"1", "2", "3"}) {
				t.Errorf("%v", got)
			}
		})
	}
}

// T-U02.
func TestANewerDatabaseIsRefusedAndUnchanged(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			d := dbtest.Empty(t, e)
			if err := d.Migrate(t.Context(), steps("create table a (id text);", "create table b (id text);")); err != nil {
				t.Fatal(err)
			}
			dbtest.Unchanged(t, d, func() {
				err := d.Migrate(t.Context(), steps("create table a (id text);"))
				if err != (db.NewerError{Database: 2, Program: 1}) || !strings.Contains(err.Error(), "newer release") {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

func TestMigrationFilesMustBeNamedAndNumbered(t *testing.T) {
	d := dbtest.Empty(t, db.SQLite)
	for name, files := range map[string]fstest.MapFS{
		"a name without number": {"step.sql": {}},
		"a number twice":        {"0001_a.sql": {}, "0001_b.sql": {}},
	} {
		if err := d.Migrate(t.Context(), files); err == nil {
			t.Errorf("%s was taken", name)
		}
		if _, _, err := d.SchemaVersion(t.Context(), files); err == nil {
			t.Errorf("%s has a version", name)
		}
	}
}

func TestAMigrationIsWrittenOnceForBothEngines(t *testing.T) {
	text := "a text /* +sorted */,\n-- +sqlite\nlite\n-- +end\n  -- +postgres\nserver\n-- +end\nboth"
	if got := db.ForEngine(text, db.SQLite); got != "a text ,\nlite\nboth" {
		t.Errorf("%q", got)
	}
	if got := db.ForEngine(text, db.Postgres); got != "a text collate \"C\",\nserver\nboth" {
		t.Errorf("%q", got)
	}
}

func TestSeveralInstancesMayMigrateAtOnce(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			d := dbtest.Empty(t, e)
			done := make(chan error)
			for range 3 {
				go func() {
					done <- d.Migrate(context.Background(), steps("create table a (id text);", "insert into a values ('once');"))
				}()
			}
			for range 3 {
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
			if got := ask[string](t, d, "select id from a"); len(got) != 1 {
				t.Errorf("the second step ran %d times", len(got))
			}
		})
	}
}
