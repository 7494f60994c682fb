package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func folds(text string) string {
	var list []string
	for _, w := range words(text) {
		list = append(list, w.fold)
	}
	return strings.Join(list, " ")
}

func TestTextIsCutIntoWords(t *testing.T) {
	for text, want := range map[string]string{
		"L’équipe d'Aïcha n'a qu'un seul but": "equipe aicha a un seul but",
		"Durand's team isn’t there, we'll go": "durand team isn there we go",
		"O'Brien & d'Artagnan":                "o brien artagnan",
		"R&D":                                 "r d",
		"Œuvre, ÆON, Straße, Łódź":            "oeuvre aeon strasse lodz",
		"AB-1234/c":                           "ab 1234 c",
		"zoe.durand@exemple.fr":               "zoe durand exemple fr",
		"e\u0301te\u0301":                     "ete",
		"Москва 東京":                           "москва 東京",
		"":                                    "",
		" ,;!— ":                              "",
		"x" + strings.Repeat("y", 60):         "x" + strings.Repeat("y", 39),
		"ﬁnance ½ Ⅳ":                          "finance",
	} {
		if got := folds(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestWordsKnowTheirPlace(t *testing.T) {
	text := "À l’École, «\u00a0Été\u00a0»!"
	var got []string
	for _, w := range words(text) {
		got = append(got, text[w.start:w.end])
	}
	if !slices.Equal(got, []string{"À", "École", "Été"}) {
		t.Errorf("%q", got)
	}
}

func TestEndingsOfBothLanguagesMeet(t *testing.T) {
	common := func(a, b string) bool {
		fa, fb := words(a)[0].forms(), words(b)[0].forms()
		return slices.ContainsFunc(fa, func(f string) bool { return slices.Contains(fb, f) })
	}
	for _, group := range [][]string{
		{"fidélisation", "fidélisées", "fidéliser", "FIDELISATION", "fidelisees"},
		{"réunion", "réunions", "reunion"},
		{"opportunité", "opportunités", "OPPORTUNITES"},
		{"meeting", "meetings", "meet"},
		{"commercial", "commerciale", "commerciales", "commerciaux"},
		{"customer", "customers"},
		{"création", "créations", "creation"},
	} {
		for _, other := range group[1:] {
			if !common(group[0], other) {
				t.Errorf("%s and %s: %v, %v", group[0], other, words(group[0])[0].forms(), words(other)[0].forms())
			}
		}
	}
	for _, pair := range [][2]string{{"vente", "achat"}, {"contact", "contrat"}, {"2026", "2027"}} {
		if common(pair[0], pair[1]) {
			t.Errorf("%s and %s are the same", pair[0], pair[1])
		}
	}
	if f := words("fidélisées")[0].forms(); !slices.Contains(f, "fidelis") {
		t.Errorf("stems are cut before they are folded: %v", f)
	}
}

func TestTermsAreLettersAndDigitsOnly(t *testing.T) {
	got := terms("Émile & Москва", "東京, l’été des ' OR 1=1 -- NEAR(a b)* :* | ! <->", []string{key("Zoé@Exemple.FR"), key("+33 6 12 34")})
	for _, term := range strings.Fields(got) {
		if strings.ContainsFunc(term, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
			t.Errorf("term %q", term)
		}
	}
	for _, want := range []string{"temile", "bemile", "demile", "dmile", "demil", "tzzd0bcd0bed181d0bad0b2d0b0", "bzze69db1e4baac", "bete", "bnear", "k3361234"} {
		if !slices.Contains(strings.Fields(got), want) {
			t.Errorf("%s is missing from %s", want, got)
		}
	}
	for _, not := range []string{"bdes", "bor", "dete", "tete"} {
		if slices.Contains(strings.Fields(got), not) {
			t.Errorf("%s is in %s", not, got)
		}
	}
}

func TestKeysAreComparedWithoutTheirDress(t *testing.T) {
	for s, want := range map[string]string{
		"06 12-34.56(78)": "0612345678", "+33 6 12 34 56 78": "33612345678", " Zoé.Durand@Exemple.FR ": "zoe.durand@exemple.fr",
		"FR 12 345 678 901": "fr12345678901", "AB-12": "ab-12", "12": "12", "": "", strings.Repeat("a", 101): "",
	} {
		if got := key(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

// Two words one letter apart must propose each other; the words are random,
// from few letters, so that doubled ones occur.
func TestOneWrongLetterIsProposedAndAccepted(t *testing.T) {
	word := "annulerait"
	var wrong []string
	for i := range word {
		wrong = append(wrong, word[:i]+word[i+1:])
		for _, l := range "abelnrtz" {
			wrong = append(wrong, word[:i]+string(l)+word[i:], word[:i]+string(l)+word[i+1:])
		}
		if i > 0 {
			wrong = append(wrong, word[:i-1]+string(word[i])+string(word[i-1])+word[i+1:])
		}
	}
	for _, w := range wrong {
		if w == word {
			continue
		}
		if !oneApart([]rune(w), []rune(word)) || !oneApart([]rune(word), []rune(w)) {
			t.Errorf("%s is refused", w)
		}
		if !slices.ContainsFunc(misspelt(w), func(f string) bool { return slices.Contains(misspelt(word), f) }) {
			t.Errorf("%s is not proposed", w)
		}
	}
	for _, far := range []string{word, "anulerat", "annulera", "xnnuleraix", "", "nanuleriat"} {
		if oneApart([]rune(far), []rune(word)) {
			t.Errorf("%q is accepted", far)
		}
	}
	for _, none := range []string{"abc", "ab12cd", strings.Repeat("a", 21), ""} {
		if misspelt(none) != nil {
			t.Errorf("%q may be misspelt", none)
		}
	}
	if got := misspelt("anna"); !slices.Equal(got, []string{"anna", "nna", "ana", "ann"}) {
		t.Errorf("anna: %v", got)
	}
}

func TestStopWordsAreFoldedAndOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range strings.Fields(stopWords) {
		if plain(w) != w || seen[w] {
			t.Errorf("%q", w)
		}
		seen[w] = true
	}
	if !stopWord("le") || !stopWord("with") || stopWord("ete") || stopWord("") || stopWord("le la") {
		t.Error("the list is not read word by word")
	}
}

func FuzzAnalyse(f *testing.F) {
	f.Add("L’été d'Aïcha's 'OR' 12é", "éte")
	f.Fuzz(func(t *testing.T, text, query string) {
		last := 0
		for _, w := range words(text) {
			if w.start < last || w.end <= w.start || w.end > len(text) || w.fold == "" {
				t.Fatalf("%q: %+v", text, w)
			}
			last = w.end
		}
		for _, term := range strings.Fields(terms(text, query, []string{key(query)})) {
			if strings.ContainsFunc(term, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
				t.Fatalf("%q, %q: term %q", text, query, term)
			}
		}
		a := read(query)
		for s := range stages {
			if got := Plain(a.mark(text, s)); got != text {
				t.Fatalf("%q marked for %q is %q", text, query, got)
			}
			for _, segment := range a.snippet(text, s) {
				if utf8.ValidString(text) && !utf8.ValidString(segment.Text) {
					t.Fatalf("%q for %q: %q", text, query, segment.Text)
				}
			}
			a.matcher(s).sqlite()
			a.matcher(s).postgres()
		}
	})
}
