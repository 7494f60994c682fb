package auth_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
)

// reset sets a new password by a link from a mail.
func (h *house) reset(t *testing.T, email string) {
	t.Helper()
	ok(t, h.sendReset(email))
	ok(t, h.auth.ResetPassword(ctx(), h.box.last(t, "reset").token(), otherPassword, auth.Visit{}))
}

// setUp asks for the seed of a second factor in this browser.
func (b *browser) setUp() (f auth.FactorSetup, err error) {
	b.h.t.Helper()
	err = b.request(func(r *http.Request, _ auth.Visit) (err error) {
		f, err = b.h.auth.StartFactor(r.Context())
		return err
	})
	return f, err
}

// confirm gives the first code of a second factor in this browser.
func (b *browser) confirm(code string) error {
	b.h.t.Helper()
	return b.request(func(r *http.Request, v auth.Visit) error {
		_, err := b.h.auth.ConfirmFactor(r.Context(), code, v)
		return err
	})
}

func TestAHalfFinishedSignInEndsWithWhatItWasBegunWith(t *testing.T) {
	for name, end := range map[string]func(t *testing.T, h *house, lea auth.User, owner *browser){
		"reset": func(t *testing.T, h *house, lea auth.User, _ *browser) { h.reset(t, lea.Email) },
		"change": func(t *testing.T, h *house, _ auth.User, owner *browser) {
			ok(t, owner.request(func(r *http.Request, v auth.Visit) error {
				return h.auth.ChangePassword(r.Context(), goodPassword, otherPassword, v)
			}))
		},
		"disabled and enabled": func(t *testing.T, h *house, lea auth.User, _ *browser) {
			ok(t, h.auth.Disable(system(), lea.ID))
			ok(t, h.auth.Enable(system(), lea.ID))
		},
		"another role": func(t *testing.T, h *house, lea auth.User, _ *browser) {
			ok(t, h.auth.SetRoles(system(), lea.ID, []auth.Role{"marketer", "salesperson"}))
		},
		"factor taken away": func(t *testing.T, h *house, lea auth.User, _ *browser) { ok(t, h.auth.ResetFactor(system(), lea.ID)) },
		"others ended": func(t *testing.T, h *house, _ auth.User, owner *browser) {
			ok(t, owner.request(func(r *http.Request, v auth.Visit) error {
				_, err := h.auth.RevokeOtherSessions(r.Context(), v)
				return err
			}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				secret, _ := h.withFactor(t, "lea@example.org")
				owner := h.browser("192.0.2.1").owe(t, "lea@example.org")
				ok(t, owner.pass(h.code(secret, 0)))
				h.clock.Advance(time.Minute)
				thief := h.browser("198.51.100.7").owe(t, "lea@example.org")
				end(t, h, h.user("lea@example.org"), owner)
				kind(t, thief.pass(h.code(secret, 0)), errs.KindUnauthenticated)
				_, err := thief.setUp()
				kind(t, err, errs.KindUnauthenticated)
				if thief.actor().Known() {
					t.Error("a sign-in begun before is finished after")
				}
			})
		})
	}
}

func TestWhoeverOwesASecondFactorSetsItUpOnlyWhileHisPasswordStands(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ok(t, h.auth.DemandFactor(system(), []auth.Role{"salesperson"}))
		thief := h.browser("198.51.100.7")
		if step, err := thief.signIn("lea@example.org", goodPassword); err != nil || step != auth.StepEnrol {
			t.Fatal(step, err)
		}
		seen, err := thief.setUp()
		ok(t, err)
		h.reset(t, "lea@example.org")
		kind(t, thief.confirm(h.code(seen.Secret, 0)), errs.KindUnauthenticated)
		if thief.actor().Known() || h.user("lea@example.org").HasFactor {
			t.Error("the thief is in, or owns the second factor")
		}
	})
}

func TestASessionEndedWhileItsRequestRenewsItsTokenStaysEnded(t *testing.T) {
	for name, end := range map[string]func(h *house, lea auth.User, r *http.Request){
		"reset": func(h *house, lea auth.User, _ *http.Request) {
			ok(h.t, h.sendReset(lea.Email))
			ok(h.t, h.auth.ResetPassword(ctx(), h.box.sent[len(h.box.sent)-1].token(), otherPassword, auth.Visit{}))
		},
		"revoked": func(h *house, lea auth.User, r *http.Request) {
			ok(h.t, h.auth.RevokeSession(r.Context(), auth.From(r.Context()).SessionID, auth.Visit{}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				b := h.browser("192.0.2.1").enter("lea@example.org")
				before := b.session()
				err := b.request(func(r *http.Request, v auth.Visit) error {
					end(h, h.user("lea@example.org"), r)
					password := goodPassword
					if name == "reset" {
						password = otherPassword
					}
					return h.auth.Prove(r.Context(), password, v)
				})
				ok(t, err)
				if b.answer.StatusCode != http.StatusOK || b.session() != before {
					t.Errorf("the answer is %s, and the browser got a new token: %v", b.answer.Status, b.session() != before)
				}
				if b.actor().Known() {
					t.Error("a session that was ended lives on under a new token")
				}
			})
		})
	}
}

