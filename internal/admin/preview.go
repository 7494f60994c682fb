package admin

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// maxStyles keeps the header within what browsers and proxies take.
const maxStyles = 80

// previewPolicy is the content security policy of a mail shown in a frame: no
// script, no form, no address outside; of styles only those that stand in the
// mail itself, named by their hashes, so that the policy needs no unsafe-inline.
func previewPolicy(page string) string {
	styles := "'none'"
	if hashes := styleHashes(page); len(hashes) > 0 {
		styles = "'unsafe-hashes' " + strings.Join(hashes, " ")
	}
	return "sandbox; default-src 'none'; style-src " + styles + "; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
}

// styleHashes gives the hash of each style attribute and style element.
func styleHashes(page string) []string {
	var out []string
	add := func(css string) {
		sum := sha256.Sum256([]byte(css))
		h := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if len(out) < maxStyles && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	z := html.NewTokenizer(strings.NewReader(page))
	inStyle := false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.TextToken:
			if inStyle {
				add(string(z.Raw()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			inStyle = t.Data == "style"
			for _, a := range t.Attr {
				if a.Key == "style" {
					add(a.Val)
				}
			}
		default:
			inStyle = false
		}
	}
}

// piece is a part of a mail's text: words, or an address to follow.
type piece struct{ text, href string }

// linked parts a text at its web addresses.
func linked(text string) []piece {
	var out []piece
	at := 0
	for _, m := range regexp.MustCompile(`https?://[^\s<>"]+[^\s<>".,;:!?)\]]`).FindAllStringIndex(text, -1) {
		if m[0] > at {
			out = append(out, piece{text: text[at:m[0]]})
		}
		out = append(out, piece{text: text[m[0]:m[1]], href: text[m[0]:m[1]]})
		at = m[1]
	}
	if at < len(text) {
		out = append(out, piece{text: text[at:]})
	}
	return out
}
