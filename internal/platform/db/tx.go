package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"unisson/internal/platform/errs"
)

// Row is one row being read.
type Row interface {
	Scan(dest ...any) error
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Reader reads, from the reader pool or inside a transaction.
type Reader struct {
	d  *DB
	st *txState // nil: the reader pool
	q  querier  // a snapshot's own transaction; nil: st or the pool
}

// Tx reads and writes inside one transaction.
type Tx struct {
	Reader
}

type txState struct {
	d      *DB
	conn   *sql.Conn
	tx     *sql.Tx
	now    Time
	commit []func()
	tables []string // written to, see shelf
}

type txKey struct{}

// Write runs fn in a transaction and commits when it returns nil; any error, or
// a panic, rolls everything back. When ctx already carries a transaction of
// this database, fn joins it, and its error must be passed on: the caller's
// transaction cannot go on after a failed statement on PostgreSQL.
//
// On PostgreSQL fn is run again (five times at most) when the engine asks for
// it (deadlock, serialisation): it may change nothing but the database.
func (d *DB) Write(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	if st, ok := ctx.Value(txKey{}).(*txState); ok && st != nil && st.d == d {
		return fn(ctx, Tx{Reader{d: d, st: st}})
	}
	for try := 1; ; try++ {
		err := d.writeOnce(ctx, fn)
		if !isRetry(err) || try == maxTries {
			return err
		}
		// A little later, so that the other one of the two is through by then.
		wait := time.NewTimer(time.Duration(5+rand.IntN(20*try)) * time.Millisecond)
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return err
		}
	}
}

const maxTries = 5

func (d *DB) writeOnce(ctx context.Context, fn func(ctx context.Context, tx Tx) error) (err error) {
	conn, tx, err := d.begin(ctx)
	if err != nil {
		return mapErr("begin", err)
	}
	defer conn.Close()
	st := &txState{d: d, conn: conn, tx: tx, now: At(d.clock.Now())}
	done := false
	defer func() {
		if !done {
			_ = tx.Rollback()
		}
	}()
	if err := fn(context.WithValue(ctx, txKey{}, st), Tx{Reader{d: d, st: st}}); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return mapErr("commit", err)
	}
	done = true
	err = tx.Commit()
	// Also when the commit fails: it may have come through.
	d.shelf.written(st.tables)
	memoryOf(ctx).forget()
	if err != nil {
		return mapErr("commit", err)
	}
	for _, f := range st.commit {
		f()
	}
	return nil
}

// begin passes over pooled connections that died with their server: nothing
// was asked of them yet.
func (d *DB) begin(ctx context.Context) (*sql.Conn, *sql.Tx, error) {
	for dead := 0; ; dead++ {
		conn, err := d.w.Conn(ctx)
		if err != nil {
			return nil, nil, err
		}
		// The transaction outlives a cancelled request on purpose: database/sql
		// would roll back behind our back and answer the commit with a riddle.
		tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
		if err == nil {
			return conn, tx, nil
		}
		_ = conn.Close()
		if !connDied(err) || dead == maxDead {
			return nil, nil, err
		}
	}
}

// maxDead is more than a pool holds.
const maxDead = 64

// Read runs fn with a reader. Inside a Write of the same database it reads what
// that transaction wrote. Each statement sees its own snapshot.
func (d *DB) Read(ctx context.Context, fn func(ctx context.Context, r Reader) error) error {
	if st, ok := ctx.Value(txKey{}).(*txState); ok && st != nil && st.d == d {
		return fn(ctx, Reader{d: d, st: st})
	}
	return fn(ctx, Reader{d: d})
}

// Now is the instant of the transaction, the same for all its statements.
func (t Tx) Now() Time { return t.st.now }

// Exec runs one statement that changes rows and tells how many it changed.
func (t Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	count(ctx, query)
	if err := legible(args); err != nil {
		return 0, err
	}
	t.st.wrote(tableOf(query))
	res, err := t.st.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, mapErr("write", err)
	}
	n, err := res.RowsAffected()
	return n, mapErr("write", err)
}

