package app_test

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// capability is one row of the table in docs/architecture.md, section 2.
type capability struct {
	name string
	may  map[string]string // an earlier row it may import → why
}

// capabilities stand in the order of the table: each may import only from rows above it, so there is no cycle.
var capabilities = []capability{
	{"team", nil},
	{"access", map[string]string{
		"team": "the first-run page makes the organisation and its first administrator, and signing in shows a person's own page",
	}},
	{"admin", map[string]string{
		"team": "the lists of jobs, mails and changes name the people concerned",
	}},
	{"help", nil},
	{"customers", map[string]string{
		"team": "owners, deputies, units and regions of a record are those of the company",
	}},
	{"timeline", map[string]string{
		"team":      "who called or visited is named, and on which side he stands",
		"customers": "a touch belongs to a contact or an account",
	}},
	{"imports", nil},
	{"home", map[string]string{
		"team": "the day's page greets a person and shows who is away",
	}},
}

// onlyForTests may be imported by tests and by the commands that serve tests.
var onlyForTests = []string{"internal/platform/db/dbtest", "internal/platform/web/webtest", "internal/platform/mail/mailtest", "internal/platform/soak", "internal/app/apptest"}

func importsFollowTheTable(t *tree) []finding {
	var out []finding
	for i, c := range capabilities {
		for name, why := range c.may {
			if !slices.ContainsFunc(capabilities[:i], func(e capability) bool { return e.name == name }) || why == "" {
				out = append(out, finding{"internal/app/archtest_imports_test.go", fmt.Sprintf("%s may import %s", c.name, name), "allow only earlier rows of the table, each with its reason"})
			}
		}
	}
	for _, f := range t.goFiles("") {
		for _, s := range f.ast.Imports {
			to, ok := strings.CutPrefix(importPath(s), module+"/")
			if !ok {
				continue
			}
			if what := forbidden(f, to); what != "" {
				out = append(out, finding{f.at(s), what, "turn the need round: a small interface declared here and passed by internal/app, a fact, or a panel (docs/architecture.md, section 2)"})
			}
		}
	}
	for dir := range t.folders() {
		if bad := path.Base(dir); slices.Contains([]string{"models", "utils", "util", "common", "helpers", "core", "base", "misc", "types"}, bad) {
			out = append(out, finding{dir, "the package name " + bad + " says nothing", "name it with a word of docs/glossary.md"})
		}
	}
	return out
}

// forbidden says why f may not import a package of ours, "" when it may.
func forbidden(f goFile, to string) string {
	target := ""
	if parts := strings.Split(to, "/"); len(parts) > 1 && parts[0] == "internal" && parts[1] != "platform" && parts[1] != "app" {
		target = parts[1]
	}
	own := f.capability()
	// A test outside its package may drive the whole program.
	whole := f.test && strings.HasSuffix(f.ast.Name.Name, "_test")
	switch {
	case withinAny(to, "cmd", "e2e", "bench", "tools") && !within(f.path, to):
		return "nothing may import " + to
	case !f.test && slices.ContainsFunc(onlyForTests, func(p string) bool { return within(to, p) }) &&
		!withinAny(f.path, append(slices.Clone(onlyForTests), "e2e", "bench")...):
		return to + " is for tests only"
	case within(f.path, "internal/app"):
		return ""
	case within(to, "internal/app") && !within(f.path, "cmd") && !whole:
		return "only cmd may import internal/app"
	case target == "" || target == own:
		return ""
	case within(f.path, "cmd"):
		return "cmd reaches capabilities through internal/app, not " + to
	case within(f.path, "internal/platform"):
		return "platform knows no capability, and " + target + " is one"
	case own == "":
		return f.dir + " may not import the capability " + target
	}
	for _, c := range capabilities {
		if c.name == own {
			if c.may[target] == "" {
				return fmt.Sprintf("the table does not let %s import %s", own, target)
			}
			return ""
		}
	}
	return own + " is not in the table of capabilities"
}

// drivers are known by one package each, or a few.
var drivers = map[string][]string{
	"database/sql":                   {"internal/platform/db", "internal/platform/search", "internal/platform/metrics"},
	"github.com/jackc/pgx/v5":        {"internal/platform/db", "internal/platform/search"},
	"modernc.org/sqlite":             {"internal/platform/db", "internal/platform/search"},
	"github.com/pressly/goose/v3":    {"internal/platform/db"},
	"github.com/wneessen/go-mail":    {"internal/platform/mail"},
	"github.com/emersion/go-msgauth": {"internal/platform/mail"},
	"code.dny.dev/ssrf":              {"internal/platform/outbound"},
	"github.com/nicksnyder/go-i18n":  {"internal/platform/i18n"},
	"github.com/alecthomas/kong":     {"cmd", "internal/platform/config"},
	"golang.org/x/crypto/argon2":     {"internal/platform/auth"},
	"github.com/alexedwards/scs":     {"internal/platform/auth", "internal/platform/web"},
	"github.com/kljensen/snowball":   {"internal/platform/search"},
	"github.com/chromedp":            {"e2e"},
}

func onlyDBKnowsTheDrivers(t *tree) []finding {
	var out []finding
	for _, f := range t.goFiles("") {
		if f.test || within(f.path, "internal/platform/deps") {
			continue
		}
		for _, s := range f.ast.Imports {
			for lib, homes := range drivers {
				// A store may scan into a nullable type of database/sql.
				if within(importPath(s), lib) && !withinAny(f.path, homes...) && !(lib == "database/sql" && isStore(f)) {
					out = append(out, finding{f.at(s), importPath(s) + " is known only by " + strings.Join(homes, ", "), "use what these packages offer, or let them offer more"})
				}
			}
		}
	}
	return out
}

// ruleFilesArePure keeps HTTP and SQL out of a capability's <noun>.go files: rules are tested without a server.
func ruleFilesArePure(t *tree) []finding {
	edges := []string{"service", "store", "routes", "pages", "api", "facts", "jobs", "panels", "doc", "seed", "demo", "search"}
	impure := []string{"net/http", "database/sql", module + "/internal/platform/web"}
	var out []finding
	for _, f := range t.product("internal") {
		first, _, _ := strings.Cut(strings.TrimSuffix(f.name, ".go"), "_")
		if f.capability() == "" || slices.Contains(edges, first) {
			continue
		}
		for _, s := range f.ast.Imports {
			if slices.Contains(impure, importPath(s)) {
				out = append(out, finding{f.at(s), "a file of rules imports " + importPath(s), "move that part to pages.go, api.go or store.go"})
			}
		}
	}
	return out
}

func noInit(t *tree) []finding {
	var out []finding
	for _, f := range t.goFiles("") {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				out = append(out, finding{f.at(fn), "func init runs before anybody asked", "build it in the constructor that internal/app calls, or with sync.OnceValue"})
			}
		}
	}
	return out
}
