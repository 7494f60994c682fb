package auth_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
)

func TestTheFirstUserIsAnAdministratorAndTheOnlyFirst(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		if any, err := h.auth.AnyUser(ctx()); err != nil || !any {
			t.Errorf("%v, %v", any, err)
		}
		dbtest.Unchanged(t, h.db, func() {
			_, err := h.auth.FirstUser(ctx(), auth.NewUser{Email: "eve@example.org", GivenName: "Eve", FamilyName: "Il"}, goodPassword)
			kind(t, err, errs.KindConflict)
		})
		if !h.admin.Acts(1) || !slices.Equal(h.admin.Roles, []auth.Role{auth.Administrator}) || !h.admin.HasPassword {
			t.Errorf("first user %+v", h.admin)
		}
	})
}

// T-X05 among others: what would write a header or a log line of its own is refused.
func TestNewPeopleAreCheckedFieldByField(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		good := auth.NewUser{Email: "max@example.org", GivenName: "Max", FamilyName: "O’Brien-Ñandú", Roles: []auth.Role{"marketer"}, Language: "fr-CA", TimeZone: "America/Toronto"}
		for _, c := range []struct {
			change      func(n *auth.NewUser)
			field, code string
		}{
			{func(n *auth.NewUser) { n.Email = " " }, "email", "errors.required"},
			{func(n *auth.NewUser) { n.Email = "max" }, "email", "auth.error.email"},
			{func(n *auth.NewUser) { n.Email = "max@localhost" }, "email", "auth.error.email"},
			{func(n *auth.NewUser) { n.Email = "a@b@example.org" }, "email", "auth.error.email"},
			{func(n *auth.NewUser) { n.Email = "max@example.org\r\nBcc: x@example.org" }, "email", "auth.error.email"},
			{func(n *auth.NewUser) { n.Email = "Max <max@example.org>" }, "email", "auth.error.email"},
			{func(n *auth.NewUser) { n.Email = "mаx@example.org" }, "email", "auth.error.email"}, // a Cyrillic letter
			{func(n *auth.NewUser) { n.Email = `"a b"@example.org` }, "email", "auth.error.email"},
			{func(n *auth.NewUser) { n.Email = strings.Repeat("a", 65) + "@example.org" }, "email", "auth.error.email"},
			{func(n *auth.NewUser) { n.Email = ".max@example.org" }, "email", "auth.error.email"},
			{func(n *auth.NewUser) { n.Email = "LEA@Example.org" }, "email", "auth.error.email_taken"},
			{func(n *auth.NewUser) { n.GivenName = "" }, "given_name", "errors.required"},
			{func(n *auth.NewUser) { n.GivenName = strings.Repeat("x", 101) }, "given_name", "errors.too_long"},
			{func(n *auth.NewUser) { n.FamilyName = "x\x00y" }, "family_name", "auth.error.name_signs"},
			{func(n *auth.NewUser) { n.FamilyName = "nimdA\u202eevil" }, "family_name", "auth.error.name_signs"},
			{func(n *auth.NewUser) { n.FamilyName = "<b>" }, "family_name", "auth.error.name_signs"},
			{func(n *auth.NewUser) { n.Roles = nil }, "roles", "auth.error.role_needed"},
			{func(n *auth.NewUser) { n.Roles = []auth.Role{"wizard"} }, "roles", "auth.error.role_unknown"},
			{func(n *auth.NewUser) { n.Language = "de" }, "language", "auth.error.language"},
			{func(n *auth.NewUser) { n.TimeZone = "Mars/Olympus" }, "time_zone", "auth.error.time_zone"},
			{func(n *auth.NewUser) { n.TimeZone = "Local" }, "time_zone", "auth.error.time_zone"},
			{func(n *auth.NewUser) { n.ExpiresAt = h.clock.Now() }, "expires_at", "auth.error.expiry_past"},
			{func(n *auth.NewUser) { n.Roles = []auth.Role{"guest"} }, "expires_at", "auth.error.guest_needs_end"},
		} {
			n := good
			c.change(&n)
			dbtest.Unchanged(t, h.db, func() {
				_, err := h.auth.CreateUser(system(), n, goodPassword)
				field(t, err, c.field, c.code)
			})
		}
		n := good
		n.GivenName, n.FamilyName, n.Email = " Max\t\n Émile ", "Noe\u0308l", "max@münchen.example"
		u, err := h.auth.CreateUser(system(), n, "")
		ok(t, err)
		if u.Name() != "Max Émile Noël" || u.Email != "max@xn--mnchen-3ya.example" {
			t.Errorf("created %q %q", u.Name(), u.Email)
		}
		if again := h.user("MAX@xn--mnchen-3ya.example"); again.ID != u.ID || again.Version != 1 || again.CreatedAt != u.CreatedAt || again.HasPassword {
			t.Errorf("read back %+v, created %+v", again, u)
		}
	})
}

