package table

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Sniff looks at a file and proposes how to read it. Fields set in want are obeyed, the others guessed. The error is a
// *Refusal when the file cannot be read, or ctx's.
func Sniff(ctx context.Context, src Source, want Dialect) (Guess, error) {
	l, err := locate(ctx, src, want)
	if err != nil {
		return Guess{}, err
	}
	var g Guess
	if l.format == XLSX {
		g, err = sniffSheet(l, want)
	} else {
		g, err = sniffText(l, want)
	}
	if err != nil {
		return Guess{}, err
	}
	g.Dialect.Entry = l.name
	g.Others = append(g.Others, l.others...)
	if len(l.others) > 0 {
		g.Doubts = append(g.Doubts, doubt("imports.doubt.entries", "read", l.name, "count", len(l.others)))
	}
	g.Doubts = append(g.Doubts, headerDoubts(g.Header)...)
	return g, sampleRowsOf(ctx, src, &g)
}

// sampleRowsOf reads the first rows with the very reader that will read them all.
func sampleRowsOf(ctx context.Context, src Source, g *Guess) error {
	r, err := Open(ctx, src, g.Dialect)
	if err != nil {
		return err
	}
	defer r.Close()
	bad := 0
	for len(g.Sample) < sampleShown && bad < sampleShown {
		row, err := r.Next()
		if err == io.EOF {
			break
		}
		if e := (*RowError)(nil); asRowError(err, &e) {
			if bad == 0 {
				g.Doubts = append(g.Doubts, doubt("imports.doubt.bad_row", "line", e.Line))
			}
			bad++
			continue
		}
		if err != nil {
			return err
		}
		g.Sample = append(g.Sample, slices.Clone(row.Cells))
	}
	return nil
}

// sniffText decodes the beginning of a text file and finds out what it is.
func sniffText(l *located, want Dialect) (Guess, error) {
	in, size, err := l.open()
	if err != nil {
		return Guess{}, err
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, sampleBytes))
	if err != nil {
		return Guess{}, err
	}
	whole := int64(len(raw)) >= size
	g := Guess{Dialect: want}
	if want.Encoding == "" {
		telling := raw
		if !whole && ascii(raw) && bytes.IndexByte(raw, 0) < 0 {
			if telling, err = firstAccents(in); err != nil {
				return Guess{}, err
			}
		}
		name, sure := guessEncoding(telling, whole)
		g.Dialect.Encoding = name
		if !sure {
			g.Doubts = append(g.Doubts, doubt("imports.doubt.encoding", "encoding", name))
		}
	}
	t, err := decode(bytes.NewReader(raw), g.Dialect.Encoding)
	if err != nil {
		return Guess{}, err
	}
	decoded, err := io.ReadAll(t)
	if err != nil {
		return Guess{}, &Refusal{Code: "imports.refused.unreadable", Err: err}
	}
	if !whole {
		for n := 0; n < 3 && len(decoded) > 0; n++ {
			if r, size := utf8.DecodeLastRune(decoded); r != utf8.RuneError || size > 1 {
				break
			}
			decoded = decoded[:len(decoded)-1]
		}
	}
	sample := string(decoded)
	if noText(sample) {
		return Guess{}, refuse("imports.refused.binary")
	}
	format, refusal := textFormat(sample)
	switch {
	case refusal != nil && want.Format == "":
		return Guess{}, refusal
	case want.Format != "" && want.Format != XLSX:
		format = want.Format
	}
	g.Dialect.Format = format
	switch format {
	case VCard, JSONL:
		return g, l.sniffKeys(&g)
	}
	return g, sniffCSV(sample, whole, want, &g)
}

// sniffCSV guesses the dialect and the bounds of the table.
func sniffCSV(sample string, whole bool, want Dialect, g *Guess) error {
	encoding, fixed := g.Dialect.Encoding, want.Skip != 0
	if d, ok := separatorLine(sample); ok && want.Delimiter == "" && want.Skip == 0 {
		want.Delimiter, want.Skip = d, 1
	}
	skipped := max(want.Skip, 0)
	trials := tryAll(sample, whole, want)
	if len(trials) == 0 || len(trials[0].records) == 0 {
		return refuse("imports.refused.empty")
	}
	t := trials[0]
	lines := t.lines()
	if want.Until > 0 {
		lines = slices.DeleteFunc(lines, func(l line) bool { return l.at > want.Until })
	}
	if len(lines) == 0 {
		return refuse("imports.refused.empty")
	}
	chosen := want.Delimiter != ""
	if header := firstFull(lines, t.width, true); t.fit < 0.6 && header == 0 {
		t.headerWidth(lines)
	}
	switch {
	case want.Columns > 0:
		t.width = want.Columns
	case chosen:
	case t.d.Delimiter == "" && t.types < 0.5, t.fit < 0.5 && t.score < 0.5, t.score < 0.1:
		return &Refusal{Code: "imports.refused.no_table", Line: lines[0].at}
	}
	g.Dialect = t.d
	g.Dialect.Encoding, g.Dialect.Until = encoding, want.Until
	lay := layOut(lines, t.width, true, fixed, want.HeaderRows)
	if !fixed && lay.first > 0 {
		skipped = int(lines[lay.first].at - 1)
	}
	g.Dialect.Skip = skipped
	g.finish(lines, lay, want)
	g.Dialect.Pad = want.Pad || pads(lines[lay.first:lay.until], lay.width)
	if second := runnerUp(trials); second != "" && !chosen {
		g.Doubts = append(g.Doubts, doubt("imports.doubt.delimiter", "read", spell(t.d.Delimiter), "other", spell(second)))
	}
	if t.d.Delimiter == "" && !chosen {
		g.Doubts = append(g.Doubts, doubt("imports.doubt.one_column"))
	}
	if g.Dialect.Pad && !want.Pad {
		g.Doubts = append(g.Doubts, doubt("imports.doubt.padded"))
	}
	return nil
}

