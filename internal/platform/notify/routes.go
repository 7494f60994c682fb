package notify

import (
	"embed"
	"io/fs"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/web"
)

//go:embed locales/*.json
var locales embed.FS

// Locales holds the words of this package.
func Locales() fs.FS { return locales }

// Pages are the inbox and the preferences.
type Pages struct {
	Service *Service
	Clock   clock.Clock
}

// Routes is the URL map of the inbox. Everybody who is signed in has one, and sees no other.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /inbox", Perm: auth.SignedIn, Handle: p.inbox},
		{Pattern: "GET /inbox/{id}", Perm: auth.SignedIn, Handle: p.open},
		{Pattern: "POST /inbox/{id}/read", Perm: auth.SignedIn, Handle: p.markRead},
		{Pattern: "POST /inbox/{id}/unread", Perm: auth.SignedIn, Handle: p.markUnread},
		{Pattern: "POST /inbox/read", Perm: auth.SignedIn, Handle: p.markAllRead},
		{Pattern: "POST /inbox/read/{at}/undo", Perm: auth.SignedIn, Handle: p.undoAllRead},
		{Pattern: "GET /me/notifications", Perm: auth.SignedIn, Handle: p.preferences},
		{Pattern: "POST /me/notifications", Perm: auth.SignedIn, Handle: p.savePreferences},
	}
}

// Commands are the places of this package in the palette.
func Commands() []registry.Command {
	return []registry.Command{
		{Key: "notify.inbox.title", Group: "go", Href: "/inbox", Icon: "inbox", Perm: auth.SignedIn},
		{Key: "notify.settings.title", Group: "go", Href: "/me/notifications", Icon: "bell", Perm: auth.SignedIn},
	}
}
