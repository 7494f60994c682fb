package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Server is a running program of ours.
type Server struct {
	URL string // http://127.0.0.1:PORT
	Dir string // its data

	cmd  *exec.Cmd
	gone chan struct{}
	err  error

	mu  sync.Mutex
	out strings.Builder
}

// binary builds the program once, as it is released.
var binary = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("UNISSON_E2E_BINARY"); path != "" {
		return path, nil
	}
	home, err := moduleRoot()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "unisson-e2e-")
	if err != nil {
		return "", err
	}
	atExit.add(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "unisson")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	cmd := exec.Command("go", "build", "-trimpath", "-o", path, "./cmd/unisson")
	cmd.Dir, cmd.Env = home, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return path, nil
})

// Binary is the path of the program under test.
func Binary(t testing.TB) string {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal("e2e: ", err)
	}
	return path
}

// Demo starts the demo company on a free loopback port with data of its own; it ends with the test. Further arguments
// are handed on.
func Demo(t testing.TB, args ...string) *Server {
	t.Helper()
	dir := t.TempDir()
	return Start(t, dir, append([]string{"demo", "--addr", "127.0.0.1:0", "--data", dir}, args...)...)
}

// sharedDemo is the demo company for journeys that only look.
var sharedDemo = sync.OnceValues(func() (*Server, error) {
	path, err := binary()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "unisson-e2e-data-")
	if err != nil {
		return nil, err
	}
	atExit.add(func() { os.RemoveAll(dir) })
	s, err := start(path, dir, "demo", "--addr", "127.0.0.1:0", "--data", dir)
	if err != nil {
		return nil, err
	}
	atExit.add(func() { _ = s.Stop() })
	return s, nil
})

// SharedDemo is one demo company for all journeys of the process that change nothing another one reads.
func SharedDemo(t testing.TB) *Server {
	t.Helper()
	s, err := sharedDemo()
	if err != nil {
		t.Fatal("e2e: ", err)
	}
	return s
}

// Start runs the program and waits until it has printed its address and answers; it ends with the test.
func Start(t testing.TB, dir string, args ...string) *Server {
	t.Helper()
	s, err := start(Binary(t), dir, args...)
	if err != nil {
		t.Fatal("e2e: ", err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("e2e: the program did not end well: %v\n%s", err, cut(s.Output(), 4000))
		}
	})
	return s
}

var address = regexp.MustCompile(`https?://(127\.0\.0\.1|localhost|\[::1\]):\d+`)

func start(path, dir string, args ...string) (*Server, error) {
	s := &Server{Dir: dir, cmd: exec.Command(path, args...), gone: make(chan struct{})}
	s.cmd.Dir = dir
	s.cmd.Env = append(os.Environ(), "NO_COLOR=1")
	r, w := io.Pipe()
	s.cmd.Stdout, s.cmd.Stderr = w, w
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			s.mu.Lock()
			if s.out.Len() < 1<<20 {
				s.out.WriteString(lines.Text() + "\n")
			}
			s.mu.Unlock()
			if u := address.FindString(lines.Text()); u != "" {
				select {
				case found <- u:
				default:
				}
			}
		}
		_, _ = io.Copy(io.Discard, r) // a line too long must not block the program
	}()
	go func() {
		s.err = s.cmd.Wait()
		_ = w.Close()
		close(s.gone)
	}()
	select {
	case s.URL = <-found:
		return s, nil
	case <-s.gone:
		return nil, fmt.Errorf("unisson %s ended before it served: %v\n%s", strings.Join(args, " "), s.err, s.Output())
	case <-time.After(time.Minute):
		s.Kill()
		return nil, fmt.Errorf("unisson %s printed no address in a minute\n%s", strings.Join(args, " "), s.Output())
	}
}

// PathIn is the first path that the program has printed as an address of its own and that begins with prefix: the
// first-run page with its one-time token.
func (s *Server) PathIn(t testing.TB, prefix string) string {
	t.Helper()
	path := regexp.MustCompile(regexp.QuoteMeta(prefix) + `[^\s"'<>]*`).FindString(s.Output())
	if path == "" {
		t.Fatalf("e2e: the program printed no address of %s:\n%s", prefix, cut(s.Output(), 4000))
	}
	return path
}

// Output is what the program has printed, standard output and error.
func (s *Server) Output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.String()
}

// Pid is the process of the program.
func (s *Server) Pid() int { return s.cmd.Process.Pid }

// Kill ends the program with SIGKILL.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill()
	<-s.gone
}

// Stop asks the program to end and waits; one that needs longer than 25 s is killed, which is an error. Stopping what
// has ended already does nothing.
func (s *Server) Stop() error {
	select {
	case <-s.gone:
		return nil
	default:
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.Kill()
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	select {
	case <-s.gone:
		return s.err
	case <-ctx.Done():
		s.Kill()
		return errors.New("it did not end within 25 s of SIGTERM")
	}
}

// moduleRoot is the folder of go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
	}
	return "", errors.New("no go.mod above this folder")
}
