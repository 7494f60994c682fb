package app

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/secret"
	"unisson/internal/team"
)

// TestWhatTheHouseNamesByCodesHasWordsMessages walks the registries: a
// capability that adds a kind of work, an event or a record that is audited and
// forgets its words fails here.
func TestWhatTheHouseNamesByCodesHasWordsMessages(t *testing.T) {
	bundle := i18n.MustLoad(Locales()...)
	for key, from := range codes(t) {
		for _, lang := range i18n.Languages() {
			if !bundle.Has(key) || strings.TrimSpace(bundle.For(lang, nil).T(key)) == "" {
				t.Errorf("%s has no words in %s (%s)\n\t\tmend: write the key into the locales of the package", key, lang, from)
			}
		}
	}
}

// codes are the keys that must be written, with where each comes from.
func codes(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	cfg := &config.Config{Store: config.Store{DataDir: t.TempDir()}, Addr: "127.0.0.1:0", PublicURL: "http://unisson.test", InsecureHTTP: true}
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	d := dbtest.Open(t, db.SQLite, clock.System{})
	a, err := New(context.Background(), Options{Config: cfg, DB: d, Keys: secret.Generate(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range a.jobReg.Kinds() {
		out["jobs.kind."+k] = "a kind of work"
	}
	for _, e := range catalog().Events() {
		out["webhooks.event."+e] = "an event told to other programs"
	}
	for _, f := range team.ProfileFields() {
		out["audit.field."+f] = "a field of a profile"
	}
	for key, where := range audited(t, "..") {
		out[key] = where
	}
	for _, must := range []string{"jobs.kind.mail.send", "webhooks.event.team.team.formed", "audit.field.mandate", "audit.field.ends_on", "audit.field.url", "audit.kind.absence", "audit.kind.department", "auth.log.signed_in"} {
		if out[must] == "" {
			t.Errorf("the walk does not see %s any more", must)
		}
	}
	return out
}

// audited finds the kinds and the fields that are written into the journal of
// changes: what stands in an audit.Change, in the functions named noted, note
// and audited, and in maps of any in files that write the journal.
func audited(t *testing.T, root string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") || strings.Contains(path, "testdata") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		writes := slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return strings.HasSuffix(i.Path.Value, `platform/audit"`) })
		where := func(n ast.Node) string { return set.Position(n.Pos()).String() }
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if id, ok := n.Key.(*ast.Ident); ok && id.Name == "Params" {
					return false // of a message, not of a record
				}
			case *ast.ValueSpec:
				if name, ok := strings.CutPrefix(n.Names[0].Name, "Log"); ok && name != "" && filepath.Base(path) == "securitylog.go" && len(n.Values) == 1 && text(n.Values[0]) != "" {
					out["auth.log."+text(n.Values[0])] = where(n)
				}
			case *ast.FuncDecl:
				writes = writes || n.Name.Name == "noted"
			case *ast.TypeSpec:
				if s, ok := n.Type.(*ast.StructType); ok && n.Name.Name == "audited" {
					for _, f := range s.Fields.List {
						if tag, err := strconv.Unquote(f.Tag.Value); err == nil {
							out["audit.field."+strings.TrimSuffix(strings.TrimPrefix(tag, `json:"`), `"`)] = where(f)
						}
					}
				}
			case *ast.CompositeLit:
				literalKinds(n, where, out, writes)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func literalKinds(n *ast.CompositeLit, where func(ast.Node) string, out map[string]string, writes bool) {
	switch typ := n.Type.(type) {
	case *ast.SelectorExpr:
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok && typ.Sel.Name == "Change" && writes {
				if id, ok := kv.Key.(*ast.Ident); ok && id.Name == "Kind" && text(kv.Value) != "" {
					out["audit.kind."+text(kv.Value)] = where(kv)
				}
				if id, ok := kv.Key.(*ast.Ident); ok && id.Name == "Action" && text(kv.Value) != "" {
					out["audit.action."+text(kv.Value)] = where(kv)
				}
			}
		}
	case *ast.Ident: // change{"unit", …} of team
		if typ.Name == "change" && writes && len(n.Elts) > 0 && text(n.Elts[0]) != "" {
			out["audit.kind."+text(n.Elts[0])] = where(n)
			out["audit.action.team."+text(n.Elts[0])+".changed"] = where(n)
		}
	case *ast.MapType:
		if v, ok := typ.Value.(*ast.Ident); ok && v.Name == "any" && writes {
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok && text(kv.Key) != "" {
					out["audit.field."+text(kv.Key)] = where(kv)
				}
			}
		}
	}
}

// text is what a string literal says; anything else says nothing.
func text(e ast.Expr) string {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		s, _ := strconv.Unquote(lit.Value)
		return s
	}
	return ""
}
