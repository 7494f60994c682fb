package customers

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"os"
)

func TestAWholeNameIsSplit(t *testing.T) {
	for full, want := range map[string][2]string{
		"DUPONT Jean-Pierre":              {"Jean-Pierre", "DUPONT"},
		"Jean-Pierre DUPONT":              {"Jean-Pierre", "DUPONT"},
		"Jean de La Fontaine":             {"Jean", "de La Fontaine"},
		"Dupont, Marie":                   {"Marie", "Dupont"},
		"de La Fontaine, Jean":            {"Jean", "de La Fontaine"},
		"Dr Marie Curie":                  {"Marie", "Curie"},
		"Mme LE GOFF Anne":                {"Anne", "LE GOFF"},
		"M. Jean Dupont":                  {"Jean", "Dupont"},
		"Mme la Dre Anne Roy":             {"Anne", "Roy"},
		"Maître Anne Roy":                 {"Anne", "Roy"},
		"Ludwig van Beethoven":            {"Ludwig", "van Beethoven"},
		"Vincent VAN GOGH":                {"Vincent", "VAN GOGH"},
		"Jean van der BERG":               {"Jean", "van der BERG"},
		"Karl-Theodor zu Guttenberg":      {"Karl-Theodor", "zu Guttenberg"},
		"Valéry Giscard d’Estaing":        {"Valéry Giscard", "d’Estaing"},
		"Marie Anne Dupont":               {"Marie Anne", "Dupont"},
		"DUPONT MARTIN Anne Sophie":       {"Anne Sophie", "DUPONT MARTIN"},
		"Anne Sophie DUPONT-MARTIN":       {"Anne Sophie", "DUPONT-MARTIN"},
		"J. DUPONT":                       {"J.", "DUPONT"},
		"JP Dupont":                       {"JP", "Dupont"},
		"Ronald McDONALD":                 {"Ronald", "McDONALD"},
		"Sean O'BRIEN":                    {"Sean", "O'BRIEN"},
		"Le Goff Anne":                    {"Anne", "Le Goff"},
		"Le Goff":                         {"", "Le Goff"},
		"de la Tour Jean":                 {"Jean", "de la Tour"},
		"José Ortega y Gasset":            {"José", "Ortega y Gasset"},
		"John Smith III":                  {"John", "Smith III"},
		"Martin King Jr.":                 {"Martin", "King Jr."},
		"John Smith, PhD":                 {"John", "Smith"},
		"Dupont":                          {"", "Dupont"},
		"":                                {"", ""},
		",":                               {"", ""},
		"JEAN DUPONT":                     {"JEAN", "DUPONT"},
		"jean dupont":                     {"jean", "dupont"},
		"Ben Affleck":                     {"Ben", "Affleck"},
		"  Marie \u00a0 Curie ":           {"Marie", "Curie"},
		"MARTIN Ben":                      {"Ben", "MARTIN"},
		"Ben MARTIN":                      {"Ben", "MARTIN"},
		"de GAULLE Charles":               {"Charles", "de GAULLE"},
		"M. Me":                           {"", "Me"},
		"Élodie ÉLUARD":                   {"Élodie", "ÉLUARD"},
		"Marie-Claude ST-PIERRE TREMBLAY": {"Marie-Claude", "ST-PIERRE TREMBLAY"},
	} {
		if given, family := SplitName(full); given != want[0] || family != want[1] {
			t.Errorf("SplitName(%q) = %q, %q, want %q", full, given, family, want)
		}
	}
}