// finish writes what layOut found into the guess.
func (g *Guess) finish(lines []line, lay layout, want Dialect) {
	d := &g.Dialect
	d.Columns, g.Width = lay.width, lay.width
	d.Trailing = d.Trailing || lay.trailing
	d.HeaderRows = -1
	var rows [][]string
	if lay.headerRows > 0 {
		d.HeaderRows = lay.headerRows
		for _, r := range lines[lay.first : lay.first+lay.headerRows] {
			rows = append(rows, r.cells)
		}
	}
	g.Header = nameColumns(rows, lay.width)
	if len(lay.next) > 0 && want.Until == 0 {
		d.Until = lines[lay.next[0]].at - 1
		for _, i := range lay.next[:min(len(lay.next), 20)] {
			g.Others = append(g.Others, Other{Kind: "table", Line: lines[i].at, Name: clip(strings.Join(lines[i].cells[:min(3, len(lines[i].cells))], ", "))})
		}
		g.Doubts = append(g.Doubts, doubt("imports.doubt.tables", "line", lines[lay.next[0]].at))
	}
	if d.Skip > 0 && want.Skip == 0 && lay.ragged < 0 {
		g.Doubts = append(g.Doubts, doubt("imports.doubt.preamble", "lines", d.Skip))
	}
	if lay.unsure && want.HeaderRows == 0 {
		code := "imports.doubt.header_uncertain"
		if lay.headerRows == 0 {
			code = "imports.doubt.no_header_uncertain"
		}
		g.Doubts = append(g.Doubts, doubt(code))
	}
	if lay.ragged >= 0 {
		r := lines[lay.ragged]
		if r.fault {
			g.Doubts = append(g.Doubts, doubt("imports.doubt.header_broken", "line", r.at))
			return
		}
		g.Doubts = append(g.Doubts, doubt("imports.doubt.header_ragged", "line", r.at, "found", len(r.cells), "expected", lay.width, "header", clip(strings.Join(r.cells, " | "))))
	}
}

func (t *trial) lines() []line {
	out := make([]line, len(t.records))
	for i, r := range t.records {
		out[i] = line{at: r.line, last: r.last, cells: r.cells, blank: r.blank, fault: r.fault != "" || r.torn}
	}
	return out
}

// headerWidth lets a first line of names decide when the rows do not agree.
func (t *trial) headerWidth(lines []line) {
	n := len(lines[0].cells)
	score, certain := nameScore(lines[0].cells, profile(lines, n))
	if n < 2 || n == t.width || !certain || score <= 0 {
		return
	}
	same := 0
	for _, r := range lines {
		if len(r.cells) == n && !r.fault {
			same++
		}
	}
	t.width, t.fit = n, float64(same)/float64(len(lines))
}

// runnerUp is a delimiter that fits nearly as well as the best.
func runnerUp(trials []trial) string {
	for _, t := range trials[1:] {
		if t.d.Delimiter != trials[0].d.Delimiter && t.d.Delimiter != "" && t.score > trials[0].score*0.85 {
			return t.d.Delimiter
		}
	}
	return ""
}

// spell makes a delimiter visible.
func spell(d string) string {
	switch d {
	case "\t":
		return "TAB"
	case " ":
		return "␣"
	case "\x1f":
		return "US"
	case "\x01":
		return "SOH"
	}
	return d
}

// separatorLine knows the line by which a file tells Excel its delimiter.
func separatorLine(sample string) (string, bool) {
	first, _, _ := strings.Cut(sample, "\n")
	first = strings.Trim(strings.TrimRight(first, "\r"), `"`)
	if len(first) > 4 && strings.EqualFold(first[:4], "sep=") && utf8.RuneCountInString(first[4:]) == 1 {
		return first[4:], true
	}
	return "", false
}
