package auth_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
)

// T-S01, T-S02
func TestASessionGetsANewTokenWhenRightsChange(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser("192.0.2.1")
		b.cookies["__Host-unisson-session"] = &http.Cookie{Name: "__Host-unisson-session", Value: strings.Repeat("a", 43)}
		planted := b.session()
		b.enter("lea@example.org")
		first := b.session()
		if first == planted || len(first) < 43 {
			t.Fatalf("token after signing in: %q", first)
		}
		ok(t, h.auth.SetRoles(system(), b.actor().UserID, []auth.Role{"marketer"}))
		if a := b.actor(); !a.Has("marketer") || a.Has("salesperson") {
			t.Fatalf("roles %v", a.Roles)
		}
		second := b.session()
		if second == first {
			t.Error("the token outlived a change of roles")
		}
		ok(t, b.request(func(r *http.Request, v auth.Visit) error { return h.auth.Prove(r.Context(), goodPassword, v) }))
		third := b.session()
		if third == second {
			t.Error("the token outlived proving who one is")
		}
		for _, dead := range []string{planted, first, second} {
			other := h.browser("192.0.2.9")
			other.cookies["__Host-unisson-session"] = &http.Cookie{Name: "__Host-unisson-session", Value: dead}
			if a := other.actor(); a.Known() {
				t.Errorf("token %s… still opens a session", dead[:6])
			}
		}
		if a := b.actor(); a.UserID == "" || b.session() != third {
			t.Error("the living token was lost")
		}
	})
}

// T-S03
func TestCookiesAreBoundToTheHostAndToHTTPS(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser("192.0.2.1").enter("lea@example.org")
		cookies := b.answer.Cookies()
		if len(cookies) != 2 {
			t.Fatalf("cookies %v", cookies)
		}
		for _, c := range cookies {
			if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("cookie %s", c)
			}
		}
		if c := b.cookies["__Host-unisson-session"]; c.MaxAge != 0 || !c.Expires.IsZero() {
			t.Error("a session that was not to stay outlives the browser")
		}
		stay := h.browser("192.0.2.1")
		ok(t, stay.request(func(r *http.Request, v auth.Visit) error {
			_, err := h.auth.SignIn(r.Context(), auth.Credentials{Email: "lea@example.org", Password: goodPassword, Stay: true}, v)
			return err
		}))
		if c := stay.cookies["__Host-unisson-session"]; c.MaxAge < 29*24*3600 {
			t.Errorf("a session that was to stay has age %d", c.MaxAge)
		}
	})
}

// T-S04
func TestADatabaseDumpHoldsNoUsableSecret(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser("192.0.2.1").enter("lea@example.org")
		secrets := []string{goodPassword, b.session(), b.cookies["__Host-unisson-device"].Value}
		ok(t, b.request(func(r *http.Request, v auth.Visit) error {
			setup, err := h.auth.StartFactor(r.Context())
			ok(t, err)
			codes, err := h.auth.ConfirmFactor(r.Context(), h.code(setup.Secret, 0), v)
			ok(t, err)
			_, plain, err := h.auth.CreateToken(r.Context(), auth.NewToken{Name: "Report", Scopes: []string{"read"}, Life: time.Hour}, v)
			secrets = append(append(secrets, setup.Secret, plain), codes...)
			return err
		}))
		ok(t, h.sendReset("lea@example.org"))
		_, err := h.auth.Invite(system(), auth.NewUser{Email: "new@example.org", GivenName: "New", FamilyName: "Comer", Roles: []auth.Role{"marketer"}})
		ok(t, err)
		secrets = append(secrets, h.box.last(t, "reset").token(), h.box.last(t, "invitation").token())
		dump := dbtest.Dump(t, h.db)
		for _, s := range secrets {
			if len(s) < 14 {
				t.Fatalf("secret %q is too short to look for", s)
			}
			if strings.Contains(dump, s) || strings.Contains(dump, strings.ReplaceAll(s, "-", "")) {
				t.Errorf("the dump holds %s…", s[:8])
			}
		}
		if len(secrets) != 3+2+10+2 {
			t.Errorf("%d secrets looked for", len(secrets))
		}
	})
}

