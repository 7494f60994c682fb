package customers

import (
	"strings"
	"sync"
)

// ParseCountry reads a country by its code of two or three letters, or by a name
// in French, English or its own tongue, with or without accents and article.
func ParseCountry(s string) (iso2 string, ok bool) {
	if len(s) == 2 {
		if code := countriesByName()[lowerTwo(s)]; code != "" {
			return code, true
		}
	}
	if len(s) > 120 {
		return "", false
	}
	key := plain(s)
	if code := countriesByName()[key]; code != "" {
		return code, true
	}
	if code := countriesByName()[withoutArticle(key)]; code != "" {
		return code, true
	}
	// "France (FR)", "FR - France": both halves must agree.
	cut := strings.IndexAny(s, "(/")
	if cut < 0 {
		cut = strings.Index(s, " - ")
	}
	if cut <= 0 {
		return "", false
	}
	a, b := s[:cut], s[cut+1:]
	one, two := countriesByName()[withoutArticle(plain(a))], countriesByName()[withoutArticle(plain(b))]
	if one == "" || one != two {
		return "", false
	}
	return one, true
}

func lowerTwo(s string) string {
	b := [2]byte{s[0] | 0x20, s[1] | 0x20}
	return string(b[:])
}

func withoutArticle(key string) string {
	for _, article := range []string{"la ", "le ", "les ", "l ", "the "} {
		if rest, found := strings.CutPrefix(key, article); found {
			return rest
		}
	}
	return key
}

// countriesByName maps codes and names, as plain gives them, to the code.
var countriesByName = sync.OnceValue(func() map[string]string {
	out := map[string]string{"el": "GR"} // what the European Commission writes
	for _, line := range strings.Split(strings.TrimSpace(countryNames), "\n") {
		code := line[:2]
		out[plain(code)] = code
		out[plain(line[3:6])] = code
		for _, name := range strings.Split(line[7:], "|") {
			out[withoutArticle(plain(name))] = code
			out[plain(name)] = code
		}
	}
	return out
})

// ParseLanguage reads a language as a code (fr, fra, fr-CA, fr_CA) or as a name in
// French, English or its own tongue, with a country behind it or not: "Français
// (Canada)". The tag is the code, and the country where one was given.
func ParseLanguage(s string) (tag string, ok bool) {
	if len(s) > 120 {
		return "", false
	}
	s = tidy(s)
	if code := languagesByName()[plain(s)]; code != "" {
		return code, true
	}
	cut := strings.IndexAny(s, "-_(,")
	if cut <= 0 {
		return "", false
	}
	code := languagesByName()[plain(s[:cut])]
	if code == "" {
		return "", false
	}
	rest := strings.Trim(s[cut:], "-_(), ")
	// fr_CA.UTF-8, zh-Hant-TW
	rest, _, _ = strings.Cut(rest, ".")
	if i := strings.LastIndexAny(rest, "-_"); i == 4 {
		rest = rest[i+1:]
	}
	country, ok := ParseCountry(rest)
	if !ok {
		return "", false
	}
	return code + "-" + country, true
}

var languagesByName = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(languageNames), "\n") {
		words := strings.Fields(line)
		code := words[0]
		out[code] = code
		rest := line[3:]
		for _, w := range words[1:] {
			if len(w) != 3 || strings.ToLower(w) != w {
				break
			}
			out[w] = code
			rest = rest[4:]
		}
		for _, name := range strings.Split(rest, "|") {
			out[plain(name)] = code
		}
	}
	return out
})

// ParseSalutation reads a form of address as its code: mr, ms, dr, prof, me
// (lawyers and notaries). What names two people names nobody.
func ParseSalutation(s string) (code string, ok bool) {
	if len(s) > 40 {
		return "", false
	}
	code = salutations[plain(s)]
	return code, code != ""
}

var salutations = map[string]string{
	"m": "mr", "mr": "mr", "monsieur": "mr", "mister": "mr", "sir": "mr", "herr": "mr", "hr": "mr", "dhr": "mr", "de heer": "mr",
	"meneer": "mr", "sr": "mr", "senor": "mr", "sig": "mr", "signor": "mr", "homme": "mr", "mons": "mr", "msr": "mr", "m r": "mr",
	"mme": "ms", "madame": "ms", "mlle": "ms", "mademoiselle": "ms", "mrs": "ms", "ms": "ms", "miss": "ms", "frau": "ms", "fr": "ms",
	"mevr": "ms", "mevrouw": "ms", "mw": "ms", "sra": "ms", "senora": "ms", "srta": "ms", "sig ra": "ms", "signora": "ms", "mmes": "",
	"mdme": "ms", "mad": "ms", "femme": "ms", "madam": "ms", "mm e": "ms", "melle": "ms",
	"dr": "dr", "docteur": "dr", "doctor": "dr", "docteure": "dr", "dre": "dr", "dra": "dr", "doctoresse": "dr", "dott": "dr",
	"prof": "prof", "pr": "prof", "professeur": "prof", "professeure": "prof", "professor": "prof", "pre": "prof",
	"me": "me", "maitre": "me", "mtre": "me",
}
