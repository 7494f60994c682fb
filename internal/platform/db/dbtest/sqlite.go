package dbtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"unisson/internal/platform/db"
	"unisson/migrations"
)

// sqliteTemplate is the bytes of a migrated, closed database.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "unisson-sqlite-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrate(db.Config{Path: path}); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path + "-wal"); err == nil {
		return nil, fmt.Errorf("%s-wal is still there after closing: the template would be incomplete", path)
	}
	return os.ReadFile(path)
})

func copySQLite(t testing.TB) string {
	t.Helper()
	data, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	path := filepath.Join(tempDir(t), "unisson.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	return path
}

// tempDir is t.TempDir in memory where there is some: a commit there costs no fsync.
func tempDir(t testing.TB) string {
	t.Helper()
	place := fastDir()
	if place == "" {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(place, "unisson-sqlite-")
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func migrate(conf db.Config) error {
	ctx := context.Background()
	d, err := db.Open(ctx, conf)
	if err != nil {
		return err
	}
	if err := d.Migrate(ctx, migrations.Files); err != nil {
		_ = d.Close()
		return err
	}
	return d.Close()
}
