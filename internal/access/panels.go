package access

import (
	"unisson/internal/platform/auth"
	"unisson/internal/platform/registry"
)

// Commands are what the palette offers of this package.
func Commands() []registry.Command {
	return []registry.Command{
		{Key: "access.mine.title", Group: "go", Href: "/me", Icon: "user-round", Perm: auth.SignedIn},
		{Key: "access.security.title", Group: "go", Href: "/me/security", Icon: "shield-check", Perm: auth.SignedIn},
		{Key: "access.settings.title", Group: "go", Href: "/me", Icon: "languages", Perm: auth.SignedIn},
	}
}

// Visible is what is visible about a person of how he signs in.
func Visible() []registry.Visible {
	return []registry.Visible{
		{Dataset: "security_log", What: "access.visible.log", Readers: []auth.Role{"administrator", "dpo"}, Why: "access.visible.log_why", Href: "/me/security/log"},
		{Dataset: "sessions", What: "access.visible.sessions", Why: "access.visible.sessions_why", Href: "/me/security"},
	}
}
