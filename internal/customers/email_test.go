package customers

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
)

// dataLines gives the lines of a shared data file, without comments. The files
// stand outside the repository: UNISSON_DATA, or the folder shared beside it.
func dataLines(t *testing.T, name string) []string {
	t.Helper()
	f, err := os.Open(dataFile(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for sc := bufio.NewScanner(f); sc.Scan(); {
		line := sc.Text()
		if strings.HasPrefix(line, "# ") || line == "#" || strings.HasPrefix(strings.TrimSpace(line), "# ") {
			continue
		}
		if i := strings.Index(line, "   #"); i >= 0 {
			line = strings.TrimSpace(line[:i])
		}
		if line != "" {
			out = append(out, line)
		}
	}
	return out
}

func dataFile(t *testing.T, name string) string {
	t.Helper()
	for _, dir := range []string{os.Getenv("UNISSON_DATA"), "../../../shared/data"} {
		if path := filepath.Join(dir, name); dir != "" {
			if _, err := os.Stat(path); err == nil {
				return path
			}
		}
	}
	t.Skipf("the shared data file %s is not here; UNISSON_DATA names its folder", name)
	return ""
}

func TestAnAddressIsReadAsPeopleTypeIt(t *testing.T) {
	for typed, want := range map[string]string{
		"Anne.Martin@Example.FR":                    "anne.martin@example.fr",
		" anne@example.fr\u00a0":                    "anne@example.fr",
		"\ufeffanne@example.fr;":                    "anne@example.fr",
		"mailto:anne@example.fr?subject=Bonjour":    "anne@example.fr",
		"Anne MARTIN <anne@example.fr>":             "anne@example.fr",
		`"Martin, Anne" <anne@example.fr>`:          "anne@example.fr",
		"<mailto:anne@example.fr>":                  "anne@example.fr",
		"'anne@example.fr'":                         "anne@example.fr",
		`"anne@example.fr"`:                         "anne@example.fr",
		"anne+salon@example.fr":                     "anne+salon@example.fr",
		"o'brien@example.ie":                        "o'brien@example.ie",
		"anne@société.fr":                           "anne@xn--socit-esab.fr",
		"Dörte@Sörensen.example.com":                "",
		"anne@SÖRENSEN.example.com":                 "anne@xn--srensen-90a.example.com",
		"anne@xn--socit-esab.fr":                    "anne@xn--socit-esab.fr",
		"a@b.co":                                    "a@b.co",
		"12345@qq.com":                              "12345@qq.com",
		"anne@example.museum":                       "anne@example.museum",
		"anne@dept.example.co.uk":                   "anne@dept.example.co.uk",
		"jean.dupont@collectivite-territoriale.bzh": "jean.dupont@collectivite-territoriale.bzh",
	} {
		got, ok := ParseEmail(typed)
		if got != want || ok != (want != "") {
			t.Errorf("ParseEmail(%q) = %q %v, want %q", typed, got, ok, want)
		}
	}
}

func TestARefusedAddressSaysWhatToMend(t *testing.T) {
	for typed, want := range map[string]string{
		"":                                     "empty",
		"  ":                                   "empty",
		"anne.example.fr":                      "at_missing",
		"anne@martin@example.fr":               "at_twice",
		"a@example.fr; b@example.fr":           "several",
		"a@example.fr b@example.fr":            "several",
		"@example.fr":                          "local_missing",
		"anne@":                                "domain_missing",
		"anne martin@example.fr":               "blank",
		"anne@exam ple.fr":                     "blank",
		"anne@example,fr":                      "blank",
		".anne@example.fr":                     "local_dots",
		"anne.@example.fr":                     "local_dots",
		"an..ne@example.fr":                    "local_dots",
		"éric@example.fr":                      "local_accents",
		"anne:x@example.fr":                    "local_sign",
		`"anne martin"@example.fr`:             "quoted",
		"anne(x)@example.fr":                   "quoted",
		"anne@example":                         "domain_ends",
		"anne@example.f":                       "domain_ends",
		"anne@example.123":                     "domain_ends",
		"anne@192.168.0.1":                     "domain_number",
		"anne@[192.168.0.1]":                   "domain_number",
		"anne@example..fr":                     "domain_dots",
		"anne@.example.fr":                     "domain_dots",
		"anne@example.fr.":                     "domain_dots",
		"anne@-example.fr":                     "domain_hyphen",
		"anne@exam_ple.fr":                     "domain_sign",
		"anne@xn--example.com":                 "domain_sign",
		strings.Repeat("a", 65) + "@b.fr":      "local_long",
		"a@" + strings.Repeat("a", 64) + ".fr": "domain_long",
	} {
		if got := EmailProblem(typed); got != "customers.errors.email."+want {
			t.Errorf("EmailProblem(%q) = %q, want %q", typed, got, want)
		}
	}
	if got := EmailProblem("anne@example.fr"); got != "" {
		t.Errorf("a good address has the problem %q", got)
	}
}

func TestTheSharedAddressesAreJudged(t *testing.T) {
	for _, line := range dataLines(t, "email_addresses/mailbox_invalid.txt") {
		if got, ok := ParseEmail(line); ok {
			t.Errorf("the invalid %q was read as %q", line, got)
		}
	}
	accepted, refused := 0, map[string]int{}
	for _, line := range dataLines(t, "email_addresses/mailbox_valid.txt") {
		if p := EmailProblem(line); p != "" {
			refused[strings.TrimPrefix(p, "customers.errors.email.")]++
			continue
		}
		accepted++
	}
	t.Logf("of the addresses valid by the standard: %d accepted, refused %v", accepted, refused)
	// Refused are the shapes that ParseEmail names: nothing else may join them.
	for p := range refused {
		if !slices.Contains([]string{"quoted", "domain_ends", "domain_number", "local_accents", "domain_sign", "blank"}, p) {
			t.Errorf("valid addresses are refused for %s", p)
		}
	}
	if accepted < 80 {
		t.Errorf("only %d accepted", accepted)
	}
}

func TestTypingErrorsOfDomainsAreFound(t *testing.T) {
	right, wrong, missed := 0, []string{}, []string{}
	for _, line := range dataLines(t, "email_addresses/domain_typos_valid.txt") {
		typo, want, _ := strings.Cut(line, ",")
		switch got := SuggestEmail("anne@" + typo); got {
		case "anne@" + want:
			right++
		case "":
			missed = append(missed, typo)
		default:
			wrong = append(wrong, typo+" → "+got)
		}
	}
	t.Logf("%d right, missed %q, wrong %q", right, missed, wrong)
	if right < 165 || len(wrong) > 0 {
		t.Errorf("%d right, wrong %q", right, wrong)
	}
	for _, domain := range dataLines(t, "email_addresses/domain_typos_invalid.txt") {
		if got := SuggestEmail("anne@" + domain); got != "" {
			t.Errorf("%s is no typing error, yet %s is proposed", domain, got)
		}
	}
}

func TestSuggestionsKeepToWhatIsNear(t *testing.T) {
	for typed, want := range map[string]string{
		"anne@hotnail.fr":       "anne@hotmail.fr",
		"anne@gmail.con":        "anne@gmail.com",
		"anne@gmail":            "anne@gmail.com",
		"anne@orage.fr":         "anne@orange.fr",
		"anne@wanado.fr":        "anne@wanadoo.fr",
		"anne@lapsote.net":      "anne@laposte.net",
		"anne@free.ft":          "anne@free.fr",
		"anne@outlok.fr":        "anne@outlook.fr",
		"anne@acme.con":         "anne@acme.com",
		"anne@acme.comm":        "anne@acme.com",
		"anne@acme.rf":          "anne@acme.fr",
		"anne@videotron.cca":    "anne@videotron.ca",
		"anne@acme.com":         "",
		"anne@acme.co":          "",
		"anne@frer.fr":          "",
		"anne@sfr2.fr":          "",
		"anne@yahoo.ro":         "",
		"anne@orange.sn":        "",
		"anne@example.fr":       "",
		"anne@acme.local":       "",
		"anne":                  "",
		"@gmail.con":            "",
		"anne martin@gmail.con": "",
	} {
		if got := SuggestEmail(typed); got != want {
			t.Errorf("SuggestEmail(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestTheListsOfDomainsAreSound(t *testing.T) {
	if n := len(freeMail()); n < 300 {
		t.Errorf("only %d free domains", n)
	}
	for _, list := range []string{freeMailDomains, domainsNearPopular, oftenMistyped} {
		seen := map[string]bool{}
		for _, d := range strings.Fields(list) {
			if seen[d] {
				t.Errorf("%s stands twice", d)
			}
			seen[d] = true
			if got, problem := readDomain(d); got != d || problem != "" {
				t.Errorf("%q: %q %s", d, got, problem)
			}
			if _, icann := publicsuffix.PublicSuffix(d); !icann && !realEnding(d) {
				t.Errorf("%s has no real ending", d)
			}
			if got := SuggestEmail("anne@" + d); got != "" {
				t.Errorf("%s is real, yet %s is proposed", d, got)
			}
		}
	}
	for _, d := range strings.Fields(domainsNearPopular) {
		if FreeMail(d) {
			t.Errorf("%s is both free and not", d)
		}
	}
	for _, d := range strings.Fields(oftenMistyped) {
		if !FreeMail(d) {
			t.Errorf("%s is popular and not free", d)
		}
	}
}

func TestFreeMailIsNoEmployer(t *testing.T) {
	for domain, want := range map[string]bool{
		"gmail.com": true, "Orange.fr": true, "www.free.fr": true, "videotron.ca": true, "skynet.be": true, "bluewin.ch": true,
		"proton.me": true, "example.fr": false, "": false, "orange.com": false, "laposte.fr": false,
	} {
		if got := FreeMail(domain); got != want {
			t.Errorf("FreeMail(%q) = %v", domain, got)
		}
	}
}

func TestRoleAddressesAreToldFromPersons(t *testing.T) {
	for address, want := range map[string]bool{
		"info@a.fr": true, "contact@a.fr": true, "compta@a.fr": true, "no-reply@a.fr": true, "ne-pas-repondre@a.fr": true,
		"service.client@a.fr": true, "info.lyon@a.fr": true, "contact2@a.fr": true, "rh+stage@a.fr": true, "Sales@a.com": true,
		"customer_service@a.com": true, "anne.martin@a.fr": false, "amartin@a.fr": false, "marine@a.fr": false,
		"infoa@a.fr": false, "sales": false, "": false, "@a.fr": false, "stephane.info@a.fr": false,
	} {
		if got := RoleAddress(address); got != want {
			t.Errorf("RoleAddress(%q) = %v", address, got)
		}
	}
}

func TestSeveralAddressesInACellAreToldApart(t *testing.T) {
	for typed, want := range map[string][]string{
		"a@x.fr":                                {"a@x.fr"},
		"a@x.fr; b@x.fr,c@x.fr":                 {"a@x.fr", "b@x.fr", "c@x.fr"},
		"a@x.fr b@x.fr":                         {"a@x.fr", "b@x.fr"},
		"Dupont, Marie <m@x.fr>; Paul <p@x.fr>": {"Dupont Marie <m@x.fr>", "Paul <p@x.fr>"},
		"Dupont, Marie <m@x.fr>":                {"Dupont, Marie <m@x.fr>"},
		"":                                      nil,
	} {
		if got := SplitEmails(typed); !slices.Equal(got, want) {
			t.Errorf("SplitEmails(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestDamerauCountsSingleErrors(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"abc", "ab", 1}, {"abc", "abcd", 1}, {"abc", "xbc", 1}, {"abcd", "badc", 2}, {"abc", "xyz", 3}} {
		if got := damerau(c.a, c.b, 2); got != c.want {
			t.Errorf("damerau(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func FuzzEmail(f *testing.F) {
	for _, s := range []string{"Anne <anne@example.fr>", "mailto:a@é.fr?x", "<<a@b.fr>>", "'\"a@b.fr\"'", "a@xn--.fr", "a@b.fr; c@d.fr", "\xff@b.fr", "mailto:mailto:a@b.fr"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		SplitEmails(s)
		if m := SuggestEmail(s); m != "" && EmailProblem(m) != "" {
			t.Fatalf("%q is proposed and has the problem %s", m, EmailProblem(m))
		}
		got, ok := ParseEmail(s)
		if ok != (EmailProblem(s) == "") || ok == (got == "") {
			t.Fatalf("%q: %q %v %s", s, got, ok, EmailProblem(s))
		}
		if !ok {
			return
		}
		if !utf8.ValidString(got) {
			t.Fatalf("%q gives %q", s, got)
		}
		if again, ok := ParseEmail(got); !ok || again != got {
			t.Fatalf("%q gives %q, which gives %q", s, got, again)
		}
	})
}

func BenchmarkEmail(b *testing.B) {
	for b.Loop() {
		ParseEmail("Anne.Martin@Example.FR")
	}
}

func BenchmarkSuggestEmail(b *testing.B) {
	for b.Loop() {
		SuggestEmail("anne.martin@chaudronnerie-martin.fr")
	}
}
