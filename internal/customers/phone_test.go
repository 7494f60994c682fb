package customers

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

func TestAPhoneNumberIsReadAsPeopleTypeIt(t *testing.T) {
	for _, c := range []struct{ typed, country, e164, ext, kind string }{
		{"06 12 34 56 78", "FR", "+33612345678", "", PhoneMobile},
		{"06.12.34.56.78", "FR", "+33612345678", "", PhoneMobile},
		{"06-12-34-56-78", "FR", "+33612345678", "", PhoneMobile},
		{"06/12/34/56/78", "FR", "+33612345678", "", PhoneMobile},
		{"06\u00a012\u202f34 56 78", "FR", "+33612345678", "", PhoneMobile},
		{"0033 6 12 34 56 78", "", "+33612345678", "", PhoneMobile},
		{"0033 6 12 34 56 78", "CA", "+33612345678", "", PhoneMobile},
		{"+33 (0)6 12 34 56 78", "", "+33612345678", "", PhoneMobile},
		{"+33(0)612345678", "BE", "+33612345678", "", PhoneMobile},
		{"612345678", "FR", "+33612345678", "", PhoneMobile},
		{"33612345678", "FR", "+33612345678", "", PhoneMobile},
		{"33612345678.0", "FR", "+33612345678", "", PhoneMobile},
		{"612345678.0", "FR", "+33612345678", "", PhoneMobile},
		{"Tél. : 01 23 45 67 89", "FR", "+33123456789", "", PhoneFixed},
		{"tel:+33-1-23-45-67-89;ext=5555", "", "+33123456789", "5555", PhoneFixed},
		{"01 23 45 67 89 poste 12", "FR", "+33123456789", "12", PhoneFixed},
		{"01 23 45 67 89 (p. 12)", "FR", "+33123456789", "12", PhoneFixed},
		{"01.23.45.67.89 ext. 1234", "FR", "+33123456789", "1234", PhoneFixed},
		{"(514) 555-1234 x99", "CA", "+15145551234", "99", PhoneUnknown},
		{"514 555-1234 #99", "CA", "+15145551234", "99", PhoneUnknown},
		{"1 514 555 1234", "CA", "+15145551234", "", PhoneUnknown},
		{"01 23 45 67 89 (bureau)", "FR", "+33123456789", "", PhoneFixed},
		{"0800 123 456", "FR", "+33800123456", "", PhoneService},
		{"0 820 12 34 56", "FR", "+33820123456", "", PhoneService},
		{"09 72 12 34 56", "FR", "+33972123456", "", PhoneFixed},
		{"0590 81 22 33", "FR", "+590590812233", "", PhoneFixed},
		{"0692 12 34 56", "FR", "+262692123456", "", PhoneMobile},
		{"0696 12 34 56", "FR", "+596696123456", "", PhoneMobile},
		{"0475 12 34 56", "BE", "+32475123456", "", PhoneMobile},
		{"02/523.45.67", "BE", "+3225234567", "", PhoneFixed},
		{"+41 22 730 51 11", "", "+41227305111", "", PhoneFixed},
		{"0171 1234567", "DE", "+491711234567", "", PhoneMobile},
		{"1-800-FLOWERS", "US", "+18003569377", "", PhoneService},
		{"011 33 6 12 34 56 78", "CA", "+33612345678", "", PhoneMobile},
	} {
		want := Phone{E164: c.e164, Ext: c.ext, Valid: true, Kind: c.kind}
		if got := ParsePhone(c.typed, c.country); got != want {
			t.Errorf("ParsePhone(%q, %q) = %+v, want %+v", c.typed, c.country, got, want)
		}
	}
}

