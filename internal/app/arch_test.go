package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// A rule of the house: it reads the tree and says what breaks it. docs/architecture.md, section 8, is the list.
type rule struct {
	name  string
	check func(*tree) []finding
}

// finding is one place where a rule is broken.
type finding struct {
	at   string // file, or file:line
	what string
	mend string
}

func (f finding) String() string { return fmt.Sprintf("%s: %s\n\t\tmend: %s", f.at, f.what, f.mend) }

// rules are kept on the real tree, and each is broken on purpose by the files testdata/mutants/<name>*.txt.
var rules = []rule{
	{"imports", importsFollowTheTable},
	{"drivers", onlyDBKnowsTheDrivers},
	{"sql-place", sqlOnlyInStores},
	{"sql-words", noBannedSQLWords},
	{"tables", everyTableHasOneOwner},
	{"migrations", migrationsArePortable},
	{"packages", everyPackageIsDocumented},
	{"exported", everyExportedNameIsDocumented},
	{"length", filesStayShort},
	{"clock", onlyTheClockTellsTheTime},
	{"sleep", nothingSleeps},
	{"rule-files", ruleFilesArePure},
	{"init", noInit},
	{"vars", packageVariablesNeverChange},
	{"outbound", onlyOutboundDials},
	{"templates-text", noTextInTemplates},
	{"templates-csp", templatesObeyTheContentPolicy},
	{"templates-htmx", htmxElementsCarryTheirOwnTarget},
	{"docs", everyPathInTheDocsExists},
	{"contributing", contributingStaysShort},
	{"vendor", vendoredFilesHaveTheirChecksums},
	{"floors", modulesAreAboveTheirFloors},
}

func TestTheHouseKeepsItsRules(t *testing.T) {
	tr, err := loadTree(os.DirFS(root(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			for _, f := range sorted(r.check(tr)) {
				t.Error(f)
			}
		})
	}
}

// A mutant is a small tree that breaks one rule: "-- path --" begins a file, and each line "-- want: place -- words"
// names a finding that must be there; a mutant without one must be free of findings.
func TestEachRuleTurnsRedWhenItIsBroken(t *testing.T) {
	broken := map[string]bool{}
	paths, err := filepath.Glob("testdata/mutants/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no mutants: %v", err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files, wants := mutant(string(data))
			tr, err := loadTree(files)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rules {
				if name != r.name && !strings.HasPrefix(name, r.name+"_") {
					continue
				}
				found := sorted(r.check(tr))
				compare(t, found, wants)
				broken[r.name] = broken[r.name] || len(wants) > 0
				return
			}
			t.Fatal("no rule has this name")
		})
	}
	for _, r := range rules {
		if !broken[r.name] {
			t.Errorf("nothing shows that the rule %q can turn red: add testdata/mutants/%s.txt", r.name, r.name)
		}
	}
}

func compare(t *testing.T, found []finding, wants []finding) {
	t.Helper()
	missing := slices.Clone(wants)
	for _, f := range found {
		i := slices.IndexFunc(missing, func(w finding) bool { return w.at == f.at && strings.Contains(f.what, w.what) })
		if i < 0 {
			t.Errorf("unexpected: %v", f)
			continue
		}
		missing = slices.Delete(missing, i, i+1)
		if f.mend == "" {
			t.Errorf("says not how to mend it: %v", f)
		}
	}
	for _, w := range missing {
		t.Errorf("not found: %s: %s", w.at, w.what)
	}
}

func mutant(text string) (fstest.MapFS, []finding) {
	files, wants, at := fstest.MapFS{}, []finding(nil), ""
	for line := range strings.Lines(text) {
		head, isHead := strings.CutPrefix(strings.TrimSpace(line), "-- ")
		head, isWhole := strings.CutSuffix(head, " --")
		if !isHead || !isWhole {
			if at != "" {
				files[at].Data = append(files[at].Data, line...)
			}
			continue
		}
		head, rest, _ := strings.Cut(head, " -- ")
		if place, ok := strings.CutPrefix(head, "want: "); ok {
			wants = append(wants, finding{at: place, what: rest})
			continue
		}
		at = head
		files[at] = &fstest.MapFile{}
	}
	return files, wants
}

func sorted(fs []finding) []finding {
	slices.SortFunc(fs, func(a, b finding) int { return strings.Compare(a.String(), b.String()) })
	return fs
}

// root is the folder of go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	t.Fatal("no go.mod above this test")
	return ""
}
