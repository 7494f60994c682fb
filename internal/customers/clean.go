package customers

import (
	"slices"
	"strings"
	"unicode/utf8"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// i18n: customers.errors.email.*

// Cleaner turns what was typed, or read from a file, into canonical values.
type Cleaner struct {
	Schema  *Schema
	Country string // in whose way national numbers are read when the record names no country
	Lenient bool   // a wrong address or number is kept and marked instead of refused: imports
}

// Clean reads some values by name. Names that nobody may set are left out.
// What is wrong is told field by field, and stands in the result as typed.
func (c Cleaner) Clean(in Values) (Values, errs.Fields) {
	out := make(Values, len(in))
	var wrong errs.Fields
	country := c.Country
	if code, ok := ParseCountry(in["country"]); ok {
		country = code
	}
	for _, name := range c.Schema.order {
		raw, sent := in[name]
		if !sent {
			continue
		}
		f, _ := c.Schema.Field(name)
		value, code := c.one(f, raw, country)
		if code == "" && tooLong(f, value) {
			code = "errors.too_long"
		}
		if code != "" {
			wrong.Add(name, code, "max", f.limit())
			value = strings.TrimSpace(raw)
		}
		out[name] = value
	}
	return out, wrong
}

// limit is how many letters a field takes.
func (f Field) limit() int {
	if f.Max > 0 {
		return f.Max
	}
	return 1000
}

func tooLong(f Field, v string) bool {
	return len(v) > f.limit() && utf8.RuneCountInString(v) > f.limit() && !f.Several()
}

// one reads one value: its canonical text, or the code of what is wrong.
func (c Cleaner) one(f Field, raw, country string) (value, code string) {
	switch f.Type {
	case Long:
		return strings.TrimSpace(strings.ReplaceAll(raw, "\r\n", "\n")), ""
	case Lines:
		return strings.Join(lines(raw), "\n"), ""
	case Tags:
		return tagLines(raw), ""
	case Emails, Phones:
		return c.points(f, raw, country)
	}
	v := line(raw)
	if v == "" {
		return "", ""
	}
	if value, code, done := number(f, v); done {
		return value, code
	}
	switch f.Type {
	case Choice:
		return oneOf(f, v)
	case Choices:
		return someOf(f, raw)
	case Date:
		if _, err := clock.ParseDay(v); err == nil {
			return v, ""
		}
		if day, ok := ParseDay(v, DayFirst); ok {
			return day, ""
		}
		return v, "customers.errors.date"
	case URL:
		if u, _, ok := ParseWebsite(v); ok {
			return u, ""
		}
		return c.kept(v, "customers.errors.url")
	case Country:
		if code, ok := ParseCountry(v); ok {
			return code, ""
		}
		return v, "customers.errors.country"
	case Language:
		if tag, ok := ParseLanguage(v); ok {
			return tag, ""
		}
		return v, "customers.errors.language"
	}
	return c.named(f, v)
}

// kept keeps a doubtful value of a file, and refuses that of a form.
func (c Cleaner) kept(v, code string) (string, string) {
	if c.Lenient {
		return v, ""
	}
	return v, code
}

// named reads the texts that have a rule of their own.
func (c Cleaner) named(f Field, v string) (value, code string) {
	var ok bool
	switch f.Name {
	case "siren":
		if value, ok = ParseSIREN(v); !ok {
			return v, "customers.errors.siren"
		}
	case "siret":
		if value, ok = ParseSIRET(v); !ok {
			return v, "customers.errors.siret"
		}
	case "vat":
		if value, ok = ParseVAT(v); !ok {
			return v, "customers.errors.vat"
		}
	default:
		return v, ""
	}
	return value, ""
}

// number reads the types that are numbers; done is false for all others.
func number(f Field, v string) (value, code string, done bool) {
	switch f.Type {
	case Number:
		n, ok := ParseNumber(v, decimalOf(v))
		if !ok {
			return v, "customers.errors.number", true
		}
		return n, "", true
	case Whole:
		n, ok := ParseNumber(v, decimalOf(v))
		if !ok || strings.ContainsAny(n, ".-") || len(n) > 15 {
			return v, "customers.errors.whole", true
		}
		return n, "", true
	case Money:
		cents, _, ok := ParseMoney(v, decimalOf(v))
		if !ok {
			return v, "customers.errors.money", true
		}
		return centsText(cents), "", true
	}
	return "", "", false
}

// decimalOf takes the last of comma and point as the decimal sign, when at most
// two digits follow it; 1.234 alone is one and some.
func decimalOf(v string) rune {
	i := strings.LastIndexAny(v, ".,")
	if i < 0 || v[i] == '.' {
		return '.'
	}
	return ','
}

func oneOf(f Field, v string) (value, code string) {
	key := db.Fold(v)
	if i := slices.IndexFunc(f.Choices, func(c string) bool { return db.Fold(c) == key }); i >= 0 {
		return f.Choices[i], ""
	}
	if f.Name == "salutation" {
		if s, ok := ParseSalutation(v); ok {
			return s, ""
		}
	}
	return v, "customers.errors.choose"
}

func someOf(f Field, raw string) (value, code string) {
	chosen := map[string]bool{}
	for _, v := range lines(strings.ReplaceAll(raw, ";", "\n")) {
		one, code := oneOf(f, v)
		if code != "" {
			return raw, code
		}
		chosen[one] = true
	}
	var out []string
	for _, c := range f.Choices {
		if chosen[c] {
			out = append(out, c)
		}
	}
	return strings.Join(out, "\n"), ""
}

// points reads addresses or numbers, one a line: as typed, then a tab and a
// label where there is one. Canonical lines are left as they are.
func (c Cleaner) points(f Field, raw, country string) (value, code string) {
	kind := pointKind(f.Type)
	var out []string
	seen := map[string]bool{}
	for _, l := range strings.Split(raw, "\n") {
		p := PointOf(kind, strings.Trim(l, " \r"))
		if p.Value == "" {
			continue
		}
		if p.Typed != "" {
			p.Value = p.Typed // read anew what stands in a canonical line
		}
		got, wrong := readPoint(p, country)
		if wrong != "" && !c.Lenient {
			code = wrong
		}
		if !seen[got.Value] {
			seen[got.Value] = true
			out = append(out, got.Line())
		}
	}
	return strings.Join(out, "\n"), code
}

// readPoint normalises one point; what it cannot read is kept and marked.
func readPoint(p Point, country string) (Point, string) {
	typed := line(p.Value)
	if p.State == "invalid" {
		p.State = ""
	}
	p.Typed = ""
	code := ""
	if p.Kind == "email" {
		address, ok := ParseEmail(typed)
		p.Value = address
		if !ok {
			p.Value, p.State, code = db.Fold(typed), "invalid", EmailProblem(typed)
		}
	} else {
		n := ParsePhone(typed, country)
		p.Value = n.E164
		if p.Label == "" && n.Kind == "mobile" {
			p.Label = "mobile"
		}
		if !n.Valid || n.E164 == "" {
			p.Value, p.State, code = db.Fold(typed), "invalid", "customers.errors.phone"
		}
	}
	if typed != p.Value {
		p.Typed = typed
	}
	if len(p.Value) > 300 {
		p.Value = cutKey(p.Value)
	}
	return p, code
}

// line tidies one line of text.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	if strings.Contains(s, "  ") {
		s = strings.Join(strings.Fields(s), " ")
	}
	return s
}

// lines splits into tidy lines, without empty ones and doubles.
func lines(s string) []string {
	var out []string
	for _, l := range strings.Split(s, "\n") {
		if l = line(l); l != "" && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// tagLines reads tags, separated by lines, commas or semicolons: sorted by
// their folded form, each once.
func tagLines(s string) string {
	all := lines(strings.NewReplacer(",", "\n", ";", "\n").Replace(s))
	slices.SortFunc(all, func(a, b string) int { return strings.Compare(db.Fold(a), db.Fold(b)) })
	all = slices.CompactFunc(all, func(a, b string) bool { return db.Fold(a) == db.Fold(b) })
	return strings.Join(all, "\n")
}
