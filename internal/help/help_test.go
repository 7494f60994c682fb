package help_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"unisson/docs/guide"
	"unisson/internal/help"
)

func TestEveryGuidePageReadsInBothLanguages(t *testing.T) {
	b, err := help.ReadBook(guide.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "fr", "fr-CA"} {
		pages := b.Pages(lang)
		if len(pages) < 20 {
			t.Errorf("%s: %d pages", lang, len(pages))
		}
		for _, p := range pages {
			if p.Title == "" || p.Summary == "" || p.HTML == "" {
				t.Errorf("%s/%s lacks a title, a sentence or a text", lang, p.Name)
			}
			for _, bad := range []string{"<script", "style=", "<!-- raw HTML omitted -->"} {
				if strings.Contains(p.HTML, bad) {
					t.Errorf("%s/%s holds %s", lang, p.Name, bad)
				}
			}
		}
	}
	for _, entry := range []string{"customers", "funnel", "actions", "insight"} {
		if _, ok := b.Page("fr", entry); !ok {
			t.Errorf("the entry %s has no page that says what it will hold", entry)
		}
	}
}

func TestAGuideWithAFaultIsRefused(t *testing.T) {
	ok := "# T\n\nS.\n\nText.\n"
	for name, files := range map[string]map[string]string{
		"one language": {"en/a.md": ok},
		"French only":  {"en/a.md": ok, "fr/a.md": ok, "fr/b.md": ok},
		"no title":     {"en/a.md": "Text.\n", "fr/a.md": ok},
		"no sentence":  {"en/a.md": "# T\n\n## H\n", "fr/a.md": ok},
	} {
		m := fstest.MapFS{}
		for p, text := range files {
			m[p] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := help.ReadBook(m); err == nil {
			t.Errorf("%s: the book was read", name)
		}
	}
}
