package dbtest_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/soak"
	"unisson/migrations"
)

// writers is how many goroutines write at once: as many writes may be committed and not yet acknowledged at a kill.
const writers = 4

// TestSoakAKilledProcessLosesNoAcknowledgedWrite is T-D01: a process that writes is killed at random moments; what it
// said was written is there, whole, and nothing else is. (The system's page cache outlives kill -9: this proves safety
// from a crash of the process, not from a power cut.)
func TestSoakAKilledProcessLosesNoAcknowledgedWrite(t *testing.T) {
	run := soak.Start(t, "T-D01")
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			conf := db.Config{Path: filepath.Join(t.TempDir(), "unisson.db")}
			if e == db.Postgres {
				conf.URL = dbtest.Postgres(t)
			}
			kills, l := run.Size(8, 200), newLedger()
			for round := range kills {
				c := startWriter(t, conf, round)
				pause := time.Duration(run.Rand.IntN(40_000)) * time.Microsecond
				c.killAfter(t, l, pause)
				l.check(t, conf)
			}
			run.Done(string(e), l.bad, kills)
			t.Logf("%d acknowledged writes, %d committed and not acknowledged", l.acknowledged, l.unacknowledged)
			if l.acknowledged == 0 {
				t.Error("no write was acknowledged: the test proves nothing")
			}
		})
	}
}

// TestSoakAKilledServerLosesNoAcknowledgedWrite kills PostgreSQL itself, with all its processes.
func TestSoakAKilledServerLosesNoAcknowledgedWrite(t *testing.T) {
	run := soak.Start(t, "T-D01")
	s := dbtest.StartServer(t, dbtest.Options{Durable: true})
	url, err := s.NewDatabase("kept")
	if err != nil {
		t.Fatal(err)
	}
	kills, l, conf := run.Size(2, 200), newLedger(), db.Config{URL: url}
	for round := range kills {
		c := startWriter(t, conf, round)
		pause := time.Duration(run.Rand.IntN(60_000)) * time.Microsecond
		c.firstAcknowledged(t)
		killed := make(chan struct{})
		time.AfterFunc(pause, func() { s.Kill(); close(killed) })
		c.read(t, l) // the writer ends by itself when the database is gone
		<-killed
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		l.check(t, conf)
	}
	run.Done("server", l.bad, kills)
	if l.acknowledged == 0 {
		t.Error("no write was acknowledged: the test proves nothing")
	}
}

// killLedger is what the writers said, and what of it was found wrong.
type killLedger struct {
	tried, done                       map[string]bool
	acknowledged, unacknowledged, bad int
}

func newLedger() *killLedger { return &killLedger{tried: map[string]bool{}, done: map[string]bool{}} }

func (l *killLedger) note(t *testing.T, line string) {
	t.Helper()
	what, key, ok := strings.Cut(line, " ")
	switch {
	case ok && what == "try":
		l.tried[key] = true
	case ok && what == "ack":
		l.done[key] = true
		l.acknowledged++
	}
}

// check opens the database again and compares.
func (l *killLedger) check(t *testing.T, conf db.Config) {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, conf)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if found, err := d.Integrity(ctx); err != nil || len(found) > 0 {
		t.Errorf("the database is damaged: %v %v", found, err)
		l.bad++
	}
	var keys []string
	err = d.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		keys, err = db.All(ctx, r, db.Value[string], "select key from settings where key like 'kill-%'")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, k := range keys {
		there[k] = true
	}
	wrong := func(format string, args ...any) {
		l.bad++
		t.Errorf(format, args...)
	}
	for key := range l.done {
		if !there[key+"-a"] || !there[key+"-b"] {
			wrong("%s was acknowledged and is gone", key)
		}
	}
	late := 0
	for _, k := range keys {
		key := k[:len(k)-2]
		switch {
		case there[key+"-a"] != there[key+"-b"]:
			wrong("half of %s is there", key)
		case !l.tried[key]:
			wrong("%s is there and nobody wrote it", key)
		case !l.done[key]:
			late++
		}
	}
	if late > l.unacknowledged+2*writers {
		wrong("%d writes are there that were not acknowledged in time", late-l.unacknowledged)
	}
	l.unacknowledged = late
}

// writerProcess is this test binary running TestWriterProcess.
type writerProcess struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	first []string
}

func startWriter(t *testing.T, conf db.Config, round int) *writerProcess {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestWriterProcess$")
	cmd.Env = append(os.Environ(), "UNISSON_DBTEST_WRITER=1", "UNISSON_DBTEST_PATH="+conf.Path, "UNISSON_DBTEST_URL="+conf.URL,
		fmt.Sprintf("UNISSON_DBTEST_ROUND=%d", round))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &writerProcess{cmd: cmd, lines: bufio.NewScanner(out)}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return c
}

func (c *writerProcess) firstAcknowledged(t *testing.T) {
	t.Helper()
	for c.lines.Scan() {
		c.first = append(c.first, c.lines.Text())
		if strings.HasPrefix(c.lines.Text(), "ack ") {
			return
		}
	}
	t.Fatalf("the writer ended before its first write: %q", c.first)
}

// read takes down all that the writer says until it is gone.
func (c *writerProcess) read(t *testing.T, l *killLedger) {
	t.Helper()
	for _, line := range c.first {
		l.note(t, line)
	}
	for c.lines.Scan() {
		l.note(t, c.lines.Text())
	}
	_ = c.cmd.Wait()
}

func (c *writerProcess) killAfter(t *testing.T, l *killLedger, pause time.Duration) {
	t.Helper()
	c.firstAcknowledged(t)
	time.AfterFunc(pause, func() { _ = c.cmd.Process.Kill() })
	c.read(t, l)
}

// TestWriterProcess is the process that is killed: it writes pairs until the end comes, and says before each what it
// tries and after each what is done.
func TestWriterProcess(t *testing.T) {
	if os.Getenv("UNISSON_DBTEST_WRITER") != "1" {
		return // it is a part of the tests above
	}
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{Path: os.Getenv("UNISSON_DBTEST_PATH"), URL: os.Getenv("UNISSON_DBTEST_URL")})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(ctx, migrations.Files); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := 0; ; n++ {
				key := fmt.Sprintf("kill-%s-%d-%d", os.Getenv("UNISSON_DBTEST_ROUND"), w, n)
				fmt.Printf("try %s\n", key) // one write call each: the pipe keeps it even if we die now
				err := d.Write(ctx, func(ctx context.Context, tx db.Tx) error {
					if err := db.SetSetting(ctx, tx, key+"-a", "1"); err != nil {
						return err
					}
					return db.SetSetting(ctx, tx, key+"-b", "2")
				})
				if err != nil {
					return
				}
				fmt.Printf("ack %s\n", key)
			}
		})
	}
	wg.Wait()
}
