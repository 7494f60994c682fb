package notify_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/mail"
	"unisson/internal/platform/notify"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// house is a small installation with a clock of its own.
type house struct {
	*notify.Service
	t      *testing.T
	d      *db.DB
	clock  *clock.Fake
	mail   *mail.Service
	runner *jobs.Runner
	bundle *i18n.Bundle
}

// kinds are the messages of the notices of these tests.
var kinds = fstest.MapFS{
	"locales/en.json": {Data: []byte(`{"test":{"said":"{{.who}} said {{.what}}","due":"{{.what}} is due on {{.due_at}}","day":"Closed on {{.closed_on}}","leads":{"one":"{{.count}} lead","other":"{{.count}} leads"}}}`)},
	"locales/fr.json": {Data: []byte(`{"test":{"said":"{{.who}} a dit {{.what}}","due":"{{.what}} est à rendre le {{.due_at}}","day":"Fermé le {{.closed_on}}","leads":{"one":"{{.count}} lead","many":"{{.count}} de leads","other":"{{.count}} leads"}}}`)},
}

func build(t *testing.T, d *db.DB, now *clock.Fake) *house {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	h := &house{t: t, d: d, clock: now, bundle: i18n.MustLoad(kinds, mail.Locales(), notify.Locales())}
	reg := jobs.NewRegistry()
	var err error
	h.mail, err = mail.New(d, func(ctx context.Context, tx db.Tx, job mail.SendJob) error {
		_, err := jobs.Insert(ctx, tx, job, jobs.Opts{Queue: "mail"})
		return err
	}, mail.Config{Bundle: h.bundle, PublicURL: "https://unisson.exemple.test", Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	if h.Service, err = notify.New(d, notify.Config{Bundle: h.bundle, Mail: h.mail, Logger: quiet}); err != nil {
		t.Fatal(err)
	}
	if err := h.Register(reg); err != nil {
		t.Fatal(err)
	}
	jobs.Register(reg, func(ctx context.Context, job *jobs.Job[mail.SendJob]) error {
		return h.mail.Deliver(ctx, job.Args.MailID)
	})
	h.runner = jobs.NewRunner(d, reg, jobs.Config{})
	h.person("camille", "fr", "Europe/Paris")
	h.person("yann", "en", "America/Montreal")
	return h
}

// each runs a test on both engines from a moment of Paris on.
func each(t *testing.T, start string, fn func(t *testing.T, h *house)) {
	t.Helper()
	now := clock.NewFake(paris(t, start))
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		now.Set(paris(t, start))
		fn(t, build(t, d, now))
	})
}

// paris reads a moment of Paris, "2026-11-24 09:00"; a moment lived twice is the first.
func paris(t *testing.T, s string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func (h *house) write(fn func(ctx context.Context, tx db.Tx) error) {
	h.t.Helper()
	if err := h.d.Write(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

func (h *house) person(name, lang, zone string) {
	h.t.Helper()
	now := db.At(h.clock.Now())
	h.exec(`insert into users (id, email, email_key, given_name, family_name, name_key, sort_key, status, language, time_zone, created_at, updated_at)
		values ($1, $2, $2, $3, 'Le Goff', $1, $1, 'active', $4, $5, $6, $6)`, name, name+"@exemple.test", strings.ToUpper(name[:1])+name[1:], lang, zone, now)
}

// as is the context of somebody who is signed in.
func (h *house) as(name string) context.Context {
	return auth.With(h.t.Context(), auth.NewActor(auth.Actor{Kind: auth.Person, UserID: name, Name: name}, nil))
}

func (h *house) tell(notices ...notify.Notice) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx db.Tx) error { return h.Notify(ctx, tx, notices...) })
}

func said(to, what string, u notify.Urgency) notify.Notice {
	return notify.Notice{UserID: to, Kind: "test.said", Params: map[string]any{"who": "Nadia", "what": what}, URL: "/people/nadia", Urgency: u}
}

// work runs the jobs that are due.
func (h *house) work() {
	h.t.Helper()
	if _, err := h.runner.Work(auth.AsSystem(h.t.Context())); err != nil {
		h.t.Fatal(err)
	}
}

