package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/config"
	"unisson/internal/platform/crash"
	"unisson/internal/platform/db"
	"unisson/internal/platform/filelock"
	"unisson/internal/platform/secret"
)

// Options say how to restore.
type Options struct {
	Keys       *secret.Keys
	Migrations fs.FS       // of this program
	Clock      clock.Clock // nil: the system clock
	Force      bool        // move data that is there already aside

	// Finish runs on the restored database before anybody sees it: what is not
	// in an archive is made again here. It may be nil.
	Finish func(ctx context.Context, d *db.DB) error
}

// Restored says what was done.
type Restored struct {
	Manifest
	Schema int64  // version that the data was brought to
	Aside  string // where the data that was there before is now; empty: there was none
}

// Restore puts the installation of an archive in an empty place: a folder
// without data, or a schema without tables. It changes nothing unless all of
// the archive was checked, loaded and checked again.
func Restore(ctx context.Context, path string, to config.Store, o Options) (Restored, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	f, err := os.Open(path)
	if err != nil {
		return Restored{}, fmt.Errorf("restore: %w", err)
	}
	defer f.Close()
	m, err := verifyFile(f, o.Keys)
	if err != nil {
		return Restored{}, err
	}
	latest, err := latestVersion(o.Migrations)
	if err != nil {
		return Restored{}, err
	}
	if m.Schema > latest {
		return Restored{}, NewerError{What: "database", Archive: strconv.FormatInt(m.Schema, 10), Program: strconv.FormatInt(latest, 10)}
	}
	if err := os.MkdirAll(to.DataDir, 0o700); err != nil {
		return Restored{}, fmt.Errorf("restore: %w", err)
	}
	l, err := filelock.Exclusive(to.LockPath())
	if errors.Is(err, filelock.ErrHeld) {
		return Restored{}, fmt.Errorf("restore: another process uses %s: stop it first", to.DataDir)
	}
	if err != nil {
		return Restored{}, fmt.Errorf("restore: %w", err)
	}
	defer l.Release()
	r := &restore{Options: o, to: to, file: f, m: m}
	if err := r.run(ctx); err != nil {
		return Restored{}, fmt.Errorf("restore: %w", err)
	}
	return Restored{Manifest: m, Schema: latest, Aside: r.aside}, nil
}

type restore struct {
	Options
	to    config.Store
	file  *os.File
	m     Manifest
	aside string
}

// place is where a database is loaded, beside the one that it will replace.
type place interface {
	open(ctx context.Context) (*db.DB, error)
	promote(ctx context.Context, aside string) (old string, err error)
	discard()
}

func (r *restore) run(ctx context.Context) error {
	if err := Recover(r.to); err != nil {
		return err
	}
	stage := filepath.Join(r.to.DataDir, stageDir)
	if err := os.RemoveAll(stage); err != nil {
		return err
	}
	if err := r.checkFiles(); err != nil {
		return err
	}
	if err := os.Mkdir(stage, 0o700); err != nil {
		return err
	}
	p, err := r.place(ctx, stage)
	if err != nil {
		return errors.Join(err, os.RemoveAll(stage))
	}
	if err := r.fill(ctx, p, stage); err != nil {
		p.discard()
		return errors.Join(err, os.RemoveAll(stage))
	}
	crash.Here("restore.loaded")
	r.aside, err = p.promote(ctx, "before_restore_"+r.Clock.Now().Format("20060102_150405"))
	if err != nil {
		p.discard()
		if !Unfinished(r.to) {
			err = errors.Join(err, os.RemoveAll(stage))
		}
	}
	return err
}

func (r *restore) place(ctx context.Context, stage string) (place, error) {
	if r.to.DatabaseURL != "" {
		return newSchemaPlace(ctx, r.to, stage, r.Force)
	}
	return newFilePlace(r.to, stage, r.Force)
}

// checkFiles refuses a folder that holds attached files of other data.
func (r *restore) checkFiles() error {
	entries, err := os.ReadDir(r.to.Files())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(entries) > 0 && !r.Force {
		return notEmpty("files in " + r.to.Files())
	}
	return nil
}

func notEmpty(what string) error {
	return fmt.Errorf("%w (%s): restore into an empty place, or move what is there aside with --force. Nothing was changed", ErrNotEmpty, what)
}

