package search

import (
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"

	"unisson/internal/platform/db"
)

// Version names the analyser. Any change of what it writes changes it; Refresh
// then writes all terms anew.
const Version = "1"

const (
	maxWord  = 40 // letters of a word that count
	minFuzzy = 4  // letters of a word that may be misspelt
	maxFuzzy = 20
)

// word is one word of a text, with the place where it stands.
type word struct {
	start, end int    // bytes of the text
	lower      string // lower case, with accents
	fold       string // lower case, without
}

// words cuts a text into words: runs of letters and digits. What French elides
// before a word (l', d', qu') and English appends to one ('s, 'll) is no word.
func words(text string) []word {
	var list []word
	start := -1
	flush := func(end int) {
		if start < 0 {
			return
		}
		w := word{start: start, end: end, lower: strings.ToLower(text[start:end])}
		start = -1
		if elided(w.lower, text, w.start, w.end) {
			return
		}
		if w.fold = plain(w.lower); w.fold != "" {
			list = append(list, w)
		}
	}
	for i, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || start >= 0 && unicode.Is(unicode.M, r) {
			if start < 0 {
				start = i
			}
			continue
		}
		flush(i)
	}
	flush(len(text))
	return list
}

// plain folds a word and keeps its first letters and digits.
func plain(lower string) string {
	n := 0
	return strings.Map(func(r rune) rune {
		if n >= maxWord || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		n++
		return r
	}, db.Fold(lower))
}

func elided(lower, text string, start, end int) bool {
	switch lower {
	case "l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu":
		if startsWithApostrophe(text[end:]) {
			return true
		}
	}
	switch lower {
	case "s", "t", "d", "m", "ll", "re", "ve":
		before, size := utf8.DecodeLastRuneInString(text[:start])
		return size > 0 && isApostrophe(before)
	}
	return false
}

func startsWithApostrophe(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return size > 0 && isApostrophe(r)
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

// forms are what a word is compared by: itself and its stems in both languages,
// of the word as written and of the word without accents, since half of those
// who search type none. Stems are cut before they are folded: French endings
// have accents.
func (w word) forms() []string {
	list := []string{w.fold}
	if strings.ContainsFunc(w.fold, func(r rune) bool { return r < 'a' || r > 'z' }) || utf8.RuneCountInString(w.lower) > maxWord {
		return list
	}
	stems := []string{french.Stem(w.lower, true), french.Stem(w.fold, true), english.Stem(w.lower, true)}
	if bare, plural := strings.CutSuffix(w.fold, "s"); strings.HasSuffix(bare, "ee") {
		accented := strings.TrimSuffix(bare, "ee") + "ée"
		if plural {
			accented += "s"
		}
		stems = append(stems, french.Stem(accented, true))
	}
	for _, stem := range stems {
		stem = plain(stem)
		known := stem == ""
		for _, f := range list {
			known = known || f == stem
		}
		if !known {
			list = append(list, stem)
		}
	}
	return list
}

// Marks of terms.
const (
	markTitle = "t" // a word of the title
	markAny   = "b" // a word of the title or the body
	markKey   = "k" // an exact key
	markFuzzy = "d" // a word of the title, whole or without one of its letters
)

// term writes a word behind its mark. Letters beyond a to z are written as
// numbers, byte by byte, so that the beginning of a word stays the beginning of
// its term.
func term(mark, fold string) string {
	for i := range len(fold) {
		if c := fold[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return mark + "zz" + hex.EncodeToString([]byte(fold))
		}
	}
	return mark + fold
}

// fuzzy tells whether a word may be misspelt: short words and those with a
// digit may not.
func fuzzy(fold string) bool {
	n := utf8.RuneCountInString(fold)
	return n >= minFuzzy && n <= maxFuzzy && !strings.ContainsFunc(fold, unicode.IsDigit)
}

// misspelt gives a word and the word without each one of its letters. Two words
// that differ by one letter, missing, added, changed or swapped with its
// neighbour, have one of these in common. It gives none for words that are not
// fuzzy.
func misspelt(fold string) []string {
	if !fuzzy(fold) {
		return nil
	}
	letters := []rune(fold)
	list := []string{fold}
	for i := range letters {
		if i > 0 && letters[i] == letters[i-1] {
			continue // the same as without the letter before
		}
		list = append(list, string(letters[:i])+string(letters[i+1:]))
	}
	return list
}

// termSet gathers terms, each once.
type termSet struct {
	b    strings.Builder
	seen map[string]bool
}

func (s *termSet) add(t string) {
	if s.seen[t] {
		return
	}
	s.seen[t] = true
	if s.b.Len() > 0 {
		s.b.WriteByte(' ')
	}
	s.b.WriteString(t)
}

// terms writes the terms of a document.
func terms(title, body string, keys []string) string {
	set := termSet{seen: map[string]bool{}}
	for _, w := range words(title) {
		for _, f := range w.forms() {
			set.add(term(markTitle, f))
			set.add(term(markAny, f))
		}
		for _, f := range misspelt(w.fold) {
			set.add(term(markFuzzy, f))
		}
	}
	for _, w := range words(body) {
		if stopWord(w.fold) {
			continue
		}
		for _, f := range w.forms() {
			set.add(term(markAny, f))
		}
	}
	for _, k := range keys {
		set.add(term(markKey, k))
	}
	return set.b.String()
}

// key writes an exact key as it is compared: a phone number as its digits,
// anything else without accents, capitals and spaces. "" is no key.
func key(s string) string {
	s = strings.ReplaceAll(db.Fold(clean(s)), " ", "")
	if digits, ok := phone(s); ok {
		return digits
	}
	if utf8.RuneCountInString(s) > 100 {
		return ""
	}
	return s
}

// phone tells whether a folded text can be a phone number, or the beginning of
// one, and gives its digits.
func phone(s string) (string, bool) {
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case strings.ContainsRune("+-./()", r):
			return -1
		}
		return 'x'
	}, s)
	return digits, len(digits) >= 4 && len(digits) <= 20 && !strings.Contains(digits, "x")
}

// clean drops what a database cannot keep.
func clean(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "") }

// cut shortens a text to n letters.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}