func TestARequestOfAnEndedSessionChangesNoSecret(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		thief := h.browser("198.51.100.7").enter("lea@example.org")
		const thiefs = "encore une phrase de passe"
		err := thief.request(func(r *http.Request, v auth.Visit) error {
			h.reset(t, "lea@example.org")
			return h.auth.ChangePassword(r.Context(), otherPassword, thiefs, v)
		})
		kind(t, err, errs.KindUnauthenticated)
		if step, err := h.browser("192.0.2.1").signIn("lea@example.org", otherPassword); err != nil || step != auth.StepDone {
			t.Errorf("the password of the reset: %q, %v", step, err)
		}
		// Ended alone, by its owner in another browser.
		thief = h.browser("198.51.100.7")
		if _, err := thief.signIn("lea@example.org", otherPassword); err != nil {
			t.Fatal(err)
		}
		kind(t, thief.request(func(r *http.Request, v auth.Visit) error {
			ok(t, h.auth.RevokeSession(r.Context(), auth.From(r.Context()).SessionID, auth.Visit{}))
			_, err := h.auth.RevokeOtherSessions(r.Context(), v)
			kind(t, err, errs.KindUnauthenticated)
			return h.auth.ChangePassword(r.Context(), otherPassword, thiefs, v)
		}), errs.KindUnauthenticated)
		h.clock.Advance(time.Hour)
		thief = h.browser("198.51.100.7")
		if _, err := thief.signIn("lea@example.org", otherPassword); err != nil {
			t.Fatal(err)
		}
		seen, err := thief.setUp()
		ok(t, err)
		err = thief.request(func(r *http.Request, v auth.Visit) error {
			h.reset(t, "lea@example.org")
			_, err := h.auth.ConfirmFactor(r.Context(), h.code(seen.Secret, 0), v)
			return err
		})
		kind(t, err, errs.KindUnauthenticated)
		if h.user("lea@example.org").HasFactor {
			t.Error("the thief owns the second factor")
		}
	})
}

func TestARequestOfAnEndedSessionMakesNoKey(t *testing.T) {
	for name, end := range map[string]func(t *testing.T, h *house, r *http.Request){
		"reset": func(t *testing.T, h *house, _ *http.Request) { h.reset(t, "lea@example.org") },
		"revoked": func(t *testing.T, h *house, r *http.Request) {
			ok(t, h.auth.RevokeSession(r.Context(), auth.From(r.Context()).SessionID, auth.Visit{}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				b := h.browser("192.0.2.1").enter("lea@example.org")
				setup, err := b.setUp()
				ok(t, err)
				ok(t, b.confirm(h.code(setup.Secret, 0)))
				ok(t, b.request(func(r *http.Request, v auth.Visit) error {
					end(t, h, r)
					_, _, err := h.auth.CreateToken(r.Context(), auth.NewToken{Name: "x", Scopes: []string{"read"}, Life: time.Hour}, v)
					kind(t, err, errs.KindUnauthenticated)
					_, err = h.auth.NewRecoveryCodes(r.Context(), v)
					kind(t, err, errs.KindUnauthenticated)
					return nil
				}))
			})
		})
	}
}

