//go:build linux || darwin

package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/soak"
)

// limited is the environment of a child process whose files cannot grow beyond
// a size: FOLDER=SIZE.
const limited = "UNISSON_FILES_LIMITED"

// T-F06, while the content is written: the child meets a full disk after any
// number of bytes.
func TestSoakAFullDiskIsACleanError(t *testing.T) {
	if place := os.Getenv(limited); place != "" {
		putOnAFullDisk(place)
		return
	}
	run := soak.Start(t, "T-F06")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const whole = 100_000
	bad, n := 0, run.Size(5, 20)
	for i := range n {
		room := 0
		if i > 0 {
			room = run.Rand.IntN(whole)
		}
		dir := filepath.Join(t.TempDir(), "files")
		cmd := exec.Command(self, "-test.run=^TestSoakAFullDiskIsACleanError$")
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s=%d", limited, dir, room))
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "clean\n") {
			t.Errorf("room for %d bytes: %v\n%s", room, err, out)
			bad++
		}
		s := New(dir, clock.NewFake(noon))
		if left := remains(t, dir); len(left) != 0 {
			t.Errorf("room for %d bytes: left %v", room, left)
			bad++
		}
		if _, err := s.Save(t.Context(), Documents(), "a.txt", bytes.NewReader(bytes.Repeat([]byte("a"), whole))); err != nil {
			t.Errorf("with room again: %v", err)
			bad++
		}
	}
	run.Done("", bad, n)
}

func putOnAFullDisk(place string) {
	dir, size, _ := strings.Cut(place, "=")
	room, err := strconv.ParseUint(size, 10, 64)
	if err != nil {
		panic(err)
	}
	signal.Ignore(syscall.SIGXFSZ) // the write then fails with EFBIG, as it does with ENOSPC on a full disk
	var usual syscall.Rlimit
	err = syscall.Getrlimit(syscall.RLIMIT_FSIZE, &usual)
	limit := usual
	limit.Cur = room
	if err = errors.Join(err, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)); err != nil {
		panic(err)
	}
	defer syscall.Setrlimit(syscall.RLIMIT_FSIZE, &usual) // a coverage run still has its report to write
	s := New(dir, clock.NewFake(noon))
	_, err = s.Save(context.Background(), Documents(), "a.txt", bytes.NewReader(bytes.Repeat([]byte("a"), 100_000)))
	var e *errs.Error
	if errors.As(err, &e) && e.Kind == errs.KindUnavailable && e.Code == "files.errors.disk_full" {
		os.Stdout.WriteString("clean\n")
		return
	}
	fmt.Println("not clean:", err)
}

// remains are all files below dir.
func remains(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			list = append(list, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return list
}

// T-F06, the steps around the writing. Each is made to fail by something that
// lies in its way, and works once that is gone.
func TestAFailureAtAnyStepLeavesNoHalfFile(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		saved, err := h.Save(t.Context(), Documents(), "probe.txt", strings.NewReader("text"))
		if err != nil {
			t.Fatal(err)
		}
		target := h.disk.path(saved.Hash)
		if err := os.RemoveAll(h.dir); err != nil {
			t.Fatal(err)
		}
		asFile := func(path string) {
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, nil, 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		for name, test := range map[string]struct {
			path string
			put  func(path string)
		}{
			"the folder cannot be made":        {h.dir, asFile},
			"no draft can be made":             {filepath.Join(h.dir, incoming), asFile},
			"the place cannot be made":         {filepath.Dir(filepath.Dir(target)), asFile},
			"the inner place cannot be made":   {filepath.Dir(target), asFile},
			"the draft cannot take its place":  {target, func(path string) { asFile(filepath.Join(path, "x")) }},
			"the draft cannot take its place ": {target, func(path string) { os.MkdirAll(path, 0o700) }},
		} {
			test.put(test.path)
			dbtest.Unchanged(t, h.db, func() {
				if f, err := h.put(note("a"), strings.NewReader("text")); err == nil {
					t.Errorf("%s: %+v", name, f)
				}
			})
			if h.drafts() != 0 {
				t.Errorf("%s: %d drafts", name, h.drafts())
			}
			if err := os.RemoveAll(test.path); err != nil {
				t.Fatal(err)
			}
			f, err := h.put(note("a"), strings.NewReader("text"))
			if err != nil {
				t.Errorf("%s, mended: %v", name, err)
			}
			err = h.db.Write(t.Context(), func(ctx context.Context, tx db.Tx) error { return Delete(ctx, tx, f.ID) })
			if err = errors.Join(err, os.RemoveAll(h.dir)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestEveryWordForAFullDiskIsUnderstood(t *testing.T) {
	for _, no := range noRoom() {
		err := full(&os.PathError{Op: "write", Path: "x", Err: no})
		if !errs.Is(err, errs.KindUnavailable) || !errors.Is(err, no) {
			t.Errorf("%v: %v", no, err)
		}
	}
	if err := full(os.ErrPermission); errs.KindOf(err) != errs.KindInternal || full(nil) != nil {
		t.Error(err)
	}
}
