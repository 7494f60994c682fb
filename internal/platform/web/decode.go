package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"unisson/internal/platform/errs"
)

// Decode fills the struct behind form from the request's form (query for GET,
// body otherwise). Fields are named by their tag `form:"name"` and are string,
// bool ("on", "true", "1"), int or []string. A name that the struct does not
// have is refused with KindMalformed, so that nothing can be assigned that the
// form does not offer, as is what is no text (see Legible) and a body that is no
// form; a number that is none is KindInvalid. White space around values is
// trimmed unless the tag says `form:"name,raw"` (passwords).
func Decode(r *http.Request, form any) error {
	values, err := parsed(r)
	if err != nil {
		return err
	}
	v := reflect.ValueOf(form).Elem()
	names := map[string]int{}
	raw := map[string]bool{}
	for i := range v.NumField() {
		name, opt, _ := strings.Cut(v.Type().Field(i).Tag.Get("form"), ",")
		if name != "" {
			names[name] = i
			raw[name] = opt == "raw"
		}
	}
	var wrong errs.Fields
	for _, name := range sorted(values) {
		i, ok := names[name]
		if !ok {
			return errs.Malformed(Brief(name), "errors.unknown_field")
		}
		vals := values[name]
		if slices.ContainsFunc(vals, illegible) {
			return errs.Malformed("", "errors.malformed")
		}
		if !raw[name] {
			for j := range vals {
				vals[j] = strings.TrimSpace(vals[j])
			}
		}
		f := v.Field(i)
		if f.Kind() != reflect.Slice && len(vals) > 1 {
			return errs.Malformed(name, "errors.repeated_field")
		}
		switch f.Kind() {
		case reflect.String:
			f.SetString(vals[0])
		case reflect.Bool:
			f.SetBool(slices.Contains([]string{"on", "true", "1"}, vals[0]))
		case reflect.Int, reflect.Int64:
			if vals[0] == "" {
				continue
			}
			n, err := strconv.ParseInt(vals[0], 10, 64)
			if err != nil {
				wrong.Add(name, "errors.not_a_number")
				continue
			}
			f.SetInt(n)
		case reflect.Slice:
			f.Set(reflect.ValueOf(vals))
		}
	}
	return wrong.Err()
}

// Form gives what a request's form sends (query for GET, body otherwise) where
// the names are not known beforehand: the caller refuses those that it did not
// offer. What is no text, or no form, is refused as by Decode; line ends are \n.
func Form(r *http.Request) (url.Values, error) {
	values, err := parsed(r)
	if err != nil {
		return nil, err
	}
	for _, vals := range values {
		if slices.ContainsFunc(vals, illegible) {
			return nil, errs.Malformed("", "errors.malformed")
		}
		for i, v := range vals {
			vals[i] = strings.ReplaceAll(v, "\r\n", "\n")
		}
	}
	return values, nil
}

func parsed(r *http.Request) (url.Values, error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); Changes(r.Method) && r.ContentLength != 0 && kind != "application/x-www-form-urlencoded" {
		return nil, errs.Malformed("", "errors.malformed") // read as a form it would be an empty one
	}
	if err := r.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, errs.Malformed("", "errors.too_large")
		}
		return nil, errs.Malformed("", "errors.malformed")
	}
	if !Changes(r.Method) {
		return r.URL.Query(), nil
	}
	return r.PostForm, nil
}

// Legible refuses an address whose path or query is no text: with NUL or broken
// UTF-8, which no page of ours sends and PostgreSQL does not keep.
func Legible(r *http.Request) error {
	bad := illegible(r.URL.Path)
	if r.URL.RawQuery != "" {
		query, _ := url.ParseQuery(r.URL.RawQuery) // what cannot be read is refused where it is asked for
		for name, vals := range query {
			bad = bad || illegible(name) || slices.ContainsFunc(vals, illegible)
		}
	}
	if bad {
		return errs.Malformed("", "errors.malformed")
	}
	return nil
}

// Brief is a name as it came, fit to be shown: of bounded length, on one line.
func Brief(name string) string {
	const most = 64
	out := []rune(strings.ToValidUTF8(name, "\uFFFD"))
	if len(out) > most {
		out = append(out[:most-1], '…')
	}
	for i, c := range out {
		if !unicode.IsGraphic(c) {
			out[i] = unicode.ReplacementChar
		}
	}
	return string(out)
}

func illegible(s string) bool { return strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) }

func sorted(m map[string][]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
