package auth_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
)

// statements are what one wrong guess at an account asks of the database.
func (h *house) statements(email, ip string) ([]string, error) {
	c, counter := db.WithCounter(ctx())
	_, err := h.auth.Authenticate(c, email, "a wrong guess", auth.Visit{IP: netip.MustParseAddr(ip)})
	return counter.Statements(), err
}

// T-S08: the same work, guess after guess, before and after the limits are reached.
func TestAGuessAtNobodyDoesTheSameWorkAsOneAtSomebody(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		// Somebody else's refusals must not show either.
		for range 8 {
			_, _ = h.statements("other@example.org", "203.0.113.7")
			_, _ = h.statements("admin@example.org", "203.0.113.8")
		}
		for i := range 8 {
			known, one := h.statements("lea@example.org", "198.51.100.1")
			nobody, other := h.statements("nobody@example.org", "198.51.100.2")
			if errs.KindOf(one) != errs.KindOf(other) || !slices.Equal(known, nobody) {
				t.Errorf("guess %d: %v after\n%s\nand for nobody %v after\n%s", i, one, strings.Join(known, "\n"), other, strings.Join(nobody, "\n"))
			}
			if i >= 5 {
				kind(t, one, errs.KindThrottled)
			}
		}
	})
}

func TestAFloodOfGuessesAtManyAddressesWritesFewLinesIntoTheLog(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i := range 100 {
			h.guess(fmt.Sprintf("somebody%d@example.org", i), "198.51.100.7")
		}
		for kindOf, want := range map[string]int{auth.LogSignInFailed: 10, auth.LogSignInThrottled: 5} {
			list, err := h.auth.SecurityLog(system(), auth.LogFilter{Kind: kindOf, Limit: 100})
			ok(t, err)
			if len(list) != want {
				t.Errorf("%d lines %s, want %d", len(list), kindOf, want)
			}
		}
	})
}

// The longest password there may be is as long as what is hashed of what is
// typed: one sign more is another password.
func TestNoMoreIsTypedThanIsCompared(t *testing.T) {
	long := strings.Repeat("𐌰𐌱𐌲𐌳𐌴𐌵𐌶𐌷", 32)
	each(t, func(t *testing.T, h *house) {
		ok(t, h.sendReset("lea@example.org"))
		ok(t, h.auth.ResetPassword(ctx(), h.box.last(t, "reset").token(), long, auth.Visit{}))
		b := h.browser("192.0.2.1")
		if step, err := b.signIn("lea@example.org", long); err != nil || step != auth.StepDone {
			t.Fatal(step, err)
		}
		_, err := h.browser("192.0.2.2").signIn("lea@example.org", long+"x")
		field(t, err, "password", "auth.error.credentials")
		field(t, b.request(func(r *http.Request, v auth.Visit) error { return h.auth.Prove(r.Context(), long+"x", v) }), "password", "auth.error.password_wrong")
	})
}

func TestWhatIsTypedIsCutBetweenSigns(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i, email := range []string{strings.Repeat("a", 1023) + "é", strings.Repeat("€", 2000) + "@example.org", "a\xffb@example.org", "a\x00b@example.org"} {
			v := auth.Visit{IP: netip.AddrFrom4([4]byte{198, 51, 100, byte(i)})}
			_, err := h.auth.Authenticate(ctx(), email, "x", v)
			field(t, err, "password", "auth.error.credentials")
			if id, err := h.auth.AskReset(ctx(), email, v); err != nil || id != "" {
				t.Errorf("a reset for %.20q: %q, %v", email, id, err)
			}
			if key := auth.TypedKey(email); !utf8.ValidString(key) || strings.Contains(key, "\x00") || len(key) > 1030 {
				t.Errorf("%.20q is looked for as %d bytes, text: %v", email, len(key), utf8.ValidString(key))
			}
		}
		for text, want := range map[string]int{strings.Repeat("a", 1023) + "é": 1023, strings.Repeat("a", 1022) + "é": 1024, strings.Repeat("€", 400): 1023, strings.Repeat("𐌰", 256): 1024, strings.Repeat("\xa9", 2000): 1020} {
			if cut := auth.Cut(text); len(cut) != want || !strings.HasPrefix(text, cut) {
				t.Errorf("%.20q is cut to %d bytes, want %d", text, len(cut), want)
			}
		}
		b := h.browser("192.0.2.1")
		b.agent = strings.Repeat("é", 150) + "\xc3" + strings.Repeat("€", 150)
		b.enter("lea@example.org")
		list, err := h.auth.SecurityLog(system(), auth.LogFilter{Kind: auth.LogSignedIn})
		ok(t, err)
		if want := strings.Repeat("é", 150) + strings.Repeat("€", 50); len(list) != 1 || list[0].UserAgent != want {
			t.Errorf("browser %q", list[0].UserAgent)
		}
	})
}

