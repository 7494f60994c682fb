package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"unisson/internal/access"
	"unisson/internal/admin"
	"unisson/internal/customers"
	"unisson/internal/home"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/notify"
	"unisson/internal/platform/registry"
	"unisson/internal/team"
	"unisson/internal/timeline"
)

// What capabilities offer to each other's pages, one line each.

// waiting is what stands on Today, in the order in which equals are shown.
func (a *App) waiting() []registry.WaitingSource {
	return []registry.WaitingSource{a.Timeline.WaitingSource(), a.Team.WaitingSource()}
}

// sources are what the palette searches.
func (a *App) sources() []registry.SearchSource {
	return []registry.SearchSource{a.Customers.SearchSource(), a.Team.SearchSource(), a.Timeline.SearchSource()}
}

// commands are what the palette offers to do, and where to go.
func (a *App) commands() []registry.Command {
	return slices.Concat(home.OwnCommands(), timeline.Commands(), customers.Commands(), team.Commands(), notify.Commands(), access.Commands(), a.help.Commands(), admin.Commands())
}

// asides are the cards beside the day.
func (a *App) asides() []registry.Fragment {
	return []registry.Fragment{a.Team.AwayToday}
}

// panels are the blocks on the pages of accounts and contacts.
func (a *App) panels() []registry.Panel {
	return timeline.Panels()
}

// acts are what can be done with an account or a contact on its page; the first
// is its main button.
func (a *App) acts() []registry.Panel {
	return []registry.Panel{
		{On: "account", Name: "timeline.command.visit", Href: "/touches/new?kind=visit&account={id}", Perm: timeline.MayLog},
		{On: "account", Name: "timeline.command.call", Href: "/touches/new?kind=call&account={id}", Perm: timeline.MayLog},
		{On: "account", Name: "timeline.command.note", Href: "/touches/new?kind=note&account={id}", Perm: timeline.MayLog},
		{On: "contact", Name: "timeline.command.visit", Href: "/touches/new?kind=visit&contact={id}", Perm: timeline.MayLog},
		{On: "contact", Name: "timeline.command.call", Href: "/touches/new?kind=call&contact={id}", Perm: timeline.MayLog},
		{On: "contact", Name: "timeline.command.note", Href: "/touches/new?kind=note&contact={id}", Perm: timeline.MayLog},
	}
}

// visible is what is visible about a person.
func (a *App) visible() []registry.Visible {
	return slices.Concat(team.Visible(), customers.Visible(), timeline.Visible(), access.Visible())
}

// Holders are the capabilities that keep personal data, in the order in which
// they forget it: the account comes last, letters are found by its address.
func (a *App) Holders() []registry.Holder {
	return []registry.Holder{a.Timeline.Holder(), a.Customers.Holder(), a.Team.Holder(), a.Notify.Holder(), a.Mail.Holder(), access.Holder(a.Auth)}
}

// targets are what files can be read into.
func (a *App) targets() []registry.Target { return a.Customers.Targets() }

// seeders make the demonstration company, in this order.
func (a *App) seeders() []registry.Seeder {
	return []registry.Seeder{a.Team.Seeder(), a.Customers.Seeder(), a.Timeline.Seeder()}
}

// Seed makes the demonstration company in one transaction: the same seed and
// size give the same company.
func (a *App) Seed(ctx context.Context, seed uint64, size registry.Size) error {
	return a.o.DB.Write(auth.AsSystem(ctx), func(ctx context.Context, tx db.Tx) error {
		rnd := rand.New(rand.NewPCG(seed, 0x756e6973736f6e))
		for _, s := range a.seeders() {
			if err := s.Seed(ctx, tx, rnd, size); err != nil {
				return fmt.Errorf("demonstration: %s: %w", s.Name, err)
			}
		}
		return nil
	})
}
