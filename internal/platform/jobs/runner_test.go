package jobs

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// run starts a runner and gives the function that stops it and waits.
func (f *fixture) run(r *Runner) (stop func()) {
	ctx, cancel := context.WithCancel(f.ctx)
	ended := make(chan error)
	go func() { ended <- r.Run(ctx) }()
	return func() {
		f.t.Helper()
		cancel()
		if err := <-ended; err != nil {
			f.t.Error(err)
		}
	}
}

func TestARunnerIsWokenByTheCommitAndFinishesWhatRuns(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		started, finish := make(chan int, 10), make(chan struct{})
		f.do = func(_ context.Context, job *Job[note]) error {
			started <- job.Args.N
			<-finish
			return nil
		}
		r := f.runner(Config{Poll: time.Hour, Workers: 3})
		stop := f.run(r)
		f.ctx = WithWake(f.ctx, r.Wake)
		var ids []string
		for n := range 5 {
			ids = append(ids, f.insert(note{n}, Opts{}).ID)
		}
		for range 3 {
			<-started
		}
		if free := r.free(); free != 0 {
			t.Errorf("%d workers are free", free)
		}
		stopped := make(chan struct{})
		go func() { stop(); close(stopped) }()
		close(finish)
		<-stopped
		byState := map[State]int{}
		for _, id := range ids {
			byState[f.job(id).State]++
		}
		// A job that ended before the runner had seen the stop may have let
		// another one start, which then was finished too.
		if byState[Done] < 3 || byState[Done]+byState[Ready] != 5 {
			t.Errorf("after the stop: %v", byState)
		}
	})
}

func TestAStopGivesBackWhatDoesNotFinish(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		heeds := f.insert(note{1}, Opts{MaxAttempts: 1}).ID
		deaf := f.insert(note{2}, Opts{MaxAttempts: 1}).ID
		started, forever := make(chan struct{}, 2), make(chan struct{})
		f.do = func(ctx context.Context, job *Job[note]) error {
			started <- struct{}{}
			if job.Args.N == 1 {
				<-ctx.Done()
				return ctx.Err()
			}
			<-forever
			return nil
		}
		r := f.runner(Config{Grace: time.Millisecond})
		stop := f.run(r)
		<-started
		<-started
		stop()
		// The deaf one comes to its end only now, when its claim is long gone.
		close(forever)
		for r.free() != r.cfg.Workers {
			runtime.Gosched()
		}
		for _, id := range []string{heeds, deaf} {
			if j := f.job(id); j.State != Ready || j.Failures != 0 || j.Attempt != 1 {
				t.Errorf("%+v", j)
			}
		}
		f.do = nil
		f.work(f.runner(Config{}), 2)
	})
}

func TestAJobThatTakesTooLongFails(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		reg := NewRegistry()
		Register(reg, func(ctx context.Context, _ *Job[other]) error {
			<-ctx.Done()
			return ctx.Err()
		}, Timeout(time.Millisecond))
		id := f.insert(other{}, Opts{}).ID
		f.reg = reg
		f.work(f.runner(Config{}), 1)
		if j := f.job(id); j.State != Ready || j.Failures != 1 || j.LastError != "took longer than 1ms\ncontext deadline exceeded" {
			t.Errorf("%+v", j)
		}
	})
}

func TestASlowQueueLeavesWorkersToTheOthers(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		for n := range 6 {
			f.insert(note{n}, Opts{Queue: "import"})
		}
		f.insert(note{10}, Opts{Priority: 5})
		r := f.runner(Config{Workers: 4, Limits: map[string]int{"import": 2, "mail": 1}})
		js, err := r.claim(f.ctx, 4)
		if err != nil {
			t.Fatal(err)
		}
		count := map[string]int{}
		for _, j := range js {
			count[j.Queue]++
			r.hold(&held{record: j}, nil)
		}
		if !maps.Equal(count, map[string]int{"import": 2, DefaultQueue: 1}) {
			t.Errorf("claimed %v", count)
		}
		if js, err := r.claim(f.ctx, 1); err != nil || len(js) != 0 {
			t.Errorf("beyond its limit: %v %v", js, err)
		}
	})
}

