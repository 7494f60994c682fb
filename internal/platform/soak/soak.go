package soak

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Run is one run of a test of the catalogue.
type Run struct {
	ID   string
	Seed uint64
	Rand *rand.Rand // from Seed; for one goroutine

	t      testing.TB
	large  bool
	factor int
}

// Start begins the test with an id of the catalogue, or skips it when the soak is for others.
func Start(t testing.TB, id string) *Run {
	t.Helper()
	if only := os.Getenv("UNISSON_SOAK_ONLY"); only != "" && !slices.Contains(strings.Split(only, ","), id) {
		t.Skip("this soak is for " + only)
	}
	r := &Run{ID: id, t: t, large: os.Getenv("UNISSON_SOAK") == "1"}
	r.Seed = number(t, "UNISSON_SOAK_SEED", rand.Uint64())
	r.factor = int(number(t, "UNISSON_SOAK_FACTOR", 1))
	r.Rand = rand.New(rand.NewPCG(r.Seed, 0))
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s: run it again with UNISSON_SOAK_SEED=%d", id, r.Seed)
		}
	})
	return r
}

// Size is the number for an ordinary run, or the one for a soak times its factor.
func (r *Run) Size(normal, large int) int {
	if r.large {
		return large * r.factor
	}
	return normal
}

// Done notes that bad of n cases went wrong, fails the test when some did, and adds the run to the ledger. What tells
// runs of one id apart: the engine, usually.
func (r *Run) Done(what string, bad, n int) {
	r.t.Helper()
	name := strings.TrimSpace(r.ID + " " + what)
	r.t.Logf("%s, seed %d", ledger(r.t, name, bad, n), r.Seed)
	if bad > 0 {
		r.t.Errorf("%s: %d of %d went wrong", name, bad, n)
	}
	if n == 0 {
		r.t.Errorf("%s: nothing was tried", name)
	}
}

// ledger writes "T-D01 sqlite: 0 in 200" and gives it with the sum over all runs.
func ledger(t testing.TB, name string, bad, n int) string {
	t.Helper()
	line := fmt.Sprintf("%s: %d in %d", name, bad, n)
	path := os.Getenv("UNISSON_SOAK_LEDGER")
	if path == "" {
		return line
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := fmt.Fprintln(f, line); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	allBad, all := 0, 0
	for sc := bufio.NewScanner(f); sc.Scan(); {
		other, counts, _ := strings.Cut(sc.Text(), ": ")
		var b, m int
		if _, err := fmt.Sscanf(counts, "%d in %d", &b, &m); err == nil && other == name {
			allBad, all = allBad+b, all+m
		}
	}
	return fmt.Sprintf("%s, in all runs %d in %d", line, allBad, all)
}

func number(t testing.TB, env string, otherwise uint64) uint64 {
	t.Helper()
	v := os.Getenv(env)
	if v == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(v, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", env, err)
	}
	return n
}