func TestWhatIsNoPhoneNumberIsRefused(t *testing.T) {
	for _, c := range []struct{ typed, country string }{
		{"", "FR"}, {"x", "FR"}, {"06.12.34.56.7", "FR"}, {"06 12 34 56 78 9", "FR"}, {"3,36E+10", "FR"},
		{"3.36123E+10", "FR"}, {"3,36123456E10", "FR"}, {"BusinessPhone", "FR"}, {"061234 Anna", "FR"},
		{"0612345678", ""}, {"0612345678", "CA"}, {"555-1234", "US"}, {"+", ""}, {"00", ""}, {"3631", "FR"},
		{"06 12 34 56 78 rue 12", "FR"}, {"12 rue de la Paix", "FR"}, {"anne@example.fr", "FR"}, {"0000000000", "FR"},
		{"06 12 34 56 78 +33 6 12 34 56 79", "FR"}, {"2026-11-24", "FR"}, {strings.Repeat("6", 500), "FR"},
		{"+99 12345678", ""}, {"0612345678", "ZZ"}, {"\xff\xfe", "FR"},
	} {
		if got := ParsePhone(c.typed, c.country); got.Valid || got.E164 != "" || got.Kind != PhoneUnknown {
			t.Errorf("ParsePhone(%q, %q) = %+v, want refused", c.typed, c.country, got)
		}
	}
}

func TestSeveralNumbersInACellAreToldApart(t *testing.T) {
	for typed, want := range map[string][]string{
		"01 23 45 67 89 / 06 12 34 56 78":           {"01 23 45 67 89", "06 12 34 56 78"},
		"01/23/45/67/89":                            {"01/23/45/67/89"},
		"0123456789/0612345678":                     {"0123456789", "0612345678"},
		"0123456789; 0612345678|+32475123456":       {"0123456789", "0612345678", "+32475123456"},
		"01 23 45 67 89 ou 06 12 34 56 78":          {"01 23 45 67 89", "06 12 34 56 78"},
		"01 23 45 67 89 poste 12, 06 12 34 56 78":   {"01 23 45 67 89 poste 12", "06 12 34 56 78"},
		"tel:+33-1-23-45-67-89;ext=12":              {"tel:+33-1-23-45-67-89;ext=12"},
		"01 23 45 67 89 - 06 12 34 56 78\n01234567": {"01 23 45 67 89", "06 12 34 56 78", "01234567"},
		"06 - 12 - 34 - 56 - 78":                    {"06 - 12 - 34 - 56 - 78"},
		"":                                          nil,
		" ; ":                                       nil,
	} {
		if got := SplitPhones(typed); !slices.Equal(got, want) {
			t.Errorf("SplitPhones(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestAPhoneNumberIsWrittenForItsReader(t *testing.T) {
	for _, c := range []struct{ e164, country, want string }{
		{"+33612345678", "FR", "06 12 34 56 78"},
		{"+33612345678", "CA", "+33 6 12 34 56 78"},
		{"+33612345678", "", "+33 6 12 34 56 78"},
		{"+33800123456", "FR", "0 800 12 34 56"},
		{"+15145551234", "CA", "(514) 555-1234"},
		{"+15145551234", "US", "(514) 555-1234"},
		{"+15145551234", "FR", "+1 514-555-1234"},
		{"+32475123456", "BE", "0475 12 34 56"},
		{"+32475123456", "FR", "+32 475 12 34 56"},
	} {
		want := strings.ReplaceAll(c.want, " ", hardBlank)
		if got := FormatPhone(c.e164, c.country); got != want {
			t.Errorf("FormatPhone(%q, %q) = %q, want %q", c.e164, c.country, got, want)
		}
	}
	for _, kept := range []string{"", "call me", "+", "06 12", "+abc"} {
		if got := FormatPhone(kept, "FR"); got != kept {
			t.Errorf("FormatPhone(%q) = %q", kept, got)
		}
	}
}

// byLibrary is the library alone, asked as its documentation says.
func byLibrary(s, country string) Phone {
	n, err := phonenumbers.Parse(s, country)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return Phone{Kind: PhoneUnknown}
	}
	kind := PhoneUnknown
	switch phonenumbers.GetNumberType(n) {
	case phonenumbers.MOBILE:
		kind = PhoneMobile
	case phonenumbers.FIXED_LINE, phonenumbers.VOIP:
		kind = PhoneFixed
	case phonenumbers.FIXED_LINE_OR_MOBILE, phonenumbers.PERSONAL_NUMBER:
	default:
		kind = PhoneService
	}
	return Phone{E164: phonenumbers.Format(n, phonenumbers.E164), Valid: true, Kind: kind}
}

func TestTheQuickWayAnswersAsTheLibraryDoes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 2026))
	quick := 0
	compare := func(s, country string) {
		t.Helper()
		got, ok := quickPhone(s, country)
		if !ok {
			return
		}
		quick++
		if want := byLibrary(s, country); got != want {
			t.Fatalf("quickPhone(%q, %q) = %+v, the library says %+v", s, country, got, want)
		}
		if want := slowPhone(s, country); got != want {
			t.Fatalf("quickPhone(%q, %q) = %+v, the long way says %+v", s, country, got, want)
		}
		if s != got.E164 {
			return
		}
		number, _ := phonenumbers.Parse(s, "")
		national := strings.ReplaceAll(phonenumbers.Format(number, phonenumbers.NATIONAL), " ", hardBlank)
		international := strings.ReplaceAll(phonenumbers.Format(number, phonenumbers.INTERNATIONAL), " ", hardBlank)
		if FormatPhone(s, country) != national || FormatPhone(s, "JP") != international {
			t.Fatalf("%s is written %q and %q, the library writes %q and %q", s, FormatPhone(s, country), FormatPhone(s, "JP"), national, international)
		}
	}
	for prefix := range 1000 {
		for _, tail := range []string{fmt.Sprintf("%06d", rnd.IntN(1e6)), "000000", "999999"} {
			number := fmt.Sprintf("%03d%s", prefix, tail) // nine digits
			for _, s := range []string{"0" + number, number, "+33" + number, "0033 (0)" + number, "+33 (0)" + number} {
				compare(s, "FR")
			}
			for _, s := range []string{"0" + number, number, number[:8], "0" + number[:8], "+32" + number, "+32 " + number[:8], "+320" + number[:8]} {
				compare(s, "BE")
			}
		}
		for exchange := range 10 {
			ten := fmt.Sprintf("%03d%d%06d", prefix, exchange, rnd.IntN(1e6))
			for _, s := range []string{ten, "1" + ten, "+1" + ten, "(" + ten[:3] + ") " + ten[3:6] + "-" + ten[6:]} {
				compare(s, "CA")
				compare(s, "US")
			}
		}
	}
	if quick < 30000 {
		t.Errorf("only %d numbers went the quick way", quick)
	}
}

