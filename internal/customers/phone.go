package customers

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// The kinds of telephone number. North American numbers do not tell a mobile
// from a line: they are unknown.
const (
	PhoneMobile  = "mobile"
	PhoneFixed   = "fixed"
	PhoneService = "service"
	PhoneUnknown = "unknown"
)

// Phone is a telephone number as read from what somebody typed.
type Phone struct {
	E164  string // +33612345678; empty when the number is not valid
	Ext   string // digits to dial once connected
	Valid bool
	Kind  string
}

// ParsePhone reads one number. country (two letters, may be empty) says whose
// national form is meant when no + or 00 leads. A number of a French overseas
// department written as people there do (0590 …) is read as such, a number whose
// leading zero or + a spreadsheet ate is mended, one that it turned into 3,36E+10
// is refused: its last digits are lost.
func ParsePhone(s, country string) Phone {
	if p, ok := quickPhone(s, country); ok {
		return p
	}
	return slowPhone(s, country)
}

const longestPhone = 80

func slowPhone(s, country string) Phone {
	if len(s) > longestPhone*4 {
		return Phone{Kind: PhoneUnknown}
	}
	number, ext, ok := dialled(tidy(s), country)
	if !ok {
		return Phone{Kind: PhoneUnknown}
	}
	p := lookUp(number, country)
	if !p.Valid && strings.EqualFold(country, "FR") {
		if home := overseas(number); home != "" {
			p = lookUp(number, home)
		}
	}
	if p.Valid {
		p.Ext = ext
	}
	return p
}

func lookUp(number, country string) Phone {
	parsed, err := phonenumbers.Parse(number, strings.ToUpper(country))
	if err != nil {
		return Phone{Kind: PhoneUnknown}
	}
	kind, valid := PhoneUnknown, true
	switch phonenumbers.GetNumberType(parsed) {
	case phonenumbers.UNKNOWN:
		valid = false
	case phonenumbers.MOBILE:
		kind = PhoneMobile
	case phonenumbers.FIXED_LINE, phonenumbers.VOIP:
		kind = PhoneFixed
	case phonenumbers.TOLL_FREE, phonenumbers.PREMIUM_RATE, phonenumbers.SHARED_COST, phonenumbers.UAN,
		phonenumbers.PAGER, phonenumbers.VOICEMAIL:
		kind = PhoneService
	}
	if !valid {
		return Phone{Kind: PhoneUnknown}
	}
	return Phone{E164: phonenumbers.Format(parsed, phonenumbers.E164), Valid: true, Kind: kind}
}

// overseas gives the department whose numbers begin so: on the spot they are
// dialled like any French number, though each has a country code of its own.
func overseas(number string) string {
	d := digitsOf(number)
	if len(d) != 10 {
		return ""
	}
	switch d[:4] {
	case "0590", "0690", "0691":
		return "GP"
	case "0594", "0694":
		return "GF"
	case "0596", "0696", "0697":
		return "MQ"
	case "0262", "0263", "0692", "0693":
		return "RE"
	case "0269", "0639":
		return "YT"
	}
	return ""
}

// dialled takes words and the extension off a typed number and gives what can be
// dialled: digits with a leading + when the country code is there.
func dialled(s, country string) (number, ext string, ok bool) {
	if s == "" || len(s) > longestPhone {
		return "", "", false
	}
	if len(s) > 4 && strings.EqualFold(s[:4], "tel:") {
		s = s[4:]
	}
	if vanity(s, country) {
		return s, "", true
	}
	start := strings.IndexFunc(s, func(r rune) bool { return r == '+' || r == '＋' || dialDigit(r) >= 0 })
	if start < 0 {
		return "", "", false
	}
	// "Tél. (bureau) : 01 …" may lead; digits of another meaning may not.
	var b strings.Builder
	digits, end := 0, len(s)
	for i, r := range s[start:] {
		d := dialDigit(r)
		switch {
		case d >= 0:
			b.WriteByte(byte('0' + d))
			digits++
			continue
		case r == '+' || r == '＋':
			if digits > 0 || b.Len() > 0 {
				return "", "", false
			}
			b.WriteByte('+')
			continue
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), unicode.Is(unicode.Cf, r), strings.ContainsRune("./()[]·•−_~*", r),
			r == ',' && digits > 0 && digits < 6:
			continue
		}
		end = start + i
		break
	}
	if rest := s[end:]; rest != "" {
		// 3,36E+10 and 33612345678.0 came through a spreadsheet.
		if (rest[0] == 'e' || rest[0] == 'E') && len(rest) > 1 && strings.ContainsAny(rest[1:2], "+-0123456789") {
			return "", "", false
		}
		if ext, ok = extension(rest); !ok {
			return "", "", false
		}
	}
	number = b.String()
	if digits > 9 && strings.HasSuffix(s[:end], ".0") && onlyDigits(s[start:end-2]) {
		number = number[:len(number)-1]
	}
	if strings.HasPrefix(number, "00") {
		number = "+" + number[2:]
	}
	return number, ext, digits >= 5 && digits <= 17
}

func onlyDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func dialDigit(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= '０' && r <= '９':
		return int(r - '０')
	case r >= '٠' && r <= '٩':
		return int(r - '٠')
	}
	return -1
}

// extension reads what stands behind a number: "poste 12", "ext. 12", "x12",
// ";ext=12", "#12", or a word of comment without digits.
func extension(rest string) (ext string, ok bool) {
	digit := strings.IndexFunc(rest, func(r rune) bool { return r >= '0' && r <= '9' })
	if digit < 0 {
		return "", !strings.ContainsAny(rest, "+@")
	}
	word := strings.ReplaceAll(plain(rest[:digit]), " ", "")
	switch word {
	case "poste", "post", "pst", "p", "ext", "extn", "extension", "x", "int", "interne", "ligne", "l", "toestel", "tst",
		"durchwahl", "dw", "app", "apparat", "interno":
	case "":
		if !strings.ContainsAny(rest[:digit], "#;") {
			return "", false
		}
	default:
		return "", false
	}
	tail := rest[digit:]
	n := 0
	for n < len(tail) && tail[n] >= '0' && tail[n] <= '9' {
		n++
	}
	if n > 7 || strings.ContainsAny(tail[n:], "0123456789") {
		return "", false
	}
	return tail[:n], true
}

// vanity tells a North American number in letters, 1-800-FLOWERS: only behind
// the codes of free numbers, so that a name never becomes digits.
func vanity(s, country string) bool {
	if country != "US" && country != "CA" && !strings.HasPrefix(s, "+1") && !strings.HasPrefix(s, "1") {
		return false
	}
	letters, digits := 0, make([]byte, 0, longestPhone)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits = append(digits, c)
		case c >= 'A' && c <= 'Z':
			letters++
			digits = append(digits, 'A')
		case strings.IndexByte("+-.() ", c) < 0:
			return false
		}
	}
	d := strings.TrimPrefix(string(digits), "1")
	if letters < 3 || len(d) != 10 || d[0] != '8' {
		return false
	}
	switch d[:3] {
	case "800", "833", "844", "855", "866", "877", "888":
		return true
	}
	return false
}

// SplitPhones gives the numbers of a cell that holds several, each as it was
// typed: "01 23 45 67 89 / 06 12 34 56 78 ou 0033…". One number written with
// slashes (01/23/45/67/89) stays one.
func SplitPhones(s string) []string {
	if len(s) > longestRead {
		return []string{s}
	}
	var out []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool {
		return r == ';' || r == '|' || r == '\n' || r == '\r' || r == '\t'
	}) {
		if strings.HasPrefix(strings.ToLower(strings.TrimSpace(part)), "ext") && len(out) > 0 {
			out[len(out)-1] += ";" + part // tel:+33…;ext=12
			continue
		}
		for _, p := range splitAt(part, " ou ", " or ", " et ", " and ", " puis ", " / ", " - ", "/", ",", " & ") {
			if p = tidy(p); p != "" {
				out = append(out, p)
			}
		}
	}
	return out
}

// splitAt cuts at the first separator that leaves a whole number on each side.
func splitAt(s string, separators ...string) []string {
	for i, sep := range separators {
		if !strings.Contains(s, sep) {
			continue
		}
		parts := strings.Split(s, sep)
		whole := true
		for _, p := range parts {
			if dialledDigits(p) < 7 {
				whole = false
				break
			}
		}
		if !whole {
			continue
		}
		var out []string
		for _, p := range parts {
			out = append(out, splitAt(p, separators[i:]...)...)
		}
		return out
	}
	return []string{s}
}

// dialledDigits counts the digits of a number, without those of its extension.
func dialledDigits(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			n++
		case n > 0 && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '#'):
			return n
		}
	}
	return n
}
