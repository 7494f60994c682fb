package instance_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/filelock"
	"unisson/internal/platform/instance"
	"unisson/internal/platform/secret"
	"unisson/migrations"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func each(t *testing.T, fn func(t *testing.T, s config.Store)) {
	t.Helper()
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			s := config.Store{DataDir: filepath.Join(t.TempDir(), "new", "data")}
			if e == db.Postgres {
				s.DatabaseURL = dbtest.Postgres(t)
			}
			fn(t, s)
		})
	}
}

func open(t *testing.T, s config.Store) *instance.Instance {
	t.Helper()
	i, err := instance.Open(t.Context(), instance.Options{Store: s, Migrations: migrations.Files})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = i.Close() })
	return i
}

func TestAMissingInstallationIsMadeAndStaysItself(t *testing.T) {
	each(t, func(t *testing.T, s config.Store) {
		a := open(t, s)
		if a.ID == "" || a.Demo != "" {
			t.Errorf("id %q, demo %q", a.ID, a.Demo)
		}
		at, latest, err := a.DB.SchemaVersion(t.Context(), migrations.Files)
		if err != nil || at != latest || at == 0 {
			t.Errorf("schema %d of %d (%v)", at, latest, err)
		}
		st, err := os.Stat(s.DataDir)
		if err != nil || st.Mode().Perm() != 0o700 {
			t.Errorf("the folder: %v %v, want mode 0700", st.Mode(), err)
		}
		b := open(t, s) // beside the first
		if b.ID != a.ID || b.Keys.Fingerprint() != a.Keys.Fingerprint() {
			t.Error("opened again it is another one")
		}
	})
}

func TestTheDemoMarkComesWithTheDataOrNotAtAll(t *testing.T) {
	each(t, func(t *testing.T, s config.Store) {
		i := open(t, s)
		boom := errors.New("boom")
		err := i.DB.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
			if err := i.MarkDemo(ctx, "seed 1"); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) || i.Demo != "" || open(t, s).Demo != "" {
			t.Errorf("%v, demo %q", err, i.Demo)
		}
		if err := i.MarkDemo(t.Context(), "seed 1"); err != nil || i.Demo != "seed 1" || open(t, s).Demo != "seed 1" {
			t.Errorf("%v, demo %q", err, i.Demo)
		}
	})
}

func TestADatabaseWithoutItsKeyIsRefused(t *testing.T) {
	each(t, func(t *testing.T, s config.Store) {
		if err := open(t, s).Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(s.KeyPath(), s.KeyPath()+".kept"); err != nil {
			t.Fatal(err)
		}
		_, err := instance.Open(t.Context(), instance.Options{Store: s, Migrations: migrations.Files})
		if err == nil || !strings.Contains(err.Error(), "--key-file") {
			t.Errorf("without its key: %v", err)
		}
		if _, err := os.Stat(s.KeyPath()); err == nil {
			t.Error("a key was made that opens nothing")
		}
		s.KeyFile = filepath.Join(t.TempDir(), "other")
		if _, err := secret.Open(s.KeyFile); err != nil {
			t.Fatal(err)
		}
		_, err = instance.Open(t.Context(), instance.Options{Store: s, Migrations: migrations.Files})
		var other secret.OtherKeyError
		if !errors.As(err, &other) {
			t.Errorf("with another key: %v", err)
		}
	})
}

func TestNothingOpensWhileARestoreHasTheFolder(t *testing.T) {
	s := config.Store{DataDir: t.TempDir()}
	l, err := filelock.Exclusive(s.LockPath())
	if err != nil {
		t.Fatal(err)
	}
	_, err = instance.Open(t.Context(), instance.Options{Store: s, Migrations: migrations.Files})
	if err == nil || !strings.Contains(err.Error(), "being restored") {
		t.Errorf("got %v", err)
	}
	l.Release()
	i := open(t, s)
	if _, err := filelock.Exclusive(s.LockPath()); !errors.Is(err, filelock.ErrHeld) {
		t.Errorf("an open installation leaves its folder to others: %v", err)
	}
	if err := i.Close(); err != nil {
		t.Fatal(err)
	}
	if l, err = filelock.Exclusive(s.LockPath()); err != nil {
		t.Error("a closed one does not:", err)
	}
	l.Release()
}

func TestAnInterruptedRestoreThatCannotBeFinishedIsSaid(t *testing.T) {
	s := config.Store{DataDir: t.TempDir()}
	stage := filepath.Join(s.DataDir, "restoring")
	if err := os.MkdirAll(stage, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(stage, "ready.json"), []byte(`{"aside":"../../x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := instance.Open(t.Context(), instance.Options{Store: s, Migrations: migrations.Files})
	if err == nil || !strings.Contains(err.Error(), "cannot be finished") {
		t.Errorf("got %v", err)
	}
	l, err := filelock.Shared(s.LockPath())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Release()
	_, err = instance.Open(t.Context(), instance.Options{Store: s, Migrations: migrations.Files})
	if err == nil || !strings.Contains(err.Error(), "must be finished first") {
		t.Errorf("beside another process: %v", err)
	}
}

func TestWhatCannotBeOpenedIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("not a database, and long enough to be looked at by the engine"+strings.Repeat(".", 4096)), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Rename(file, filepath.Join(dir, "unisson.db")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		s    config.Store
		says string
	}{
		"a folder under a file":    {config.Store{DataDir: filepath.Join(os.Args[0], "x")}, "cannot be made"},
		"a file that is no base":   {config.Store{DataDir: dir}, "unisson.db"},
		"a server that is not":     {config.Store{DataDir: t.TempDir(), DatabaseURL: "postgres://u:hunter2@127.0.0.1:1/d"}, "--database-url"},
		"an address that is wrong": {config.Store{DataDir: t.TempDir(), DatabaseURL: "http://x"}, "postgres://"},
	} {
		_, err := instance.Open(t.Context(), instance.Options{Store: c.s, Migrations: migrations.Files})
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v, want it to name %q", name, err, c.says)
		}
	}
}
