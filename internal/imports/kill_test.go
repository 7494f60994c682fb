//go:build unix

package imports_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"unisson/internal/app"
	"unisson/internal/app/apptest"
	"unisson/internal/imports"
	"unisson/internal/imports/table"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/secret"
	"unisson/internal/platform/soak"
	"unisson/migrations"
)

// killed is an import whose processes are killed.
type killed struct {
	*house
	env []string
}

func killable(t *testing.T, e db.Engine) *killed {
	t.Helper()
	conf := db.Config{Path: filepath.Join(t.TempDir(), "unisson.db"), MaxConns: 4}
	if e == db.Postgres {
		conf = db.Config{URL: dbtest.Postgres(t), MaxConns: 4}
	}
	d, err := db.Open(context.Background(), conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(context.Background(), migrations.Files); err != nil {
		t.Fatal(err)
	}
	files := t.TempDir()
	c := &config.Config{Store: config.Store{DataDir: files}, Addr: "127.0.0.1:0", PublicURL: apptest.Public, InsecureHTTP: true}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(context.Background(), app.Options{Config: c, DB: d, Keys: secret.Generate(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	k := &killed{house: &house{App: &apptest.App{App: a, DB: d}, t: t, ctx: auth.AsSystem(context.Background())}}
	k.env = append(os.Environ(), childURL+"="+conf.URL, childPath+"="+conf.Path, childFiles+"="+files)
	return k
}

// process starts a process that works on an import.
func (k *killed) process(bin, id string, env ...string) *exec.Cmd {
	cmd := exec.Command(bin, "-test.run", "^$")
	cmd.Env = append(append(k.env, childEnv+"="+id), env...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	return cmd
}

func wasKilled(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// crashBin builds this test with the points of crash armed.
func crashBin(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "imports.test")
	if out, err := exec.Command("go", "test", "-c", "-tags", "crashtest", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go test -c: %v\n%s", err, out)
	}
	return bin
}

func TestAnImportKilledAtEachPointEndsAsIfNothingHadHappened(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a second binary")
	}
	bin := crashBin(t)
	file := people(11, 500)
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			whole := killable(t, e)
			want := whole.dump(whole.bring("contact", file).ID)
			for _, point := range []string{"imports.chunk_staged", "imports.chunk_written", "imports.chunk_committed", "imports.finished"} {
				k := killable(t, e)
				i := k.upload("contact", file, imports.Plan{})
				k.ok(k.Imports.Run(k.ctx, i.ID))
				if err := k.process(bin, i.ID, "UNISSON_CRASH_AT="+point).Wait(); !wasKilled(err) {
					t.Errorf("%s: the process ended by itself: %v", point, err)
				}
				done := k.work(i.ID)
				if done.State != imports.Done || done.Rows() != 500 {
					t.Errorf("%s: %s", point, shape(done))
				}
				if got := k.dump(i.ID); got != want {
					t.Errorf("%s: the tables differ from those of an uninterrupted run", point)
				}
				if point != "imports.finished" {
					continue
				}
				for _, undoing := range []string{"imports.undo_written", "imports.undo_committed"} {
					if k.ok(ignoreConflict(k.Imports.Undo(k.ctx, i.ID))); true {
						if err := k.process(bin, i.ID, "UNISSON_CRASH_AT="+undoing).Wait(); !wasKilled(err) {
							t.Errorf("%s: the process ended by itself: %v", undoing, err)
						}
					}
				}
				if u := k.work(i.ID); u.State != imports.Undone || count(t, k.house, "contacts")+count(t, k.house, "accounts")+count(t, k.house, "points") != 0 {
					t.Errorf("after the undo: %s, removed %d", u.State, u.Removed)
				}
			}
		})
	}
}

// ignoreConflict lets an undoing that is under way go on.
func ignoreConflict(err error) error {
	if err != nil && strings.Contains(err.Error(), "conflict") {
		return nil
	}
	return err
}

func TestSoakAnImportKilledAtRandomLosesAndDoublesNothing(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			run := soak.Start(t, "T-I01")
			rows, kills := run.Size(8_000, 100_000), run.Size(10, 200)
			file := people(12, rows)
			whole := killable(t, e)
			want := whole.dump(whole.bring("contact", file).ID)
			bad, done := 0, 0
			for done < kills {
				k := killable(t, e)
				i, err := k.Imports.Upload(k.ctx, "contact", "file.csv", strings.NewReader(file), table.Dialect{})
				k.ok(err)
				k.ok(k.Imports.Run(k.ctx, i.ID))
				for done < kills {
					cmd := k.process(os.Args[0], i.ID)
					timer := time.AfterFunc(time.Duration(300+run.Rand.IntN(1500))*time.Millisecond, func() { _ = cmd.Process.Kill() })
					err := cmd.Wait()
					timer.Stop()
					if !wasKilled(err) {
						k.ok(err)
						break
					}
					done++
				}
				end := k.work(i.ID)
				if end.State != imports.Done || end.Rows() != int64(rows) || k.dump(i.ID) != want {
					t.Errorf("after %d kills: %s", done, shape(end))
					bad++
				}
			}
			run.Done(string(e), bad, done)
		})
	}
}
