package imports

import (
	"slices"
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/registry"
)

// sampleOf gives the cells of one column that are not blank.
func sampleOf(rows [][]string, at int) []string {
	var out []string
	for _, r := range rows {
		if at < len(r) && strings.TrimSpace(r[at]) != "" {
			out = append(out, r[at])
		}
	}
	return out
}

// Propose says what the columns of a file seem to mean: by their names, checked
// against their cells, else by their cells alone. What is not known is left
// alone.
func Propose(t registry.Target, fields []registry.Field, header []string, rows [][]string) Mapping {
	chosen, labels := make([]string, len(header)), make([]string, len(header))
	for i, h := range header {
		cells := sampleOf(rows, i)
		chosen[i], labels[i] = byName(fields, h, cells)
	}
	if t.Settle != nil {
		t.Settle(header, chosen)
	}
	for i := range header {
		if chosen[i] == "" {
			chosen[i] = byCells(fields, chosen, sampleOf(rows, i), header[i])
		}
	}
	firstID(fields, header, chosen, rows)
	m := Mapping{Columns: map[string]Column{}}
	taken := map[string]string{} // field → stem of the first column that means it
	for i, h := range header {
		f, ok := fieldOf(fields, chosen[i])
		if !ok {
			continue
		}
		stem, again := taken[f.Name]
		if again && !f.Several && (f.Join == "" || stem != stemOf(h)) {
			continue
		}
		if !again {
			taken[f.Name] = stemOf(h)
		}
		c := Column{Field: f.Name}
		if slices.Contains(f.Labels, labels[i]) {
			c.Label = labels[i]
		}
		if f.Guess != nil {
			c.Format, _ = f.Guess(sampleOf(rows, i))
		}
		if len(f.Choices) > 0 {
			c.Choices = chooseBy(f, sampleOf(rows, i))
		}
		m.Columns[h] = c
	}
	return m
}

func fieldOf(fields []registry.Field, name string) (registry.Field, bool) {
	i := slices.IndexFunc(fields, func(f registry.Field) bool { return f.Name == name })
	if i < 0 || name == "" {
		return registry.Field{}, false
	}
	return fields[i], true
}

// byName looks the name of a column up, then without its number. Cells that
// look otherwise overrule it.
func byName(fields []registry.Field, header string, cells []string) (field, label string) {
	for _, key := range []string{nameKey(header), stemOf(header)} {
		for _, f := range fields {
			if l, ok := f.Headers[key]; ok && plausible(f, cells) {
				return f.Name, l
			}
		}
	}
	return "", ""
}

// stemOf is the name of a column without numbers and without what a file of two
// equal names added: "E-mail 2 - Value" and "E-mail 1 - Value" are one.
func stemOf(header string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, nameKey(header))
}

// plausible tells that cells do not speak against a field.
func plausible(f registry.Field, cells []string) bool {
	if f.Looks == nil || len(cells) < 3 || f.Kind != "emails" && f.Name != "id" && f.Name != "siret" && f.Name != "siren" {
		return f.Name != "id" || len(cells) > 0 && share(f, cells) == 1
	}
	return share(f, cells) >= 0.2
}

func share(f registry.Field, cells []string) float64 {
	n := 0
	for _, c := range cells {
		if f.Looks(c) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(cells)))
}

// byCells knows a column by what stands in it; a field that a column has
// already is not given to a second one, but for those that hold several.
func byCells(fields []registry.Field, chosen, cells []string, header string) string {
	if len(cells) < 3 {
		return ""
	}
	for _, f := range fields {
		if f.Looks == nil || f.Name == "id" || slices.Contains(chosen, f.Name) && !strings.HasPrefix(header, "#") {
			continue
		}
		if share(f, cells) >= 0.8 {
			return f.Name
		}
	}
	return ""
}

// firstID takes a first column that is named as an id, and whose cells differ
// from each other, as the number of the row in the system it comes from.
func firstID(fields []registry.Field, header, chosen []string, rows [][]string) {
	const field = "external_id"
	if _, ok := fieldOf(fields, field); !ok || len(header) == 0 || chosen[0] != "" || slices.Contains(chosen, field) {
		return
	}
	name := strings.ToLower(strings.TrimSpace(header[0]))
	if !strings.HasSuffix(name, "_id") && !strings.HasSuffix(name, " id") && !strings.HasSuffix(header[0], "Id") && !strings.HasPrefix(name, "id ") {
		return
	}
	seen := map[string]bool{}
	for _, c := range sampleOf(rows, 0) {
		if seen[c] {
			return
		}
		seen[c] = true
	}
	chosen[0] = field
}

// chooseBy finds codes for cells that are spelt a little otherwise; what is not
// found is left to the person.
func chooseBy(f registry.Field, cells []string) map[string]string {
	var out map[string]string
	for _, c := range cells {
		for _, code := range f.Choices {
			if db.Fold(c) == db.Fold(strings.ReplaceAll(code, "_", " ")) && c != code {
				if out == nil {
					out = map[string]string{}
				}
				out[c] = code
			}
		}
	}
	return out
}
