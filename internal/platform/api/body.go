package api

import (
	"bytes"
	"cmp"
	"encoding"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/web"
)

const (
	maxBody  = 1 << 20 // bytes of a request
	maxDepth = 32      // objects and arrays within each other
)

// readBody takes the body of a request whole and refuses what is not one strict
// JSON value of the operation's own shape: the standard decoder takes a name
// twice, in any case, mends broken text, and knows no bound for nesting. shape is
// nil for an operation that takes no body.
func readBody(w http.ResponseWriter, r *http.Request, shape reflect.Type) ([]byte, error) {
	if r.Body == nil || !web.Changes(r.Method) {
		return nil, nil
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, errs.Malformed("", "errors.too_large")
	case err != nil:
		return nil, errs.Malformed("", "errors.malformed")
	case len(data) == 0 && shape != nil:
		return nil, errs.Malformed("", "errors.json.empty")
	case len(data) == 0:
		return nil, nil
	}
	kind, _, err := mime.ParseMediaType(cmp.Or(r.Header.Get("Content-Type"), "application/json"))
	if err != nil || kind != "application/json" {
		return nil, errs.Malformed("", "errors.media_type")
	}
	if shape == nil {
		shape = reflect.TypeFor[struct{}]() // an empty object says nothing, which is what is asked
	}
	return data, checkJSON(data, shape)
}

// readJSON is encoding/json for texts that both engines keep.
func readJSON(data []byte, v any) error {
	if err := checkJSON(data, nil); err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

// checkJSON refuses data that is not one strict JSON value, with what, where and
// how to mend it. Of objects that shape describes it knows the names.
func checkJSON(data []byte, shape reflect.Type) error {
	if !utf8.Valid(data) {
		at := 0
		for at < len(data) {
			c, n := utf8.DecodeRune(data[at:])
			if c == utf8.RuneError && n <= 1 {
				break
			}
			at += n
		}
		return badJSON("errors.json.utf8", data, at)
	}
	var whole json.RawMessage
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&whole); err != nil {
		at := len(data)
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			at = int(syntax.Offset) - 1
		}
		return badJSON("errors.json.syntax", data, at)
	}
	if end := int(d.InputOffset()); len(bytes.TrimSpace(data[end:])) > 0 {
		return badJSON("errors.json.trailing", data, len(data)-len(bytes.TrimLeft(data[end:], " \t\r\n")))
	}
	if at := badEscape(data); at >= 0 {
		return badJSON("errors.json.escape", data, at)
	}
	d = json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return (&walk{d: d}).value("", shape, 0)
}

// badJSON says what is wrong at the byte at, as people count it.
func badJSON(code string, data []byte, at int) error {
	before := data[:min(max(at, 0), len(data))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[1+bytes.LastIndexByte(before, '\n'):])
	return &errs.Error{Kind: errs.KindMalformed, Code: code, Params: map[string]any{"line": strconv.Itoa(line), "column": strconv.Itoa(column)}}
}

// badEscape finds an escape that stands for no character which can be kept: NUL,
// or half of a surrogate pair. data is valid JSON.
func badEscape(data []byte) int {
	escaped := func(at int) (rune, bool) {
		if at+6 > len(data) || data[at] != '\\' || data[at+1] != 'u' {
			return 0, false
		}
		n, err := strconv.ParseUint(string(data[at+2:at+6]), 16, 16)
		return rune(n), err == nil
	}
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		c, ok := escaped(i)
		switch {
		case !ok:
			i++ // what is escaped escapes nothing
		case c == 0:
			return i
		case utf16.IsSurrogate(c):
			low, ok := escaped(i + 6)
			if !ok || utf16.DecodeRune(c, low) == utf8.RuneError {
				return i
			}
			i += 11
		default:
			i += 5
		}
	}
	return -1
}

// walk reads valid JSON token by token.
type walk struct{ d *json.Decoder }

// value reads one value; path tells where it stands, such as "members[2].part".
func (w *walk) value(path string, shape reflect.Type, depth int) error {
	t, err := w.d.Token()
	if err != nil {
		return errs.Malformed(path, "errors.malformed")
	}
	if n, ok := t.(json.Number); ok {
		if _, err := n.Float64(); err != nil {
			return errs.Malformed(path, "errors.json.number")
		}
		return nil
	}
	open, ok := t.(json.Delim)
	if !ok {
		return nil
	}
	if depth == maxDepth {
		return &errs.Error{Kind: errs.KindMalformed, Code: "errors.json.depth", Params: map[string]any{"max": strconv.Itoa(maxDepth)}}
	}
	if open == '{' {
		err = w.object(path, namesOf(shape), depth)
	} else {
		err = w.array(path, elementOf(shape), depth)
	}
	if err == nil {
		_, err = w.d.Token() // the closing one
	}
	return err
}

func (w *walk) object(path string, names map[string]reflect.Type, depth int) error {
	seen := map[string]bool{}
	for w.d.More() {
		t, err := w.d.Token()
		if err != nil {
			return errs.Malformed(path, "errors.malformed")
		}
		name, _ := t.(string)
		at := name
		if path != "" {
			at = path + "." + name
		}
		shape, known := names[name]
		switch {
		case seen[name]:
			return errs.Malformed(web.Brief(at), "errors.json.repeated")
		case names != nil && !known:
			return errs.Malformed(web.Brief(at), "errors.unknown_field")
		}
		seen[name] = true
		if err := w.value(at, shape, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) array(path string, shape reflect.Type, depth int) error {
	for i := 0; w.d.More(); i++ {
		if err := w.value(path+"["+strconv.Itoa(i)+"]", shape, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// namesOf gives the names of a struct as JSON writes them, with their types; nil
// for whatever reads itself or takes any name.
func namesOf(t reflect.Type) map[string]reflect.Type {
	if t = own(t); t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	names := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "-" && f.IsExported() && (!f.Anonymous || name != "") {
			names[cmp.Or(name, f.Name)] = f.Type
		}
	}
	return names
}

func elementOf(t reflect.Type) reflect.Type {
	if t = own(t); t == nil || t.Kind() != reflect.Slice && t.Kind() != reflect.Array {
		return nil
	}
	return t.Elem()
}

// own looks through pointers; nil for a type that reads its JSON itself.
func own(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) || reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return nil
	}
	return t
}

// shapeOf gives the type of an operation's body; nil when it takes none.
func shapeOf(input reflect.Type) reflect.Type {
	if f, ok := input.FieldByName("Body"); ok {
		return f.Type
	}
	return nil
}
