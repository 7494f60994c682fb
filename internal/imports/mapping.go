package imports

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"unisson/internal/platform/db"
	"unisson/internal/platform/registry"
)

// Mapping says what the columns of a file mean.
type Mapping struct {
	Columns map[string]Column `json:"columns"`           // by header
	Set     map[string]string `json:"set,omitempty"`     // values of every row, whatever the file says
	Default map[string]string `json:"default,omitempty"` // values of rows that have none
}

// Column is what one column means.
type Column struct {
	Field   string            `json:"field"`
	Label   string            `json:"label,omitempty"`   // of an address or number: work, mobile
	Format  string            `json:"format,omitempty"`  // how days or numbers are written
	Choices map[string]string `json:"choices,omitempty"` // cell → code
}

// UnmarshalJSON also reads the short form, the name of the field alone.
func (c *Column) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &c.Field)
	}
	type plain Column
	return json.Unmarshal(data, (*plain)(c))
}

// Fields gives header → field, for summaries.
func (m Mapping) Fields() map[string]string {
	out := make(map[string]string, len(m.Columns))
	for h, c := range m.Columns {
		out[h] = c.Field
	}
	return out
}

// check tells which fields of a mapping the target does not have, and which
// columns the file does not have.
func (m Mapping) check(fields []registry.Field, header []string) error {
	known := map[string]bool{}
	for _, f := range fields {
		known[f.Name] = true
	}
	for _, h := range slices.Sorted(maps.Keys(m.Columns)) {
		if !slices.Contains(header, h) {
			return fmt.Errorf("the file has no column %q", h)
		}
		if f := m.Columns[h].Field; f != "" && !known[f] {
			return fmt.Errorf("there is no field %q (column %q)", f, h)
		}
	}
	for _, set := range []map[string]string{m.Set, m.Default} {
		for f := range set {
			if !known[f] {
				return fmt.Errorf("there is no field %q", f)
			}
		}
	}
	return nil
}

// reader turns the cells of rows into values by field.
type reader struct {
	columns []readColumn
	mapping Mapping
	formats map[string]string
}

type readColumn struct {
	at      int
	field   string
	several bool
	join    string
	label   string
	choices map[string]string
}

func newReader(m Mapping, header []string, fields []registry.Field) *reader {
	by := map[string]registry.Field{}
	for _, f := range fields {
		by[f.Name] = f
	}
	out := &reader{mapping: m, formats: map[string]string{}}
	for i, h := range header {
		c, ok := m.Columns[h]
		f, known := by[c.Field]
		if !ok || !known {
			continue
		}
		if c.Format != "" {
			out.formats[c.Field] = c.Format
		}
		var choices map[string]string
		for cell, code := range c.Choices {
			if choices == nil {
				choices = map[string]string{}
			}
			choices[db.Fold(cell)] = code
		}
		out.columns = append(out.columns, readColumn{at: i, field: c.Field, several: f.Several, join: f.Join, label: c.Label, choices: choices})
	}
	return out
}

func (r *reader) values(cells []string) map[string]string {
	out := make(map[string]string, len(r.columns)+len(r.mapping.Set))
	for _, c := range r.columns {
		if c.at >= len(cells) {
			continue
		}
		cell := strings.TrimSpace(cells[c.at])
		if cell == "" {
			continue
		}
		if c.choices != nil {
			if code, ok := c.choices[db.Fold(cell)]; ok {
				if cell = code; cell == "" {
					continue
				}
			}
		}
		if c.label != "" {
			cell = strings.ReplaceAll(cell, "\t", " ") + "\t" + c.label
		}
		switch has := out[c.field]; {
		case has == "":
			out[c.field] = cell
		case c.several:
			out[c.field] = has + "\n" + cell
		case c.join != "":
			out[c.field] = has + c.join + cell
		}
	}
	for f, v := range r.mapping.Default {
		if out[f] == "" {
			out[f] = v
		}
	}
	maps.Copy(out, r.mapping.Set)
	return out
}

// fingerprint is the same for rows that say the same, whatever their columns
// are called.
func fingerprint(values map[string]string) string {
	h := sha256.New()
	for _, f := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(h, "%s\x00%s\x00", f, values[f])
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// headerKey knows a header again, whatever its capitals and accents.
func headerKey(header []string) string {
	h := sha256.New()
	for _, name := range header {
		fmt.Fprintf(h, "%s\x00", nameKey(name))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// nameKey writes the name of a column without accents, capitals, signs and
// blanks, as registry.Field.Headers has it.
func nameKey(s string) string {
	var b strings.Builder
	for _, r := range db.Fold(strings.NewReplacer("’", "'", "°", "o").Replace(s)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}
