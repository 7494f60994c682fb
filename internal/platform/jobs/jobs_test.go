package jobs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/events"
)

type note struct {
	N int `json:"n"`
}

func (note) Kind() string { return "test.note" }

type other struct{}

func (other) Kind() string { return "test.other" }

// fixture is a database with a clock and a registry whose worker for note
// records what it got, then does what the test says.
type fixture struct {
	t     *testing.T
	ctx   context.Context
	d     *db.DB
	clock *clock.Fake
	reg   *Registry

	mu  sync.Mutex
	ran []int
	do  func(ctx context.Context, job *Job[note]) error
}

func each(t *testing.T, fn func(t *testing.T, f *fixture)) {
	t.Helper()
	start := time.Date(2026, 11, 24, 8, 5, 0, 0, time.UTC)
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			c := clock.NewFake(start)
			f := &fixture{t: t, ctx: context.Background(), clock: c, reg: NewRegistry(), d: dbtest.Open(t, e, c)}
			Register(f.reg, func(ctx context.Context, job *Job[note]) error {
				f.mu.Lock()
				f.ran = append(f.ran, job.Args.N)
				f.mu.Unlock()
				if f.do != nil {
					return f.do(ctx, job)
				}
				return nil
			})
			fn(t, f)
		})
	}
}

func (f *fixture) runner(c Config) *Runner {
	c.Seed = 1
	return NewRunner(f.d, f.reg, c)
}

func (f *fixture) insert(args Args, o Opts) Ticket {
	f.t.Helper()
	var k Ticket
	if err := f.d.Write(f.ctx, func(ctx context.Context, tx db.Tx) (err error) {
		k, err = Insert(ctx, tx, args, o)
		return err
	}); err != nil {
		f.t.Fatal(err)
	}
	return k
}

func (f *fixture) work(r *Runner, want int) {
	f.t.Helper()
	n, err := r.Work(f.ctx)
	if err != nil {
		f.t.Fatal(err)
	}
	if n != want {
		f.t.Fatalf("%d tries, want %d", n, want)
	}
}

func (f *fixture) job(id string) Record {
	f.t.Helper()
	var j Record
	if err := f.d.Read(f.ctx, func(ctx context.Context, r db.Reader) (err error) {
		j, err = find(ctx, r, id)
		return err
	}); err != nil {
		f.t.Fatal(err)
	}
	return j
}

func (f *fixture) claimOne(r *Runner) *held {
	f.t.Helper()
	js, err := r.claim(f.ctx, 1)
	if err != nil || len(js) != 1 {
		f.t.Fatalf("claimed %d jobs: %v", len(js), err)
	}
	return &held{record: js[0], d: f.d}
}

func (f *fixture) wantRan(want ...int) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if !slices.Equal(f.ran, want) {
		f.t.Fatalf("ran %v, want %v", f.ran, want)
	}
}

func TestAJobOfARolledBackTransactionNeverRuns(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		boom := errors.New("boom")
		woken := 0
		ctx := WithWake(f.ctx, func() { woken++ })
		err := f.d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
			if _, err := Insert(ctx, tx, note{1}, Opts{}); err != nil {
				return err
			}
			if err := InsertMany(ctx, tx, []note{{2}, {3}}, Opts{}); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		f.work(f.runner(Config{}), 0)
		if woken != 0 {
			t.Error("the runner was woken for nothing")
		}
		f.wantRan()
	})
}

func TestAJobIsSeenOnlyAfterTheCommit(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		r := f.runner(Config{})
		woken := 0
		err := f.d.Write(WithWake(f.ctx, func() { woken++ }), func(ctx context.Context, tx db.Tx) error {
			if _, err := Insert(ctx, tx, note{1}, Opts{}); err != nil {
				return err
			}
			o, err := r.look(f.ctx) // outside the transaction
			if o.due || woken > 0 {
				t.Error("the job is visible before the commit")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if woken != 1 {
			t.Errorf("woken %d times", woken)
		}
		f.work(r, 1)
		f.wantRan(1)
	})
}

func TestEightWorkersNeverClaimOneJobTwice(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		const workers, jobs = 8, 800
		err := f.d.Write(f.ctx, func(ctx context.Context, tx db.Tx) error {
			return InsertMany(ctx, tx, make([]note, jobs), Opts{})
		})
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		seen := map[string]int{}
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				r := f.runner(Config{})
				for {
					js, err := r.claim(f.ctx, 5)
					if err != nil {
						t.Error(err)
					}
					if len(js) == 0 || err != nil {
						return
					}
					mu.Lock()
					for _, j := range js {
						seen[j.ID]++
						if j.Attempt != 1 {
							t.Errorf("job %s was claimed %d times", j.ID, j.Attempt)
						}
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if len(seen) != jobs {
			t.Errorf("%d of %d jobs were claimed", len(seen), jobs)
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("job %s was given out %d times", id, n)
			}
		}
	})
}

