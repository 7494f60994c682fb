package app_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	ticked     = regexp.MustCompile("`([^`\n]+)`")
	linked     = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	makeTarget = regexp.MustCompile(`\bmake ([a-z][a-z-]*)`)
	ourPath    = regexp.MustCompile(`^(cmd|internal|migrations|e2e|bench|docs|scripts|tools|\.ci)/[\w./*<>{}…-]*$`)
)

// documents are what people read first: the root's Markdown and docs.
func documents(t *tree) []string {
	return slices.DeleteFunc(t.with(".md"), func(p string) bool { return strings.Contains(p, "/") && !within(p, "docs") })
}

func everyPathInTheDocsExists(t *tree) []finding {
	var out []finding
	targets := regexp.MustCompile(`(?m)^([a-z][a-z-]*):`).FindAllStringSubmatch(string(t.files["Makefile"]), -1)
	for _, p := range documents(t) {
		inFence := false
		for i, line := range strings.Split(string(t.files[p]), "\n") {
			at := fmt.Sprintf("%s:%d", p, i+1)
			if strings.HasPrefix(strings.TrimSpace(line), "```") {
				inFence = !inFence
			}
			for _, m := range ticked.FindAllStringSubmatch(line, -1) {
				if name := strings.TrimSuffix(m[1], "/"); ourPath.MatchString(m[1]) && !exists(t, name) {
					out = append(out, finding{at, m[1] + " does not exist", "correct the path, or write it as <name> when it is a pattern"})
				}
			}
			for _, m := range linked.FindAllStringSubmatch(line, -1) {
				to, _, _ := strings.Cut(m[1], "#")
				if to == "" || strings.Contains(to, ":") || strings.HasPrefix(to, "/") || inFence { // "/" is a page of the program
					continue
				}
				if !t.has(path.Join(path.Dir(p), to)) {
					out = append(out, finding{at, "the link " + m[1] + " leads nowhere", "correct the link: it is relative to this document"})
				}
			}
			if !inFence && !strings.Contains(line, "`") {
				continue
			}
			for _, m := range makeTarget.FindAllStringSubmatch(line, -1) {
				if !slices.ContainsFunc(targets, func(target []string) bool { return target[1] == m[1] }) {
					out = append(out, finding{at, "there is no make " + m[1], "name a target of the Makefile"})
				}
			}
		}
	}
	return out
}

// exists reads <name> and {a,b} and * as patterns, which some path must match.
func exists(t *tree, name string) bool {
	name, _, _ = strings.Cut(name, ":")
	if !strings.ContainsAny(name, "*<{…") && !strings.Contains(name, "NNNN") {
		return t.has(name)
	}
	pattern := regexp.QuoteMeta(name)
	pattern = regexp.MustCompile(`<[^>]*>|\\\*|…|NNNN[\w-]*`).ReplaceAllString(pattern, `[^/]*`)
	pattern = regexp.MustCompile(`\\\{([^}]*)\\\}`).ReplaceAllStringFunc(pattern, func(s string) string {
		return "(" + strings.ReplaceAll(s[2:len(s)-2], ",", "|") + ")"
	})
	re, err := regexp.Compile("^" + pattern + "(/|$)")
	return err == nil && slices.ContainsFunc(t.paths, re.MatchString)
}

func contributingStaysShort(t *tree) []finding {
	if n := bytes.Count(t.files["CONTRIBUTING.md"], []byte("\n")); n > 130 {
		return []finding{{"CONTRIBUTING.md", fmt.Sprintf("%d lines, and 130 is the limit", n), "keep the table change → files → command, move the rest to docs"}}
	}
	return nil
}

var sum = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

