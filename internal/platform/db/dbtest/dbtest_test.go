package dbtest_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func put(t *testing.T, d *db.DB, key, value string) {
	t.Helper()
	err := d.Write(context.Background(), func(ctx context.Context, tx db.Tx) error { return db.SetSetting(ctx, tx, key, value) })
	if err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, d *db.DB, key string) (value string) {
	t.Helper()
	err := d.Read(context.Background(), func(ctx context.Context, r db.Reader) (err error) {
		value, err = db.Setting(ctx, r, key)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestEachGivesAFreshDatabaseEveryTime(t *testing.T) {
	engines := 0
	for range 2 {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			if got := get(t, d, "who"); got != "" {
				t.Errorf("a fresh database holds %q", got)
			}
			put(t, d, "who", "Ada")
			if got := get(t, d, "who"); got != "Ada" {
				t.Errorf("read %q after writing Ada", got)
			}
			engines++
		})
	}
	if want := 2 * len(dbtest.Engines()); engines != want && !t.Failed() && os.Getenv("CI") == "true" {
		t.Errorf("ran %d times, want %d", engines, want)
	}
}

func TestEachAtUsesTheClockOfTheTest(t *testing.T) {
	c := clock.NewFake(time.Date(2026, 11, 24, 9, 5, 0, 0, time.UTC))
	dbtest.EachAt(t, c, func(t *testing.T, d *db.DB) {
		_ = d.Write(context.Background(), func(_ context.Context, tx db.Tx) error {
			if got := tx.Now().Go(); !got.Equal(c.Now()) {
				t.Errorf("the transaction says %v, the clock %v", got, c.Now())
			}
			return nil
		})
	})
}

func TestDumpTellsEveryChangeAndNothingElse(t *testing.T) {
	c := clock.NewFake(time.Date(2026, 11, 24, 9, 5, 0, 0, time.UTC))
	dumps := map[db.Engine]string{}
	dbtest.EachAt(t, c, func(t *testing.T, d *db.DB) {
		put(t, d, "b", "2")
		put(t, d, "a", `with "quotes" | and bars`)
		first := dbtest.Dump(t, d)
		if !strings.Contains(first, `with \"quotes\" | and bars`) {
			t.Errorf("the dump lacks a value:\n%s", first)
		}
		put(t, d, "b", "2")
		if again := dbtest.Dump(t, d); again != first {
			t.Errorf("the same content gives another dump:\n%s\n%s", first, again)
		}
		dumps[d.Engine()] = first
		put(t, d, "b", "3")
		if dbtest.Dump(t, d) == first {
			t.Error("a change does not show")
		}
		if dbtest.Dump(t, d, "settings") == dbtest.Dump(t, d) {
			t.Error("an excepted table is in the dump")
		}
		dbtest.Unchanged(t, d, func() { put(t, d, "b", "4") }, "settings")
	})
	settings := func(dump string) string {
		_, rest, _ := strings.Cut(dump, "settings (")
		rest, _, _ = strings.Cut(rest, "\n\n")
		return rest
	}
	if len(dumps) == 2 && settings(dumps[db.SQLite])[:60] != settings(dumps[db.Postgres])[:60] {
		t.Errorf("the engines differ:\n%s\n%s", dumps[db.SQLite], dumps[db.Postgres])
	}
}

func TestPostgresGivesAnEmptyDatabase(t *testing.T) {
	d := dbtest.Empty(t, db.Postgres)
	if tables := dbtest.Tables(t, d); len(tables) != 0 {
		t.Errorf("tables %v in an empty database", tables)
	}
}

func TestAKilledServerKeepsWhatItAcknowledged(t *testing.T) {
	s := dbtest.StartServer(t, dbtest.Options{Durable: true})
	address, err := s.NewDatabase("kept")
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	exec := func(statement string) {
		t.Helper()
		err := d.Write(ctx, func(ctx context.Context, tx db.Tx) error { _, err := tx.Exec(ctx, statement); return err })
		if err != nil {
			t.Fatal(err)
		}
	}
	exec("create table t (n bigint)")
	exec("insert into t (n) values (42)")
	s.Kill()
	if err := d.Ping(ctx); err == nil {
		t.Error("a killed server answers")
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	if dump := dbtest.Dump(t, d); !strings.Contains(dump, "42") {
		t.Errorf("the acknowledged row is gone:\n%s", dump)
	}
}

func TestAMissingServerFailsWhereItIsRequiredAndSkipsElsewhere(t *testing.T) {
	if os.Getenv("UNISSON_DBTEST_CHILD") == "1" {
		dbtest.Each(t, func(*testing.T, *db.DB) {})
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// A test binary cannot lose the server of this machine, so the child looks for it in an empty place.
	for _, c := range []struct {
		env, want string
		fails     bool
	}{
		{"UNISSON_REQUIRE_POSTGRES=1", "scripts/setup-tests", true},
		{"UNISSON_REQUIRE_POSTGRES=0", "scripts/setup-tests", false},
	} {
		cmd := exec.Command(self, "-test.run=^TestAMissingServerFailsWhereItIsRequiredAndSkipsElsewhere$", "-test.v")
		cmd.Env = append(os.Environ(), "UNISSON_DBTEST_CHILD=1", "CI=", "UNISSON_TEST_POSTGRES=", "UNISSON_TEST_ENGINES=",
			"UNISSON_TEST_POSTGRES_BIN="+filepath.Join(t.TempDir(), "nothing"), c.env)
		out, err := cmd.CombinedOutput()
		if (err != nil) != c.fails || !strings.Contains(string(out), c.want) {
			t.Errorf("%s: error %v, output\n%s", c.env, err, out)
		}
	}
}
