package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"unisson/internal/platform/backup"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/secret"
)

// demoData makes the demonstration company and gives the place of it.
func demoData(t *testing.T) (args []string, key string) {
	t.Helper()
	dir := t.TempDir()
	if p := start(t, "demo", "--addr", "127.0.0.1:0", "--data", dir); p.stop() != exitOK {
		t.Fatal(p.err)
	}
	return []string{"--data", dir}, filepath.Join(dir, "unisson.key")
}

// T-D09: the whole demonstration goes from SQLite to PostgreSQL and back, and
// every table keeps its hash.
func TestTheWholeCompanyMovesBetweenTheEngines(t *testing.T) {
	place, key := demoData(t)
	keys, err := secret.Read(key)
	if err != nil {
		t.Fatal(err)
	}
	var before backup.Manifest
	last := ""
	for step, engine := range append([]db.Engine{db.SQLite, db.SQLite}, append(dbtest.Engines()[1:], db.SQLite)...) {
		archive := filepath.Join(t.TempDir(), "archive")
		if step > 0 {
			place = append([]string{"--data", t.TempDir(), "--key-file", key}, database(t, engine)...)
			out := does(t, append([]string{"restore", last}, place...)...)
			if !strings.Contains(out, "each verified") {
				t.Errorf("restore says %s", out)
			}
			if out := does(t, append([]string{"doctor"}, place...)...); strings.Contains(out, "FAILED") {
				t.Errorf("the doctor says:\n%s", out)
			}
		}
		does(t, append([]string{"backup", archive}, place...)...)
		m, err := backup.Verify(archive, keys)
		if err != nil {
			t.Fatal(err)
		}
		last = archive
		if step == 0 {
			before = m
			if m.Rows() < 500 {
				t.Errorf("the demonstration has %d rows only", m.Rows())
			}
			continue
		}
		for i, table := range m.Tables {
			if want := before.Tables[i]; table.Name != want.Name || table.SHA256 != want.SHA256 || table.Rows != want.Rows {
				t.Errorf("step %d, %s: table %s (%d rows) is not what table %s (%d rows) was", step, engine, table.Name, table.Rows, want.Name, want.Rows)
			}
		}
	}
}

func database(t *testing.T, e db.Engine) []string {
	t.Helper()
	if e == db.Postgres {
		return []string{"--database-url", dbtest.Postgres(t)}
	}
	return nil
}

func TestBackupAndRestoreSayWhatIsWrong(t *testing.T) {
	place, key := demoData(t)
	archive := filepath.Join(t.TempDir(), "archive")
	out := does(t, append([]string{"backup", archive}, place...)...)
	if !strings.Contains(out, "read back and verified") || !strings.Contains(out, "keep a copy of "+key+" apart") {
		t.Errorf("backup says:\n%s", out)
	}
	refuses(t, exitFailed, "--force", append([]string{"backup", archive}, place...)...)
	does(t, append([]string{"backup", archive, "--force"}, place...)...)

	fresh := t.TempDir()
	refuses(t, exitFailed, "name it with --key-file", "restore", archive, "--data", fresh)
	refuses(t, exitFailed, "no such file", "restore", archive+"x", "--data", fresh, "--key-file", key)
	other := filepath.Join(t.TempDir(), "key")
	if _, err := secret.Open(other); err != nil {
		t.Fatal(err)
	}
	refuses(t, exitFailed, "written with key file", "restore", archive, "--data", fresh, "--key-file", other)
	data, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/3] ^= 0x10
	bad := archive + ".bad"
	if err := os.WriteFile(bad, data, 0o600); err != nil {
		t.Fatal(err)
	}
	refuses(t, exitFailed, "altered or damaged", "restore", bad, "--data", fresh, "--key-file", key)
	if err := os.WriteFile(bad, data[:len(data)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	refuses(t, exitFailed, "cut short", "restore", bad, "--data", fresh, "--key-file", key)
	if left, _ := os.ReadDir(fresh); len(left) > 0 {
		t.Errorf("refused restores left %v", left)
	}
	refuses(t, exitFailed, "--force", append([]string{"restore", archive}, place...)...)
	if out := does(t, append([]string{"restore", archive, "--force"}, place...)...); !strings.Contains(out, "What was there before is now in ") {
		t.Errorf("restore says:\n%s", out)
	}
	running := start(t, append([]string{"demo", "--addr", "127.0.0.1:0"}, place...)...)
	refuses(t, exitFailed, "stop it first", append([]string{"restore", archive, "--force"}, place...)...)
	does(t, append([]string{"backup", archive + ".2"}, place...)...) // beside a server that runs
	if code := running.stop(); code != exitOK {
		t.Errorf("exit %d\n%s", code, running.err)
	}
}

func TestABackupNamesTheFilesThatAreGone(t *testing.T) {
	dir := t.TempDir()
	does(t, "migrate", "--data", dir)
	d, err := db.Open(t.Context(), db.Config{Path: filepath.Join(dir, "unisson.db")})
	if err != nil {
		t.Fatal(err)
	}
	hash := strings.Repeat("ab", 32)
	err = d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
		return db.Bulk(ctx, tx, "files", []string{"id", "hash", "thumb_hash", "name", "media_type", "size", "owner_kind", "owner_id", "created_by", "created_at"},
			[][]any{{"f1", hash, "", "offer.pdf", "application/pdf", 7, "team.person", "p1", "", 1}})
	})
	if err := errors.Join(err, d.Close()); err != nil {
		t.Fatal(err)
	}
	archive := filepath.Join(t.TempDir(), "archive")
	refuses(t, exitFailed, hash+" (missing)", "backup", archive, "--data", dir)
	refuses(t, exitFailed, "one check failed", "doctor", "--data", dir)
	does(t, "restore", archive, "--data", t.TempDir(), "--key-file", filepath.Join(dir, "unisson.key")) // it is whole all the same
}

func TestMigrateMakesAndRepeats(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			args := append([]string{"migrate", "--data", filepath.Join(t.TempDir(), "new")}, database(t, e)...)
			first := does(t, args...)
			if second := does(t, args...); first != second || !strings.HasPrefix(first, "The database is at version ") {
				t.Errorf("%q, then %q", first, second)
			}
		})
	}
}

// T-U02, and the doctor tells it too.
func TestANewerDatabaseIsRefusedByEveryCommand(t *testing.T) {
	dir := t.TempDir()
	does(t, "migrate", "--data", dir)
	d, err := db.Open(t.Context(), db.Config{Path: filepath.Join(dir, "unisson.db")})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, "insert into goose_db_version (version_id, is_applied) values (9999, true)")
		return err
	})
	if err := errors.Join(err, d.Close()); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"serve", "--addr", "127.0.0.1:0"}, {"demo", "--addr", "127.0.0.1:0"}, {"migrate"}, {"user", "reset", "zoe@example.com"}} {
		refuses(t, exitFailed, "install the newer release", append(args, "--data", dir)...)
	}
	out, _, code := unisson(t, nil, "doctor", "--data", dir)
	if code != exitFailed || !strings.Contains(out, "install the newer release") {
		t.Errorf("the doctor (exit %d) says:\n%s", code, out)
	}
}
