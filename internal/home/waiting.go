package home

import (
	"context"
	"sort"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/registry"
)

// Day is what waits on one person, soonest first.
type Day struct {
	First *registry.Waiting // the one thing to do next; nil when nothing waits
	Rest  []registry.Waiting
}

// Count is the number beside Today.
func (d Day) Count() int {
	if d.First == nil {
		return 0
	}
	return 1 + len(d.Rest)
}

// plan orders what waits: what has a deadline first, the earliest before all
// others; what has none keeps the order of its sources.
func plan(all []registry.Waiting) Day {
	sort.SliceStable(all, func(i, j int) bool { return rank(all[i].Due) < rank(all[j].Due) })
	if len(all) == 0 {
		return Day{}
	}
	return Day{First: &all[0], Rest: all[1:]}
}

func rank(due db.Time) db.Time {
	if due.IsZero() {
		return 1<<63 - 1
	}
	return due
}

// dayKey is under whom a request remembers the day.
type dayKey struct{ userID string }

// Today asks every source what waits on the actor of ctx: once a request, though
// the page and what surrounds it both show it.
func (p *Pages) Today(ctx context.Context) (Day, error) {
	var day Day
	err := p.DB.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		day, err = db.Once(ctx, r, dayKey{auth.From(ctx).UserID}, func() (Day, error) { return p.ask(ctx) })
		return err
	})
	return day, err
}

func (p *Pages) ask(ctx context.Context) (Day, error) {
	var all []registry.Waiting
	for _, s := range p.Waiting {
		w, err := s.List(ctx)
		if err != nil {
			return Day{}, errs.Wrap("today: "+s.Name, err)
		}
		all = append(all, w...)
	}
	return plan(all), nil
}
