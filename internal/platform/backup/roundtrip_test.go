package backup

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/secret"
)

// T-D09 on awkward rows; the demo company is restored in cmd/unisson.
func TestAnArchiveOfEitherEngineRestoresIntoEither(t *testing.T) {
	keys := secret.Generate()
	for _, from := range dbtest.Engines() {
		src := newSource(t, from, keys)
		archive := src.archive()
		for _, to := range dbtest.Engines() {
			t.Run(string(from)+" to "+string(to), func(t *testing.T) {
				target := newStore(t, to)
				res, err := Restore(t.Context(), archive, target, Options{Keys: keys, Migrations: steps})
				if err != nil {
					t.Fatal(err)
				}
				if res.Aside != "" || res.Schema != 2 || res.Instance != "the-one" || res.Program != "test" {
					t.Errorf("%+v", res)
				}
				d := openStore(t, target)
				if got, want := dump(t, d), dump(t, src.DB); got != want {
					t.Errorf("restored:\n%s\nwant:\n%s", got, want)
				}
				for _, f := range []string{"ab/abcdef", "cd/cdef01"} {
					got, err := os.ReadFile(filepath.Join(target.Files(), f))
					want, _ := os.ReadFile(filepath.Join(src.store.Files(), f))
					if err != nil || string(got) != string(want) {
						t.Errorf("file %s: %v", f, err)
					}
				}
				// What comes out is what a backup of it would hold.
				again := Source{DB: d, Keys: keys, Files: target.Files(), Program: "test"}
				path := filepath.Join(t.TempDir(), "again")
				second, err := Create(t.Context(), path, again, false)
				if err != nil {
					t.Fatal(err)
				}
				for i, table := range res.Tables {
					if table.SHA256 != second.Tables[i].SHA256 || table.Rows != second.Tables[i].Rows {
						t.Errorf("table %s has another hash after the round trip", table.Name)
					}
				}
				if !slices.Equal(res.Files, second.Files) {
					t.Errorf("files %v, then %v", res.Files, second.Files)
				}
				// Constraints are there again.
				err = d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
					_, err := tx.Exec(ctx, "insert into moves values ('nobody', 1)")
					return err
				})
				if err == nil {
					t.Error("the restored database takes a row that refers to nothing")
				}
				if left, _ := filepath.Glob(filepath.Join(target.DataDir, "restoring*")); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
			})
		}
	}
}

func TestAnOlderArchiveIsBroughtToTodaysSchema(t *testing.T) {
	keys := secret.Generate()
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			archive := newSource(t, e, keys).archive()
			target := newStore(t, e)
			finished := 0
			res, err := Restore(t.Context(), archive, target, Options{Keys: keys, Migrations: withLater(), Finish: func(ctx context.Context, d *db.DB) error {
				finished = len(texts(t, d, "select colour from accounts"))
				return nil
			}})
			if err != nil || res.Schema != 3 || res.Manifest.Schema != 2 {
				t.Fatalf("%+v %v", res.Schema, err)
			}
			if finished != 5 {
				t.Errorf("Finish saw %d rows of the new schema, want 5", finished)
			}
		})
	}
}

func TestDataThatIsThereStaysUntilItIsMovedAside(t *testing.T) {
	keys := secret.Generate()
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			archive := newSource(t, e, keys).archive()
			other := newSource(t, e, keys)
			other.exec("update settings set value = 'the-other' where key = 'instance_id'")
			other.put("ab/abcdef", "another content under the same name")
			want := dump(t, other.DB)
			if err := other.DB.Close(); err != nil {
				t.Fatal(err)
			}
			before := state(t, other.store)
			o := Options{Keys: keys, Migrations: steps}
			if _, err := Restore(t.Context(), archive, other.store, o); !errors.Is(err, ErrNotEmpty) || !strings.Contains(err.Error(), "--force") {
				t.Fatalf("a restore over data: %v", err)
			}
			if state(t, other.store) != before {
				t.Fatal("a refused restore changed something")
			}
			o.Force = true
			res, err := Restore(t.Context(), archive, other.store, o)
			if err != nil {
				t.Fatal(err)
			}
			d := openStore(t, other.store)
			if got := texts(t, d, "select value from settings where key = 'instance_id'"); got[0] != "the-one" {
				t.Errorf("the restored data is of %s", got)
			}
			var old config.Store
			if e == db.Postgres {
				schema := strings.TrimPrefix(res.Aside, "schema ")
				old = config.Store{DataDir: t.TempDir(), DatabaseURL: other.store.DatabaseURL + "&search_path=" + schema}
			} else {
				old = config.Store{DataDir: res.Aside}
			}
			if got := dump(t, openStore(t, old)); got != want {
				t.Errorf("aside is:\n%s\nwant:\n%s", got, want)
			}
			aside, _ := filepath.Glob(filepath.Join(other.store.DataDir, "before_restore_*", "files", "ab", "abcdef"))
			if len(aside) != 1 {
				t.Errorf("the other file of the same name is nowhere: %v", aside)
			}
		})
	}
}

func TestARestoreNeedsTheFolderForItself(t *testing.T) {
	keys := secret.Generate()
	archive := newSource(t, db.SQLite, keys).archive()
	target := newStore(t, db.SQLite)
	if runtime.GOOS == "windows" {
		t.Skip("no file locks there")
	}
	if err := os.MkdirAll(target.DataDir, 0o700); err != nil {
		t.Fatal(err)
	}
	hold := holdShared(t, target.LockPath())
	_, err := Restore(t.Context(), archive, target, Options{Keys: keys, Migrations: steps})
	if err == nil || !strings.Contains(err.Error(), "another process uses") {
		t.Fatalf("beside a running program: %v", err)
	}
	hold.Release()
	if _, err := Restore(t.Context(), archive, target, Options{Keys: keys, Migrations: steps}); err != nil {
		t.Error(err)
	}
}

