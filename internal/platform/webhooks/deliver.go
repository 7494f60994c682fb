package webhooks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/outbound"
)

// Queue is the queue of the calls; a runner limits it, so that slow receivers
// leave workers to the rest.
const Queue = "webhooks"

// maxTries spreads the tries over about a day.
const maxTries = 16

// maxExcerpt is how many bytes of an answer are kept.
const maxExcerpt = 2048

// DeliverJob makes one call.
type DeliverJob struct {
	DeliveryID string `json:"delivery_id"`
}

// Kind names the job.
func (DeliverJob) Kind() string { return "webhooks.deliver" }

// SweepJob forgets old deliveries.
type SweepJob struct{}

// Kind names the job.
func (SweepJob) Kind() string { return "webhooks.sweep" }

// Register sets the workers and the schedule of this package.
func (s *Service) Register(reg *jobs.Registry) error {
	jobs.Register(reg, s.deliver, jobs.Timeout(time.Minute))
	jobs.Register(reg, func(ctx context.Context, _ *jobs.Job[SweepJob]) error { return s.sweep(ctx) })
	return reg.Schedule(jobs.Schedule{Name: "webhooks.sweep", Spec: "55 3 * * *", Args: SweepJob{}, Opts: jobs.Opts{UniqueKey: "webhooks.sweep"}})
}

func (s *Service) sweep(ctx context.Context) error {
	const atOnce = 500
	for {
		var n int64
		err := s.DB.Write(ctx, func(ctx context.Context, tx db.Tx) (err error) {
			n, err = purge(ctx, tx, tx.Now().Add(-s.Keep), atOnce)
			return err
		})
		if err != nil || n < atOnce {
			return errs.Wrap("sweep deliveries", err)
		}
	}
}

// deliver makes the call of one job and notes what came of it.
func (s *Service) deliver(ctx context.Context, job *jobs.Job[DeliverJob]) error {
	d, e, sealed, err := s.load(ctx, job.Args.DeliveryID)
	if errs.Is(err, errs.KindNotFound) || err == nil && d.State != Waiting {
		return nil // its endpoint was deleted, or an earlier try was noted and its job lost
	}
	if err != nil {
		return err
	}
	if reason, err := s.withheld(ctx, e); err != nil {
		return err
	} else if reason != "" {
		d.State, d.Reason = Withheld, reason
		return s.conclude(ctx, job, d, nil)
	}
	secret, err := s.Vault.Unseal(sealPurpose, e.ID, sealed)
	if err != nil {
		return jobs.Permanent(err)
	}
	failed := s.call(ctx, &d, e, secret)
	return s.conclude(ctx, job, d, failed)
}

func (s *Service) load(ctx context.Context, id string) (d Delivery, e Endpoint, sealed string, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if d, err = delivery(ctx, r, id); err != nil {
			return err
		}
		if e, err = endpoint(ctx, r, d.EndpointID); err != nil {
			return err
		}
		sealed, err = sealedSecret(ctx, r, d.EndpointID)
		return err
	})
	return d, e, sealed, err
}

// withheld gives the message key of why nothing is sent now; empty: it is.
func (s *Service) withheld(ctx context.Context, e Endpoint) (string, error) {
	if !e.Active {
		return "webhooks.withheld.off", nil
	}
	may, err := s.mayStill(ctx, e.OwnerID)
	if err == nil && !may {
		return "webhooks.withheld.owner", nil
	}
	return "", err
}

// call sends the body and writes into d what was answered. The error it gives
// is why the call did not succeed.
func (s *Service) call(ctx context.Context, d *Delivery, e Endpoint, secret []byte) error {
	clock := s.DB.Clock()
	start := clock.Now()
	resp, err := s.Out.Do(s.request(ctx, *d, e.URL, Sign(secret, []byte(d.Body), start)))
	d.Tries++
	d.TriedAt, d.TookMS = db.At(start), clock.Now().Sub(start).Milliseconds()
	d.Status, d.Excerpt, d.Reason = 0, "", ""
	if err == nil {
		d.Status, d.Excerpt = resp.Status, excerpt(resp.Body)
		if resp.Status < 200 || resp.Status > 299 {
			err = fmt.Errorf("%s", strings.TrimSpace(fmt.Sprintf("%d %s", resp.Status, http.StatusText(resp.Status))))
		}
	}
	if err == nil {
		d.State = Sent
		return nil
	}
	d.Reason = cut(err.Error(), 500)
	return err
}

func (s *Service) request(ctx context.Context, d Delivery, address, signature string) *http.Request {
	u, err := url.Parse(address)
	if err != nil {
		u = &url.URL{} // refused by the guard, like every address without a host
	}
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set(EventHeader, d.Event)
	h.Set(DeliveryHeader, d.ID)
	h.Set(SignatureHeader, signature)
	req := &http.Request{Method: http.MethodPost, URL: u, Header: h, ContentLength: int64(len(d.Body)),
		Body: io.NopCloser(bytes.NewReader([]byte(d.Body)))}
	return req.WithContext(ctx)
}

// conclude notes a call in one transaction with the end of its job. A failed
// one is given to the runner to be tried again, but for the last.
func (s *Service) conclude(ctx context.Context, job *jobs.Job[DeliverJob], d Delivery, failed error) error {
	last := job.Failures+1 >= job.MaxAttempts || errors.Is(failed, outbound.ErrRefused)
	if failed != nil && last {
		d.State = Failed
	}
	err := s.DB.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := saveOutcome(ctx, tx, d); err != nil {
			return err
		}
		switch {
		case failed != nil:
			if err := s.noteFailure(ctx, tx, d.EndpointID); err != nil {
				return err
			}
		case d.State == Sent:
			if err := noteSuccess(ctx, tx, d.EndpointID); err != nil {
				return err
			}
		}
		if d.State == Waiting {
			return nil
		}
		return jobs.Complete(ctx, tx, job)
	})
	if err == nil && d.State == Waiting {
		err = failed
	}
	return errs.Wrap("deliver", err)
}

// noteFailure stops an endpoint at which nothing has succeeded for long.
func (s *Service) noteFailure(ctx context.Context, tx db.Tx, id string) error {
	since, err := noteFailure(ctx, tx, id)
	if err != nil || tx.Now().Sub(since) < s.StopAfter {
		return err
	}
	stopped, err := stop(ctx, tx, id)
	if err != nil || !stopped {
		return err
	}
	e, err := endpoint(ctx, tx.Reader, id)
	if err != nil {
		return err
	}
	return s.Bus.Publish(ctx, tx, EndpointStopped{EndpointID: id, Name: e.Name, OwnerID: e.OwnerID})
}

// excerpt is the beginning of an answer as readable text.
func excerpt(body []byte) string {
	if len(body) > maxExcerpt {
		body = body[:maxExcerpt]
	}
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(body), ""))
	return cut(strings.TrimSpace(text), maxExcerpt)
}

// cut shortens s to at most n bytes, whole letters only.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