func TestAJobWithoutWorkerWaitsForAReleaseThatKnowsIt(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.insert(other{}, Opts{}).ID
		f.insert(note{1}, Opts{})
		f.work(f.runner(Config{}), 1)
		f.wantRan(1)
		if j := f.job(id); j.State != Ready || j.Attempt != 0 {
			t.Errorf("%+v", j)
		}
		f.work(NewRunner(f.d, NewRegistry(), Config{}), 0)
	})
}

func TestOldRowsAreSweptAfterSevenDays(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.do = func(_ context.Context, job *Job[note]) error {
			if job.Args.N == 0 {
				return Permanent(errors.New("no"))
			}
			return nil
		}
		dead := f.insert(note{0}, Opts{}).ID
		if err := f.d.Write(f.ctx, func(ctx context.Context, tx db.Tx) error {
			return InsertMany(ctx, tx, slices.Repeat([]note{{1}}, sweepAtOnce+7), Opts{})
		}); err != nil {
			t.Fatal(err)
		}
		r := f.runner(Config{})
		f.work(r, sweepAtOnce+8)
		f.clock.Advance(7*24*time.Hour - time.Second)
		young := f.insert(note{2}, Opts{}).ID
		f.work(r, 1)
		if s := f.stats(); s.ByState[Done] != sweepAtOnce+8 {
			t.Errorf("before seven days: %v", s)
		}
		f.clock.Advance(2 * time.Hour)
		f.work(r, 0)
		if s := f.stats(); s.ByState[Done] != 1 || s.ByState[Dead] != 1 {
			t.Errorf("after seven days: %v", s)
		}
		f.job(dead)
		f.job(young)
	})
}

func (f *fixture) stats() Stats {
	f.t.Helper()
	s, err := NewService(f.d, nil).Stats(auth.AsSystem(f.ctx))
	if err != nil {
		f.t.Fatal(err)
	}
	return s
}

func TestASchedulesTickIsInsertedOnceByManyProcesses(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.daily(t)
		var runners []*Runner
		for range 6 {
			r := f.runner(Config{})
			f.work(r, 0)
			runners = append(runners, r)
		}
		f.clock.Set(instant(t, "2026-11-25T06:00:00Z"))
		var wg sync.WaitGroup
		for _, r := range runners {
			wg.Go(func() {
				if err := r.tick(f.ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		f.work(runners[0], 1)
		f.wantRan(7)
	})
}

// daily registers 07:00 in Paris.
func (f *fixture) daily(t *testing.T) {
	t.Helper()
	if err := f.reg.Schedule(Schedule{Name: "test.daily", Spec: "0 7 * * *", Zone: "Europe/Paris", Args: note{7}}); err != nil {
		t.Fatal(err)
	}
}

func TestSchedulesAcrossDowntimeAndClockJumps(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.daily(t)
		r := f.runner(Config{})
		step := func(at string, want int) {
			t.Helper()
			f.clock.Set(instant(t, at))
			f.work(r, want)
		}
		step("2026-11-24T12:00:00Z", 0)
		step("2026-11-25T05:59:59Z", 0) // not early
		step("2026-11-25T06:00:00Z", 1)
		step("2026-11-25T06:00:01Z", 0)
		step("2026-11-25T05:30:00Z", 0) // an hour back: not again
		step("2026-11-25T06:30:00Z", 0)
		step("2026-11-26T07:00:00Z", 1) // an hour late
		step("2026-12-24T12:00:00Z", 1) // four weeks of downtime: once
		step("2026-12-25T05:59:00Z", 0)
		step("2026-12-25T06:00:00Z", 1)
		step("2031-01-01T00:00:00Z", 1) // a clock gone mad
		step("2026-12-25T07:00:00Z", 0) // and mended
		step("2026-12-26T06:00:00Z", 1)
		// A restart neither repeats nor drops a tick, and a changed rule counts from now.
		r = f.runner(Config{})
		step("2026-12-26T06:00:30Z", 0)
		step("2026-12-27T05:59:00Z", 0)
		f.reg.schedules = nil
		if err := f.reg.Schedule(Schedule{Name: "test.daily", Spec: "30 6 * * *", Zone: "Europe/Paris", Args: note{8}}); err != nil {
			t.Fatal(err)
		}
		r = f.runner(Config{})
		step("2026-12-27T06:00:00Z", 0)
		step("2026-12-28T05:30:00Z", 1)
		f.wantRan(7, 7, 7, 7, 7, 7, 8)
	})
}

