//go:build unix

package jobs

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/soak"
	"unisson/migrations"
)

// killRun is one run of T-J01 and T-J06: jobs are inserted and worked on by two
// processes, which are killed and frozen at random moments.
type killRun struct {
	t     *testing.T
	d     *db.DB
	env   []string
	bin   string
	rnd   *rand.Rand
	lines chan int

	consumerEnd *os.File // what the workers write to
	mu          sync.Mutex
	received    map[int]int
}

func TestSoakKilledAndFrozenWorkersLoseNothingAndDoNothingTwice(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			run := soak.Start(t, "T-J01")
			jobs, kills, freezes := run.Size(300, 10_000), run.Size(6, 200), run.Size(2, 20)
			k := newKillRun(t, e, os.Args[0], run.Rand)
			want := k.insertAll(jobs)
			again := k.rage(want, kills, freezes)
			lost, doubled, phantoms := k.check(want)
			t.Logf("T-J01 %s: %d jobs, %d kills, %d freezes: %d lost, %d effects twice, %d of rolled-back jobs; "+
				"the consumer was told %d times again", e, jobs, kills, freezes, lost, doubled, phantoms, again)
			run.Done(string(e), lost+doubled+phantoms, jobs)
		})
	}
}

func newKillRun(t *testing.T, e db.Engine, bin string, rnd *rand.Rand) *killRun {
	t.Helper()
	conf := db.Config{Path: filepath.Join(t.TempDir(), "unisson.db")}
	where := conf.Path
	if e == db.Postgres {
		conf.URL = dbtest.Postgres(t)
		where = conf.URL
	}
	d, err := db.Open(context.Background(), conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(context.Background(), migrations.Files); err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = write.Close(); _ = read.Close() })
	k := &killRun{
		t: t, d: d, bin: bin, rnd: rnd, lines: make(chan int, 1<<20), consumerEnd: write,
		received: map[int]int{}, env: append(os.Environ(), childEnv+"="+string(e), childWhere+"="+where),
	}
	k.write(func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, `create table effects (n bigint not null)`)
		return err
	})
	go k.consume(read)
	return k
}

// consume is the idempotent consumer: it remembers which numbers it has seen.
func (k *killRun) consume(read io.Reader) {
	sc := bufio.NewScanner(read)
	for sc.Scan() {
		n, err := strconv.Atoi(sc.Text())
		if err != nil {
			k.t.Errorf("the consumer received %q", sc.Text())
			continue
		}
		k.mu.Lock()
		k.received[n]++
		k.mu.Unlock()
		k.lines <- n
	}
}

func (k *killRun) write(do func(ctx context.Context, tx db.Tx) error) {
	k.t.Helper()
	if err := k.d.Write(context.Background(), do); err != nil {
		k.t.Fatal(err)
	}
}

type wanted struct{ inward, outward map[int]bool }

// insertAll inserts the jobs of all kinds, in transactions of which some are
// rolled back: those jobs have negative numbers and must not be seen again.
func (k *killRun) insertAll(jobs int) wanted {
	k.t.Helper()
	w := wanted{map[int]bool{}, map[int]bool{}}
	undo := fmt.Errorf("rolled back on purpose")
	for n := 1; n <= jobs; {
		batch := min(1+k.rnd.IntN(40), jobs-n+1)
		if k.rnd.IntN(5) == 0 {
			err := k.d.Write(context.Background(), func(ctx context.Context, tx db.Tx) error {
				for i := range batch {
					if _, err := Insert(ctx, tx, outward{-n - i - 1}, Opts{}); err != nil {
						return err
					}
				}
				return undo
			})
			if err != undo {
				k.t.Fatal(err)
			}
		}
		k.write(func(ctx context.Context, tx db.Tx) error {
			for i := range batch {
				var args Args
				switch m := n + i; m % 4 {
				case 0:
					args, w.inward[m] = inward{m}, true
				case 1:
					args, w.inward[m] = chained{m}, true
				default:
					args, w.outward[m] = outward{m}, true
				}
				if _, err := Insert(ctx, tx, args, Opts{MaxAttempts: 1000}); err != nil {
					return err
				}
			}
			return nil
		})
		n += batch
	}
	return w
}

// process is a running worker process.
type process struct {
	cmd   *exec.Cmd
	stdin io.Closer
}

func (k *killRun) start(env ...string) *process {
	k.t.Helper()
	cmd := exec.Command(k.bin)
	cmd.Env = append(slices.Clone(k.env), env...)
	cmd.ExtraFiles = []*os.File{k.consumerEnd}
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe() // its end, also by our own death, ends the worker
	if err != nil {
		k.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	return &process{cmd, stdin}
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.stdin.Close()
	_ = p.cmd.Wait()
}

// stop ends the worker gracefully.
func (p *process) stop(t *testing.T) {
	t.Helper()
	_ = p.stdin.Close()
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("a worker process ended with %v", err)
	}
}

