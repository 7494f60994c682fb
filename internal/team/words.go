package team

import (
	"strings"
	"unicode"

	"unisson/internal/platform/db"
)

const (
	maxSearchWords = 6  // of what is typed; the rest is left out
	maxWord        = 60 // longer ones are cut
)

// SplitWords gives the folded words of a text: letters and figures, cut at
// everything else, so that "Le Goff" and "l’Isère" are found by "goff" and "isere".
func SplitWords(s string) []string {
	words := strings.FieldsFunc(db.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		if len(w) > maxWord {
			words[i] = strings.ToValidUTF8(w[:maxWord], "")
		}
	}
	return words
}

// SearchWords gives the words that a search asks for; each must begin a word of
// what is found.
func SearchWords(s string) []string {
	words := SplitWords(s)
	if len(words) > maxSearchWords {
		words = words[:maxSearchWords]
	}
	return words
}
