package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"unisson/internal/platform/db/dbtest"
)

// The tests run the program itself: this test binary, told to be unisson.
const asProgram = "UNISSON_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "1" {
		os.Exit(run(os.Args[1:]))
	}
	dbtest.Main(m)
}

func command(t testing.TB, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "UNISSON_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	home := t.TempDir()
	cmd.Env = append(append(cmd.Env, asProgram+"=1", "LC_ALL=C", "HOME="+home, "XDG_CACHE_HOME="+filepath.Join(home, "cache")), env...)
	cmd.Dir = home
	return cmd
}

// unisson runs a command to its end.
func unisson(t testing.TB, env []string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := command(t, env, args...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	_ = cmd.Run()
	return out.String(), errOut.String(), cmd.ProcessState.ExitCode()
}

// does runs a command that must succeed, and gives what it says.
func does(t testing.TB, args ...string) string {
	t.Helper()
	out, errOut, code := unisson(t, nil, args...)
	if code != exitOK {
		t.Fatalf("unisson %v: exit %d\n%s%s", args, code, out, errOut)
	}
	return out
}

// refuses runs a command that must fail with a code and a message.
func refuses(t testing.TB, code int, says string, args ...string) {
	t.Helper()
	out, errOut, got := unisson(t, nil, args...)
	if got != code || !strings.Contains(errOut, says) {
		t.Errorf("unisson %v: exit %d, want %d; says\n%s%s\nwant %q", args, got, code, out, errOut, says)
	}
}

// program is a server that runs.
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string // from the line "… ready on URL"
	said []string
	err  *bytes.Buffer
	end  chan error
}

func start(t *testing.T, args ...string) *program {
	t.Helper()
	p := &program{t: t, cmd: command(t, nil, args...), err: &bytes.Buffer{}, end: make(chan error, 1)}
	p.cmd.Stderr = p.err
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		p.said = append(p.said, lines.Text())
		if _, url, ok := strings.Cut(lines.Text(), " is ready on "); ok {
			p.url = url
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out); p.end <- p.cmd.Wait() }()
	if p.url == "" {
		<-p.end
		t.Fatalf("unisson %v never became ready:\n%s", args, p.err)
	}
	return p
}

func (p *program) signal() { _ = p.cmd.Process.Signal(syscall.SIGTERM) }

// stop asks for a graceful end and gives the exit code.
func (p *program) stop() int {
	p.t.Helper()
	p.signal()
	return p.wait()
}

func (p *program) wait() int {
	p.t.Helper()
	select {
	case <-p.end:
	case <-time.After(30 * time.Second):
		p.t.Fatalf("the program does not end:\n%s", p.err)
	}
	return p.cmd.ProcessState.ExitCode()
}

// get asks for a page as a browser with cookies would.
func get(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	res, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: time.Minute}
}
