package dbtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrNoPostgres says that this machine has no PostgreSQL to start.
var ErrNoPostgres = errors.New("no PostgreSQL server was found (initdb and postgres, on the PATH or in /usr/lib/postgresql/*/bin)")

// Options say what a server is for.
type Options struct {
	Durable bool // fsync and synchronous commit as in production; else everything that slows tests is off
}

// Server is a PostgreSQL server that this process started. Its methods are for one goroutine.
type Server struct {
	bin, dir string
	port     int
	opts     Options
	process  *os.Process
	done     chan struct{} // closed once the process is gone
}

// StartServer starts a server for one test, to be killed and started again; it goes away with the test.
func StartServer(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := Launch(o)
	if errors.Is(err, ErrNoPostgres) {
		missing(t, err)
	}
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(s.Stop)
	return s
}

// Launch makes a new cluster in a temporary folder and starts it. The caller calls Stop.
func Launch(o Options) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	place := ""
	if !o.Durable {
		place = fastDir()
	}
	sweep(place, time.Now())
	dir, err := os.MkdirTemp(place, "unisson-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir, opts: o}
	if err := s.create(); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	if err := s.Start(); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// URL is the address of one database of the server.
func (s *Server) URL(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

// NewDatabase makes an empty database and gives its address.
func (s *Server) NewDatabase(name string) (string, error) {
	return s.URL(name), admin(s.URL("postgres"), "create database "+name)
}

// Stop ends the server without ceremony and removes its folder.
func (s *Server) Stop() {
	if s.process != nil {
		_ = s.process.Signal(quit)
		select {
		case <-s.done:
		case <-time.After(10 * time.Second):
			s.Kill()
		}
		s.process = nil
	}
	os.RemoveAll(s.dir)
}

// Kill ends the server and all its processes with SIGKILL, as a power cut of the machine's processes would.
func (s *Server) Kill() {
	if s.process == nil {
		return
	}
	freeze(s.process) // else it may start another process meanwhile, which would live on and keep its client waiting
	children := childrenOf(s.process.Pid)
	_ = s.process.Kill()
	for _, pid := range children {
		if p, err := os.FindProcess(pid); err == nil {
			_ = p.Kill()
		}
	}
	<-s.done
	// The order to stop reaches it a moment later than it was given: what it has started meanwhile works in its folder
	// and would keep its client waiting for ever.
	killAllIn(filepath.Join(s.dir, "data"))
	s.process = nil
}

// Start starts the server, again on its old port when it ran before, and waits until it answers.
func (s *Server) Start() error {
	deadline := time.Now().Add(30 * time.Second)
	first := s.port == 0
	for {
		if first {
			port, err := freePort()
			if err != nil {
				return err
			}
			s.port = port
		}
		err := s.tryStart(deadline)
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(50 * time.Millisecond) // the port was taken meanwhile, or a killed server's memory is not free yet
	}
}

func (s *Server) create() error {
	if err := giveAway(s.dir); err != nil {
		return err
	}
	data := filepath.Join(s.dir, "data")
	base := []string{"-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"}
	// French order by ICU, so that a forgotten collate "C" shows; servers before 15 or without ICU order by bytes.
	out, err := s.command("initdb", append(slices.Clone(base), "--locale-provider=icu", "--icu-locale=fr")...).CombinedOutput()
	if err != nil {
		os.RemoveAll(data)
		out, err = s.command("initdb", base...).CombinedOutput()
	}
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	conf := "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 200\nshared_buffers = 64MB\n" +
		"jit = off\ntimezone = 'Pacific/Chatham'\nlc_messages = 'C'\n"
	if !s.opts.Durable {
		conf += "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nwal_level = minimal\nmax_wal_senders = 0\n" +
			"max_wal_size = 1GB\nautovacuum = off\n"
	}
	f, err := os.OpenFile(filepath.Join(data, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString(conf)
	return err
}

func (s *Server) tryStart(deadline time.Time) error {
	cmd := s.command("postgres", "-D", filepath.Join(s.dir, "data"), "-p", strconv.Itoa(s.port))
	var log bytes.Buffer
	logFile, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer logFile.Close()
	cmd.Stdout, cmd.Stderr = logFile, logFile
	started, done := make(chan error), make(chan struct{})
	go func() {
		// The kernel sends the signal of dieWithParent when this thread ends, so the goroutine keeps it for itself.
		runtime.LockOSThread()
		started <- cmd.Start()
		_ = cmd.Wait()
		close(done)
	}()
	if err := <-started; err != nil {
		return err
	}
	for time.Now().Before(deadline) {
		select {
		case <-done:
			_, _ = logFile.Seek(0, 0)
			_, _ = log.ReadFrom(logFile)
			return fmt.Errorf("PostgreSQL did not start:\n%s", log.String())
		case <-time.After(20 * time.Millisecond):
		}
		if answers(s.URL("postgres")) {
			s.process, s.done = cmd.Process, done
			return nil
		}
	}
	_ = cmd.Process.Kill()
	<-done
	return errors.New("PostgreSQL did not answer in time")
}

// command prepares a program of the server: under another account when we are root, which PostgreSQL refuses to be.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC", "PGOPTIONS=")
	dieWithParent(cmd)
	return cmd
}

func answers(url string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return false
	}
	_ = c.Close(ctx)
	return true
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// binaries finds the folder of the newest server on this machine.
func binaries() (string, error) {
	var dirs []string
	if dir := os.Getenv("UNISSON_TEST_POSTGRES_BIN"); dir != "" {
		if isFile(filepath.Join(dir, "initdb")) {
			return dir, nil
		}
		return "", fmt.Errorf("%w: UNISSON_TEST_POSTGRES_BIN=%s", ErrNoPostgres, dir)
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin"} {
		found, _ := filepath.Glob(pattern)
		dirs = append(dirs, found...)
	}
	slices.SortFunc(dirs, func(a, b string) int { return versionIn(b) - versionIn(a) })
	if p, err := exec.LookPath("initdb"); err == nil {
		dirs = append(dirs, filepath.Dir(p))
	}
	for _, dir := range dirs {
		if isFile(filepath.Join(dir, "initdb")) && isFile(filepath.Join(dir, "postgres")) {
			return dir, nil
		}
	}
	return "", ErrNoPostgres
}

func versionIn(dir string) int {
	n, _ := strconv.Atoi(strings.TrimLeft(filepath.Base(filepath.Dir(dir)), "abcdefghijklmnopqrstuvwxyz-@"))
	return n
}

func isFile(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.Mode().IsRegular()
}