// mails are those sent so far, oldest first.
func (h *house) mails() []mail.Mail {
	h.t.Helper()
	var all []mail.Mail
	if err := h.d.Read(h.t.Context(), func(ctx context.Context, r db.Reader) error {
		list, err := h.mail.Outbox(ctx, r, "", 1000)
		for i := len(list) - 1; i >= 0 && err == nil; i-- {
			var m mail.Mail
			m, err = h.mail.Message(ctx, r, list[i].ID)
			all = append(all, m)
		}
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return all
}

func (h *house) unread(name string) int {
	h.t.Helper()
	var n int
	if err := h.d.Read(h.t.Context(), func(ctx context.Context, r db.Reader) (err error) {
		n, err = h.Unread(ctx, r, name)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *house) inbox(name string, unreadOnly bool) []notify.Item {
	h.t.Helper()
	var all []notify.Item
	for after := ""; ; {
		page, next, err := h.Inbox(h.as(name), unreadOnly, after, 3)
		if err != nil {
			h.t.Fatal(err)
		}
		if all = append(all, page...); next == "" {
			return all
		}
		after = next
	}
}

func TestANoticeStandsInTheInboxOfItsPerson(t *testing.T) {
	each(t, "2026-11-24 09:00", func(t *testing.T, h *house) {
		for i := range 8 {
			h.tell(said("camille", fmt.Sprint(i), notify.Digest))
		}
		h.tell(said("yann", "x", notify.Digest))
		list := h.inbox("camille", true)
		if len(list) != 8 || h.unread("camille") != 8 || h.unread("yann") != 1 {
			t.Fatalf("%d in the inbox, %d unread", len(list), h.unread("camille"))
		}
		fr := i18n.With(t.Context(), h.bundle.For("fr", time.UTC))
		if got := h.Sentence(fr, list[0]); got != "Nadia a dit 7" {
			t.Errorf("the newest says %q", got)
		}
		h.clock.Advance(time.Hour)
		it, err := h.Open(h.as("camille"), list[0].ID)
		if err != nil || it.URL != "/people/nadia" || h.unread("camille") != 7 || len(h.inbox("camille", true)) != 7 || len(h.inbox("camille", false)) != 8 {
			t.Errorf("%+v %v", it, err)
		}
		for _, mark := range []struct {
			read bool
			left int
		}{{false, 8}, {true, 7}, {true, 7}} {
			if err := h.MarkRead(h.as("camille"), list[0].ID, mark.read); err != nil || h.unread("camille") != mark.left {
				t.Errorf("read %v: %v, %d left", mark.read, err, h.unread("camille"))
			}
		}
		h.clock.Advance(time.Hour)
		at, n, err := h.MarkAllRead(h.as("camille"))
		if err != nil || n != 7 || h.unread("camille") != 0 || h.unread("yann") != 1 {
			t.Errorf("%d marked, %v", n, err)
		}
		if err := h.UndoAllRead(h.as("camille"), at); err != nil || h.unread("camille") != 7 {
			t.Errorf("%v, %d unread after the undo", err, h.unread("camille"))
		}
		if at, n, err := h.MarkAllRead(h.as("nobody")); err != nil || n != 0 || !at.IsZero() {
			t.Errorf("%v %d %v", at, n, err)
		}
	})
}

func TestNobodyReachesTheInboxOfSomebodyElse(t *testing.T) {
	each(t, "2026-11-24 09:00", func(t *testing.T, h *house) {
		h.tell(said("camille", "x", notify.Digest))
		id := h.inbox("camille", true)[0].ID
		at, _, err := h.MarkAllRead(h.as("camille"))
		if err != nil {
			t.Fatal(err)
		}
		before := dbtest.Dump(t, h.d)
		_, open := h.Open(h.as("yann"), id)
		for what, err := range map[string]error{
			"open": open, "read": h.MarkRead(h.as("yann"), id, true), "unread": h.MarkRead(h.as("yann"), id, false), "undo": h.UndoAllRead(h.as("yann"), at),
		} {
			if !errs.Is(err, errs.KindNotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		_, _, list := h.Inbox(t.Context(), false, "", 10)
		_, prefs := h.Preferences(auth.AsSystem(t.Context()))
		for what, err := range map[string]error{"inbox": list, "preferences of the program": prefs, "save": h.SavePreferences(t.Context(), notify.Defaults())} {
			if !errs.Is(err, errs.KindUnauthenticated) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if dbtest.Dump(t, h.d) != before {
			t.Error("a refused act changed the database")
		}
	})
}

func TestUnreadStopsCountingAtAHundred(t *testing.T) {
	each(t, "2026-11-24 09:00", func(t *testing.T, h *house) {
		var many []notify.Notice
		for i := range 130 {
			many = append(many, said("camille", fmt.Sprint(i), notify.Digest))
		}
		h.tell(many...)
		if n := h.unread("camille"); n != notify.MostUnread {
			t.Errorf("%d", n)
		}
	})
}

func TestOneKeyIsOneNoticeForAPerson(t *testing.T) {
	each(t, "2026-11-24 09:00", func(t *testing.T, h *house) {
		n := said("camille", "x", notify.Direct)
		n.Key = "invitation 7"
		h.tell(n, n)
		h.tell(n)
		n.UserID = "yann"
		h.tell(n)
		h.clock.Advance(5 * time.Minute)
		h.work()
		if h.unread("camille") != 1 || h.unread("yann") != 1 || len(h.mails()) != 1 { // it is night in Montréal
			t.Errorf("%d and %d unread, %d mails", h.unread("camille"), h.unread("yann"), len(h.mails()))
		}
	})
}

func TestANoticeThatCouldNotBeShownFailsItsTransaction(t *testing.T) {
	each(t, "2026-11-24 09:00", func(t *testing.T, h *house) {
		before := dbtest.Dump(t, h.d)
		for name, change := range map[string]func(*notify.Notice){
			"unknown kind":             func(n *notify.Notice) { n.Kind = "test.none" },
			"nobody":                   func(n *notify.Notice) { n.UserID = "" },
			"unknown urgency":          func(n *notify.Notice) { n.Urgency = "now" },
			"address elsewhere":        func(n *notify.Notice) { n.URL = "https://evil.test" },
			"address without scheme":   func(n *notify.Notice) { n.URL = "//evil.test" },
			"no address":               func(n *notify.Notice) { n.URL = "" },
			"a struct as parameter":    func(n *notify.Notice) { n.Params["who"] = struct{}{} },
			"an instant without _at":   func(n *notify.Notice) { n.Params["who"] = db.At(h.clock.Now()) },
			"more than a notice takes": func(n *notify.Notice) { n.Params["who"] = strings.Repeat("x", 5000) },
		} {
			n := said("camille", "x", notify.Digest)
			change(&n)
			if err := h.d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error { return h.Notify(ctx, tx, n) }); err == nil {
				t.Errorf("%s: accepted", name)
			}
		}
		if dbtest.Dump(t, h.d) != before {
			t.Error("a refused notice changed the database")
		}
	})
}

func TestSentencesAreWrittenForTheirReader(t *testing.T) {
	each(t, "2026-11-24 09:00", func(t *testing.T, h *house) {
		h.tell(
			notify.Notice{UserID: "camille", Kind: "test.due", URL: "/a", Params: map[string]any{"what": "Le devis", "due_at": db.At(h.clock.Now())}},
			notify.Notice{UserID: "camille", Kind: "test.day", URL: "/b", Params: map[string]any{"closed_on": "2026-12-25"}},
			notify.Notice{UserID: "camille", Kind: "test.leads", URL: "/c", Params: map[string]any{"count": 1_000_000}},
		)
		list := h.inbox("camille", true)
		fr := i18n.With(t.Context(), h.bundle.For("fr", paris(t, "2026-01-01 00:00").Location()))
		en := i18n.With(t.Context(), h.bundle.For("en", time.UTC))
		for i, want := range [][2]string{
			{"1\u202f000\u202f000 de leads", "1,000,000 leads"}, {"Fermé le 25 déc. 2026", "Closed on 25 Dec 2026"},
			{"Le devis est à rendre le 24 nov. 2026, 9\u00a0h\u00a000", "Le devis is due on 24 Nov 2026, 8:00"},
		} {
			if got := h.Sentence(fr, list[i]); got != want[0] {
				t.Errorf("got %q, want %q", got, want[0])
			}
			if got := h.Sentence(en, list[i]); got != want[1] {
				t.Errorf("got %q, want %q", got, want[1])
			}
		}
	})
}

func TestThePrivacyHolderExportsAndForgetsAPerson(t *testing.T) {
	each(t, "2026-11-24 09:00", func(t *testing.T, h *house) {
		h.tell(said("camille", "confidence", notify.Digest), said("yann", "other", notify.Digest))
		if err := h.SavePreferences(h.as("camille"), notify.Defaults()); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := h.d.Read(t.Context(), func(ctx context.Context, r db.Reader) error { return h.Holder().Export(ctx, r, "camille", &out) }); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "confidence") || strings.Contains(out.String(), "other") {
			t.Errorf("%s", out.String())
		}
		h.write(func(ctx context.Context, tx db.Tx) error { return h.Holder().Erase(ctx, tx, "camille") })
		if h.unread("camille") != 0 || h.unread("yann") != 1 || strings.Contains(dbtest.Dump(t, h.d), "confidence") {
			t.Error("something of the person is left, or of another one is gone")
		}
	})
}

func TestSweepForgetsWhatIsOlderThanAYear(t *testing.T) {
	each(t, "2026-11-24 09:00", func(t *testing.T, h *house) {
		h.tell(said("camille", "old", notify.Digest))
		h.clock.Advance(366 * 24 * time.Hour)
		h.tell(said("camille", "new", notify.Digest))
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if list := h.inbox("camille", false); len(list) != 1 || list[0].Params["what"] != "new" {
			t.Errorf("%+v", list)
		}
	})
}

func TestMessagesAreCompleteInBothLanguages(t *testing.T) {
	for _, f := range i18n.Check(notify.Locales()) {
		t.Error(f)
	}
}
