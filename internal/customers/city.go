package customers

import (
	"strings"
	"unicode"
)

// smallWords stand without a capital inside the name of a city elsewhere.
var smallWords = set("the upon am an der im of y del aan den")

// joining are the French ones: where they stand, hyphens hold the name together.
var joining = set("de du des d en sur sous lès les aux au à a et ès près lez le la l devant dessus dessous ses")

// tidyCity gives a city its usual case and, when it is French or looks so, its
// hyphens: "SALON DE PROVENCE" gives "Salon-de-Provence".
func tidyCity(s, country string) string {
	if s == "" {
		return s
	}
	oneCase := !hasLower(s) || !strings.ContainsFunc(s, unicode.IsUpper)
	words := strings.Fields(s)
	if oneCase {
		for i, w := range words {
			words[i] = cityWord(w, i == 0, country == "FR")
		}
		switch words[0] {
		case "St", "St.":
			words[0] = "Saint"
		case "Ste", "Ste.":
			words[0] = "Sainte"
		}
	}
	if len(words) == 1 || country != "FR" && country != "" && country != "BE" && country != "CA" && country != "CH" && country != "LU" {
		return strings.Join(words, " ")
	}
	start := 0
	switch words[0] {
	case "Le", "La", "Les":
		start = 1
	case "L", "D":
		if country == "FR" && oneCase {
			words[1] = words[0] + "'" + words[1] // the post office drops apostrophes
			words = words[1:]
		}
	}
	if len(words) == 3 && plain(s) == "paris la defense" {
		return strings.Join([]string{words[0], "La", words[2]}, " ")
	}
	french := country == "FR" && oneCase || words[start] == "Saint" || words[start] == "Sainte"
	for i := start + 1; i < len(words)-1; i++ {
		french = french || joining[strings.ToLower(words[i])] && strings.ToLower(words[i]) == words[i]
	}
	if !french {
		return strings.Join(words, " ")
	}
	var b strings.Builder
	for i, w := range words {
		switch {
		case i == 0:
		case i <= start && start > 0:
			b.WriteByte(' ')
		case oneCase && i > start && (words[i-1] == "d" || words[i-1] == "l"):
			b.WriteByte('\'')
		default:
			b.WriteByte('-')
		}
		b.WriteString(w)
	}
	return b.String()
}

// cityWord puts one word, with its hyphens and apostrophes, into city case.
func cityWord(w string, first, french bool) string {
	w = strings.ToLower(w)
	var b strings.Builder
	b.Grow(len(w))
	for start := 0; start < len(w); {
		end := start
		for end < len(w) && w[end] != '-' && w[end] != '\'' && !strings.HasPrefix(w[end:], "’") {
			end++
		}
		part := w[start:end]
		elides := end < len(w) && w[end] != '-' && (part == "d" || part == "l")
		if (joining[part] || smallWords[part] && !french || elides) && !(first && start == 0) {
			b.WriteString(part)
		} else {
			for i, r := range part {
				if i == 0 {
					r = unicode.ToTitle(r)
				}
				b.WriteRune(r)
			}
		}
		next := end
		if next < len(w) {
			next++
			if strings.HasPrefix(w[end:], "’") {
				next = end + len("’")
			}
		}
		b.WriteString(w[end:next])
		start = next
	}
	return b.String()
}
