package notify_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/notify"
)

func TestWhatIsSaidToOnePersonWithinAMinuteIsOneMail(t *testing.T) {
	each(t, "2026-11-24 09:00", func(t *testing.T, h *house) {
		h.tell(said("camille", "un", notify.Direct))
		h.clock.Advance(30 * time.Second)
		h.tell(said("camille", "deux", notify.Direct), said("camille", "en silence", notify.Digest))
		h.work()
		if n := len(h.mails()); n != 0 {
			t.Fatalf("%d mails at once", n)
		}
		h.clock.Advance(2 * time.Minute)
		h.work()
		all := h.mails()
		if len(all) != 1 || all[0].Subject != "2 notifications pour vous" || all[0].To != "camille@exemple.test" || all[0].ToName != "Camille Le Goff" {
			t.Fatalf("%+v", all)
		}
		for _, want := range []string{"Bonjour Camille,", "Nadia a dit un", "Nadia a dit deux", "https://unisson.exemple.test/people/nadia", "https://unisson.exemple.test/me/notifications"} {
			if !strings.Contains(all[0].Text, want) {
				t.Errorf("the mail lacks %q:\n%s", want, all[0].Text)
			}
		}
		if strings.Contains(all[0].Text, "silence") {
			t.Error("the mail says what waits for the digest")
		}
		h.clock.Advance(time.Hour)
		h.work()
		if n := len(h.mails()); n != 1 {
			t.Errorf("%d mails in the end", n)
		}
	})
}

func TestAMailAboutOneNoticeSaysItInItsSubject(t *testing.T) {
	each(t, "2026-11-24 09:00", func(t *testing.T, h *house) {
		n := said("camille", "ligne\r\nBcc: tous@exemple.test "+strings.Repeat("x", 300), notify.Urgent)
		n.Voice = notify.Sales
		h.tell(n)
		h.work()
		all := h.mails()
		if len(all) != 1 || !strings.HasPrefix(all[0].Subject, "Nadia a dit ligne  Bcc: tous@exemple.test xxx") || len([]rune(all[0].Subject)) != 150 {
			t.Fatalf("%+v", all)
		}
	})
}

func TestWhatWasReadBeforeIsNotMailed(t *testing.T) {
	each(t, "2026-11-24 09:00", func(t *testing.T, h *house) {
		h.tell(said("camille", "x", notify.Direct))
		if _, err := h.Open(h.as("camille"), h.inbox("camille", true)[0].ID); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(5 * time.Minute)
		h.work()
		if n := len(h.mails()); n != 0 {
			t.Errorf("%d mails", n)
		}
	})
}

func TestPreferencesDecideWhatIsMailedAtOnce(t *testing.T) {
	each(t, "2026-11-24 07:00", func(t *testing.T, h *house) {
		p := notify.Defaults()
		p.DirectMail, p.Quiet = false, false
		if err := h.SavePreferences(h.as("camille"), p); err != nil {
			t.Fatal(err)
		}
		if got, err := h.Preferences(h.as("camille")); err != nil || got != p {
			t.Errorf("%+v %v", got, err)
		}
		if got, err := h.Preferences(h.as("yann")); err != nil || got != notify.Defaults() {
			t.Errorf("%+v %v", got, err)
		}
		h.tell(said("camille", "direct", notify.Direct), said("camille", "urgent", notify.Urgent))
		h.clock.Advance(5 * time.Minute)
		h.work()
		all := h.mails()
		if len(all) != 1 || all[0].Subject != "Nadia a dit urgent" {
			t.Fatalf("%+v", all)
		}
		// What is not mailed waits for the digest, which does not repeat what was.
		h.clock.Set(paris(t, "2026-11-24 08:00"))
		if n, err := h.Digests(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d digests, %v", n, err)
		}
		h.work()
		if all = h.mails(); len(all) != 2 || !strings.Contains(all[1].Text, "Nadia a dit direct") || strings.Contains(all[1].Text, "urgent") {
			t.Errorf("%+v", all)
		}
	})
}

