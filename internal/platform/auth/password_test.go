package auth_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/secret"
)

// T-S10
func TestPasswordsThatGuessingTriesFirstAreRefused(t *testing.T) {
	about := []string{"Yann", "Le Goff", "yann.legoff@rivaline.example"}
	for password, want := range map[string]string{
		"":                              "errors.required",
		"court12":                       "auth.error.password_short",
		"éàüöïç1":                       "auth.error.password_short",
		strings.Repeat("a very ", 37):   "errors.too_long",
		"password":                      "auth.error.password_common",
		"Password1!":                    "auth.error.password_common",
		"P@ssw0rd2026":                  "auth.error.password_common",
		"motdepasse":                    "auth.error.password_common",
		"MotDePasse2026!":               "auth.error.password_common",
		"azertyuiop":                    "auth.error.password_common",
		"Azerty123!":                    "auth.error.password_common",
		"qwerty123456":                  "auth.error.password_common",
		"12345678":                      "auth.error.password_common",
		"19870412":                      "auth.error.password_common",
		"06 12 34 56":                   "auth.error.password_common",
		"aaaaaaaaaaaa":                  "auth.error.password_common",
		"abababababab":                  "auth.error.password_common",
		"abcdefgh1":                     "auth.error.password_common",
		"bonjourbonjour":                "auth.error.password_common",
		"correct horse battery staple":  "auth.error.password_common",
		"Été2026!":                      "auth.error.password_common",
		"Marketing2026":                 "auth.error.password_common",
		"yannlegoff":                    "auth.error.password_about_you",
		"LeGoff!2026":                   "auth.error.password_about_you",
		"Rivaline42!":                   "auth.error.password_about_you",
		"quatre mots sans rapport":      "",
		"yann aime la confiture d’août": "",
		"tr0ub4dor&3":                   "",
		"k7#pQ2vL":                      "",
		"ромашка и гроза":               "",
		strings.Repeat("é!ok, ", 42):    "",
	} {
		if got := auth.CheckPassword(password, about...); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

func TestPasswordHashesAreKeyedSaltedAndCostly(t *testing.T) {
	h, other := auth.NewHasher(secret.Generate()), auth.NewHasher(secret.Generate())
	a, err := h.Hash(ctx(), "café noir et pluie")
	ok(t, err)
	b, err := h.Hash(ctx(), "café noir et pluie")
	ok(t, err)
	if a == b || !strings.HasPrefix(a, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hashes %s and %s", a, b)
	}
	for _, c := range []struct {
		name, hash, password string
		right                bool
	}{
		{"the password", a, "café noir et pluie", true},
		{"its accent typed apart", a, "cafe\u0301 noir et pluie", true},
		{"another one", a, "cafe noir et pluie", false},
		{"no hash", "", "café noir et pluie", false},
		{"no hash, no password", "", "", false},
	} {
		if right, stale, err := h.Verify(ctx(), c.hash, c.password); err != nil || right != c.right || stale {
			t.Errorf("%s: %v %v %v", c.name, right, stale, err)
		}
	}
	if right, _, err := other.Verify(ctx(), a, "café noir et pluie"); err != nil || right {
		t.Errorf("without the key file: %v, %v", right, err)
	}
	for _, bad := range []string{"x", "$argon2id$v=19$m=9999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + strings.Repeat("A", 43), "$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA",
		"$argon2id$v=19$m=19456,t=2$AAAA$AAAA", "$argon2id$v=19$m=19456,t=2,p=1$*$AAAA"} {
		if right, _, err := h.Verify(ctx(), bad, "x"); err == nil || right {
			t.Errorf("%s: %v, %v", bad, right, err)
		}
	}
	cancelled, cancel := context.WithCancel(ctx())
	cancel()
	h.Fill()
	if _, err := h.Hash(cancelled, "x"); errs.KindOf(err) != errs.KindUnavailable {
		t.Errorf("a cancelled request waits: %v", err)
	}
}

// T-S10: sign-ins wait for each other instead of taking the machine's memory.
func TestFewPasswordsAreHashedAtOnce(t *testing.T) {
	h := auth.NewHasher(secret.Generate())
	var wg sync.WaitGroup
	for range 3 * h.Slots() {
		wg.Go(func() {
			if _, err := h.Hash(ctx(), "x"); err != nil {
				t.Error(err)
			}
			if h.Busy() > h.Slots() {
				t.Error("more hashes at once than allowed")
			}
		})
	}
	wg.Wait()
	if h.Slots() > 64 {
		t.Errorf("%d hashes of 19 MiB at once", h.Slots())
	}
}

func TestAHashOfOldCostIsMadeAnewAtTheNextSignIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		lea := h.user("lea@example.org")
		h.auth.WeakenHash(t, h.db, lea.ID, goodPassword)
		h.browser("192.0.2.1").enter("lea@example.org")
		if hash := auth.StoredHash(t, h.db, lea.ID); !strings.Contains(hash, "m=19456,t=2,p=1") {
			t.Errorf("hash %s", hash)
		}
		h.browser("192.0.2.1").enter("lea@example.org")
		h.clock.Advance(time.Minute)
	})
}
