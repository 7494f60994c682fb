package customers

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

func TestCountriesAreKnownByCodeAndName(t *testing.T) {
	for typed, want := range map[string]string{
		"FR": "FR", "fr": "FR", "FRA": "FR", "France": "FR", " la france ": "FR", "FRANCE": "FR", "France (FR)": "FR", "FR - France": "FR",
		"Etats-Unis": "US", "États-Unis d’Amérique": "US", "les Etats Unis": "US", "USA": "US", "U.S.A.": "US", "us": "US",
		"Royaume Uni": "GB", "ROYAUME-UNI": "GB", "UK": "GB", "uk": "GB", "England": "GB", "Great Britain": "GB", "EL": "GR",
		"Pays Bas": "NL", "The Netherlands": "NL", "L’Allemagne": "DE", "Deutschland": "DE", "cote d'ivoire": "CI", "Côte d’Ivoire": "CI",
		"Québec": "CA", "Ile de la Réunion": "RE", "RDC": "CD", "Congo": "CG", "South Korea": "KR", "Türkiye": "TR",
		"": "", "X": "", "XX": "", "Franc": "", "Paris": "", "N/A": "", "12": "", "France / Belgique": "", "\xff\xff": "",
	} {
		got, ok := ParseCountry(typed)
		if !ok && want == "" {
			continue
		}
		if got != want || ok != (want != "") {
			t.Errorf("ParseCountry(%q) = %q %v, want %q", typed, got, ok, want)
		}
	}
}

func TestEveryCountryIsKnownInFrenchAndEnglish(t *testing.T) {
	known := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(countryNames), "\n") {
		known[line[:2]] = line[3:6]
	}
	english, french := display.English.Regions(), display.French.Regions()
	count := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			r, err := language.ParseRegion(code)
			if err != nil || !r.IsCountry() || r.Canonicalize() != r || strings.ContainsAny(code[:1], "QX") && code != "QA" && code != "XK" {
				continue
			}
			switch code {
			case "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "EU", "UN", "EZ": // reserved, not assigned
				continue
			}
			if english.Name(r) == "" { // withdrawn
				continue
			}
			count++
			if known[code] == "" {
				t.Errorf("%s (%s) is not in the list", code, english.Name(r))
				continue
			}
			if r.ISO3() != known[code] && code != "XK" {
				t.Errorf("%s: %s, want %s", code, known[code], r.ISO3())
			}
			for _, name := range []string{english.Name(r), french.Name(r), code, known[code]} {
				if got, _ := ParseCountry(name); got != code {
					t.Errorf("ParseCountry(%q) = %q, want %s", name, got, code)
				}
			}
		}
	}
	if count != len(known) {
		t.Errorf("%d countries known, %d exist", len(known), count)
	}
}

func TestLanguagesAreKnownByCodeAndName(t *testing.T) {
	for typed, want := range map[string]string{
		"fr": "fr", "FR": "fr", "fr-FR": "fr-FR", "fr_CA": "fr-CA", "fr_CA.UTF-8": "fr-CA", "fra": "fr", "fre": "fr", "French": "fr",
		"Français": "fr", "francais": "fr", "Français (Canada)": "fr-CA", "English (United States)": "en-US", "anglais": "en", "EN-us": "en-US",
		"Deutsch": "de", "zh-Hant-TW": "zh-TW", "pt-BR": "pt-BR", "néerlandais": "nl", "Nederlands (België)": "nl-BE",
		"": "", "xx": "", "Jean": "", "fr-": "fr", "fr-XX": "", "-": "", "oui": "",
	} {
		if got, ok := ParseLanguage(typed); got != want || ok != (want != "") {
			t.Errorf("ParseLanguage(%q) = %q %v, want %q", typed, got, ok, want)
		}
	}
	english, french := display.English.Languages(), display.French.Languages()
	for _, line := range strings.Split(strings.TrimSpace(languageNames), "\n") {
		code := line[:2]
		tag := language.MustParse(code)
		base, _ := tag.Base()
		for _, name := range []string{code, base.ISO3(), english.Name(tag), french.Name(tag), display.Self.Name(tag)} {
			if name == "" || code == "no" || strings.Contains("wo hy ka ur ta bn fa hi th sw be mg", code) && name == display.Self.Name(tag) {
				continue // no name here, that of Bokmål, or one in a script that is not in the list
			}
			if got, _ := ParseLanguage(name); got != code {
				t.Errorf("ParseLanguage(%q) = %q, want %s", name, got, code)
			}
		}
	}
}

func TestFormsOfAddressAreKnown(t *testing.T) {
	for typed, want := range map[string]string{
		"M.": "mr", "Mr": "mr", "MR.": "mr", "Monsieur": "mr", "Mme": "ms", "MME": "ms", "Mlle": "ms", "Mrs.": "ms", "Ms": "ms", "Miss": "ms",
		"Dr": "dr", "Dr.": "dr", "Docteur": "dr", "Me": "me", "Maître": "me", "Pr": "prof", "Prof.": "prof", "Herr": "mr", "Sig.ra": "ms",
		"": "", "M. et Mme": "", "Mmes": "", "Anne": "", "x": "",
		"mr": "mr", "ms": "ms", "dr": "dr", "prof": "prof", "me": "me",
	} {
		if got, ok := ParseSalutation(typed); got != want || ok != (want != "") {
			t.Errorf("ParseSalutation(%q) = %q %v, want %q", typed, got, ok, want)
		}
	}
}

func FuzzCountry(f *testing.F) {
	for _, s := range []string{"FR - France", "Côte d’Ivoire", "fr_CA.UTF-8", "(", "\xff\x20", "zh-Hant-TW", "M."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, read := range map[string]func(string) (string, bool){"country": ParseCountry, "language": ParseLanguage, "salutation": ParseSalutation} {
			got, ok := read(s)
			if !ok {
				continue
			}
			if again, ok := read(got); !ok || again != got || !utf8.ValidString(got) {
				t.Fatalf("%s: %q gives %q, which gives %q %v", name, s, got, again, ok)
			}
		}
	})
}

func BenchmarkCountry(b *testing.B) {
	for b.Loop() {
		ParseCountry("États-Unis")
	}
}
