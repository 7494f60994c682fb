package mail

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
	"unicode/utf8"

	"unisson/internal/platform/crash"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

const maxTries = 5

// errTakenOver says that a later try has the mail: this one must not send a byte.
var errTakenOver = errors.New("mail: a later try has taken this mail over")

// Deliver brings one planned mail to the relay; it is the worker of SendJob. A nil answer means that the job is done,
// whatever became of the mail; an error means: try again, after the time that RetryAfter finds in it.
func (s *Service) Deliver(ctx context.Context, id string) error {
	const op = "deliver mail"
	m, mine, err := s.take(ctx, id)
	if err != nil || !mine {
		return errs.Wrap(op, err)
	}
	if s.relay == nil {
		return errs.Wrap(op, s.write(ctx, func(ctx context.Context, tx db.Tx) error { return end(ctx, tx, id, m.Tries, Kept, "") }))
	}
	raw, to, err := s.build(m)
	if err != nil {
		return errs.Wrap(op, s.finish(ctx, m, Failed, "this mail cannot be written: "+err.Error()))
	}
	answer, err := s.relay.transmit(ctx, s.from.Address, to, raw, func() error {
		return s.write(ctx, func(ctx context.Context, tx db.Tx) error {
			handed, err := hand(ctx, tx, id, m.Tries)
			if err == nil && !handed {
				err = errTakenOver
			}
			return err
		})
	})
	return errs.Wrap(op, s.settle(ctx, m, answer, err))
}

// settle writes down what a try came to.
func (s *Service) settle(ctx context.Context, m Mail, answer string, err error) error {
	var refused *refusal
	switch {
	case err == nil:
		crash.Here("mail.after_data")
		return s.write(ctx, func(ctx context.Context, tx db.Tx) error { return accept(ctx, tx, m.ID, tidy(answer)) })
	case errors.Is(err, errTakenOver):
		return nil
	case errors.As(err, &refused) && refused.forGood:
		return s.finish(ctx, m, Failed, err.Error())
	}
	// From here on it is either certain that the relay does not have the mail, or unknown.
	unknown := errors.As(err, &refused) && refused.unknown
	switch {
	case unknown && m.atMostOnce, unknown && m.Tries >= maxTries:
		return s.finish(ctx, m, Uncertain, err.Error())
	case m.Tries >= maxTries:
		return s.finish(ctx, m, Failed, err.Error())
	}
	werr := s.write(ctx, func(ctx context.Context, tx db.Tx) error {
		if unknown {
			return note(ctx, tx, m.ID, m.Tries, tidy(err.Error()))
		}
		return giveBack(ctx, tx, m.ID, m.Tries, tidy(err.Error()))
	})
	if werr != nil {
		return werr
	}
	return &errs.Error{Kind: errs.KindUnavailable, RetryAfter: pause(m.Tries), Err: err}
}

// take claims a mail for one try. False: it has ended, or somebody else is faster.
func (s *Service) take(ctx context.Context, id string) (m Mail, mine bool, err error) {
	err = s.write(ctx, func(ctx context.Context, tx db.Tx) error {
		m, mine = Mail{}, false
		if m, err = mailByID(ctx, tx.Reader, id); errs.Is(err, errs.KindNotFound) {
			return nil // purged or erased meanwhile
		} else if err != nil || m.State.Ended() {
			return err
		}
		if m.State == Handed && (m.atMostOnce || m.Tries >= maxTries) {
			return end(ctx, tx, id, m.Tries, Uncertain, m.Answer)
		}
		if m.Tries >= maxTries {
			return end(ctx, tx, id, m.Tries, Failed, m.Answer)
		}
		mine, err = claim(ctx, tx, m)
		m.Tries++
		return err
	})
	if err != nil || !mine {
		return Mail{}, false, err
	}
	if err := s.unseal(&m); err != nil {
		return Mail{}, false, s.finish(ctx, m, Failed, "the texts of this mail cannot be opened: was the key file exchanged?")
	}
	return m, true, nil
}

func (s *Service) finish(ctx context.Context, m Mail, state State, answer string) error {
	// No address and no subject: logs hold no personal data.
	s.conf.Logger.Error("mail: a mail was given up", "mail", m.ID, "kind", m.Kind, "state", state, "answer", tidy(answer))
	return s.write(ctx, func(ctx context.Context, tx db.Tx) error { return end(ctx, tx, m.ID, m.Tries, state, tidy(answer)) })
}

// write outlives a stopping program: what the relay said must be written down.
func (s *Service) write(ctx context.Context, fn func(context.Context, db.Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return s.db.Write(ctx, fn)
}

// pause is the time before the next try: 30 s, 2 min, 8 min, 32 min, each a fifth more or less, so that a relay that
// comes back is not met by everything at once.
func pause(try int) time.Duration {
	base := 30 * time.Second
	for range try - 1 {
		base *= 4
	}
	return base*4/5 + rand.N(base*2/5)
}

// RetryAfter is the time that an error of Deliver asks to wait; zero when it asks for none.
func RetryAfter(err error) time.Duration {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.RetryAfter
	}
	return 0
}

// tidy makes a foreign answer fit for one line of a page.
func tidy(answer string) string {
	answer = strings.Join(strings.Fields(strings.ToValidUTF8(answer, "?")), " ")
	const longest = 400
	if len(answer) > longest {
		answer = answer[:longest]
		for !utf8.ValidString(answer) {
			answer = answer[:len(answer)-1]
		}
		answer += "…"
	}
	return answer
}

// refusal is what the talk with the relay came to, when it came to no good.
type refusal struct {
	step    string // of the talk
	forGood bool   // the relay will never take this mail
	unknown bool   // the relay may have the mail
	err     error
}

func (r *refusal) Error() string { return fmt.Sprintf("%s: %v", r.step, r.err) }
func (r *refusal) Unwrap() error { return r.err }
