package app_test

import (
	"fmt"
	"go/ast"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// The rules read the generated *_templ.go, where static HTML stands as string literals: what they see is what the
// browser gets. TestGeneratedCodeIsCurrent keeps these files equal to their .templ.

// hole stands for what the program writes between two literals.
const hole = "\x01"

// element is one start tag as written; a hole among the attributes means that the program adds some.
type element struct {
	name   string
	attrs  map[string]string
	spread bool // attributes come from the program too
	body   string
}

// markup is the static HTML of one component: elements with their direct text.
type markup struct {
	file     string // the .templ
	elements []element
}

func mailTemplate(p string) bool {
	return within(p, "internal/platform/mail") || regexp.MustCompile(`(^|/)(mail\w*|\w+_mail)\.templ$`).MatchString(p)
}

// components reads all generated files. Each function literal is one piece: the children of a component are another.
func components(t *tree) []markup {
	var out []markup
	for _, f := range t.goFiles("") {
		if !f.generated {
			continue
		}
		source := strings.TrimSuffix(f.path, "_templ.go") + ".templ"
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if fn, ok := n.(*ast.FuncLit); ok {
				out = append(out, markup{source, parseHTML(staticHTML(fn))})
			}
			return true
		})
	}
	return out
}

// staticHTML joins the literals that one function writes, with a hole for everything else it writes.
func staticHTML(fn *ast.FuncLit) string {
	var b strings.Builder
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if !ok || len(n.Args) == 0 {
				return true
			}
			switch sel.Sel.Name {
			case "WriteString":
				if lit, ok := n.Args[len(n.Args)-1].(*ast.BasicLit); ok {
					s, _ := strconv.Unquote(lit.Value)
					b.WriteString(s)
				} else {
					b.WriteString(hole)
				}
			case "Render", "RenderAttributes", "RenderScriptItems", "RenderCSSItems":
				b.WriteString(hole)
			}
		}
		return true
	})
	return b.String()
}

var (
	tagStart = regexp.MustCompile(`^<([a-zA-Z][\w:-]*)`)
	attrName = regexp.MustCompile(`^[^\s=>"'/\x01]+`)
)

// parseHTML is a reader of well-formed static HTML, which templ writes; text is kept with the element before it.
func parseHTML(s string) []element {
	out := []element{{name: "", attrs: map[string]string{}}}
	stack := []int{0}
	text := func(part string) { out[stack[len(stack)-1]].body += part }
	for s != "" {
		switch {
		case strings.HasPrefix(s, "<!--"):
			_, s, _ = strings.Cut(s, "-->")
		case strings.HasPrefix(s, "<!"):
			_, s, _ = strings.Cut(s, ">")
		case strings.HasPrefix(s, "</"):
			name, rest, _ := strings.Cut(s[2:], ">")
			for i := len(stack) - 1; i > 0; i-- {
				if out[stack[i]].name == strings.ToLower(strings.TrimSpace(name)) {
					stack = stack[:i]
					break
				}
			}
			s = rest
		case tagStart.MatchString(s):
			e := element{name: strings.ToLower(tagStart.FindStringSubmatch(s)[1]), attrs: map[string]string{}}
			s = s[1+len(e.name):]
			var closed bool
			s, closed = e.readAttributes(s)
			out = append(out, e)
			void := slices.Contains([]string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}, e.name)
			if !closed && !void {
				stack = append(stack, len(out)-1)
			}
			if e.name == "script" || e.name == "style" {
				inner, rest, _ := strings.Cut(s, "</"+e.name)
				out[len(out)-1].body = inner
				_, s, _ = strings.Cut(rest, ">")
				stack = stack[:len(stack)-1]
			}
		default:
			i := strings.IndexByte(s[1:], '<') + 1
			if i == 0 {
				i = len(s)
			}
			text(s[:i])
			s = s[i:]
		}
	}
	return out
}

