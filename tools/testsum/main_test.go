package main

import (
	"strings"
	"testing"
)

func TestSummaryOfAStream(t *testing.T) {
	const begin = `{"Action":"start","Package":"p"}
{"Action":"run","Package":"p","Test":"TestA"}
`
	for name, c := range map[string]struct {
		stream string
		ok     bool
		has    []string
		hasNot string
	}{
		"a pass is one line": {
			begin + `{"Action":"output","Package":"p","Test":"TestA","Output":"chatter\n"}
{"Action":"pass","Package":"p","Test":"TestA","Elapsed":0.1}
{"Action":"pass","Package":"p","Elapsed":0.2}`,
			true, []string{"ok  \tp\t0.200s", "1 passed, 0 failed, 0 skipped"}, "chatter",
		},
		"a failure is shown wholly": {
			begin + `{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:3: got 1\n"}
{"Action":"fail","Package":"p","Test":"TestA","Elapsed":0.1}
{"Action":"fail","Package":"p","Elapsed":0.2}`,
			false, []string{"a_test.go:3: got 1", "FAIL\tp", "0 passed, 2 failed, 0 skipped"}, "did not end",
		},
		"a panic leaves a test that did not end": {
			begin + `{"Action":"output","Package":"p","Test":"TestA","Output":"panic: oh\n"}
{"Action":"fail","Package":"p","Elapsed":0.2}`,
			false, []string{"panic: oh", "did not end"}, "1 passed",
		},
		"a build that fails": {
			`{"Action":"build-output","ImportPath":"p","Output":"x.go:1: nonsense\n"}
{"Action":"build-fail","ImportPath":"p"}
{"Action":"start","Package":"p"}
{"Action":"fail","Package":"p","Elapsed":0}`,
			false, []string{"x.go:1: nonsense", "FAIL\tp"}, "passed, 0 failed",
		},
		"a stream that is cut": {begin, false, []string{"did not end"}, "passed, 0 failed"},
		"nothing ran":          {"", false, []string{"0 passed, 0 failed, 0 skipped"}, ""},
		"a skip has a reason": {
			begin + `{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:3: no server\n"}
{"Action":"skip","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestB"}
{"Action":"pass","Package":"p","Test":"TestB"}
{"Action":"pass","Package":"p"}`,
			true, []string{"skipped: p TestA: a_test.go:3: no server", "1 passed, 0 failed, 1 skipped"}, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			s := &summary{out: &out, output: map[key][]string{}, running: map[key]bool{}, build: map[string][]string{}}
			if ok := s.read(strings.NewReader(c.stream), "run"); ok != c.ok {
				t.Errorf("ok is %v, want %v\n%s", ok, c.ok, out.String())
			}
			for _, want := range append(c.has, "run: ") {
				if !strings.Contains(out.String(), want) {
					t.Errorf("lacks %q:\n%s", want, out.String())
				}
			}
			if c.hasNot != "" && strings.Contains(out.String(), c.hasNot) {
				t.Errorf("holds %q:\n%s", c.hasNot, out.String())
			}
		})
	}
}
