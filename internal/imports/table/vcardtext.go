package table

import (
	"io"
	"strings"
)

func orEOF(err error) error {
	if err == nil {
		return io.EOF
	}
	return err
}

// components splits a structured value at semicolons that are not escaped, giving n parts at least.
func components(s string, n int) []string {
	out := splitRaw(s, ';')
	for len(out) < n {
		out = append(out, "")
	}
	return out
}

// list splits a value at commas that are not escaped, and takes the escapes away.
func list(s string) []string { return splitUnescaped(s, ',') }

func splitUnescaped(s string, sep byte) []string {
	var out []string
	for _, p := range splitRaw(s, sep) {
		if p = strings.TrimSpace(unescape(p)); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func splitRaw(s string, sep byte) []string {
	var out []string
	from := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case sep:
			out = append(out, s[from:i])
			from = i + 1
		}
	}
	return append(out, s[from:])
}

func unescape(s string) string {
	if !strings.Contains(s, `\`) && !strings.Contains(s, "\r") {
		return s
	}
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\:`, ":", "\r\n", "\n").Replace(s)
}

// kindOf is the place that a property's types name.
func kindOf(l logical) string {
	switch {
	case l.has("WORK"):
		return "_work"
	case l.has("HOME"):
		return "_home"
	}
	return ""
}

func kindOfPhone(l logical) string {
	switch {
	case l.has("FAX"):
		return "_fax"
	case l.has("CELL"), l.has("IPHONE"), l.has("MOBILE"):
		return "_mobile"
	case l.has("PAGER"):
		return "_pager"
	}
	return kindOf(l)
}

// columnOf names the column of a property that is one value.
func columnOf(property string) string {
	switch property {
	case "TITLE":
		return "job_title"
	case "BDAY":
		return "birthday"
	case "URL":
		return "website"
	case "LANG":
		return "language"
	case "LABEL":
		return "address_label"
	}
	return strings.ReplaceAll(strings.ToLower(property), "-", "_")
}
