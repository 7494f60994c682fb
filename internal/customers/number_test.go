package customers

import (
	"testing"
	"unicode/utf8"
)

func TestNumbersAreReadAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		typed   string
		decimal rune
		want    string
	}{
		{"1234.5", '.', "1234.5"}, {"1 234,5", ',', "1234.5"}, {"1\u202f234\u202f567,50", ',', "1234567.5"}, {"1\u00a0234", ',', "1234"},
		{"1,234,567.80", '.', "1234567.8"}, {"1.234.567,8", ',', "1234567.8"}, {"1'234'567.8", '.', "1234567.8"}, {"1’234.50", '.', "1234.5"},
		{"1.234", ',', "1234"}, {"1.234", '.', "1.234"}, {"1,234", '.', "1234"}, {"1,234", ',', "1.234"},
		{"-5", '.', "-5"}, {"−5", '.', "-5"}, {"- 5", '.', "-5"}, {"5-", '.', "-5"}, {"(5)", '.', "-5"}, {"(1 234,50)", ',', "-1234.5"}, {"+5", '.', "5"},
		{"12,50 €", ',', "12.5"}, {"€12.50", '.', "12.5"}, {"12.50 EUR", '.', "12.5"}, {"CHF 12.-", '.', "12"}, {"$ 1,000", '.', "1000"},
		{"12,5 %", ',', "12.5"}, {"12%", '.', "12"}, {"007", '.', "7"}, {"0", '.', "0"}, {"-0", '.', "0"}, {"0,00", ',', "0"}, {".5", '.', "0.5"}, {",5", ',', "0.5"},
		{"5.", '.', "5"}, {"12345678901234567890", '.', "12345678901234567890"},
		{"1 234,5", 0, "1234.5"}, {"1,234.5", 0, "1234.5"}, {"1.234,5", 0, "1234.5"}, {"1,5", 0, "1.5"}, {"1.5", 0, "1.5"}, {"0.125", 0, "0.125"},
		{"1,234,567", 0, "1234567"}, {"1234,567", 0, "1234.567"}, {"12", 0, "12"}, {"(12,50 €)", ',', "-12.5"},
		{"1,234", 0, ""}, {"12 34", ',', ""}, {"1,23,456", '.', ""}, {"1.234.5", ',', ""}, {"1 234'567", '.', ""}, {"3,36E+10", ',', ""}, {"1e5", '.', ""},
		{"", '.', ""}, {"-", '.', ""}, {"abc", '.', ""}, {"12 rue", '.', ""}, {"1-2", '.', ""}, {"--5", '.', ""}, {"1.2.3", '.', ""}, {"5,5", '.', ""},
		{"NaN", '.', ""}, {"Inf", '.', ""}, {"0x10", '.', ""}, {"\xff5", '.', "5"}, {"12 k€", ',', ""}, {"5-20", '.', ""}, {"20.máj", '.', ""},
	} {
		got, ok := ParseNumber(c.typed, c.decimal)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("ParseNumber(%q, %q) = %q %v, want %q", c.typed, c.decimal, got, ok, c.want)
		}
	}
}

