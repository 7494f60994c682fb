package customers

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestIdentifiersOfTheSharedVectors(t *testing.T) {
	f, err := os.Open(dataFile(t, "../spec/vectors/identifiers.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	readers := map[string]func(string) (string, bool){"siren": ParseSIREN, "siret": ParseSIRET, "vat_fr": ParseVAT, "vat_be": ParseVAT, "vat_de": ParseVAT}
	for _, r := range rows[1:] {
		got, ok := readers[r[0]](r[1])
		if ok != (r[2] == "1") || ok && got != r[1] {
			t.Errorf("%s %s: %q %v, want valid %s", r[0], r[1], got, ok, r[2])
		}
		if vat := r[3]; vat != "" {
			if _, ok := ParseVAT(vat); !ok {
				t.Errorf("%s is refused", vat)
			}
		}
	}
}

func TestNumbersOfFrenchCompaniesAreChecked(t *testing.T) {
	for typed, want := range map[string]string{
		"732829320": "732829320", "732 829 320": "732829320", "732.829.320": "732829320", "732\u00a0829\u202f320": "732829320",
		"356000000": "356000000", "732829321": "", "73282932": "", "000000000": "", "": "", "73282932000074": "", "7,3282932E+8": "",
		"73282932O": "",
	} {
		if got, ok := ParseSIREN(typed); got != want || ok != (want != "") {
			t.Errorf("ParseSIREN(%q) = %q %v", typed, got, ok)
		}
	}
	for typed, want := range map[string]string{
		"73282932000074": "73282932000074", "732 829 320 00074": "73282932000074", "35600000049837": "35600000049837",
		"35600000000048": "35600000000048", "35600000049838": "", "73282932000075": "", "7328293200007": "", "732829320": "",
		"00000000000000": "", "7,32829E+13": "",
	} {
		if got, ok := ParseSIRET(typed); ok != (want != "") || ok && got != want {
			t.Errorf("ParseSIRET(%q) = %q %v", typed, got, ok)
		}
	}
	if got := SIRENOf("732 829 320 00074"); got != "732829320" {
		t.Errorf("SIRENOf = %q", got)
	}
	if got := SIRENOf("732 829 320"); got != "" {
		t.Errorf("SIRENOf of a SIREN = %q", got)
	}
}

func TestVATNumbersAreChecked(t *testing.T) {
	for typed, want := range map[string]string{
		"FR 44 732 829 320": "FR44732829320", "fr44.732.829.320": "FR44732829320", "FR45732829320": "", "FRK7399859412": "FRK7399859412",
		"BE 0428.759.497": "BE0428759497", "BE428759497": "BE0428759497", "BE0428759498": "",
		"DE 136,695 976": "", "DE136695976": "DE136695976", "DE136695977": "",
		"LU 150 274 42": "LU15027442", "LU15027443": "",
		"NL 004495445B01": "NL004495445B01", "NL004495446B01": "", "NL123456789B90": "", "NL002455799B11": "NL002455799B11",
		"ES B58378431": "ESB58378431", "ESB58378432": "", "ES54362315K": "ES54362315K", "ESX2482300W": "ESX2482300W", "ESJ99216582": "ESJ99216582",
		"IT 00743110157": "IT00743110157", "IT00743110158": "",
		"CHE-107.787.577 IVA": "CHE107787577", "CHE-107.787.578": "", "CHE 116.281.710 MWST": "CHE116281710",
		"GB 980 7806 84": "GB980780684", "GB802311781": "", "GB802311782": "GB802311782", "GBGD001": "GBGD001", "GBHA500": "GBHA500", "GBHA001": "",
		"AT U13585627": "ATU13585627", "ATU13585626": "", "PT 501 964 843": "PT501964843", "PT501964842": "",
		"PL 856-734-62-15": "PL8567346215", "PL8567346216": "", "DK 13585628": "DK13585628", "DK13585627": "",
		"SE 123456789701": "SE123456789701", "SE123456789101": "", "FI 20774740": "FI20774740", "FI20774741": "",
		"IE 6433435F": "IE6433435F", "IE6433435E": "", "IE6433435OA": "IE6433435OA", "IE8D79739I": "IE8D79739I",
		"GR 094259216": "EL094259216", "EL 23456783": "", "EL094259217": "", "HR 33392005961": "HR33392005961", "HR33392005962": "",
		"SI 50223054": "SI50223054", "SI50223055": "", "SK2022749619": "SK2022749619", "SK2022749618": "",
		"HU 12892312": "HU12892312", "HU12892313": "", "EE 100931558": "EE100931558", "EE100594103": "", "MT 11679112": "MT11679112", "MT11679113": "",
		"CY 10259033P": "CY10259033P", "LV40003521600": "LV40003521600", "LT119511515": "LT119511515", "RO18547290": "RO18547290",
		"CZ25123891": "CZ25123891", "BG175074752": "BG175074752", "NO 995 525 828 MVA": "NO995525828",
		"US123456789": "", "44732829320": "", "": "", "FR": "", "CHE": "", "IE": "", "GB": "", "ES": "", "AT": "",
	} {
		if got, ok := ParseVAT(typed); ok != (want != "") || ok && got != want {
			t.Errorf("ParseVAT(%q) = %q %v, want %q", typed, got, ok, want)
		}
	}
	if n := len(VATCountries()); n != 31 {
		t.Errorf("%d countries", n)
	}
}

func TestCanadianNumbersAreChecked(t *testing.T) {
	for typed, want := range map[string]string{
		"123456782": "123456782", "12345 6782 RT0001": "123456782RT0001", "123456782rt0001": "123456782RT0001", "123456783": "", "123456782XX0001": "",
		"123456782RT": "", "": "", "000000000": "",
	} {
		if got, ok := ParseBN(typed); ok != (want != "") || got != want {
			t.Errorf("ParseBN(%q) = %q %v", typed, got, ok)
		}
	}
	for typed, want := range map[string]string{"1143920115": "1143920115", "11-4392-0115": "1143920115", "2234567890": "2234567890", "4443920115": "", "114392011": ""} {
		if got, ok := ParseNEQ(typed); ok != (want != "") || got != want {
			t.Errorf("ParseNEQ(%q) = %q %v", typed, got, ok)
		}
	}
}

func TestEverySharedCompanyHasValidNumbers(t *testing.T) {
	lines := dataRows(t, "fr_companies_sirene/sirene_bars_bouches_du_rhone_A.csv", ';')
	sites := 0
	for _, r := range lines {
		siren, ok := ParseSIREN(r["Identifiant de l'entreprise"])
		siret, ok2 := ParseSIRET(r["SIRET"])
		if !ok || !ok2 || SIRENOf(siret) != siren {
			t.Errorf("%s %s refused", r["Identifiant de l'entreprise"], r["SIRET"])
		}
		sites++
	}
	communes, wrong := 0, []string{}
	for _, r := range dataRows(t, "fr_communes/communes.csv", ',') {
		if s := r["siren"]; s != "" {
			communes++
			if _, ok := ParseSIREN(s); !ok {
				wrong = append(wrong, s)
			}
		}
	}
	t.Logf("%d sites, %d public bodies, refused %q", sites, communes, wrong)
	if sites != 587 || communes != 34875 || len(wrong) > 0 {
		t.Errorf("%d sites, %d public bodies, refused %q", sites, communes, wrong)
	}
}

// dataRows reads a shared table by the names of its header.
func dataRows(t *testing.T, name string, comma rune) []map[string]string {
	t.Helper()
	f, err := os.Open(dataFile(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = comma, -1, true
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range all[1:] {
		m := make(map[string]string, len(row))
		for i, v := range row {
			m[strings.TrimSpace(strings.TrimPrefix(all[0][i], "\ufeff"))] = strings.TrimSpace(v)
		}
		out = append(out, m)
	}
	return out
}

func TestPagesAreReadAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string][2]string{
		"www.example.fr":                        {"https://www.example.fr", "example.fr"},
		"Example.FR/":                           {"https://example.fr", "example.fr"},
		"http://www.example.co.uk/a?b=c#d":      {"http://www.example.co.uk/a?b=c#d", "example.co.uk"},
		"HTTPS://Shop.Example.com:8443/Path":    {"https://shop.example.com:8443/Path", "example.com"},
		"https://example.fr:443/":               {"https://example.fr", "example.fr"},
		"//example.fr":                          {"https://example.fr", "example.fr"},
		"<https://example.fr>":                  {"https://example.fr", "example.fr"},
		"société.fr":                            {"https://xn--socit-esab.fr", "xn--socit-esab.fr"},
		"https://mairie-lyon.gouv.fr":           {"https://mairie-lyon.gouv.fr", "mairie-lyon.gouv.fr"},
		"example.fr?x=1":                        {"https://example.fr/?x=1", "example.fr"},
		"https://fr.linkedin.com/company/acme/": {"https://fr.linkedin.com/company/acme/", "linkedin.com"},
		"example.fr/caf\u00e9":                  {"https://example.fr/caf%C3%A9", "example.fr"},
		"javascript:alert(1)":                   {},
		"mailto:a@example.fr":                   {},
		"a@example.fr":                          {},
		"https://user:pw@example.fr":            {},
		"ftp://example.fr":                      {},
		"http://localhost":                      {},
		"http://192.168.0.1/":                   {},
		"http://[::1]/":                         {},
		"not a page":                            {},
		"example":                               {},
		"":                                      {},
		"https://example.fr:99999999":           {},
	} {
		page, domain, ok := ParseWebsite(typed)
		if page != want[0] || domain != want[1] || ok != (want[0] != "") {
			t.Errorf("ParseWebsite(%q) = %q %q %v, want %q", typed, page, domain, ok, want)
		}
	}
	for typed, want := range map[string]string{
		"achats@lyon.example.co.uk": "example.co.uk", "a@gmail.com": "gmail.com", "https://www.example.qc.ca/x": "example.qc.ca",
		"a@mail.example.asso.fr": "example.asso.fr", "example.fr": "example.fr", "": "", "anne": "", "a@b": "",
	} {
		if got := Domain(typed); got != want {
			t.Errorf("Domain(%q) = %q, want %q", typed, got, want)
		}
	}
}

func FuzzIdentifiers(f *testing.F) {
	for _, s := range []string{"732 829 320 00074", "FR44732829320", "CHE-107.787.577 IVA", "NL004495445B01", "IE6433435F", "http://www.example.co.uk/a?b=c#d", "example.fr/\xff", "é.fr//x", "a.fr/%zz", "a.fr?//b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, read := range map[string]func(string) (string, bool){
			"SIREN": ParseSIREN, "SIRET": ParseSIRET, "VAT": ParseVAT, "BN": ParseBN, "NEQ": ParseNEQ,
			"website": func(s string) (string, bool) { page, _, ok := ParseWebsite(s); return page, ok },
		} {
			got, ok := read(s)
			if !ok {
				continue
			}
			if again, ok := read(got); !ok || again != got || !utf8.ValidString(got) {
				t.Fatalf("%s: %q gives %q, which gives %q %v", name, s, got, again, ok)
			}
		}
		Domain(s)
	})
}

func BenchmarkSIRET(b *testing.B) {
	for b.Loop() {
		ParseSIRET("732 829 320 00074")
	}
}

func BenchmarkVAT(b *testing.B) {
	for b.Loop() {
		ParseVAT("FR 44 732 829 320")
	}
}

func BenchmarkWebsite(b *testing.B) {
	for b.Loop() {
		ParseWebsite("http://www.example.fr/contact")
	}
}
