package db_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
)

func TestBrokenRulesHaveTheirKind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		makeTables(t, d, agreeTables)
		write(t, d, "insert into items (id, name_key) values ('a', 'a')", "insert into notes (item_id) values ('a')")
		for name, c := range map[string]struct {
			q        string
			kind     errs.Kind
			code     string
			conflict bool
		}{
			"the key twice":           {"insert into items (id, name_key) values ('a', 'b')", errs.KindConflict, "errors.already_there", true},
			"a unique column twice":   {"insert into items (id, name_key) values ('b', 'a')", errs.KindConflict, "errors.already_there", true},
			"a reference to nothing":  {"insert into notes (item_id) values ('z')", errs.KindConflict, "errors.still_used", false},
			"a row that is referred":  {"delete from items where id = 'a'", errs.KindConflict, "errors.still_used", false},
			"a check":                 {"insert into items (id, name_key, n) values ('b', 'b', 5000)", errs.KindInternal, "", false},
			"null where none may be":  {"insert into items (id) values ('b')", errs.KindInternal, "", false},
			"words that are no query": {"insert nonsense", errs.KindInternal, "", false},
		} {
			err := try(t, d, c.q)
			var e *errs.Error
			if !errors.As(err, &e) || e.Kind != c.kind || e.Code != c.code || db.IsConflict(err) != c.conflict {
				t.Errorf("%s: %v (conflict: %v)", name, err, db.IsConflict(err))
			}
		}
		if db.IsConflict(nil) || db.IsConflict(errors.New("x")) {
			t.Error("no error is a conflict")
		}
	})
}

// T-D03, for a disk that fills up: a clean error, no half record, and on it goes
// once there is room.
func TestAFullDiskIsSaidAndSurvived(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, nil)
	write(t, d, "create table big (id text not null, body text not null)")
	_, writer := d.Pools()
	var pages int64
	if err := writer.QueryRow("pragma page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := writer.Exec("pragma max_page_count = " + strconv.FormatInt(pages+10, 10)); err != nil {
		t.Fatal(err)
	}
	row := strings.Repeat("x", 3000)
	err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
		for range 1000 {
			if _, err := tx.Exec(ctx, "insert into big values ('a', $1)", row); err != nil {
				return err
			}
		}
		return nil
	})
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.KindUnavailable || e.Code != "errors.disk_full" || e.RetryAfter == 0 {
		t.Errorf("a full disk: %v", err)
	}
	if n := ask[int64](t, d, "select count(*) from big"); n[0] != 0 {
		t.Errorf("%d rows of a failed transaction", n[0])
	}
	if _, err := writer.Exec("pragma max_page_count = " + strconv.FormatInt(pages+1000, 10)); err != nil {
		t.Fatal(err)
	}
	write(t, d, "insert into big values ('b', 'room again')")
	if broken, err := d.Integrity(t.Context()); err != nil || len(broken) > 0 {
		t.Errorf("%v %v", broken, err)
	}
}

func TestAServerThatGoesAwayIsUnavailable(t *testing.T) {
	s := dbtest.StartServer(t, dbtest.Options{Durable: true})
	url, err := s.NewDatabase("gone")
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), db.Config{URL: url, MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	write(t, d, "create table a (id text not null)")
	s.Kill()
	if err := try(t, d, "insert into a values ('1')"); !errs.Is(err, errs.KindUnavailable) {
		t.Errorf("a write without a server: %v", err)
	}
	if err := d.Ping(t.Context()); !errs.Is(err, errs.KindUnavailable) {
		t.Errorf("a ping without a server: %v", err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	write(t, d, "insert into a values ('2')") // the pool found it again by itself
	if got := ask[string](t, d, "select id from a"); len(got) != 1 || got[0] != "2" {
		t.Errorf("%v", got)
	}
}

// Two transactions that wait for each other: the engine ends one, Write runs it
// again, and nobody sees an error.
func TestADeadlockIsTriedAgain(t *testing.T) {
	d := dbtest.Open(t, db.Postgres, nil)
	write(t, d, "create table a (id text not null, n bigint not null)", "insert into a values ('1', 0), ('2', 0)")
	var met [2]chan struct{}
	for i := range met {
		met[i] = make(chan struct{})
	}
	runs := make(chan int, 2)
	cross := func(me int, first, second string) error {
		tries := 0
		err := d.Write(context.Background(), func(ctx context.Context, tx db.Tx) error {
			tries++
			if _, err := tx.Exec(ctx, "update a set n = n + 1 where id = $1", first); err != nil {
				return err
			}
			if tries == 1 {
				close(met[me])
				<-met[1-me]
			}
			_, err := tx.Exec(ctx, "update a set n = n + 1 where id = $1", second)
			return errs.Wrap("crossing", err) // as every service does
		})
		runs <- tries
		return err
	}
	done := make(chan error, 2)
	go func() { done <- cross(0, "1", "2") }()
	go func() { done <- cross(1, "2", "1") }()
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := <-runs + <-runs; n < 3 {
		t.Errorf("%d runs: there was no deadlock to try again", n)
	}
	if got := ask[int64](t, d, "select n from a order by id"); got[0] != 2 || got[1] != 2 {
		t.Errorf("%v, want each transaction's effect once", got)
	}
}

func TestATransactionThatAlwaysCollidesGivesUp(t *testing.T) {
	d := dbtest.Open(t, db.Postgres, nil)
	tries := 0
	err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
		tries++
		_, err := tx.Exec(ctx, "do $$ begin raise exception 'collision' using errcode = '40001'; end $$")
		return err
	})
	if tries != 5 || !errs.Is(err, errs.KindUnavailable) {
		t.Errorf("%d tries, then %v", tries, err)
	}
}

// word is a text of its own type, as capabilities have them.
type word string

func TestWhatIsNoTextIsRefusedAlike(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		makeTables(t, d, agreeTables)
		write(t, d, "insert into items (id, name_key) values ('a', 'a')")
		for _, bad := range []any{"nul \x00", "\xff", "\xed\xa0\x80", word("\x00")} {
			for what, do := range map[string]func(context.Context, db.Tx) error{
				"exec": func(ctx context.Context, tx db.Tx) error {
					_, err := tx.Exec(ctx, "update items set name_key = $1", bad)
					return err
				},
				"bulk": func(ctx context.Context, tx db.Tx) error {
					return db.Bulk(ctx, tx, "items", []string{"id", "name_key"}, [][]any{{"b", bad}})
				},
				"read": func(ctx context.Context, tx db.Tx) error {
					_, err := db.All(ctx, tx.Reader, db.Value[string], "select id from items where name_key = $1", bad)
					return err
				},
			} {
				if err := d.Write(t.Context(), do); !errs.Is(err, errs.KindMalformed) {
					t.Errorf("%s of %q: %v", what, bad, err)
				}
			}
		}
		// What the engine itself refuses has the same kind. (SQLite makes a text of it.)
		if d.Engine() == db.Postgres {
			if err := try(t, d, "update items set name_key = convert_from('\\xff', 'UTF8')"); !errs.Is(err, errs.KindMalformed) {
				t.Errorf("the engine's own word: %v", err)
			}
		}
		if got := ask[string](t, d, "select name_key from items"); len(got) != 1 || got[0] != "a" {
			t.Errorf("%q are kept", got)
		}
	})
}
