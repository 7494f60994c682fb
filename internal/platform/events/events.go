package events

import (
	"context"
	"reflect"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Bus carries facts to their reactions. Registration happens at start, before
// the first Publish; after that a Bus is read only and safe for concurrent use.
type Bus struct {
	on  map[reflect.Type][]reaction
	any []func(ctx context.Context, tx db.Tx, fact any) error
}

type reaction struct {
	who string
	do  func(ctx context.Context, tx db.Tx, fact any) error
}

// NewBus makes a bus without reactions.
func NewBus() *Bus { return &Bus{on: map[reflect.Type][]reaction{}} }

// On registers a reaction of who to facts of type T.
func On[T any](b *Bus, who string, do func(ctx context.Context, tx db.Tx, fact T) error) {
	t := reflect.TypeFor[T]()
	b.on[t] = append(b.on[t], reaction{who, func(ctx context.Context, tx db.Tx, fact any) error {
		return do(ctx, tx, fact.(T))
	}})
}

// OnAny registers a listener to every fact, such as the outgoing webhooks.
func (b *Bus) OnAny(do func(ctx context.Context, tx db.Tx, fact any) error) {
	b.any = append(b.any, do)
}

// Publish tells fact to everyone who reacts to its type. The first error stops
// it and must make the caller's transaction fail.
func (b *Bus) Publish(ctx context.Context, tx db.Tx, fact any) error {
	for _, r := range b.on[reflect.TypeOf(fact)] {
		if err := r.do(ctx, tx, fact); err != nil {
			return errs.Wrap(r.who, err)
		}
	}
	for _, do := range b.any {
		if err := do(ctx, tx, fact); err != nil {
			return err
		}
	}
	return nil
}

// Reactions lists who reacts to what, for docs and doctor: "team.Invited: mail".
func (b *Bus) Reactions() map[string][]string {
	out := map[string][]string{}
	for t, rs := range b.on {
		for _, r := range rs {
			out[t.String()] = append(out[t.String()], r.who)
		}
	}
	return out
}
