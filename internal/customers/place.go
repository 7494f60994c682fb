package customers

import (
	"strconv"
	"strings"
)

// Place is where a post office finds somebody, without the street.
type Place struct {
	Postcode string // as the country writes it: 13002, H2X 1Y4, 1012 AB
	City     string
	Cedex    string // Cedex 02: French business mail
	Province string // code of a Canadian province or American state, number of a French department
	Country  string // two letters, when the text names it or the postcode has its shape
}

const longestPlace = 300

// ParsePlace reads the line of an address with postcode and city: "13002
// MARSEILLE", "MARSEILLE 2", "Montréal (QC) H2X 1Y4", "B-1000 Bruxelles",
// "London SW1A 1AA". country (two letters, may be empty) is where it is read when
// the text does not say. A city in capitals or small letters only gets its usual
// case, a French one its hyphens; accents that were lost stay lost.
func ParsePlace(s, country string) Place {
	if len(s) > longestPlace {
		return Place{}
	}
	var p Place
	words := placeWords(tidy(s), country, &p)
	words = p.takePostcode(words)
	words = p.takeProvince(words, country)
	words = p.takeCedex(words)
	if p.Country == "" && p.Province != "" && !onlyDigits(p.Province) {
		p.Country = countryOfProvince(p.Province)
	}
	if p.Postcode != "" && p.Country != "" {
		country = p.Country
	}
	if country == "" {
		country = p.Country
	}
	words = p.takeQuarter(words, country)
	p.City = tidyCity(strings.Trim(strings.Join(words, " "), " ,;-–/"), country)
	return p
}

// placeWords cuts at blanks and commas, opens parentheses, and takes a country
// off the end.
func placeWords(s, country string, p *Place) []string {
	cut := strings.LastIndexAny(s, ",;(")
	if cut > 0 {
		last := strings.Trim(s[cut+1:], " ()")
		if code, ok := ParseCountry(last); ok && provinces()[plain(last)] == "" {
			p.Country = code
			s = s[:cut]
		}
	}
	words := strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == ',' || r == ';' || r == '(' || r == ')'
	})
	if n := len(words); n > 2 && p.Country == "" && len(words[n-1]) > 3 {
		if code, ok := ParseCountry(words[n-1]); ok && hasPostcode(words[:n-1]) && provinces()[plain(words[n-1])] == "" &&
			(country != "FR" || code == "FR" || !fiveDigits(words[0]) || fiveDigitCountries[code]) {
			p.Country = code
			words = words[:n-1]
		}
	}
	return words
}

// fiveDigitCountries write postcodes that look French: only their names, not
// Luxembourg or Andorra, are a country at the end of such a line and not a part of
// the commune (Bouy-Luxembourg, L'Hospitalet-près-l'Andorre).
var fiveDigitCountries = set("DE ES IT FI US")

func fiveDigits(w string) bool { return len(w) == 5 && onlyDigits(w) }

func hasPostcode(words []string) bool {
	for _, w := range words {
		if len(w) >= 4 && w[0] >= '0' && w[0] <= '9' {
			return true
		}
	}
	return false
}

// prefixes are the letters that were written before postcodes abroad.
var prefixes = map[string]string{
	"F": "FR", "FR": "FR", "B": "BE", "BE": "BE", "L": "LU", "LU": "LU", "CH": "CH", "D": "DE", "DE": "DE", "A": "AT", "AT": "AT",
	"I": "IT", "IT": "IT", "E": "ES", "ES": "ES", "NL": "NL", "P": "PT", "PT": "PT", "MC": "MC",
}

// takePostcode finds the postcode and takes it out of the words.
func (p *Place) takePostcode(words []string) []string {
	for i, w := range words {
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		if !hasDigit(w) && !hasDigit(next) {
			continue
		}
		if code, used, country := postcodeAt(strings.ToUpper(w), strings.ToUpper(next), i == 0, i == len(words)-1); used > 0 {
			p.Postcode = code
			if p.Country == "" {
				p.Country = country
			}
			return append(words[:i], words[i+used:]...)
		}
	}
	return words
}

func hasDigit(w string) bool { return strings.ContainsAny(w, "0123456789") }

// postcodeAt tells whether a postcode begins at w, and how many words it takes.
func postcodeAt(w, next string, first, last bool) (code string, used int, country string) {
	switch shape(w) {
	case "A9A9A9":
		return w[:3] + " " + w[3:], 1, "CA"
	case "A9A":
		if shape(next) == "9A9" {
			return w + " " + next, 2, "CA"
		}
	case "99999":
		return w, 1, ""
	case "99999-9999":
		return w, 1, "US"
	case "99999-999":
		return w, 1, "BR"
	case "9999-999":
		return w, 1, "PT"
	case "99-999":
		return w, 1, "PL"
	case "9999":
		if first && len(next) == 2 && shape(next) == "AA" {
			return w + " " + next, 2, "NL"
		}
		if first || last {
			return w, 1, ""
		}
	case "9999AA":
		return w[:4] + " " + w[4:], 1, "NL"
	}
	if letters, rest, found := strings.Cut(w, "-"); found && prefixes[letters] != "" && (shape(rest) == "99999" || shape(rest) == "9999") {
		return rest, 1, prefixes[letters]
	}
	if first && prefixes[w] != "" && (shape(next) == "99999" || shape(next) == "9999") {
		return next, 2, prefixes[w]
	}
	if shape(next) == "9AA" {
		switch shape(w) {
		case "A9", "A99", "AA9", "AA99", "A9A", "AA9A":
			return w + " " + next, 2, "GB"
		}
	}
	return "", 0, ""
}

