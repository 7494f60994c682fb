package customers

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPlacesAreReadAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		typed, country string
		want           Place
	}{
		{"13002 MARSEILLE", "FR", Place{Postcode: "13002", City: "Marseille"}},
		{"13002 MARSEILLE 2", "FR", Place{Postcode: "13002", City: "Marseille", Country: "FR"}},
		{"MARSEILLE 2", "FR", Place{Postcode: "13002", City: "Marseille", Country: "FR"}},
		{"Paris 16e arrondissement", "", Place{Postcode: "75016", City: "Paris", Country: "FR"}},
		{"LYON 1er", "FR", Place{Postcode: "69001", City: "Lyon", Country: "FR"}},
		{"13100 AIX EN PROVENCE", "FR", Place{Postcode: "13100", City: "Aix-en-Provence"}},
		{"13100 AIX EN PROVENCE", "", Place{Postcode: "13100", City: "Aix-en-Provence"}},
		{"13233 MARSEILLE CEDEX 20", "", Place{Postcode: "13233", City: "Marseille", Cedex: "Cedex 20", Country: "FR"}},
		{"92930 PARIS LA DEFENSE CEDEX", "FR", Place{Postcode: "92930", City: "Paris La Defense", Cedex: "Cedex", Country: "FR"}},
		{"76600 LE HAVRE", "FR", Place{Postcode: "76600", City: "Le Havre"}},
		{"42000 ST ETIENNE", "FR", Place{Postcode: "42000", City: "Saint-Etienne"}},
		{"38080 L ISLE D ABEAU", "FR", Place{Postcode: "38080", City: "L'Isle-d'Abeau"}},
		{"F-75002 Paris", "", Place{Postcode: "75002", City: "Paris", Country: "FR"}},
		{"75002 Paris, France", "", Place{Postcode: "75002", City: "Paris", Country: "FR"}},
		{"75002 Paris France", "", Place{Postcode: "75002", City: "Paris", Country: "FR"}},
		{"Paris (75002)", "", Place{Postcode: "75002", City: "Paris"}},
		{"Saint-Denis (93)", "FR", Place{City: "Saint-Denis", Province: "93"}},
		{"Montréal (QC) H2X 1Y4", "", Place{Postcode: "H2X 1Y4", City: "Montréal", Province: "QC", Country: "CA"}},
		{"Montréal, QC h2x1y4", "CA", Place{Postcode: "H2X 1Y4", City: "Montréal", Province: "QC", Country: "CA"}},
		{"MONTREAL QUEBEC H2X 1Y4", "", Place{Postcode: "H2X 1Y4", City: "Montreal", Province: "QC", Country: "CA"}},
		{"Québec QC G1R 4P5", "", Place{Postcode: "G1R 4P5", City: "Québec", Province: "QC", Country: "CA"}},
		{"SAINT JEAN SUR RICHELIEU (QC)", "", Place{City: "Saint-Jean-sur-Richelieu", Province: "QC", Country: "CA"}},
		{"Springfield, IL 62704", "US", Place{Postcode: "62704", City: "Springfield", Province: "IL", Country: "US"}},
		{"New York, NY 10001-1234", "", Place{Postcode: "10001-1234", City: "New York", Province: "NY", Country: "US"}},
		{"1000 Bruxelles", "BE", Place{Postcode: "1000", City: "Bruxelles"}},
		{"B-1000 BRUXELLES", "", Place{Postcode: "1000", City: "Bruxelles", Country: "BE"}},
		{"CH 1200 GENÈVE", "", Place{Postcode: "1200", City: "Genève", Country: "CH"}},
		{"D-60311 FRANKFURT AM MAIN", "", Place{Postcode: "60311", City: "Frankfurt am Main", Country: "DE"}},
		{"1012 AB Amsterdam", "", Place{Postcode: "1012 AB", City: "Amsterdam", Country: "NL"}},
		{"London SW1A 1AA", "", Place{Postcode: "SW1A 1AA", City: "London", Country: "GB"}},
		{"1000-001 Lisboa", "", Place{Postcode: "1000-001", City: "Lisboa", Country: "PT"}},
		{"Aix-en-Provence", "FR", Place{City: "Aix-en-Provence"}},
		{"Lyon", "", Place{City: "Lyon"}},
		{"LYON", "", Place{City: "Lyon"}},
		{"13002", "", Place{Postcode: "13002"}},
		{"Rio De Janeiro", "BR", Place{City: "Rio De Janeiro"}},
		{"", "", Place{}},
	} {
		if got := ParsePlace(c.typed, c.country); got != c.want {
			t.Errorf("ParsePlace(%q, %q) =\n %+v, want\n %+v", c.typed, c.country, got, c.want)
		}
	}
}