func TestJobsRunByPriorityThenTimeAndNotEarly(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		now := db.At(f.clock.Now())
		f.insert(note{4}, Opts{Priority: 10})
		f.insert(note{3}, Opts{})
		f.insert(note{2}, Opts{RunAt: now.Add(-time.Minute)})
		f.insert(note{1}, Opts{Priority: -1})
		f.insert(note{5}, Opts{RunAt: now.Add(time.Hour)})
		r := f.runner(Config{})
		f.work(r, 4)
		f.wantRan(1, 2, 3, 4)
		f.clock.Advance(time.Hour - time.Microsecond)
		f.work(r, 0)
		f.clock.Advance(time.Microsecond)
		f.work(r, 1)
		f.wantRan(1, 2, 3, 4, 5)
	})
}

func TestALateWorkerIsRefusedByItsAttempt(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.insert(note{1}, Opts{}).ID
		frozen := f.runner(Config{Lease: time.Minute})
		late := f.claimOne(frozen)

		f.clock.Advance(59 * time.Second)
		quick := f.runner(Config{})
		f.work(quick, 0) // the lease still holds
		f.clock.Advance(2 * time.Second)
		f.work(quick, 1)
		f.wantRan(1)
		if j := f.job(id); j.State != Done || j.Attempt != 2 || j.Failures != 1 {
			t.Fatalf("after the takeover: %+v", j)
		}

		before := dbtest.Dump(t, f.d)
		late.record.Attempt = 1
		job := &Job[note]{h: late}
		err := f.d.Write(f.ctx, func(ctx context.Context, tx db.Tx) error {
			if err := db.SetSetting(ctx, tx, "effect", "twice"); err != nil {
				return err
			}
			return Complete(ctx, tx, job)
		})
		if !errors.Is(err, ErrLost) {
			t.Errorf("a late completion: %v", err)
		}
		if err := job.Progress(f.ctx, 1, 2, "x"); !errors.Is(err, ErrLost) {
			t.Errorf("late progress: %v", err)
		}
		if ok, err := frozen.extend(f.ctx, late); ok || err != nil {
			t.Errorf("a late sign of life is accepted (%v)", err)
		}
		for _, worked := range []error{nil, errors.New("failed"), Snooze(time.Hour), Permanent(errors.New("no")), errStopping, ErrLost} {
			if result, err := frozen.conclude(f.ctx, late, worked); result != "lost" || err != nil && worked == nil {
				t.Errorf("a late conclusion of %v is %q, %v", worked, result, err)
			}
		}
		if dbtest.Dump(t, f.d) != before {
			t.Error("a late worker changed the database")
		}
	})
}

func TestALongJobKeepsItsLease(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.insert(note{1}, Opts{}).ID
		r := f.runner(Config{Lease: time.Minute})
		h := f.claimOne(r)
		for range 5 {
			f.clock.Advance(40 * time.Second)
			if ok, err := r.extend(f.ctx, h); !ok || err != nil {
				t.Fatalf("sign of life refused: %v", err)
			}
			f.work(f.runner(Config{}), 0)
		}
		if result, err := r.conclude(f.ctx, h, nil); result != "done" || err != nil {
			t.Fatal(result, err)
		}
		if j := f.job(id); j.Attempt != 1 || j.State != Done {
			t.Errorf("%+v", j)
		}
	})
}

