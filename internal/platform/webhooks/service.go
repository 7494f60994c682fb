package webhooks

import (
	"context"
	"slices"
	"time"

	"unisson/internal/platform/audit"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/events"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/outbound"
)

// Manage is the permission to see and change webhooks. The owner of an endpoint
// must have it still when a call is sent.
const Manage auth.Permission = "admin.webhooks"

// Vault seals what must be read again (secret.Keys).
type Vault interface {
	Seal(purpose, owner string, plain []byte) string
	Unseal(purpose, owner, sealed string) ([]byte, error)
}

const sealPurpose = "webhooks"

// Config is what the service stands on.
type Config struct {
	DB        *db.DB
	Bus       *events.Bus
	Catalog   *Catalog
	Out       *outbound.Client
	Vault     Vault
	ActFor    func(ctx context.Context, userID string) (context.Context, error) // auth.Service.ActFor
	StopAfter time.Duration                                                     // without any success; 0: three days
	Keep      time.Duration                                                     // deliveries that ended; 0: thirty days
}

// Service tells facts outside, and is what administrators do with webhooks.
type Service struct {
	Config
}

// New makes the service and lets it listen to every fact of the bus.
func New(c Config) *Service {
	if c.StopAfter <= 0 {
		c.StopAfter = 72 * time.Hour
	}
	if c.Keep <= 0 {
		c.Keep = 30 * 24 * time.Hour
	}
	s := &Service{c}
	c.Bus.OnAny(s.hear)
	return s
}

// hear inserts a delivery for each endpoint that wants the fact, in its
// transaction.
func (s *Service) hear(ctx context.Context, tx db.Tx, fact any) error {
	e, told := s.Catalog.find(fact)
	if !told {
		return nil
	}
	ids, err := subscribers(ctx, tx.Reader, e.name)
	if err != nil || len(ids) == 0 {
		return errs.Wrap("webhooks", err)
	}
	text, err := body(e.name, tx.Now(), e.encode(fact))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := enqueue(ctx, tx, Delivery{EndpointID: id, Event: e.name, Body: text}); err != nil {
			return errs.Wrap("webhooks", err)
		}
	}
	return nil
}

func enqueue(ctx context.Context, tx db.Tx, d Delivery) (Delivery, error) {
	d.ID, d.State, d.CreatedAt = db.NewID(), Waiting, tx.Now()
	if err := insertDelivery(ctx, tx, d); err != nil {
		return d, err
	}
	_, err := jobs.Insert(ctx, tx, DeliverJob{DeliveryID: d.ID}, jobs.Opts{Queue: Queue, MaxAttempts: maxTries})
	return d, err
}

// Endpoints lists the endpoints, newest first.
func (s *Service) Endpoints(ctx context.Context) (es []Endpoint, err error) {
	err = s.read(ctx, "list webhooks", func(ctx context.Context, r db.Reader) error {
		es, err = endpoints(ctx, r)
		return err
	})
	return es, err
}

// Endpoint gives one endpoint.
func (s *Service) Endpoint(ctx context.Context, id string) (e Endpoint, err error) {
	err = s.read(ctx, "find webhook", func(ctx context.Context, r db.Reader) error {
		e, err = endpoint(ctx, r, id)
		return err
	})
	return e, err
}

