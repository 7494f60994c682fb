package app_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"unisson/internal/platform/i18n"
)

// Every *_templ.go is what the generator of tools/go.mod makes of its .templ today.
func TestGeneratedCodeIsCurrent(t *testing.T) {
	home := root(t)
	tr, err := loadTree(os.DirFS(home))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	sources := tr.with(".templ")
	for _, p := range append(slices.Clone(sources), "go.mod") {
		to := filepath.Join(dir, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, tr.files[p], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "tool", "-modfile="+filepath.Join(home, "tools", "go.mod"), "templ", "generate", "-path", dir, "-log-level", "error")
	cmd.Dir = home
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("templ generate: %v\n%s", err, out)
	}
	for _, f := range stale(tr, dir) {
		t.Error(f)
	}
}

func stale(tr *tree, fresh string) []finding {
	var out []finding
	for _, p := range tr.with(".templ") {
		made := strings.TrimSuffix(p, ".templ") + "_templ.go"
		want, err := os.ReadFile(filepath.Join(fresh, filepath.FromSlash(made)))
		if err != nil || !bytes.Equal(want, tr.files[made]) {
			out = append(out, finding{made, "is not what the generator makes of " + p, "make generate"})
		}
	}
	for _, p := range tr.with("_templ.go") {
		if source := strings.TrimSuffix(p, "_templ.go") + ".templ"; tr.files[source] == nil {
			out = append(out, finding{p, "was generated from a file that is gone", "remove it"})
		}
	}
	return out
}

func TestStaleGeneratedCodeIsSeen(t *testing.T) {
	files, wants := mutant("-- a/x.templ --\npackage a\n-- a/x_templ.go --\npackage a // old\n-- a/y_templ.go --\npackage a\n" +
		"-- want: a/x_templ.go -- not what the generator makes --\n-- want: a/y_templ.go -- a file that is gone --\n")
	tr, err := loadTree(files)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, sorted(stale(tr, t.TempDir())), wants)
}

// Both languages are complete, every key is used and every used key is there, with the same placeholders.
func TestMessagesAreCompleteInBothLanguages(t *testing.T) {
	found, err := i18n.Problems(root(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

// moduleUsed is one module that our programs or their tests are built from.
type moduleUsed struct{ path, version, dir string }

func linkedModules(t *testing.T) []moduleUsed {
	t.Helper()
	cmd := exec.CommandContext(context.Background(), "go", "list", "-deps", "-test", "-f",
		"{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}", "./...")
	cmd.Dir = root(t)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(lines)
	var mods []moduleUsed
	for _, l := range slices.Compact(lines) {
		if f := strings.Fields(l); len(f) == 3 {
			mods = append(mods, moduleUsed{f[0], f[1], f[2]})
		}
	}
	return mods
}

// TestEveryModuleHasALicenceThatGoesWithOurs reads the licence files of all linked modules: the AGPL takes permissive
// ones, and copyleft never enters (docs/architecture.md; axe-core, for tests only, is not linked).
func TestEveryModuleHasALicenceThatGoesWithOurs(t *testing.T) {
	mods := linkedModules(t)
	if len(mods) < 10 {
		t.Fatalf("only %d modules: the list cannot be right", len(mods))
	}
	count := map[string]int{}
	for _, m := range mods {
		name := licence(t, m.dir)
		count[name]++
		if !slices.Contains([]string{"MIT", "BSD", "ISC", "Apache-2.0", "0BSD"}, name) {
			t.Error(finding{m.path + " " + m.version, "its licence is " + name, "choose another module, or write an ADR"})
		}
	}
	t.Log(len(mods), "modules:", count)
}

func licence(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		// Lists of third-party licences tell of the module's own tests and tools too; what is linked of them is a module
		// of its own here.
		third := regexp.MustCompile(`(?i)3rd|third`).MatchString(e.Name())
		if regexp.MustCompile(`(?i)^(un)?(licen[cs]e|copying)`).MatchString(e.Name()) && !e.IsDir() && !third {
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, nameOfLicence(string(data)))
		}
	}
	// Beside the licence of the code lie those of its logo, or of what it copied; the first permissive one counts only
	// when none is copyleft.
	for _, n := range names {
		if n == "copyleft" {
			return n
		}
	}
	for _, n := range names {
		if n != "unknown" {
			return n
		}
	}
	return fmt.Sprintf("unknown (%d licence files)", len(names))
}

func nameOfLicence(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for _, l := range []struct{ words, name string }{
		{"GNU AFFERO GENERAL PUBLIC", "copyleft"},
		{"GNU GENERAL PUBLIC LICENSE", "copyleft"},
		{"GNU LESSER GENERAL PUBLIC", "copyleft"},
		{"Mozilla Public License", "copyleft"},
		{"Apache License Version 2.0", "Apache-2.0"},
		{"Redistribution and use in source and binary forms", "BSD"},
		{"Permission is hereby granted, free of charge", "MIT"},
		{"provided that the above copyright notice and this permission notice appear in all copies", "ISC"},
		{"Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted.", "0BSD"},
	} {
		if strings.Contains(text, l.words) {
			return l.name
		}
	}
	return "unknown"
}

// The standard library parses what strangers send (HTML, addresses, XML, archives): its fixes have a floor too.
func TestGoHasTheFixesWeRelyOn(t *testing.T) {
	const floor = "1.26.8"
	if v := strings.TrimPrefix(runtime.Version(), "go"); older(v, floor) {
		t.Errorf("built with Go %s: take %s or newer", v, floor)
	}
}

func TestCopyleftIsSeen(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"LICENSE": "Permission is hereby granted, free of charge", "COPYING": "GNU GENERAL\nPUBLIC LICENSE"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := licence(t, dir); got != "copyleft" {
		t.Errorf("a module under MIT and GPL is read as %s", got)
	}
}
