// Bench measures two pages of the built program on both engines, with a directory of 500 people, and prints a table:
//
//	make bench
//	go run ./bench -binary bin/unisson -people 500 -clients 8 -for 5s
//
// The generator runs on the same machine and shares its processors with the program: compare figures of one machine
// with each other. PostgreSQL runs with its real durability.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"unisson/internal/platform/db/dbtest"
)

type options struct {
	binary  string
	people  int
	clients int
	lasts   time.Duration
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/unisson", "the program")
	flag.IntVar(&o.people, "people", 500, "people in the directory")
	flag.IntVar(&o.clients, "clients", 8, "requests at a time")
	flag.DurationVar(&o.lasts, "for", 5*time.Second, "how long each page is asked for")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	fmt.Printf("%d people, %d clients, %v a page, %d processors, %s %s/%s\n\n", o.people, o.clients, o.lasts,
		runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "engine\tpage\trequests/s\tp50\tp99\tfailed\tKB sent\tready in\tmemory\t")
	for _, engine := range []string{"sqlite", "postgres"} {
		if err := measure(o, engine, table); err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
	}
	return table.Flush()
}

func measure(o options, engine string, table io.Writer) error {
	dir, err := os.MkdirTemp("", "unisson-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	args := []string{"demo", "--people", strconv.Itoa(o.people), "--addr", "127.0.0.1:0", "--data", dir}
	if engine == "postgres" {
		server, err := dbtest.Launch(dbtest.Options{Durable: true})
		if err != nil {
			return err
		}
		defer server.Stop()
		address, err := server.NewDatabase("bench")
		if err != nil {
			return err
		}
		args = append(args, "--database-url", address)
	}
	begin := time.Now()
	p, err := start(o.binary, args)
	if err != nil {
		return err
	}
	defer p.stop()
	ready := time.Since(begin)
	cookie, err := signIn(p.url)
	if err != nil {
		return fmt.Errorf("signing in: %w", err)
	}
	for _, page := range []struct{ name, path, cookie string }{
		{"sign-in", "/sign-in", ""},
		{"directory", "/people", cookie},
	} {
		l := load{url: p.url + page.path, cookie: page.cookie, clients: o.clients, lasts: o.lasts / 5}
		if _, err := l.run(); err != nil { // warm
			return err
		}
		l.lasts = o.lasts
		f, err := l.run()
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "%s\t%s\t%.0f\t%v\t%v\t%d\t%.1f\t%v\t%s\t\n", engine, page.name, f.perSecond,
			f.p50.Round(10*time.Microsecond), f.p99.Round(10*time.Microsecond), f.failed, float64(f.bytes)/1024,
			ready.Round(10*time.Millisecond), p.memory())
	}
	return nil
}

type program struct {
	url  string
	cmd  *exec.Cmd
	gone chan error
}

func start(binary string, args []string) (*program, error) {
	cmd := exec.Command(binary, args...)
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p, found, said := &program{cmd: cmd}, make(chan string, 1), &strings.Builder{}
	address := regexp.MustCompile(`http://(127\.0\.0\.1|localhost):\d+`)
	go func() {
		for lines := bufio.NewScanner(r); lines.Scan(); {
			if u := address.FindString(lines.Text()); u != "" && len(found) == 0 {
				found <- u
				break
			}
			said.WriteString(lines.Text() + "\n")
		}
		_, _ = io.Copy(io.Discard, r)
	}()
	p.gone = make(chan error, 1)
	go func() { p.gone <- cmd.Wait(); w.Close() }()
	select {
	case p.url = <-found:
		return p, nil
	case err := <-p.gone:
		return nil, fmt.Errorf("%s ended: %w", binary, err)
	case <-time.After(time.Minute):
		_ = cmd.Process.Kill()
		return nil, errors.New(binary + " printed no address in a minute")
	}
}

// stop ends the program and waits, so that its database can go.
func (p *program) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.gone:
	case <-time.After(20 * time.Second):
		_ = p.cmd.Process.Kill()
	}
}

// memory is the resident set, where the system tells it.
func (p *program) memory() string {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return "-"
	}
	m := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(data)
	if m == nil {
		return "-"
	}
	kb, _ := strconv.Atoi(string(m[1]))
	return fmt.Sprintf("%d MB", kb/1024)
}

var (
	personaForm   = regexp.MustCompile(`(?s)<form[^>]*\baction="([^"]+)"[^>]*>(?:[^<]|<[^/]|</[^f])*?name="persona"`)
	personaButton = regexp.MustCompile(`name="persona"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="persona"`)
)

// signIn presses the first persona's button and gives the cookies: they are for secure addresses and loopback, which
// Go's own jar does not know.
func signIn(base string) (string, error) {
	res, err := http.Get(base + "/sign-in")
	if err != nil {
		return "", err
	}
	page, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		return "", err
	}
	form, button := personaForm.FindSubmatch(page), personaButton.FindSubmatch(page)
	if form == nil || button == nil {
		return "", fmt.Errorf("the sign-in page (status %d) offers no persona", res.StatusCode)
	}
	persona := url.Values{"persona": {html.UnescapeString(string(button[1]) + string(button[2]))}}
	req, err := http.NewRequest(http.MethodPost, base+html.UnescapeString(string(form[1])), strings.NewReader(persona.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Origin", base)
	res, err = (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
	if err != nil {
		return "", err
	}
	res.Body.Close()
	var cookies []string
	for _, c := range res.Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	if res.StatusCode >= 400 || len(cookies) == 0 {
		return "", fmt.Errorf("signing in as a persona answers %d", res.StatusCode)
	}
	return strings.Join(cookies, "; "), nil
}
