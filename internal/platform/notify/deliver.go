package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/mail"
)

const (
	gather   = time.Minute // what speaks to one person within it shares one mail
	longest  = 50          // lines of one mail
	roundOf  = 200         // people looked at together
	keptFor  = 365 * 24 * time.Hour
	sweeping = 500 // rows deleted together
	always   = db.Time(1 << 62)
)

// errRaced says that another process told the same notices at the same moment; the next try finds what is left.
var errRaced = errors.New("notify: told by somebody else at the same moment")

// Tell mails to a person what cannot wait for the digest, in one mail. In quiet hours it gives jobs.Snooze until
// their end.
func (s *Service) Tell(ctx context.Context, userID string) error {
	const op = "tell notices"
	var snooze time.Duration
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		snooze = 0
		p, err := personByID(ctx, tx.Reader, userID, tx.Now())
		if errs.Is(err, errs.KindNotFound) {
			return nil // gone, or not allowed in any more
		} else if err != nil {
			return err
		}
		if until := p.quietUntil(tx.Now().Go(), p.Zone); !until.IsZero() {
			snooze = until.Sub(tx.Now().Go())
			return nil
		}
		urgencies := []Urgency{Urgent}
		if p.DirectMail {
			urgencies = append(urgencies, Direct)
		}
		list, err := untold(ctx, tx.Reader, userID, always, urgencies, longest)
		if err != nil || len(list) == 0 {
			return err
		}
		if err := mark(ctx, tx, list); err != nil {
			return err
		}
		if list, err = s.visible(ctx, tx.Reader, userID, list); err != nil || len(list) == 0 {
			return err
		}
		return s.conf.Mail.Send(ctx, tx, s.news(p, list, tx.Now()))
	})
	if err == nil && snooze > 0 {
		return jobs.Snooze(snooze)
	}
	return errs.Wrap(op, err)
}

// mark notes that these notices are being told; it fails when one of them was told meanwhile.
func mark(ctx context.Context, tx db.Tx, list []Item) error {
	ids := make([]string, len(list))
	for i, it := range list {
		ids[i] = it.ID
	}
	n, err := tell(ctx, tx, ids)
	if err == nil && int(n) != len(ids) {
		err = errRaced
	}
	return err
}

// Digests sends the digests that are due, each in a transaction of its own, and tells how many. It goes on when one
// of them fails and reports that at the end.
func (s *Service) Digests(ctx context.Context) (sent int, err error) {
	now := db.At(s.db.Clock().Now())
	after := ""
	for {
		var people []reader
		if e := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
			people, err = waiting(ctx, r, now, after, roundOf)
			return err
		}); e != nil || len(people) == 0 {
			return sent, errs.Wrap("digests", errors.Join(err, e))
		}
		for _, p := range people {
			if round, due := p.digestDue(now.Go(), p.Zone); !due || p.oldest > round.until {
				continue
			}
			done, e := s.digest(ctx, p.ID)
			if done {
				sent++
			}
			if e != nil {
				err = errors.Join(err, fmt.Errorf("%s: %w", p.ID, e))
			}
		}
		after = people[len(people)-1].ID
	}
}

// digest sends one person's digest of the day, if it is due and has not been sent.
func (s *Service) digest(ctx context.Context, userID string) (sent bool, err error) {
	err = s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		sent = false
		p, err := personByID(ctx, tx.Reader, userID, tx.Now())
		if errs.Is(err, errs.KindNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		round, due := p.digestDue(tx.Now().Go(), p.Zone)
		if !due {
			return nil
		}
		list, err := untold(ctx, tx.Reader, userID, round.until, []Urgency{Digest, Direct, Urgent}, longest+1)
		if err != nil || len(list) == 0 {
			return err
		}
		first, err := insertDigest(ctx, tx, userID, round.day, len(list))
		if err != nil || !first {
			return err
		}
		more := len(list) > longest
		if more {
			list = list[:longest]
		}
		if err := mark(ctx, tx, list); err != nil {
			return err
		}
		if more {
			if _, err := tellRest(ctx, tx, userID, round.until); err != nil {
				return err
			}
		}
		if list, err = s.visible(ctx, tx.Reader, userID, list); err != nil || len(list) == 0 {
			return err
		}
		sent = true
		return s.conf.Mail.Send(ctx, tx, s.summary(p, list, round.day, more))
	})
	if err != nil {
		sent = false
	}
	return sent, err
}

// news is the mail of what cannot wait.
func (s *Service) news(p person, list []Item, now db.Time) mail.Message {
	loc := s.conf.Bundle.For(p.Language, p.Zone)
	m := s.message(p, loc, list)
	m.Kind, m.Key = "notify.direct", "notice "+list[len(list)-1].ID
	if len(list) == 1 {
		m.Subject = sentence(loc, list[0])
		m.Letter.Paragraphs = []string{m.Subject}
		m.Letter.Sections = nil
		m.Letter.Action = &mail.Action{Label: loc.T("notify.mail.open_one"), URL: list[0].URL}
	} else {
		m.Subject = loc.N("notify.mail.news", len(list))
	}
	m.Subject = short(m.Subject)
	return m
}

// summary is the digest: the sentences of the inbox and nothing else.
func (s *Service) summary(p person, list []Item, day string, more bool) mail.Message {
	loc := s.conf.Bundle.For(p.Language, p.Zone)
	m := s.message(p, loc, list)
	m.Kind, m.Key = "notify.digest", "digest "+day+" "+p.ID
	m.Subject = short(loc.N("notify.mail.digest", len(list), "day", loc.Day(day)))
	if more {
		m.Letter.After = append(m.Letter.After, loc.T("notify.mail.more"))
	}
	return m
}

// message is what both mails share.
func (s *Service) message(p person, loc *i18n.Localizer, list []Item) mail.Message {
	section := mail.Section{}
	for _, it := range list {
		section.Lines = append(section.Lines, mail.Line{
			Mark: it.Voice.mark(), Text: oneLine(sentence(loc, it)), Detail: loc.DateTime(it.CreatedAt.Go()), URL: it.URL,
		})
	}
	return mail.Message{
		To: p.Email, ToName: mailName(p), Lang: p.Language, UnsubscribeURL: "/me/notifications",
		Letter: &mail.Letter{
			Greeting: loc.T("notify.mail.hello", "name", p.GivenName),
			Sections: []mail.Section{section},
			Action:   &mail.Action{Label: loc.T("notify.mail.open"), URL: "/inbox"},
			Settings: "/me/notifications",
		},
	}
}

func mailName(p person) string {
	return short(strings.TrimSpace(p.GivenName + " " + p.FamilyName))
}

// oneLine keeps a value from breaking out of its line.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, s)
}

// short makes a sentence fit for a header: one line of at most 150 characters.
func short(s string) string {
	const most = 150
	runes := []rune(oneLine(s))
	if len(runes) > most {
		runes = append(runes[:most-1], '…')
	}
	return string(runes)
}

// Sweep forgets notices of more than a year ago and the digests of last month.
func (s *Service) Sweep(ctx context.Context) error {
	for {
		var n int64
		err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) (err error) {
			if n, err = forget(ctx, tx, tx.Now().Add(-keptFor), sweeping); err != nil {
				return err
			}
			_, err = forgetDigests(ctx, tx, tx.Now().Go().AddDate(0, -1, 0).Format(time.DateOnly))
			return err
		})
		if err != nil || n < sweeping {
			return errs.Wrap("sweep notices", err)
		}
	}
}
