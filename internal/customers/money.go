package customers

import (
	"strings"
	"unicode"
)

// ParseMoney reads an amount as hundredths, rounded half away from zero, with the
// code of its currency when one is written: €, EUR, CHF, $ CA, US$, £, k€. A
// dollar sign alone is given as "$": whose dollar it is, only the reader knows.
func ParseMoney(s string, decimal rune) (cents int64, currency string, ok bool) {
	s = tidy(s)
	if len(s) > 60 {
		return 0, "", false
	}
	number, currency, zeros, ok := cutCurrency(s)
	if !ok {
		return 0, "", false
	}
	whole, fraction, negative, ok := readNumber(number, decimal)
	if !ok {
		return 0, "", false
	}
	for range zeros + 2 {
		digit := byte('0')
		if fraction != "" {
			digit, fraction = fraction[0], fraction[1:]
		}
		whole += string(digit)
	}
	whole = strings.TrimLeft(whole, "0")
	if len(whole) > 18 {
		return 0, "", false
	}
	for i := range len(whole) {
		cents = cents*10 + int64(whole[i]-'0')
	}
	if fraction != "" && fraction[0] >= '5' {
		cents++
	}
	if negative {
		cents = -cents
	}
	return cents, currency, true
}

// cutCurrency gives the part of s with digits, the currency beside it and the
// zeros of a k or an M.
func cutCurrency(s string) (number, currency string, zeros int, ok bool) {
	inNumber := func(r rune) bool {
		return r >= '0' && r <= '9' || strings.ContainsRune("+-−–()", r)
	}
	first := strings.IndexFunc(s, func(r rune) bool { return inNumber(r) || r == '.' || r == ',' })
	last := strings.LastIndexFunc(s, inNumber)
	if first < 0 || last < 0 || last < first {
		return "", "", 0, false
	}
	// The runes that inNumber knows may be wider than one byte.
	end := last + 1
	for end < len(s) && s[end]&0xc0 == 0x80 {
		end++
	}
	if end < len(s) && s[end] == '.' && (end+1 == len(s) || s[end+1] < '0') {
		end++ // "12." and "12.-"
	}
	before, after := unitOf(s[:first]), unitOf(s[end:])
	number = strings.TrimSpace(s[first:end])
	// "(12,50 €)": the parenthesis stands outside.
	if i := strings.LastIndexAny(number, "0123456789"); strings.HasPrefix(number, "(") && strings.HasSuffix(number, ")") && i > 0 {
		inner := strings.TrimSpace(number[1 : len(number)-1])
		if n, c, z, ok := cutCurrency(inner); ok && c+before+after != "" && (before+after == "" || c == "") {
			if c == "" {
				c, z, ok = currencyOf(before + after)
			}
			return "-" + strings.TrimLeft(n, "-"), c, z, ok
		}
	}
	if before != "" && after != "" && before != after {
		if before != "$" && after != "k" && after != "m" {
			return "", "", 0, false
		}
		before += after
		after = ""
	}
	if before == "" {
		before = after
	}
	currency, zeros, ok = currencyOf(before)
	return number, currency, zeros, ok
}

// unitOf gives the letters and signs of a currency, in small letters.
func unitOf(s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.IsSpace(r) || r == '.' || r == '\'' {
			continue
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func currencyOf(unit string) (code string, zeros int, ok bool) {
	if unit == "" {
		return "", 0, true
	}
	code, ok = currencies[unit]
	if ok {
		return code, 0, true
	}
	for _, m := range []struct {
		word  string
		zeros int
	}{{"mio", 6}, {"md", 9}, {"mm", 6}, {"k", 3}, {"m", 6}} {
		if rest, found := strings.CutPrefix(unit, m.word); found {
			if code, ok = currencies[rest]; ok || rest == "" {
				return code, m.zeros, true
			}
		}
		if rest, found := strings.CutSuffix(unit, m.word); found {
			if code, ok = currencies[rest]; ok {
				return code, m.zeros, true
			}
		}
	}
	return "", 0, false
}

// currencies are known by sign, code and name, as unitOf writes them.
var currencies = map[string]string{
	"€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "eurht": "EUR", "€ht": "EUR", "€ttc": "EUR",
	"$": "$", "dollar": "$", "dollars": "$",
	"cad": "CAD", "$ca": "CAD", "ca$": "CAD", "c$": "CAD", "$cad": "CAD", "cad$": "CAD", "$can": "CAD", "cdn": "CAD", "$cdn": "CAD",
	"usd": "USD", "us$": "USD", "$us": "USD", "$usd": "USD", "usd$": "USD",
	"£": "GBP", "gbp": "GBP", "chf": "CHF", "frs": "CHF", "sfr": "CHF",
	"¥": "JPY", "jpy": "JPY", "aud": "AUD", "a$": "AUD", "nzd": "NZD", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "zł": "PLN",
	"czk": "CZK", "kč": "CZK", "huf": "HUF", "ron": "RON", "bgn": "BGN", "brl": "BRL", "r$": "BRL", "mad": "MAD", "tnd": "TND", "dzd": "DZD",
	"xof": "XOF", "fcfa": "XOF", "xaf": "XAF", "xpf": "XPF", "fcp": "XPF", "mxn": "MXN", "inr": "INR", "₹": "INR", "cny": "CNY", "hkd": "HKD",
	"sgd": "SGD", "zar": "ZAR", "try": "TRY", "₺": "TRY", "ils": "ILS", "₪": "ILS", "aed": "AED", "sar": "SAR",
}
