package mail_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/mail"
	"unisson/internal/platform/secret"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// queue keeps the jobs that Send planned.
type queue struct {
	mu   sync.Mutex
	jobs []mail.SendJob
}

func (q *queue) enqueue(_ context.Context, tx db.Tx, job mail.SendJob) error {
	tx.AfterCommit(func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.jobs = append(q.jobs, job)
	})
	return nil
}

func (q *queue) all() []mail.SendJob {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.jobs)
}

func service(t *testing.T, d *db.DB, q *queue, set func(*mail.Config)) *mail.Service {
	t.Helper()
	c := mail.Config{
		From: "Unisson <unisson@exemple.test>", PublicURL: "https://unisson.exemple.test", Bundle: i18n.MustLoad(mail.Locales()),
		Timeout: 5 * time.Second, Logger: slog.New(slog.DiscardHandler),
	}
	if set != nil {
		set(&c)
	}
	s, err := mail.New(d, q.enqueue, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func relayed(url string) func(*mail.Config) { return func(c *mail.Config) { c.Relay = url } }

func reset() mail.Message {
	return mail.Message{
		To: "zoe@exemple.test", ToName: "Zoé Le Goff", Lang: "fr", Subject: "Votre nouveau mot de passe", Kind: "access.reset",
		Letter: &mail.Letter{
			Greeting: "Bonjour Zoé,", Paragraphs: []string{"Vous avez demandé un nouveau mot de passe."},
			Action: &mail.Action{Label: "Choisir un mot de passe", URL: "/reset/jeton-secret"}, After: []string{"Ce lien sert une fois."},
		},
	}
}

// send plans a message and gives its job.
func send(t *testing.T, d *db.DB, s *mail.Service, q *queue, m mail.Message) string {
	t.Helper()
	before := len(q.all())
	if err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error { return s.Send(ctx, tx, m) }); err != nil {
		t.Fatal(err)
	}
	jobs := q.all()
	if len(jobs) != before+1 {
		t.Fatalf("%d jobs planned", len(jobs)-before)
	}
	return jobs[before].MailID
}

func read(t *testing.T, d *db.DB, s *mail.Service, id string) mail.Mail {
	t.Helper()
	var m mail.Mail
	if err := d.Read(t.Context(), func(ctx context.Context, r db.Reader) (err error) {
		m, err = s.Message(ctx, r, id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAMailReachesTheRelayAndItsTextsAreEmptied(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		srv, q := serve(t, nil), &queue{}
		s := service(t, d, q, relayed(srv.url))
		id := send(t, d, s, q, reset())
		if err := s.Deliver(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		m := read(t, d, s, id)
		if m.State != mail.Accepted || m.Tries != 1 || m.Answer == "" || m.HandedAt.IsZero() || m.EndedAt.IsZero() || m.Text != "" || m.HTML != "" {
			t.Errorf("%+v", m)
		}
		if dump := dbtest.Dump(t, d); strings.Contains(dump, "jeton-secret") {
			t.Error("the link is still in the database")
		}
		got := srv.received()
		if len(got) != 1 || got[0].from != "unisson@exemple.test" || got[0].to != "zoe@exemple.test" {
			t.Fatalf("the relay got %+v", got)
		}
		letter, err := netmail.ReadMessage(strings.NewReader(got[0].raw))
		if err != nil {
			t.Fatal(err)
		}
		words := new(mime.WordDecoder)
		subject, _ := words.DecodeHeader(letter.Header.Get("Subject"))
		to, _ := words.DecodeHeader(letter.Header.Get("To"))
		for name, pair := range map[string][2]string{
			"Subject": {subject, "Votre nouveau mot de passe"}, "To": {to, "Zoé Le Goff <zoe@exemple.test>"},
			"Message-ID":     {letter.Header.Get("Message-ID"), "<" + id + "@exemple.test>"},
			"Auto-Submitted": {letter.Header.Get("Auto-Submitted"), "auto-generated"}, "Content-Language": {letter.Header.Get("Content-Language"), "fr"},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: got %q, want %q", name, pair[0], pair[1])
			}
		}
		text, html := parts(t, letter)
		for _, want := range []string{"Bonjour Zoé,", "https://unisson.exemple.test/reset/jeton-secret", "Choisir un mot de passe\u00a0:", "(unisson.exemple.test)"} {
			if !strings.Contains(text, want) {
				t.Errorf("the text lacks %q:\n%s", want, text)
			}
		}
		for _, want := range []string{`<html lang="fr">`, `href="https://unisson.exemple.test/reset/jeton-secret"`, "prefers-color-scheme: dark", "●", "■", "max-width:600px"} {
			if !strings.Contains(html, want) {
				t.Errorf("the HTML lacks %q", want)
			}
		}
		if err := s.Deliver(t.Context(), id); err != nil || len(srv.received()) != 1 {
			t.Errorf("a second delivery: %v, %d mails", err, len(srv.received()))
		}
	})
}

// parts gives the text and the HTML of a mail; the text must come first.
func parts(t *testing.T, letter *netmail.Message) (text, html string) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(letter.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s %v", kind, err)
	}
	r := multipart.NewReader(letter.Body, params["boundary"])
	var got []string
	for _, want := range []string{"text/plain", "text/html"} {
		p, err := r.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(p.Header.Get("Content-Type"), want) {
			t.Errorf("part of kind %s, want %s", p.Header.Get("Content-Type"), want)
		}
		var body io.Reader = p
		switch p.Header.Get("Content-Transfer-Encoding") {
		case "quoted-printable":
			body = quotedprintable.NewReader(p)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, p)
		}
		all, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(all))
	}
	return got[0], got[1]
}

func TestARolledBackChangeSendsNoMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := &queue{}
		s := service(t, d, q, nil)
		boom := errors.New("boom")
		err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
			if err := s.Send(ctx, tx, reset()); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) || len(q.all()) != 0 || len(outbox(t, d, s)) != 0 {
			t.Errorf("%v, %d jobs, %d mails", err, len(q.all()), len(outbox(t, d, s)))
		}
	})
}

func outbox(t *testing.T, d *db.DB, s *mail.Service, states ...mail.State) []mail.Mail {
	t.Helper()
	var all []mail.Mail
	if err := d.Read(t.Context(), func(ctx context.Context, r db.Reader) error {
		after := ""
		for {
			page, err := s.Outbox(ctx, r, after, 2, states...)
			if err != nil || len(page) == 0 {
				return err
			}
			all, after = append(all, page...), page[len(page)-1].ID
		}
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestOneKeyIsOneMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := &queue{}
		s := service(t, d, q, nil)
		m := reset()
		m.Key = "digest 2026-11-24 u1"
		send(t, d, s, q, m)
		m.Subject = "another"
		if err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error { return s.Send(ctx, tx, m) }); err != nil {
			t.Fatal(err)
		}
		if all := outbox(t, d, s); len(all) != 1 || all[0].Subject != "Votre nouveau mot de passe" || len(q.all()) != 1 {
			t.Errorf("%d mails, %d jobs", len(all), len(q.all()))
		}
	})
}

func TestWithoutARelayMailsAreKeptReadable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q, keys := &queue{}, secret.Generate()
		s := service(t, d, q, func(c *mail.Config) { c.Vault = keys })
		var ids []string
		for range 5 {
			ids = append(ids, send(t, d, s, q, reset()))
		}
		if err := s.Deliver(t.Context(), ids[4]); err != nil {
			t.Fatal(err)
		}
		m := read(t, d, s, ids[4])
		if m.State != mail.Kept || !strings.Contains(m.Text, "jeton-secret") || !strings.Contains(m.HTML, "jeton-secret") || s.HasRelay() {
			t.Errorf("%+v", m)
		}
		if strings.Contains(dbtest.Dump(t, d), "jeton-secret") {
			t.Error("the texts are stored unsealed")
		}
		all := outbox(t, d, s)
		if len(all) != 5 || all[0].ID != ids[4] || all[4].ID != ids[0] || all[0].Text != "" {
			t.Errorf("the mailbox lists %d mails", len(all))
		}
		if got := outbox(t, d, s, mail.Planned, mail.Claimed); len(got) != 4 {
			t.Errorf("%d planned", len(got))
		}
		// Once a relay is set, the mail page shows no text any more.
		if m := read(t, d, service(t, d, q, func(c *mail.Config) { c.Vault, c.Relay = keys, "smtp://127.0.0.1:1" }), ids[0]); m.Text != "" || m.HTML != "" {
			t.Error("a waiting mail shows its link while a relay is set")
		}
		// Another key file opens nothing, and says so instead of sending rubbish.
		other := service(t, d, q, func(c *mail.Config) { c.Vault = secret.Generate() })
		if err := other.Deliver(t.Context(), ids[0]); err != nil {
			t.Fatal(err)
		}
		if got := outbox(t, d, s, mail.Failed); len(got) != 1 || !strings.Contains(got[0].Answer, "key file") {
			t.Errorf("%+v", got)
		}
	})
}

func TestWhatWouldBreakAHeaderIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := &queue{}
		s := service(t, d, q, nil)
		before := dbtest.Dump(t, d)
		for name, change := range map[string]func(*mail.Message, string){
			"to":              func(m *mail.Message, v string) { m.To = "a@b.test" + v },
			"to_name":         func(m *mail.Message, v string) { m.ToName = "Zoé" + v },
			"subject":         func(m *mail.Message, v string) { m.Subject = "x" + v },
			"kind":            func(m *mail.Message, v string) { m.Kind = "x" + v },
			"key":             func(m *mail.Message, v string) { m.Key = "x" + v },
			"lang":            func(m *mail.Message, v string) { m.Lang = "fr" + v },
			"unsubscribe_url": func(m *mail.Message, v string) { m.UnsubscribeURL = "https://x.test/" + v },
		} {
			for _, v := range []string{"\r\nBcc: all@b.test", "\nX: y", "\r", "\u2028x", "\u0085", "\x00", "\xff"} {
				m := reset()
				change(&m, v)
				err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error { return s.Send(ctx, tx, m) })
				if fields := errs.FieldsOf(err); len(fields) != 1 || fields[0].Name != name || fields[0].Code != "mail.errors.line_break" {
					t.Errorf("%s with %q: %v", name, v, err)
				}
			}
		}
		for _, to := range []string{"", "zoe", "zoe@", "@b.test", "Zoé <zoe@b.test>", "a@b.test, c@d.test", `"a b"@c.test`, "<a@b.test>", "a@b..test"} {
			m := reset()
			m.To = to
			err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error { return s.Send(ctx, tx, m) })
			if fields := errs.FieldsOf(err); len(fields) != 1 || fields[0].Code != "mail.errors.address" {
				t.Errorf("%q: %v", to, err)
			}
		}
		for name, m := range map[string]mail.Message{
			"subject": {To: "a@b.test", Kind: "k", Text: "x"}, "kind": {To: "a@b.test", Subject: "s", Text: "x"}, "text": {To: "a@b.test", Subject: "s", Kind: "k"},
		} {
			err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error { return s.Send(ctx, tx, m) })
			if fields := errs.FieldsOf(err); len(fields) != 1 || fields[0].Name != name || fields[0].Code != "mail.errors.empty" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if dbtest.Dump(t, d) != before {
			t.Error("a refused message changed the database")
		}
	})
}