func TestABackupIsAWholeFileOrNone(t *testing.T) {
	src := newSource(t, db.SQLite, secret.Generate())
	dir := t.TempDir()
	path := filepath.Join(dir, "b.tgz")
	if err := os.WriteFile(path+".tmp", []byte(strings.Repeat("left by a crash", 1e5)), 0o644); err != nil {
		t.Fatal(err)
	}
	res, err := Create(t.Context(), path, src.Source, false)
	if err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(path)
	if err != nil || st.Size() != res.Size || (runtime.GOOS != "windows" && st.Mode().Perm() != 0o600) {
		t.Errorf("%v %v, want %d bytes with mode 0600", st, err, res.Size)
	}
	if _, err := Create(t.Context(), path, src.Source, false); err == nil || !strings.Contains(err.Error(), "--force") {
		t.Errorf("over another backup: %v", err)
	}
	if _, err := Create(t.Context(), dir, src.Source, true); err == nil || !strings.Contains(err.Error(), "no ordinary file") {
		t.Errorf("over a folder: %v", err)
	}
	if _, err := Create(t.Context(), filepath.Join(dir, "no", "b"), src.Source, true); err == nil {
		t.Error("a missing folder was no error")
	}
	hold := holdShared(t, path+".tmp")
	if _, err := Create(t.Context(), path, src.Source, true); err == nil || !strings.Contains(err.Error(), "another backup") {
		t.Errorf("beside another backup: %v", err)
	}
	hold.Release()
	if _, err := Create(t.Context(), path, src.Source, true); err != nil {
		t.Errorf("with force: %v", err)
	}

	// A failure leaves the old archive and nothing else.
	before, _ := os.ReadFile(path)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Create(ctx, path, src.Source, true); err == nil {
		t.Error("an interrupted backup succeeded")
	}
	after, _ := os.ReadFile(path)
	if string(before) != string(after) {
		t.Error("a failed backup touched the old one")
	}
	if left, _ := filepath.Glob(path + "*"); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestStandardToolsReadAnArchive(t *testing.T) {
	tarTool, err := exec.LookPath("tar")
	if err != nil {
		t.Skip("no tar on this machine")
	}
	archive := newSource(t, db.SQLite, secret.Generate()).archive()
	dir := t.TempDir()
	if out, err := exec.Command(tarTool, "-xzf", archive, "-C", dir).CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("tar: %v\n%s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(dir, "tables", "moves", "000001.jsonl"))
	if want := "[\"a\",1]\n[\"a\",1]\n[\"z\",-5]\n"; err != nil || string(got) != want {
		t.Errorf("%q %v, want %q", got, err, want)
	}
}

func TestOnlyOurFilesAreKept(t *testing.T) {
	src := newSource(t, db.SQLite, secret.Generate())
	src.put(".hidden", "being written")
	src.put(".tmp/x", "being written")
	src.put("ab/odd name", "none of ours")
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("s3cr3t"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(src.store.Files(), "link")); err != nil {
		t.Skip(err)
	}
	path := filepath.Join(t.TempDir(), "b")
	res, err := Create(t.Context(), path, src.Source, false)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"ab/odd name", "link"}; !slices.Equal(res.Skipped, want) {
		t.Errorf("skipped %q, want %q", res.Skipped, want)
	}
	if len(res.Files) != 2 || res.Files[0].SHA256 != sumOf("first file") {
		t.Errorf("files %v", res.Files)
	}
}

func TestFilesThatAreGoneAreNamed(t *testing.T) {
	src := newSource(t, db.SQLite, secret.Generate())
	src.Check = func(ctx context.Context, r db.Reader) ([]string, error) {
		id, err := db.Setting(ctx, r, "instance_id")
		return []string{"gone from " + id}, err
	}
	res, err := Create(t.Context(), filepath.Join(t.TempDir(), "b"), src.Source, false)
	if err != nil || !slices.Equal(res.Missing, []string{"gone from the-one"}) {
		t.Errorf("%q %v", res.Missing, err)
	}
	src.Check = func(context.Context, db.Reader) ([]string, error) { return nil, errors.New("boom") }
	if _, err := Create(t.Context(), filepath.Join(t.TempDir(), "b"), src.Source, false); err == nil {
		t.Error("a check that failed was passed over")
	}
}

func TestATableOfAnUnknownTypeIsNotDroppedSilently(t *testing.T) {
	src := newSource(t, db.SQLite, secret.Generate())
	src.exec("create table odd (id text primary key, picture blob)")
	if _, err := Create(t.Context(), filepath.Join(t.TempDir(), "b"), src.Source, false); err == nil || !strings.Contains(err.Error(), "odd.picture") {
		t.Errorf("got %v", err)
	}
}

func TestTheInstantOfABackupIsTheClocks(t *testing.T) {
	at := clock.NewFake(clock.System{}.Now())
	d := dbtest.Open(t, db.SQLite, at)
	path := filepath.Join(t.TempDir(), "b")
	res, err := Create(t.Context(), path, Source{DB: d, Keys: secret.Generate(), Program: "p"}, false)
	if err != nil || res.CreatedAt.Sub(at.Now()).Abs() > 1000 {
		t.Errorf("%v %v, want %v", res.CreatedAt, err, at.Now())
	}
}
