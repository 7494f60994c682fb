package team

import (
	"slices"
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// LabelKind says what a label tells of somebody.
type LabelKind string

// The kinds of label. Products and segments are words of our own until the
// catalogue adopts them.
const (
	Language LabelKind = "language"
	Skill    LabelKind = "skill"
	Covers   LabelKind = "product"
	Segment  LabelKind = "segment"
)

// LabelKinds lists them in the order a page shows them.
func LabelKinds() []LabelKind { return []LabelKind{Covers, Segment, Skill, Language} }

// Label is one word by which people are described and found.
type Label struct {
	ID   string
	Kind LabelKind
	Name string // a language tag for languages
}

const (
	maxLabels    = 30
	maxLabelName = 80
)

// Languages lists the tags of the languages that people can say they speak.
func Languages() []string {
	return []string{"fr", "en", "ar", "br", "de", "es", "it", "lb", "nl", "pl", "pt", "ro", "ru", "zh"}
}

// SplitLabels reads a list as people type it: separated by commas, semicolons
// or lines, without doubles, in the order typed.
func SplitLabels(s string) []string {
	var out []string
	var keys []string
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		word = strings.Join(strings.Fields(word), " ")
		key := db.Fold(word)
		if key == "" || slices.Contains(keys, key) {
			continue
		}
		out, keys = append(out, word), append(keys, key)
	}
	return out
}

// JoinLabels writes a list as SplitLabels reads it, in the order of the words,
// so that the same labels are the same text.
func JoinLabels(words []string) string {
	sorted := slices.Clone(words)
	slices.SortStableFunc(sorted, func(a, b string) int { return strings.Compare(db.SortKey(a), db.SortKey(b)) })
	return strings.Join(sorted, ", ")
}

// labels checks the words of one kind.
func labels(wrong *errs.Fields, field string, kind LabelKind, words []string) {
	if len(words) > maxLabels {
		wrong.Add(field, "team.errors.too_many_labels", "max", maxLabels)
	}
	for _, w := range words {
		if kind == Language && !slices.Contains(Languages(), w) {
			wrong.Add(field, "team.errors.choose")
			return
		}
		if len([]rune(w)) > maxLabelName {
			wrong.Add(field, "team.errors.label_too_long", "label", w, "max", maxLabelName)
			return
		}
	}
}

// sameWord tells whether two words are one label.
func sameWord(a, b string) bool { return db.Fold(a) == db.Fold(b) }

// hasWord tells whether words hold a label.
func hasWord(words []string, word string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return sameWord(w, word) })
}
