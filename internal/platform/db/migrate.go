package db

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// migrationName is NNNN_what.sql.
var migrationName = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+\.sql$`)

// NewerError reports a database made by a newer release.
type NewerError struct{ Database, Program int64 }

// Error says what to do.
func (e NewerError) Error() string {
	return fmt.Sprintf("this database is at version %d and this program knows %d: install the newer release that wrote it; nothing was changed", e.Database, e.Program)
}

// Migrate brings the database to the latest version of files. It changes
// nothing when it is there already, and refuses a newer database with
// NewerError. On PostgreSQL, several instances may call it at once.
func (d *DB) Migrate(ctx context.Context, files fs.FS) error {
	p, latest, err := d.provider(files)
	if err != nil {
		return err
	}
	at, err := p.GetDBVersion(ctx)
	if err != nil {
		return mapErr("migrate", err)
	}
	if at > latest {
		return NewerError{Database: at, Program: latest}
	}
	if at == latest {
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// SchemaVersion tells the version of the database and the one that files lead to.
func (d *DB) SchemaVersion(ctx context.Context, files fs.FS) (at, latest int64, err error) {
	p, latest, err := d.provider(files)
	if err != nil {
		return 0, 0, err
	}
	at, err = p.GetDBVersion(ctx)
	return at, latest, mapErr("version", err)
}

func (d *DB) provider(files fs.FS) (*goose.Provider, int64, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, 0, fmt.Errorf("migrate: %w", err)
	}
	sort.Strings(names)
	var steps []*goose.Migration
	var latest int64
	for _, name := range names {
		m := migrationName.FindStringSubmatch(name)
		if m == nil {
			return nil, 0, fmt.Errorf("migrate: %s is not named NNNN_what.sql", name)
		}
		n, _ := strconv.ParseInt(m[1], 10, 64)
		if n == latest {
			return nil, 0, fmt.Errorf("migrate: two files have the number %04d", n)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, 0, fmt.Errorf("migrate: %w", err)
		}
		steps = append(steps, goose.NewGoMigration(n, &goose.GoFunc{RunTx: run(name, ForEngine(string(text), d.engine))}, nil))
		latest = n
	}
	opts := []goose.ProviderOption{goose.WithGoMigrations(steps...), goose.WithDisableGlobalRegistry(true)}
	dialect := goose.DialectSQLite3
	if d.engine == Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, 0, fmt.Errorf("migrate: %w", err)
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(dialect, d.w, nil, opts...)
	if err != nil {
		return nil, 0, fmt.Errorf("migrate: %w", err)
	}
	return p, latest, nil
}

func run(name, text string) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
}

// ForEngine keeps of a migration what is for engine e: lines outside any block,
// and those of its own "-- +sqlite" or "-- +postgres" blocks, which end with
// "-- +end". A column that is searched or sorted is written once:
// "name_key text not null /* +sorted */" gets collate "C" on PostgreSQL, so
// that both engines order by bytes.
func ForEngine(text string, e Engine) string {
	var b strings.Builder
	block := ""
	for _, line := range strings.SplitAfter(text, "\n") {
		switch strings.TrimSpace(line) {
		case "-- +sqlite":
			block = string(SQLite)
			continue
		case "-- +postgres":
			block = string(Postgres)
			continue
		case "-- +end":
			block = ""
			continue
		}
		if block != "" && block != string(e) {
			continue
		}
		mark := ""
		if e == Postgres {
			mark = `collate "C"`
		}
		b.WriteString(strings.ReplaceAll(line, "/* +sorted */", mark))
	}
	return b.String()
}
