package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/soak"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// write runs statements in one transaction and fails the test when one fails.
func write(t testing.TB, d *db.DB, statements ...string) {
	t.Helper()
	if err := try(t, d, statements...); err != nil {
		t.Fatal(err)
	}
}

func try(t testing.TB, d *db.DB, statements ...string) error {
	t.Helper()
	return d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
		for _, q := range statements {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
}

func ask[T any](t testing.TB, d *db.DB, q string, args ...any) []T {
	t.Helper()
	var out []T
	err := d.Read(t.Context(), func(ctx context.Context, r db.Reader) (err error) {
		out, err = db.All(ctx, r, db.Value[T], q, args...)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	return out
}

func setting(t testing.TB, d *db.DB, key string) string {
	t.Helper()
	var v string
	err := d.Read(t.Context(), func(ctx context.Context, r db.Reader) (err error) {
		v, err = db.Setting(ctx, r, key)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWriteJoinsTheTransactionOfItsCaller(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		boom := errors.New("boom")
		committed := 0
		err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
			if err := d.Write(ctx, func(ctx context.Context, inner db.Tx) error {
				inner.AfterCommit(func() { committed++ })
				if inner.Now() != tx.Now() {
					t.Error("two instants in one transaction")
				}
				return db.SetSetting(ctx, inner, "a", "1")
			}); err != nil {
				return err
			}
			if committed != 0 {
				t.Error("AfterCommit ran before the outermost commit")
			}
			if err := d.InTx(ctx); err != nil {
				t.Error(err)
			}
			return d.Read(ctx, func(ctx context.Context, r db.Reader) error {
				if v, err := db.Setting(ctx, r, "a"); v != "1" || err != nil {
					t.Errorf("a read inside sees %q (%v), not what was written", v, err)
				}
				return boom
			})
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if v := setting(t, d, "a"); v != "" || committed != 0 {
			t.Errorf("the inner write survived the outer failure: %q, %d calls after commit", v, committed)
		}
		if d.InTx(t.Context()) == nil {
			t.Error("a transaction is said to be where none is")
		}
		err = d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
			tx.AfterCommit(func() { committed++ })
			return db.SetSetting(ctx, tx, "a", "2")
		})
		if err != nil || committed != 1 || setting(t, d, "a") != "2" {
			t.Errorf("%v, %d calls after commit, %q", err, committed, setting(t, d, "a"))
		}
	})
}

func TestAPanicRollsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
				_ = db.SetSetting(ctx, tx, "a", "1")
				panic("boom")
			})
		}()
		if v := setting(t, d, "a"); v != "" {
			t.Errorf("a panicking write left %q", v)
		}
		write(t, d, "insert into settings values ('b', 'the pool is whole', 1)")
	})
}

func TestACancelledRequestCommitsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		err := d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			if err := db.SetSetting(ctx, tx, "a", "1"); err != nil {
				return err
			}
			cancel()
			return nil
		})
		if !errs.Is(err, errs.KindUnavailable) || setting(t, d, "a") != "" {
			t.Errorf("%v, left %q", err, setting(t, d, "a"))
		}
		if err := d.Write(ctx, nil); !errs.Is(err, errs.KindUnavailable) {
			t.Errorf("a write that begins cancelled: %v", err)
		}
		if err := d.Read(ctx, func(ctx context.Context, r db.Reader) error {
			_, err := db.Setting(ctx, r, "a")
			return err
		}); !errs.Is(err, errs.KindUnavailable) {
			t.Errorf("a read that begins cancelled: %v", err)
		}
	})
}

func TestDetachedWorkOutlivesTheRequestButNotItsTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), keyOf("k"), "v"))
		var detached context.Context
		err := d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			var stop context.CancelFunc
			detached, stop = db.Detach(ctx, time.Minute)
			t.Cleanup(stop)
			return nil
		})
		cancel()
		if err != nil || detached.Err() != nil || d.InTx(detached) == nil || detached.Value(keyOf("k")) != "v" {
			t.Errorf("%v, detached: %v, in a transaction: %v", err, detached.Err(), d.InTx(detached) == nil)
		}
		if err := d.Write(detached, func(ctx context.Context, tx db.Tx) error { return db.SetSetting(ctx, tx, "a", "1") }); err != nil {
			t.Error(err)
		}
	})
}

type keyOf string

func TestTheInstantIsTheClocks(t *testing.T) {
	at := clock.NewFake(time.Date(2026, 11, 23, 9, 5, 0, 123456789, time.UTC))
	dbtest.EachAt(t, at, func(t *testing.T, d *db.DB) {
		if d.Clock() != clock.Clock(at) {
			t.Error("another clock")
		}
		write(t, d)
		err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
			if tx.Now() != db.At(at.Now()) {
				t.Errorf("%v", tx.Now().Go())
			}
			return db.SetSetting(ctx, tx, "a", "1")
		})
		if got := ask[db.Time](t, d, "select updated_at from settings where key = 'a'"); err != nil || got[0].Go() != at.Now().Truncate(time.Microsecond) {
			t.Errorf("%v %v", got, err)
		}
	})
}

func TestStatementsAreCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, n := db.WithCounter(t.Context())
		err := d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			if err := db.SetSetting(ctx, tx, "a", "1"); err != nil {
				return err
			}
			if err := db.Bulk(ctx, tx, "settings", []string{"key", "value", "updated_at"}, [][]any{{"b", "2", 1}}); err != nil {
				return err
			}
			_, err := db.Setting(ctx, tx.Reader, "a")
			return err
		})
		if err != nil || n.N() != 3 {
			t.Errorf("%d statements (%v), want 3", n.N(), err)
		}
	})
}

// T-D05: no busy error reaches anybody.
func TestSoakManyWritersAndReadersNeverMeetABusyDatabase(t *testing.T) {
	run := soak.Start(t, "T-D05")
	writers, each := run.Size(16, 50), run.Size(60, 4000)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, "insert into settings values ('n', '0', 1)", "create table counts (id text not null, n bigint not null)", "insert into counts values ('a', 0)")
		ctx, stop := context.WithCancel(t.Context())
		var mu sync.Mutex
		bad := map[string]int{}
		note := func(err error) {
			if err != nil {
				mu.Lock()
				defer mu.Unlock()
				bad[err.Error()]++
			}
		}
		var readers, all sync.WaitGroup
		for range writers {
			readers.Go(func() {
				for ctx.Err() == nil {
					note(d.Read(t.Context(), func(ctx context.Context, r db.Reader) error {
						_, err := db.One(ctx, r, db.Value[int64], "select n from counts where id = $1", "a")
						return err
					}))
				}
			})
			all.Go(func() {
				for range each {
					note(d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
						q := "select n from counts where id = 'a'"
						if tx.Engine() == db.Postgres {
							q += " for update" // SQLite has one writer at a time anyway
						}
						n, err := db.One(ctx, tx.Reader, db.Value[int64], q)
						if err != nil {
							return err
						}
						_, err = tx.Exec(ctx, "update counts set n = $1 where id = 'a'", n+1)
						return err
					}))
				}
			})
		}
		all.Wait()
		stop()
		readers.Wait()
		if n := ask[int64](t, d, "select n from counts"); n[0] != int64(writers*each) {
			t.Errorf("%d of %d transactions count", n[0], writers*each)
		}
		for what, n := range bad {
			t.Errorf("%d times: %s", n, what)
		}
		run.Done(string(d.Engine()), len(bad), writers*each)
	})
}

// T-D10.
func TestEveryPooledConnectionHasItsPragmas(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, nil)
	reader, writer := d.Pools()
	if n := writer.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("the write pool may open %d connections, want 1", n)
	}
	if n := reader.Stats().MaxOpenConnections; n < 2 {
		t.Errorf("the read pool may open %d connections", n)
	}
	for name, pool := range map[string]*sql.DB{"reader": reader, "writer": writer} {
		queryOnly := map[string]string{"reader": "1", "writer": "0"}[name]
		for i := range pool.Stats().MaxOpenConnections { // each is held until the end, so that each is another one
			c, err := pool.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
				"query_only": queryOnly, "trusted_schema": "0"} {
				var got string
				if err := c.QueryRowContext(t.Context(), "pragma "+pragma).Scan(&got); err != nil || got != want {
					t.Errorf("%s %d: %s is %s (%v), want %s", name, i, pragma, got, err, want)
				}
			}
		}
	}
}

func TestAReaderCannotWrite(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, nil)
	err := d.Read(t.Context(), func(ctx context.Context, r db.Reader) error {
		_, err := db.All(ctx, r, db.Value[string], "insert into settings values ('a', '1', 1) returning key")
		return err
	})
	if err == nil || setting(t, d, "a") != "" {
		t.Errorf("a reader wrote: %v", err)
	}
}

func TestManyDifferentStatementsDoNotFillTheCache(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, nil)
	for i := range 600 {
		if got := ask[int64](t, d, fmt.Sprintf("select %d", i)); got[0] != int64(i) {
			t.Fatalf("statement %d gave %v", i, got)
		}
	}
	if err := d.Read(t.Context(), func(ctx context.Context, r db.Reader) error {
		_, err := db.One(ctx, r, db.Value[string], "select nothing from nowhere")
		return err
	}); err == nil {
		t.Error("a wrong statement succeeded")
	}
}

func TestOpenTellsWhatIsWrong(t *testing.T) {
	for name, c := range map[string]db.Config{
		"a folder that is not there": {Path: filepath.Join(t.TempDir(), "no", "x.db")},
		"a folder":                   {Path: t.TempDir()},
		"a scheme of its own":        {URL: "mysql://x"},
		"a port that is none":        {URL: "postgres://h:port/d"},
		"a server that is away":      {URL: "postgres://u@127.0.0.1:1/d"},
	} {
		if d, err := db.Open(t.Context(), c); err == nil {
			t.Errorf("%s was opened", name)
			_ = d.Close()
		}
	}
	path := filepath.Join(t.TempDir(), "new folder", "a b?#%é.db")
	d, err := db.Open(t.Context(), db.Config{Path: path, Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Dir(path) + "/*"); !slices.ContainsFunc(left, func(p string) bool { return strings.HasSuffix(p, "é.db") }) {
		t.Errorf("the file has another name: %q", left)
	}
	if err := d.Ping(t.Context()); err == nil {
		t.Error("a closed database answers")
	}
}

func TestTheDatabaseIsForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "u.db")
	d, err := db.Open(t.Context(), db.Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, "create table t (id text)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		st, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && st.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", filepath.Base(name), st.Mode().Perm())
		}
	}
}
