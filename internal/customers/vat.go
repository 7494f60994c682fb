package customers

import (
	"slices"
	"strings"
)

// ParseVAT reads a VAT number of the European Union, the United Kingdom,
// Northern Ireland, Norway or Switzerland, its country in front. Where the rule of
// the check digit is public and certain it is checked, elsewhere the shape. The
// result has no separators: FR44732829320, CHE116281710.
func ParseVAT(s string) (vat string, ok bool) {
	id := compactID(s)
	if len(id) < 4 {
		return "", false
	}
	if rest, found := strings.CutPrefix(id, "CHE"); found {
		for _, word := range []string{"TVA", "MWST", "IVA", "VAT"} {
			rest = strings.TrimSuffix(rest, word)
		}
		return "CHE" + rest, len(rest) == 9 && onlyDigits(rest) && weighted(rest, 11, 5, 4, 3, 2, 7, 6, 5, 4)
	}
	country, n := id[:2], id[2:]
	if country == "GR" {
		country = "EL"
	}
	check, known := vatChecks[country]
	if !known {
		return "", false
	}
	if country == "BE" && len(n) == 9 {
		n = "0" + n // as it was written before 2005
	}
	if country == "NO" {
		n = strings.TrimSuffix(n, "MVA")
	}
	if !check(n) {
		return "", false
	}
	return country + n, true
}

