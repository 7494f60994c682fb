package table

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// headerDoubts finds names that were decoded wrongly before the file reached us.
func headerDoubts(header []string) []Doubt {
	for _, h := range header {
		if meant := unmangle(h); meant != "" {
			return []Doubt{doubt("imports.doubt.mojibake", "header", h, "meant", meant)}
		}
	}
	return nil
}

// unmangle gives what a name said before UTF-8 was read as Windows-1252, or Latin-1 as Mac Roman; "" when it is sound.
func unmangle(s string) string {
	if b, err := charmap.Windows1252.NewEncoder().String(s); err == nil && b != s && utf8.ValidString(b) {
		return b
	}
	b, err := charmap.Macintosh.NewEncoder().String(s)
	if err != nil || b == s {
		return ""
	}
	again, err := charmap.Windows1252.NewDecoder().String(b)
	if err == nil && inWords([]byte(again)) > inWords([]byte(s)) {
		return again
	}
	return ""
}

// inWords counts accented small letters between small letters, less capital ones there.
func inWords(s []byte) int {
	n, before := 0, ' '
	for _, r := range string(s) {
		if r >= 0x80 && before >= 'a' && before <= 'z' {
			switch {
			case strings.ContainsRune("éèêëàâäçîïôöùûüœ", r):
				n++
			default:
				n--
			}
		}
		before = r
	}
	return n
}