func TestTheHeartbeatEndsTheContextOfALostClaim(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.insert(note{1}, Opts{})
		r := f.runner(Config{Lease: 3 * time.Millisecond})
		h := f.claimOne(r)
		h.record.Attempt = 7 // as if somebody else had claimed it since
		ctx, cancel := context.WithCancelCause(f.ctx)
		stop := r.beat(ctx, cancel, h)
		<-ctx.Done()
		stop()
		if !errors.Is(context.Cause(ctx), ErrLost) {
			t.Error(context.Cause(ctx))
		}
	})
}

func TestEffectAndCompletionAreCommittedTogether(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.insert(note{1}, Opts{}).ID
		boom := errors.New("boom")
		tries := 0
		f.do = func(ctx context.Context, job *Job[note]) error {
			tries++
			err := f.d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
				if err := db.SetSetting(ctx, tx, "effect", fmt.Sprint(tries)); err != nil {
					return err
				}
				if err := Complete(ctx, tx, job); err != nil {
					return err
				}
				if tries == 1 {
					return boom // after Complete: both must be undone
				}
				return nil
			})
			if tries == 2 {
				return boom // after the commit: the job is done all the same
			}
			return err
		}
		var outcomes []string
		r := f.runner(Config{Observe: func(o Outcome) { outcomes = append(outcomes, o.Result) }})
		f.work(r, 1)
		if j := f.job(id); j.State != Ready || j.Failures != 1 {
			t.Fatalf("after the rolled-back try: %+v", j)
		}
		f.clock.Advance(time.Hour)
		f.work(r, 1)
		if j := f.job(id); j.State != Done {
			t.Fatalf("after the committed try: %+v", j)
		}
		f.clock.Advance(time.Hour)
		f.work(r, 0)
		var effect string
		if err := f.d.Read(f.ctx, func(ctx context.Context, rd db.Reader) (err error) {
			effect, err = db.Setting(ctx, rd, "effect")
			return err
		}); err != nil || effect != "2" {
			t.Errorf("effect %q, %v", effect, err)
		}
		if !slices.Equal(outcomes, []string{"failed", "done"}) {
			t.Errorf("outcomes %v", outcomes)
		}
	})
}

func TestAUniqueKeyIsHeldWhileItsJobWaitsOrRuns(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		o := Opts{UniqueKey: "rebuild:42"}
		first := f.insert(note{1}, o)
		if !first.Inserted {
			t.Fatal("the first was not inserted")
		}
		second := f.insert(note{2}, o)
		if second.Inserted || second.ID != first.ID {
			t.Errorf("while waiting: %+v", second)
		}
		f.do = func(ctx context.Context, job *Job[note]) error {
			if k := f.insert(note{3}, o); k.Inserted {
				t.Error("inserted while the job of its key runs")
			}
			return nil
		}
		r := f.runner(Config{})
		f.work(r, 1)
		f.do = nil
		if k := f.insert(note{4}, o); !k.Inserted {
			t.Error("refused after the job of its key was done")
		}
		f.work(r, 1)
		f.wantRan(1, 4)
		if err := f.d.Write(f.ctx, func(ctx context.Context, tx db.Tx) error {
			return InsertMany(ctx, tx, []note{{1}}, o)
		}); err == nil {
			t.Error("InsertMany took a unique key")
		}
	})
}

func TestAUniqueKeyHoldsAmongParallelTransactions(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var mu sync.Mutex
		inserted := 0
		var wg sync.WaitGroup
		for n := range 20 {
			wg.Go(func() {
				k := f.insert(note{n}, Opts{UniqueKey: "one"})
				mu.Lock()
				defer mu.Unlock()
				if k.Inserted {
					inserted++
				}
			})
		}
		wg.Wait()
		if inserted != 1 {
			t.Errorf("%d were inserted", inserted)
		}
		f.work(f.runner(Config{}), 1)
	})
}