func TestSchedulesAcrossDaylightSaving(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.daily(t)
		if err := f.reg.Schedule(Schedule{Name: "test.night", Spec: "30 2 * * *", Zone: "Europe/Paris", Args: note{2}}); err != nil {
			t.Fatal(err)
		}
		r := f.runner(Config{})
		count := func(from string) (n int) {
			t.Helper()
			f.clock.Set(instant(t, from))
			if _, err := r.Work(f.ctx); err != nil {
				t.Fatal(err)
			}
			before := len(f.ran)
			for range 24 * 6 {
				f.clock.Advance(10 * time.Minute)
				if _, err := r.Work(f.ctx); err != nil {
					t.Fatal(err)
				}
			}
			return len(f.ran) - before
		}
		for name, from := range map[string]string{
			"spring, 23 hours": "2027-03-28T00:00:00Z", "autumn, 25 hours": "2027-10-30T23:00:00Z", "any day": "2027-06-01T00:00:00Z",
		} {
			if n := count(from); n != 2 {
				t.Errorf("%s: %d ticks, want 2", name, n)
			}
		}
	})
}

func TestAServerForgetsSchedulesThatAreGone(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.daily(t)
		f.work(f.runner(Config{}), 0)
		f.reg = NewRegistry()
		Register(f.reg, func(context.Context, *Job[note]) error { return nil })
		names := func() (out []string) {
			t.Helper()
			ss, err := NewService(f.d, nil).Schedules(auth.AsSystem(f.ctx))
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range ss {
				out = append(out, s.Name)
			}
			return out
		}
		f.clock.Advance(48 * time.Hour)
		f.work(f.runner(Config{}), 0) // a command knows fewer, and neither fires nor forgets them
		if got := names(); !slices.Equal(got, []string{"test.daily"}) {
			t.Errorf("after a command: %v", got)
		}
		if _, err := f.runner(Config{}).keepHouse(f.ctx, true); err != nil {
			t.Fatal(err)
		}
		if got := names(); len(got) != 0 {
			t.Errorf("after the server: %v", got)
		}
	})
}

func TestMistakesOfTheProgramShowAtStart(t *testing.T) {
	reg := NewRegistry()
	Register(reg, func(context.Context, *Job[note]) error { return nil })
	for _, s := range []Schedule{
		{}, {Name: "a"}, {Name: "a", Args: note{}, Spec: "every morning"}, {Name: "a", Args: note{}, Spec: "@daily", Zone: "Europe/Atlantis"},
	} {
		if err := reg.Schedule(s); err == nil {
			t.Errorf("%+v is accepted", s)
		}
	}
	s := Schedule{Name: "a", Args: note{}, Spec: "@daily"}
	if err := errors.Join(reg.Schedule(s)); err != nil {
		t.Error(err)
	}
	if reg.Schedule(s) == nil {
		t.Error("a name is accepted twice")
	}
	defer func() {
		if recover() == nil {
			t.Error("a kind is accepted twice")
		}
	}()
	Register(reg, func(context.Context, *Job[note]) error { return nil })
}

func TestAdministratorsDecideAboutDeadJobs(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.do = func(context.Context, *Job[note]) error { return Permanent(errors.New("no")) }
		woken := 0
		s := NewService(f.d, func() { woken++ })
		admin := auth.With(f.ctx, auth.NewActor(auth.Actor{Kind: auth.Person, UserID: "u1"}, []auth.Permission{Administer}))
		r := f.runner(Config{})
		dead := f.insert(note{1}, Opts{UniqueKey: "k"}).ID
		f.work(r, 1)

		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		refused := func(err error, code string) {
			t.Helper()
			var e *errs.Error
			if !errors.As(err, &e) || e.Kind != errs.KindConflict || e.Code != code {
				t.Errorf("got %v, want a conflict %s", err, code)
			}
		}
		refused(s.KeepJob(admin, dead), "jobs.errors.state")
		must(s.DiscardJob(admin, dead))
		refused(s.DiscardJob(admin, dead), "jobs.errors.state")
		must(s.KeepJob(admin, dead))
		if j := f.job(dead); j.State != Dead {
			t.Errorf("%+v", j)
		}
		rival := f.insert(note{2}, Opts{UniqueKey: "k"}).ID
		refused(s.RetryJob(admin, dead), "jobs.errors.key")
		must(s.DiscardJob(admin, rival))
		must(s.RetryJob(admin, dead))
		if woken != 1 {
			t.Errorf("woken %d times", woken)
		}
		f.do = nil
		f.work(r, 1)
		if j := f.job(dead); j.State != Done || j.Failures != 0 || j.Attempt != 2 {
			t.Errorf("%+v", j)
		}
		refused(s.RetryJob(admin, dead), "jobs.errors.state")
		if err := s.RetryJob(admin, "nobody"); !errs.Is(err, errs.KindNotFound) {
			t.Error(err)
		}
	})
}

