package backup_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"unisson/internal/platform/backup"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/instance"
	"unisson/internal/platform/secret"
	"unisson/migrations"
)

// Whatever the moment at which a restore is killed, the next start finds the old
// data or the new data, whole; and a second try succeeds.
func TestAKilledRestoreLeavesTheOldDataOrTheNew(t *testing.T) {
	program := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command("go", "build", "-tags", "crashtest", "-o", program, "./testdata/program").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			keyFile := filepath.Join(t.TempDir(), "key")
			archive := filepath.Join(t.TempDir(), "archive")
			source := install(t, e, keyFile, "new")
			back(t, source, archive)
			points := visited(t, program, archive, install(t, e, keyFile, "old"))
			if len(points) < 3 {
				t.Fatalf("a restore passes the crash points %v only", points)
			}
			for _, point := range points {
				t.Run(point, func(t *testing.T) {
					place := install(t, e, keyFile, "old")
					if err := start(program, archive, place, "UNISSON_CRASH_AT="+point); !killed(err) {
						t.Fatalf("it was not killed: %v", err)
					}
					who := owner(t, place)
					if want := map[bool]string{true: "new", false: "old"}[e == db.SQLite && point != "restore.loaded"]; who != want {
						t.Errorf("after the kill the data is the %s one, want the %s", who, want)
					}
					if who == "old" {
						if err := start(program, archive, place); err != nil {
							t.Fatalf("the second try: %v", err)
						}
						who = owner(t, place)
					}
					data, err := os.ReadFile(filepath.Join(place.Files(), "ab", "new"))
					if who != "new" || err != nil || string(data) != "new" {
						t.Errorf("in the end the data is the %s one, its file %q (%v)", who, data, err)
					}
					if _, err := os.Stat(filepath.Join(place.DataDir, "restoring")); err == nil {
						t.Error("the folder of the restore is still there")
					}
				})
			}
		})
	}
}

// install makes an installation whose id, setting and file all say name.
func install(t *testing.T, e db.Engine, keyFile, name string) config.Store {
	t.Helper()
	s := config.Store{DataDir: filepath.Join(t.TempDir(), name), KeyFile: ""}
	if e == db.Postgres {
		s.DatabaseURL = dbtest.Postgres(t)
	}
	if err := os.MkdirAll(filepath.Join(s.Files(), "ab"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.Files(), "ab", name), []byte(name), 0o600); err != nil {
		t.Fatal(err)
	}
	// One key for all, in the folder of each.
	if _, err := secret.Open(keyFile); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(keyFile, s.KeyPath()); err != nil {
		t.Fatal(err)
	}
	i := open(t, s)
	defer i.Close()
	err := i.DB.Write(t.Context(), func(ctx context.Context, tx db.Tx) error { return db.SetSetting(ctx, tx, "owner", name) })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func open(t *testing.T, s config.Store) *instance.Instance {
	t.Helper()
	i, err := instance.Open(t.Context(), instance.Options{Store: s, Migrations: migrations.Files})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func back(t *testing.T, s config.Store, path string) {
	t.Helper()
	i := open(t, s)
	defer i.Close()
	if _, err := backup.Create(t.Context(), path, backup.Source{DB: i.DB, Files: s.Files(), Keys: i.Keys, Program: "test"}, false); err != nil {
		t.Fatal(err)
	}
}

// owner starts the installation as any command does, and asks whose data it is.
func owner(t *testing.T, s config.Store) string {
	t.Helper()
	i := open(t, s)
	defer i.Close()
	var name string
	err := i.DB.Read(t.Context(), func(ctx context.Context, r db.Reader) (err error) {
		name, err = db.Setting(ctx, r, "owner")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	broken, err := i.DB.Integrity(t.Context())
	if err != nil || len(broken) > 0 {
		t.Errorf("integrity: %v %v", broken, err)
	}
	return name
}

func start(program, archive string, s config.Store, env ...string) error {
	cmd := exec.Command(program, archive, s.DataDir, s.DatabaseURL)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) > 0 {
		return errors.New(string(out))
	}
	return err
}

func visited(t *testing.T, program, archive string, s config.Store) []string {
	t.Helper()
	list := filepath.Join(t.TempDir(), "points")
	if err := start(program, archive, s, "UNISSON_CRASH_LIST="+list); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	var points []string
	for line := range strings.Lines(string(data)) {
		points = append(points, strings.TrimPrefix(strings.TrimSpace(line), "crash point: "))
	}
	slices.Sort(points)
	return slices.Compact(points)
}

func killed(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}
