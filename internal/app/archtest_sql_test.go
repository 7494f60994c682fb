package app_test

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strings"
)

var (
	sqlStatement = regexp.MustCompile(`(?is)^\s*((?-i:select|SELECT)\s.*\sfrom\s|select\s+exists|insert\s+into\s|update\s+\w+(\s+(as\s+)?\w+)?\s+set\s|delete\s+from\s|with\s+(recursive\s+)?\w+\s*(\(|as\b)|create\s+(unique\s+|virtual\s+|temp\w*\s+)?(table|index|view|trigger)\s|alter\s+table\s|drop\s+(table|index|view)\s|pragma\s+\w)`)
	sqlFragment  = regexp.MustCompile(`(?i)\b(where|and|or|limit|in|like|values|set|having)\b[^$]*\$[1-9]`)

	writes = regexp.MustCompile(`(?i)(?:\binsert\s+into|\bdelete\s+from|\bupdate)\s+"?([a-z_][a-z0-9_]*)"?`)
)

func isStore(f goFile) bool { return strings.HasPrefix(f.name, "store") }

// sqlHomes may hold SQL in any file: they are where the engines differ.
func sqlHome(f goFile) bool {
	return withinAny(f.path, "internal/platform/db", "internal/platform/search")
}

func sqlOnlyInStores(t *tree) []finding {
	var out []finding
	for _, f := range t.goFiles("") {
		if f.test || isStore(f) || sqlHome(f) {
			continue
		}
		f.strings(func(lit *ast.BasicLit, v string) {
			if sqlStatement.MatchString(v) || sqlFragment.MatchString(v) {
				out = append(out, finding{f.at(lit), fmt.Sprintf("SQL outside a store: %.60q", v), "move the statement to store.go of this package"})
			}
		})
	}
	return out
}

var banned = map[string]*regexp.Regexp{
	"ilike":             regexp.MustCompile(`(?i)\bilike\b`),
	"now(":              regexp.MustCompile(`(?i)\bnow\s*\(`),
	"current_timestamp": regexp.MustCompile(`(?i)\bcurrent_(timestamp|date|time)\b`),
	"->>":               regexp.MustCompile(`->`),
	"skip locked":       regexp.MustCompile(`(?i)\b(skip\s+locked|for\s+update)\b`),
	"select *":          regexp.MustCompile(`(?i)\bselect\s+(\w+\.)?\*`),
	"offset":            regexp.MustCompile(`(?i)\boffset\b`),
	"limit -1":          regexp.MustCompile(`(?i)\blimit\s+-1`),
	"date_trunc":        regexp.MustCompile(`(?i)\b(date_trunc|strftime|datetime|julianday|extract)\s*\(`),
	"greatest(":         regexp.MustCompile(`(?i)\b(greatest|least)\s*\(`),
	"any(":              regexp.MustCompile(`(?i)\bany\s*\(`),
	"autoincrement":     regexp.MustCompile(`(?i)\b(autoincrement|serial|bigserial)\b`),
	"distinct on":       regexp.MustCompile(`(?i)\bdistinct\s+on\b`),
	"lateral":           regexp.MustCompile(`(?i)\b(lateral|generate_series|truncate)\b`),
	"::":                regexp.MustCompile(`::[a-z]`),
	"lower(":            regexp.MustCompile(`(?i)\b(lower|upper|unaccent)\s*\(`),
}

func noBannedSQLWords(t *tree) []finding {
	var out []finding
	for _, f := range t.product("") {
		if !isStore(f) || sqlHome(f) {
			continue
		}
		f.strings(func(lit *ast.BasicLit, v string) {
			for word, re := range banned {
				if re.MatchString(v) {
					out = append(out, finding{f.at(lit), fmt.Sprintf("%q does not mean the same on both engines", word), "see the table of portable SQL in docs/architecture.md; instants and folded text come from Go"})
				}
			}
		})
	}
	return out
}

var tablesLine = regexp.MustCompile(`(?m)^Tables:[ \t]*((?:.+\n?)(?:[a-z(][^:\n]*\n?)*)`)

// owned reads the line "Tables: a, b." of a package comment; "none" is none.
func owned(f goFile) []string {
	m := tablesLine.FindStringSubmatch(f.ast.Doc.Text())
	if m == nil {
		return nil
	}
	if strings.HasPrefix(m[1], "none") {
		return nil
	}
	text, _, _ := strings.Cut(m[1], ". ")
	var out []string
	for _, w := range regexp.MustCompile(`\([^)]*\)`).Split(text, -1) {
		out = append(out, regexp.MustCompile(`[a-z_][a-z0-9_]*`).FindAllString(w, -1)...)
	}
	return slices.DeleteFunc(out, func(w string) bool { return w == "and" })
}

var (
	createTable = regexp.MustCompile(`(?i)\bcreate\s+(?:virtual\s+)?table\s+(?:if\s+not\s+exists\s+)?(\w+)`)
	dropTable   = regexp.MustCompile(`(?i)\bdrop\s+table\s+(?:if\s+exists\s+)?(\w+)`)
	renameTable = regexp.MustCompile(`(?i)\balter\s+table\s+(\w+)\s+rename\s+to\s+(\w+)`)
)

// migrated are the tables that the migrations leave, with where they are made.
func migrated(t *tree) map[string]string {
	out := map[string]string{}
	for _, p := range t.with(".sql") {
		if !within(p, "migrations") {
			continue
		}
		for i, line := range strings.Split(withoutComments(string(t.files[p])), "\n") {
			if m := createTable.FindStringSubmatch(line); m != nil {
				out[m[1]] = fmt.Sprintf("%s:%d", p, i+1)
			}
			if m := dropTable.FindStringSubmatch(line); m != nil {
				delete(out, m[1])
			}
			if m := renameTable.FindStringSubmatch(line); m != nil {
				out[m[2]] = fmt.Sprintf("%s:%d", p, i+1)
				delete(out, m[1])
			}
		}
	}
	return out
}

