package app_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
)

func everyPackageIsDocumented(t *tree) []finding {
	var out []finding
	for dir, files := range t.folders() {
		comment, where := "", dir
		for _, f := range files {
			if f.generated {
				continue
			}
			if f.ast.Doc != nil && !strings.HasPrefix(f.ast.Doc.Text(), "go:") {
				comment, where = f.ast.Doc.Text(), f.path
			}
		}
		program := files[0].ast.Name.Name == "main"
		switch {
		case len(strings.TrimSpace(comment)) < 40:
			out = append(out, finding{where, "the package has no comment worth the name", "write doc.go: vocabulary, invariants, tables owned, facts published and heard"})
		case within(dir, "internal") && !program && path.Base(where) != "doc.go":
			out = append(out, finding{where, "the package comment is not in doc.go", "move it there: one screen, the same place in every package"})
		case strings.Count(comment, "\n") > 70:
			out = append(out, finding{where, "the package comment is longer than a screen", "say it shorter, or move the long part to docs"})
		}
	}
	return out
}

func everyExportedNameIsDocumented(t *tree) []finding {
	var out []finding
	missing := func(f goFile, n ast.Node, name string) {
		out = append(out, finding{f.at(n), name + " is exported without a comment", "say what it promises: units, errors, what is dangerous; or do not export it"})
	}
	for _, f := range t.product("") {
		if f.ast.Name.Name == "main" {
			continue
		}
		for _, d := range f.ast.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Doc == nil && d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d))) {
					missing(f, d, d.Name.Name)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if name := undocumented(d, s); name != "" {
						missing(f, s, name)
					}
				}
			}
		}
	}
	for _, p := range t.with(".templ") {
		before := ""
		for i, line := range strings.Split(string(t.files[p]), "\n") {
			if name, ok := strings.CutPrefix(line, "templ "); ok && ast.IsExported(name) && !strings.HasPrefix(before, "//") {
				name, _, _ = strings.Cut(name, "(")
				out = append(out, finding{fmt.Sprintf("%s:%d", p, i+1), name + " is exported without a comment", "say what it shows and what it expects, or do not export it"})
			}
			before = line
		}
	}
	return out
}

func undocumented(d *ast.GenDecl, s ast.Spec) string {
	switch s := s.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
			return s.Name.Name
		}
	case *ast.ValueSpec:
		for _, n := range s.Names {
			if n.IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
				return n.Name
			}
		}
	}
	return ""
}

func receiver(d *ast.FuncDecl) string {
	e := d.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

func filesStayShort(t *tree) []finding {
	var out []finding
	limit := func(p string, n int, mend string) {
		if lines := bytes.Count(t.files[p], []byte("\n")); lines > n {
			out = append(out, finding{p, fmt.Sprintf("%d lines, and %d is the limit", lines, n), mend})
		}
	}
	for _, f := range t.goFiles("") {
		switch {
		case f.generated:
		case f.test:
			limit(f.path, 800, "split it by what it tests")
		default:
			limit(f.path, 500, "split it by noun; from 300 lines on, think about it")
		}
	}
	for _, p := range t.with(".templ") {
		limit(p, 250, "split it by component")
	}
	return out
}

// clockHomes may ask the machine for the time: they are the clock, or measure and wait outside the product.
var clockHomes = []string{"internal/platform/clock", "cmd", "bench", "e2e", "internal/platform/db/dbtest"}

func onlyTheClockTellsTheTime(t *tree) []finding {
	var out []finding
	for _, f := range t.product("") {
		if withinAny(f.path, clockHomes...) {
			continue
		}
		f.selects("time", func(sel *ast.SelectorExpr) {
			if slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name) {
				out = append(out, finding{f.at(sel), "time." + sel.Sel.Name + " cannot be moved by a test", "use the clock.Clock handed to this package, or tx.Now()"})
			}
		})
	}
	return out
}

func nothingSleeps(t *tree) []finding {
	var out []finding
	for _, f := range t.goFiles("") {
		if withinAny(f.path, "bench", "internal/platform/db/dbtest") {
			continue
		}
		f.selects("time", func(sel *ast.SelectorExpr) {
			if sel.Sel.Name == "Sleep" {
				out = append(out, finding{f.at(sel), "a sleep is too long on a good day and too short on a bad one", "wait for the event itself: a channel, a fake clock, a condition that is asked again"})
			}
		})
	}
	return out
}

