package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"unisson/internal/platform/db"
)

// Registry holds the workers and the schedules. It is filled at start; after
// that it is read only and safe for concurrent use.
type Registry struct {
	workers   map[string]worker
	schedules []registered
}

type worker struct {
	timeout time.Duration
	run     func(ctx context.Context, h *held) error
}

type registered struct {
	Schedule
	rule rule
}

// NewRegistry makes an empty registry.
func NewRegistry() *Registry { return &Registry{workers: map[string]worker{}} }

// Option changes how the jobs of one kind are run.
type Option func(*worker)

// Timeout ends the worker's context after d, which counts as a failure. Without
// it that is ten minutes.
func Timeout(d time.Duration) Option { return func(w *worker) { w.timeout = d } }

// Register sets the worker of the kind of A. A kind that has one already is a
// mistake of the program and panics.
func Register[A Args](r *Registry, work func(ctx context.Context, job *Job[A]) error, opts ...Option) {
	var zero A
	kind := zero.Kind()
	if _, taken := r.workers[kind]; taken || kind == "" {
		panic(fmt.Sprintf("jobs: kind %q is registered already, or empty", kind))
	}
	w := worker{timeout: 10 * time.Minute}
	w.run = func(ctx context.Context, h *held) error {
		rec := h.record
		job := &Job[A]{ID: rec.ID, Attempt: rec.Attempt, Failures: rec.Failures, MaxAttempts: rec.MaxAttempts, CreatedAt: rec.CreatedAt, h: h}
		if err := json.Unmarshal([]byte(rec.Args), &job.Args); err != nil {
			return Permanent(fmt.Errorf("arguments: %w", err))
		}
		return work(ctx, job)
	}
	for _, o := range opts {
		o(&w)
	}
	r.workers[kind] = w
}

// Schedule adds a schedule; its rule is checked at once.
func (r *Registry) Schedule(s Schedule) error {
	if s.Name == "" || s.Args == nil {
		return fmt.Errorf("jobs: a schedule needs a name and arguments")
	}
	for _, other := range r.schedules {
		if other.Name == s.Name {
			return fmt.Errorf("jobs: two schedules are named %s", s.Name)
		}
	}
	rule, err := parseRule(s.Spec, s.Zone)
	if err != nil {
		return fmt.Errorf("jobs: schedule %s: %w", s.Name, err)
	}
	s.Opts.RunAt = 0
	r.schedules = append(r.schedules, registered{s, rule})
	return nil
}

// Kinds lists the kinds that have a worker, sorted.
func (r *Registry) Kinds() []string {
	out := make([]string, 0, len(r.workers))
	for k := range r.workers {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func (r *Registry) schedule(name string) (registered, bool) {
	for _, s := range r.schedules {
		if s.Name == name {
			return s, true
		}
	}
	return registered{}, false
}

// record gives the row of a schedule that has not fired yet.
func (s registered) record(now time.Time) ScheduleRecord {
	return ScheduleRecord{Name: s.Name, Kind: s.Args.Kind(), Spec: s.Spec, Zone: s.Zone, NextAt: s.nextAt(now)}
}

// never stands for the tick of a rule that does not fire again.
const never = db.Time(1) << 60

func (s registered) nextAt(now time.Time) db.Time {
	if next := s.rule.next(now); !next.IsZero() {
		return db.At(next)
	}
	return never
}
