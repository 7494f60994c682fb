package table

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// attr gives an attribute by its local name, decoded.
func (x *xmlScanner) attr(name string) (string, bool) {
	b := x.attrs
	for len(b) > 0 {
		eq := bytes.IndexByte(b, '=')
		if eq < 0 {
			break
		}
		key := local(bytes.TrimSpace(b[:eq]))
		b = bytes.TrimLeft(b[eq+1:], " \t\r\n")
		if len(b) == 0 {
			break
		}
		end := bytes.IndexByte(b[1:], b[0])
		if end < 0 {
			break
		}
		if string(key) == name {
			v := b[1 : 1+end]
			if bytes.IndexByte(v, '&') >= 0 {
				if out, err := entities(nil, v); err == nil {
					v = out
				}
			}
			return string(v), true
		}
		b = b[end+2:]
	}
	return "", false
}

// entities appends b to out with its references replaced.
func entities(out, b []byte) ([]byte, error) {
	for len(b) > 0 {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			return append(out, b...), nil
		}
		out = append(out, b[:i]...)
		b = b[i+1:]
		end := bytes.IndexByte(b[:min(len(b), 12)], ';')
		if end < 0 {
			return out, brokenXML("a reference that does not end")
		}
		switch name := string(b[:end]); {
		case name == "lt":
			out = append(out, '<')
		case name == "gt":
			out = append(out, '>')
		case name == "amp":
			out = append(out, '&')
		case name == "quot":
			out = append(out, '"')
		case name == "apos":
			out = append(out, '\'')
		case len(name) > 1 && name[0] == '#':
			n, err := int64(0), error(nil)
			if name[1] == 'x' || name[1] == 'X' {
				n, err = strconv.ParseInt(name[2:], 16, 32)
			} else {
				n, err = strconv.ParseInt(name[1:], 10, 32)
			}
			if err != nil || n < 0 {
				return out, brokenXML("a bad reference")
			}
			out = utf8.AppendRune(out, rune(n))
		default:
			return out, refuse("imports.refused.xml_entities")
		}
		b = b[end+1:]
	}
	return out, nil
}
