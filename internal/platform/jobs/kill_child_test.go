//go:build unix

package jobs

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"unisson/internal/platform/db"
)

// The environment of a worker process of the kill tests.
const (
	childEnv    = "UNISSON_JOBS_CHILD" // "sqlite" or "postgres"
	childWhere  = "UNISSON_JOBS_WHERE" // path or address of the database
	childLease  = 400 * time.Millisecond
	childWorker = 2
)

// inward has its effect in the database, in the transaction of its completion.
type inward struct{ N int }

func (inward) Kind() string { return "kill.inward" }

// outward has its effect elsewhere: a line to the consumer, which knows the job
// by its number.
type outward struct{ N int }

func (outward) Kind() string { return "kill.outward" }

// chained inserts an inward job where it completes.
type chained struct{ N int }

func (chained) Kind() string { return "kill.chained" }

// ticked is what the schedule inserts.
type ticked struct{}

func (ticked) Kind() string { return "kill.ticked" }

const tickName, tickSpec, tickEffect = "kill.tick", "0 0 1 1 *", -1

// childMain runs jobs until its standard input ends, or until it is killed.
func childMain() {
	if err := child(); err != nil {
		fmt.Fprintln(os.Stderr, "worker process:", err)
		os.Exit(1)
	}
}

func child() error {
	conf := db.Config{MaxConns: 6}
	if os.Getenv(childEnv) == string(db.SQLite) {
		conf.Path = os.Getenv(childWhere)
	} else {
		conf.URL = os.Getenv(childWhere)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	d, err := db.Open(ctx, conf)
	if err != nil {
		return err
	}
	defer d.Close()
	reg := NewRegistry()
	registerKill(reg, d, os.NewFile(3, "consumer"))
	if err := reg.Schedule(Schedule{Name: tickName, Spec: tickSpec, Args: ticked{}}); err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	return NewRunner(d, reg, Config{Workers: childWorker, Lease: childLease, Poll: 20 * time.Millisecond,
		Backoff: Backoff{Base: time.Millisecond, Max: 50 * time.Millisecond}}).Run(ctx)
}

func registerKill(reg *Registry, d *db.DB, consumer io.Writer) {
	effect := func(ctx context.Context, tx db.Tx, n int) error {
		_, err := tx.Exec(ctx, `insert into effects (n) values ($1)`, n)
		return err
	}
	Register(reg, func(ctx context.Context, job *Job[inward]) error {
		return d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			if err := effect(ctx, tx, job.Args.N); err != nil {
				return err
			}
			return Complete(ctx, tx, job)
		})
	})
	Register(reg, func(ctx context.Context, job *Job[chained]) error {
		return d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			if err := Complete(ctx, tx, job); err != nil {
				return err
			}
			_, err := Insert(ctx, tx, inward{job.Args.N}, Opts{MaxAttempts: 1000})
			return err
		})
	})
	Register(reg, func(ctx context.Context, job *Job[ticked]) error {
		return d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			if err := effect(ctx, tx, tickEffect); err != nil {
				return err
			}
			return Complete(ctx, tx, job)
		})
	})
	Register(reg, func(_ context.Context, job *Job[outward]) error {
		// One short write to a pipe is whole or not at all, whatever kills us.
		_, err := io.WriteString(consumer, strconv.Itoa(job.Args.N)+"\n")
		return err
	})
}