func TestADeviceIsWhatWeMadeOfItAndNobodyElses(t *testing.T) {
	const name = "__Host-unisson-device"
	each(t, func(t *testing.T, h *house) {
		planted := strings.Repeat("p", 43)
		b := h.browser("192.0.2.1")
		b.cookies[name] = &http.Cookie{Name: name, Value: planted}
		value := b.enter("lea@example.org").cookies[name].Value
		if value == planted || len(value) != 43 {
			t.Fatalf("device %q", value)
		}
		if again := b.enter("lea@example.org").cookies[name].Value; again != value {
			t.Error("a device gets a new value at each sign-in")
		}
		// One place has used up its guesses at both accounts.
		for range 10 {
			h.guess("lea@example.org", "198.51.100.7")
			h.guess("admin@example.org", "198.51.100.7")
		}
		from := func(device string) error {
			thief := h.browser("198.51.100.7")
			thief.cookies[name] = &http.Cookie{Name: name, Value: device}
			_, err := thief.signIn("lea@example.org", "a wrong guess")
			return err
		}
		altered := "A" + value[1:]
		if altered == value {
			altered = "B" + value[1:]
		}
		for what, device := range map[string]string{"altered": altered, "planted": planted, "longer": value + "x", "empty": "", "folded": strings.ToUpper(value)} {
			if err := from(device); errs.KindOf(err) != errs.KindThrottled {
				t.Errorf("a device cookie that is %s: %v", what, err)
			}
		}
		kind(t, from(value), errs.KindInvalid) // counted apart
		other := h.browser("198.51.100.7")
		other.cookies[name] = &http.Cookie{Name: name, Value: value}
		if _, err := other.signIn("admin@example.org", goodPassword); errs.KindOf(err) != errs.KindThrottled {
			t.Errorf("one person's device at another's account: %v", err)
		}
		r, err := http.NewRequestWithContext(context.Background(), "GET", "/", nil)
		ok(t, err)
		r.AddCookie(&http.Cookie{Name: name, Value: strings.Repeat("x", 65)})
		if v := h.auth.VisitFrom(r, netip.Addr{}); v.Device != "" {
			t.Error("a device cookie of any length is taken")
		}
	})
}

// A stranger may ask as often as he likes: the mailbox stays quiet, the answer
// does not tell, and an administrator can still help.
func TestAMailboxGetsEightResetsADayAndAnAdministratorCanStillGiveOne(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		lea := h.user("lea@example.org")
		sent := func() (n int) {
			for _, l := range h.box.sent {
				if l.kind == "reset" {
					n++
				}
			}
			return n
		}
		for range 24 {
			for range 4 {
				ok(t, h.sendReset(lea.Email))
			}
			h.clock.Advance(time.Hour - time.Second)
		}
		if sent() != 8 {
			t.Errorf("%d mails within a day, want 8", sent())
		}
		link, err := h.auth.ResetLink(h.as(h.admin), lea.ID)
		ok(t, err)
		ok(t, h.sendReset(lea.Email)) // sends nothing, and ends nothing
		ok(t, h.auth.ResetPassword(ctx(), letter{link: link}.token(), otherPassword, auth.Visit{}))
		if step, err := h.browser("192.0.2.1").signIn(lea.Email, otherPassword); err != nil || step != auth.StepDone {
			t.Errorf("%q, %v", step, err)
		}
		h.clock.Advance(24 * time.Hour)
		ok(t, h.sendReset(lea.Email))
		if sent() != 9 {
			t.Errorf("%d mails after a day, want 9", sent())
		}
	})
}

func TestWrongTokensAreThrottledByAddressAndRightOnesAreNot(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, plain, err := h.auth.CreateTokenFor(system(), h.admin.ID, auth.NewToken{Name: "x", Scopes: []string{"read"}, Life: 48 * time.Hour})
		ok(t, err)
		here, there := auth.Visit{IP: netip.MustParseAddr("198.51.100.7")}, auth.Visit{IP: netip.MustParseAddr("192.0.2.1")}
		right := func(v auth.Visit) {
			t.Helper()
			a, err := h.auth.ResolveToken(ctx(), plain, v)
			if err != nil || a.UserID != h.admin.ID {
				t.Fatalf("a right token: %+v, %v", a, err)
			}
		}
		refused := 0
		for i := range 60 {
			wrong := fmt.Sprintf("uns_%043d", i)
			if i%2 == 1 {
				wrong = "no token at all"
			}
			_, err := h.auth.ResolveToken(ctx(), wrong, here)
			if errs.KindOf(err) == errs.KindThrottled {
				refused++
			} else {
				kind(t, err, errs.KindUnauthenticated)
			}
			right(here)
		}
		if refused != 40 {
			t.Errorf("%d of 60 wrong tokens refused, want 40", refused)
		}
		_, err = h.auth.ResolveToken(ctx(), "uns_x", there)
		kind(t, err, errs.KindUnauthenticated)
		right(there)
		h.clock.Advance(5 * time.Minute)
		_, err = h.auth.ResolveToken(ctx(), "uns_x", here)
		kind(t, err, errs.KindUnauthenticated)
	})
}

func TestTheTokenOfSomebodyShutOutIsRefusedAndIsNoGuess(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		u := h.person("leaving@unisson.test", "marketer").ID
		_, plain, err := h.auth.CreateTokenFor(system(), u, auth.NewToken{Name: "x", Scopes: []string{"read"}, Life: 48 * time.Hour})
		ok(t, err)
		ok(t, h.auth.Disable(system(), u))
		dbtest.Unchanged(t, h.db, func() {
			for range 30 {
				_, err := h.auth.ResolveToken(ctx(), plain, auth.Visit{IP: netip.MustParseAddr("198.51.100.7")})
				kind(t, err, errs.KindUnauthenticated)
			}
		})
	})
}
