package customers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/web"
)

// typed is what the form of a record sends.
type typed struct {
	values  Values            // as typed; of several, one a line; of points a tab and the label after each
	find    map[string]string // words by which somebody looks for an account, by field
	foundBy map[string]string // words for which the choices under a field were shown
	version int64
	fix     string // "emails:0:anne@gmail.com": put this in its place and show the form again
	more    string // show one more line of this field
	chosen  bool   // it comes from the page that asks whose value stays
	back    string // in which way a forgotten person came back by himself
}

// blank of a form: at most this many lines of one field.
const maxPoints = 20

// readForm reads the form of a record. What it does not offer is refused, so
// that nothing else can be set by it.
func readForm(r *http.Request, sch *Schema) (typed, error) {
	t := typed{values: Values{}, find: map[string]string{}, foundBy: map[string]string{}}
	form, err := web.Form(r)
	if err != nil {
		return t, err
	}
	for name, vals := range form {
		if err := t.take(sch, name, vals); err != nil {
			return t, err
		}
	}
	for _, f := range sch.Fields {
		if lines, sent := form[f.Name]; sent && (f.Type == Emails || f.Type == Phones) && !t.chosen {
			t.values[f.Name] = pointLines(lines, form[f.Name+".label"])
		}
	}
	return t, nil
}

// take reads one name of the form.
func (t *typed) take(sch *Schema, name string, vals []string) error {
	one := strings.TrimSpace(vals[0])
	switch name {
	case "version":
		t.version, _ = strconv.ParseInt(one, 10, 64)
		return nil
	case "fix":
		t.fix = one
		return nil
	case "more":
		t.more = one
		return nil
	case "chosen":
		t.chosen = one != ""
		return nil
	case "back":
		t.back = one
		return nil
	}
	base, part, _ := strings.Cut(name, ".")
	f, ok := sch.Field(base)
	if !ok || !f.Set || (part != "" && part != "find" && part != "for" && part != "label") {
		return errs.Malformed(web.Brief(name), "errors.unknown_field")
	}
	switch part {
	case "find":
		t.find[base] = one
	case "for":
		t.foundBy[base] = one
	case "":
		if len(vals) > maxPoints*5 {
			return errs.Malformed(web.Brief(name), "errors.repeated_field")
		}
		if f.Type == Choices {
			vals = slices.DeleteFunc(slices.Clone(vals), func(v string) bool { return v == "" })
		}
		t.values[base] = strings.Join(vals, "\n")
	}
	return nil
}

// pointLines joins what was typed with its labels.
func pointLines(lines, labels []string) string {
	var out []string
	for i, l := range lines {
		l = strings.ReplaceAll(strings.TrimSpace(l), "\t", " ")
		if l == "" || len(out) == maxPoints {
			continue
		}
		if i < len(labels) && labels[i] != "" {
			l += "\t" + strings.ReplaceAll(labels[i], "\t", " ")
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

// keepStates gives points that were not typed anew the state and the spelling
// that they had: what bounced stays marked.
func keepStates(sch *Schema, sent, stands Values) {
	for _, f := range sch.Fields {
		v, ok := sent[f.Name]
		if !ok || v == "" || (f.Type != Emails && f.Type != Phones) {
			continue
		}
		kind := pointKind(f.Type)
		before := PointsOf(kind, stands[f.Name])
		lines := strings.Split(v, "\n")
		for i, l := range lines {
			p := PointOf(kind, l)
			at := slices.IndexFunc(before, func(b Point) bool { return b.Shown() == p.Value || b.Value == p.Value })
			if at >= 0 && p.Typed == "" {
				kept := before[at]
				kept.Label = p.Label
				lines[i] = kept.Line()
			}
		}
		sent[f.Name] = strings.Join(lines, "\n")
	}
}

// mend puts a proposed address in the place of the mistyped one.
func (t *typed) mend() {
	part := strings.SplitN(t.fix, ":", 3)
	if len(part) != 3 {
		return
	}
	lines := strings.Split(t.values[part[0]], "\n")
	at, err := strconv.Atoi(part[1])
	if err != nil || at < 0 || at >= len(lines) {
		return
	}
	p := PointOf("email", lines[at])
	p.Value, p.Typed, p.State = part[2], "", ""
	lines[at] = p.Line()
	t.values[part[0]] = strings.Join(lines, "\n")
}

// sameWords compares as people do: without accents and capitals.
func sameWords(a, b string) bool { return db.Fold(a) == db.Fold(b) }
