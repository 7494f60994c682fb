package jobs

import (
	"context"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/crash"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/events"
)

// Config says how a Runner works; the zero value is right for a server.
type Config struct {
	Workers int            // jobs at once; 0: one a core, two at least
	Limits  map[string]int // queue → jobs of it at once, so that a slow queue leaves workers to the others
	Lease   time.Duration  // a claim without a sign of life is over after it; 0: one minute
	Poll    time.Duration  // look at the table at least so often; 0: one second
	Grace   time.Duration  // for running jobs at shutdown; 0: 15 seconds
	Keep    time.Duration  // done and discarded rows; 0: seven days
	Backoff Backoff        // zero: 5 seconds, doubled up to 6 hours
	Seed    uint64         // of the backoff's chance; 0: any
	Bus     *events.Bus    // hears JobDied; may be nil
	Log     *slog.Logger   // nil: none
	Observe func(Outcome)  // called after each try; must be quick; may be nil
}

// Outcome is what became of one try, for metrics.
type Outcome struct {
	Kind, Queue string
	Result      string // done, failed, dead, snoozed, released, lost
	Waited      time.Duration
	Took        time.Duration
}

// Runner claims due jobs and runs them. Safe for concurrent use; several
// processes may run one each on the same database.
type Runner struct {
	d    *db.DB
	reg  *Registry
	cfg  Config
	log  *slog.Logger
	dice *dice
	wake chan struct{}

	mu      sync.Mutex
	running map[*held]context.CancelCauseFunc
	swept   time.Time
	ready   bool // schedules are noted
}

// NewRunner makes a runner; Run starts it.
func NewRunner(d *db.DB, reg *Registry, cfg Config) *Runner {
	if cfg.Workers <= 0 {
		cfg.Workers = max(2, runtime.GOMAXPROCS(0))
	}
	orElse(&cfg.Lease, time.Minute)
	orElse(&cfg.Poll, time.Second)
	orElse(&cfg.Grace, 15*time.Second)
	orElse(&cfg.Keep, 7*24*time.Hour)
	orElse(&cfg.Backoff.Base, 5*time.Second)
	orElse(&cfg.Backoff.Max, 6*time.Hour)
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Runner{
		d: d, reg: reg, cfg: cfg, log: cfg.Log, dice: newDice(cfg.Seed), wake: make(chan struct{}, 1),
		running: map[*held]context.CancelCauseFunc{},
	}
}

func orElse(d *time.Duration, standard time.Duration) {
	if *d <= 0 {
		*d = standard
	}
}