func TestNamesAndAddressesChangeUnderTheirVersion(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		lea := h.user("lea@example.org")
		same := auth.ProfileChange{Email: lea.Email, GivenName: "Léa-Marie", FamilyName: lea.FamilyName}
		after, err := h.auth.ChangeProfile(h.as(lea), lea.ID, lea.Version, same)
		ok(t, err)
		if after.Name() != "Léa-Marie Noël" || after.Version != lea.Version+1 || h.user(lea.Email).Version != after.Version {
			t.Errorf("after %+v", after)
		}
		dbtest.Unchanged(t, h.db, func() {
			_, err := h.auth.ChangeProfile(h.as(lea), lea.ID, lea.Version, same)
			kind(t, err, errs.KindStale)
			if u, ok := errs.Detail(err).Current.(auth.User); !ok || u.GivenName != "Léa-Marie" {
				t.Errorf("what stands is not told: %v", err)
			}
			_, err = h.auth.ChangeProfile(h.as(lea), lea.ID, after.Version, auth.ProfileChange{Email: "boss@example.org", GivenName: "L", FamilyName: "N"})
			kind(t, err, errs.KindForbidden)
			_, err = h.auth.ChangeProfile(h.as(lea), h.admin.ID, 1, auth.ProfileChange{Email: h.admin.Email, GivenName: "L", FamilyName: "N"})
			kind(t, err, errs.KindForbidden)
			_, err = h.auth.ChangeProfile(system(), lea.ID, after.Version, auth.ProfileChange{Email: h.admin.Email, GivenName: "L", FamilyName: "N"})
			field(t, err, "email", "auth.error.email_taken")
			_, err = h.auth.ChangeProfile(system(), lea.ID, after.Version, auth.ProfileChange{Email: "x", GivenName: "", FamilyName: "N"})
			field(t, err, "given_name", "errors.required")
			_, err = h.auth.ChangeProfile(system(), "nobody", 1, same)
			kind(t, err, errs.KindNotFound)
			_, err = h.auth.ChangeProfile(ctx(), lea.ID, after.Version, same)
			kind(t, err, errs.KindUnauthenticated)
		})
		if _, ok := h.facts[len(h.facts)-1].(auth.UserChanged); !ok {
			t.Errorf("facts %v", h.facts)
		}
	})
}

func TestPreferencesAreOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		lea := h.user("lea@example.org")
		want := auth.Prefs{Language: "fr-CA", TimeZone: "America/Toronto", Theme: "dark", KeysOff: true}
		ok(t, h.auth.SetPrefs(h.as(lea), lea.ID, want))
		if a := auth.From(h.as(lea)); a.Prefs != want {
			t.Errorf("preferences %+v", a.Prefs)
		}
		dbtest.Unchanged(t, h.db, func() {
			kind(t, h.auth.SetPrefs(h.as(lea), h.admin.ID, want), errs.KindForbidden)
			field(t, h.auth.SetPrefs(h.as(lea), lea.ID, auth.Prefs{Theme: "pink"}), "theme", "auth.error.theme")
		})
	})
}

func TestRightsAreChangedByAdministratorsOnlyAndOneIsAlwaysLeft(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		lea := h.user("lea@example.org")
		soon := h.clock.Now().Add(time.Hour)
		dbtest.Unchanged(t, h.db, func() {
			for name, err := range map[string]error{
				"roles":   h.auth.SetRoles(h.as(lea), lea.ID, []auth.Role{auth.Administrator}),
				"expiry":  h.auth.SetExpiry(h.as(lea), h.admin.ID, soon),
				"disable": h.auth.Disable(h.as(lea), h.admin.ID),
				"enable":  h.auth.Enable(h.as(lea), h.admin.ID),
				"again":   h.auth.InviteAgain(h.as(lea), h.admin.ID),
			} {
				if errs.KindOf(err) != errs.KindForbidden {
					t.Errorf("%s: %v", name, err)
				}
			}
			_, err := h.auth.ResetLink(h.as(lea), h.admin.ID)
			kind(t, err, errs.KindForbidden)
			_, err = h.auth.CreateUser(h.as(lea), auth.NewUser{}, "")
			kind(t, err, errs.KindForbidden)
			kind(t, h.auth.SetRoles(h.as(h.admin), h.admin.ID, []auth.Role{"marketer"}), errs.KindConflict)
			kind(t, h.auth.Disable(h.as(h.admin), h.admin.ID), errs.KindConflict)
			kind(t, h.auth.SetExpiry(h.as(h.admin), h.admin.ID, soon), errs.KindConflict)
			field(t, h.auth.SetRoles(system(), lea.ID, []auth.Role{"guest"}), "roles", "auth.error.guest_needs_end")
			field(t, h.auth.SetRoles(system(), lea.ID, []auth.Role{"wizard"}), "roles", "auth.error.role_unknown")
			kind(t, h.auth.Disable(system(), "nobody"), errs.KindNotFound)
			ok(t, h.auth.SetRoles(system(), lea.ID, []auth.Role{"salesperson", "salesperson"}))
		}, "settings")
		ok(t, h.auth.SetRoles(h.as(h.admin), lea.ID, []auth.Role{"salesperson", auth.Administrator}))
		ok(t, h.auth.Disable(h.as(lea), h.admin.ID))
		kind(t, h.auth.Disable(system(), lea.ID), errs.KindConflict)
		ok(t, h.auth.Enable(system(), h.admin.ID))
		ok(t, h.auth.SetExpiry(system(), lea.ID, soon))
		kind(t, h.auth.Disable(system(), h.admin.ID), errs.KindConflict) // the other one ends by itself
		if u := h.user(lea.Email); u.ExpiresAt.Go() != soon || !slices.Equal(u.Roles, []auth.Role{auth.Administrator, "salesperson"}) {
			t.Errorf("lea %+v", u)
		}
		h.person("guest@example.org", "guest")
		field(t, h.auth.SetExpiry(system(), h.user("guest@example.org").ID, time.Time{}), "expires_at", "auth.error.guest_needs_end")
		list, err := h.auth.Users(ctx(), []string{lea.ID, h.admin.ID, "nobody"})
		if err != nil || len(list) != 2 || list[0].FamilyName != "Min" {
			t.Errorf("users %v, %v", list, err)
		}
	})
}