// AddEndpoint registers an endpoint.
func (s *Service) AddEndpoint(ctx context.Context, f Form) (e Endpoint, err error) {
	err = s.write(ctx, "add webhook", func(ctx context.Context, tx db.Tx) error {
		f, err := f.check(true, s.Catalog.Events(), s.Out.CheckURL)
		if err != nil {
			return err
		}
		e = Endpoint{ID: db.NewID(), Name: f.Name, URL: f.URL, Events: f.Events, Active: f.Active, OwnerID: auth.From(ctx).UserID,
			Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		if err := insertEndpoint(ctx, tx, e, s.seal(e.ID, f.Secret)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, e.change("webhooks.endpoint.added", nil, e.audited("new")))
	})
	return e, err
}

// ChangeEndpoint changes an endpoint; whoever saves it becomes its owner.
// Switching it on makes an end of a stop. It gives errs.KindStale with the
// Endpoint that stands when somebody was quicker.
func (s *Service) ChangeEndpoint(ctx context.Context, id string, f Form) (e Endpoint, err error) {
	err = s.write(ctx, "change webhook", func(ctx context.Context, tx db.Tx) error {
		before, err := endpoint(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		f, err := f.check(false, s.Catalog.Events(), s.Out.CheckURL)
		if err != nil {
			return err
		}
		e = before
		e.Name, e.URL, e.Events, e.Active = f.Name, f.URL, f.Events, f.Active
		e.OwnerID, e.UpdatedAt = auth.From(ctx).UserID, tx.Now()
		if f.Active {
			e.FailingSince, e.StoppedAt = 0, 0
		}
		if ok, err := updateEndpoint(ctx, tx, e, f.Version); err != nil {
			return err
		} else if !ok {
			return errs.Stale(before)
		}
		e.Version++
		was, is := before.audited("kept"), e.audited("kept")
		if f.Secret != "" {
			is = e.audited("changed")
			if err := setSecret(ctx, tx, id, s.seal(id, f.Secret)); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, e.change("webhooks.endpoint.changed", was, is))
	})
	return e, err
}

// DeleteEndpoint deletes an endpoint with its deliveries.
func (s *Service) DeleteEndpoint(ctx context.Context, id string) error {
	return s.write(ctx, "delete webhook", func(ctx context.Context, tx db.Tx) error {
		e, err := endpoint(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		if err := deleteEndpoint(ctx, tx, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, e.change("webhooks.endpoint.deleted", e.audited("kept"), nil))
	})
}

// PingEndpoint sends a call without content, to try the endpoint.
func (s *Service) PingEndpoint(ctx context.Context, id string) (d Delivery, err error) {
	err = s.write(ctx, "ping webhook", func(ctx context.Context, tx db.Tx) error {
		e, err := endpoint(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		if !e.Active {
			return errs.Conflict("webhooks.errors.off")
		}
		text, err := body(PingEvent, tx.Now(), struct{}{})
		if err != nil {
			return err
		}
		d, err = enqueue(ctx, tx, Delivery{EndpointID: id, Event: PingEvent, Body: text})
		return err
	})
	return d, err
}

// Deliveries lists calls newest first, below the id after ("" begins at the
// top), and tells whether there are more.
func (s *Service) Deliveries(ctx context.Context, f DeliveryFilter, after string, limit int) (ds []Delivery, more bool, err error) {
	err = s.read(ctx, "list deliveries", func(ctx context.Context, r db.Reader) error {
		ds, err = deliveries(ctx, r, f, after, limit+1)
		return err
	})
	if len(ds) > limit {
		ds, more = ds[:limit], true
	}
	return ds, more, err
}

// Delivery gives one call.
func (s *Service) Delivery(ctx context.Context, id string) (d Delivery, err error) {
	err = s.read(ctx, "find delivery", func(ctx context.Context, r db.Reader) error {
		d, err = delivery(ctx, r, id)
		return err
	})
	return d, err
}

// ReplayDelivery sends the body of an earlier call once more. The receiver
// sees the same "id" in it.
func (s *Service) ReplayDelivery(ctx context.Context, id string) (d Delivery, err error) {
	err = s.write(ctx, "replay delivery", func(ctx context.Context, tx db.Tx) error {
		old, err := delivery(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		if old.State == Waiting {
			return errs.Conflict("webhooks.errors.waiting")
		}
		e, err := endpoint(ctx, tx.Reader, old.EndpointID)
		if err != nil {
			return err
		}
		if !e.Active {
			return errs.Conflict("webhooks.errors.off")
		}
		d, err = enqueue(ctx, tx, Delivery{EndpointID: old.EndpointID, Event: old.Event, Body: old.Body, ReplayOf: old.ID})
		return err
	})
	return d, err
}

func (s *Service) read(ctx context.Context, op string, do func(ctx context.Context, r db.Reader) error) error {
	if err := auth.Require(ctx, Manage); err != nil {
		return err
	}
	return errs.Wrap(op, s.DB.Read(ctx, do))
}

func (s *Service) write(ctx context.Context, op string, do func(ctx context.Context, tx db.Tx) error) error {
	return errs.Wrap(op, s.DB.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, Manage); err != nil {
			return err
		}
		return do(ctx, tx)
	}))
}

func (s *Service) seal(id, plain string) string { return s.Vault.Seal(sealPurpose, id, []byte(plain)) }

// audited is an endpoint as the audit log compares it; of the secret it says
// only that it changed.
type audited struct {
	Name   string   `json:"name"`
	URL    string   `json:"url"`
	Events []string `json:"events"`
	Active bool     `json:"active"`
	Secret string   `json:"secret"`
}

func (e Endpoint) audited(secret string) audited {
	return audited{e.Name, e.URL, slices.Clone(e.Events), e.Active, secret}
}

func (e Endpoint) change(action string, before, after any) audit.Change {
	return audit.Change{Action: action, Kind: "webhook", ID: e.ID, Name: e.Name, Before: before, After: after, Secret: []string{"secret"}}
}

// mayStill tells whether the owner of an endpoint may manage webhooks now.
func (s *Service) mayStill(ctx context.Context, ownerID string) (bool, error) {
	as, err := s.ActFor(ctx, ownerID)
	if err == nil {
		err = auth.Require(as, Manage)
	}
	if errs.Is(err, errs.KindUnauthenticated) || errs.Is(err, errs.KindForbidden) {
		return false, nil
	}
	return err == nil, err
}
