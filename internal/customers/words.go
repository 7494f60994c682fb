package customers

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longestRead bounds what the readers of this package look at: a longer cell is
// never a number, a day, an address or a name.
const longestRead = 1000

// tidy gives s as valid text on one line: no control or invisible characters,
// single plain blanks, none at the ends. Most cells need nothing and come back
// as they are, without an allocation.
func tidy(s string) string {
	clean := true
	last := byte(' ')
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x7f || c < ' ' || c == ' ' && last == ' ' {
			clean = false
			break
		}
		last = c
	}
	if clean && (s == "" || last != ' ') {
		return s
	}
	if nice(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case r == utf8.RuneError, unicode.Is(unicode.Cf, r):
			continue
		case unicode.IsSpace(r), unicode.IsControl(r), r == '\u2007', r == '\u3164':
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// nice tells that text with accents needs no tidying either.
func nice(s string) bool {
	last := ' '
	for _, r := range s {
		switch {
		case r == utf8.RuneError, r < ' ', r >= 0x7f && r < 0xa1, r == 0xad, r >= 0x300,
			r == ' ' && last == ' ':
			return false
		}
		last = r
	}
	return last != ' '
}

// plain gives the letters and digits of s without accents, in lower case, with
// one blank for whatever stood between: the key by which words are looked up.
// "L’Île-d’Yeu" gives "l ile d yeu".
func plain(s string) string {
	ascii, same := true, true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			ascii = false
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		default:
			same = false
		}
	}
	if ascii && same {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	put := func(r rune) {
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if ascii {
		for i := 0; i < len(s); i++ {
			switch c := s[i]; {
			case c >= 'A' && c <= 'Z':
				put(rune(c + 'a' - 'A'))
			case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
				put(rune(c))
			default:
				space = b.Len() > 0
			}
		}
		return b.String()
	}
	for _, r := range norm.NFKD.String(s) {
		switch r = unicode.ToLower(r); {
		case unicode.Is(unicode.M, r):
		case r == 'œ':
			put('o')
			put('e')
		case r == 'æ':
			put('a')
			put('e')
		case r == 'ß':
			put('s')
			put('s')
		case r == 'ø':
			put('o')
		case r == 'ł':
			put('l')
		case r == 'đ', r == 'ð':
			put('d')
		case r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			put(r)
		default:
			space = b.Len() > 0
		}
	}
	return b.String()
}

// set makes a look-up of the words of a list.
func set(list string) map[string]bool {
	words := strings.Fields(list)
	out := make(map[string]bool, len(words))
	for _, w := range words {
		out[w] = true
	}
	return out
}

// digitsOf gives the digits of s, or nothing when anything but digits, blanks,
// points and hyphens stands there.
func digitsOf(s string) string {
	only := true
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			only = false
			break
		}
	}
	if only {
		return s
	}
	if len(s) > longestRead {
		return ""
	}
	out := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			out = append(out, byte(r))
		case unicode.IsSpace(r), r == '.', r == '-', r == '\u2007', r == '\u2011', r == '\ufeff', r == '\u200b':
		default:
			return ""
		}
	}
	return string(out)
}
