package db

import (
	"encoding/hex"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// SortKeyVersion names the maker of SortKey; when it changes, stored keys are
// rebuilt.
const SortKeyVersion = "x/text 0.43 fr"

// Fold gives the form under which text is compared and searched: lower case,
// without accents, ligatures opened, inner space single. "Éléonore  Œuvré"
// gives "eleonore oeuvre".
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		switch r = unicode.ToLower(r); r {
		case 'œ':
			b.WriteString("oe")
		case 'æ':
			b.WriteString("ae")
		case 'ß':
			b.WriteString("ss")
		case 'ø':
			b.WriteByte('o')
		case 'đ', 'ð':
			b.WriteByte('d')
		case 'ł':
			b.WriteByte('l')
		case '’', 'ʼ':
			b.WriteByte('\'')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// keyMakers gives each caller a collator of its own: collators are not safe for
// concurrent use, and making one is slow.
var keyMakers = sync.Pool{New: func() any { return collate.New(language.French) }}

// SortKey gives the key by which s sorts among words of French and English:
// bytes compared left to right, as lower-case hex.
func SortKey(s string) string {
	c := keyMakers.Get().(*collate.Collator)
	defer keyMakers.Put(c)
	var buf collate.Buffer
	return hex.EncodeToString(c.KeyFromString(&buf, s))
}

// LikePrefix gives the pattern of a like … escape '\' that finds texts that
// begin with s, which must be folded already.
func LikePrefix(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}
