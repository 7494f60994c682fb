package instance

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"unisson/internal/platform/backup"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/filelock"
	"unisson/internal/platform/secret"
)

// demoSetting marks demonstration data; its value says how it was made.
const demoSetting = "demo"

// Instance is an open installation.
type Instance struct {
	Store config.Store
	DB    *db.DB
	Keys  *secret.Keys
	ID    string
	Demo  string // how the demonstration data was made; empty: this is no demonstration

	lock *filelock.Lock
}

// Options say how to open.
type Options struct {
	Store      config.Store
	Migrations fs.FS
	Clock      clock.Clock // nil: the system clock
	AsItIs     bool        // do not migrate a database that is older, nor refuse one that is newer
}

// Open opens an installation and makes what is missing of it.
func Open(ctx context.Context, o Options) (*Instance, error) {
	if err := o.Store.Validate(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Store.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w", err)
	}
	i := &Instance{Store: o.Store}
	if err := i.open(ctx, o); err != nil {
		_ = i.Close()
		return nil, err
	}
	return i, nil
}

func (i *Instance) open(ctx context.Context, o Options) error {
	if err := finishRestore(o.Store); err != nil {
		return err
	}
	var err error
	i.lock, err = filelock.Shared(o.Store.LockPath())
	if errors.Is(err, filelock.ErrHeld) {
		return fmt.Errorf("%s is being restored by another process: wait until it is done", o.Store.DataDir)
	}
	if err != nil {
		return fmt.Errorf("the data folder cannot be used: %w", err)
	}
	i.DB, err = db.Open(ctx, db.Config{URL: o.Store.DatabaseURL, Path: o.Store.Database(), Clock: o.Clock})
	if err != nil {
		return describe(o.Store, err)
	}
	at, _, err := i.DB.SchemaVersion(ctx, o.Migrations)
	if err != nil {
		return describe(o.Store, err)
	}
	fresh := at == 0
	if i.Keys, err = openKeys(o.Store, fresh); err != nil {
		return err
	}
	if fresh || !o.AsItIs {
		if err := i.DB.Migrate(ctx, o.Migrations); err != nil {
			return err
		}
	}
	if err := i.Keys.Bind(ctx, i.DB); err != nil {
		return err
	}
	return i.identify(ctx)
}

// finishRestore is done alone: whoever comes second finds it done.
func finishRestore(s config.Store) error {
	if !backup.Unfinished(s) {
		return nil
	}
	l, err := filelock.Exclusive(s.LockPath())
	if err != nil {
		return fmt.Errorf("a restore into %s was interrupted and must be finished first: %w", s.DataDir, err)
	}
	defer l.Release()
	if err := backup.Recover(s); err != nil {
		return fmt.Errorf("a restore into %s was interrupted and cannot be finished: %w", s.DataDir, err)
	}
	return nil
}

// openKeys makes a key only for a new database: an old one would be of no use
// without its own.
func openKeys(s config.Store, fresh bool) (*secret.Keys, error) {
	if fresh {
		return secret.Open(s.KeyPath())
	}
	keys, err := secret.Read(s.KeyPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the key file %s is missing, and the database cannot be used without it: put back the copy that you keep apart, or name it with --key-file", s.KeyPath())
	}
	return keys, err
}

func (i *Instance) identify(ctx context.Context) error {
	read := func(r db.Reader) (err error) {
		if i.ID, err = db.Setting(ctx, r, backup.InstanceSetting); err == nil {
			i.Demo, err = db.Setting(ctx, r, demoSetting)
		}
		return err
	}
	err := i.DB.Read(ctx, func(_ context.Context, r db.Reader) error { return read(r) })
	if err != nil || i.ID != "" {
		return err
	}
	return i.DB.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := read(tx.Reader); err != nil || i.ID != "" {
			return err
		}
		i.ID = db.NewID()
		return db.SetSetting(ctx, tx, backup.InstanceSetting, i.ID)
	})
}

// MarkDemo notes that the data is a demonstration. It joins the transaction of
// ctx, so that data and mark come together or not at all.
func (i *Instance) MarkDemo(ctx context.Context, how string) error {
	return i.DB.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		tx.AfterCommit(func() { i.Demo = how })
		return db.SetSetting(ctx, tx, demoSetting, how)
	})
}

// Close closes the database and gives the folder back.
func (i *Instance) Close() error {
	var err error
	if i.DB != nil {
		err = i.DB.Close()
	}
	i.lock.Release()
	return err
}

func describe(s config.Store, err error) error {
	if s.DatabaseURL != "" {
		return fmt.Errorf("the database named by --database-url cannot be opened: %w", err)
	}
	abs, absErr := filepath.Abs(s.Database())
	if absErr != nil {
		abs = s.Database()
	}
	return fmt.Errorf("the database %s cannot be opened: %w", abs, err)
}
