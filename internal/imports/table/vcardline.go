package table

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// logical is one property: a line with its continuations.
type logical struct {
	at     int64
	name   string // upper case, without its group; "" when the line is none
	params []pair // a bare one of version 2.1 has no value
	value  []byte
}

func (l logical) is(name, value string) bool {
	return l.name == name && strings.EqualFold(strings.TrimSpace(string(l.value)), value)
}

// has tells that a word stands among the types or the encoding.
func (l logical) has(word string) bool {
	for _, p := range l.params {
		if p.value == "" && p.key == word {
			return true
		}
		if p.key == "TYPE" || p.key == "ENCODING" {
			for _, v := range strings.Split(p.value, ",") {
				if strings.EqualFold(strings.Trim(v, ` "`), word) {
					return true
				}
			}
		}
	}
	return false
}

func (l logical) param(name string) string {
	for _, p := range l.params {
		if p.key == name {
			return p.value
		}
	}
	return ""
}

// dropped tells of contents that are no text.
func (l logical) dropped() bool {
	switch l.name {
	case "PHOTO", "LOGO", "SOUND", "KEY", "AGENT":
		return true
	}
	return false
}

func dropped(name string) bool {
	switch name {
	case "PRODID", "X-ABLABEL", "X-ABADR", "X-ABSHOWAS", "CLIENTPIDMAP", "XML", "PROFILE", "SORT-STRING", "X-EVOLUTION-FILE-AS", "X-MS-OL-DESIGN":
		return true
	}
	return false
}

// logical reads the next property, unfolded. old: of version 2.1, where the blank of a folded line belongs to the value.
func (c *cards) logical(old bool) (logical, error) {
	if c.held != nil {
		l := *c.held
		c.held = nil
		return l, nil
	}
	for {
		at := c.s.line
		line, ok, err := c.s.nextLine()
		if err != nil || !ok {
			return logical{}, orEOF(err)
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if at == 1 {
			line = bytes.TrimPrefix(line, []byte("\xEF\xBB\xBF"))
		}
		l := parseProperty(at, line)
		keep := !l.dropped()
		if !keep {
			l.value = nil
		} else {
			l.value = bytes.Clone(l.value)
		}
		soft := l.has("QUOTED-PRINTABLE")
		binary := l.has("BASE64") || l.has("B")
		for {
			more := soft && bytes.HasSuffix(bytes.TrimRight(line, " \t"), []byte("="))
			next, ok := c.peek()
			if !ok || !more && !folded(next) && !(binary && len(bytes.TrimSpace(next)) > 0 && bytes.IndexByte(next, ':') < 0) {
				break
			}
			line, _, err = c.s.nextLine()
			if err != nil {
				return logical{}, err
			}
			if !keep {
				continue
			}
			part := line
			switch {
			case more:
				l.value = append(bytes.TrimRight(l.value, " \t"), "\n"...)
			case folded(line) && (!old || binary):
				part = line[1:]
			}
			if l.value = append(l.value, part...); len(l.value) > MaxCell {
				return logical{}, &RowError{Line: at, Code: "imports.row.cell_too_long", Params: map[string]any{"line": at, "column": clip(l.name)}}
			}
		}
		return l, nil
	}
}

func folded(line []byte) bool { return len(line) > 0 && (line[0] == ' ' || line[0] == '\t') }

// peek shows the next line without taking it.
func (c *cards) peek() ([]byte, bool) {
	end, _, ok, err := c.s.wholeLine()
	if !ok || err != nil {
		return nil, false
	}
	return c.s.buf[c.s.pos:end], true
}

// parseProperty cuts "group.NAME;PARAM=value;BARE:value".
func parseProperty(at int64, line []byte) logical {
	l := logical{at: at}
	quoted, colon := false, -1
	for i, b := range line {
		if b == '"' {
			quoted = !quoted
		}
		if b == ':' && !quoted {
			colon = i
			break
		}
	}
	if colon < 0 {
		colon = bytes.IndexByte(line, ':') // a quote that was never closed
	}
	if colon <= 0 {
		if name := strings.ToUpper(strings.TrimSpace(string(line))); known21(name) {
			l.name = name // a property without a value
			return l
		}
		l.value = line
		return l
	}
	head := splitQuoted(string(line[:colon]))
	name := strings.ToUpper(strings.TrimSpace(head[0]))
	if _, after, ok := strings.Cut(name, "."); ok {
		name = after
	}
	if !isName(name) {
		l.value = line
		return l
	}
	l.name, l.value = name, line[colon+1:]
	for _, p := range head[1:] {
		key, v, _ := strings.Cut(p, "=")
		l.params = append(l.params, pair{strings.ToUpper(strings.TrimSpace(key)), strings.TrimSpace(v)})
	}
	return l
}

// known21 knows the properties that old programs write as a bare word when they are empty.
func known21(name string) bool {
	switch name {
	case "N", "FN", "ORG", "TITLE", "TEL", "ADR", "EMAIL", "NOTE", "URL", "BDAY", "ROLE", "NICKNAME":
		return true
	}
	return false
}

func isName(s string) bool {
	for _, r := range s {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return s != "" && len(s) <= 200
}

func splitQuoted(s string) []string {
	var out []string
	quoted, from := false, 0
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ';' && !quoted:
			out = append(out, s[from:i])
			from = i + 1
		}
	}
	return append(out, s[from:])
}

// text decodes the value: quoted-printable, then the characters.
func (l logical) text(encoding string) (string, string) {
	b := l.value
	if l.has("QUOTED-PRINTABLE") {
		b = quotedPrintable(b)
	}
	if charset := strings.ToLower(strings.Trim(l.param("CHARSET"), `"`)); charset != "" {
		if e := encodingOf(charset); e != nil && charset != "utf-8" && !(utf8.Valid(b) && !ascii(b) && !l.has("QUOTED-PRINTABLE")) {
			out, err := e.NewDecoder().Bytes(b)
			if err == nil {
				b = out
			}
		}
	}
	if !utf8.Valid(b) {
		name := encoding
		if name == "" || name == "utf-8" || strings.HasPrefix(name, "utf-16") {
			if !l.has("QUOTED-PRINTABLE") {
				return "", "imports.row.bytes"
			}
			name = "windows-1252"
		}
		if e := encodingOf(name); e != nil {
			out, err := e.NewDecoder().Bytes(b)
			if err != nil {
				return "", "imports.row.bytes"
			}
			b = out
		}
	}
	if bytes.IndexByte(b, 0) >= 0 {
		return "", "imports.row.nul"
	}
	if !utf8.Valid(b) {
		return "", "imports.row.bytes"
	}
	return string(b), ""
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// quotedPrintable decodes =XX and soft line breaks; what is no code stays as it is.
func quotedPrintable(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '=' {
			out = append(out, b[i])
			continue
		}
		switch {
		case i+1 < len(b) && b[i+1] == '\n':
			i++
		case i+2 < len(b) && hex(b[i+1]) >= 0 && hex(b[i+2]) >= 0:
			out = append(out, byte(hex(b[i+1])<<4|hex(b[i+2])))
			i += 2
		default:
			out = append(out, '=')
		}
	}
	return out
}

func hex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}