// fill loads the archive and checks what came out.
func (r *restore) fill(ctx context.Context, p place, stage string) error {
	d, err := p.open(ctx)
	if err != nil {
		return err
	}
	err = r.load(ctx, d, stage)
	if err == nil {
		err = r.compare(ctx, d)
	}
	if err == nil {
		err = d.Migrate(ctx, r.Migrations)
	}
	if err == nil && r.Finish != nil {
		err = r.Finish(ctx, d)
	}
	if err == nil {
		err = sound(ctx, d)
	}
	return errors.Join(err, d.Close())
}

func (r *restore) load(ctx context.Context, d *db.DB, stage string) error {
	if err := d.Migrate(ctx, upTo{r.Migrations, r.m.Schema}); err != nil {
		return err
	}
	var tables []db.Table
	err := d.Read(ctx, func(ctx context.Context, rd db.Reader) error {
		var err error
		tables, err = db.Tables(ctx, rd)
		return err
	})
	if err != nil {
		return err
	}
	if err := sameTables(tables, r.m.Tables); err != nil {
		return err
	}
	files, err := newFileWriter(filepath.Join(stage, "files"))
	if err != nil {
		return err
	}
	defer files.close()
	st, err := r.file.Stat()
	if err != nil {
		return err
	}
	return d.Load(ctx, func(ctx context.Context, tx db.Tx) error {
		b := &batch{tx: tx}
		m, err := walk(io.NewSectionReader(r.file, 0, st.Size()-int64(sealSize)), visitor{
			row:  func(t Table, values []any) error { return b.add(ctx, t, values) },
			file: files.write,
		})
		if err == nil {
			err = b.flush(ctx)
		}
		if err == nil && (m.CreatedAt != r.m.CreatedAt || m.Rows() != r.m.Rows()) {
			err = errors.New("the archive was exchanged while it was read")
		}
		return err
	})
}

// batch collects rows of one table and inserts many at once.
type batch struct {
	tx    db.Tx
	table Table
	rows  [][]any
}

const batchRows = 500

func (b *batch) add(ctx context.Context, t Table, values []any) error {
	if t.Name != b.table.Name || len(b.rows) == batchRows {
		if err := b.flush(ctx); err != nil {
			return err
		}
		b.table = t
	}
	b.rows = append(b.rows, values)
	return nil
}

func (b *batch) flush(ctx context.Context) error {
	if len(b.rows) == 0 {
		return nil
	}
	names := make([]string, len(b.table.Columns))
	for i, c := range b.table.Columns {
		names[i] = c.Name
	}
	err := db.Bulk(ctx, b.tx, b.table.Name, names, b.rows)
	b.rows = nil
	if err != nil {
		return fmt.Errorf("table %s: %w", b.table.Name, err)
	}
	return nil
}

// compare reads the loaded rows again, as a backup would, and expects the same
// hashes: what is stored is what was archived.
func (r *restore) compare(ctx context.Context, d *db.DB) error {
	return d.Snapshot(ctx, func(ctx context.Context, rd db.Reader) error {
		tables, err := db.Tables(ctx, rd)
		if err != nil {
			return err
		}
		keys := map[string][]string{}
		for _, t := range tables {
			keys[t.Name] = t.Key
		}
		for _, want := range r.m.Tables {
			got, err := measure(ctx, rd, want, keys[want.Name])
			if err != nil {
				return err
			}
			if got.Rows != want.Rows || got.SHA256 != want.SHA256 {
				return fmt.Errorf("table %s came out otherwise than it went in (%d rows of %d): this engine cannot hold its values",
					want.Name, got.Rows, want.Rows)
			}
		}
		return nil
	})
}

// sound asks the engine whether the database is whole.
func sound(ctx context.Context, d *db.DB) error {
	broken, err := d.Integrity(ctx)
	if err != nil {
		return err
	}
	more, err := d.BrokenReferences(ctx)
	if err != nil {
		return err
	}
	if broken = append(broken, more...); len(broken) > 0 {
		return fmt.Errorf("the restored database is not sound: %s", strings.Join(broken, "; "))
	}
	return nil
}