func TestASessionEndsWhenUnusedAndAtLast(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser("192.0.2.1").enter("lea@example.org")
		for range 3 {
			h.clock.Advance(11 * time.Hour)
			if !b.actor().Known() {
				t.Fatal("a session in use ended")
			}
		}
		h.clock.Advance(12*time.Hour + time.Second)
		if b.actor().Known() {
			t.Error("a session unused for 12 hours lives on")
		}
		stay := h.browser("192.0.2.1")
		ok(t, stay.request(func(r *http.Request, v auth.Visit) error {
			_, err := h.auth.SignIn(r.Context(), auth.Credentials{Email: "lea@example.org", Password: goodPassword, Stay: true}, v)
			return err
		}))
		days := 0
		for ; stay.actor().Known() && days < 100; days += 6 {
			h.clock.Advance(6 * 24 * time.Hour)
		}
		if days != 30 {
			t.Errorf("a session that stays ended after %d days, want 30", days)
		}
		ok(t, h.auth.Sweep(ctx()))
		if dump := dbtest.Dump(t, h.db); !strings.Contains(dump, "sessions (created_at | data | epoch | expires_at | id | idle_until | ip | pending_id | rights | seen_at | stay | user_agent | user_id): 0") {
			t.Error("dead sessions were not swept away")
		}
	})
}

func TestPeopleSeeAndEndTheirSessions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		office, train, other := h.browser("192.0.2.1").enter("lea@example.org"), h.browser("192.0.2.2").enter("lea@example.org"), h.browser("192.0.2.3").enter("admin@example.org")
		theirs := other.actor().SessionID
		ok(t, office.request(func(r *http.Request, v auth.Visit) error {
			list, err := h.auth.MySessions(r.Context())
			ok(t, err)
			if len(list) != 2 || list[0].UserAgent != "Testfox/1.0" || list[0].Current == list[1].Current {
				t.Fatalf("sessions %+v", list)
			}
			kind(t, h.auth.RevokeSession(r.Context(), theirs, v), errs.KindNotFound)
			kind(t, h.auth.RevokeSession(r.Context(), "none", v), errs.KindNotFound)
			for _, s := range list {
				if !s.Current {
					ok(t, h.auth.RevokeSession(r.Context(), s.ID, v))
				}
			}
			return nil
		}))
		if train.actor().Known() || !office.actor().Known() || !other.actor().Known() {
			t.Error("the wrong sessions ended")
		}
		train.enter("lea@example.org")
		ok(t, office.request(func(r *http.Request, v auth.Visit) error {
			n, err := h.auth.RevokeOtherSessions(r.Context(), v)
			if n != 1 {
				t.Errorf("%d sessions ended", n)
			}
			return err
		}))
		if train.actor().Known() || !office.actor().Known() {
			t.Error("the wrong sessions ended")
		}
		ok(t, office.request(func(r *http.Request, v auth.Visit) error { return h.auth.SignOut(r.Context(), v) }))
		if office.session() != "" || office.actor().Known() {
			t.Error("signing out left a session")
		}
	})
}

func TestARevokedSessionIsNotWrittenAnew(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser("192.0.2.1").enter("lea@example.org")
		// The request changes its session after an administrator has shut the account.
		ok(t, b.request(func(r *http.Request, v auth.Visit) error {
			ok(t, h.auth.Disable(system(), auth.From(r.Context()).UserID))
			h.auth.Touch(r.Context())
			return nil
		}))
		ok(t, h.auth.Enable(system(), h.user("lea@example.org").ID))
		if b.actor().Known() {
			t.Error("a request in flight brought a revoked session back")
		}
	})
}

func TestADeadDatabaseIsAnErrorAndNobody(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser("192.0.2.1").enter("lea@example.org")
		closed := h.auth.Sessions(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if a, err := h.auth.Resolve(r); err == nil || a.Known() {
				t.Errorf("actor %v, %v", a, err)
			}
		}))
		ok(t, h.db.Close())
		_ = b.request(func(r *http.Request, _ auth.Visit) error { return nil })
		w := newAnswer()
		closed.ServeHTTP(w, b.plain())
	})
}
