package home

import (
	"context"
	"sort"

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

// Today asks every source what waits on the actor of ctx.
func (p *Pages) Today(ctx context.Context) (Day, error) {
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