func withoutComments(sql string) string {
	return regexp.MustCompile(`--[^\n]*`).ReplaceAllString(sql, "")
}

func everyTableHasOneOwner(t *tree) []finding {
	var out []finding
	made, owner, owns := migrated(t), map[string]string{}, map[string][]string{}
	for _, f := range t.product("internal") {
		if f.name != "doc.go" {
			continue
		}
		for _, table := range owned(f) {
			if other := owner[table]; other != "" {
				out = append(out, finding{f.path, fmt.Sprintf("the table %s belongs to %s already", table, other), "name each table in the doc.go of one package only"})
			}
			owner[table] = f.dir
			owns[f.dir] = append(owns[f.dir], table)
			if made[table] == "" {
				out = append(out, finding{f.path, fmt.Sprintf("no migration makes the table %s", table), "write the migration, or correct the line Tables:"})
			}
		}
	}
	for table, at := range made {
		if owner[table] == "" {
			out = append(out, finding{at, fmt.Sprintf("the table %s belongs to nobody", table), "name it on the line Tables: in doc.go of the package that writes it"})
		}
	}
	for _, f := range t.product("internal") {
		if withinAny(f.path, "internal/platform/db/dbtest") {
			continue
		}
		check := func(n ast.Node, table string) {
			if made[table] != "" && !slices.Contains(owns[f.dir], table) {
				out = append(out, finding{f.at(n), fmt.Sprintf("%s writes %s, a table of %s", f.dir, table, owner[table]), "call the owner's Service, or publish a fact that the owner hears"})
			}
		}
		f.strings(func(lit *ast.BasicLit, v string) {
			for _, m := range writes.FindAllStringSubmatch(v, -1) {
				check(lit, strings.ToLower(m[1]))
			}
		})
		f.selects(module+"/internal/platform/db", func(sel *ast.SelectorExpr) {
			if sel.Sel.Name != "Bulk" {
				return
			}
			ast.Inspect(f.ast, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if ok && call.Fun == ast.Expr(sel) && len(call.Args) > 2 {
					if lit, ok := call.Args[2].(*ast.BasicLit); ok {
						check(lit, strings.Trim(lit.Value, "\"`"))
					}
				}
				return true
			})
		})
	}
	return out
}

var (
	migrationFile = regexp.MustCompile(`^migrations/(\d{4})_[a-z0-9_]+\.sql$`)
	engineBlock   = regexp.MustCompile(`(?s)-- \+(?:sqlite|postgres)\n.*?-- \+end`)
	columnType    = regexp.MustCompile(`^"?\w+"?\s+(?:text|bigint|boolean|double precision)\b`)
	tableBody     = regexp.MustCompile(`(?is)\bcreate\s+table\s+(\w+)\s*\((.*?)\n\)`)
	unnamed       = regexp.MustCompile(`(?i)\b(primary\s+key\b|unique\b|references\b|check\s*\()`)
)

func migrationsArePortable(t *tree) []finding {
	var out []finding
	numbers := map[string]string{}
	for _, p := range t.with(".sql") {
		if !within(p, "migrations") {
			continue
		}
		m := migrationFile.FindStringSubmatch(p)
		if m == nil {
			out = append(out, finding{p, "no name of a migration", "name it NNNN_what.sql"})
			continue
		}
		if numbers[m[1]] != "" {
			out = append(out, finding{p, "has the number of " + numbers[m[1]], "take the next free number"})
		}
		numbers[m[1]] = p
		// Blanks keep the lines where they are.
		text := engineBlock.ReplaceAllStringFunc(string(t.files[p]), func(s string) string { return strings.Repeat("\n", strings.Count(s, "\n")) })
		text = withoutComments(text)
		for _, body := range tableBody.FindAllStringSubmatchIndex(text, -1) {
			line := 1 + strings.Count(text[:body[4]], "\n")
			for _, part := range splitList(text[body[4]:body[5]]) {
				at := fmt.Sprintf("%s:%d", p, line+strings.Count(part.before, "\n"))
				def := strings.TrimSpace(part.text)
				switch {
				case strings.HasPrefix(def, "constraint "):
				case unnamed.MatchString(def):
					out = append(out, finding{at, "a constraint without a name", "write it as a line of its own: constraint table_what …"})
				case !columnType.MatchString(def):
					out = append(out, finding{at, fmt.Sprintf("a type that is not portable: %.50q", def), "use text, bigint, boolean or double precision"})
				}
			}
		}
		for i, line := range strings.Split(text, "\n") {
			for word, re := range banned {
				if re.MatchString(line) && word != "->>" {
					out = append(out, finding{fmt.Sprintf("%s:%d", p, i+1), fmt.Sprintf("%q does not mean the same on both engines", word), "write it portably, or in a -- +sqlite and a -- +postgres block"})
				}
			}
		}
	}
	return out
}

type listPart struct{ before, text string }

// splitList cuts at the commas outside brackets and quotes; before is everything in front of the part's first letter.
func splitList(s string) []listPart {
	var out []listPart
	depth, start, quoted := 0, 0, false
	cut := func(end int) {
		text := s[start:end]
		lead := len(text) - len(strings.TrimLeft(text, " \t\n"))
		if strings.TrimSpace(text) != "" {
			out = append(out, listPart{s[:start+lead], text})
		}
		start = end + 1
	}
	for i, r := range s {
		switch {
		case r == '\'':
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ',' && depth == 0:
			cut(i)
		}
	}
	if start < len(s) {
		cut(len(s))
	}
	return out
}
