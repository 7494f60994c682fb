package i18n

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Usage is how a tree of source code uses message keys.
type Usage struct {
	calls    []Finding       // keys that must be written: literal arguments of i18n.T, N and M, and codes of errs
	families []Finding       // prefixes ending in a dot, under which keys are made at run time
	literals map[string]bool // every text that could be a key
}

// UsedKeys reads the .go and .templ files under a folder; tests, generated templ code and testdata aside.
//
// A key is used when a string literal anywhere equals it, so that codes of errors and entries of tables count.
// The literal key of i18n.T, N, M, of errs.Conflict, Forbidden, Unavailable, Malformed, Field and Fields.Add, and the
// kind of a notify.Notice must be written in the message files.
// Keys made at run time are seen by themselves when the call begins with their prefix, i18n.T(ctx, "team.role."+role),
// or declared by a comment of their own line, "i18n: team.role.* team.state.*" after the two strokes.
func UsedKeys(root string) (*Usage, error) {
	u := &Usage{literals: map[string]bool{}}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != root && skipDir(name) {
				return filepath.SkipDir
			}
			return nil
		}
		where, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		where = filepath.ToSlash(where)
		switch {
		case strings.HasSuffix(name, ".templ"):
			return u.readTempl(path, where)
		case !strings.HasSuffix(name, ".go"), strings.HasSuffix(name, "_test.go"), strings.HasSuffix(name, "_templ.go"):
			return nil
		}
		return u.readGo(path, where)
	})
	return u, err
}

func skipDir(name string) bool {
	return name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".")
}

// Unknown reports the keys that are used and not among the known ones, and families without a key.
func (u *Usage) Unknown(known []string) []Finding {
	var found []Finding
	for _, call := range u.calls {
		if !slices.Contains(known, call.Key) {
			call.Problem = "is used and not written in the message files"
			found = append(found, call)
		}
	}
	for _, family := range u.families {
		if !slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(k, family.Key) }) {
			family.Problem = "is declared as a family and has no key"
			found = append(found, family)
		}
	}
	sortFindings(found)
	return found
}

// Unused reports the known keys that no source file uses.
func (u *Usage) Unused(known []string) []Finding {
	var found []Finding
	for _, key := range known {
		inFamily := slices.ContainsFunc(u.families, func(f Finding) bool { return strings.HasPrefix(key, f.Key) })
		if !u.literals[key] && !inFamily {
			found = append(found, Finding{Key: key, Problem: "is written and not used"})
		}
	}
	return found
}

func (u *Usage) call(key, where string, line int) {
	u.literals[key] = true
	u.calls = append(u.calls, Finding{Key: key, Where: fmt.Sprintf("%s:%d", where, line)})
}

func (u *Usage) family(prefix, where string, line int) {
	u.families = append(u.families, Finding{Key: prefix, Where: fmt.Sprintf("%s:%d", where, line)})
}

var familyComment = regexp.MustCompile(`(?m)^\s*//\s*i18n:\s*(.+)$`)

// comment reads the declarations of a comment: prefixes ending in .*, or whole keys.
func (u *Usage) comment(text, where string, line int) {
	for _, m := range familyComment.FindAllStringSubmatch(text, -1) {
		for _, word := range strings.FieldsFunc(m[1], func(r rune) bool { return r == ' ' || r == ',' || r == '\t' }) {
			if prefix, ok := strings.CutSuffix(word, "*"); ok && strings.HasSuffix(prefix, ".") {
				u.family(prefix, where, line)
			} else if strings.Contains(word, ".") {
				u.call(strings.TrimRight(word, "."), where, line)
			}
		}
	}
}

func (u *Usage) readGo(path, where string) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, group := range file.Comments {
		for _, c := range group.List {
			u.comment(c.Text, where, set.Position(c.Pos()).Line)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if text, ok := literal(n); ok {
				u.literals[text] = true
			}
		case *ast.CallExpr:
			if at := keyArgument(n); at >= 0 && at < len(n.Args) {
				u.key(n.Args[at], where, set)
			}
		case *ast.CompositeLit:
			u.composite(n, where, set)
		}
		return true
	})
	return nil
}

// composite notes the message keys in literals of errs.Field and notify.Notice.
func (u *Usage) composite(n *ast.CompositeLit, where string, set *token.FileSet) {
	field := isSelector(n.Type, "errs", "Field")
	if !field && !isSelector(n.Type, "notify", "Notice") {
		return
	}
	for i, e := range n.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); !ok && field && i == 1 {
			u.key(e, where, set)
		} else if ok && fmt.Sprint(kv.Key) == map[bool]string{true: "Code", false: "Kind"}[field] {
			u.key(kv.Value, where, set)
		}
	}
}

// key notes an expression that stands where a key must stand.
func (u *Usage) key(e ast.Expr, where string, set *token.FileSet) {
	line := set.Position(e.Pos()).Line
	if text, ok := literal(e); ok {
		if text != "" { // errs.Forbidden("") has no message of its own
			u.call(text, where, line)
		}
		return
	}
	for {
		sum, ok := e.(*ast.BinaryExpr)
		if !ok || sum.Op != token.ADD {
			break
		}
		e = sum.X
	}
	if text, ok := literal(e); ok && strings.HasSuffix(text, ".") {
		u.family(text, where, line)
	}
}

// keyArgument tells which argument of a call is a message key; -1 when none is.
func keyArgument(call *ast.CallExpr) int {
	for _, name := range []string{"T", "N", "M"} {
		if isSelector(call.Fun, "i18n", name) {
			return 1
		}
	}
	for _, name := range []string{"Conflict", "Forbidden", "Unavailable"} {
		if isSelector(call.Fun, "errs", name) {
			return 0
		}
	}
	if isSelector(call.Fun, "errs", "Malformed") {
		return 1
	}
	// errs.Fields.Add(name, code, …) on a variable of any name.
	if s, ok := call.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Add" && len(call.Args) >= 2 {
		if code, ok := literal(call.Args[1]); ok && errorCode.MatchString(code) {
			return 1
		}
	}
	return -1
}

var errorCode = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)

func isSelector(e ast.Expr, pkg, name string) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != name {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == pkg
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// templ files are read by pattern: a .templ file is no Go file, and the generated one may be stale.
var (
	templLiteral = regexp.MustCompile("[\"`]([A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)+)[\"`]")
	templCall    = regexp.MustCompile(`\bi18n\.[TNM]\(\s*ctx\s*,\s*"([^"]+)"\s*(\+?)`)
)

func (u *Usage) readTempl(path, where string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for i, line := range strings.Split(string(raw), "\n") {
		u.comment(line, where, i+1)
		for _, m := range templLiteral.FindAllStringSubmatch(line, -1) {
			u.literals[m[1]] = true
		}
		for _, m := range templCall.FindAllStringSubmatch(line, -1) {
			if m[2] == "+" {
				u.family(m[1], where, i+1)
			} else {
				u.call(m[1], where, i+1)
			}
		}
	}
	return nil
}
