//go:build unix && !aix && !solaris

package filelock_test

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"unisson/internal/platform/filelock"
)

func TestMain(m *testing.M) {
	if path := os.Getenv("FILELOCK_TEST_HOLD"); path != "" {
		if _, err := filelock.Exclusive(path); err != nil {
			panic(err)
		}
		os.Stdout.WriteString("held\n")
		select {}
	}
	os.Exit(m.Run())
}

func TestSharedLocksStandBesideEachOtherAndAgainstAnExclusiveOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	a, err := filelock.Shared(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := filelock.Shared(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := filelock.Exclusive(path); !errors.Is(err, filelock.ErrHeld) {
		t.Fatalf("exclusive beside shared: %v", err)
	}
	a.Release()
	a.Release()
	b.Release()
	c, err := filelock.Exclusive(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := filelock.Shared(path); !errors.Is(err, filelock.ErrHeld) {
		t.Fatalf("shared beside exclusive: %v", err)
	}
	if _, err := c.File().WriteString("x"); err != nil {
		t.Error(err)
	}
	c.Release()
	(*filelock.Lock)(nil).Release()
}

func TestTheLockOfAKilledProcessIsFree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "FILELOCK_TEST_HOLD="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatal(line, err)
	}
	if _, err := filelock.Exclusive(path); !errors.Is(err, filelock.ErrHeld) {
		t.Fatalf("beside a living holder: %v", err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	l, err := filelock.Exclusive(path)
	if err != nil {
		t.Fatal(err)
	}
	l.Release()
}

func TestAMissingFolderIsAnError(t *testing.T) {
	if _, err := filelock.Shared(filepath.Join(t.TempDir(), "no", "lock")); err == nil || errors.Is(err, filelock.ErrHeld) {
		t.Error(err)
	}
}

func TestARenamedFileNoLongerLocksItsOldName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	a, err := filelock.Exclusive(path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Release()
	if err := os.Rename(path, path+".done"); err != nil {
		t.Fatal(err)
	}
	b, err := filelock.Exclusive(path)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Release()
	if _, err := filelock.Exclusive(path + ".done"); !errors.Is(err, filelock.ErrHeld) {
		t.Errorf("the renamed file is free: %v", err)
	}
}