func onlyOutboundDials(t *tree) []finding {
	// Functions that reach out, and types that do when one makes them; naming the type of a client that was handed over
	// is fine.
	calls := map[string][]string{
		"net/http":   {"Get", "Post", "Head", "PostForm", "DefaultClient", "DefaultTransport"},
		"net":        {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix"},
		"crypto/tls": {"Dial", "DialWithDialer"},
		"net/smtp":   {"Dial", "SendMail", "NewClient"},
	}
	made := map[string][]string{"net/http": {"Client", "Transport"}, "net": {"Dialer"}, "crypto/tls": {"Dialer"}}
	var out []finding
	for _, f := range t.product("") {
		if withinAny(f.path, "internal/platform/outbound", "internal/platform/mail", "internal/platform/db", "e2e", "bench") {
			continue
		}
		report := func(pkg string, sel *ast.SelectorExpr) {
			out = append(out, finding{f.at(sel), pkg + "." + sel.Sel.Name + " reaches the network past the guard", "ask platform/outbound for a client: it checks the dialled address"})
		}
		for pkg, names := range calls {
			f.selects(pkg, func(sel *ast.SelectorExpr) {
				if slices.Contains(names, sel.Sel.Name) {
					report(pkg, sel)
				}
			})
		}
		imports := f.imports()
		ast.Inspect(f.ast, func(n ast.Node) bool {
			var of ast.Expr
			switch n := n.(type) {
			case *ast.CompositeLit:
				of = n.Type
			case *ast.ValueSpec:
				of = n.Type // var c http.Client
			case *ast.CallExpr:
				if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "new" && len(n.Args) == 1 {
					of = n.Args[0]
				}
			}
			if sel, ok := of.(*ast.SelectorExpr); ok {
				if id, ok := sel.X.(*ast.Ident); ok && slices.Contains(made[imports[id.Name]], sel.Sel.Name) {
					report(imports[id.Name], sel)
				}
			}
			return true
		})
	}
	return out
}

// packageVariablesNeverChange lets a variable of a package hold only what is made once: nothing in the program may
// assign to it, to a part of it, or take its address, and it may not be made to be changed.
func packageVariablesNeverChange(t *tree) []finding {
	var out []finding
	vars := map[string]map[string]bool{} // folder → names
	for _, f := range t.product("") {
		for _, d := range f.ast.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				for i, n := range v.Names {
					if vars[f.dir] == nil {
						vars[f.dir] = map[string]bool{}
					}
					vars[f.dir][n.Name] = true
					if what := madeToChange(f, v, i); what != "" {
						out = append(out, finding{f.at(v), fmt.Sprintf("the package variable %s is %s", n.Name, what), "make it a field of what internal/app builds"})
					}
				}
			}
		}
	}
	for _, f := range t.goFiles("") {
		if f.generated {
			continue
		}
		imports := f.imports()
		named := func(e ast.Expr, locals map[string]bool) string {
			switch x := e.(type) {
			case *ast.Ident:
				if vars[f.dir][x.Name] && !locals[x.Name] {
					return x.Name
				}
			case *ast.SelectorExpr:
				if id, ok := x.X.(*ast.Ident); ok && !locals[id.Name] {
					dir, ours := strings.CutPrefix(imports[id.Name], module+"/")
					if ours && vars[dir][x.Sel.Name] {
						return id.Name + "." + x.Sel.Name
					}
				}
			}
			return ""
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			locals := localNames(fn)
			changed := func(n ast.Node, e ast.Expr) {
				for {
					if name := named(e, locals); name != "" {
						out = append(out, finding{f.at(n), "the package variable " + name + " changes here", "make it a field of what internal/app builds"})
						return
					}
					switch x := e.(type) {
					case *ast.IndexExpr:
						e = x.X
					case *ast.SelectorExpr:
						e = x.X
					case *ast.StarExpr:
						e = x.X
					case *ast.ParenExpr:
						e = x.X
					default:
						return
					}
				}
			}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.AssignStmt:
					if n.Tok != token.DEFINE {
						for _, e := range n.Lhs {
							changed(n, e)
						}
					}
				case *ast.IncDecStmt:
					changed(n, n.X)
				case *ast.RangeStmt:
					if n.Tok == token.ASSIGN {
						changed(n, n.Key)
					}
				case *ast.CallExpr:
					if id, ok := n.Fun.(*ast.Ident); ok && slices.Contains([]string{"delete", "clear", "copy"}, id.Name) && len(n.Args) > 0 {
						changed(n, n.Args[0])
					}
				}
				return true
			})
		}
	}
	return out
}

// madeToChange tells that a declaration itself asks for change: a lock, a counter, a channel.
func madeToChange(f goFile, v *ast.ValueSpec, i int) string {
	var seen string
	look := func(e ast.Expr) {
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ChanType:
				seen = "a channel"
			case *ast.SelectorExpr:
				id, ok := n.X.(*ast.Ident)
				if !ok {
					break
				}
				switch pkg := f.imports()[id.Name]; {
				case pkg == "sync" && slices.Contains([]string{"Mutex", "RWMutex", "Map", "Once", "WaitGroup", "Cond"}, n.Sel.Name),
					pkg == "sync/atomic":
					seen = id.Name + "." + n.Sel.Name
				}
			}
			return true
		})
	}
	if v.Type != nil {
		look(v.Type)
	}
	if i < len(v.Values) {
		look(v.Values[i])
	}
	return seen
}

// localNames are all names that a function declares anywhere; they hide package variables.
func localNames(fn *ast.FuncDecl) map[string]bool {
	out := map[string]bool{}
	add := func(e ast.Expr) {
		if id, ok := e.(*ast.Ident); ok {
			out[id.Name] = true
		}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				for _, e := range n.Lhs {
					add(e)
				}
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				add(n.Key)
				if n.Value != nil {
					add(n.Value)
				}
			}
		case *ast.Field:
			for _, id := range n.Names {
				out[id.Name] = true
			}
		case *ast.ValueSpec:
			for _, id := range n.Names {
				out[id.Name] = true
			}
		}
		return true
	})
	return out
}
