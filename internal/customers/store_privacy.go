package customers

import (
	"context"

	"unisson/internal/platform/db"
)

// suppressed is one print that is known, with what it forbids.
type suppressed struct{ hash, kind, channel string }

func selectSuppressions(ctx context.Context, r db.Reader, prints []reminder) ([]suppressed, error) {
	if len(prints) == 0 {
		return nil, nil
	}
	hashes := make([]string, len(prints))
	for i, p := range prints {
		hashes[i] = p.hash
	}
	return db.All(ctx, r, func(row db.Row) (suppressed, error) {
		var x suppressed
		return x, row.Scan(&x.hash, &x.kind, &x.channel)
	}, `select hash, kind, channel from suppressions where hash in (`+db.In(1, len(hashes))+`) order by hash, kind, channel`, db.Args(hashes)...)
}

func insertSuppression(ctx context.Context, tx db.Tx, x suppressed) error {
	_, err := tx.Exec(ctx, `insert into suppressions (hash, kind, channel, at) values ($1, $2, $3, $4)
		on conflict (hash, kind, channel) do nothing`, x.hash, x.kind, x.channel, tx.Now())
	return err
}

func deleteSuppression(ctx context.Context, tx db.Tx, x suppressed) error {
	_, err := tx.Exec(ctx, `delete from suppressions where hash = $1 and kind = $2 and channel = $3`, x.hash, x.kind, x.channel)
	return err
}

// eraseRecord empties a contact: what stays is an id, that it is erased, and
// when, so that what points to it points somewhere.
func eraseRecord(ctx context.Context, tx db.Tx, rec *Record) error {
	l := layoutOf(rec.Kind)
	blank := Values{}
	cols, args := l.written(), l.args(blank)
	set := ""
	for i, c := range cols {
		if i > 0 {
			set += ", "
		}
		set += c + " = " + db.In(i+1, 1)
	}
	n := len(args)
	args = append(args, tx.Now(), rec.ID, rec.Version+1)
	_, err := tx.Exec(ctx, `update `+l.table+` set `+set+`, live = false, source_id = '', locked = '', last_touch_at = 0, evidence_at = 0, evidence = '', created_by = '', updated_by = '',
		erased_at = `+db.In(n+1, 1)+`, updated_at = `+db.In(n+1, 1)+`, version = `+db.In(n+3, 1)+` where id = `+db.In(n+2, 1), args...)
	if err != nil {
		return err
	}
	for _, statement := range []string{
		`delete from points where record_id = $1`,
		`delete from addresses where record_id = $1`,
		`delete from record_tags where record_id = $1`,
		`delete from custom_values where record_id = $1`,
		`delete from needs where record_id = $1`,
		`delete from record_edits where record_id = $1`,
		`delete from positions where contact_id = $1`,
		`delete from consents where contact_id = $1`,
		`update accounts set referrer_id = '' where referrer_id = $1`,
	} {
		if _, err := tx.Exec(ctx, statement, rec.ID); err != nil {
			return err
		}
	}
	return nil
}

// selectRecordsOf lists the records that a master stands for, itself included.
func selectRecordsOf(ctx context.Context, r db.Reader, k Kind, master string) ([]string, error) {
	return db.All(ctx, r, db.Value[string], `select id from `+layoutOf(k).table+` where master_id = $1 order by id`, master)
}

func setRestricted(ctx context.Context, tx db.Tx, rec *Record) error {
	_, err := tx.Exec(ctx, `update `+layoutOf(rec.Kind).table+` set restricted_at = $1, live = $2, version = $3, updated_at = $4, updated_by = $5 where id = $6`,
		rec.Restricted, rec.Live(), rec.Version, rec.UpdatedAt, rec.UpdatedBy, rec.ID)
	return err
}
