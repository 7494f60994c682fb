package db_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/soak"
)

// T-D01 with one pool for all: package dbtest kills writers and servers under a
// process that starts anew; here the process lives on, and its pool finds the
// server again.

const (
	writers = 4
	ledger  = "create table first (id text not null, constraint first_pk primary key (id)); create table second (id text not null, constraint second_pk primary key (id))"
)

func twoRows(ctx context.Context, d *db.DB, id string) error {
	return d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if _, err := tx.Exec(ctx, "insert into first (id) values ($1)", id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "insert into second (id) values ($1)", id)
		return err
	})
}

// account is what the writers said.
type account struct {
	mu         sync.Mutex
	tried, had map[string]bool // had: acknowledged
	acks       int
	enough     chan struct{} // closed once so many more acks came in
	at         int
}

func newAccount() *account { return &account{tried: map[string]bool{}, had: map[string]bool{}} }

func (a *account) try(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tried[id] = true
}

func (a *account) ack(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.had[id] = true
	if a.acks++; a.enough != nil && a.acks == a.at {
		close(a.enough)
	}
}

// after gives a channel that closes when n more writes are acknowledged.
func (a *account) after(n int) chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.enough, a.at = make(chan struct{}), a.acks+n
	return a.enough
}

// check compares the account with the rows.
func (a *account) check(t *testing.T, d *db.DB) (bad int) {
	t.Helper()
	first, second := map[string]bool{}, map[string]bool{}
	for table, rows := range map[string]map[string]bool{"first": first, "second": second} {
		for _, id := range ask[string](t, d, "select id from "+table) {
			rows[id] = true
		}
	}
	for id := range a.had {
		if !first[id] || !second[id] {
			bad++
			t.Errorf("%s was acknowledged and is lost", id)
		}
	}
	for id := range first {
		switch {
		case !a.tried[id]:
			bad++
			t.Errorf("%s is there and was never written", id)
		case !second[id]:
			bad++
			t.Errorf("%s is there by half", id)
		}
	}
	if len(second) != len(first) {
		bad++
		t.Errorf("%d first rows and %d second ones", len(first), len(second))
	}
	if broken, err := d.Integrity(t.Context()); err != nil || len(broken) > 0 {
		bad++
		t.Errorf("integrity: %v %v", broken, err)
	}
	return bad
}

// moment waits for a random number of acknowledged writes and then for a random
// part of one more, so that kills fall anywhere within a write.
func moment(r *rand.Rand, a *account) error {
	select {
	case <-a.after(1 + r.IntN(40)):
	case <-time.After(time.Minute):
		return fmt.Errorf("the writers stopped writing")
	}
	<-time.After(time.Duration(r.IntN(3000)) * time.Microsecond)
	return nil
}

// A write that failed because the server died may be there or not; it may not
// be there by half.
func TestSoakThePoolOutlivesTheServerAndLosesNothing(t *testing.T) {
	run := soak.Start(t, "T-D01")
	kills := run.Size(2, 200)
	s := dbtest.StartServer(t, dbtest.Options{Durable: true})
	url, err := s.NewDatabase("ledger")
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), db.Config{URL: url, MaxConns: writers + 2})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(t.Context(), steps(ledger)); err != nil {
		t.Fatal(err)
	}
	write(t, d, "create extension amcheck")
	all, bad := newAccount(), 0
	for range kills {
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for ctx.Err() == nil {
					id := db.NewID()
					all.try(id)
					if twoRows(t.Context(), d, id) == nil {
						all.ack(id)
					} else {
						return // the server is away
					}
				}
			})
		}
		if err := moment(run.Rand, all); err != nil {
			t.Error(err)
		}
		s.Kill()
		stop()
		wg.Wait()
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		all.mu.Lock()
		bad += all.check(t, d) // by the same pool, which finds the server again
		all.mu.Unlock()
	}
	for _, index := range []string{"first_pk", "second_pk"} {
		ask[string](t, d, "select bt_index_check('"+index+"'::regclass, true)::text")
	}
	t.Logf("%d kills of the server, %d writes acknowledged", kills, all.acks)
	run.Done("pool", bad, kills)
}
