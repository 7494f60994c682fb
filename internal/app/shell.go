package app

import (
	"context"
	"net/http"
	"time"

	"unisson/internal/admin"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
	"unisson/internal/timeline"
)

// shell says what surrounds a page: who reads it, where, and what waits.
func (a *App) shell(ctx context.Context, r *http.Request) (ui.Shell, error) {
	s := ui.Shell{Language: i18n.Lang(ctx), Theme: web.Preference(r, "theme"), Demo: a.o.Demo, Path: r.URL.RequestURI(), Version: config.Release()}
	if web.Changes(r.Method) {
		s.Path = "/" // a form's address cannot be gone back to
	}
	org, err := a.Team.Letterhead(ctx)
	if err != nil {
		return s, err
	}
	s.Organisation = org.Name
	actor := auth.From(ctx)
	if !actor.Known() {
		return s, nil
	}
	if actor.Prefs.Theme != "" {
		s.Theme = actor.Prefs.Theme
	}
	s.KeysOff = actor.Prefs.KeysOff
	s.SignOut, s.UserID = "/sign-out", actor.UserID
	if actor.Can(timeline.MayLog) {
		s.Worker = timeline.WorkerPath
	}
	if s.Person, s.PersonNote, err = a.Team.Card(ctx, actor.UserID); err != nil {
		return s, err
	}
	day, err := a.home.Today(ctx)
	if err != nil {
		return s, err
	}
	s.Entries = ui.DefaultEntries(ctx, day.Count())
	s.Create = a.creates(ctx, actor)
	views, err := a.Customers.Pinned(ctx)
	if err != nil {
		return s, err
	}
	for _, v := range views {
		s.Pinned = append(s.Pinned, ui.Pin{Label: v.Name, Href: v.Href(), Icon: "bookmark"})
	}
	s.Pinned = append(s.Pinned, administration(ctx, actor)...)
	err = a.o.DB.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		s.Unread, err = a.Notify.Unread(ctx, r, actor.UserID)
		return err
	})
	return s, err
}

// zone is the organisation's, for those who chose none.
func (a *App) zone(ctx context.Context) *time.Location {
	org, err := a.Team.Letterhead(ctx)
	if err == nil {
		if z, err := time.LoadLocation(org.TimeZone); err == nil {
			return z
		}
	}
	return time.UTC
}

// creates is the Create menu: what the reader may make.
func (a *App) creates(ctx context.Context, actor auth.Actor) []ui.MenuItem {
	var out []ui.MenuItem
	for _, c := range a.home.Commands {
		if c.Makes && actor.Can(c.Perm) {
			out = append(out, ui.MenuItem{Label: i18n.T(ctx, c.Key), Href: c.Href, Icon: c.Icon})
		}
	}
	return out
}

// administration is the way to what administrators look after, for those who may.
func administration(ctx context.Context, actor auth.Actor) []ui.Pin {
	for _, c := range admin.Commands() {
		if actor.Can(c.Perm) {
			return []ui.Pin{{Label: i18n.T(ctx, "admin.nav.admin"), Href: c.Href, Icon: "settings"}}
		}
	}
	return nil
}
