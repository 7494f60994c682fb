package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
)

type countKey struct{ of string }

// items counts a table as a page would, and tells how often the database was asked.
func items(t *testing.T, d *db.DB, ctx context.Context, how string) (n, asked int) {
	t.Helper()
	ctx, c := db.WithCounter(ctx)
	err := d.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		read := func() (int, error) { return db.One(ctx, r, db.Value[int], "select count(*) from items") }
		if how == "once" {
			n, err = db.Once(ctx, r, countKey{how}, read)
		} else {
			n, err = db.Shared(r, countKey{how}, []string{"items"}, read)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n, c.N()
}

func put(t *testing.T, d *db.DB, ctx context.Context, statements ...string) {
	t.Helper()
	err := d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		for _, q := range statements {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestARequestReadsOnceAndWhatItWrote(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		makeTables(t, d, agreeTables)
		one, other := db.WithMemory(t.Context()), db.WithMemory(t.Context())
		for range 2 {
			items(t, d, other, "once")
		}
		if n, asked := items(t, d, one, "once"); n != 0 || asked != 1 {
			t.Errorf("first: %d, asked %d times", n, asked)
		}
		if n, asked := items(t, d, one, "once"); n != 0 || asked != 0 {
			t.Errorf("again: %d, asked %d times", n, asked)
		}
		put(t, d, one, "insert into items (id, name_key) values ('a', 'a')")
		if n, asked := items(t, d, one, "once"); n != 1 || asked != 1 {
			t.Errorf("after its own write: %d, asked %d times", n, asked)
		}
		if n, _ := items(t, d, db.WithMemory(t.Context()), "once"); n != 1 {
			t.Errorf("the next request reads %d", n)
		}
		detached, end := db.Detach(other, time.Minute)
		defer end()
		if n, _ := items(t, d, detached, "once"); n != 1 {
			t.Errorf("work that goes on after the request reads %d", n)
		}
	})
}

func TestATransactionReadsItsOwnWrites(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		makeTables(t, d, agreeTables)
		ctx := db.WithMemory(t.Context())
		for _, how := range []string{"once", "shared"} {
			items(t, d, ctx, how)
		}
		back := errors.New("back")
		err := d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			if _, err := tx.Exec(ctx, "insert into items (id, name_key) values ('a', 'a')"); err != nil {
				return err
			}
			for _, how := range []string{"once", "shared"} {
				if n, _ := items(t, d, ctx, how); n != 1 {
					t.Errorf("%s: inside, %d", how, n)
				}
			}
			return back
		})
		if !errors.Is(err, back) {
			t.Fatal(err)
		}
		for _, how := range []string{"once", "shared"} {
			if n, _ := items(t, d, ctx, how); n != 0 {
				t.Errorf("%s: what was rolled back is remembered: %d", how, n)
			}
		}
	})
}