// rage kills and freezes workers while the jobs run, and gives the number of
// times that the consumer was told something again.
func (k *killRun) rage(w wanted, kills, freezes int) (again int) {
	k.t.Helper()
	workers := []*process{k.start(), k.start()}
	expected := len(w.outward)
	for left := kills + freezes; left > 0; left-- {
		// On average the events are spread evenly over what is left to do.
		k.await(k.rnd.IntN(2*max(expected, 1)/left+1), &expected)
		within(nil, time.Duration(k.rnd.IntN(5000))*time.Microsecond)
		i := k.rnd.IntN(len(workers))
		if k.rnd.IntN(left) < freezes {
			freezes--
			k.freeze(workers[i])
			continue
		}
		workers[i].kill()
		workers[i] = k.start()
	}
	k.awaitAllDone()
	for _, p := range workers {
		p.stop(k.t)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, n := range k.received {
		again += n - 1
	}
	return again
}

// freeze stops a worker for longer than its lease.
func (k *killRun) freeze(p *process) {
	_ = p.cmd.Process.Signal(syscall.SIGSTOP)
	within(nil, childLease*3/2)
	_ = p.cmd.Process.Signal(syscall.SIGCONT)
}

// await waits for n messages to the consumer, or for the end of the work.
func (k *killRun) await(n int, expected *int) {
	for range n {
		select {
		case <-k.lines:
			*expected--
		case <-time.After(2 * time.Second):
			return // little is left, and that waits for a lease
		}
	}
}

func (k *killRun) awaitAllDone() {
	k.t.Helper()
	limit := time.After(5 * time.Minute)
	for {
		open := k.count(`select count(*) from jobs where state in ('ready', 'running')`)
		if open == 0 {
			return
		}
		select {
		case <-limit:
			k.t.Fatalf("%d jobs are still open", open)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (k *killRun) count(q string) (n int) {
	k.t.Helper()
	err := k.d.Read(context.Background(), func(ctx context.Context, r db.Reader) (err error) {
		n, err = db.One(ctx, r, db.Value[int], q)
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return n
}

// check compares the effects with what was committed.
func (k *killRun) check(w wanted) (lost, doubled, phantoms int) {
	k.t.Helper()
	seen := map[int]int{}
	if err := k.d.Read(context.Background(), func(ctx context.Context, r db.Reader) error {
		return db.Each(ctx, r, func(row db.Row) error {
			var n int
			err := row.Scan(&n)
			seen[n]++
			return err
		}, `select n from effects`)
	}); err != nil {
		k.t.Fatal(err)
	}
	count := func(want map[int]bool, got map[int]int, once bool) {
		for n := range want {
			switch {
			case got[n] == 0:
				lost++
			case got[n] > 1 && once:
				doubled += got[n] - 1
			}
		}
		for n := range got {
			if !want[n] {
				phantoms++
			}
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	count(w.inward, seen, true)
	count(w.outward, k.received, false)
	if n := k.count(`select count(*) from jobs where state <> 'done'`); n > 0 {
		k.t.Errorf("%d jobs are neither done nor waiting", n)
	}
	if found, err := k.d.Integrity(context.Background()); err != nil || len(found) > 0 {
		k.t.Errorf("integrity: %v %v", found, err)
	}
	return lost, doubled, phantoms
}

// Every place where a worker may die is visited once by a worker that dies
// there; then another one must bring everything to its end.
func TestKillAtEachNamedPoint(t *testing.T) {
	points := []string{"jobs.claimed", "jobs.completed", "jobs.inserted", "jobs.ticked", "jobs.worked"}
	bin := filepath.Join(t.TempDir(), "worker")
	if out, err := exec.Command("go", "test", "-c", "-tags", "crashtest", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			for _, point := range points {
				t.Run(point, func(t *testing.T) { dieAt(t, e, bin, point) })
			}
			t.Run("no other point is passed", func(t *testing.T) {
				list := filepath.Join(t.TempDir(), "points")
				k := newKillRun(t, e, bin, rand.New(rand.NewPCG(1, 1)))
				k.dueTick()
				k.insertAll(8)
				p := k.start("UNISSON_CRASH_LIST=" + list)
				k.awaitAllDone()
				p.stop(t)
				text, err := os.ReadFile(list)
				if err != nil {
					t.Fatal(err)
				}
				var seen []string
				for line := range strings.Lines(string(text)) {
					seen = append(seen, strings.TrimPrefix(strings.TrimSpace(line), "crash point: "))
				}
				slices.Sort(seen)
				if seen = slices.Compact(seen); !slices.Equal(seen, points) {
					t.Errorf("passed %v, know %v", seen, points)
				}
			})
		})
	}
}

// dueTick notes the schedule as due.
func (k *killRun) dueTick() {
	k.t.Helper()
	k.write(func(ctx context.Context, tx db.Tx) error {
		return saveSchedule(ctx, tx, ScheduleRecord{Name: tickName, Kind: "kill.ticked", Spec: tickSpec, NextAt: tx.Now().Add(-time.Hour)})
	})
}

func dieAt(t *testing.T, e db.Engine, bin, point string) {
	k := newKillRun(t, e, bin, rand.New(rand.NewPCG(1, 1)))
	k.dueTick()
	w := k.insertAll(8)
	w.inward[tickEffect] = true
	p := k.start("UNISSON_CRASH_AT=" + point)
	err := p.cmd.Wait()
	if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the worker did not die at %s: %v", point, err)
	}
	_ = p.stdin.Close()
	p = k.start()
	k.awaitAllDone()
	p.stop(t)
	if lost, doubled, phantoms := k.check(w); lost+doubled+phantoms > 0 {
		t.Errorf("lost %d, effects twice %d, phantoms %d", lost, doubled, phantoms)
	}
}