func TestNothingLeavesInQuietHours(t *testing.T) {
	for _, c := range []struct{ name, start, end string }{
		{"an ordinary night", "2026-11-24 22:00", "2026-11-25 07:00"}, // in UTC
		{"the night of 25 hours", "2026-10-24 22:00", "2026-10-25 07:00"},
		{"the night of 23 hours", "2026-03-28 22:00", "2026-03-29 06:00"},
		{"the first quiet minute", "2026-11-24 19:00", "2026-11-25 07:00"},
		{"the last quiet minute", "2026-11-25 07:59", "2026-11-25 07:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, c.start, func(t *testing.T, h *house) {
				end, err := time.Parse("2006-01-02 15:04", c.end)
				if err != nil {
					t.Fatal(err)
				}
				h.tell(said("camille", "un", notify.Urgent), said("camille", "deux", notify.Direct))
				h.work()
				for h.clock.Now().Before(end) {
					if n := len(h.mails()); n != 0 {
						t.Fatalf("%d mails at %v", n, h.clock.Now())
					}
					h.clock.Set(minTime(h.clock.Now().Add(50*time.Minute), end.Add(-time.Second)))
					h.work()
					if _, err := h.Digests(t.Context()); err != nil {
						t.Fatal(err)
					}
					if h.clock.Now().Equal(end.Add(-time.Second)) {
						break
					}
				}
				if n := len(h.mails()); n != 0 {
					t.Fatalf("%d mails a second before the end", n)
				}
				h.clock.Set(end)
				h.work()
				if all := h.mails(); len(all) != 1 || all[0].Subject != "2 notifications pour vous" {
					t.Errorf("at the end: %+v", all)
				}
			})
		})
	}
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func TestADigestADayAndPersonAcrossTheChangeOfClocks(t *testing.T) {
	for _, start := range []string{"2026-03-27 00:00", "2026-10-23 00:00", "2026-11-20 00:00"} {
		t.Run(start, func(t *testing.T) {
			each(t, start, func(t *testing.T, h *house) {
				days := map[string]int{}
				for step := range 4 * 24 * 4 { // four days of quarters of an hour
					if step%8 == 0 {
						h.tell(said("camille", "x", notify.Digest), said("yann", "x", notify.Digest))
					}
					sent, err := h.Digests(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					if again, err := h.Digests(t.Context()); err != nil || again != 0 {
						t.Fatalf("%d sent again, %v", again, err)
					}
					if sent > 0 {
						for name, zone := range map[string]string{"camille": "Europe/Paris", "yann": "America/Montreal"} {
							loc, err := time.LoadLocation(zone)
							if err != nil {
								t.Fatal(err)
							}
							if now := h.clock.Now().In(loc); now.Hour() == 8 && now.Minute() == 0 {
								days[name+now.Format(" 2006-01-02")]++
							}
						}
					}
					h.clock.Advance(15 * time.Minute)
				}
				h.work()
				all := h.mails()
				if len(all) != len(days) || len(days) < 7 {
					t.Errorf("%d mails, at 8 o’clock of %v", len(all), days)
				}
				for day, n := range days {
					if n != 1 {
						t.Errorf("%d digests on %s", n, day)
					}
				}
			})
		})
	}
}

func TestWhatComesAfterTheHourWaitsForTheNextDigest(t *testing.T) {
	each(t, "2026-11-24 07:00", func(t *testing.T, h *house) {
		h.tell(said("camille", "avant", notify.Digest))
		h.clock.Set(paris(t, "2026-11-24 09:00"))
		h.tell(said("camille", "après", notify.Digest))
		// The program was down at eight: the digest comes at ten and says what there was at eight.
		for _, step := range []struct{ at, says, not string }{
			{"2026-11-24 10:00", "avant", "après"}, {"2026-11-25 07:45", "", ""}, {"2026-11-25 08:00", "après", "avant"},
		} {
			h.clock.Set(paris(t, step.at))
			before := len(h.mails())
			if _, err := h.Digests(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.work()
			all := h.mails()[before:]
			if step.says == "" {
				if len(all) != 0 {
					t.Errorf("%s: %d mails", step.at, len(all))
				}
				continue
			}
			if len(all) != 1 || !strings.Contains(all[0].Text, step.says) || strings.Contains(all[0].Text, step.not) {
				t.Errorf("%s: %+v", step.at, all)
			}
		}
	})
}

func TestTheDigestSaysWhatTheInboxSaysAndNothingElse(t *testing.T) {
	each(t, "2026-11-23 12:00", func(t *testing.T, h *house) {
		a, b, c := said("camille", "un", notify.Digest), said("camille", "deux", notify.Digest), said("camille", "trois", notify.Digest)
		a.Voice, b.Voice = notify.Marketing, notify.Sales
		h.tell(a, b, c, said("yann", "secret", notify.Digest))
		if err := h.MarkRead(h.as("camille"), h.inbox("camille", true)[0].ID, true); err != nil { // the third
			t.Fatal(err)
		}
		h.clock.Set(paris(t, "2026-11-24 08:05"))
		if n, err := h.Digests(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d %v", n, err)
		}
		h.work()
		all := h.mails()
		if len(all) != 1 || all[0].Subject != "Résumé du jour, 24 nov. 2026\u00a0: 2 notifications" || all[0].Lang != "fr" {
			t.Fatalf("%+v", all)
		}
		if !strings.Contains(all[0].Text, "● Nadia a dit un (23 nov. 2026, 12\u00a0h\u00a000)\n  https://unisson.exemple.test/people/nadia\n■ Nadia a dit deux") ||
			strings.Contains(all[0].Text, "trois") || strings.Contains(all[0].Text, "secret") {
			t.Errorf("%s", all[0].Text)
		}
		// The next day has no news, hence no mail; in Montréal the day begins later.
		h.clock.Set(paris(t, "2026-11-25 08:05"))
		if n, err := h.Digests(t.Context()); err != nil || n != 0 {
			t.Errorf("%d digests without news, %v", n, err)
		}
		h.clock.Set(paris(t, "2026-11-25 14:00"))
		if n, err := h.Digests(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d %v", n, err)
		}
		h.work()
		if all = h.mails(); all[1].Subject != "Daily digest, 25 Nov 2026: 1 notification" || !strings.Contains(all[1].Text, "Hello Yann,") {
			t.Errorf("%+v", all[1])
		}
	})
}

func TestManyNoticesMakeOneDigestThatDoesNotComeBack(t *testing.T) {
	each(t, "2026-11-23 12:00", func(t *testing.T, h *house) {
		for range 70 {
			h.tell(said("camille", "x", notify.Digest))
		}
		for _, day := range []string{"2026-11-24 08:00", "2026-11-25 08:00"} {
			h.clock.Set(paris(t, day))
			if _, err := h.Digests(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		h.work()
		all := h.mails()
		if len(all) != 1 || strings.Count(all[0].Text, "Nadia a dit x") != 50 || !strings.Contains(all[0].Text, "Il y en a d’autres") {
			t.Errorf("%d mails", len(all))
		}
	})
}

func TestWhoMayNotSignInIsToldNothing(t *testing.T) {
	each(t, "2026-11-23 12:00", func(t *testing.T, h *house) {
		for name, change := range map[string]string{
			"anne": `update users set status = 'disabled' where id = $1`, "marc": `update users set status = 'invited' where id = $1`,
			"guest": `update users set expires_at = created_at where id = $1`,
		} {
			h.person(name, "en", "Europe/Paris")
			h.exec(change, name)
			h.tell(said(name, "x", notify.Urgent), said(name, "y", notify.Digest))
		}
		off := notify.Defaults()
		off.Digest = false
		if err := h.SavePreferences(h.as("camille"), off); err != nil {
			t.Fatal(err)
		}
		h.tell(said("camille", "x", notify.Digest))
		h.clock.Set(paris(t, "2026-11-24 09:00"))
		h.work()
		if n, err := h.Digests(t.Context()); err != nil || n != 0 || len(h.mails()) != 0 {
			t.Errorf("%d digests, %d mails, %v", n, len(h.mails()), err)
		}
	})
}

func TestADigestHourInTheQuietHoursWaitsForTheirEnd(t *testing.T) {
	each(t, "2026-11-23 12:00", func(t *testing.T, h *house) {
		p := notify.Preferences{Digest: true, DigestHour: 23, DirectMail: true, Quiet: true, QuietFrom: 21 * 60, QuietTo: 6*60 + 30}
		if err := h.SavePreferences(h.as("camille"), p); err != nil {
			t.Fatal(err)
		}
		h.tell(said("camille", "x", notify.Digest))
		for h.clock.Set(paris(t, "2026-11-23 21:00")); ; h.clock.Advance(15 * time.Minute) {
			n, err := h.Digests(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if n > 0 {
				break
			}
		}
		if got := h.clock.Now(); !got.Equal(paris(t, "2026-11-24 06:30")) {
			t.Errorf("it left at %v", got)
		}
	})
}

func TestManyProcessesSendOneDigestAndOneMail(t *testing.T) {
	each(t, "2026-11-24 07:30", func(t *testing.T, h *house) {
		for range 5 {
			h.tell(said("camille", "x", notify.Digest), said("camille", "y", notify.Urgent))
		}
		h.clock.Set(paris(t, "2026-11-24 08:30"))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_ = h.Tell(context.Background(), "camille") // losing the race is an error that a job tries again
				_, _ = h.Digests(context.Background())
			})
		}
		wg.Wait()
		if err := h.Tell(t.Context(), "camille"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Digests(t.Context()); err != nil {
			t.Fatal(err)
		}
		lines := 0
		for _, m := range h.mails() {
			lines += strings.Count(m.Text, "Nadia a dit")
		}
		if n := len(h.mails()); lines != 10 || n > 2 {
			t.Errorf("%d mails with %d lines", n, lines)
		}
	})
}

func TestWhatMayNoLongerBeSeenIsNotSent(t *testing.T) {
	each(t, "2026-11-24 09:00", func(t *testing.T, h *house) {
		s, err := notify.New(h.d, notify.Config{Bundle: h.bundle, Mail: h.mail, MaySee: func(_ context.Context, _ db.Reader, _ string, items []notify.Item) ([]notify.Item, error) {
			var left []notify.Item
			for _, it := range items {
				if it.Params["what"] != "secret" {
					left = append(left, it)
				}
			}
			return left, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		h.tell(said("camille", "secret", notify.Urgent), said("camille", "ouvert", notify.Urgent), said("camille", "secret", notify.Digest))
		if err := s.Tell(t.Context(), "camille"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Digests(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.work()
		all := h.mails()
		if len(all) != 1 || strings.Contains(all[0].Text+all[0].Subject, "secret") {
			t.Errorf("%+v", all)
		}
		if page, _, err := s.Inbox(h.as("camille"), false, "", 10); err != nil || len(page) != 1 {
			t.Errorf("%d shown, %v", len(page), err)
		}
	})
}

func TestTheScheduleSendsDigestsByItself(t *testing.T) {
	each(t, "2026-11-24 07:50", func(t *testing.T, h *house) {
		h.tell(said("camille", "x", notify.Digest))
		h.work()
		h.clock.Set(paris(t, "2026-11-24 08:01"))
		h.work()
		if n := len(h.mails()); n != 1 {
			t.Errorf("%d mails", n)
		}
	})
}
