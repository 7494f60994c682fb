package help

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Page is one page of the guide in one language, ready to show.
type Page struct {
	Name    string // as in the address
	Title   string
	Summary string // the paragraph under the title
	HTML    string // what follows, rendered from our own Markdown
	Heads   []Head // its second-level headings
}

// Head is a heading that the page's own table of contents links to.
type Head struct{ ID, Text string }

// Book is the whole guide.
type Book struct {
	pages map[string]map[string]Page // language, name
	names []string
}

// ReadBook renders every page of files (en/NAME.md, fr/NAME.md). A page that
// exists in one language only is an error.
func ReadBook(files fs.FS) (*Book, error) {
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	b := &Book{pages: map[string]map[string]Page{}}
	for _, lang := range []string{"en", "fr"} {
		b.pages[lang] = map[string]Page{}
		names, err := fs.Glob(files, lang+"/*.md")
		if err != nil {
			return nil, fmt.Errorf("guide: %w", err)
		}
		for _, name := range names {
			src, err := fs.ReadFile(files, name)
			if err != nil {
				return nil, fmt.Errorf("guide: %w", err)
			}
			p, err := render(md, strings.TrimSuffix(path.Base(name), ".md"), src)
			if err != nil {
				return nil, fmt.Errorf("guide: %s: %w", name, err)
			}
			b.pages[lang][p.Name] = p
		}
	}
	for name := range b.pages["en"] {
		if _, ok := b.pages["fr"][name]; !ok {
			return nil, fmt.Errorf("guide: %s.md exists in English only", name)
		}
		b.names = append(b.names, name)
	}
	if len(b.pages["fr"]) != len(b.names) {
		return nil, fmt.Errorf("guide: a page exists in French only")
	}
	sort.Strings(b.names)
	return b, nil
}

func render(md goldmark.Markdown, name string, src []byte) (Page, error) {
	p := Page{Name: name}
	doc := md.Parser().Parse(text.NewReader(src))
	title, ok := doc.FirstChild().(*ast.Heading)
	if !ok || title.Level != 1 {
		return p, fmt.Errorf("the first line must be the title, \"# …\"")
	}
	p.Title = plain(title, src)
	sum, ok := title.NextSibling().(*ast.Paragraph)
	if !ok {
		return p, fmt.Errorf("a sentence must stand under the title")
	}
	p.Summary = plain(sum, src)
	doc.RemoveChild(doc, title)
	doc.RemoveChild(doc, sum)
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level == 2 {
			id, _ := h.AttributeString("id")
			b, _ := id.([]byte)
			p.Heads = append(p.Heads, Head{ID: string(b), Text: plain(h, src)})
		}
	}
	var out bytes.Buffer
	if err := md.Renderer().Render(&out, src, doc); err != nil {
		return p, err
	}
	p.HTML = out.String()
	return p, nil
}

// plain gives the words of a node without its marks.
func plain(n ast.Node, src []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) { // the walker never fails
		if t, ok := c.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(src))
			if t.SoftLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// Page finds a page by its name, in French for every French.
func (b *Book) Page(lang, name string) (Page, bool) {
	p, ok := b.pages[base(lang)][name]
	return p, ok
}

// Pages lists every page in one language, by name.
func (b *Book) Pages(lang string) []Page {
	out := make([]Page, 0, len(b.names))
	for _, n := range b.names {
		out = append(out, b.pages[base(lang)][n])
	}
	return out
}

func base(lang string) string {
	if strings.HasPrefix(lang, "fr") {
		return "fr"
	}
	return "en"
}