func (e *element) readAttributes(s string) (rest string, closed bool) {
	for s != "" {
		switch {
		case strings.HasPrefix(s, "/>"):
			return s[2:], true
		case s[0] == '>':
			return s[1:], false
		case strings.HasPrefix(s, hole):
			e.spread = true
			s = s[1:]
		case attrName.MatchString(s):
			name := attrName.FindString(s)
			s = s[len(name):]
			value := ""
			if strings.HasPrefix(s, `="`) {
				value, s, _ = strings.Cut(s[2:], `"`)
			} else if strings.HasPrefix(s, `='`) {
				value, s, _ = strings.Cut(s[2:], `'`)
			} else if strings.HasPrefix(s, "=") {
				value = attrName.FindString(s[1:])
				s = s[1+len(value):]
			}
			e.attrs[strings.ToLower(name)] += html.UnescapeString(value)
		default:
			s = s[1:]
		}
	}
	return "", false
}

// lineOf finds in the .templ the line that holds a piece of what was found.
func lineOf(t *tree, file, piece string) string {
	words := strings.FieldsFunc(piece, func(r rune) bool { return r == '\n' || r == '\x01' })
	for _, w := range words {
		w = strings.TrimSpace(w)
		if w == "" {
			continue
		}
		for i, line := range strings.Split(string(t.files[file]), "\n") {
			if strings.Contains(line, w) || strings.Contains(html.UnescapeString(line), w) {
				return fmt.Sprintf("%s:%d", file, i+1)
			}
		}
	}
	return file
}

// spoken are the attributes that a person sees or hears.
var spoken = []string{"title", "alt", "placeholder", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "label", "content", "summary"}

// notWords stand in templates as they are: names of keys, of the product, and of its formats.
var notWords = regexp.MustCompile(`\b(Unisson|Ctrl|Esc|Tab|Enter|Shift|Alt|CSV|XLSX|PDF|JSON|ICS|OpenAPI|htmx|API|URL|ID)\b`)

func speaks(s string) bool {
	s = notWords.ReplaceAllString(html.UnescapeString(s), "")
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters > 1 // one letter alone is a key or a mark
}

func noTextInTemplates(t *tree) []finding {
	const mend = `write { i18n.T(ctx, "key") } and put the sentence in locales/en.json and fr.json`
	var out []finding
	for _, m := range components(t) {
		for _, e := range m.elements {
			if e.name != "style" && e.name != "script" && e.name != "kbd" && e.name != "code" && speaks(e.body) {
				out = append(out, finding{lineOf(t, m.file, e.body), fmt.Sprintf("text in a template: %.60q", strings.TrimSpace(strings.ReplaceAll(e.body, hole, " "))), mend})
			}
			for _, a := range spoken {
				if a == "content" && e.name != "meta" || e.name == "meta" && !strings.Contains(e.attrs["name"], "description") {
					continue
				}
				if speaks(e.attrs[a]) {
					out = append(out, finding{lineOf(t, m.file, e.attrs[a]), fmt.Sprintf("text in the attribute %s: %.60q", a, e.attrs[a]), mend})
				}
			}
		}
	}
	// { "text" } is a text too, and so is a sentence handed to a component.
	sentence := regexp.MustCompile(`^\p{Lu}[\p{Ll}’']+(\s.*)?$`)
	for _, f := range t.goFiles("") {
		if !f.generated {
			continue
		}
		source := strings.TrimSuffix(f.path, "_templ.go") + ".templ"
		names := map[ast.Expr]bool{} // file names in templ.Error, HTML in WriteString
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if id, ok := n.Key.(*ast.Ident); ok && id.Name == "FileName" {
					names[n.Value] = true
				}
			case *ast.CallExpr:
				sel, ok := n.Fun.(*ast.SelectorExpr)
				if !ok {
					break
				}
				for _, a := range n.Args {
					lit, isLit := a.(*ast.BasicLit)
					switch {
					case sel.Sel.Name == "WriteString":
						names[a] = true
					case isLit && sel.Sel.Name == "JoinStringErrs":
						if v, _ := strconv.Unquote(lit.Value); speaks(v) {
							names[a] = true
							out = append(out, finding{lineOf(t, source, v), fmt.Sprintf("text in an expression: %.60q", v), mend})
						}
					}
				}
			}
			return true
		})
		f.strings(func(lit *ast.BasicLit, v string) {
			// The gallery shows components with sample people and companies.
			if !names[lit] && !strings.Contains(f.name, "gallery") && sentence.MatchString(v) && speaks(v) {
				out = append(out, finding{lineOf(t, source, v), fmt.Sprintf("a text handed on: %.60q", v), mend})
			}
		})
	}
	return out
}

