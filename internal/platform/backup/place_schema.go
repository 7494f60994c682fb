package backup

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"unisson/internal/platform/config"
	"unisson/internal/platform/crash"
	"unisson/internal/platform/db"
)

// restoring begins the name of a schema that a restore works in: lower-case
// letters and digits only, as it goes into an address as well.
const restoring = "unisson_restoring_"

// schemaPlace loads a second schema of a PostgreSQL database.
type schemaPlace struct {
	to           config.Store
	stage        string
	force        bool
	live         *db.DB // the database that will be replaced
	name, second string // of its schema and of ours
}

func newSchemaPlace(ctx context.Context, to config.Store, stage string, force bool) (place, error) {
	live, err := db.Open(ctx, db.Config{URL: to.DatabaseURL, MaxConns: 2})
	if err != nil {
		return nil, err
	}
	p := &schemaPlace{to: to, stage: stage, force: force, live: live}
	err = live.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		var err error
		if p.name, err = db.CurrentSchema(ctx, tx.Reader); err != nil {
			return err
		}
		left, err := db.SchemasNamed(ctx, tx.Reader, restoring) // by one that was killed: the folder's lock lets in one at a time
		if err != nil {
			return err
		}
		for _, name := range left {
			if err := db.DropSchema(ctx, tx, name, true); err != nil {
				return err
			}
		}
		p.second = restoring + strings.ReplaceAll(db.NewID(), "-", "")[20:]
		if err := p.checkEmpty(ctx, tx.Reader); err != nil {
			return err
		}
		return db.CreateSchema(ctx, tx, p.second)
	})
	if err != nil {
		_ = live.Close()
		return nil, err
	}
	return p, nil
}

func (p *schemaPlace) checkEmpty(ctx context.Context, r db.Reader) error {
	tables, err := db.SchemaTables(ctx, r, p.name)
	if err == nil && len(tables) > 0 && !p.force {
		err = notEmpty(fmt.Sprintf("%d tables in schema %s", len(tables), p.name))
	}
	return err
}

func (p *schemaPlace) open(ctx context.Context) (*db.DB, error) {
	u, err := url.Parse(p.to.DatabaseURL)
	if err != nil {
		return nil, fmt.Errorf("--database-url cannot be read")
	}
	q := u.Query()
	q.Set("search_path", p.second)
	u.RawQuery = q.Encode()
	return db.Open(ctx, db.Config{URL: u.String(), MaxConns: 4})
}

// promote exchanges the tables of both schemas in one transaction. The files
// go first: named after their content, they disturb nobody should the
// transaction fail.
func (p *schemaPlace) promote(ctx context.Context, aside string) (string, error) {
	if err := moveFiles(filepath.Join(p.stage, "files"), p.to.Files(), filepath.Join(p.to.DataDir, aside, "files")); err != nil {
		return "", err
	}
	old := ""
	crash.Here("restore.files_in_place")
	err := p.live.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := p.checkEmpty(ctx, tx.Reader); err != nil {
			return err
		}
		tables, err := db.SchemaTables(ctx, tx.Reader, p.name)
		if err != nil {
			return err
		}
		if len(tables) > 0 {
			old = aside
			if err := db.CreateSchema(ctx, tx, aside); err != nil {
				return err
			}
			if err := db.MoveTables(ctx, tx, p.name, aside); err != nil {
				return err
			}
		}
		if err := db.MoveTables(ctx, tx, p.second, p.name); err != nil {
			return err
		}
		crash.Here("restore.tables_exchanged")
		return db.DropSchema(ctx, tx, p.second, false)
	})
	if err != nil {
		return "", err
	}
	if old != "" {
		old = "schema " + old
	}
	_ = p.live.Close()
	return old, os.RemoveAll(p.stage)
}

func (p *schemaPlace) discard() {
	ctx := context.Background() // also when the restore was interrupted
	_ = p.live.Write(ctx, func(ctx context.Context, tx db.Tx) error { return db.DropSchema(ctx, tx, p.second, true) })
	_ = p.live.Close()
}