func TestMoneyIsReadAsPeopleWriteIt(t *testing.T) {
	for _, c := range []struct {
		typed    string
		decimal  rune
		cents    int64
		currency string
		ok       bool
	}{
		{"12,50 €", ',', 1250, "EUR", true}, {"1 234,5 EUR", ',', 123450, "EUR", true}, {"€1,234.56", '.', 123456, "EUR", true},
		{"100 $", '.', 10000, "$", true}, {"100 $ CA", '.', 10000, "CAD", true}, {"CA$100", '.', 10000, "CAD", true}, {"US$ 1,000.99", '.', 100099, "USD", true},
		{"CHF 1'234.50", '.', 123450, "CHF", true}, {"12.-", '.', 1200, "", true}, {"CHF 12.–", '.', 1200, "CHF", true}, {"£5", '.', 500, "GBP", true},
		{"12 k€", ',', 1200000, "EUR", true}, {"1,5 M€", ',', 150000000, "EUR", true}, {"$1.5M", '.', 150000000, "$", true}, {"250k", '.', 25000000, "", true},
		{"12", '.', 1200, "", true}, {"12.345", '.', 1235, "", true}, {"12.344", '.', 1234, "", true}, {"-12.345", '.', -1235, "", true}, {"(12,50 €)", ',', -1250, "EUR", true}, {"-12,50 €", ',', -1250, "EUR", true},
		{"0.0", '.', 0, "", true}, {"1234.50", '.', 123450, "", true}, {"9999999999999999.99", '.', 999999999999999999, "", true},
		{"99999999999999999.99", '.', 0, "", false}, {"", '.', 0, "", false}, {"gratuit", '.', 0, "", false}, {"12 pommes", '.', 0, "", false},
		{"EUR 12 USD", '.', 0, "", false}, {"1e9", '.', 0, "", false}, {"€", '.', 0, "", false},
	} {
		cents, currency, ok := ParseMoney(c.typed, c.decimal)
		if cents != c.cents || currency != c.currency || ok != c.ok {
			t.Errorf("ParseMoney(%q, %q) = %d %q %v, want %d %q %v", c.typed, c.decimal, cents, currency, ok, c.cents, c.currency, c.ok)
		}
	}
}

func TestTheDecimalSignOfAColumnIsGuessed(t *testing.T) {
	for name, c := range map[string]struct {
		samples []string
		decimal rune
		sure    bool
	}{
		"french": {[]string{"1 234,50", "12"}, ',', true}, "english": {[]string{"1,234.50", "12"}, '.', true}, "whole": {[]string{"12", "1 234"}, '.', true},
		"one thousand or one and some": {[]string{"1,234"}, '.', false}, "settled by another": {[]string{"1,234", "12,5"}, ',', true},
		"contradiction": {[]string{"12,5", "12.5", "13,5"}, ',', false}, "nothing": {nil, '.', true}, "thousands only": {[]string{"1.234.567"}, ',', true},
	} {
		if got, sure := GuessDecimal(c.samples); got != c.decimal || sure != c.sure {
			t.Errorf("%s: %q %v, want %q %v", name, got, sure, c.decimal, c.sure)
		}
	}
}

func TestYesAndNoAreKnown(t *testing.T) {
	for typed, want := range map[string]bool{"oui": true, "OUI": true, " Yes ": true, "vrai": true, "x": true, "X": true, "1": true, "✓": true, "non": false, "No": false, "FAUX": false, "0": false, "false": false} {
		if got, ok := ParseBool(typed); !ok || got != want {
			t.Errorf("ParseBool(%q) = %v %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", " ", "peut-être", "2", "ouin", "\xff"} {
		if got, ok := ParseBool(typed); ok {
			t.Errorf("ParseBool(%q) = %v", typed, got)
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1\u202f234,50 €", "(1'234.50)", "US$ 1,000", "12 k€", "12.-", "−5 %", "--", "(())", "\xff", "(-5)", "€(5)€"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, decimal := range []rune{'.', ',', 0} {
			if got, ok := ParseNumber(s, decimal); ok {
				if again, ok := ParseNumber(got, '.'); !ok || again != got || !utf8.ValidString(got) {
					t.Fatalf("%q gives %q, which gives %q %v", s, got, again, ok)
				}
			}
			if cents, currency, ok := ParseMoney(s, decimal); !ok && (cents != 0 || currency != "") || !utf8.ValidString(currency) {
				t.Fatalf("%q: %d %q %v", s, cents, currency, ok)
			}
		}
		GuessDecimal([]string{s})
		ParseBool(s)
	})
}

func BenchmarkNumber(b *testing.B) {
	for b.Loop() {
		ParseNumber("1 234 567,50", ',')
	}
}

func BenchmarkMoney(b *testing.B) {
	for b.Loop() {
		ParseMoney("1 234,50 €", ',')
	}
}
