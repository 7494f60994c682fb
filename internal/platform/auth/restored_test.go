package auth_test

import (
	"net/http"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
)

func TestAfterARestoreEverybodySignsInAgain(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		secret, _ := h.withFactor(t, "lea@example.org")
		open, half := h.browser("192.0.2.1").enter("admin@example.org"), h.browser("192.0.2.2").owe(t, "lea@example.org")
		_, token, err := h.auth.CreateTokenFor(system(), h.admin.ID, auth.NewToken{Name: "x", Scopes: []string{"read"}, Life: time.Hour})
		ok(t, err)
		ok(t, h.sendReset("lea@example.org"))
		_, err = h.auth.Invite(system(), auth.NewUser{Email: "new@example.org", GivenName: "New", FamilyName: "Comer", Roles: []auth.Role{"marketer"}})
		ok(t, err)
		other := h.browser("192.0.2.3").enter("admin@example.org")
		if !open.actor().Known() || !other.actor().Known() {
			t.Fatal("not in")
		}
		ok(t, auth.AfterRestore(ctx(), h.db))
		if open.actor().Known() || other.actor().Known() {
			t.Error("a session of the backup lives on")
		}
		kind(t, half.pass(h.code(secret, 0)), errs.KindUnauthenticated)
		kind(t, h.auth.ResetPassword(ctx(), h.box.last(t, "reset").token(), otherPassword, auth.Visit{}), errs.KindConflict)
		kind(t, h.browser("192.0.2.4").request(func(r *http.Request, v auth.Visit) error {
			_, err := h.auth.Join(r.Context(), h.box.last(t, "invitation").token(), otherPassword, v)
			return err
		}), errs.KindConflict)
		if _, err := h.auth.ResolveToken(ctx(), token, auth.Visit{}); err != nil {
			t.Errorf("an API token: %v", err)
		}
		open.enter("admin@example.org")
		if !open.actor().Known() {
			t.Error("nobody comes in any more")
		}
	})
}
