package table

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"unicode/utf8"
)

// got is all that comes out of a file.
type got struct {
	guess Guess
	rows  []Row
	bad   []*RowError
}

// readAll sniffs and reads; the error is a refusal. It checks what holds for every file.
func readAll(t testing.TB, name string, data []byte, want Dialect) (got, error) {
	t.Helper()
	src := NewSource(bytes.NewReader(data), int64(len(data)), name)
	guess, err := Sniff(context.Background(), src, want)
	if err != nil {
		return got{}, refusal(t, err)
	}
	if len(guess.Header) != guess.Width || guess.Width == 0 {
		t.Errorf("%s: %d names for %d columns", name, len(guess.Header), guess.Width)
	}
	g, err := readWith(t, src, guess.Dialect)
	g.guess = guess
	return g, err
}

func readWith(t testing.TB, src Source, d Dialect) (got, error) {
	t.Helper()
	r, err := Open(context.Background(), src, d)
	if err != nil {
		return got{}, refusal(t, err)
	}
	defer r.Close()
	var g got
	last := int64(0)
	for {
		row, err := r.Next()
		if e := (*RowError)(nil); errors.As(err, &e) {
			if e.Line < last || e.Code == "" {
				t.Errorf("a bad row at line %d after %d: %v", e.Line, last, e)
			}
			last = e.Line
			g.bad = append(g.bad, e)
			continue
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return g, refusal(t, err)
		}
		if len(row.Cells) != r.Width() || row.Line < last {
			t.Errorf("line %d (after %d) has %d cells, want %d", row.Line, last, len(row.Cells), r.Width())
		}
		for _, c := range row.Cells {
			if !utf8.ValidString(c) || bytes.IndexByte([]byte(c), 0) >= 0 {
				t.Errorf("line %d: %q is no text", row.Line, c)
			}
		}
		last = row.Line
		g.rows = append(g.rows, row)
	}
	if n := r.Count(); n != int64(len(g.rows)+len(g.bad)) {
		t.Errorf("counted %d records, gave %d rows and %d errors", n, len(g.rows), len(g.bad))
	}
	return g, nil
}

// refusal makes sure that an error has words for a person.
func refusal(t testing.TB, err error) error {
	t.Helper()
	var r *Refusal
	if !errors.As(err, &r) || r.Code == "" {
		t.Errorf("refused without a reason that a person understands: %v", err)
	}
	return err
}

func mustRead(t testing.TB, name, data string, want Dialect) got {
	t.Helper()
	g, err := readAll(t, name, []byte(data), want)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return g
}

func code(err error) string {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

func (g got) cells() [][]string {
	out := make([][]string, len(g.rows))
	for i, r := range g.rows {
		out[i] = r.Cells
	}
	return out
}

func (g got) doubts() map[string]bool {
	out := map[string]bool{}
	for _, d := range g.guess.Doubts {
		out[d.Code] = true
	}
	return out
}

// shared gives the path of a folder of public data; where there is none, tests are skipped, but not in CI.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	dir := filepath.Join(append([]string{"..", "..", "..", "..", "shared", "data"}, parts...)...)
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("no public data here")
	}
	return dir
}

func files(t testing.TB, pattern string) []string {
	t.Helper()
	out, err := filepath.Glob(pattern)
	if err != nil || len(out) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(out), err)
	}
	return out
}

func load(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// heap is what is held after a collection.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
