package customers

import (
	"strconv"
	"strings"

	"unisson/internal/platform/db"
)

// layout is how the fields of a kind lie in the columns of its table.
type layout struct {
	kind   Kind
	table  string
	fields []Field // those with a column that somebody may set
}

func layoutOf(k Kind) layout {
	l := layout{kind: k, table: "contacts"}
	if k == KindAccount {
		l.table = "accounts"
	}
	for _, f := range FieldsOf(k) {
		if f.Column != "" && f.Set {
			l.fields = append(l.fields, f)
		}
	}
	return l
}

// written lists the columns that follow from the values.
func (l layout) written() []string {
	var out []string
	for _, f := range l.fields {
		out = append(out, f.Column)
	}
	if l.kind == KindAccount {
		return append(out, "name_key", "sector_key", "city_key", "external_key", "domain")
	}
	return append(out, "name_key", "city_key", "external_key", "email", "phone")
}

// args gives the arguments of written for some values.
func (l layout) args(v Values) []any {
	out := make([]any, 0, len(l.fields)+5)
	for _, f := range l.fields {
		out = append(out, columnOf(f, v[f.Name]))
	}
	city, external := cutKey(db.Fold(v["city"])), cutKey(db.Fold(v["external_id"]))
	if l.kind == KindAccount {
		return append(out, nameKey(l.kind, v), cutKey(db.Fold(v["sector"])), city, external, domainOf(v))
	}
	return append(out, nameKey(l.kind, v), city, external, firstPoint(v["emails"]), firstPoint(v["phones"]))
}

// columnOf gives the stored form of one canonical value.
func columnOf(f Field, v string) any {
	switch f.Type {
	case Whole:
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return nil
		}
		return n
	case Money:
		if v == "" {
			return nil
		}
		return textCents(v)
	case Choices:
		return strings.ReplaceAll(v, "\n", " ")
	case Account:
		return null(v)
	}
	return v
}

// holder receives one column of a row and gives its canonical text.
type holder struct {
	field Field
	text  string
	whole *int64
}

func (h *holder) dest() any {
	if h.field.Type == Whole || h.field.Type == Money {
		return &h.whole
	}
	return &h.text
}

func (h *holder) value() string {
	switch h.field.Type {
	case Whole, Money:
		if h.whole == nil {
			return ""
		}
		if h.field.Type == Money {
			return centsText(*h.whole)
		}
		return strconv.FormatInt(*h.whole, 10)
	case Choices:
		return strings.ReplaceAll(h.text, " ", "\n")
	}
	return h.text
}

// read lists the columns that selectRecords reads for the fields.
func (l layout) read(t string) string {
	out := make([]string, len(l.fields))
	for i, f := range l.fields {
		out[i] = t + "." + f.Column
		if f.Type == Account {
			out[i] = "coalesce(" + out[i] + ", '')"
		}
	}
	return strings.Join(out, ", ")
}

// centsText writes cents as canonical money: 1234.50.
func centsText(c int64) string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	whole, rest := c/100, c%100
	text := sign + strconv.FormatInt(whole, 10) + "."
	if rest < 10 {
		text += "0"
	}
	return text + strconv.FormatInt(rest, 10)
}

// textCents reads canonical money.
func textCents(v string) int64 {
	neg := strings.HasPrefix(v, "-")
	whole, rest, _ := strings.Cut(strings.TrimPrefix(v, "-"), ".")
	n, _ := strconv.ParseInt(whole, 10, 64)
	c, _ := strconv.ParseInt((rest + "00")[:2], 10, 64)
	if n = n*100 + c; neg {
		return -n
	}
	return n
}
