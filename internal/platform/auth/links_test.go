package auth_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
)

const otherPassword = "une autre phrase de passe"

// T-S07
func TestAResetLinkWorksOnceForAnHour(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		reset := func(token string) error { return h.auth.ResetPassword(ctx(), token, otherPassword, auth.Visit{}) }
		ok(t, h.sendReset("LEA@example.org"))
		first := h.box.last(t, "reset")
		if !strings.HasPrefix(first.link, "https://unisson.example/reset/") || len(first.token()) < 43 || first.to != "lea@example.org" {
			t.Errorf("link %s to %s", first.link, first.to)
		}
		ok(t, h.sendReset("lea@example.org"))
		second := h.box.last(t, "reset")
		kind(t, reset(first.token()), errs.KindConflict) // a newer one replaces it
		kind(t, reset(second.token()+"x"), errs.KindConflict)
		kind(t, reset(""), errs.KindConflict)
		_, err := h.auth.Join(ctx(), second.token(), otherPassword, auth.Visit{})
		kind(t, err, errs.KindConflict) // a link has one purpose
		field(t, h.auth.ResetPassword(ctx(), second.token(), "short", auth.Visit{}), "password", "auth.error.password_short")
		u, err := h.auth.LinkOwner(ctx(), "reset", second.token())
		if err != nil || u.Email != "lea@example.org" {
			t.Errorf("owner %s, %v", u.Email, err)
		}
		ok(t, reset(second.token()))
		kind(t, reset(second.token()), errs.KindConflict) // used
		h.box.last(t, auth.LogPasswordReset)
		if step, err := h.browser("192.0.2.1").signIn("lea@example.org", otherPassword); err != nil || step != auth.StepDone {
			t.Errorf("with the new password: %q, %v", step, err)
		}
		if _, err := h.browser("192.0.2.1").signIn("lea@example.org", goodPassword); err == nil {
			t.Error("the old password works")
		}
		ok(t, h.sendReset("lea@example.org"))
		third := h.box.last(t, "reset")
		h.clock.Advance(61 * time.Minute)
		kind(t, reset(third.token()), errs.KindConflict) // too old
	})
}

func TestOfTwoResetsWithOneLinkOneWins(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ok(t, h.sendReset("lea@example.org"))
		token := h.box.last(t, "reset").token()
		results := make(chan error)
		for range 4 {
			go func() { results <- h.auth.ResetPassword(ctx(), token, otherPassword, auth.Visit{}) }()
		}
		won := 0
		for range 4 {
			if err := <-results; err == nil {
				won++
			} else if errs.KindOf(err) != errs.KindConflict {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d resets with one link", won)
		}
	})
}

func TestAMailboxGetsFewResets(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for range 20 {
			ok(t, h.sendReset("lea@example.org"))
		}
		if len(h.box.sent) != 3 {
			t.Errorf("%d mails within an hour, want 3", len(h.box.sent))
		}
		v := auth.Visit{}
		refused := 0
		for range 20 {
			if err := h.ask(v); err != nil {
				kind(t, err, errs.KindThrottled)
				refused++
			}
		}
		if refused != 10 {
			t.Errorf("%d of 20 refused, want 10", refused)
		}
	})
}

func TestAResetEndsADisabledOrMovedAccountsLinks(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		lea := h.user("lea@example.org")
		ok(t, h.sendReset(lea.Email))
		token := h.box.last(t, "reset").token()
		_, err := h.auth.ChangeProfile(h.as(h.admin), lea.ID, lea.Version, auth.ProfileChange{Email: "lea.noel@example.org", GivenName: "Léa", FamilyName: "Noël"})
		ok(t, err)
		kind(t, h.auth.ResetPassword(ctx(), token, otherPassword, auth.Visit{}), errs.KindConflict)
		if l := h.box.last(t, auth.LogEmailChanged); l.to != "lea@example.org" {
			t.Errorf("the change was told to %s", l.to)
		}
		ok(t, h.sendReset("lea.noel@example.org"))
		ok(t, h.auth.Disable(system(), lea.ID))
		_, err = h.auth.LinkOwner(ctx(), "reset", h.box.last(t, "reset").token())
		kind(t, err, errs.KindConflict)
		_, err = h.auth.ResetLink(system(), lea.ID)
		kind(t, err, errs.KindConflict)
	})
}