// AfterCommit runs f once the outermost transaction is committed, and never
// when it is rolled back. f must not fail and must not block.
func (t Tx) AfterCommit(f func()) { t.st.commit = append(t.st.commit, f) }

func (r Reader) prepared(ctx context.Context, query string) *sql.Stmt {
	if r.d.engine != SQLite || r.q != nil || r.st != nil {
		return nil // inside a transaction the commit outweighs the preparing
	}
	return r.d.stmts.get(ctx, r.d.r, query)
}

func (r Reader) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	count(ctx, query)
	if err := legible(args); err != nil {
		return nil, err
	}
	if s := r.prepared(ctx, query); s != nil {
		return s.QueryContext(ctx, args...)
	}
	switch {
	case r.q != nil:
		return r.q.QueryContext(ctx, query, args...)
	case r.st != nil:
		if changes(query) {
			r.st.wrote(tableOf(query))
		}
		return r.st.tx.QueryContext(ctx, query, args...)
	}
	for dead := 0; ; dead++ {
		rows, err := r.d.r.QueryContext(ctx, query, args...)
		if err == nil || !connDied(err) || dead == maxDead {
			return rows, err
		}
	}
}

// Engine tells which engine is behind.
func (r Reader) Engine() Engine { return r.d.engine }

// Each reads the rows one by one. The rows are closed before Each returns; fn
// must not run another statement on the same transaction.
func Each(ctx context.Context, r Reader, fn func(Row) error, query string, args ...any) error {
	rows, err := r.query(ctx, query, args)
	if err != nil {
		return mapErr("read", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return mapErr("read", rows.Err())
}

// All reads every row. It gives nil for none.
func All[T any](ctx context.Context, r Reader, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	var out []T
	err := Each(ctx, r, func(row Row) error {
		v, err := scan(row)
		if err != nil {
			return mapErr("read", err)
		}
		out = append(out, v)
		return nil
	}, query, args...)
	return out, err
}

// One reads the first row; no row is errs.KindNotFound.
func One[T any](ctx context.Context, r Reader, scan func(Row) (T, error), query string, args ...any) (T, error) {
	var out T
	found := false
	err := Each(ctx, r, func(row Row) error {
		if found {
			return nil
		}
		v, err := scan(row)
		if err != nil {
			return mapErr("read", err)
		}
		out, found = v, true
		return nil
	}, query, args...)
	if err == nil && !found {
		err = errs.NotFound("row")
	}
	return out, err
}

// Value is a scan function for one column.
func Value[T any](row Row) (T, error) {
	var v T
	err := row.Scan(&v)
	return v, err
}

type counterKey struct{}

// Counter counts the statements run under a context (see WithCounter).
type Counter struct{ texts []string }

// N is the number of statements so far.
func (c *Counter) N() int { return len(c.texts) }

// Statements are those so far, without their arguments.
func (c *Counter) Statements() []string { return c.texts }

// WithCounter lets a test or a request log see how many statements one request
// ran. The counter is for one goroutine.
func WithCounter(ctx context.Context) (context.Context, *Counter) {
	c := &Counter{}
	return context.WithValue(ctx, counterKey{}, c), c
}

func count(ctx context.Context, query string) {
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok {
		c.texts = append(c.texts, query)
	}
}

// isRetry tells whether the engine asks to run the transaction again, however
// the caller wrapped what it said.
func isRetry(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// Detach gives a context for work that must survive the request: same values
// but the transaction and the memory, not its cancellation, at most d long.
func Detach(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx = context.WithValue(context.WithoutCancel(ctx), memoryKey{}, (*memory)(nil))
	return context.WithTimeout(context.WithValue(ctx, txKey{}, (*txState)(nil)), d)
}

var errNoTx = fmt.Errorf("db: no transaction in this context")

// InTx tells whether ctx carries a transaction of d, for code that may only run
// inside one.
func (d *DB) InTx(ctx context.Context) error {
	if st, ok := ctx.Value(txKey{}).(*txState); ok && st != nil && st.d == d {
		return nil
	}
	return errNoTx
}
