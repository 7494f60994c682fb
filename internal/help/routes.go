package help

import (
	"embed"
	"io/fs"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/web"
)

//go:embed locales
var locales embed.FS

// Locales holds the words of this package.
func Locales() fs.FS { return locales }

// Pages shows the guide and the visibility page.
type Pages struct {
	Book    *Book
	Visible []registry.Visible
	Demo    bool // show the gallery of components
}

// Routes is the URL map of help.
func (p *Pages) Routes() []web.Route {
	routes := []web.Route{
		{Pattern: "GET /help", Perm: auth.Public, Handle: p.index},
		{Pattern: "GET /help/{page}", Perm: auth.Public, Handle: p.page},
		{Pattern: "GET /me/visible", Perm: auth.SignedIn, Handle: p.visible},
		{Pattern: "GET /funnel", Perm: auth.SignedIn, Handle: p.soon("funnel")},
		{Pattern: "GET /actions", Perm: auth.SignedIn, Handle: p.soon("actions")},
		{Pattern: "GET /insight", Perm: auth.SignedIn, Handle: p.soon("insight")},
	}
	if p.Demo {
		routes = append(routes, web.Route{Pattern: "GET /help/components", Perm: auth.Public, Handle: p.gallery})
	}
	return routes
}

// Commands are the pages of help in the palette.
func (p *Pages) Commands() []registry.Command {
	return []registry.Command{
		{Key: "help.command.guide", Group: "go", Href: "/help", Icon: "life-buoy", Perm: auth.Public},
		{Key: "help.command.keys", Group: "go", Href: "/help/keys", Icon: "keyboard", Keys: "?", Perm: auth.Public},
		{Key: "help.command.visible", Group: "go", Href: "/me/visible", Icon: "eye", Perm: auth.SignedIn},
	}
}
