package dbtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
)

// Main runs the tests of a package and then stops what dbtest started for them. It does not return.
func Main(m *testing.M) {
	code := m.Run()
	atExit.run()
	os.Exit(code)
}

// Each runs fn as a subtest on each engine, with a fresh migrated database that reads the machine's clock.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachAt(t, clock.System{}, fn)
}

// EachAt is Each with a clock of the test's own.
func EachAt(t *testing.T, c clock.Clock, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	for _, e := range Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Helper()
			fn(t, Open(t, e, c))
		})
	}
}

// Engines are those that this run uses: both, unless UNISSON_TEST_ENGINES names fewer.
func Engines() []db.Engine {
	both := []db.Engine{db.SQLite, db.Postgres}
	only := os.Getenv("UNISSON_TEST_ENGINES")
	if only == "" {
		return both
	}
	return slices.DeleteFunc(both, func(e db.Engine) bool { return !slices.Contains(strings.Split(only, ","), string(e)) })
}

// Open gives a fresh migrated database of one engine; a nil clock is the machine's. It goes away with the test.
func Open(t testing.TB, e db.Engine, c clock.Clock) *db.DB {
	t.Helper()
	conf := db.Config{Clock: c, MaxConns: 8}
	if e == db.SQLite {
		conf.Path = copySQLite(t)
	} else {
		conf.URL = migratedPostgres(t)
	}
	d, err := db.Open(context.Background(), conf)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("dbtest: closing the database: %v", err)
		}
	})
	return d
}

// Empty opens an empty database of one engine, for tests of migrations and of restoring.
func Empty(t testing.TB, e db.Engine) *db.DB {
	t.Helper()
	conf := db.Config{Path: filepath.Join(tempDir(t), "empty.db")}
	if e == db.Postgres {
		conf.URL = Postgres(t)
	}
	d, err := db.Open(context.Background(), conf)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// required tells whether a missing PostgreSQL is a failure.
func required() bool {
	return os.Getenv("CI") == "true" || os.Getenv("UNISSON_REQUIRE_POSTGRES") == "1"
}

// missing ends a test that has no PostgreSQL.
func missing(t testing.TB, err error) {
	t.Helper()
	text := fmt.Sprintf("%v\nInstall it with scripts/setup-tests (on Debian: apt-get install postgresql), "+
		"or name a server that may create databases: UNISSON_TEST_POSTGRES=postgres://postgres@127.0.0.1:5432/postgres", err)
	if required() {
		t.Fatal("dbtest: " + text)
	}
	t.Skip("dbtest: " + text)
}

// cleanups are what Main does at the end, last first.
type cleanups struct {
	mu sync.Mutex
	fs []func()
}

var atExit = &cleanups{}

func (c *cleanups) add(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fs = append(c.fs, f)
}

func (c *cleanups) run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range slices.Backward(c.fs) {
		f()
	}
	c.fs = nil
}
