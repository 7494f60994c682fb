package app_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

const module = "unisson"

// tree is the source of the project as the rules read it.
type tree struct {
	files map[string][]byte
	paths []string // sorted
	fset  *token.FileSet
	asts  map[string]*ast.File
}

// goFile is one parsed Go file.
type goFile struct {
	path, dir string
	name      string // without folder
	test      bool   // _test.go
	generated bool   // _templ.go
	ast       *ast.File
	tree      *tree
}

func loadTree(fsys fs.FS) (*tree, error) {
	t := &tree{files: map[string][]byte{}, fset: token.NewFileSet(), asts: map[string]*ast.File{}}
	err := fs.WalkDir(fsys, ".", func(p string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // another program tidies up while we read
		}
		if err != nil {
			return err
		}
		if e.IsDir() {
			switch {
			case p != "." && strings.HasPrefix(e.Name(), ".") && p != ".ci",
				slices.Contains([]string{"bin", "dist", "data", "e2e/out"}, p), e.Name() == "node_modules":
				return fs.SkipDir
			}
			return nil
		}
		if !e.Type().IsRegular() {
			return nil
		}
		data, err := fs.ReadFile(fsys, p)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		t.files[p] = data
		t.paths = append(t.paths, p)
		if path.Ext(p) != ".go" || inTestdata(p) {
			return nil
		}
		t.asts[p], err = parser.ParseFile(t.fset, p, data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("the rules cannot read %w", err)
		}
		return nil
	})
	slices.Sort(t.paths)
	return t, err
}

func inTestdata(p string) bool { return strings.Contains("/"+p, "/testdata/") }

// goFiles are the Go files under a folder ("" is all) outside testdata; the tools' module is not part of the house.
func (t *tree) goFiles(under string) []goFile {
	var out []goFile
	for _, p := range t.paths {
		f := t.asts[p]
		if f == nil || !within(p, under) || within(p, "tools") {
			continue
		}
		out = append(out, goFile{
			path: p, dir: path.Dir(p), name: path.Base(p), ast: f, tree: t,
			test: strings.HasSuffix(p, "_test.go"), generated: strings.HasSuffix(p, "_templ.go"),
		})
	}
	return out
}

// product are the files that a person wrote and that are part of a program of ours: no tests, nothing generated.
func (t *tree) product(under string) []goFile {
	return slices.DeleteFunc(t.goFiles(under), func(f goFile) bool { return f.test || f.generated })
}

// with gives the paths that end in suffix, outside testdata.
func (t *tree) with(suffix string) []string {
	var out []string
	for _, p := range t.paths {
		if strings.HasSuffix(p, suffix) && !inTestdata(p) {
			out = append(out, p)
		}
	}
	return out
}

// has tells whether a file or folder is there.
func (t *tree) has(p string) bool {
	p = strings.TrimSuffix(p, "/")
	if _, ok := t.files[p]; ok {
		return true
	}
	i, _ := slices.BinarySearch(t.paths, p+"/")
	return i < len(t.paths) && strings.HasPrefix(t.paths[i], p+"/")
}

func (f goFile) at(n ast.Node) string {
	return f.path + ":" + strconv.Itoa(f.tree.fset.Position(n.Pos()).Line)
}

// capability is the name of the folder directly under internal, "" elsewhere.
func (f goFile) capability() string {
	parts := strings.Split(f.path, "/")
	if len(parts) < 3 || parts[0] != "internal" || parts[1] == "platform" || parts[1] == "app" {
		return ""
	}
	return parts[1]
}

// imports maps the name under which a package is used in this file to its path.
func (f goFile) imports() map[string]string {
	out := map[string]string{}
	for _, s := range f.ast.Imports {
		p := importPath(s)
		name := path.Base(p)
		if s.Name != nil {
			name = s.Name.Name
		}
		out[name] = p
	}
	return out
}

func importPath(s *ast.ImportSpec) string {
	p, _ := strconv.Unquote(s.Path.Value)
	return p
}

// selects calls fn for each use pkg.Name of a package given by its path.
func (f goFile) selects(pkgPath string, fn func(sel *ast.SelectorExpr)) {
	imports := f.imports()
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && imports[id.Name] == pkgPath {
				fn(sel)
			}
		}
		return true
	})
}

// strings calls fn for each string literal but those of imports and struct tags.
func (f goFile) strings(fn func(lit *ast.BasicLit, value string)) {
	tags := map[*ast.BasicLit]bool{}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			tags[n.Tag] = true
		case *ast.BasicLit:
			if n.Kind == token.STRING && !tags[n] {
				if v, err := strconv.Unquote(n.Value); err == nil {
					fn(n, v)
				}
			}
		}
		return true
	})
}

// within tells whether a path is a folder or below it.
func within(p, folder string) bool {
	return folder == "" || p == folder || strings.HasPrefix(p, folder+"/")
}

func withinAny(p string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return within(p, f) })
}

// folders gives the folders that hold product files, with these files.
func (t *tree) folders() map[string][]goFile {
	out := map[string][]goFile{}
	for _, f := range t.goFiles("") {
		if !f.test {
			out[f.dir] = append(out[f.dir], f)
		}
	}
	return out
}