var vatChecks = map[string]func(string) bool{
	"AT": vatAustria,
	"BE": func(n string) bool {
		return digits(n, 10) && n[0] <= '1' && atoi(n[8:]) == 97-atoi(n[:8])%97
	},
	"BG": func(n string) bool { return digits(n, 9) || digits(n, 10) },
	"CY": func(n string) bool { return len(n) == 9 && onlyDigits(n[:8]) && letter(n[8]) },
	"CZ": func(n string) bool { return digits(n, 8) || digits(n, 9) || digits(n, 10) },
	"DE": func(n string) bool { return digits(n, 9) && n[0] != '0' && mod1110(n) },
	"DK": func(n string) bool { return digits(n, 8) && n[0] != '0' && dot(n, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0 },
	"EE": func(n string) bool { return digits(n, 9) && dot(n, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0 },
	"EL": func(n string) bool {
		return digits(n, 9) && dot(n, 256, 128, 64, 32, 16, 8, 4, 2)%11%10 == int(n[8]-'0')
	},
	"ES": vatSpain,
	"FI": func(n string) bool { return digits(n, 8) && dot(n, 7, 9, 10, 5, 8, 4, 2, 1)%11 == 0 },
	"FR": vatFrance,
	"GB": vatBritain,
	"HR": func(n string) bool { return digits(n, 11) && mod1110(n) },
	"HU": func(n string) bool { return digits(n, 8) && dot(n, 9, 7, 3, 1, 9, 7, 3, 1)%10 == 0 },
	"IE": vatIreland,
	"IT": func(n string) bool { return digits(n, 11) && n[:7] != "0000000" && luhn(n) },
	"LT": func(n string) bool { return digits(n, 9) || digits(n, 12) },
	"LU": func(n string) bool { return digits(n, 8) && atoi(n[:6])%89 == atoi(n[6:]) },
	"LV": func(n string) bool { return digits(n, 11) },
	"MT": func(n string) bool { return digits(n, 8) && dot(n, 3, 4, 6, 7, 8, 9, 10, 1)%37 == 0 },
	"NL": vatNetherlands,
	"NO": func(n string) bool { return digits(n, 9) && weighted(n, 11, 3, 2, 7, 6, 5, 4, 3, 2) },
	"PL": func(n string) bool { return digits(n, 10) && dot(n, 6, 5, 7, 2, 3, 4, 5, 6, 7)%11 == int(n[9]-'0') },
	"PT": func(n string) bool { return digits(n, 9) && n[0] != '0' && vatPortugal(n) },
	"RO": func(n string) bool { return len(n) >= 2 && len(n) <= 10 && onlyDigits(n) && n[0] != '0' },
	"SE": func(n string) bool { return digits(n, 12) && luhn(n[:10]) && n[10:] != "00" },
	"SI": func(n string) bool { return digits(n, 8) && n[0] != '0' && weighted(n, 11, 8, 7, 6, 5, 4, 3, 2) },
	"SK": func(n string) bool { return digits(n, 10) && mod(n, 11) == 0 },
	"XI": vatBritain,
}

// vatFrance checks the key: two digits, or for younger numbers a digit and a
// letter. A number of Monaco holds no SIREN.
func vatFrance(n string) bool {
	if len(n) != 11 || !onlyDigits(n[2:]) || n[2:] == "000000000" {
		return false
	}
	siren := atoi(n[2:])
	if n[2:5] != "000" && !luhn(n[2:]) {
		return false
	}
	if onlyDigits(n[:2]) {
		return atoi(n[:2]) == (12+3*(siren%97))%97
	}
	const signs = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	a, b := strings.IndexByte(signs, n[0]), strings.IndexByte(signs, n[1])
	if a < 0 || b < 0 {
		return false
	}
	key := a*34 + b - 100
	if a < 10 {
		key = a*24 + b - 10
	}
	return key >= 0 && (siren+1+key/11)%11 == key%11
}

func vatAustria(n string) bool {
	if len(n) != 9 || n[0] != 'U' || !onlyDigits(n[1:]) {
		return false
	}
	sum := 4
	for i := 1; i < 8; i++ {
		d := int(n[i] - '0')
		if i%2 == 0 {
			d = d/5 + d*2%10
		}
		sum += d
	}
	return (10-sum%10)%10 == int(n[8]-'0')
}

// vatSpain covers persons (DNI, NIE) and companies (CIF).
func vatSpain(n string) bool {
	if len(n) != 9 || !onlyDigits(n[1:8]) {
		return false
	}
	const letters = "TRWAGMYFPDXBNJZSQVHLCKE"
	first, last := n[0], n[8]
	switch {
	case first >= '0' && first <= '9':
		return letters[atoi(n[:8])%23] == last
	case first >= 'X' && first <= 'Z':
		return letters[(int(first-'X')*10000000+atoi(n[1:8]))%23] == last
	case strings.IndexByte("ABCDEFGHJKLMNPQRSUVW", first) < 0:
		return false
	}
	sum := 0
	for i := 1; i < 8; i++ {
		d := int(n[i] - '0')
		if i%2 == 1 {
			d = d/5 + d*2%10
		}
		sum += d
	}
	key := (10 - sum%10) % 10
	digit, sign := last == byte('0'+key), last == "JABCDEFGHI"[key]
	switch {
	case strings.IndexByte("KLMNPQRSW", first) >= 0:
		return sign
	case strings.IndexByte("ABEH", first) >= 0:
		return digit
	}
	return digit || sign
}

func vatBritain(n string) bool {
	if len(n) == 5 && (n[:2] == "GD" || n[:2] == "HA") && onlyDigits(n[2:]) {
		v := atoi(n[2:])
		return (n[:2] == "GD") == (v < 500)
	}
	if !digits(n, 9) && !digits(n, 12) || n[:9] == "000000000" {
		return false
	}
	sum := dot(n[:9], 8, 7, 6, 5, 4, 3, 2) + atoi(n[7:9])
	return sum%97 == 0 || (sum+55)%97 == 0
}

func vatIreland(n string) bool {
	if len(n) != 8 && len(n) != 9 {
		return false
	}
	if n[1] >= '0' && n[1] <= '9' {
		if !onlyDigits(n[:7]) {
			return false
		}
		sum := dot(n[:7], 8, 7, 6, 5, 4, 3, 2)
		if len(n) == 9 {
			if n[8] < 'A' || n[8] > 'I' && n[8] != 'W' {
				return false
			}
			if n[8] != 'W' {
				sum += 9 * int(n[8]-'A'+1)
			}
		}
		return n[7] == "WABCDEFGHIJKLMNOPQRSTUV"[sum%23]
	}
	// The shape before 1990: 8Z49289F.
	if len(n) != 8 || !onlyDigits(n[:1]) || !letter(n[1]) || !onlyDigits(n[2:7]) {
		return false
	}
	return n[7] == "WABCDEFGHIJKLMNOPQRSTUV"[dot("0"+n[2:7]+n[:1], 8, 7, 6, 5, 4, 3, 2)%23]
}

// vatNetherlands: companies check on their first nine digits, sole traders since
// 2020 on the whole number with its letters counted.
func vatNetherlands(n string) bool {
	if len(n) != 12 || n[9] != 'B' || !onlyDigits(n[:9]) || !onlyDigits(n[10:]) || n[10:] == "00" {
		return false
	}
	if dot(n[:9], 9, 8, 7, 6, 5, 4, 3, 2)%11 == int(n[8]-'0') {
		return true
	}
	rest := 0
	for i := 0; i < len(n)+2; i++ {
		c := ("NL" + n)[i]
		if letter(c) {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest == 1
}

func vatPortugal(n string) bool {
	key := 11 - dot(n, 9, 8, 7, 6, 5, 4, 3, 2)%11
	if key > 9 {
		key = 0
	}
	return key == int(n[8]-'0')
}

// weighted tells that the last digit is what the others, weighted, lack to a
// multiple of m.
func weighted(n string, m int, weights ...int) bool {
	key := (m - dot(n, weights...)%m) % m
	return key < 10 && key == int(n[len(n)-1]-'0')
}

// dot sums the first digits, each times its weight.
func dot(n string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += w * int(n[i]-'0')
	}
	return sum
}

// mod1110 checks the last digit by ISO 7064, modulus 11,10.
func mod1110(n string) bool {
	p := 10
	for i := 0; i < len(n)-1; i++ {
		if p = (p + int(n[i]-'0')) % 10; p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	return (p+int(n[len(n)-1]-'0'))%10 == 1
}

func mod(n string, m int) int {
	rest := 0
	for i := range len(n) {
		rest = (rest*10 + int(n[i]-'0')) % m
	}
	return rest
}

func digits(n string, length int) bool { return len(n) == length && onlyDigits(n) }

func letter(c byte) bool { return c >= 'A' && c <= 'Z' }

// atoi reads at most ten digits that are known to be digits.
func atoi(n string) int {
	v := 0
	for i := range len(n) {
		v = v*10 + int(n[i]-'0')
	}
	return v
}

// VATCountries lists the prefixes that ParseVAT knows.
func VATCountries() []string {
	out := []string{"CHE"}
	for country := range vatChecks {
		out = append(out, country)
	}
	slices.Sort(out)
	return out
}
