package table

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"
)

// jsonLines reads one object a line. A value that is an object gives a column a.b for each of its own values; an array
// of plain values is joined by "; "; what is nested deeper stays JSON text.
type jsonLines struct{ s *splitter }

func newJSON(t text) *jsonLines {
	return &jsonLines{newSplitter(t, Dialect{})}
}

func newJSONRows(t text, d Dialect) rows { return newKeyedRows(newJSON(t), d) }

func (j *jsonLines) order([]string) {}

func (j *jsonLines) fields() (int64, []pair, error) {
	for {
		at := j.s.line
		line, ok, err := j.s.nextLine()
		switch {
		case err != nil:
			return 0, nil, err
		case !ok:
			return 0, nil, io.EOF
		case len(bytes.TrimSpace(line)) == 0:
			continue
		}
		pairs, code := flatten(line)
		if code != "" {
			return at, nil, &RowError{Line: at, Code: code, Params: map[string]any{"line": at}, Cells: []string{clip(string(line[:min(len(line), 4000)]))}}
		}
		return at, pairs, nil
	}
}

// flatten turns one line into named values.
func flatten(line []byte) ([]pair, string) {
	if !utf8.Valid(line) {
		return nil, "imports.row.bytes"
	}
	if c := bytes.TrimSpace(line)[0]; c != '{' {
		return nil, "imports.row.json_object"
	}
	var out []pair
	code := members(line, func(key string, raw json.RawMessage) string {
		if len(raw) == 0 || raw[0] != '{' {
			v, code := scalar(raw)
			out = append(out, pair{key, v})
			return code
		}
		return members(raw, func(inner string, raw json.RawMessage) string {
			v, code := scalar(raw)
			out = append(out, pair{key + "." + inner, v})
			return code
		})
	})
	if code != "" {
		return nil, code
	}
	seen := make(map[string]bool, len(out))
	for _, p := range out {
		if seen[p.key] {
			return nil, "imports.row.key_twice"
		}
		seen[p.key] = true
		if len(p.key) > 200 {
			return nil, "imports.row.key_too_long"
		}
	}
	return out, ""
}

// members calls fn for each member of an object, in order.
func members(object []byte, fn func(key string, raw json.RawMessage) string) string {
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return "imports.row.json"
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return "imports.row.json"
		}
		key, ok := t.(string)
		var raw json.RawMessage
		if !ok || d.Decode(&raw) != nil {
			return "imports.row.json"
		}
		if strings.ContainsRune(key, 0) {
			return "imports.row.nul"
		}
		if code := fn(key, bytes.TrimSpace(raw)); code != "" {
			return code
		}
	}
	if _, err := d.Token(); err != nil {
		return "imports.row.json"
	}
	if _, err := d.Token(); err != io.EOF {
		return "imports.row.json"
	}
	return ""
}

// scalar gives a JSON value as text.
func scalar(raw json.RawMessage) (string, string) {
	switch {
	case len(raw) == 0:
		return "", "imports.row.json"
	case raw[0] == '"':
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return "", "imports.row.json"
		}
		return s, ""
	case raw[0] == '[':
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			return "", "imports.row.json"
		}
		out := make([]string, 0, len(items))
		for _, item := range items {
			if item = bytes.TrimSpace(item); len(item) > 0 && (item[0] == '{' || item[0] == '[') {
				return compact(raw), ""
			}
			v, code := scalar(item)
			if code != "" {
				return "", code
			}
			if v != "" {
				out = append(out, v)
			}
		}
		return strings.Join(out, "; "), ""
	case raw[0] == '{':
		return compact(raw), ""
	case string(raw) == "null":
		return "", ""
	}
	return string(raw), "" // a number as it is written, true, false
}

func compact(raw []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return string(raw)
	}
	return b.String()
}