// vendoredFilesHaveTheirChecksums reads files named VENDOR: a line that holds a SHA-256 names, anywhere on it, a file
// beside or below; every other line is for people. All files of a
// folder that holds a named one must be named, but licences.
func vendoredFilesHaveTheirChecksums(t *tree) []finding {
	var out []finding
	for _, p := range t.paths {
		if path.Base(p) != "VENDOR" {
			continue
		}
		dir := path.Dir(p)
		named := map[string]bool{}
		for i, line := range strings.Split(string(t.files[p]), "\n") {
			want := sum.FindString(line)
			if want == "" {
				continue
			}
			at := fmt.Sprintf("%s:%d", p, i+1)
			file := ""
			for _, word := range strings.Fields(line) {
				if _, ok := t.files[path.Join(dir, word)]; ok {
					file = path.Join(dir, word)
				}
			}
			if file == "" {
				out = append(out, finding{at, "names no file that exists here", "write the file's name relative to VENDOR"})
				continue
			}
			named[file] = true
			if got := sha256.Sum256(t.files[file]); hex.EncodeToString(got[:]) != want {
				out = append(out, finding{at, fmt.Sprintf("%s has the checksum %x", file, got), "restore the file as it was published: a vendored file is never edited"})
			}
			if !regexp.MustCompile(`\d+\.\d+`).MatchString(line) {
				out = append(out, finding{at, "names no version", "write file, name@version, licence and SHA-256 on one line"})
			}
		}
		folders := map[string]bool{}
		for file := range named {
			folders[path.Dir(file)] = true
		}
		for _, q := range t.paths {
			if base := strings.ToUpper(path.Base(q)); folders[path.Dir(q)] && q != p && !named[q] && !strings.Contains(base, "LICEN") {
				out = append(out, finding{q, "lies beside vendored files and is not named in VENDOR", "name it with version, licence and SHA-256, or move our own files elsewhere"})
			}
		}
	}
	return out
}

// floor is the oldest version of a module that we may build with, and why. Raising one is a line here.
type floor struct {
	module, min string
	not         []string
	why         string
}

var floors = []floor{
	{"github.com/xuri/excelize/v2", "2.11.0", nil, "a row index exhausts memory below"},
	{"github.com/yuin/goldmark", "1.7.17", nil, "cross-site scripting below"},
	{"golang.org/x/net", "0.60.0", nil, "fixes of the HTML parser that sees what the sanitiser sees"},
	{"github.com/microcosm-cc/bluemonday", "1.0.27", nil, "last release"},
	{"modernc.org/sqlite", "1.60.1", []string{"1.61.0", "1.61.1"}, "1.61.0 and 1.61.1 break go mod tidy"},
	{"github.com/jackc/pgx/v5", "5.12.0", nil, "fixes of pool and protocol"},
	{"github.com/go-chi/chi/v5", "5.3.0", nil, "spoofed client address and open redirect below; not used"},
	{"github.com/pressly/goose/v3", "3.28.0", []string{"3.29.0"}, "3.29.0 pulls a refused SQLite driver"},
}

var required = regexp.MustCompile(`(?m)^\s*(?:require\s+)?(\S+\.\S+)\s+v(\S+)`)

func modulesAreAboveTheirFloors(t *tree) []finding {
	var out []finding
	for i, line := range strings.Split(string(t.files["go.mod"]), "\n") {
		m := required.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		for _, f := range floors {
			if f.module == m[1] && (older(m[2], f.min) || slices.Contains(f.not, m[2])) {
				out = append(out, finding{fmt.Sprintf("go.mod:%d", i+1), fmt.Sprintf("%s v%s: %s", m[1], m[2], f.why), "take v" + f.min + " or a newer one that is not refused"})
			}
		}
	}
	return out
}

// older compares versions by their numbers; what follows a hyphen does not count.
func older(a, b string) bool {
	na, nb := numbers(a), numbers(b)
	return slices.Compare(na, nb) < 0
}

func numbers(v string) []int {
	v, _, _ = strings.Cut(v, "-")
	var out []int
	for _, w := range strings.Split(v, ".") {
		n, _ := strconv.Atoi(w)
		out = append(out, n)
	}
	return out
}