// Sign-ins with the old password on one side, its reset on the other, all at
// once: whatever came first, nobody is in by the old password afterwards.
func TestOfSignInsAndAResetAtOnceTheResetWins(t *testing.T) {
	demo := func(c *auth.Config) { c.Demo = true } // no mails about new devices
	eachWith(t, demo, func(t *testing.T, h *house) {
		ok(t, h.sendReset("lea@example.org"))
		token := h.box.last(t, "reset").token()
		thieves := make([]*browser, 8)
		var wg sync.WaitGroup
		for i := range thieves {
			thieves[i] = h.browser(fmt.Sprintf("198.51.100.%d", i))
			wg.Go(func() { _, _ = thieves[i].signIn("lea@example.org", goodPassword) })
			if i == 3 {
				wg.Go(func() {
					if err := h.auth.ResetPassword(ctx(), token, otherPassword, auth.Visit{}); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		for i, b := range thieves {
			if b.actor().Known() {
				t.Errorf("thief %d is in by the old password", i)
			}
		}
	})
}

// What was proved before a change is worth nothing after it, however long the
// request takes.
func TestAChangeBetweenPasswordAndSessionWins(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, h *house, lea auth.User){
		"reset":    func(t *testing.T, h *house, lea auth.User) { h.reset(t, lea.Email) },
		"disabled": func(t *testing.T, h *house, lea auth.User) { ok(t, h.auth.Disable(system(), lea.ID)) },
		"disabled and enabled": func(t *testing.T, h *house, lea auth.User) {
			ok(t, h.auth.Disable(system(), lea.ID))
			ok(t, h.auth.Enable(system(), lea.ID))
		},
		"end of access": func(t *testing.T, h *house, lea auth.User) {
			ok(t, h.auth.SetExpiry(system(), lea.ID, h.clock.Now().Add(time.Minute)))
			h.clock.Advance(time.Minute)
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				b := h.browser("192.0.2.1")
				proved := h.user("lea@example.org")
				err := b.request(func(r *http.Request, v auth.Visit) error {
					change(t, h, proved)
					return h.auth.Open(r.Context(), proved, v)
				})
				kind(t, err, errs.KindUnauthenticated)
				if b.actor().Known() {
					t.Error("in by a password that no longer stands")
				}
				// The same, once the session is made but not saved yet.
				proved = h.user("lea@example.org")
				if !proved.Acts(h.auth.Now()) {
					return
				}
				b = h.browser("192.0.2.1")
				ok(t, b.request(func(r *http.Request, v auth.Visit) error {
					err := h.auth.Open(r.Context(), proved, v)
					ok(t, h.auth.Disable(system(), proved.ID))
					ok(t, h.auth.Enable(system(), proved.ID))
					return err
				}))
				if b.actor().Known() {
					t.Error("in by a session made before a shut-out and saved after")
				}
			})
		})
	}
}

func TestTheSeedOfASecondFactorIsShownToTheBrowserThatAskedForItAlone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ok(t, h.auth.DemandFactor(system(), []auth.Role{"salesperson"}))
		thief, lea := h.browser("198.51.100.7"), h.browser("192.0.2.1")
		for _, b := range []*browser{thief, lea} {
			if step, err := b.signIn("lea@example.org", goodPassword); err != nil || step != auth.StepEnrol {
				t.Fatal(step, err)
			}
		}
		kind(t, lea.confirm("000000"), errs.KindNotFound) // never begun
		his, err := thief.setUp()
		ok(t, err)
		hers, err := lea.setUp()
		ok(t, err)
		again, err := lea.setUp()
		ok(t, err)
		if hers.Secret == his.Secret || again.Secret != hers.Secret {
			t.Errorf("seeds: %v shared, %v stays", hers.Secret == his.Secret, again.Secret == hers.Secret)
		}
		field(t, lea.confirm(h.code(his.Secret, 0)), "code", "auth.error.code")
		ok(t, lea.confirm(h.code(hers.Secret, 0)))
		if !lea.actor().Known() {
			t.Error("not in with the factor set up")
		}
		kind(t, thief.confirm(h.code(his.Secret, 0)), errs.KindUnauthenticated)
		field(t, h.browser("192.0.2.1").owe(t, "lea@example.org").pass(h.code(hers.Secret, 0)), "code", "auth.error.code") // used up by the set-up
	})
}

func TestTheSeedOfASecondFactorEndsSoonAndWithThePassword(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser("192.0.2.1").enter("lea@example.org")
		first, err := b.setUp()
		ok(t, err)
		h.clock.Advance(10 * time.Minute)
		field(t, b.confirm(h.code(first.Secret, 0)), "code", "auth.error.factor_late")
		second, err := b.setUp()
		ok(t, err)
		if second.Secret == first.Secret {
			t.Error("a seed of ten minutes ago is shown again")
		}
		field(t, b.confirm(h.code(first.Secret, 0)), "code", "auth.error.code")
		ok(t, b.request(func(r *http.Request, v auth.Visit) error {
			return h.auth.ChangePassword(r.Context(), goodPassword, otherPassword, v)
		}))
		kind(t, b.confirm(h.code(second.Secret, 0)), errs.KindNotFound)
		third, err := b.setUp()
		ok(t, err)
		if third.Secret == second.Secret {
			t.Error("a seed from before the change of password is shown again")
		}
		ok(t, b.confirm(h.code(third.Secret, 0)))
	})
}
