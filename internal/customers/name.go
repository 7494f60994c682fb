package customers

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// SplitName splits a whole name into given and family name. A comma decides
// ("Dupont, Marie"); else words in capitals are the family name ("DUPONT
// Jean-Pierre"); else a particle begins it ("Jean de La Fontaine"); else the last
// word is it. A form of address in front is left out. Case stays as it was: see
// TidyName. One word alone is a family name.
func SplitName(full string) (given, family string) {
	if len(full) > longestRead {
		return "", ""
	}
	full = tidy(full)
	if a, b, found := strings.Cut(full, ","); found {
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
		switch {
		case b == "" || degrees[plain(b)]:
			full = a
		case a == "":
			full = b
		default:
			b, _, _ = strings.Cut(b, ",")
			given = strings.Join(withoutSalutation(strings.Fields(b)), " ")
			return given, strings.Join(withoutSalutation(strings.Fields(a)), " ")
		}
	}
	words := withoutSalutation(strings.Fields(full))
	for len(words) > 2 && degrees[plain(words[len(words)-1])] {
		words = words[:len(words)-1]
	}
	if len(words) < 2 {
		return "", strings.Join(words, " ")
	}
	from, to := familyWords(words)
	rest := append(append([]string(nil), words[:from]...), words[to:]...)
	return strings.Join(rest, " "), strings.Join(words[from:to], " ")
}

// degrees stand behind a name and belong to no part of it.
var degrees = set("phd mba md esq pe cpa avocat avocate expert msc bsc ing pmp drh")

// withoutSalutation drops forms of address in front, two at most: "Mme le Dr".
func withoutSalutation(words []string) []string {
	for len(words) > 1 {
		key := strings.TrimSuffix(words[0], ".")
		code, ok := ParseSalutation(key)
		// Me, Fr and the like are forms of address only with their capital and
		// no more; "M." and "M" are one, "MR" in a run of capitals too.
		if !ok || code == "me" && key != "Me" && key != "Maître" && key != "Maitre" && key != "ME" {
			return words
		}
		if key == "Fr" || key == "Sir" && len(words) < 3 {
			return words
		}
		words = words[1:]
		if len(words) > 2 && (words[0] == "le" || words[0] == "la") {
			if _, ok := ParseSalutation(words[1]); ok {
				words = words[1:]
			}
		}
	}
	return words
}

// familyWords tells which words are the family name: from (inclusive) to (not).
func familyWords(words []string) (from, to int) {
	if from, to, ok := capitalRun(words); ok {
		return from, to
	}
	last := len(words)
	// Jr and III belong to the family name and never are it.
	tail := last
	for tail > 1 && generation[plain(words[tail-1])] {
		tail--
	}
	if tail == 1 {
		return 0, last
	}
	if first := plain(words[0]); leadingParticles[first] && len(words[0]) > 1 {
		// "Le Goff", "Van Damme", or "Le Goff Anne", "de la Tour Jean"
		end := 1
		for end < tail-1 && leadingParticles[plain(words[end])] {
			end++
		}
		return 0, min(end+1, last)
	}
	for i := 1; i < tail-1; i++ {
		key := plain(words[i])
		if particles[key] || elided(words[i]) {
			return i, last
		}
		if (key == "y" || key == "e") && words[i] == key && i > 1 {
			return i - 1, last // Ortega y Gasset
		}
	}
	return tail - 1, last
}

// capitalRun finds the run of words in capitals when not all are. Particles in
// front of it belong to it.
func capitalRun(words []string) (from, to int, ok bool) {
	from, to = -1, -1
	lower := 0
	for i, w := range words {
		switch {
		case capitals(w) && !(i == 0 && initials[w] && len(words) == 2):
			if to == i || from < 0 {
				if from < 0 {
					from = i
				}
				to = i + 1
			} else if to < i {
				// A second run: the last one counts unless the first stood in front.
				if from > 0 {
					from, to = i, i+1
				}
			}
		case hasLower(w) && (i == 0 || i == len(words)-1 || !particles[plain(w)]):
			lower++
		}
	}
	if from < 0 || lower == 0 {
		return 0, 0, false
	}
	for from > 0 && (from > 1 || to < len(words)) && hasLower(words[from-1]) && particles[plain(words[from-1])] {
		from--
	}
	// A suffix in capitals alone is no family name: "John Smith III".
	if to-from == 1 && generation[plain(words[from])] {
		return 0, 0, false
	}
	if from == 0 && to == len(words) {
		return 0, 0, false
	}
	for to < len(words) && generation[plain(words[to])] {
		to++
	}
	return from, to, true
}

