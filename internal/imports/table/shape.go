package table

import "strings"

// shape is what a cell looks like.
type shape int

const (
	shapeEmpty shape = iota
	shapeNumber
	shapeDate
	shapeTime
	shapePhone
	shapeEmail
	shapeURL
	shapeBool
	shapeText
)

// typed tells the shapes that a column's name never has.
func (s shape) typed() bool { return s != shapeEmpty && s != shapeText && s != shapeBool }

// shapeOf classifies a cell.
func shapeOf(c string) shape {
	c = strings.TrimSpace(c)
	if c == "" {
		return shapeEmpty
	}
	if len(c) > 200 {
		return shapeText
	}
	if at := strings.IndexByte(c, '@'); at > 0 && strings.IndexByte(c[at:], '.') > 1 && !strings.ContainsAny(c, " \t,;") {
		return shapeEmail
	}
	lower := c
	if len(c) < 8 || c[0] == 'h' || c[0] == 'H' || c[0] == 'w' || c[0] == 'W' {
		lower = strings.ToLower(c)
	}
	switch {
	case strings.HasPrefix(lower, "http://"), strings.HasPrefix(lower, "https://"), strings.HasPrefix(lower, "www."):
		return shapeURL
	}
	switch lower {
	case "true", "false", "yes", "no", "oui", "non", "vrai", "faux", "y", "n", "o":
		return shapeBool
	}
	return shapeOfDigits(c)
}

// shapeOfDigits knows numbers, amounts, dates, times and phone numbers by their signs.
func shapeOfDigits(c string) shape {
	var digits, slashes, dashes, dots, colons, blanks, others int
	for i, r := range c {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '/':
			slashes++
		case r == '-' && i > 0:
			dashes++
		case r == '.':
			dots++
		case r == ':':
			colons++
		case r == ' ', r == '\u00A0', r == '\u202F':
			blanks++
		case r == '+' || r == '-' || r == ',' || r == '(' || r == ')' || r == '%' || r == '€' || r == '$' || r == '£' || r == '\'':
		case (r == 'T' || r == 'Z') && colons+dashes > 0, r == 'T' && digits >= 8:
		case (r == 'E' || r == 'e') && digits > 0 && i+1 < len(c):
		default:
			others++
		}
	}
	if digits == 0 || others > 0 {
		return shapeText
	}
	separators := max(slashes, dashes, dots)
	switch {
	case separators >= 2 && (slashes == 2 || dashes == 2 || dots == 2) && digits >= 4 && digits <= 8+colons*6 && c[0] != '+':
		return shapeDate
	case dashes >= 2 && colons >= 1:
		return shapeDate
	case colons >= 1 && digits <= 9*max(1, colons):
		return shapeTime
	case digits >= 8 && (c[0] == '+' || c[0] == '0' || c[0] == '(') && blanks+dashes+dots > 0:
		return shapePhone
	case strings.HasPrefix(c, "+") && digits >= 8:
		return shapePhone
	}
	return shapeNumber
}

// looks scores a cell as a value of a table, from 0 to 1, for a trial of a dialect with the given delimiter.
func looks(c string, quoted bool, delimiter string) float64 {
	switch s := shapeOf(c); {
	case s == shapeEmpty:
		return 0.8
	case s != shapeText:
		return 1
	case quoted:
		return 0.97
	}
	if score, stray := strayQuotes(c); stray {
		return score
	}
	for _, d := range []string{";", "\t", "|", "#", "^", "~"} {
		if d != delimiter && between(c, d) {
			return 0.3
		}
	}
	if delimiter != "," && between(c, ",") {
		return 0.5
	}
	return 0.93
}

// strayQuotes scores a cell that did not stand in quotes and has some: a quote that begins a word or is alone tells of
// a wrong delimiter; an inch or an apostrophe does not.
func strayQuotes(c string) (float64, bool) {
	if c[0] == '"' {
		return 0, true
	}
	n := strings.Count(c, `"`)
	if n == 0 {
		return 0, false
	}
	for i := 1; i < len(c)-1; i++ {
		if c[i] == '"' && strings.IndexByte(" ,;\t|:=", c[i-1]) >= 0 && c[i+1] > ' ' {
			return 0.2, true
		}
	}
	if n%2 == 1 {
		return 0.3, true
	}
	return 0.6, true
}

// between tells that d stands in c with something other than a blank on both sides.
func between(c, d string) bool {
	for i := 1; i < len(c)-1; i++ {
		if c[i] == d[0] && c[i-1] != ' ' && c[i+1] != ' ' {
			return true
		}
	}
	return false
}