func TestAnInvitationOpensAnAccount(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		n := auth.NewUser{Email: " Yann.LeGoff@Example.org ", GivenName: "Yann", FamilyName: "Le  Goff", Roles: []auth.Role{"salesperson"}, Language: "fr", TimeZone: "Europe/Paris"}
		_, err := h.auth.Invite(h.as(h.user("lea@example.org")), n)
		kind(t, err, errs.KindForbidden)
		u, err := h.auth.Invite(h.as(h.admin), n)
		ok(t, err)
		first := h.box.last(t, "invitation")
		if u.Status != auth.Invited || u.FamilyName != "Le Goff" || first.by != "Ada Min" || !strings.HasPrefix(first.link, "https://unisson.example/invitation/") {
			t.Errorf("invited %+v by %+v", u, first)
		}
		ok(t, h.auth.InviteAgain(h.as(h.admin), u.ID))
		second := h.box.last(t, "invitation")
		b := h.browser("192.0.2.1")
		join := func(token, password string) (step auth.Step, err error) {
			_ = b.request(func(r *http.Request, v auth.Visit) error {
				step, err = h.auth.Join(r.Context(), token, password, v)
				return nil
			})
			return step, err
		}
		_, err = join(first.token(), otherPassword)
		kind(t, err, errs.KindConflict)
		_, err = join(second.token(), "Yann.LeGoff1")
		field(t, err, "password", "auth.error.password_about_you")
		step, err := join(second.token(), otherPassword)
		if err != nil || step != auth.StepDone {
			t.Fatalf("step %q, %v", step, err)
		}
		if a := b.actor(); a.Name != "Yann Le Goff" || a.Prefs.Language != "fr" || !a.Can("deals.write") {
			t.Errorf("actor %+v", a)
		}
		_, err = join(second.token(), otherPassword)
		kind(t, err, errs.KindConflict)
		kind(t, h.auth.InviteAgain(h.as(h.admin), u.ID), errs.KindConflict)
		// A week later an invitation is stale.
		late, err := h.auth.Invite(h.as(h.admin), auth.NewUser{Email: "late@example.org", GivenName: "La", FamilyName: "Te", Roles: []auth.Role{"marketer"}})
		ok(t, err)
		h.clock.Advance(7*24*time.Hour + time.Second)
		_, err = join(h.box.last(t, "invitation").token(), otherPassword)
		kind(t, err, errs.KindConflict)
		link, err := h.auth.ResetLink(system(), late.ID)
		ok(t, err)
		if step, err := join(link[strings.LastIndexByte(link, '/')+1:], otherPassword); err != nil || step != auth.StepDone {
			t.Errorf("by a link of the command line: %q, %v", step, err)
		}
	})
}

func TestChangingThePasswordEndsOtherSessions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		office, train := h.browser("192.0.2.1").enter("lea@example.org"), h.browser("192.0.2.2").enter("lea@example.org")
		ok(t, h.sendReset("lea@example.org"))
		before := office.session()
		ok(t, office.request(func(r *http.Request, v auth.Visit) error {
			field(t, h.auth.ChangePassword(r.Context(), "wrong", otherPassword, v), "current", "auth.error.password_wrong")
			field(t, h.auth.ChangePassword(r.Context(), goodPassword, "motdepasse2026", v), "password", "auth.error.password_common")
			return h.auth.ChangePassword(r.Context(), goodPassword, otherPassword, v)
		}))
		if !office.actor().Known() || office.session() == before || train.actor().Known() {
			t.Error("sessions after a change of password")
		}
		_, err := h.auth.LinkOwner(ctx(), "reset", h.box.last(t, "reset").token())
		kind(t, err, errs.KindConflict)
		h.box.last(t, auth.LogPasswordChanged)
	})
}

func TestSomebodyWithoutAPasswordChoosesOneJustAfterSigningIn(t *testing.T) {
	eachWith(t, func(c *auth.Config) { c.Demo = true }, func(t *testing.T, h *house) {
		u, err := h.auth.CreateUser(system(), auth.NewUser{Email: "p@example.org", GivenName: "Per", FamilyName: "Sona", Roles: []auth.Role{"marketer"}}, "")
		ok(t, err)
		b := h.browser("192.0.2.1")
		ok(t, b.request(func(r *http.Request, v auth.Visit) error { return h.auth.SignInPersona(r.Context(), u.ID, v) }))
		ok(t, b.request(func(r *http.Request, v auth.Visit) error {
			h.clock.Advance(16 * time.Minute)
			kind(t, h.auth.ChangePassword(r.Context(), "", otherPassword, v), errs.KindForbidden)
			h.clock.Advance(-16 * time.Minute)
			return h.auth.ChangePassword(r.Context(), "", otherPassword, v)
		}))
		if step, err := h.browser("192.0.2.2").signIn("p@example.org", otherPassword); err != nil || step != auth.StepDone {
			t.Errorf("%q, %v", step, err)
		}
	})
}

func TestPersonasExistInTheDemonstrationOnly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser("192.0.2.1")
		kind(t, b.request(func(r *http.Request, v auth.Visit) error { return h.auth.SignInPersona(r.Context(), h.admin.ID, v) }), errs.KindNotFound)
		if b.actor().Known() {
			t.Error("somebody is in")
		}
	})
	eachWith(t, func(c *auth.Config) { c.Demo = true }, func(t *testing.T, h *house) {
		b := h.browser("192.0.2.1")
		kind(t, b.request(func(r *http.Request, v auth.Visit) error { return h.auth.SignInPersona(r.Context(), "none", v) }), errs.KindNotFound)
		ok(t, h.auth.Disable(system(), h.user("lea@example.org").ID))
		kind(t, b.request(func(r *http.Request, v auth.Visit) error {
			return h.auth.SignInPersona(r.Context(), h.user("lea@example.org").ID, v)
		}), errs.KindNotFound)
		ok(t, b.request(func(r *http.Request, v auth.Visit) error { return h.auth.SignInPersona(r.Context(), h.admin.ID, v) }))
		if !b.actor().Has(auth.Administrator) {
			t.Error("the persona is not in")
		}
	})
}
