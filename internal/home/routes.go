package home

import (
	"embed"
	"io/fs"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/web"
)

//go:embed locales
var locales embed.FS

// Locales holds the words of this package.
func Locales() fs.FS { return locales }

// Pages shows the day and finds things.
type Pages struct {
	DB       *db.DB // that what waits is read from; home writes nothing
	Clock    clock.Clock
	Waiting  []registry.WaitingSource
	Sources  []registry.SearchSource
	Commands []registry.Command
	Aside    []registry.Fragment // cards beside the day
}

// Routes is the URL map of home.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /{$}", Perm: auth.SignedIn, Handle: p.root},
		{Pattern: "GET /today", Perm: auth.SignedIn, Handle: p.today},
		{Pattern: "GET /find", Perm: auth.SignedIn, Handle: p.find},
		{Pattern: "GET /palette", Perm: auth.SignedIn, Handle: p.palette},
	}
}

// OwnCommands are the six entries in the palette.
func OwnCommands() []registry.Command {
	return []registry.Command{
		{Key: "ui.nav.today", Group: "go", Href: "/today", Icon: "sun-medium", Keys: "G T", Perm: auth.SignedIn},
		{Key: "ui.nav.customers", Group: "go", Href: "/customers", Icon: "building-2", Keys: "G C", Perm: auth.SignedIn},
		{Key: "ui.nav.funnel", Group: "go", Href: "/funnel", Icon: "funnel", Keys: "G F", Perm: auth.SignedIn},
		{Key: "ui.nav.actions", Group: "go", Href: "/actions", Icon: "megaphone", Keys: "G A", Perm: auth.SignedIn},
		{Key: "ui.nav.together", Group: "go", Href: "/together", Icon: "handshake", Keys: "G E", Perm: auth.SignedIn},
		{Key: "ui.nav.insight", Group: "go", Href: "/insight", Icon: "lightbulb", Keys: "G I", Perm: auth.SignedIn},
	}
}
