package customers

import "strings"

// laPoste is the one company whose sites do not all obey the Luhn rule: for them
// the sum of the digits is a multiple of five.
const laPoste = "356000000"

// ParseSIREN reads the nine digits of a French company.
func ParseSIREN(s string) (siren string, ok bool) {
	d := digitsOf(s)
	if len(d) != 9 || d == "000000000" || !luhn(d) {
		return "", false
	}
	return d, true
}

// ParseSIRET reads the fourteen digits of a French site.
func ParseSIRET(s string) (siret string, ok bool) {
	d := digitsOf(s)
	if len(d) != 14 || d[:9] == "000000000" || !luhn(d[:9]) {
		return "", false
	}
	if luhn(d) {
		return d, true
	}
	if d[:9] == laPoste {
		sum := 0
		for i := range len(d) {
			sum += int(d[i] - '0')
		}
		return d, sum%5 == 0
	}
	return "", false
}

// SIRENOf gives the company of a site: nothing for what is no SIRET.
func SIRENOf(siret string) string {
	d, ok := ParseSIRET(siret)
	if !ok {
		return ""
	}
	return d[:9]
}

// ParseBN reads a Canadian business number: nine digits, with or without the
// account of a programme (RT0001 for the sales tax).
func ParseBN(s string) (bn string, ok bool) {
	id := compactID(s)
	if len(id) != 9 && len(id) != 15 || !onlyDigits(id[:9]) || id[:9] == "000000000" || !luhn(id[:9]) {
		return "", false
	}
	if len(id) == 15 {
		switch id[9:11] {
		case "RT", "RC", "RP", "RM", "RR", "RZ", "RD", "RE", "RG", "RN":
		default:
			return "", false
		}
		if !onlyDigits(id[11:]) {
			return "", false
		}
	}
	return id, true
}

// ParseNEQ reads the ten digits of a Québec enterprise. Its kind leads: 11 a
// company, 22 a sole trader, 33 a partnership or association, 88 a public body.
func ParseNEQ(s string) (neq string, ok bool) {
	d := digitsOf(s)
	if len(d) != 10 {
		return "", false
	}
	switch d[:2] {
	case "11", "22", "33", "88":
		return d, true
	}
	return "", false
}

// luhn tells whether digits end with the check digit of the Luhn rule.
func luhn(digits string) bool {
	sum, double := 0, false
	for i := len(digits) - 1; i >= 0; i-- {
		n := int(digits[i] - '0')
		if double {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
		double = !double
	}
	return sum%10 == 0
}

// compactID gives the ASCII letters, in capitals, and digits of an identifier,
// or nothing when there is more than separators between them.
func compactID(s string) string {
	if s = tidy(s); len(s) > 40 {
		return ""
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			b.WriteRune(r)
		case r >= 'a' && r <= 'z':
			b.WriteRune(r - 'a' + 'A')
		case strings.ContainsRune(" .-/‑–_", r):
		default:
			return ""
		}
	}
	return b.String()
}
