package customers

import (
	"strings"
	"unicode"
)

// ParseNumber reads a number in the way people and programs write it: blanks of
// any width, apostrophes, points or commas between thousands, a currency or a
// per cent sign beside it, parentheses or a minus on either side for less than
// nothing. decimal is the decimal sign, ',' or '.'; 0 leaves it to each number,
// and refuses 1,234 alone, which is two numbers. The result has a point and no
// needless zeros: 1234.5. Per cents stay as written: 12,5 % gives 12.5.
// Exponents are refused: a spreadsheet has lost digits there.
func ParseNumber(s string, decimal rune) (number string, ok bool) {
	s, ok = bareNumber(s)
	if !ok {
		return "", false
	}
	whole, fraction, negative, ok := readNumber(s, decimal)
	if !ok {
		return "", false
	}
	return canonicalNumber(whole, fraction, negative), true
}

func canonicalNumber(whole, fraction string, negative bool) string {
	whole = strings.TrimLeft(whole, "0")
	fraction = strings.TrimRight(fraction, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if negative && whole != "0" {
		return "-" + whole
	}
	return whole
}

// bareNumber takes signs and words of currency and per cent off.
func bareNumber(s string) (string, bool) {
	plainDigits := s != ""
	for i := 0; i < len(s); i++ {
		if (s[i] < '0' || s[i] > '9') && s[i] != '.' && s[i] != '-' {
			plainDigits = false
			break
		}
	}
	if plainDigits && len(s) <= 60 {
		return s, true
	}
	s = tidy(s)
	if len(s) > 60 {
		return "", false
	}
	if cut := strings.TrimRight(s, "%‰ "); cut != s {
		return cut, true
	}
	number, _, zeros, ok := cutCurrency(s)
	return number, ok && zeros == 0
}

// readNumber reads digits with their separators and sign.
func readNumber(s string, decimal rune) (whole, fraction string, negative, ok bool) {
	s, negative, ok = signOf(s)
	if !ok || s == "" {
		return "", "", false, false
	}
	if decimal == 0 {
		if decimal, ok = ownDecimal(s); !ok {
			return "", "", false, false
		}
	}
	if decimal != ',' && decimal != '.' {
		return "", "", false, false
	}
	if i := strings.IndexRune(s, decimal); i >= 0 {
		s, fraction = s[:i], s[i+1:]
		if fraction != "" && !onlyDigits(fraction) {
			return "", "", false, false
		}
	}
	if onlyDigits(s) {
		return s, fraction, negative, len(s) <= 40 && len(fraction) <= 40
	}
	if s == "" {
		return "", fraction, negative, fraction != ""
	}
	// Thousands: the same separator all through, groups of three behind the first.
	var sep rune
	digits := make([]byte, 0, len(s))
	group, groups := 0, 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			digits = append(digits, byte(r))
			group++
			continue
		}
		if !thousands(r) || r == decimal || sep != 0 && r != sep || group == 0 || group > 3 || groups > 0 && group != 3 {
			return "", "", false, false
		}
		sep = r
		groups++
		group = 0
	}
	if group != 3 {
		return "", "", false, false
	}
	return string(digits), fraction, negative, true
}

func thousands(r rune) bool {
	switch r {
	case '.', ',', '\'', '’', '_', '´', '`':
		return true
	}
	return unicode.IsSpace(r)
}

// signOf takes the sign off: -5, − 5, 5-, (5), +5.
func signOf(s string) (rest string, negative, ok bool) {
	s = strings.TrimSpace(s)
	if strings.HasSuffix(s, ".–") || strings.HasSuffix(s, ".-") {
		s = s[:strings.LastIndexByte(s, '.')] // Swiss francs without centimes: 12.-
	}
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s, negative = strings.TrimSpace(s[1:len(s)-1]), true
	}
	signs := 0
	for _, sign := range []string{"-", "−", "–"} {
		if rest, found := strings.CutPrefix(s, sign); found {
			s, signs = rest, signs+1
			negative = true
			break
		}
		if rest, found := strings.CutSuffix(s, sign); found {
			s, signs = rest, signs+1
			negative = true
			break
		}
	}
	if signs == 0 && !negative {
		s = strings.TrimPrefix(s, "+")
	}
	s = strings.TrimSpace(s)
	return s, negative, !strings.ContainsAny(s, "+-()−–")
}

// ownDecimal tells the decimal sign of one number from itself.
func ownDecimal(s string) (decimal rune, ok bool) {
	comma, point := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.')
	commas, points := strings.Count(s, ","), strings.Count(s, ".")
	switch {
	case comma < 0 && point < 0:
		return '.', true
	case comma >= 0 && point >= 0:
		if comma > point {
			return ',', commas == 1
		}
		return '.', points == 1
	case commas > 1:
		return '.', true
	case points > 1:
		return ',', true
	}
	at, sign, other := comma, ',', '.'
	if at < 0 {
		at, sign, other = point, '.', ','
	}
	behind := len(s) - at - 1
	head := strings.TrimLeft(s[:at], "0")
	if behind == 3 && onlyDigits(s[:at]) && len(s[:at]) <= 3 && head != "" {
		return other, false // 1,234: nobody knows
	}
	return sign, true
}

// GuessDecimal tells the decimal sign of a column from samples, and whether that
// is sure: every number that tells anything says the same.
func GuessDecimal(samples []string) (decimal rune, sure bool) {
	votes := map[rune]int{}
	doubt := 0
	for _, s := range samples {
		s, ok := bareNumber(s)
		if !ok {
			continue
		}
		if s, _, ok = signOf(s); !ok || !strings.ContainsAny(s, ",.") {
			continue
		}
		own, ok := ownDecimal(s)
		switch {
		case !ok:
			doubt++
		default:
			if _, _, _, read := readNumber(s, own); read {
				votes[own]++
			}
		}
	}
	comma, point := votes[','], votes['.']
	switch {
	case comma == 0 && point == 0:
		return '.', doubt == 0
	case comma > point:
		return ',', point == 0
	}
	return '.', comma == 0
}

// ParseBool reads yes and no in the words, letters and signs that lists use.
func ParseBool(s string) (value, ok bool) {
	if len(s) > 40 {
		return false, false
	}
	switch strings.TrimSpace(s) {
	case "✓", "✔", "☑", "✅", "+":
		return true, true
	case "✗", "✘", "☐", "❌", "-":
		return false, true
	}
	switch plain(s) {
	case "oui", "o", "yes", "y", "vrai", "true", "t", "v", "1", "x", "on", "ok", "si", "ja", "j", "wahr", "actif", "active", "actived", "coche", "checked":
		return true, true
	case "non", "n", "no", "faux", "false", "f", "0", "off", "ko", "nein", "nee", "inactif", "inactive":
		return false, true
	}
	return false, false
}