// capitals tells a word of two letters or more without a small one; McDONALD and
// d'ESTAING count, an initial does not.
func capitals(w string) bool {
	if rest, found := strings.CutPrefix(w, "Mc"); found {
		w = rest
	} else if rest, found := strings.CutPrefix(w, "Mac"); found {
		w = rest
	} else if len(w) > 2 && (w[0] == 'd' || w[0] == 'l') && elided(w) {
		_, size := utf8.DecodeRuneInString(w[1:])
		w = w[1+size:]
	}
	if strings.HasSuffix(w, ".") {
		return false
	}
	n := 0
	for _, r := range w {
		if unicode.IsLower(r) || unicode.IsDigit(r) {
			return false
		}
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n > 1
}

func hasLower(w string) bool { return strings.ContainsFunc(w, unicode.IsLower) }

// elided tells d’Estaing, d'Arc, l’Hermite.
func elided(w string) bool {
	if len(w) < 3 || w[0]|0x20 != 'd' && w[0]|0x20 != 'l' {
		return false
	}
	r, _ := utf8.DecodeRuneInString(w[1:])
	return apostrophe(r)
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '`' || r == '´' }

var (
	// particles begin a family name when a given name stands in front.
	particles = set("de du des d la le les van von vom zu zum zur der den ten ter te het op t della dello delli degli dei del di da do das dos al el ben bin ibn af av san st saint sainte")
	// leadingParticles begin a family name even as the first word; Ben, Al and Van
	// der are given names, or nothing, too often.
	leadingParticles = set("de du des la le les van von der den della del di da dos das")
	generation       = set("jr junior sr senior ii iii iv v")
	// initials are what people write for compound given names: JP Dupont.
	initials = set("JP JF JC JM JL JB JY JJ JD JG JR JN JS JE PY PF PH PE PA PM MF ML MC MA MJ MT AM AL AS FX LP")
)

// TidyName trims a name and leaves single blanks. A name typed in capitals or in
// small letters only is put into its usual case, with particles, hyphens and
// apostrophes; any other stays as its owner writes it.
func TidyName(s string) string {
	if len(s) > longestRead {
		s = s[:longestRead]
	}
	s = tidy(s)
	upper, lower, letters := 0, 0, 0
	for _, r := range s {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		if unicode.IsUpper(r) {
			upper++
		} else if unicode.IsLower(r) {
			lower++
		}
	}
	if letters < 2 || upper > 0 && lower > 0 || upper+lower == 0 {
		return s
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		if upper > 0 && dottedInitials(w) {
			continue
		}
		words[i] = properWord(w, i, len(words), upper > 0)
	}
	return strings.Join(words, " ")
}

// dottedInitials tells J., J.-P. and the like.
func dottedInitials(w string) bool {
	letters, dots, before := 0, 0, '.'
	for _, r := range w {
		if unicode.IsLetter(r) {
			if unicode.IsLetter(before) {
				return false
			}
			letters++
		}
		if r == '.' {
			dots++
		}
		before = r
	}
	return dots > 0 && letters > 0
}

// properWord puts one word into its usual case.
func properWord(w string, at, words int, wasUpper bool) string {
	key := strings.ToLower(w)
	switch key {
	case "ii", "iii", "iv":
		if at > 0 {
			return strings.ToUpper(w)
		}
	case "de", "von", "zu":
		if words > 1 {
			return key
		}
	case "d", "du", "des", "van", "der", "den", "ten", "ter", "del", "della", "di", "da", "do", "das", "dos", "y", "e", "af":
		if at > 0 && at < words-1 {
			return key
		}
	}
	if wasUpper && at == 0 && words > 1 && initials[w] {
		return w // JP Dupont
	}
	if at < words && strings.HasPrefix(key, "mc") && len(key) > 4 && key[2] >= 'a' && key[2] <= 'z' {
		return "Mc" + properWord(key[2:], at, 1, wasUpper)
	}
	var b strings.Builder
	b.Grow(len(w))
	start := true
	for i, r := range key {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsMark(r):
			// A curly or plain apostrophe starts a new word, but not the s of a
			// genitive or the n of O'n.
			start = r == '-' || r == '‐' || r == '‑' || r == '.' || r == '/' || r == '(' || r == '"' || r == '&' ||
				apostrophe(r) && i > 0 && len(key) > i+utf8.RuneLen(r)+1
			b.WriteRune(r)
		case start && (i > 0 || !(r == 'd' && elided(key) && len(key) > 4)):
			b.WriteRune(unicode.ToTitle(r))
			start = false
		default:
			b.WriteRune(r)
			start = false
		}
	}
	return b.String()
}