func TestAWholeAddressIsCut(t *testing.T) {
	for _, c := range []struct {
		typed, country, street string
		want                   Place
	}{
		{"12 bis, rue de la Paix\n75002 PARIS", "FR", "12 bis, rue de la Paix", Place{Postcode: "75002", City: "Paris"}},
		{"12 rue de la Paix 75002 Paris", "FR", "12 rue de la Paix", Place{Postcode: "75002", City: "Paris"}},
		{"12 rue de la Paix - 75002 Paris, France", "", "12 rue de la Paix", Place{Postcode: "75002", City: "Paris", Country: "FR"}},
		{"400 rue Sainte-Catherine O, Montréal, QC H2X 1Y4", "CA", "400 rue Sainte-Catherine O", Place{Postcode: "H2X 1Y4", City: "Montréal", Province: "QC", Country: "CA"}},
		{"Rue de la Loi 16, 1000 Bruxelles, Belgique", "", "Rue de la Loi 16", Place{Postcode: "1000", City: "Bruxelles", Country: "BE"}},
		{"12 rue de la Paix", "FR", "12 rue de la Paix", Place{}},
		{"", "FR", "", Place{}},
	} {
		if street, got := SplitStreet(c.typed, c.country); street != c.street || got != c.want {
			t.Errorf("SplitStreet(%q) = %q %+v, want %q %+v", c.typed, street, got, c.street, c.want)
		}
	}
}

func TestFrenchCommunesKeepTheirNames(t *testing.T) {
	all, same, samePlain, mixed := 0, 0, 0, 0
	shown := 0
	for _, r := range dataRows(t, "fr_communes/communes.csv", ',') {
		if r["type"] != "commune-actuelle" {
			continue
		}
		name := strings.ReplaceAll(r["nom"], "’", "'")
		code, _, _ := strings.Cut(r["codesPostaux"], "|")
		all++
		upper := strings.ToUpper(strings.ReplaceAll(name, "-", " "))
		p := ParsePlace(code+" "+upper, "FR")
		if p.City == name && p.Postcode == code {
			same++
		} else if shown < 25 {
			shown++
			t.Logf("%q gives %+v, not %q", code+" "+upper, p, name)
		}
		post := strings.ToUpper(plain(name)) // as the post office prints it
		if q := ParsePlace(code+" "+post, "FR"); plain(q.City) == plain(name) && q.Postcode == code {
			samePlain++
		}
		if q := ParsePlace(code+" "+name, "FR"); q.City == name && q.Postcode == code {
			mixed++
		}
	}
	t.Logf("%d communes: %d right from capitals, %d right but for accents from the post office's spelling, %d untouched when well written", all, same, samePlain, mixed)
	if same < all*98/100 || samePlain < all*99/100 || mixed < all*99/100 {
		t.Error("too few")
	}
}

func TestPlacesOfTheSharedSitesAreRead(t *testing.T) {
	read, rows := 0, 0
	for _, r := range dataRows(t, "fr_companies_sirene/sirene_bars_bouches_du_rhone_A.csv", ';') {
		rows++
		line := ParsePlace(r["Sixième ligne de l’adressage de l’établissement"], "FR")
		declared := ParsePlace(r["Sixième ligne de l’adressage déclaré pour l’établissement"], "FR")
		label := ParsePlace(r["Libellé de la commune de localisation de l'établissement"], "FR")
		if line.City != "" && len(line.Postcode) == 5 && declared.Postcode == r["Code postal"] && label.City != "" && !strings.ContainsAny(label.City+line.City, "0123456789") {
			read++
		} else {
			t.Logf("%+v %+v %+v, %s", line, declared, label, r["Code postal"])
		}
	}
	t.Logf("%d of %d", read, rows)
	if read < rows*99/100 {
		t.Error("too few")
	}
}

func FuzzPlace(f *testing.F) {
	for _, s := range []string{"13233 MARSEILLE CEDEX 20", "Montréal (QC) H2X 1Y4", "L ISLE D ABEAU", "12 rue de la Paix 75002 Paris, France", "PARIS 16e", "\xff 75002 x", "'-’", "Le", "D", "SAINT DENIS (974)"} {
		f.Add(s, "FR")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, s, country string) {
		p := ParsePlace(s, country)
		if !utf8.ValidString(p.Postcode + p.City + p.Cedex + p.Province + p.Country) {
			t.Fatalf("%q gives %+v", s, p)
		}
		if again := tidyCity(p.City, country); again != tidyCity(again, country) {
			t.Fatalf("%q gives %q, then %q", s, again, tidyCity(again, country))
		}
		if p.Postcode != "" && p.City != "" && p.Province == "" && p.Cedex == "" {
			home := p.Country
			if home == "" {
				home = country
			}
			if again := ParsePlace(p.Postcode+" "+p.City, home); again.Postcode != p.Postcode {
				t.Fatalf("%q gives %+v, which gives %+v", s, p, again)
			}
		}
		street, q := SplitStreet(s, country)
		if !utf8.ValidString(street + q.City) {
			t.Fatalf("%q gives %q %+v", s, street, q)
		}
	})
}

func BenchmarkPlace(b *testing.B) {
	for b.Loop() {
		ParsePlace("13100 AIX EN PROVENCE", "FR")
	}
}
