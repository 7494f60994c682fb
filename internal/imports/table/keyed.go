package table

import (
	"io"
	"slices"
	"strings"
)

// pair is one named value of a record that names its own columns.
type pair struct{ key, value string }

// keyed reads records of JSONL or vCard files: named values, or a *RowError.
type keyed interface {
	fields() (line int64, pairs []pair, err error)
	// order sorts columns for people.
	order(keys []string)
}

// keyedRows puts named values in their columns.
type keyedRows struct {
	in      keyed
	columns map[string]int
	width   int
	until   int64
}

func newKeyedRows(in keyed, d Dialect) *keyedRows {
	k := &keyedRows{in: in, columns: make(map[string]int, len(d.Keys)), width: len(d.Keys), until: d.Until}
	for i, key := range d.Keys {
		k.columns[key] = i
	}
	return k
}

func (k *keyedRows) close() error { return nil }

func (k *keyedRows) discard() error {
	_, err := k.next()
	return err
}

func (k *keyedRows) next() (Row, error) {
	line, pairs, err := k.in.fields()
	if err != nil {
		return Row{}, err
	}
	if k.until > 0 && line > k.until {
		return Row{}, io.EOF
	}
	row := Row{Line: line, Cells: make([]string, k.width)}
	for _, p := range pairs {
		i, ok := k.columns[p.key]
		fault := ""
		switch {
		case !ok:
			fault = "imports.row.unknown_column"
		case len(p.value) > MaxCell:
			fault = "imports.row.cell_too_long"
		case strings.IndexByte(p.value, 0) >= 0:
			fault = "imports.row.nul"
		}
		if fault != "" {
			return Row{}, &RowError{Line: line, Code: fault, Params: map[string]any{"line": line, "column": clip(p.key)}, Cells: shown(row.Cells, pairs)}
		}
		row.Cells[i] = p.value
	}
	return row, nil
}

func shown(cells []string, pairs []pair) []string {
	out := slices.DeleteFunc(slices.Clone(cells), func(c string) bool { return c == "" })
	for _, p := range pairs[:min(len(pairs), 100)] {
		out = append(out, clip(p.key+": "+p.value))
	}
	return out
}

// sniffKeys collects the columns of the first thousand records, or of the first megabytes when these hold more.
func (l *located) sniffKeys(g *Guess) error {
	in, size, err := l.open()
	if err != nil {
		return err
	}
	defer in.Close()
	c := &counted{in, l.ctx, 0, size}
	t, err := decodeFor(c, g.Dialect)
	if err != nil {
		return err
	}
	var k keyed = newJSON(t)
	if g.Dialect.Format == VCard {
		k = newCards(t, g.Dialect.Encoding)
	}
	seen, records, good := map[string]bool{}, 0, 0
	for records < sampleRows || c.read < 8<<20 {
		_, pairs, err := k.fields()
		if err == io.EOF {
			break
		}
		if e := (*RowError)(nil); asRowError(err, &e) {
			records++
			continue
		}
		if err != nil {
			return err
		}
		records++
		good++
		for _, p := range pairs {
			if !seen[p.key] {
				seen[p.key] = true
				g.Dialect.Keys = append(g.Dialect.Keys, p.key)
			}
		}
		if len(seen) > MaxColumns {
			return refuse("imports.refused.columns", "max", MaxColumns)
		}
	}
	if len(seen) == 0 {
		if records > good {
			return refuse("imports.refused.no_record", "count", records)
		}
		return refuse("imports.refused.empty")
	}
	k.order(g.Dialect.Keys)
	g.Header = unique(slices.Clone(g.Dialect.Keys))
	g.Width = len(g.Header)
	g.Dialect.Columns = g.Width
	return nil
}
