package backup

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"unicode/utf8"
)

// appendRow writes one row as a JSON array and a newline. The form is
// canonical: the same values give the same bytes on either engine. Whole
// numbers keep all their digits. What JSON has no word for stands in an
// object: {"text": base64} for text that is not UTF-8, {"bytes": base64},
// {"number": "NaN"}.
func appendRow(b []byte, columns []Column, values []any) ([]byte, error) {
	b = append(b, '[')
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendValue(b, columns[i], v); err != nil {
			return nil, err
		}
	}
	return append(b, ']', '\n'), nil
}

func appendValue(b []byte, c Column, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int64:
		if c.Type == "boolean" && (v == 0 || v == 1) { // SQLite keeps no booleans
			return strconv.AppendBool(b, v == 1), nil
		}
		return strconv.AppendInt(b, v, 10), nil
	case float64:
		return appendNumber(b, v), nil
	case string:
		if !utf8.ValidString(v) {
			return appendObject(b, "text", base64.StdEncoding.EncodeToString([]byte(v))), nil
		}
		return appendText(b, v), nil
	case []byte:
		return appendObject(b, "bytes", base64.StdEncoding.EncodeToString(v)), nil
	}
	return nil, fmt.Errorf("column %s holds a %T, which a backup cannot keep", c.Name, v)
}

func appendNumber(b []byte, v float64) []byte {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return appendObject(b, "number", strconv.FormatFloat(v, 'g', -1, 64))
	case v == 0:
		return append(b, '0') // SQLite does not keep the sign of zero
	}
	return strconv.AppendFloat(b, v, 'g', -1, 64)
}

func appendObject(b []byte, key, value string) []byte {
	return append(b, `{"`+key+`":"`+value+`"}`...)
}

// appendText escapes as little as JSON allows.
func appendText(b []byte, s string) []byte {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return append(b, bytes.TrimSuffix(buf.Bytes(), []byte("\n"))...)
}

// readRow reads one line of a part; the values are ready to be inserted.
func readRow(line []byte, columns []Column) ([]any, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var values []any
	if err := d.Decode(&values); err != nil {
		return nil, fmt.Errorf("a row is not JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("a row is followed by something else")
	}
	if len(values) != len(columns) {
		return nil, fmt.Errorf("a row has %d values for %d columns", len(values), len(columns))
	}
	for i, v := range values {
		var err error
		if values[i], err = readValue(v, columns[i].Type); err != nil {
			return nil, fmt.Errorf("column %s: %w", columns[i].Name, err)
		}
	}
	return values, nil
}

func readValue(v any, typ string) (any, error) {
	switch v := v.(type) {
	case json.Number:
		if typ != "double precision" {
			if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
				return n, nil
			}
		}
		return strconv.ParseFloat(v.String(), 64)
	case []any:
		return nil, fmt.Errorf("a list is no value")
	case map[string]any:
		if s, ok := v["number"].(string); ok && len(v) == 1 {
			return strconv.ParseFloat(s, 64)
		}
		if s, ok := v["text"].(string); ok && len(v) == 1 {
			b, err := base64.StdEncoding.DecodeString(s)
			return string(b), err
		}
		if s, ok := v["bytes"].(string); ok && len(v) == 1 {
			return base64.StdEncoding.DecodeString(s)
		}
		return nil, fmt.Errorf("an unknown form of value")
	}
	return v, nil // nil, bool, string
}