func TestAFailingJobComesBackLaterEachTimeAndIsParked(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.insert(note{1}, Opts{MaxAttempts: 4, UniqueKey: "k"}).ID
		f.do = func(context.Context, *Job[note]) error {
			return errors.New("the relay said no: " + strings.Repeat("é", 3000))
		}
		var died []JobDied
		bus := events.NewBus()
		events.On(bus, "test", func(_ context.Context, _ db.Tx, fact JobDied) error {
			died = append(died, fact)
			return nil
		})
		r := f.runner(Config{Bus: bus, Backoff: Backoff{Base: 10 * time.Second, Max: time.Hour}})
		for try := 1; try <= 3; try++ {
			f.work(r, 1)
			j := f.job(id)
			low, high := 10*time.Second<<(try-1)/2, 10*time.Second<<(try-1)
			if wait := j.RunAt.Sub(db.At(f.clock.Now())); j.State != Ready || wait < low || wait > high {
				t.Fatalf("after failure %d: %s, again in %s", try, j.State, wait)
			}
			if len(j.LastError) > maxError || !strings.HasPrefix(j.LastError, "the relay said no") {
				t.Errorf("last error %q", j.LastError)
			}
			f.clock.Set(j.RunAt.Go())
		}
		f.work(r, 1)
		f.clock.Advance(240 * time.Hour)
		f.work(r, 0)
		if j := f.job(id); j.State != Dead || j.Failures != 4 {
			t.Fatalf("%+v", j)
		}
		if len(died) != 1 || died[0].ID != id || died[0].Kind != "test.note" {
			t.Errorf("told: %v", died)
		}
		if !f.insert(note{2}, Opts{UniqueKey: "k"}).Inserted {
			t.Error("a dead job holds its unique key")
		}
	})
}

func TestPoisonIsParkedAndDoesNotBlockItsQueue(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		panics := f.insert(note{1}, Opts{MaxAttempts: 2})
		exits := f.insert(note{2}, Opts{MaxAttempts: 2})
		hopeless := f.insert(note{3}, Opts{})
		garbled := f.insert(note{4}, Opts{})
		if err := f.d.Write(f.ctx, func(ctx context.Context, tx db.Tx) error {
			_, err := tx.Exec(ctx, `update jobs set args = '{"n": "four"}' where id = $1`, garbled.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		f.insert(note{5}, Opts{})
		f.do = func(ctx context.Context, job *Job[note]) error {
			switch job.Args.N {
			case 1:
				panic("poison")
			case 2:
				runtime.Goexit()
			case 3:
				return fmt.Errorf("wrapped: %w", Permanent(errors.New("no such address")))
			}
			return nil
		}
		r := f.runner(Config{Workers: 1})
		for _, tries := range []int{5, 2, 0} {
			f.work(r, tries)
			f.clock.Advance(time.Hour)
		}
		f.wantRan(1, 2, 3, 5, 1, 2)
		for id, want := range map[string]string{panics.ID: "panic: poison", exits.ID: "ended its goroutine", hopeless.ID: "no such address", garbled.ID: "arguments:"} {
			if j := f.job(id); j.State != Dead || !strings.Contains(j.LastError, want) {
				t.Errorf("%s: %s, %q", want, j.State, j.LastError)
			}
		}
	})
}

func TestAJobThatKillsItsProcessIsParked(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.insert(note{1}, Opts{MaxAttempts: 3}).ID
		deaf := events.NewBus()
		events.On(deaf, "test", func(context.Context, db.Tx, JobDied) error { return errors.New("nobody listens") })
		r := f.runner(Config{Bus: deaf, Lease: time.Minute})
		for range 3 {
			f.claimOne(r) // and its process is gone
			f.clock.Advance(2 * time.Minute)
			if _, err := r.keepHouse(f.ctx, true); err != nil {
				t.Fatal(err)
			}
		}
		if j := f.job(id); j.State != Dead || j.Failures != 3 || j.Attempt != 3 {
			t.Errorf("%+v", j)
		}
	})
}

func TestAReactionThatFailsDoesNotKeepPoisonAlive(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.insert(note{1}, Opts{MaxAttempts: 1}).ID
		f.do = func(context.Context, *Job[note]) error { return errors.New("no") }
		deaf := events.NewBus()
		events.On(deaf, "test", func(context.Context, db.Tx, JobDied) error { return errors.New("nobody listens") })
		f.work(f.runner(Config{Bus: deaf}), 1)
		if j := f.job(id); j.State != Dead {
			t.Errorf("%+v", j)
		}
	})
}

