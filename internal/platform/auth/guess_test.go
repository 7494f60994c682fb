package auth_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// guess tries a wrong password and tells whether it was evaluated.
func (h *house) guess(email, ip string) bool {
	h.t.Helper()
	_, err := h.auth.Authenticate(ctx(), email, "a wrong guess", auth.Visit{IP: netip.MustParseAddr(ip)})
	if err == nil || (errs.KindOf(err) != errs.KindInvalid && errs.KindOf(err) != errs.KindThrottled) {
		h.t.Fatalf("a guess gave %v", err)
	}
	return errs.KindOf(err) == errs.KindInvalid
}

// mostIn5Minutes gives the greatest number of instants within any 5 minutes.
func mostIn5Minutes(at []time.Time) int {
	most := 0
	for i := range at {
		n := 0
		for _, u := range at[i:] {
			if u.Sub(at[i]) < 5*time.Minute {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// T-S05, first part: 10,000 guesses on one account, from one address and from
// many, at most 10 of them evaluated in any 5 minutes, and the owner gets in.
func TestGuessesOnOneAccountAreThrottledAndItsOwnerIsNotShutOut(t *testing.T) {
	for name, address := range map[string]func(i int) string{
		"one address":    func(int) string { return "198.51.100.7" },
		"many addresses": func(i int) string { return fmt.Sprintf("198.51.%d.%d", i/250%250, i%250) },
		"one IPv6 line":  func(i int) string { return fmt.Sprintf("2001:db8:1:2::%x", i) },
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				guesses := 10_000
				if name != "one address" || h.db.Engine() != db.SQLite {
					guesses = 1_000 // the same code, for the sake of time
				}
				owner := h.browser("192.0.2.1").enter("lea@example.org")
				ok(t, owner.request(func(r *http.Request, v auth.Visit) error { return h.auth.SignOut(r.Context(), v) }))
				var evaluated []time.Time
				for i := range guesses {
					if h.guess("lea@example.org", address(i)) {
						evaluated = append(evaluated, h.clock.Now())
					}
					h.clock.Advance(time.Second)
				}
				if n := mostIn5Minutes(evaluated); n > 10 || n == 0 {
					t.Errorf("%d guesses evaluated within 5 minutes", n)
				}
				// Three hours of guessing grow slower and slower.
				if len(evaluated) > 125 {
					t.Errorf("%d of %d guesses evaluated", len(evaluated), guesses)
				}
				// The owner, in the middle of it: from the browser he has used before …
				if step, err := owner.signIn("lea@example.org", goodPassword); err != nil || step != auth.StepDone {
					t.Errorf("the owner's own browser: %q, %v", step, err)
				}
				// … and, while the guesses come from one place, from any other one.
				if name != "many addresses" {
					if step, err := h.browser("203.0.113.5").signIn("LEA@example.org", goodPassword); err != nil || step != auth.StepDone {
						t.Errorf("the owner from elsewhere: %q, %v", step, err)
					}
				}
				// Not for good: a day later, everybody from everywhere.
				h.clock.Advance(25 * time.Hour)
				h.browser(address(0)).enter("lea@example.org")
			})
		})
	}
}

// T-S05, second part: one guess on each of 10,000 accounts from one address.
func TestOneGuessOnEachOfManyAccountsIsThrottled(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		known := h.browser("198.51.100.7").enter("admin@example.org")
		var evaluated []time.Time
		for i := range 700 {
			if h.guess(fmt.Sprintf("somebody%d@example.org", i), "198.51.100.7") {
				evaluated = append(evaluated, h.clock.Now())
			}
			h.clock.Advance(time.Second)
		}
		if n := mostIn5Minutes(evaluated); n > 10 || n == 0 {
			t.Errorf("%d guesses evaluated within 5 minutes", n)
		}
		// A colleague behind the same address, in his own browser.
		known.enter("admin@example.org")
	})
}

func TestLimitsSurviveARestartAndHoldAgainstManyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		evaluated := 0
		for i := range 40 {
			wg.Go(func() {
				_, err := h.auth.Authenticate(ctx(), "lea@example.org", "a wrong guess", auth.Visit{IP: netip.AddrFrom4([4]byte{198, 51, 100, byte(i)})})
				if errs.KindOf(err) == errs.KindInvalid {
					mu.Lock()
					evaluated++
					mu.Unlock()
				} else if errs.KindOf(err) != errs.KindThrottled {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if evaluated != 10 {
			t.Errorf("%d of 40 guesses at once evaluated, want 10", evaluated)
		}
		again, err := auth.New(h.conf)
		ok(t, err)
		_, err = again.Authenticate(ctx(), "lea@example.org", "a wrong guess", auth.Visit{IP: netip.MustParseAddr("203.0.113.9")})
		kind(t, err, errs.KindThrottled)
	})
}

func TestAFloodOfGuessesWritesFewLinesIntoTheLog(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for range 300 {
			h.guess("lea@example.org", "198.51.100.7")
		}
		for kindOf, want := range map[string]int{auth.LogSignInFailed: 5, auth.LogSignInThrottled: 1} {
			list, err := h.auth.SecurityLog(system(), auth.LogFilter{Kind: kindOf, Limit: 100})
			ok(t, err)
			if len(list) != want {
				t.Errorf("%d lines %s, want %d", len(list), kindOf, want)
			}
		}
	})
}

// T-S08: whatever is wrong, the answer is the same, word for word.
func TestTheAnswerDoesNotTellWhoHasAnAccount(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, err := h.auth.Invite(system(), auth.NewUser{Email: "invited@example.org", GivenName: "In", FamilyName: "Vited", Roles: []auth.Role{"marketer"}})
		ok(t, err)
		ok(t, h.auth.Disable(system(), h.person("gone@example.org", "marketer").ID))
		h.person("guest@example.org", "guest")
		nopass, err := h.auth.CreateUser(system(), auth.NewUser{Email: "nopass@example.org", GivenName: "No", FamilyName: "Pass", Roles: []auth.Role{"marketer"}}, "")
		ok(t, err)
		if nopass.HasPassword {
			t.Error("a password from nowhere")
		}
		h.clock.Advance(25 * time.Hour)
		var first string
		for i, c := range []struct{ email, password string }{
			{"lea@example.org", "wrong"}, {"nobody@example.org", goodPassword}, {"invited@example.org", goodPassword}, {"invited@example.org", ""},
			{"gone@example.org", goodPassword}, {"guest@example.org", goodPassword}, {"nopass@example.org", ""}, {"", ""}, {"not an address", "x"},
			{"lea@example.org' or '1'='1", "x"}, {"lea@example.org", goodPassword + string(make([]byte, 2000))},
		} {
			_, err := h.auth.Authenticate(ctx(), c.email, c.password, auth.Visit{IP: netip.AddrFrom4([4]byte{198, 51, 100, byte(i)})})
			field(t, err, "password", "auth.error.credentials")
			if first == "" {
				first = err.Error()
			}
			if err.Error() != first {
				t.Errorf("%q: %v differs from %v", c.email, err, first)
			}
		}
		before := len(h.box.sent)
		for _, email := range []string{"nobody@example.org", "invited@example.org", "gone@example.org", "guest@example.org", "", "x"} {
			ok(t, h.sendReset(email))
		}
		if len(h.box.sent) != before {
			t.Errorf("mail was sent to %v", h.box.sent[before:])
		}
	})
}
