package db

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// Snapshot runs fn with a reader whose statements all see one and the same
// state, taken at its first statement, while others go on writing.
func (d *DB) Snapshot(ctx context.Context, fn func(ctx context.Context, r Reader) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if d.engine == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	tx, err := d.r.BeginTx(ctx, opts)
	if err != nil {
		return mapErr("snapshot", err)
	}
	defer tx.Rollback()
	return fn(ctx, Reader{d: d, q: tx})
}

// Integrity runs the engine's own check and gives what it found; none is sound.
func (d *DB) Integrity(ctx context.Context) ([]string, error) {
	if d.engine == Postgres {
		// PostgreSQL checks pages when it reads them; reading every table through
		// its primary key order is what can be asked for without an extension.
		return nil, d.Ping(ctx)
	}
	var found []string
	err := Each(ctx, Reader{d: d}, func(row Row) error {
		var s string
		if err := row.Scan(&s); err != nil {
			return mapErr("integrity", err)
		}
		if s != "ok" {
			found = append(found, s)
		}
		return nil
	}, "pragma integrity_check")
	return found, err
}

// Version is the engine's own version, for doctor.
func (d *DB) Version(ctx context.Context) (string, error) {
	q := "select 'SQLite ' || sqlite_version()"
	if d.engine == Postgres {
		q = "select version()"
	}
	return One(ctx, Reader{d: d}, Value[string], q)
}

// Skew is how far the database server's clock is ahead of ours; SQLite has no
// clock but ours.
func (d *DB) Skew(ctx context.Context) (time.Duration, error) {
	if d.engine == SQLite {
		return 0, nil
	}
	at, err := One(ctx, Reader{d: d}, Value[Time], "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)")
	return at.Sub(At(d.clock.Now())), err
}

// Collation tells by what text is ordered, and fails when a sorted column of
// PostgreSQL lost its byte order: both engines must list alike.
func (d *DB) Collation(ctx context.Context) (string, error) {
	if d.engine == SQLite {
		return "bytes", nil
	}
	lost, err := All(ctx, Reader{d: d}, Value[string], `select table_name || '.' || column_name from information_schema.columns
		where table_schema = current_schema() and column_name in ('sort_key', 'name_key', 'email_key', 'city_key', 'term')
		and coalesce(collation_name, '') <> 'C' order by 1`)
	if err == nil && len(lost) > 0 {
		err = fmt.Errorf("these columns are not ordered by bytes any more: %s", strings.Join(lost, ", "))
	}
	return "bytes", err
}
