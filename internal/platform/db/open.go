package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver "pgx"
	_ "modernc.org/sqlite"             // registers the driver "sqlite"

	"unisson/internal/platform/clock"
)

// Engine is the database behind a DB.
type Engine string

// The two engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Config says which database to open.
type Config struct {
	Path     string      // SQLite file; ignored when URL is set
	URL      string      // postgres://…
	Clock    clock.Clock // nil: the system clock
	MaxConns int         // PostgreSQL pool; 0: 16
	Create   bool        // make the folder of Path when it is missing
}

// DB is an open database. Safe for concurrent use.
type DB struct {
	engine Engine
	w, r   *sql.DB // the same pool on PostgreSQL
	clock  clock.Clock
	stmts  stmtCache
	shelf  shelf
}

const sqlitePragmas = "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
	"&_pragma=foreign_keys(1)&_pragma=cache_size(-8000)&_pragma=temp_store(MEMORY)&_pragma=trusted_schema(0)" +
	"&_dqs=0" // "x" is a column or an error, never the text x

// Open opens the database and checks that it answers; it does not migrate.
func Open(ctx context.Context, c Config) (*DB, error) {
	d := &DB{clock: c.Clock}
	if d.clock == nil {
		d.clock = clock.System{}
	}
	var err error
	if c.URL != "" {
		err = d.openPostgres(c)
	} else {
		err = d.openSQLite(c)
	}
	if err != nil {
		return nil, err
	}
	if err := d.Ping(ctx); err != nil {
		_ = d.Close()
		return nil, err
	}
	return d, nil
}

func (d *DB) openSQLite(c Config) error {
	d.engine = SQLite
	if c.Create {
		if err := os.MkdirAll(filepath.Dir(c.Path), 0o700); err != nil {
			return fmt.Errorf("open database: %w", err)
		}
	}
	// SQLite would make the file for everybody to read; its journals take the
	// mode of the file. What cannot be made is reported by the opening below.
	if f, err := os.OpenFile(c.Path, os.O_RDWR|os.O_CREATE, 0o600); err == nil {
		_ = f.Close() // nothing was written
	}
	// A path may hold ? or #, which a file: URI would cut off.
	p := (&url.URL{Path: filepath.ToSlash(c.Path)}).EscapedPath()
	var err error
	if d.w, err = sql.Open("sqlite", "file:"+p+"?_txlock=immediate&"+sqlitePragmas); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	d.w.SetMaxOpenConns(1)
	if d.r, err = sql.Open("sqlite", "file:"+p+"?"+sqlitePragmas+"&_pragma=query_only(1)"); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	d.r.SetMaxOpenConns(4)
	d.r.SetMaxIdleConns(4)
	return nil
}

func (d *DB) openPostgres(c Config) error {
	d.engine = Postgres
	if !strings.HasPrefix(c.URL, "postgres://") && !strings.HasPrefix(c.URL, "postgresql://") {
		return fmt.Errorf("open database: the address must begin with postgres://")
	}
	pool, err := sql.Open("pgx", c.URL)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	n := c.MaxConns
	if n == 0 {
		n = 16
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	d.w, d.r = pool, pool
	return nil
}

// Engine tells which engine it is.
func (d *DB) Engine() Engine { return d.engine }

// Clock is the clock that transactions read.
func (d *DB) Clock() clock.Clock { return d.clock }

// Ping checks that the database answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.w.PingContext(ctx); err != nil {
		return mapErr("ping", err)
	}
	return mapErr("ping", d.r.PingContext(ctx))
}

// Close waits for running statements and closes both pools.
func (d *DB) Close() error {
	d.stmts.close()
	err := d.r.Close()
	if d.w != d.r {
		if e := d.w.Close(); err == nil {
			err = e
		}
	}
	return err
}

// stmtCache keeps prepared statements of SQLite's reader pool, where preparing is a
// third of a point read. pgx keeps its own per connection.
type stmtCache struct {
	mu    sync.RWMutex
	stmts map[string]*sql.Stmt
}

const stmtCacheMax = 500

func (c *stmtCache) get(ctx context.Context, pool *sql.DB, query string) *sql.Stmt {
	c.mu.RLock()
	s := c.stmts[query]
	full := len(c.stmts) >= stmtCacheMax
	c.mu.RUnlock()
	if s != nil || full {
		return s
	}
	s, err := pool.PrepareContext(ctx, query)
	if err != nil {
		return nil // the unprepared call reports it
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.stmts[query]; old != nil {
		_ = s.Close()
		return old
	}
	if c.stmts == nil {
		c.stmts = map[string]*sql.Stmt{}
	}
	c.stmts[query] = s
	return s
}

func (c *stmtCache) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.stmts {
		_ = s.Close()
	}
	c.stmts = nil
}
