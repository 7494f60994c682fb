package app

import (
	"context"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/events"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/notify"
	"unisson/internal/platform/webhooks"
	"unisson/internal/team"
	"unisson/internal/timeline"
)

// react says who reacts to whose facts, in the transaction that made them true.
// It is the map of what happens next.
func (a *App) react() {
	events.On(a.bus, "team", a.Team.OnUserInvited)
	events.On(a.bus, "team", a.Team.OnUserJoined)
	events.On(a.bus, "team", a.Team.OnUserChanged)
	events.On(a.bus, "notify", a.Team.TellDeputy(a.Notify))
	events.On(a.bus, "customers", a.Timeline.NoteContact)
	events.On(a.bus, "customers", a.Timeline.NoteContacts)
	events.On(a.bus, "customers", a.Timeline.SettleCorrected)
	events.On(a.bus, "customers", a.Timeline.SettleWithdrawn)
	events.On(a.bus, "timeline", a.Timeline.OnRecordsSaved)
	events.On(a.bus, "timeline", a.Timeline.OnContactErased)

	events.On(a.bus, "app", func(ctx context.Context, tx db.Tx, f jobs.JobDied) error {
		return a.tellAdministrators(ctx, tx, notify.Notice{Kind: "admin.notice.job_died", Params: map[string]any{"kind": f.Kind}, URL: "/admin/jobs?state=dead", Key: "job_died:" + f.Kind + ":" + tx.Now().Go().Format(time.DateOnly)})
	})
	events.On(a.bus, "app", func(ctx context.Context, tx db.Tx, f webhooks.EndpointStopped) error {
		return a.Notify.Notify(ctx, tx, notify.Notice{UserID: f.OwnerID, Kind: "admin.notice.webhook_stopped", Params: map[string]any{"name": f.Name},
			URL: "/admin/webhooks/" + f.EndpointID, Urgency: notify.Direct, Key: "webhook_stopped:" + f.EndpointID + ":" + tx.Now().Go().Format(time.DateOnly)})
	})
}

// catalog says which facts other programs may hear of, and under which name.
func catalog() *webhooks.Catalog {
	c := webhooks.NewCatalog()
	asItIs[team.ProfileChanged](c, "team.profile.changed")
	asItIs[team.AbsenceSet](c, "team.absence.set")
	asItIs[team.AbsenceCancelled](c, "team.absence.cancelled")
	asItIs[team.TeamFormed](c, "team.team.formed")
	asItIs[team.TeamChanged](c, "team.team.changed")
	asItIs[team.TeamEnded](c, "team.team.ended")
	asItIs[team.StructureChanged](c, "team.structure.changed")
	asItIs[timeline.TouchLogged](c, "timeline.touch.logged")
	asItIs[timeline.TouchCorrected](c, "timeline.touch.corrected")
	asItIs[timeline.TouchWithdrawn](c, "timeline.touch.withdrawn")
	person := func(id string) any { return map[string]string{"person_id": id} }
	webhooks.Tell(c, "team.person.invited", func(f auth.UserInvited) any { return person(f.UserID) })
	webhooks.Tell(c, "team.person.joined", func(f auth.UserJoined) any { return person(f.UserID) })
	webhooks.Tell(c, "team.person.disabled", func(f auth.UserDisabled) any { return person(f.UserID) })
	webhooks.Tell(c, "team.person.enabled", func(f auth.UserEnabled) any { return person(f.UserID) })
	webhooks.Tell(c, "team.person.roles_changed", func(f auth.RolesChanged) any { return person(f.UserID) })
	return c
}

// asItIs tells a fact whose JSON names are made for it.
func asItIs[T any](c *webhooks.Catalog, name string) {
	webhooks.Tell(c, name, func(f T) any { return f })
}

// tellAdministrators sends one notice to everyone who looks after the installation.
func (a *App) tellAdministrators(ctx context.Context, tx db.Tx, n notify.Notice) error {
	ids, err := a.Auth.HoldersOf(ctx, "administrator")
	if err != nil {
		return err
	}
	for _, id := range ids {
		n.UserID = id
		if err := a.Notify.Notify(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}