// What every page shows is read for all of them, and each commit is seen by the
// next reader, however its statement is written.
func TestSharedReadsSeeEveryCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		makeTables(t, d, agreeTables)
		items(t, d, t.Context(), "shared")
		if n, asked := items(t, d, db.WithMemory(t.Context()), "shared"); n != 0 || asked != 0 {
			t.Errorf("the next request: %d, asked %d times", n, asked)
		}
		for i, q := range []string{
			"insert into items (id, name_key) values ('a', 'a')",
			`INSERT INTO "items" (id, name_key) values ('b', 'b')`,
			"\n\tinsert\n into items(id, name_key) values ('c', 'c')",
		} {
			put(t, d, t.Context(), q)
			if n, _ := items(t, d, t.Context(), "shared"); n != i+1 {
				t.Errorf("after %q: %d", q, n)
			}
		}
		put(t, d, t.Context(), "delete from items where id = 'a'")
		if n, _ := items(t, d, t.Context(), "shared"); n != 2 {
			t.Errorf("after a deletion: %d", n)
		}
		bulk := func(ctx context.Context, tx db.Tx) error {
			return db.Bulk(ctx, tx, "items", []string{"id", "name_key"}, [][]any{{"d", "d"}, {"e", "e"}})
		}
		if err := d.Write(t.Context(), bulk); err != nil {
			t.Fatal(err)
		}
		if n, _ := items(t, d, t.Context(), "shared"); n != 4 {
			t.Errorf("after many at once: %d", n)
		}
		one := func(ctx context.Context, tx db.Tx, q string) error {
			_, err := db.One(ctx, tx.Reader, db.Value[string], q)
			return err
		}
		all := func(ctx context.Context, tx db.Tx, q string) error {
			_, err := db.All(ctx, tx.Reader, db.Value[string], q)
			return err
		}
		each := func(ctx context.Context, tx db.Tx, q string) error {
			return db.Each(ctx, tx.Reader, func(db.Row) error { return nil }, q)
		}
		for _, c := range []struct {
			ask  func(ctx context.Context, tx db.Tx, q string) error
			q    string
			want int
		}{
			{one, "insert into items (id, name_key) values ('f', 'f') returning id", 5},
			{all, "delete from items where id = 'f' returning id", 4},
			{each, "\n\tINSERT into items(id, name_key) values ('f', 'f') RETURNING id", 5},
			{one, "delete from items where id = 'f' returning id", 4},
			{all, "with more as (select 'g' as id) insert into items (id, name_key) select id, id from more returning id", 5},
			{each, "delete from items where id = 'g' returning id", 4},
		} {
			if err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error { return c.ask(ctx, tx, c.q) }); err != nil {
				t.Fatal(err)
			}
			if n, _ := items(t, d, t.Context(), "shared"); n != c.want {
				t.Errorf("after %q: %d, want %d", c.q, n, c.want)
			}
		}
		put(t, d, t.Context(), "with gone as (select 'd' as id) delete from items where id in (select id from gone)")
		if n, _ := items(t, d, t.Context(), "shared"); n != 3 {
			t.Errorf("after a statement of another shape: %d", n)
		}
		put(t, d, t.Context(), "insert into notes (item_id) values ('e')")
		if _, asked := items(t, d, t.Context(), "shared"); asked != 0 {
			t.Error("a write to another table took it away")
		}
		reads := func(ctx context.Context, tx db.Tx) error {
			if _, err := db.One(ctx, tx.Reader, db.Value[string], "update notes set body = 'x' where item_id = 'e' returning item_id"); err != nil {
				return err
			}
			_, err := db.All(ctx, tx.Reader, db.Value[string], "with few as (select id, at as updated_at from items) select id from few")
			return err
		}
		if err := d.Write(t.Context(), reads); err != nil {
			t.Fatal(err)
		}
		if _, asked := items(t, d, t.Context(), "shared"); asked != 0 {
			t.Error("reading, and a write to another table that gives rows, took it away")
		}
	})
}

// What another process writes is seen in time: a right taken away ends within 5 s.
func TestWhatIsRememberedIsNeverOld(t *testing.T) {
	fake := clock.NewFake(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	d := dbtest.Open(t, db.SQLite, fake)
	makeTables(t, d, agreeTables)
	ctx := db.WithMemory(t.Context())
	for _, how := range []string{"once", "shared"} {
		items(t, d, ctx, how)
	}
	_, writer := d.Pools()
	if _, err := writer.Exec("insert into items (id, name_key) values ('a', 'a')"); err != nil {
		t.Fatal(err)
	}
	fake.Advance(3 * time.Second)
	for _, how := range []string{"once", "shared"} {
		if n, _ := items(t, d, ctx, how); n != 1 {
			t.Errorf("%s: three seconds later %d", how, n)
		}
	}
}

// Whoever asks for ever other things does not fill the memory of the process.
func TestTheShelfHoldsFewThings(t *testing.T) {
	fake := clock.NewFake(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	d := dbtest.Open(t, db.SQLite, fake)
	makeTables(t, d, agreeTables)
	keep := func(key int) {
		err := d.Read(t.Context(), func(_ context.Context, r db.Reader) error {
			_, err := db.Shared(r, key, []string{"items"}, func() (int, error) { return key, nil })
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5000 {
		keep(i)
		if n := d.Shelved(); n > 64 {
			t.Fatalf("%d things after %d", n, i)
		}
	}
	fake.Advance(3 * time.Second)
	for i := range 64 { // those of before are no longer believed, and leave first
		keep(10_000 + i)
	}
	if n := d.Shelved(); n > 64 {
		t.Errorf("%d things", n)
	}
}