func templatesObeyTheContentPolicy(t *tree) []finding {
	var out []finding
	for _, m := range components(t) {
		mail := mailTemplate(m.file)
		for _, e := range m.elements {
			report := func(piece, what, mend string) {
				out = append(out, finding{lineOf(t, m.file, piece), what, mend})
			}
			if e.name == "script" && (e.attrs["src"] == "" || strings.TrimSpace(e.body) != "") {
				report("<script", "an inline script, which the content policy blocks", "put it in a file of internal/platform/ui and listen to events there")
			}
			if e.name == "style" && !mail {
				report("<style", "an inline style sheet, which the content policy blocks", "put it in a style sheet")
			}
			for name, value := range e.attrs {
				v := strings.ToLower(strings.TrimSpace(value))
				switch {
				case name == "style" && !mail:
					report("style=", "a style attribute, which the content policy blocks", "write a class; a measure is an SVG attribute or one of a few classes")
				case strings.HasPrefix(name, "hx-on"), strings.HasPrefix(name, "on") && len(name) > 2:
					report(name, "the attribute "+name+" is a script, which the content policy blocks", "listen to the event in a script file")
				case strings.HasPrefix(v, "js:"), strings.HasPrefix(v, "javascript:"):
					report(value, "the value of "+name+" is a script, which the content policy blocks", "send a plain value, or use a script file")
				case name == "hx-trigger" && strings.Contains(v, "["):
					report(value, "a filter in hx-trigger is dropped under the content policy", "filter on the server or in a script file")
				case name == "hx-vars", name == "hx-live":
					report(name, name+" evaluates a script", "use hx-vals with JSON")
				}
			}
		}
	}
	for _, f := range t.goFiles("") {
		if f.generated || f.test || mailTemplate(f.path) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			c, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			if sel, ok := c.Type.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Attributes" {
				return true
			}
			for _, el := range c.Elts {
				if kv, ok := el.(*ast.KeyValueExpr); ok {
					if lit, ok := kv.Key.(*ast.BasicLit); ok {
						if k, _ := strconv.Unquote(lit.Value); k == "style" || strings.HasPrefix(k, "on") || strings.HasPrefix(k, "hx-on") {
							out = append(out, finding{f.at(kv), "the attribute " + k + ", which the content policy blocks", "write a class or a script file"})
						}
					}
				}
			}
			return true
		})
	}
	return out
}

func htmxElementsCarryTheirOwnTarget(t *tree) []finding {
	var out []finding
	for _, m := range components(t) {
		for _, e := range m.elements {
			for _, verb := range []string{"hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"} {
				if _, ok := e.attrs[verb]; !ok || e.spread {
					continue
				}
				for _, own := range []string{"hx-target", "hx-swap"} {
					if _, ok := e.attrs[own]; !ok {
						out = append(out, finding{lineOf(t, m.file, verb), fmt.Sprintf("<%s %s> without %s of its own", e.name, verb, own), "htmx 4 inherits nothing: write it on the element, best through the wrapper of internal/platform/ui"})
					}
				}
			}
			if e.attrs["hx-delete"] != "" {
				out = append(out, finding{lineOf(t, m.file, "hx-delete"), "hx-delete sends no form in htmx 4 and does nothing without script", "a form with POST …/delete"})
			}
		}
	}
	return out
}
