package crash_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"unisson/internal/platform/crash"
)

func TestHereDoesNothingInAnOrdinaryBuild(t *testing.T) {
	t.Setenv("UNISSON_CRASH_AT", "demo.between")
	if crash.Armed {
		t.Skip("this is the crashtest build")
	}
	crash.Here("demo.between")
}

func TestTheArmedBuildDiesAtTheNamedVisit(t *testing.T) {
	bin := build(t)
	for name, want := range map[string]struct {
		at, output string
		killed     bool
	}{
		"no point asked":    {"", "step\nstep\nstep\ndone\ndeferred call ran\n", false},
		"first visit":       {"demo.between", "", true},
		"second visit":      {"demo.between:2", "step\n", true},
		"another point":     {"demo.end", "step\nstep\nstep\n", true},
		"never that often":  {"demo.between:9", "step\nstep\nstep\ndone\ndeferred call ran\n", false},
		"an unknown point":  {"demo.other", "step\nstep\nstep\ndone\ndeferred call ran\n", false},
		"an odd visit text": {"demo.between:x", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(bin)
			cmd.Env = append(os.Environ(), "UNISSON_CRASH_AT="+want.at)
			out, err := cmd.CombinedOutput()
			if string(out) != want.output {
				t.Errorf("output %q, want %q", out, want.output)
			}
			if killed := wasKilled(err); killed != want.killed {
				t.Errorf("killed: %v (%v), want %v", killed, err, want.killed)
			}
		})
	}
}

func TestTheArmedBuildListsThePointsItPassed(t *testing.T) {
	bin, list := build(t), filepath.Join(t.TempDir(), "points")
	cmd := exec.Command(bin)
	cmd.Env = append(os.Environ(), "UNISSON_CRASH_LIST="+list, "UNISSON_CRASH_AT=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Repeat("crash point: demo.between\n", 3) + "crash point: demo.end\n"; string(got) != want {
		t.Errorf("list %q, want %q", got, want)
	}
}

func build(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command("go", "build", "-tags", "crashtest", "-o", bin, "./testdata/program").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

func wasKilled(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}