func TestASnoozeIsNoFailure(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.insert(note{1}, Opts{MaxAttempts: 1}).ID
		f.do = func(_ context.Context, job *Job[note]) error {
			if job.Attempt < 4 {
				return Snooze(10 * time.Minute)
			}
			return nil
		}
		r := f.runner(Config{})
		for range 3 {
			f.work(r, 1)
			f.clock.Advance(10*time.Minute - time.Microsecond)
			f.work(r, 0)
			f.clock.Advance(time.Microsecond)
		}
		f.work(r, 1)
		if j := f.job(id); j.State != Done || j.Failures != 0 || j.Attempt != 4 {
			t.Errorf("%+v", j)
		}
	})
}

func TestProgressIsWrittenNowAndThenAndAtTheEnd(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.insert(note{1}, Opts{}).ID
		f.do = func(ctx context.Context, job *Job[note]) error {
			for i := range int64(100) {
				if err := job.Progress(ctx, i, 100, "imports.rows"); err != nil {
					return err
				}
			}
			p, s, err := f.progress(id)
			if err != nil || p.Done != 0 || s != Running {
				t.Errorf("at the same instant: %+v %s %v", p, s, err)
			}
			f.clock.Advance(time.Second)
			if err := job.Progress(ctx, 60, 100, "imports.rows"); err != nil {
				return err
			}
			if p, _, _ := f.progress(id); p.Done != 60 {
				t.Errorf("a second later: %+v", p)
			}
			return job.Progress(ctx, 100, 100, "imports.rows")
		}
		f.work(f.runner(Config{}), 1)
		if p, s, err := f.progress(id); err != nil || s != Done || p != (Progress{100, 100, "imports.rows"}) {
			t.Errorf("at the end: %+v %s %v", p, s, err)
		}
	})
}

func (f *fixture) progress(id string) (p Progress, s State, err error) {
	err = f.d.Read(f.ctx, func(ctx context.Context, r db.Reader) error {
		p, s, err = ProgressOf(ctx, r, id)
		return err
	})
	return p, s, err
}

func TestBackoffGrowsToItsMaximumAndRepeatsWithItsSeed(t *testing.T) {
	b := Backoff{Base: 5 * time.Second, Max: 6 * time.Hour}
	for failures := 1; failures <= 100; failures++ {
		top := b.Max
		if failures < 14 {
			top = min(b.Max, b.Base<<(failures-1))
		}
		seen := map[time.Duration]bool{}
		for seed := range uint64(50) {
			d := b.Delay(failures, rand.New(rand.NewPCG(seed, 0)))
			if d < top/2 || d > top {
				t.Fatalf("%d failures: %s, not within %s and %s", failures, d, top/2, top)
			}
			if again := b.Delay(failures, rand.New(rand.NewPCG(seed, 0))); again != d {
				t.Fatal("the same seed gave another delay")
			}
			seen[d] = true
		}
		if len(seen) < 45 {
			t.Errorf("%d failures: only %d different delays of 50", failures, len(seen))
		}
	}
	one, another := newDice(0), newDice(0)
	if one.delay(b, 9) == another.delay(b, 9) {
		t.Error("two runners without a seed agree")
	}
}

func TestArgumentsAreBounded(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		for name, args := range map[string]Args{"too long": big{strings.Repeat("x", maxArgs)}, "not JSON": odd{func() {}}} {
			err := f.d.Write(f.ctx, func(ctx context.Context, tx db.Tx) error {
				_, err := Insert(ctx, tx, args, Opts{})
				return err
			})
			if err == nil {
				t.Errorf("%s: accepted", name)
			}
		}
		if err := f.d.Write(f.ctx, func(ctx context.Context, tx db.Tx) error { return InsertMany[note](ctx, tx, nil, Opts{}) }); err != nil {
			t.Error(err)
		}
	})
}

type big struct{ S string }

func (big) Kind() string { return "test.big" }

type odd struct{ F func() }

func (odd) Kind() string { return "test.odd" }

func TestAWorkerActsAsTheSystem(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.insert(note{1}, Opts{})
		f.do = func(ctx context.Context, _ *Job[note]) error {
			if auth.From(ctx).Kind != auth.System {
				t.Error(auth.From(ctx))
			}
			return nil
		}
		f.work(f.runner(Config{}), 1)
		f.wantRan(1)
	})
}