func TestANameInOneCaseIsPutIntoItsUsualOne(t *testing.T) {
	for typed, want := range map[string]string{
		"DUPONT": "Dupont", "dupont": "Dupont", "jean-pierre": "Jean-Pierre", "JEAN-PIERRE": "Jean-Pierre", "O'BRIEN": "O'Brien",
		"o’brien": "O’Brien", "D'ESTAING": "d'Estaing", "GISCARD D’ESTAING": "Giscard d’Estaing", "LE GOFF": "Le Goff", "MCDONALD": "McDonald",
		"mcdonald": "McDonald", "DE GAULLE": "de Gaulle", "JEAN DE LA FONTAINE": "Jean de La Fontaine", "LUDWIG VAN BEETHOVEN": "Ludwig van Beethoven",
		"VAN DAMME": "Van Damme", "VON NEUMANN": "von Neumann", "L'HERMITE": "L'Hermite", "ÉLODIE": "Élodie", "çelik": "Çelik",
		"J.-P.": "J.-P.", "J.": "J.", "j.": "j.", "JOHN SMITH III": "John Smith III", "MACRON": "Macron", "JP DUPONT": "JP Dupont",
		"Dupont": "Dupont", "DuPont": "DuPont", "  Le   Goff ": "Le Goff", "d’Ormesson": "d’Ormesson", "van der Berg": "van der Berg",
		"": "", "x": "x", "X": "X", "李小龙": "李小龙", "STRAẞE": "Straße", "NGUYỄN": "Nguyễn", "DU": "Du", "de": "De", "ÀLVAREZ-Ñ": "Àlvarez-Ñ",
	} {
		if got := TidyName(typed); got != want {
			t.Errorf("TidyName(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestNamesOfTheSharedTablesComeThrough(t *testing.T) {
	raw, err := os.ReadFile(dataFile(t, "fr_first_names/Prenoms.csv"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := charmap.ISO8859_1.NewDecoder().Bytes(raw)
	if err != nil {
		t.Fatal(err)
	}
	given, split, tidied := 0, 0, 0
	for _, line := range strings.Split(string(text), "\n")[1:] {
		name, _, _ := strings.Cut(line, ";")
		name = strings.TrimSpace(name)
		if name == "" || strings.ContainsAny(name, "() ") {
			continue
		}
		given++
		proper := TidyName(name)
		first, _ := utf8.DecodeRuneInString(proper)
		if unicode.IsUpper(first) && strings.EqualFold(proper, name) && TidyName(strings.ToUpper(name)) == proper {
			tidied++
		}
		g1, f1 := SplitName(proper + " MARTIN")
		g2, f2 := SplitName("MARTIN " + proper)
		g3, f3 := SplitName("Martin, " + proper)
		if g1 == proper && f1 == "MARTIN" && g2 == proper && f2 == "MARTIN" && g3 == proper && f3 == "Martin" {
			split++
		} else if given-split < 12 {
			t.Logf("%s: %q %q, %q %q, %q %q", proper, g1, f1, g2, f2, g3, f3)
		}
	}
	persons, again := 0, 0
	for _, r := range dataRows(t, "linkage_persons_febrl/febrl_dataset2.csv", ',') {
		g, f := TidyName(r["given_name"]), TidyName(r["surname"])
		if g == "" || f == "" {
			continue
		}
		persons++
		g1, f1 := SplitName(g + " " + f)
		g2, f2 := SplitName(strings.ToUpper(f) + " " + g)
		if strings.EqualFold(g1, g) && strings.EqualFold(f1, f) && strings.EqualFold(g2, g) && strings.EqualFold(f2, f) {
			again++
		} else if persons-again < 12 {
			t.Logf("%s / %s: %q %q, %q %q", g, f, g1, f1, g2, f2)
		}
	}
	t.Logf("given names: %d, tidied %d, split from a name in capitals on both sides and from a comma %d; persons %d, both orders %d", given, tidied, split, persons, again)
	if tidied < given*995/1000 || split < given*99/100 || again < persons*98/100 {
		t.Error("too few")
	}
}

func FuzzName(f *testing.F) {
	for _, s := range []string{"DUPONT Jean-Pierre", "Mme la Dre Anne Roy", "Dupont, Marie", "D'ESTAING", "mcdonald", "m. Me", "J.-P. ßẞ", "\xff a", ", ,", "ÅNGSTRÖM y e", "ǅ ǆ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := TidyName(s)
		if !utf8.ValidString(once) {
			t.Fatalf("%q gives %q", s, once)
		}
		if again := TidyName(once); again != once {
			t.Fatalf("%q gives %q, which gives %q", s, once, again)
		}
		given, family := SplitName(s)
		if !utf8.ValidString(given + family) {
			t.Fatalf("%q gives %q %q", s, given, family)
		}
		if given == "" || family == "" || strings.Contains(given+family, ",") {
			return
		}
		if g, f := SplitName(family + ", " + given); g != given || f != family {
			// A form of address left inside ("Dupont Dr Anne") may come to the front.
			if len(g)+len(f) >= len(given)+len(family) {
				t.Fatalf("%q gives %q %q, which gives %q %q", s, given, family, g, f)
			}
		}
	})
}

func BenchmarkSplitName(b *testing.B) {
	for b.Loop() {
		SplitName("Mme LE GOFF Anne")
	}
}

func BenchmarkTidyName(b *testing.B) {
	for b.Loop() {
		TidyName("JEAN-PIERRE DE LA FONTAINE")
	}
}