func TestSignedMailsVerify(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d := dbtest.Open(t, db.SQLite, clock.System{})
	for name, conf := range map[string]*mail.DKIM{
		"rsa": {Domain: "exemple.test", Selector: "u1", Key: rsaKey}, "ed25519": {Domain: "exemple.test", Selector: "u2", Key: edKey},
	} {
		srv, q := serve(t, nil), &queue{}
		s := service(t, d, q, func(c *mail.Config) { c.Relay, c.DKIM = srv.url, conf })
		m := reset()
		m.UnsubscribeURL = "/me/notifications"
		if err := s.Deliver(t.Context(), send(t, d, s, q, m)); err != nil {
			t.Fatal(err)
		}
		rep, err := s.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		raw := srv.received()[0].raw
		lookup := func(domain string) ([]string, error) {
			name, text, _ := strings.Cut(rep.DKIM, " TXT ")
			if domain != name {
				return nil, errors.New("no such name: " + domain)
			}
			return []string{strings.Trim(text, `"`)}, nil
		}
		found, err := dkim.VerifyWithOptions(strings.NewReader(raw), &dkim.VerifyOptions{LookupTXT: lookup})
		if err != nil || len(found) != 1 || found[0].Err != nil {
			t.Fatalf("%s: %v %+v", name, err, found)
		}
		if !slices.Contains(found[0].HeaderKeys, "List-Unsubscribe") || !slices.Contains(found[0].HeaderKeys, "Message-ID") {
			t.Errorf("%s signs only %v", name, found[0].HeaderKeys)
		}
		if !strings.Contains(raw, "List-Unsubscribe: <https://unisson.exemple.test/me/notifications>") {
			t.Errorf("%s: no unsubscribe header", name)
		}
		altered := bytes.Replace([]byte(raw), []byte("Subject: Votre"), []byte("Subject: Notre"), 1)
		if found, _ := dkim.VerifyWithOptions(bytes.NewReader(altered), &dkim.VerifyOptions{LookupTXT: lookup}); len(found) != 1 || found[0].Err == nil {
			t.Errorf("%s: an altered subject verifies", name)
		}
	}
}

func TestTextAloneIsSetAsALetter(t *testing.T) {
	d, q := dbtest.Open(t, db.SQLite, nil), &queue{}
	s := service(t, d, q, nil)
	id := send(t, d, s, q, mail.Message{To: "a@b.test", Lang: "en", Subject: "s", Kind: "k", Text: "First <b>.\r\n\r\nSecond,\nstill second."})
	m := read(t, d, s, id)
	if !strings.HasPrefix(m.Text, "First <b>.\n\nSecond,\nstill second.\n\n-- \n") || !strings.Contains(m.HTML, "First &lt;b&gt;.") {
		t.Errorf("%s\n%s", m.Text, m.HTML)
	}
}

func TestALetterMarksWhoseVoiceALineIs(t *testing.T) {
	d, q := dbtest.Open(t, db.SQLite, nil), &queue{}
	s := service(t, d, q, nil)
	id := send(t, d, s, q, mail.Message{To: "a@b.test", Lang: "fr-CA", Subject: "s", Kind: "k", Letter: &mail.Letter{
		Sections: []mail.Section{{Title: "Hier", Lines: []mail.Line{
			{Mark: mail.Marketing, Text: "Camille", URL: "/a"}, {Mark: mail.Sales, Text: "Yann", Detail: "3 h"}, {Mark: mail.Joint, Text: "Accord"}, {Text: "Autre", URL: "javascript:alert(1)"},
		}}}, Settings: "/me/notifications"}})
	m := read(t, d, s, id)
	if !strings.Contains(m.Text, "Hier\n● Camille\n  https://unisson.exemple.test/a\n■ Yann (3 h)\n– Accord\n· Autre") ||
		!strings.Contains(m.Text, "vous parvient, et quand\u00a0:\nhttps://unisson.exemple.test/me/notifications\n") {
		t.Errorf("%s", m.Text)
	}
	if strings.Contains(m.HTML, `href="javascript`) {
		t.Error("a script address became a link")
	}
}

func TestPurgeForgetsOldMails(t *testing.T) {
	now := clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		q := &queue{}
		s := service(t, d, q, nil)
		old, waiting := send(t, d, s, q, reset()), send(t, d, s, q, reset())
		if err := s.Deliver(t.Context(), old); err != nil {
			t.Fatal(err)
		}
		now.Advance(time.Hour)
		recent := send(t, d, s, q, reset())
		if err := s.Deliver(t.Context(), recent); err != nil {
			t.Fatal(err)
		}
		if err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
			n, err := s.Purge(ctx, tx, tx.Now().Add(-time.Minute), 10)
			if n != 1 {
				t.Errorf("%d purged", n)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if left := outbox(t, d, s); len(left) != 2 || left[0].ID != recent || left[1].ID != waiting {
			t.Errorf("%+v", left)
		}
		if err := s.Deliver(t.Context(), old); err != nil {
			t.Errorf("the job of a purged mail: %v", err)
		}
	})
}