func TestCommonNumbersGoTheQuickWay(t *testing.T) {
	for _, c := range [][2]string{
		{"06 12 34 56 78", "FR"}, {"+33 1 23 45 67 89", ""}, {"0475/12.34.56", "BE"}, {"514-555-1234", "CA"}, {"+1 (415) 937-3419", "US"},
	} {
		if _, ok := quickPhone(c[0], c[1]); !ok {
			t.Errorf("%q goes the long way", c[0])
		}
	}
}

func FuzzPhone(f *testing.F) {
	for _, s := range []string{"06 12 34 56 78", "+33 (0)1 23 45 67 89 poste 12", "1-800-FLOWERS", "3,36E+10", "0690 12 34 56", "\xff+1", ".0"} {
		f.Add(s, "FR")
		f.Add(s, "US")
	}
	f.Fuzz(func(t *testing.T, s, country string) {
		p := ParsePhone(s, country)
		if !utf8.ValidString(p.E164) || p.Valid != (p.E164 != "") {
			t.Fatalf("ParsePhone(%q) = %+v", s, p)
		}
		for _, part := range SplitPhones(s) {
			ParsePhone(part, country)
		}
		if !p.Valid {
			return
		}
		again := ParsePhone(p.E164, country)
		again.Ext = p.Ext
		if again != p {
			t.Fatalf("%q gave %+v, which gives %+v", s, p, again)
		}
		if back := ParsePhone(FormatPhone(p.E164, ""), ""); back.E164 != p.E164 {
			t.Fatalf("%q is written %q, which is read %+v", p.E164, FormatPhone(p.E164, ""), back)
		}
	})
}

func BenchmarkPhoneQuick(b *testing.B) {
	for b.Loop() {
		ParsePhone("06 12 34 56 78", "FR")
	}
}

func BenchmarkPhoneLong(b *testing.B) {
	for b.Loop() {
		ParsePhone("+41 22 730 51 11", "FR")
	}
}

func BenchmarkFormatPhoneLong(b *testing.B) {
	for b.Loop() {
		FormatPhone("+15145551234", "CA")
	}
}
