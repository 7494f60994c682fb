package webhooks

import (
	"context"
	"database/sql"
	"strconv"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

const endpointColumns = `id, name, url, active, owner_id, failing_since, stopped_at, version, created_at, updated_at`

func scanEndpoint(row db.Row) (Endpoint, error) {
	var e Endpoint
	err := row.Scan(&e.ID, &e.Name, &e.URL, &e.Active, &e.OwnerID, &e.FailingSince, &e.StoppedAt, &e.Version, &e.CreatedAt, &e.UpdatedAt)
	return e, err
}

func insertEndpoint(ctx context.Context, tx db.Tx, e Endpoint, sealed string) error {
	if _, err := tx.Exec(ctx, `insert into webhook_endpoints (id, name, url, secret, active, owner_id, version, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.ID, e.Name, e.URL, sealed, e.Active, e.OwnerID, e.Version, e.CreatedAt, e.UpdatedAt); err != nil {
		return err
	}
	return subscribe(ctx, tx, e)
}

func subscribe(ctx context.Context, tx db.Tx, e Endpoint) error {
	for _, event := range e.Events {
		if _, err := tx.Exec(ctx, `insert into webhook_subscriptions (endpoint_id, event) values ($1, $2)`, e.ID, event); err != nil {
			return err
		}
	}
	return nil
}

// updateEndpoint writes all but the secret; false: it is not at that version.
func updateEndpoint(ctx context.Context, tx db.Tx, e Endpoint, version int64) (bool, error) {
	n, err := tx.Exec(ctx, `update webhook_endpoints set name = $3, url = $4, active = $5, owner_id = $6, failing_since = $7,
		stopped_at = $8, version = version + 1, updated_at = $9 where id = $1 and version = $2`,
		e.ID, version, e.Name, e.URL, e.Active, e.OwnerID, e.FailingSince, e.StoppedAt, e.UpdatedAt)
	if err != nil || n == 0 {
		return false, err
	}
	if _, err := tx.Exec(ctx, `delete from webhook_subscriptions where endpoint_id = $1`, e.ID); err != nil {
		return false, err
	}
	return true, subscribe(ctx, tx, e)
}

func setSecret(ctx context.Context, tx db.Tx, id, sealed string) error {
	_, err := tx.Exec(ctx, `update webhook_endpoints set secret = $2 where id = $1`, id, sealed)
	return err
}

func sealedSecret(ctx context.Context, r db.Reader, id string) (string, error) {
	return db.One(ctx, r, db.Value[string], `select secret from webhook_endpoints where id = $1`, id)
}

func deleteEndpoint(ctx context.Context, tx db.Tx, id string) error {
	_, err := tx.Exec(ctx, `delete from webhook_endpoints where id = $1`, id)
	return err
}

func endpoint(ctx context.Context, r db.Reader, id string) (Endpoint, error) {
	e, err := db.One(ctx, r, scanEndpoint, `select `+endpointColumns+` from webhook_endpoints where id = $1`, id)
	if err != nil {
		return e, err
	}
	e.Events, err = db.All(ctx, r, db.Value[string], `select event from webhook_subscriptions where endpoint_id = $1 order by event`, id)
	return e, err
}

func endpoints(ctx context.Context, r db.Reader) ([]Endpoint, error) {
	es, err := db.All(ctx, r, scanEndpoint, `select `+endpointColumns+` from webhook_endpoints order by id desc limit 200`)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, e := range es {
		at[e.ID] = i
	}
	err = db.Each(ctx, r, func(row db.Row) error {
		var id, event string
		err := row.Scan(&id, &event)
		if i, listed := at[id]; listed {
			es[i].Events = append(es[i].Events, event)
		}
		return err
	}, `select endpoint_id, event from webhook_subscriptions order by event`)
	return es, err
}

// subscribers gives the active endpoints that want an event.
func subscribers(ctx context.Context, r db.Reader, event string) ([]string, error) {
	return db.All(ctx, r, db.Value[string], `select e.id from webhook_subscriptions as s
		join webhook_endpoints as e on e.id = s.endpoint_id
		where s.event = $1 and e.active = true order by e.id`, event)
}

// noteSuccess ends a row of failures.
func noteSuccess(ctx context.Context, tx db.Tx, id string) error {
	_, err := tx.Exec(ctx, `update webhook_endpoints set failing_since = null where id = $1 and failing_since is not null`, id)
	return err
}

// noteFailure gives since when nothing has succeeded.
func noteFailure(ctx context.Context, tx db.Tx, id string) (db.Time, error) {
	since, err := db.One(ctx, tx.Reader, db.Value[db.Time], `update webhook_endpoints
		set failing_since = coalesce(failing_since, $2) where id = $1 returning failing_since`, id, tx.Now())
	if errs.Is(err, errs.KindNotFound) {
		return tx.Now(), nil // deleted meanwhile
	}
	return since, err
}

// stop switches an endpoint off; false: it is off already.
func stop(ctx context.Context, tx db.Tx, id string) (bool, error) {
	n, err := tx.Exec(ctx, `update webhook_endpoints set active = false, stopped_at = $2, version = version + 1
		where id = $1 and active = true`, id, tx.Now())
	return n == 1, err
}

const deliveryColumns = `id, endpoint_id, event, body, state, reason, tries, status, took_ms, excerpt, replay_of, created_at, tried_at`

func scanDelivery(row db.Row) (Delivery, error) {
	var d Delivery
	var replay sql.NullString
	err := row.Scan(&d.ID, &d.EndpointID, &d.Event, &d.Body, &d.State, &d.Reason, &d.Tries, &d.Status, &d.TookMS, &d.Excerpt,
		&replay, &d.CreatedAt, &d.TriedAt)
	d.ReplayOf = replay.String
	return d, err
}

func insertDelivery(ctx context.Context, tx db.Tx, d Delivery) error {
	_, err := tx.Exec(ctx, `insert into webhook_deliveries (`+deliveryColumns+`) values (`+db.In(1, 13)+`)`,
		d.ID, d.EndpointID, d.Event, d.Body, string(d.State), d.Reason, d.Tries, d.Status, d.TookMS, d.Excerpt,
		sql.NullString{String: d.ReplayOf, Valid: d.ReplayOf != ""}, d.CreatedAt, d.TriedAt)
	return err
}

// saveOutcome writes what came of a try, unless the delivery is over already.
func saveOutcome(ctx context.Context, tx db.Tx, d Delivery) error {
	_, err := tx.Exec(ctx, `update webhook_deliveries set state = $2, reason = $3, tries = $4, status = $5, took_ms = $6,
		excerpt = $7, tried_at = $8 where id = $1 and state = 'waiting'`,
		d.ID, string(d.State), d.Reason, d.Tries, d.Status, d.TookMS, d.Excerpt, d.TriedAt)
	return err
}

func delivery(ctx context.Context, r db.Reader, id string) (Delivery, error) {
	return db.One(ctx, r, scanDelivery, `select `+deliveryColumns+` from webhook_deliveries where id = $1`, id)
}

// deliveries reads newest first, below the id after.
func deliveries(ctx context.Context, r db.Reader, f DeliveryFilter, after string, limit int) ([]Delivery, error) {
	q, args := `select `+deliveryColumns+` from webhook_deliveries where true`, []any{}
	add := func(cond, v string) {
		args = append(args, v)
		q += ` and ` + cond + ` $` + strconv.Itoa(len(args))
	}
	if f.EndpointID != "" {
		add(`endpoint_id =`, f.EndpointID)
	}
	if f.State != "" {
		add(`state =`, string(f.State))
	}
	if after != "" {
		add(`id <`, after)
	}
	args = append(args, limit)
	return db.All(ctx, r, scanDelivery, q+` order by id desc limit $`+strconv.Itoa(len(args)), args...)
}

// purge deletes deliveries that ended before then, limit rows at most.
func purge(ctx context.Context, tx db.Tx, before db.Time, limit int) (int64, error) {
	return tx.Exec(ctx, `delete from webhook_deliveries where id in (
		select id from webhook_deliveries where created_at < $1 and state <> 'waiting' order by created_at limit $2)`, before, limit)
}