// Wake makes the runner look at the table now. It never blocks. Give it to
// WithWake.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends. Then it claims nothing more, lets running jobs
// finish for the grace, ends the contexts of the rest and gives their claims
// back. It returns nil after that; it never gives up because the database is
// away for a while.
func (r *Runner) Run(ctx context.Context) error {
	work := WithWake(auth.AsSystem(context.WithoutCancel(ctx)), r.Wake)
	var wg sync.WaitGroup
	away := false
	for ctx.Err() == nil {
		wait := r.cfg.Poll
		err := r.turn(work, &wg)
		if err != nil {
			wait = max(wait, 2*time.Second)
		}
		if (err != nil) != away {
			away = err != nil
			r.log.Error("jobs: looking for work", "away", away, "error", err)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-r.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
	r.stop(work, &wg)
	return nil
}

// turn does the housekeeping that is due and starts what can be claimed.
func (r *Runner) turn(ctx context.Context, wg *sync.WaitGroup) error {
	o, err := r.keepHouse(ctx, true)
	if err != nil || !o.due {
		return err
	}
	js, err := r.claim(ctx, r.free())
	for _, j := range js {
		h := &held{record: j, d: r.d}
		jobCtx, cancel := context.WithCancelCause(ctx)
		r.hold(h, cancel)
		wg.Go(func() {
			defer r.Wake()
			defer r.drop(h)
			r.execute(jobCtx, cancel, h)
		})
	}
	return err
}

// Work runs what is due now, one job after the other in the caller's
// goroutine, until nothing is: for tests and commands. It tells how many tries
// it made.
func (r *Runner) Work(ctx context.Context) (int, error) {
	ctx = auth.AsSystem(ctx)
	n := 0
	for {
		o, err := r.keepHouse(ctx, false)
		if err != nil || !o.due {
			return n, err
		}
		js, err := r.claim(ctx, 1)
		if err != nil || len(js) == 0 {
			return n, err
		}
		n++
		jobCtx, cancel := context.WithCancelCause(ctx)
		r.execute(jobCtx, cancel, &held{record: js[0], d: r.d})
	}
}

// keepHouse fires schedules, takes over expired claims and deletes old rows.
func (r *Runner) keepHouse(ctx context.Context, server bool) (outlook, error) {
	if err := r.noteSchedules(ctx, server); err != nil {
		return outlook{}, errs.Wrap("note schedules", err)
	}
	now := r.d.Clock().Now()
	r.mu.Lock()
	sweepDue := now.Sub(r.swept).Abs() >= time.Hour
	r.mu.Unlock()
	if sweepDue {
		if err := r.sweep(ctx, now); err != nil {
			return outlook{}, errs.Wrap("sweep", err)
		}
	}
	o, err := r.look(ctx)
	if err != nil {
		return o, err
	}
	if o.ticks {
		if err := r.tick(ctx); err != nil {
			return o, errs.Wrap("tick", err)
		}
	}
	if o.expired {
		if err := r.rescue(ctx); err != nil {
			return o, errs.Wrap("rescue", err)
		}
	}
	if o.ticks || o.expired {
		return r.look(ctx)
	}
	return o, nil
}

func (r *Runner) look(ctx context.Context) (o outlook, err error) {
	now := db.At(r.d.Clock().Now())
	err = r.d.Read(ctx, func(ctx context.Context, rd db.Reader) error {
		o, err = look(ctx, rd, now, now.Add(absurdAhead))
		return err
	})
	return o, errs.Wrap("look", err)
}

// filters gives what may be claimed, at most free in all: the limited queues
// first, whose limits keep them from taking everything.
func (r *Runner) filters(free int) []claimFilter {
	kinds := r.reg.Kinds()
	r.mu.Lock()
	defer r.mu.Unlock()
	busy := map[string]int{}
	for h := range r.running {
		busy[h.record.Queue]++
	}
	var out []claimFilter
	rest := claimFilter{kinds: kinds, limit: free}
	for q, limit := range r.cfg.Limits {
		rest.except = append(rest.except, q)
		if left := min(limit-busy[q], free); left > 0 {
			out = append(out, claimFilter{kinds: kinds, only: q, limit: left})
		}
	}
	return append(out, rest)
}

// claim takes up to free due jobs for this runner.
func (r *Runner) claim(ctx context.Context, free int) ([]Record, error) {
	if free <= 0 || len(r.reg.workers) == 0 {
		return nil, nil
	}
	var out []Record
	for _, f := range r.filters(free) {
		js, err := r.claimUnder(ctx, f, free-len(out))
		out = append(out, js...)
		if err != nil {
			return out, errs.Wrap("claim", err)
		}
	}
	if len(out) > 0 {
		crash.Here("jobs.claimed")
	}
	return out, nil
}

func (r *Runner) claimUnder(ctx context.Context, f claimFilter, free int) ([]Record, error) {
	f.limit = min(f.limit, free)
	if f.limit <= 0 {
		return nil, nil
	}
	for {
		var js []Record
		left := false
		err := r.d.Write(ctx, func(ctx context.Context, tx db.Tx) (err error) {
			if left, err = due(ctx, tx.Reader, f, tx.Now()); err != nil || !left {
				return err
			}
			js, err = claim(ctx, tx, f, tx.Now().Add(r.cfg.Lease))
			return err
		})
		// Seen but not taken: another process was quicker. What it left is ours.
		if err != nil || !left || len(js) > 0 {
			return js, err
		}
	}
}

func (r *Runner) free() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cfg.Workers - len(r.running)
}

func (r *Runner) hold(h *held, cancel context.CancelCauseFunc) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running[h] = cancel
}

func (r *Runner) drop(h *held) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.running, h)
}
