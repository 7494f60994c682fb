package db_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
)

const circle = `create table heads (id text not null, boss_id text, constraint heads_pk primary key (id),
  constraint heads_boss foreign key (boss_id) references heads (id));
create table rooms (id text not null, head_id text, x double precision, constraint rooms_pk primary key (id),
  constraint rooms_head foreign key (head_id) references heads (id));
create table plain (word text, n bigint);
create table links (b text not null, a text not null, constraint links_pk primary key (b, a), constraint links_room foreign key (a) references rooms (id))`

func TestTablesComeAfterThoseTheyReferTo(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			d := dbtest.Empty(t, e)
			if err := d.Migrate(t.Context(), steps(circle)); err != nil {
				t.Fatal(err)
			}
			var got []db.Table
			err := d.Read(t.Context(), func(ctx context.Context, r db.Reader) (err error) {
				got, err = db.Tables(ctx, r)
				return err
			})
			want := []db.Table{
				{Name: "heads", Columns: []db.Column{{"id", "text"}, {"boss_id", "text"}}, Key: []string{"id"}},
				{Name: "rooms", Columns: []db.Column{{"id", "text"}, {"head_id", "text"}, {"x", "double precision"}}, Key: []string{"id"}, Refs: []string{"heads"}},
				{Name: "links", Columns: []db.Column{{"b", "text"}, {"a", "text"}}, Key: []string{"b", "a"}, Refs: []string{"rooms"}},
				{Name: "plain", Columns: []db.Column{{"word", "text"}, {"n", "bigint"}}},
			}
			if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%v\n%v, want\n%v", err, got, want)
			}
		})
	}
}

func TestEachRowGoesInOneOrderOnBothEngines(t *testing.T) {
	var orders []string
	for _, e := range dbtest.Engines() {
		d := dbtest.Empty(t, e)
		if err := d.Migrate(t.Context(), steps(circle)); err != nil {
			t.Fatal(err)
		}
		write(t, d, "insert into plain values ('é', 1), ('Z', 2), ('a', null), (null, 3), ('a', 1), ('_', 0), ('z', 9)")
		var b strings.Builder
		read := func(columns ...db.Column) error {
			return d.Snapshot(t.Context(), func(ctx context.Context, r db.Reader) error {
				return db.EachRow(ctx, r, db.Table{Name: "plain", Columns: columns}, func(v []any) error {
					fmt.Fprintln(&b, v...)
					return nil
				})
			})
		}
		if err := read(db.Column{Name: "word", Type: "text"}, db.Column{Name: "n", Type: "bigint"}); err != nil {
			t.Fatal(err)
		}
		orders = append(orders, b.String())
		if err := read(db.Column{Name: "no_such_column"}); err == nil {
			t.Error("a column that is none was read")
		}
	}
	if want := "<nil> 3\nZ 2\n_ 0\na <nil>\na 1\nz 9\né 1\n"; orders[0] != want || len(slices.Compact(orders)) != 1 {
		t.Errorf("%q, want %q", orders, want)
	}
}

func TestASnapshotSeesOneState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, "insert into settings values ('a', 'before', 1)")
		err := d.Snapshot(t.Context(), func(ctx context.Context, r db.Reader) error {
			for range 2 {
				if v, err := db.Setting(ctx, r, "a"); v != "before" || err != nil {
					t.Errorf("%q %v", v, err)
				}
				write(t, d, "update settings set value = 'after'")
			}
			return nil
		})
		if err != nil || setting(t, d, "a") != "after" {
			t.Errorf("%v %q", err, setting(t, d, "a"))
		}
		_ = d.Close()
		if err := d.Snapshot(t.Context(), nil); err == nil {
			t.Error("a closed database gave a snapshot")
		}
	})
}

func TestLoadTakesRowsInAnyOrderAndChecksThemAtTheEnd(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			d := dbtest.Empty(t, e)
			if err := d.Migrate(t.Context(), steps(circle+"; insert into plain values ('by a migration', 1)")); err != nil {
				t.Fatal(err)
			}
			load := func(heads ...[]any) error {
				return d.Load(t.Context(), func(ctx context.Context, tx db.Tx) error {
					if err := db.Bulk(ctx, tx, "rooms", []string{"id", "head_id"}, [][]any{{"r", "h1"}}); err != nil {
						return err
					}
					return db.Bulk(ctx, tx, "heads", []string{"id", "boss_id"}, heads)
				})
			}
			before := dbtest.Dump(t, d)
			if err := load([]any{"h2", nil}); err == nil {
				t.Error("a room without its head was loaded")
			}
			if got := dbtest.Dump(t, d); got != before {
				t.Errorf("a failed load left:\n%s", got)
			}
			if err := load([]any{"h1", "h2"}, []any{"h2", nil}); err != nil {
				t.Fatal(err)
			}
			if n := ask[int64](t, d, "select count(*) from plain"); n[0] != 0 {
				t.Error("rows of the migration stayed")
			}
			if err := try(t, d, "insert into rooms values ('s', 'nobody', 1)"); !errs.Is(err, errs.KindConflict) {
				t.Errorf("after a load references are no longer kept: %v", err)
			}
			if broken, err := d.BrokenReferences(t.Context()); err != nil || len(broken) > 0 {
				t.Errorf("%v %v", broken, err)
			}
		})
	}
}

