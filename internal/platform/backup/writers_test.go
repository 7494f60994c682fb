package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/secret"
	"unisson/internal/platform/soak"
)

// T-B03: each write moves an amount in one table and notes it in another. In
// every archive taken meanwhile both agree, and all that was acknowledged
// before it was begun is there.
func TestSoakABackupUnderWritersIsConsistent(t *testing.T) {
	run := soak.Start(t, "T-B03")
	rate, span := run.Size(20, 200), time.Duration(run.Size(3, 600))*time.Second
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			keys := secret.Generate()
			src := newSource(t, e, keys)
			src.exec("delete from moves", "update accounts set balance = 0")
			var acked atomic.Int64
			ctx, stop := context.WithTimeout(t.Context(), span)
			defer stop()
			var writers sync.WaitGroup
			const n = 4
			for w := range n {
				writers.Go(func() { keepWriting(ctx, t, src.DB, w, n*time.Second/time.Duration(rate), &acked) })
			}
			bad, archives := 0, 0
			for dir := t.TempDir(); ctx.Err() == nil; archives++ {
				before := acked.Load()
				path := filepath.Join(dir, fmt.Sprint(archives))
				if _, err := Create(t.Context(), path, src.Source, false); err != nil {
					t.Fatal(err)
				}
				target := newStore(t, db.SQLite)
				if e == db.Postgres && archives%4 == 0 && archives < 40 {
					target = newStore(t, db.Postgres)
				}
				if _, err := Restore(t.Context(), path, target, Options{Keys: keys, Migrations: steps}); err != nil {
					t.Fatal(err)
				}
				d := openStore(t, target)
				if why := inconsistent(t, d, before); why != "" {
					bad++
					t.Error(why)
				}
				if err := errors.Join(d.Close(), os.RemoveAll(target.DataDir), os.Remove(path)); err != nil {
					t.Fatal(err)
				}
			}
			writers.Wait()
			t.Logf("%d writes acknowledged in %v, %d archives restored", acked.Load(), span, archives)
			if acked.Load() < int64(rate) {
				t.Errorf("only %d writes were made: the test says nothing", acked.Load())
			}
			run.Done(string(e), bad, archives)
		})
	}
}

func keepWriting(ctx context.Context, t *testing.T, d *db.DB, writer int, every time.Duration, acked *atomic.Int64) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for i := 1; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		account := []string{"a", "z", "_", "éa"}[writer]
		err := d.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx db.Tx) error {
			if _, err := tx.Exec(ctx, "update accounts set balance = balance + $1 where id = $2", i, account); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "insert into moves (account_id, amount) values ($1, $2)", account, i)
			return err
		})
		if err != nil {
			t.Errorf("writing during a backup: %v", err)
			return
		}
		acked.Add(1)
	}
}

func inconsistent(t *testing.T, d *db.DB, least int64) string {
	t.Helper()
	bad := texts(t, d, `select id from accounts where balance <> (select coalesce(cast(sum(amount) as bigint), 0) from moves where account_id = id)`)
	if len(bad) > 0 {
		return fmt.Sprintf("both tables disagree about %v", bad)
	}
	if n := len(texts(t, d, "select account_id from moves")); int64(n) < least {
		return fmt.Sprintf("%d writes are there, %d were acknowledged before", n, least)
	}
	return ""
}
