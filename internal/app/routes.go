package app

import (
	"context"
	"io/fs"
	"net/http"
	"strings"

	"unisson/docs/guide"
	"unisson/internal/access"
	"unisson/internal/admin"
	"unisson/internal/customers"
	"unisson/internal/help"
	"unisson/internal/home"
	"unisson/internal/imports"
	"unisson/internal/imports/table"
	"unisson/internal/platform/api"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/files"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/mail"
	"unisson/internal/platform/notify"
	"unisson/internal/platform/outbound"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
	"unisson/internal/platform/webhooks"
	"unisson/internal/team"
	"unisson/internal/timeline"
)

// Locales are the words of every package.
func Locales() []fs.FS {
	return []fs.FS{
		access.Locales(), admin.Locales(), customers.Locales(), help.Locales(), home.Locales(), imports.Locales(), table.Locales(), team.Locales(), timeline.Locales(),
		auth.Locales(), clock.Locales(), files.Locales(), jobs.Locales(), mail.Locales(), notify.Locales(), outbound.Locales(), ui.Locales(), web.Locales(), webhooks.Locales(),
	}
}

// edge draws the URL map and builds what answers it.
func (a *App) edge(context.Context) error {
	for _, routes := range [][]web.Route{
		a.access.Routes(),
		a.help.Routes(),
		a.home.Routes(),
		a.inbox.Routes(),
		a.team.Routes(),
		a.customers.Routes(),
		a.imports.Routes(),
		a.timeline.Routes(),
		a.admin.Routes(),
		a.probes(),
	} {
		a.routes = append(a.routes, routes...)
	}
	a.team.Operations(a.api)
	a.customers.Operations(a.api)
	a.timeline.Operations(a.api)
	apiHandler, err := a.api.Handler()
	if err != nil {
		return err
	}
	c := a.o.Config
	server, err := web.New(web.Config{
		Routes: a.routes, Policy: a.policy, PublicURL: c.Public(), TrustedProxies: c.Proxies(), Bundle: a.bundle, Clock: a.o.DB.Clock(), Log: a.o.Log, FlashKey: a.o.Keys.Subkey("flash"),
		Sessions: a.Auth.Sessions, Resolve: a.Auth.Resolve, Shell: a.shell, Zone: a.zone, API: apiHandler, Assets: ui.Assets(), Observe: a.o.Observe,
	})
	if err != nil {
		return err
	}
	a.routes = append(a.routes, a.api.Routes()...)
	// Jobs inserted by a request start as soon as it is committed.
	a.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(w, r.WithContext(db.WithMemory(jobs.WithWake(r.Context(), a.Jobs.Wake))))
	})
	return nil
}

// pages builds the pages of each capability.
func (a *App) pages(context.Context) error {
	book, err := help.ReadBook(guide.Files)
	if err != nil {
		return err
	}
	ck := a.o.DB.Clock()
	a.access = &access.Pages{Auth: a.Auth, DB: a.o.DB, Organisation: a.organisationName, Setup: func(ctx context.Context) (bool, error) {
		there, err := a.Auth.AnyUser(ctx)
		return !there, err
	}}
	if a.o.Demo {
		a.access.Personas = a.Team.DemoPersonas
	}
	a.team = &team.Pages{Service: a.Team, Clock: ck, Policy: a.policy}
	a.customers = &customers.Pages{Service: a.Customers, Clock: ck, Files: files.New(a.o.Config.Files(), ck), Panels: a.panels(), Acts: a.acts()}
	a.timeline = &timeline.Pages{Service: a.Timeline, Customers: a.Customers, Clock: ck}
	a.imports = &imports.Pages{Service: a.Imports, Clock: ck}
	a.admin = &admin.Pages{Service: &admin.Service{DB: a.o.DB, Jobs: jobs.NewService(a.o.DB, a.Jobs.Wake), Mail: a.Mail, Webhooks: a.Webhooks},
		Log: a.Auth, Clock: ck, Words: a.bundle, Version: config.Release()}
	a.help = &help.Pages{Book: book, Visible: a.visible(), Demo: a.o.Demo}
	a.inbox = &notify.Pages{Service: a.Notify, Clock: ck}
	a.home = &home.Pages{DB: a.o.DB, Clock: ck, Waiting: a.waiting(), Sources: a.sources(), Commands: a.commands(), Aside: a.asides()}
	a.api = api.New(api.Config{Version: config.Release(), Policy: a.policy, DB: a.o.DB, Bundle: a.bundle, Resolve: a.bearer, Allow: api.PerActor(ck, api.PerSecond, api.Burst)})
	return nil
}

func (a *App) organisationName(ctx context.Context) string {
	org, err := a.Team.Letterhead(ctx)
	if err != nil {
		return "" // a name is a courtesy; the page that needs the database says what is wrong
	}
	return org.Name
}

// bearer tells for whom an API token acts.
func (a *App) bearer(r *http.Request) (auth.Actor, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return auth.Actor{}, nil
	}
	return a.Auth.ResolveToken(r.Context(), token, a.Auth.VisitFrom(r, web.ClientIP(r.Context())))
}

// probes tell a supervisor how the process is. They say nothing else.
func (a *App) probes() []web.Route {
	say := func(w http.ResponseWriter, word string) error {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, err := w.Write([]byte(word + "\n"))
		return err
	}
	return []web.Route{
		{Pattern: "GET /healthz", Perm: auth.Public, Handle: func(w http.ResponseWriter, _ *http.Request) error { return say(w, "alive") }},
		{Pattern: "GET /readyz", Perm: auth.Public, Handle: func(w http.ResponseWriter, r *http.Request) error {
			if err := a.o.DB.Ping(r.Context()); err != nil {
				return err
			}
			return say(w, "ready")
		}},
	}
}
