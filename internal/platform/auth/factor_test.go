package auth_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
)

// withFactor gives somebody who has a second factor: its secret and his codes.
func (h *house) withFactor(t *testing.T, email string) (secret string, codes []string) {
	t.Helper()
	b := h.browser("192.0.2.1").enter(email)
	ok(t, b.request(func(r *http.Request, v auth.Visit) error {
		setup, err := h.auth.StartFactor(r.Context())
		ok(t, err)
		again, err := h.auth.StartFactor(r.Context())
		ok(t, err)
		if again.Secret != setup.Secret || !strings.HasPrefix(setup.QR, "data:image/png;base64,") || !strings.Contains(setup.URL, "issuer=Unisson%20unisson.example") {
			t.Fatalf("set-up %+v", setup)
		}
		secret = setup.Secret
		_, err = h.auth.ConfirmFactor(r.Context(), "000000", v)
		field(t, err, "code", "auth.error.code")
		codes, err = h.auth.ConfirmFactor(r.Context(), h.code(secret, 0), v)
		ok(t, err)
		_, err = h.auth.ConfirmFactor(r.Context(), h.code(secret, 1), v)
		kind(t, err, errs.KindConflict)
		_, err = h.auth.StartFactor(r.Context())
		kind(t, err, errs.KindConflict)
		return nil
	}))
	if !b.actor().Known() || len(codes) != 10 {
		t.Fatalf("codes %v", codes)
	}
	h.clock.Advance(2 * time.Minute) // the code of the set-up is used up
	return secret, codes
}

// pass gives a code in a browser that owes it.
func (b *browser) pass(code string) error {
	b.h.t.Helper()
	return b.request(func(r *http.Request, v auth.Visit) error { return b.h.auth.CheckFactor(r.Context(), code, v) })
}

// owe signs in up to the second factor.
func (b *browser) owe(t *testing.T, email string) *browser {
	t.Helper()
	if step, err := b.signIn(email, goodPassword); err != nil || step != auth.StepFactor {
		t.Fatalf("step %q, %v", step, err)
	}
	if b.actor().Known() {
		t.Fatal("somebody is in without the second factor")
	}
	return b
}

// T-S06
func TestTheSecondFactorIsAskedForAndItsCodesWorkOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		secret, _ := h.withFactor(t, "lea@example.org")
		h.box.last(t, auth.LogFactorOn)
		b := h.browser("192.0.2.7").owe(t, "lea@example.org")
		for _, wrong := range []string{"", "12345", "1234567", h.code(secret, 3), h.code(secret, -3)} {
			field(t, b.pass(wrong), "code", "auth.error.code")
		}
		h.clock.Advance(6 * time.Minute)
		b.owe(t, "lea@example.org")
		before := b.session()
		code := h.code(secret, 1) // a clock 30 s ahead
		if err := b.pass(code[:3] + " " + code[3:]); err != nil {
			t.Fatal(err)
		}
		if !b.actor().Known() || b.session() == before {
			t.Error("the second factor did not open a new session")
		}
		if next := h.browser("192.0.2.1").owe(t, "lea@example.org"); next.pass(code) == nil || next.pass(h.code(secret, 0)) == nil {
			t.Error("a code, or an older one, works a second time")
		}
		h.clock.Advance(90 * time.Second)
		b.owe(t, "lea@example.org")
		var next string
		ok(t, b.request(func(r *http.Request, v auth.Visit) error {
			step, u, err := h.auth.Pending(r.Context())
			if step != auth.StepFactor || u.Email != "lea@example.org" {
				t.Errorf("pending %q %s", step, u.Email)
			}
			next = h.auth.Next(r.Context())
			return err
		}))
		if next != "/people" {
			t.Errorf("next is %q", next)
		}
		ok(t, b.pass(h.code(secret, -1))) // a clock 30 s behind
		kind(t, b.pass(h.code(secret, 1)), errs.KindUnauthenticated)
	})
}

func TestTheStepBetweenTheFactorsEnds(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		secret, _ := h.withFactor(t, "lea@example.org")
		b := h.browser("192.0.2.1").owe(t, "lea@example.org")
		h.clock.Advance(16 * time.Minute)
		kind(t, b.pass(h.code(secret, 0)), errs.KindUnauthenticated)
		b.owe(t, "lea@example.org")
		ok(t, h.auth.Disable(system(), h.user("lea@example.org").ID))
		kind(t, b.pass(h.code(secret, 0)), errs.KindUnauthenticated)
	})
}

func TestRecoveryCodesWorkOnceAndCanBeMadeAnew(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, codes := h.withFactor(t, "lea@example.org")
		b := h.browser("192.0.2.1").owe(t, "lea@example.org")
		ok(t, b.pass(" "+strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))))
		h.box.last(t, auth.LogRecoveryUsed)
		field(t, h.browser("192.0.2.2").owe(t, "lea@example.org").pass(codes[3]), "code", "auth.error.code")
		var fresh []string
		ok(t, b.request(func(r *http.Request, v auth.Visit) error {
			left, err := h.auth.RecoveryLeft(r.Context())
			ok(t, err)
			if left != 9 {
				t.Errorf("%d codes left, want 9", left)
			}
			fresh, err = h.auth.NewRecoveryCodes(r.Context(), v)
			return err
		}))
		if len(fresh) != 10 || slices.Contains(fresh, codes[0]) || slices.Compare(slices.Compact(slices.Sorted(slices.Values(fresh))), slices.Sorted(slices.Values(fresh))) != 0 {
			t.Errorf("new codes %v", fresh)
		}
		field(t, h.browser("192.0.2.3").owe(t, "lea@example.org").pass(codes[0]), "code", "auth.error.code")
		ok(t, h.browser("192.0.2.3").owe(t, "lea@example.org").pass(fresh[0]))
	})
}

