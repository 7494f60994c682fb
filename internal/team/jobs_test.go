package team

import (
	"context"
	"testing"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/events"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/mail"
	"unisson/internal/platform/notify"
)

// noMail takes the letters that an inbox would send.
type noMail struct{}

func (noMail) Send(context.Context, db.Tx, mail.Message) error { return nil }

func (o *office) inboxes() *notify.Service {
	o.t.Helper()
	n, err := notify.New(o.db, notify.Config{Bundle: i18n.MustLoad(Locales(), notify.Locales(), clock.Locales()), Mail: noMail{}})
	o.ok(err)
	return n
}

// inbox is the kinds of the notices of somebody, newest first.
func (o *office) inbox(n *notify.Service, given string) []string {
	o.t.Helper()
	items, _, err := n.Inbox(o.as(given), false, "", 50)
	o.ok(err)
	var kinds []string
	for _, it := range items {
		kinds = append(kinds, it.Kind)
	}
	return kinds
}

func TestRemindAsksOnceAMonthWhetherAProfileIsRight(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		n := o.inboxes()
		step := func(wait int, want int) {
			t.Helper()
			o.clock.Advance(days(wait))
			o.ok(o.Remind(o.system(), n))
			o.ok(o.Remind(o.system(), n))
			if got := o.inbox(n, "Yann"); len(got) != want {
				t.Errorf("after %d days more: %v, want %d", wait, got, want)
			}
		}
		step(0, 0)
		step(184, 1)
		step(10, 1)
		step(21, 2)
		o.ok(o.ConfirmProfile(o.as("Yann")))
		step(100, 2)
		if got := o.inbox(n, "Emma"); len(got) == 0 || got[0] != "team.notice.stale" {
			t.Errorf("%v", got)
		}
	})
}

func TestRemindTellsTheLeadThatATeamEnds(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		n := o.inboxes()
		id, err := o.SaveTeam(o.as("Nadia"), Team{Name: "A", Mandate: "b", LeadID: o.ids["Camille"], EndsOn: on("2026-12-01")})
		o.ok(err)
		o.ok(o.Remind(o.system(), n))
		o.ok(o.Remind(o.system(), n))
		if got := o.inbox(n, "Camille"); len(got) != 1 || got[0] != "team.notice.team_ends" {
			t.Fatalf("%v", got)
		}
		got, err := o.Team(o.as("Nadia"), id)
		o.ok(err)
		got.EndsOn = on("2026-12-03")
		_, err = o.SaveTeam(o.as("Nadia"), got)
		o.ok(err)
		o.ok(o.Remind(o.system(), n))
		if got := o.inbox(n, "Camille"); len(got) != 2 {
			t.Errorf("a new end is not told: %v", got)
		}
	})
}

func TestADeputyIsTold(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		n := o.inboxes()
		events.On(o.bus, "notify", o.TellDeputy(n))
		a := Absence{PersonID: o.ids["Camille"], From: on("2026-12-01"), To: on("2026-12-04"), DeputyID: o.ids["Nadia"]}
		id, err := o.SetAbsence(o.as("Camille"), a)
		o.ok(err)
		a.ID, a.Note = id, "Dossiers chez Nadia."
		_, err = o.SetAbsence(o.as("Camille"), a)
		o.ok(err)
		if got := o.inbox(n, "Nadia"); len(got) != 1 || got[0] != "team.notice.deputy" {
			t.Errorf("%v", got)
		}
	})
}