func TestBrokenReferencesAreFound(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			d := dbtest.Empty(t, e)
			if err := d.Migrate(t.Context(), steps(circle)); err != nil {
				t.Fatal(err)
			}
			if e == db.Postgres {
				write(t, d, "alter table rooms drop constraint rooms_head", "insert into rooms values ('r', 'nobody', 1)",
					"alter table rooms add constraint rooms_head foreign key (head_id) references heads (id) not valid")
			} else {
				_, writer := d.Pools()
				if _, err := writer.Exec("pragma foreign_keys = off; insert into rooms values ('r', 'nobody', 1)"); err != nil {
					t.Fatal(err)
				}
			}
			broken, err := d.BrokenReferences(t.Context())
			if err != nil || len(broken) != 1 || !strings.HasPrefix(broken[0], "rooms ") {
				t.Errorf("%q %v", broken, err)
			}
		})
	}
}

func TestASecondSchemaTakesThePlaceOfTheFirst(t *testing.T) {
	d := dbtest.Open(t, db.Postgres, nil)
	in := func(f func(ctx context.Context, tx db.Tx) error) error { return d.Write(t.Context(), f) }
	err := in(func(ctx context.Context, tx db.Tx) error {
		name, err := db.CurrentSchema(ctx, tx.Reader)
		if err != nil || name != "public" {
			t.Errorf("the schema is %q (%v)", name, err)
		}
		if err := db.CreateSchema(ctx, tx, "second"); err != nil {
			return err
		}
		if err := db.MoveTables(ctx, tx, "public", "second"); err != nil {
			return err
		}
		left, err := db.SchemaTables(ctx, tx.Reader, "public")
		if err != nil || len(left) > 0 {
			t.Errorf("left: %v %v", left, err)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := in(func(ctx context.Context, tx db.Tx) error { return db.DropSchema(ctx, tx, "second", false) }); err == nil {
		t.Error("a schema with tables was dropped as an empty one")
	}
	if err := in(func(ctx context.Context, tx db.Tx) error { return db.CreateSchema(ctx, tx, "second") }); err == nil {
		t.Error("a schema was made twice")
	}
	if err := in(func(ctx context.Context, tx db.Tx) error { return db.DropSchema(ctx, tx, "second", true) }); err != nil {
		t.Error(err)
	}
	names := ask[string](t, d, "select nspname::text from pg_namespace where nspname = 'second'")
	err = d.Read(t.Context(), func(ctx context.Context, r db.Reader) error {
		found, err := db.SchemasNamed(ctx, r, "pub")
		if len(found) != 1 || found[0] != "public" {
			t.Errorf("%v", found)
		}
		return err
	})
	if len(names) > 0 || err != nil {
		t.Errorf("%v %v", names, err)
	}
	write(t, d, "drop schema public")
	err = d.Read(t.Context(), func(ctx context.Context, r db.Reader) error {
		_, err := db.CurrentSchema(ctx, r)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "search_path") {
		t.Errorf("no schema: %v", err)
	}
}

func TestDoctorHearsHowTheEngineIs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, ask := range map[string]func(context.Context) (string, error){"version": d.Version, "encoding": d.Encoding, "collation": d.Collation} {
			text, err := ask(t.Context())
			if want := map[string]string{"version": map[db.Engine]string{db.SQLite: "SQLite 3", db.Postgres: "PostgreSQL "}[d.Engine()],
				"encoding": "UTF", "collation": "bytes"}[name]; err != nil || !strings.HasPrefix(text, want) {
				t.Errorf("%s: %q (%v), want %s…", name, text, err, want)
			}
		}
		if skew, err := d.Skew(t.Context()); err != nil || skew.Abs().Minutes() > 1 {
			t.Errorf("the clock is %v away (%v)", skew, err)
		}
		if broken, err := d.Integrity(t.Context()); err != nil || len(broken) > 0 {
			t.Errorf("%v %v", broken, err)
		}
		read, wr := d.Stats()
		if read.MaxOpenConnections == 0 || wr.MaxOpenConnections == 0 {
			t.Error("the pools have no bounds")
		}
		if d.Engine() == db.Postgres {
			write(t, d, `alter table users alter column sort_key type text collate "fr-x-icu"`)
			if _, err := d.Collation(t.Context()); err == nil || !strings.Contains(err.Error(), "users.sort_key") {
				t.Errorf("a column that lost its order: %v", err)
			}
		}
	})
}

func TestADatabaseThatIsNotUTF8IsNamed(t *testing.T) {
	s := dbtest.StartServer(t, dbtest.Options{})
	url, err := s.NewDatabase("latin encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' locale_provider libc template template0")
	if err != nil {
		t.Skip("this server makes no such database:", err)
	}
	d, err := db.Open(t.Context(), db.Config{URL: strings.Fields(url)[0] + "?sslmode=disable"})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if name, err := d.Encoding(t.Context()); err == nil || name != "LATIN1" {
		t.Errorf("%q %v", name, err)
	}
}
