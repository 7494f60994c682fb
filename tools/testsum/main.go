// Testsum reads the stream of "go test -json" and prints what a person wants to see: failures wholly, one line for each
// package, the skipped tests with their reasons, the slowest, and a last line "N passed, N failed, N skipped".
//
//	go test -json ./... | testsum [-label race]
//
// It exits with 1 when a test or a build failed, when a package did not end, and when nothing ran.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Elapsed    float64
	Output     string
}

type key struct{ pkg, test string }

type summary struct {
	out     io.Writer
	output  map[key][]string
	running map[key]bool
	slow    []string // "12.34 package Test", sorted at the end
	skips   []string
	build   map[string][]string // import path → what the compiler said

	passed, failed, skipped, shown int
}

// Enough to see what is wrong; a run with more failures than this is read by its first ones.
const (
	maxLines    = 400
	maxFailures = 40
)

func main() {
	label := flag.String("label", "", "a word before the last line")
	flag.Parse()
	s := &summary{out: os.Stdout, output: map[key][]string{}, running: map[key]bool{}, build: map[string][]string{}}
	if !s.read(os.Stdin, *label) {
		os.Exit(1)
	}
}

func (s *summary) read(r io.Reader, label string) bool {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 1<<20), 64<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(s.out, lines.Text())
			continue
		}
		s.take(e)
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(s.out, "testsum:", err)
		s.failed++
	}
	return s.end(label)
}

func (s *summary) take(e event) {
	k := key{e.Package, e.Test}
	switch e.Action {
	case "start", "run":
		s.running[k] = true
	case "output":
		if len(s.output[k]) < maxLines {
			s.output[k] = append(s.output[k], e.Output)
		}
	case "build-output":
		s.build[e.ImportPath] = append(s.build[e.ImportPath], e.Output)
	case "build-fail":
		s.show("build of "+e.ImportPath, s.build[e.ImportPath])
	case "pass", "fail", "skip":
		delete(s.running, k)
		if e.Test == "" {
			s.endPackage(e)
		} else {
			s.endTest(e)
		}
	}
}

func (s *summary) endTest(e event) {
	k := key{e.Package, e.Test}
	switch e.Action {
	case "pass":
		s.passed++
	case "fail":
		s.failed++
		s.show(e.Package+" "+e.Test, s.output[k])
	case "skip":
		s.skipped++
		s.skips = append(s.skips, e.Package+" "+e.Test+": "+reason(s.output[k]))
	}
	delete(s.output, k)
	if e.Elapsed >= 1 && !strings.Contains(e.Test, "/") {
		s.slow = append(s.slow, fmt.Sprintf("%8.2fs %s %s", e.Elapsed, e.Package, e.Test))
	}
}

func (s *summary) endPackage(e event) {
	k := key{e.Package, ""}
	switch e.Action {
	case "pass":
		fmt.Fprintf(s.out, "ok  \t%s\t%.3fs\n", e.Package, e.Elapsed)
	case "fail":
		lost := s.lost(e.Package)
		for _, l := range lost {
			s.failed++
			s.show(l.pkg+" "+l.test+" (did not end)", s.output[l])
		}
		said := slices.DeleteFunc(s.output[k], func(l string) bool { return l == "FAIL\n" || strings.HasPrefix(l, "FAIL\t") })
		if len(said) > 0 {
			s.show(e.Package, said)
		}
		s.failed++
		fmt.Fprintf(s.out, "FAIL\t%s\t%.3fs\n", e.Package, e.Elapsed)
	}
	delete(s.output, k)
}

// lost are the tests of a package that began and never ended: a panic, or the time limit.
func (s *summary) lost(pkg string) []key {
	var out []key
	for k := range s.running {
		if k.pkg == pkg && k.test != "" {
			out = append(out, k)
			delete(s.running, k)
		}
	}
	slices.SortFunc(out, func(a, b key) int { return strings.Compare(a.test, b.test) })
	return out
}

func (s *summary) show(what string, lines []string) {
	if s.shown++; s.shown > maxFailures {
		fmt.Fprintln(s.out, "--- FAIL:", what)
		return
	}
	fmt.Fprintf(s.out, "--- FAIL: %s\n", what)
	for _, l := range lines {
		if strings.HasPrefix(l, "=== ") {
			continue
		}
		fmt.Fprint(s.out, "    ", strings.TrimSuffix(l, "\n"), "\n")
	}
	if len(lines) == maxLines {
		fmt.Fprintf(s.out, "    … cut after %d lines\n", maxLines)
	}
}

func (s *summary) end(label string) bool {
	for k := range s.running {
		s.failed++
		fmt.Fprintln(s.out, "--- FAIL:", k.pkg, k.test, "did not end")
	}
	slices.Sort(s.slow)
	if n := len(s.slow); n > 0 {
		fmt.Fprintln(s.out, "slowest:")
		for _, l := range slices.Backward(s.slow[max(0, n-5):]) {
			fmt.Fprintln(s.out, l)
		}
	}
	for _, l := range s.skips {
		fmt.Fprintln(s.out, "skipped:", l)
	}
	if label != "" {
		label += ": "
	}
	fmt.Fprintf(s.out, "%s%d passed, %d failed, %d skipped\n", label, s.passed, s.failed, s.skipped)
	return s.failed == 0 && s.passed > 0
}

func reason(lines []string) string {
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "===") && !strings.HasPrefix(l, "---") {
			return l
		}
	}
	return "no reason given"
}