func TestADisabledAccountWithoutPasswordIsInvitedAnew(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		u, err := h.auth.Invite(system(), auth.NewUser{Email: "new@example.org", GivenName: "New", FamilyName: "Comer", Roles: []auth.Role{"marketer"}})
		ok(t, err)
		ok(t, h.auth.Disable(system(), u.ID))
		ok(t, h.auth.Enable(system(), u.ID))
		ok(t, h.auth.Enable(system(), u.ID))
		if s := h.user("new@example.org").Status; s != auth.Invited {
			t.Errorf("status %s", s)
		}
		if _, err := h.auth.ActFor(ctx(), u.ID); errs.KindOf(err) != errs.KindUnauthenticated {
			t.Errorf("an invited person acts: %v", err)
		}
		if _, err := h.auth.ActFor(ctx(), "nobody"); errs.KindOf(err) != errs.KindUnauthenticated {
			t.Errorf("nobody acts: %v", err)
		}
	})
}

func TestEverybodyReadsHisOwnSecurityLog(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		lea := h.user("lea@example.org")
		h.browser("192.0.2.1").enter("lea@example.org")
		_, err := h.auth.Authenticate(ctx(), "lea@example.org", "wrong", auth.Visit{IP: netip.MustParseAddr("198.51.100.7"), UserAgent: "Evil\r\nbot\u202e " + strings.Repeat("x", 300)})
		kind(t, err, errs.KindInvalid)
		ok(t, h.auth.SetRoles(h.as(h.admin), lea.ID, []auth.Role{"marketer"}))
		own := h.as(lea)
		list, err := h.auth.SecurityLog(own, auth.LogFilter{UserID: lea.ID})
		ok(t, err)
		var kinds []string
		for _, e := range list {
			kinds = append(kinds, e.Kind)
		}
		if !slices.Equal(kinds, []string{auth.LogRolesChanged, auth.LogSignInFailed, auth.LogSignedIn, auth.LogJoined}) {
			t.Errorf("kinds %v", kinds)
		}
		if e := list[0]; e.ActorName != "Ada Min" || e.Detail != "salesperson → marketer" || e.UserName != "Léa Noël" {
			t.Errorf("entry %+v", e)
		}
		if e := list[1]; e.IP != "198.51.100.7" || strings.ContainsAny(e.UserAgent, "\r\n\u202e") || len(e.UserAgent) > 200 {
			t.Errorf("entry %+v", e)
		}
		rest, err := h.auth.SecurityLog(own, auth.LogFilter{UserID: lea.ID, Before: list[1].ID, Limit: 1})
		if err != nil || len(rest) != 1 || rest[0].ID != list[2].ID {
			t.Errorf("next page %v, %v", rest, err)
		}
		_, err = h.auth.SecurityLog(own, auth.LogFilter{UserID: h.admin.ID})
		kind(t, err, errs.KindForbidden)
		_, err = h.auth.SecurityLog(own, auth.LogFilter{})
		kind(t, err, errs.KindForbidden)
		_, err = h.auth.SecurityLog(ctx(), auth.LogFilter{})
		kind(t, err, errs.KindUnauthenticated)
		all, err := h.auth.SecurityLog(h.as(h.admin), auth.LogFilter{Kind: auth.LogSignedIn})
		if err != nil || len(all) != 1 {
			t.Errorf("all %v, %v", all, err)
		}
		h.clock.Advance(2*365*24*time.Hour + time.Hour)
		ok(t, h.auth.Sweep(ctx()))
		if all, err := h.auth.SecurityLog(h.as(h.admin), auth.LogFilter{}); err != nil || len(all) != 0 {
			t.Errorf("after two years: %d entries, %v", len(all), err)
		}
	})
}