func TestGuessesAtTheSecondFactorAreThrottled(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		secret, _ := h.withFactor(t, "lea@example.org")
		owner := h.browser("192.0.2.1").owe(t, "lea@example.org")
		ok(t, owner.pass(h.code(secret, 0)))
		thief := h.browser("198.51.100.7").owe(t, "lea@example.org")
		evaluated := 0
		for range 60 {
			if errs.KindOf(thief.pass("000000")) == errs.KindInvalid {
				evaluated++
			}
			h.clock.Advance(5 * time.Second)
		}
		if evaluated == 0 || evaluated > 10 {
			t.Errorf("%d codes evaluated within 5 minutes", evaluated)
		}
		owner.owe(t, "lea@example.org")
		ok(t, owner.pass(h.code(secret, 0)))
	})
}

// T-S06: no way in without the factor.
func TestEveryWayInAsksForTheSecondFactor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, old, err := h.auth.CreateTokenFor(system(), h.user("lea@example.org").ID, auth.NewToken{Name: "before", Scopes: []string{"read"}, Life: time.Hour})
		ok(t, err)
		h.withFactor(t, "lea@example.org")
		_, err = h.auth.ResolveToken(ctx(), old, auth.Visit{})
		kind(t, err, errs.KindUnauthenticated)
		// A reset signs nobody in, and the new password leads to the factor.
		b := h.browser("192.0.2.1")
		ok(t, h.sendReset("lea@example.org"))
		ok(t, b.request(func(r *http.Request, v auth.Visit) error {
			return h.auth.ResetPassword(r.Context(), h.box.last(t, "reset").token(), "une autre phrase de passe", v)
		}))
		if b.actor().Known() {
			t.Error("a reset signs in")
		}
		if step, err := b.signIn("lea@example.org", "une autre phrase de passe"); err != nil || step != auth.StepFactor {
			t.Errorf("after a reset: %q, %v", step, err)
		}
	})
}

func TestARoleCanDemandASecondFactor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		kind(t, h.auth.DemandFactor(h.as(h.user("lea@example.org")), []auth.Role{"marketer"}), errs.KindForbidden)
		field(t, h.auth.DemandFactor(system(), []auth.Role{"wizard"}), "roles", "auth.error.role_unknown")
		ok(t, h.auth.DemandFactor(system(), []auth.Role{"salesperson"}))
		roles, err := h.auth.FactorRoles(ctx())
		if err != nil || !slices.Equal(roles, []auth.Role{"salesperson"}) {
			t.Errorf("%v, %v", roles, err)
		}
		h.browser("192.0.2.9").enter("admin@example.org")
		b := h.browser("192.0.2.1")
		step, err := b.signIn("lea@example.org", goodPassword)
		if err != nil || step != auth.StepEnrol || b.actor().Known() {
			t.Fatalf("step %q, %v", step, err)
		}
		kind(t, b.pass("000000"), errs.KindUnauthenticated)
		ok(t, b.request(func(r *http.Request, v auth.Visit) error {
			setup, err := h.auth.StartFactor(r.Context())
			ok(t, err)
			_, err = h.auth.ConfirmFactor(r.Context(), h.code(setup.Secret, 0), v)
			return err
		}))
		if !b.actor().Known() {
			t.Fatal("setting the factor up does not lead in")
		}
		ok(t, b.request(func(r *http.Request, v auth.Visit) error {
			kind(t, h.auth.DropFactor(r.Context(), v), errs.KindConflict)
			ok(t, h.auth.DemandFactor(system(), nil))
			ok(t, h.auth.DropFactor(r.Context(), v))
			_, err := h.auth.NewRecoveryCodes(r.Context(), v)
			kind(t, err, errs.KindConflict)
			return nil
		}))
		h.browser("192.0.2.1").enter("lea@example.org")
	})
}

func TestAnAdministratorCanTakeALostFactorAway(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.withFactor(t, "lea@example.org")
		lea := h.user("lea@example.org")
		if !lea.HasFactor {
			t.Fatal("no factor")
		}
		h.person("max@example.org", "marketer")
		kind(t, h.auth.ResetFactor(h.as(h.user("max@example.org")), lea.ID), errs.KindForbidden)
		ok(t, h.auth.ResetFactor(h.as(h.admin), lea.ID))
		h.browser("192.0.2.1").enter("lea@example.org")
		h.box.last(t, auth.LogFactorOff)
	})
}

func TestStrangersSetNoFactorUp(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ok(t, h.browser("192.0.2.1").request(func(r *http.Request, v auth.Visit) error {
			_, err := h.auth.StartFactor(r.Context())
			kind(t, err, errs.KindUnauthenticated)
			_, err = h.auth.ConfirmFactor(r.Context(), "123456", v)
			kind(t, err, errs.KindUnauthenticated)
			kind(t, h.auth.DropFactor(r.Context(), v), errs.KindUnauthenticated)
			kind(t, h.auth.Prove(r.Context(), "x", v), errs.KindUnauthenticated)
			_, err = h.auth.MySessions(r.Context())
			kind(t, err, errs.KindUnauthenticated)
			_, err = h.auth.MyTokens(r.Context())
			kind(t, err, errs.KindUnauthenticated)
			kind(t, h.auth.RevokeSession(r.Context(), "x", v), errs.KindUnauthenticated)
			_, err = h.auth.RevokeOtherSessions(r.Context(), v)
			kind(t, err, errs.KindUnauthenticated)
			kind(t, h.auth.RevokeToken(r.Context(), "x", v), errs.KindUnauthenticated)
			kind(t, h.auth.ChangePassword(r.Context(), "x", "y", v), errs.KindUnauthenticated)
			return h.auth.SignOut(r.Context(), v)
		}))
	})
}
