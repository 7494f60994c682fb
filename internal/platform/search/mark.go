package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Segment is a piece of text; Mark tells that it is why the thing was found.
type Segment struct {
	Text string
	Mark bool
}

// Plain joins segments.
func Plain(segments []Segment) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteString(s.Text)
	}
	return b.String()
}

// mark cuts a text into what answers the query and what does not.
func (a asked) mark(text string, s stage) []Segment {
	if text == "" {
		return nil
	}
	var list []Segment
	at := 0
	for _, w := range words(text) {
		if !a.answers(w, s) {
			continue
		}
		if w.start > at {
			list = append(list, Segment{text[at:w.start], false})
		}
		list = append(list, Segment{text[w.start:w.end], true})
		at = w.end
	}
	if at < len(text) {
		list = append(list, Segment{text[at:], false})
	}
	return list
}

// answers tells whether a word of a text is one that was asked for, in a way
// that the stage accepts.
func (a asked) answers(w word, s stage) bool {
	for i, q := range a.words {
		if w.fold == q.fold || i == len(a.words)-1 && utf8.RuneCountInString(q.fold) >= 2 && strings.HasPrefix(w.fold, q.fold) {
			return true
		}
	}
	forms := w.forms()
	for i, q := range a.words {
		if slices.ContainsFunc(forms, func(f string) bool { return slices.Contains(a.forms[i], f) }) {
			return true
		}
		if s == stageFuzzy && fuzzy(q.fold) && fuzzy(w.fold) && oneApart([]rune(w.fold), []rune(q.fold)) {
			return true
		}
	}
	return false
}

const (
	snippetBefore = 60  // bytes, about
	snippetAfter  = 140 // bytes, about
)

// snippet cuts a body around the first word that answers the query; nil when
// none does.
func (a asked) snippet(body string, s stage) []Segment {
	all := words(body)
	first := slices.IndexFunc(all, func(w word) bool { return a.answers(w, s) })
	if first < 0 {
		return nil
	}
	from, to := first, first
	for from > 0 && all[first].start-all[from-1].start <= snippetBefore {
		from--
	}
	for to+1 < len(all) && all[to+1].end-all[first].start <= snippetAfter {
		to++
	}
	start, end := all[from].start, all[to].end
	if from == 0 {
		start = 0
	}
	if to == len(all)-1 {
		end = len(body)
	}
	segments := a.mark(strings.Join(strings.Fields(body[start:end]), " "), s)
	if start > 0 {
		segments = append([]Segment{{"… ", false}}, segments...)
	}
	if end < len(body) {
		segments = append(segments, Segment{" …", false})
	}
	return segments
}