func TestOnlyAdministratorsSeeJobs(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.insert(note{1}, Opts{}).ID
		s := NewService(f.d, nil)
		person := auth.With(f.ctx, auth.NewActor(auth.Actor{Kind: auth.Person, UserID: "u1"}, nil))
		for name, do := range map[string]func(ctx context.Context) error{
			"stats":     func(ctx context.Context) error { _, err := s.Stats(ctx); return err },
			"list":      func(ctx context.Context) error { _, _, err := s.List(ctx, Filter{}, "", 10); return err },
			"find":      func(ctx context.Context) error { _, err := s.Find(ctx, id); return err },
			"kinds":     func(ctx context.Context) error { _, err := s.Kinds(ctx); return err },
			"schedules": func(ctx context.Context) error { _, err := s.Schedules(ctx); return err },
			"retry":     func(ctx context.Context) error { return s.RetryJob(ctx, id) },
			"discard":   func(ctx context.Context) error { return s.DiscardJob(ctx, id) },
			"keep":      func(ctx context.Context) error { return s.KeepJob(ctx, id) },
		} {
			if err := do(f.ctx); !errs.Is(err, errs.KindUnauthenticated) {
				t.Errorf("%s by nobody: %v", name, err)
			}
			if err := do(person); !errs.Is(err, errs.KindForbidden) {
				t.Errorf("%s by anybody: %v", name, err)
			}
		}
		if j := f.job(id); j.State != Ready {
			t.Errorf("%+v", j)
		}
	})
}

func TestTheListPagesThroughFilteredJobs(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := auth.AsSystem(f.ctx)
		s := NewService(f.d, nil)
		var ids []string
		for n := range 7 {
			o := Opts{}
			if n%2 == 1 {
				o.Queue = "odd"
			}
			ids = append(ids, f.insert(note{n}, o).ID)
		}
		later := f.insert(other{}, Opts{RunAt: db.At(f.clock.Now().Add(time.Hour))}).ID
		page := func(fl Filter, limit int) (got []string, pages int) {
			t.Helper()
			after := ""
			for {
				js, more, err := s.List(ctx, fl, after, limit)
				if err != nil {
					t.Fatal(err)
				}
				pages++
				for _, j := range js {
					got, after = append(got, j.ID), j.ID
				}
				if !more {
					return got, pages
				}
			}
		}
		newest := slices.Clone(ids)
		slices.Reverse(newest)
		if got, pages := page(Filter{Kind: "test.note"}, 3); !slices.Equal(got, newest) || pages != 3 {
			t.Errorf("got %v on %d pages, want %v", got, pages, newest)
		}
		if got, _ := page(Filter{State: Ready, Queue: "odd"}, 10); !slices.Equal(got, []string{ids[5], ids[3], ids[1]}) {
			t.Errorf("odd ones: %v", got)
		}
		if got, _ := page(Filter{State: Dead}, 10); len(got) != 0 {
			t.Errorf("dead ones: %v", got)
		}
		if ks, err := s.Kinds(ctx); err != nil || !slices.Equal(ks, []string{"test.note", "test.other"}) {
			t.Error(ks, err)
		}
		if j, err := s.Find(ctx, later); err != nil || j.Kind != "test.other" {
			t.Error(j, err)
		}
		f.clock.Advance(time.Minute)
		if st := f.stats(); st.ByState[Ready] != 8 || st.Later != 1 || st.OldestDue != time.Minute {
			t.Errorf("%+v", st)
		}
	})
}

func TestTheRunnerOutlivesADatabaseThatIsAway(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		r := f.runner(Config{Poll: time.Millisecond})
		if err := f.d.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Work(f.ctx); err == nil {
			t.Error("no error from a closed database")
		}
		ctx, cancel := context.WithCancel(f.ctx)
		ended := make(chan error)
		go func() { ended <- r.Run(ctx) }()
		r.Wake()
		r.Wake()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
