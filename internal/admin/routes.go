package admin

import (
	"context"
	"embed"
	"io/fs"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/web"
	"unisson/internal/platform/webhooks"
)

//go:embed locales
var locales embed.FS

// Locales holds the words of this package.
func Locales() fs.FS { return locales }

// SecurityLog reads the security log (auth.Service).
type SecurityLog interface {
	SecurityLog(ctx context.Context, f auth.LogFilter) ([]auth.LogEntry, error)
}

// Pages shows what administrators look after.
type Pages struct {
	Service *Service
	Log     SecurityLog
	Clock   clock.Clock
	Words   *i18n.Bundle // tells which acts have words
	Version string       // of this program
}

// Routes is the URL map of admin.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /admin", Perm: jobs.Administer, Handle: p.overview},
		{Pattern: "GET /admin/jobs", Perm: jobs.Administer, Handle: p.jobs},
		{Pattern: "GET /admin/schedules", Perm: jobs.Administer, Handle: p.schedules},
		{Pattern: "GET /admin/jobs/{id}", Perm: jobs.Administer, Handle: p.job},
		{Pattern: "POST /admin/jobs/{id}/retry", Perm: jobs.Administer, Handle: p.retryJob},
		{Pattern: "POST /admin/jobs/{id}/discard", Perm: jobs.Administer, Handle: p.discardJob},
		{Pattern: "POST /admin/jobs/{id}/keep", Perm: jobs.Administer, Handle: p.keepJob},

		{Pattern: "GET /admin/mailbox", Perm: ReadMail, Handle: p.mailbox},
		{Pattern: "GET /admin/mailbox/{id}", Perm: ReadMail, Handle: p.message},
		{Pattern: "GET /admin/mailbox/{id}/html", Perm: ReadMail, Handle: p.messageHTML},
		{Pattern: "POST /admin/mailbox/{id}/retry", Perm: ReadMail, Handle: p.retryMail},

		{Pattern: "GET /admin/webhooks", Perm: webhooks.Manage, Handle: p.webhooks},
		{Pattern: "POST /admin/webhooks", Perm: webhooks.Manage, Handle: p.addEndpoint},
		{Pattern: "GET /admin/webhooks/new", Perm: webhooks.Manage, Handle: p.newEndpoint},
		{Pattern: "GET /admin/webhooks/{id}", Perm: webhooks.Manage, Handle: p.endpoint},
		{Pattern: "POST /admin/webhooks/{id}", Perm: webhooks.Manage, Handle: p.changeEndpoint},
		{Pattern: "GET /admin/webhooks/{id}/edit", Perm: webhooks.Manage, Handle: p.editEndpoint},
		{Pattern: "POST /admin/webhooks/{id}/ping", Perm: webhooks.Manage, Handle: p.pingEndpoint},
		{Pattern: "GET /admin/webhooks/{id}/delete", Perm: webhooks.Manage, Handle: p.confirmDelete},
		{Pattern: "POST /admin/webhooks/{id}/delete", Perm: webhooks.Manage, Handle: p.deleteEndpoint},
		{Pattern: "GET /admin/deliveries/{id}", Perm: webhooks.Manage, Handle: p.delivery},
		{Pattern: "POST /admin/deliveries/{id}/replay", Perm: webhooks.Manage, Handle: p.replayDelivery},

		{Pattern: "GET /admin/audit", Perm: ReadChanges, Handle: p.changes},
		{Pattern: "GET /admin/security", Perm: auth.ReadLog, Handle: p.security},
	}
}

// section is one part of the administration, with its tab.
type section struct {
	key, href string
	icon      string
	perm      auth.Permission
}

func sections() []section {
	return []section{
		{"admin.nav.overview", "/admin", "activity", jobs.Administer},
		{"admin.nav.jobs", "/admin/jobs", "list-checks", jobs.Administer},
		{"admin.nav.mailbox", "/admin/mailbox", "mail", ReadMail},
		{"admin.nav.webhooks", "/admin/webhooks", "webhook", webhooks.Manage},
		{"admin.nav.audit", "/admin/audit", "history", ReadChanges},
		{"admin.nav.security", "/admin/security", "shield", auth.ReadLog},
	}
}

// Commands are the pages of admin in the palette.
func Commands() []registry.Command {
	var out []registry.Command
	for _, s := range sections() {
		key := s.key
		if key == "admin.nav.overview" {
			key = "admin.nav.admin"
		}
		out = append(out, registry.Command{Key: key, Group: "go", Href: s.href, Icon: s.icon, Perm: s.perm})
	}
	return out
}
