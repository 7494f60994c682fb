package i18n

import (
	"context"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// List joins words as a sentence does: "a, b et c", "a, b and c".
func List(ctx context.Context, words ...string) string { return From(ctx).List(words...) }

// Quote puts a text between the quotation marks of the language: « texte », “text”.
func Quote(ctx context.Context, text string) string { return From(ctx).Quote(text) }

// SortBy sorts values by a text of theirs, in the order of the language; equal texts keep their order.
func SortBy[V any](ctx context.Context, values []V, text func(V) string) {
	c := From(ctx).Collator()
	slices.SortStableFunc(values, func(a, b V) int { return c.Compare(text(a), text(b)) })
}

// List joins words; see the function List.
func (l *Localizer) List(words ...string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + l.locale.and + " " + words[last]
}

// Quote puts a text between quotation marks; see the function Quote.
func (l *Localizer) Quote(text string) string {
	return l.locale.openQuote + text + l.locale.closeQuote
}

// Collator compares texts in the order of a language: Abel cote coté côte etienne Étienne zèbre. It may be shared.
type Collator struct {
	mu sync.Mutex // a collate.Collator keeps buffers and serves one caller at a time
	c  *collate.Collator
}

// Collator gives a new Collator for the language.
func (l *Localizer) Collator() *Collator {
	return &Collator{c: collate.New(language.MustParse(l.Lang()))}
}

// Compare tells whether a stands before (-1), with (0) or after (+1) b.
func (c *Collator) Compare(a, b string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.c.CompareString(a, b)
}

// Sort sorts texts in place.
func (c *Collator) Sort(texts []string) { slices.SortStableFunc(texts, c.Compare) }
