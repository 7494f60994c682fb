package table

import (
	"cmp"
	"slices"
	"strings"
)

// trial is one dialect tried on the sample.
type trial struct {
	d       Dialect
	records []record
	width   int     // of most records
	fit     float64 // share of records that have it
	types   float64
	score   float64
	quoted  bool // some cell stood in quotes
}

// habit says how likely a delimiter is before the file is seen.
func habit(delimiter string) float64 {
	switch delimiter {
	case ",", ";", "\t", "|", "\x1f", "\x01":
		return 1
	case "||", "::":
		return 0.9
	case " ":
		return 0.5
	}
	return 0.6
}

// delimiters are those tried, when they occur.
func delimiters(sample string) []string {
	all := []string{",", ";", "\t", "|", "\x1f", "\x01", "§", "¦", "#", "^", "~", ":", "||", "::", " "}
	return slices.DeleteFunc(all, func(d string) bool {
		// A bar that is always doubled is one delimiter of two bars, not a row of blank cells.
		doubled := d+d == "||" || d+d == "::"
		return !strings.Contains(sample, d) || doubled && !strings.Contains(strings.ReplaceAll(sample, d+d, ""), d)
	})
}

// tryAll tries the dialects that want leaves open, best first.
func tryAll(sample string, whole bool, want Dialect) []trial {
	delims := []string{want.Delimiter}
	if want.Delimiter == "" {
		delims = append(delimiters(sample), "")
	}
	quotes := []string{want.Quote}
	if want.Quote == "" {
		// Where no quote is seen, one may still come further down.
		quotes = []string{`"`}
		if strings.Contains(sample, "'") {
			quotes = append(quotes, "'")
		}
		if strings.Contains(sample, `"`) {
			quotes = append(quotes, None)
		}
	}
	var out []trial
	for _, d := range delims {
		for _, q := range quotes {
			for _, e := range escapes(sample, q, want.Escape) {
				t := try(sample, whole, want, d, q, e)
				if q == "'" && want.Quote == "" && !t.quoted {
					continue // an apostrophe is a quote only where it is seen to be one
				}
				out = append(out, t)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b trial) int { return cmp.Compare(b.score, a.score) })
	return out
}

func escapes(sample, quote, wanted string) []string {
	if wanted != "" {
		return []string{wanted}
	}
	if quote == None {
		return []string{None}
	}
	out := []string{quote}
	if strings.Contains(sample, `\`+quote) {
		out = append(out, `\`)
	}
	if strings.Contains(sample, "\x00"+quote) {
		out = append(out, "\x00")
	}
	if quote == "'" && onlyPairs(sample) {
		return []string{`"`}
	}
	return out
}

// onlyPairs tells that double quotes occur, always two by two: then one escapes the other.
func onlyPairs(sample string) bool {
	return strings.Contains(sample, `""`) && !strings.Contains(strings.ReplaceAll(sample, `""`, ""), `"`)
}

// try reads the sample in one dialect.
func try(sample string, whole bool, want Dialect, delimiter, quote, escape string) trial {
	d := want
	d.Format, d.Delimiter, d.Quote, d.Escape, d.Until = CSV, delimiter, quote, escape, 0
	d.Columns = 0
	t := trial{d: d}
	t.read(sample, whole)
	if !d.SkipBlanks && delimiter != "" && strings.TrimSpace(delimiter) != "" && t.blanksBeside() {
		t.d.SkipBlanks = true
		t.read(sample, whole)
	}
	t.judge()
	return t
}

// read cuts the sample into records; the last one of a sample that goes on is not whole, and dropped.
func (t *trial) read(sample string, whole bool) {
	t.records, t.quoted = t.records[:0], false
	s := newSplitter(strings.NewReader(sample), t.d)
	for range max(t.d.Skip, 0) {
		if _, ok, err := s.nextLine(); !ok || err != nil {
			break
		}
	}
	for len(t.records) < 20_000 {
		r, err := s.next()
		if err != nil {
			break
		}
		r.cells, r.quoted = slices.Clone(r.cells), slices.Clone(r.quoted)
		t.quoted = t.quoted || slices.Contains(r.quoted, true)
		t.records = append(t.records, r)
	}
	if !whole && len(t.records) > 1 {
		t.records = t.records[:len(t.records)-1]
	}
}

func (t *trial) blanksBeside() bool {
	cells, blank := 0, 0
	for _, r := range t.records {
		for i, c := range r.cells {
			if i == 0 {
				continue
			}
			cells++
			if trimmed := strings.TrimLeft(c, " "); len(trimmed) < len(c) && trimmed != "" {
				if i < len(r.quoted) && r.quoted[i] {
					continue
				}
				blank++
				if t.d.Quote != None && strings.HasPrefix(trimmed, t.d.Quote) {
					return true
				}
			}
		}
	}
	return blank > 0 && blank*10 >= cells*3
}

func (t *trial) judge() {
	count := map[int]int{}
	total := 0
	comments := t.d.Comment == "" && t.d.Delimiter != "" && commented(t.records)
	for _, r := range t.records {
		if comments && isComment(r) {
			continue
		}
		total++
		if r.fault == "" && !r.torn {
			count[len(r.cells)]++
		}
	}
	if comments {
		t.d.Comment = "#"
		t.records = slices.DeleteFunc(t.records, isComment)
	}
	if total == 0 {
		return
	}
	for n, c := range count {
		if c > count[t.width] || c == count[t.width] && n > t.width {
			t.width = n
		}
	}
	t.fit = float64(count[t.width]) / float64(total)
	cells, sum := 0, 0.0
	for _, r := range t.records[:min(len(t.records), 400)] {
		for i, c := range r.cells {
			cells++
			sum += looks(c, i < len(r.quoted) && r.quoted[i], t.d.Delimiter)
		}
	}
	if cells > 0 {
		t.types = sum / float64(cells)
	}
	if t.d.Delimiter == "" {
		t.score = (0.15 + 0.2*t.types) * t.fit
		return
	}
	t.score = t.fit * float64(t.width-1) / float64(t.width) * t.types * habit(t.d.Delimiter)
	if t.d.Quote == None {
		t.score *= 0.98 // quotes that are seen to work are believed
	}
}

func isComment(r record) bool {
	return len(r.cells) > 0 && strings.HasPrefix(r.cells[0], "#") && (len(r.quoted) == 0 || !r.quoted[0]) && len(r.cells[0]) > 1 ||
		r.fault != "" && strings.HasPrefix(r.raw, "#")
}

// commented tells that lines beginning with # are remarks: they have not the width that the others mostly have.
func commented(records []record) bool {
	marks, plain := map[int]int{}, map[int]int{}
	usual := 0
	for _, r := range records {
		switch n := len(r.cells); {
		case isComment(r):
			marks[n]++
		case r.fault == "":
			if plain[n]++; plain[n] > plain[usual] {
				usual = n
			}
		}
	}
	return len(marks) > 0 && len(plain) > 0 && marks[usual] == 0
}
