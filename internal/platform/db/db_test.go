package db_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"unisson/internal/platform/db"
	"unisson/migrations"
)

func TestWriteJoinsTheTransactionOfItsCaller(t *testing.T) {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{Path: filepath.Join(t.TempDir(), "a b?.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(ctx, migrations.Files); err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(ctx, migrations.Files); err != nil {
		t.Fatal("second migrate:", err)
	}
	boom := errors.New("boom")
	err = d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := d.Write(ctx, func(ctx context.Context, tx db.Tx) error { return db.SetSetting(ctx, tx, "a", "1") }); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatal(err)
	}
	if err := d.Read(ctx, func(ctx context.Context, r db.Reader) error {
		v, err := db.Setting(ctx, r, "a")
		if v != "" {
			t.Errorf("the inner write survived the outer failure: %q", v)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