// shape writes a short word with 9 for digits and A for letters.
func shape(w string) string {
	if len(w) > 10 {
		return ""
	}
	var b [10]byte
	for i := range len(w) {
		switch c := w[i]; {
		case c >= '0' && c <= '9':
			b[i] = '9'
		case c >= 'A' && c <= 'Z':
			b[i] = 'A'
		case c == '-':
			b[i] = '-'
		default:
			return ""
		}
	}
	return string(b[:len(w)])
}

// takeProvince takes the code or name of a province or state off the end, or a
// department in parentheses.
func (p *Place) takeProvince(words []string, country string) []string {
	n := len(words)
	if n == 0 || p.Country != "" && p.Country != "CA" && p.Country != "US" && p.Country != "FR" {
		return words
	}
	if n > 1 && p.Postcode == "" && (shape(words[n-1]) == "99" || shape(words[n-1]) == "999") && !inQuarters(words[:n-1]) {
		if v := atoi(words[n-1]); v > 20 && v < 96 || v > 970 && v < 990 {
			p.Province = words[n-1]
			return words[:n-1]
		}
	}
	if p.Country == "FR" || p.Country == "" && country == "FR" {
		return words
	}
	for _, take := range []int{2, 1} {
		if n < take {
			continue
		}
		name := words[n-1]
		if take == 2 {
			name = words[n-2] + " " + name
		}
		code := provinces()[plain(name)]
		// Two small letters are a word, not a code; a name alone may be the city.
		if code == "" || len(name) == 2 && strings.ToUpper(name) != name || n == take && (len(name) > 2 || p.Postcode == "") {
			continue
		}
		if len(name) > 2 && p.Country == "" && p.Postcode == "" {
			continue
		}
		if p.Postcode != "" && p.Country == "" && shape(p.Postcode) != "99999" {
			continue
		}
		p.Province = code
		return words[:n-take]
	}
	return words
}

// takeCedex takes "CEDEX 02" off the end.
func (p *Place) takeCedex(words []string) []string {
	for i := len(words) - 1; i > 0 && i >= len(words)-2; i-- {
		if plain(words[i]) != "cedex" {
			continue
		}
		if i == len(words)-1 {
			p.Cedex = "Cedex"
		} else if onlyDigits(words[i+1]) && len(words[i+1]) <= 2 {
			p.Cedex = "Cedex " + words[i+1]
		} else {
			return words
		}
		p.Country = "FR"
		return words[:i]
	}
	return words
}

func inQuarters(words []string) bool {
	return len(words) == 1 && quarters[plain(words[0])] != 0
}

// quarters are the cities with arrondissements: the postcode of number zero.
var quarters = map[string]int{"paris": 75000, "lyon": 69000, "marseille": 13000}

// takeQuarter drops the number of an arrondissement, and gives its postcode when
// none is written.
func (p *Place) takeQuarter(words []string, country string) []string {
	if len(words) < 2 || country != "" && country != "FR" {
		return words
	}
	base := quarters[plain(words[0])]
	digits := strings.TrimRight(plain(words[1]), "ermn d")
	if base == 0 || digits == "" || len(digits) > 2 || !onlyDigits(digits) {
		return words
	}
	if len(words) > 2 && (len(words) > 3 || !strings.HasPrefix(plain(words[2]), "arr")) {
		return words
	}
	most := map[int]int{75000: 20, 69000: 9, 13000: 16}[base]
	n, _ := strconv.Atoi(digits)
	if n < 1 || n > most {
		return words
	}
	if p.Postcode == "" {
		p.Postcode = strconv.Itoa(base + n)
	}
	p.Country = "FR"
	return words[:1]
}

// SplitStreet cuts a whole address, on one line or several, into the street and
// what ParsePlace reads. Without a postcode all of it is street.
func SplitStreet(s, country string) (street string, place Place) {
	if len(s) > longestRead {
		return "", Place{}
	}
	var parts []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' }) {
		if part = tidy(part); part != "" {
			parts = append(parts, part)
		}
	}
	tail := ""
	if n := len(parts); n > 1 {
		if _, ok := ParseCountry(parts[n-1]); ok && provinces()[plain(parts[n-1])] == "" {
			tail = ", " + parts[n-1]
			parts = parts[:n-1]
		}
	}
	for i := len(parts) - 1; i >= 0; i-- {
		from, line := i, strings.Join(parts[i:], ", ")+tail
		p := ParsePlace(line, country)
		if p.Postcode == "" {
			continue
		}
		// "Montréal, QC H2X 1Y4" and "Paris, 75002": the city stands before.
		if p.City == "" && from > 0 {
			from--
			p = ParsePlace(strings.Join(parts[from:], ", ")+tail, country)
		}
		if cut := placeInside(parts[from]); cut > 0 && strings.ContainsAny(parts[from][:cut], "0123456789") || cut > 0 && from == 0 {
			street = strings.Join(append(append([]string(nil), parts[:from]...), strings.TrimRight(parts[from][:cut], " -–")), ", ")
			rest := append([]string{parts[from][cut:]}, parts[from+1:]...)
			return street, ParsePlace(strings.Join(rest, ", ")+tail, country)
		}
		return strings.Join(parts[:from], ", "), p
	}
	return strings.Join(parts, ", ") + tail, Place{}
}

// placeInside tells where "75002 Paris" begins behind a street on the same line.
func placeInside(s string) int {
	for i := len(s) - 6; i > 2; i-- {
		if s[i-1] == ' ' && shape(s[i:i+5]) == "99999" && s[i+5] == ' ' {
			return i
		}
	}
	return 0
}
