package search

import (
	"strings"
	"unicode/utf8"

	"unisson/internal/platform/db"
)

const (
	maxText  = 200 // letters of a query that count
	maxAsked = 8   // words of a query that count
)

// asked is a query as the analyser reads it.
type asked struct {
	text  string // folded whole
	words []word
	forms [][]string // of each word
	only  bool       // nothing but stop words: titles only
	key   string     // the whole query as an exact key; "" when it cannot be one
}

func read(text string) asked {
	text = cut(clean(text), maxText)
	a := asked{text: db.Fold(text)}
	all := words(text)
	for _, w := range all {
		if !stopWord(w.fold) {
			a.words = append(a.words, w)
		}
	}
	if len(a.words) == 0 {
		a.words, a.only = all, true
	}
	if len(a.words) > maxAsked {
		a.words = a.words[:maxAsked]
	}
	for _, w := range a.words {
		a.forms = append(a.forms, w.forms())
	}
	if k := key(text); len(k) >= 4 && (strings.Contains(k, "@") || isPhone(k) || len(all) > 0 && strings.ContainsAny(k, "0123456789.")) {
		a.key = k
	}
	return a
}

func isPhone(k string) bool { _, ok := phone(k); return ok }

// matcher is an expression over terms: all groups must match, each by one of
// its alternatives.
type matcher [][]alternative

type alternative struct {
	term   string
	prefix bool
}

// stage is one way of matching; the first is the strictest.
type stage int

const (
	stageKey    stage = iota // an exact key, or the beginning of one
	stageTitle               // the words of the title, or the title itself
	stagePrefix              // the same, the last word unfinished
	stageAny                 // the words of title and body, the last one unfinished
	stageFuzzy               // words of the title, misspelt
	stages
)

// matcher writes the terms that a stage looks for; nil: it can find nothing.
func (a asked) matcher(s stage) matcher {
	switch s {
	case stageKey:
		if a.key == "" {
			return nil
		}
		return matcher{{{term(markKey, a.key), true}}}
	case stageTitle:
		return a.wordGroups(markTitle, false)
	case stagePrefix:
		return a.wordGroups(markTitle, true)
	case stageAny:
		if a.only {
			return nil
		}
		return a.wordGroups(markAny, true)
	}
	return a.fuzzyGroups()
}

func (a asked) wordGroups(mark string, prefix bool) matcher {
	var m matcher
	for i, forms := range a.forms {
		var group []alternative
		for _, f := range forms {
			group = append(group, alternative{term(mark, f), false})
		}
		// One letter begins too many words to be of use.
		if w := a.words[i]; prefix && i == len(a.words)-1 && utf8.RuneCountInString(w.fold) >= 2 {
			group = append(group, alternative{term(mark, w.fold), true})
		}
		m = append(m, group)
	}
	return m
}

func (a asked) fuzzyGroups() matcher {
	m := a.wordGroups(markTitle, false)
	some := false
	for i, w := range a.words {
		for _, f := range misspelt(w.fold) {
			m[i] = append(m[i], alternative{term(markFuzzy, f), false})
			some = true
		}
	}
	if !some {
		return nil
	}
	return m
}

// sqlite writes the expression for FTS5. Terms are ASCII letters and digits;
// the quotes keep them from being read as anything else.
func (m matcher) sqlite() string {
	return m.write(" AND ", " OR ", func(b *strings.Builder, a alternative) {
		b.WriteString(`"` + a.term + `"`)
		if a.prefix {
			b.WriteByte('*')
		}
	})
}

// postgres writes the expression for a tsquery.
func (m matcher) postgres() string {
	return m.write(" & ", " | ", func(b *strings.Builder, a alternative) {
		b.WriteString(`'` + a.term + `'`)
		if a.prefix {
			b.WriteString(":*")
		}
	})
}

func (m matcher) write(and, or string, one func(*strings.Builder, alternative)) string {
	var b strings.Builder
	for i, group := range m {
		if i > 0 {
			b.WriteString(and)
		}
		b.WriteByte('(')
		for j, alt := range group {
			if j > 0 {
				b.WriteString(or)
			}
			one(&b, alt)
		}
		b.WriteByte(')')
	}
	return b.String()
}
