package access

import (
	"context"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/mail"
)

// Sender puts a mail into the outbox, in the caller's transaction.
type Sender interface {
	Send(ctx context.Context, tx db.Tx, m mail.Message) error
}

// Letters writes the mails of the door in the language of who reads them.
type Letters struct {
	send  Sender
	words *i18n.Bundle
}

// NewLetters makes the writer of the door's mails. It brings its own words.
func NewLetters(send Sender) *Letters {
	return &Letters{send: send, words: i18n.MustLoad(Locales(), auth.Locales())}
}

var _ auth.Letters = (*Letters)(nil)

// localizer speaks the reader's language, in his time zone.
func (l *Letters) localizer(u auth.User) *i18n.Localizer {
	zone, err := time.LoadLocation(u.Prefs.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return l.words.For(u.Prefs.Language, zone)
}

func (l *Letters) post(ctx context.Context, tx db.Tx, u auth.User, kind, subject string, letter mail.Letter) error {
	return l.send.Send(ctx, tx, mail.Message{To: u.Email, ToName: u.Name(), Lang: u.Prefs.Language, Subject: subject, Kind: "access." + kind, Letter: &letter})
}

// Reset implements auth.Letters.
func (l *Letters) Reset(ctx context.Context, tx db.Tx, u auth.User, link string) error {
	t := l.localizer(u)
	return l.post(ctx, tx, u, "reset", t.T("access.mail.reset.subject"), mail.Letter{
		Greeting:   t.T("access.mail.hello", "name", u.GivenName),
		Paragraphs: []string{t.T("access.mail.reset.text")},
		Action:     &mail.Action{Label: t.T("access.mail.reset.do"), URL: link},
		After:      []string{t.T("access.mail.reset.not_me")},
	})
}

// Invitation implements auth.Letters.
func (l *Letters) Invitation(ctx context.Context, tx db.Tx, u auth.User, by, link string, until db.Time) error {
	t := l.localizer(u)
	text := t.T("access.mail.invitation.text")
	if by != "" {
		text = t.T("access.mail.invitation.text_by", "by", by)
	}
	return l.post(ctx, tx, u, "invitation", t.T("access.mail.invitation.subject"), mail.Letter{
		Greeting:   t.T("access.mail.hello", "name", u.GivenName),
		Paragraphs: []string{text, t.T("access.mail.invitation.what")},
		Action:     &mail.Action{Label: t.T("access.mail.invitation.do"), URL: link},
		After:      []string{t.T("access.mail.invitation.until", "date", t.DateLong(until.Go()))},
	})
}

// Notice implements auth.Letters.
func (l *Letters) Notice(ctx context.Context, tx db.Tx, u auth.User, kind string, v auth.Visit) error {
	t := l.localizer(u)
	paragraphs := []string{t.T("access.mail.notice.what", "what", t.T("auth.log."+kind))}
	if v.IP.IsValid() {
		paragraphs = append(paragraphs, t.T("access.mail.notice.where", "device", deviceName(i18n.With(ctx, t), v.UserAgent), "address", v.IP.String(),
			"when", t.DateTime(tx.Now().Go())))
	}
	return l.post(ctx, tx, u, "notice", t.T("access.mail.notice.subject", "what", t.T("auth.log."+kind)), mail.Letter{
		Greeting:   t.T("access.mail.hello", "name", u.GivenName),
		Paragraphs: paragraphs,
		Action:     &mail.Action{Label: t.T("access.mail.notice.do"), URL: "/me/security"},
		After:      []string{t.T("access.mail.notice.not_me")},
	})
}
