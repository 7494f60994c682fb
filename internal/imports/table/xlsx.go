package table

import (
	"io"
	"slices"
	"strings"
)

// sniffSheet chooses a sheet and finds the table on it.
func sniffSheet(l *located, want Dialect) (Guess, error) {
	w, err := openWorkbook(l.ctx, l.zip)
	if err != nil {
		return Guess{}, err
	}
	g := Guess{Dialect: want}
	g.Dialect.Format, g.Dialect.Encoding = XLSX, ""
	var lines []line
	for _, s := range w.sheets {
		if want.Sheet != "" && s.name != want.Sheet {
			continue
		}
		got, err := w.sample(s)
		if err != nil {
			return Guess{}, err
		}
		// The first sheet that is shown and holds something; a hidden one only when no other does.
		if g.Dialect.Sheet == "" || len(lines) == 0 && len(got) > 0 || len(got) > 0 && w.hidden(g.Dialect.Sheet) && !s.hidden {
			g.Dialect.Sheet, lines = s.name, got
		}
		if len(lines) > 0 && !s.hidden {
			break
		}
	}
	switch {
	case want.Sheet != "" && !slices.ContainsFunc(w.sheets, func(s sheetPart) bool { return s.name == want.Sheet }):
		return Guess{}, refuse("imports.refused.no_such_sheet", "name", clip(want.Sheet))
	case len(lines) == 0:
		return Guess{}, refuse("imports.refused.empty")
	}
	for _, s := range w.sheets {
		if s.name != g.Dialect.Sheet && len(g.Others) < 100 {
			g.Others = append(g.Others, Other{Kind: "sheet", Name: clip(s.name)})
		}
	}
	if len(g.Others) > 0 {
		g.Doubts = append(g.Doubts, doubt("imports.doubt.sheets", "read", g.Dialect.Sheet, "count", len(g.Others)))
	}
	width := want.Columns
	for _, r := range lines {
		if want.Columns == 0 {
			width = max(width, len(r.cells))
		}
	}
	if width > MaxColumns {
		return Guess{}, refuse("imports.refused.columns", "max", MaxColumns)
	}
	if skip := want.Skip; skip > 0 {
		lines = slices.DeleteFunc(lines, func(r line) bool { return r.at <= int64(skip) })
		if len(lines) == 0 {
			return Guess{}, refuse("imports.refused.empty")
		}
	}
	for i := range lines {
		for len(lines[i].cells) < width {
			lines[i].cells = append(lines[i].cells, "")
		}
	}
	lay := layOut(lines, width, false, want.Skip != 0, want.HeaderRows)
	if want.Skip == 0 {
		g.Dialect.Skip = int(lines[lay.first].at - 1)
	}
	g.finish(lines, lay, want)
	return g, nil
}

func (w *workbook) hidden(name string) bool {
	return slices.ContainsFunc(w.sheets, func(s sheetPart) bool { return s.name == name && s.hidden })
}

// sample reads the first rows of a sheet that are not blank.
func (w *workbook) sample(part sheetPart) ([]line, error) {
	x, in, err := w.scan(part.path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	s := &sheetScan{w: w, x: x}
	var out []line
	var last int64
	cells := 0
	for len(out) < sampleRows && cells < 200_000 {
		r, err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if filled(r.cells) == 0 && r.fault == "" {
			continue
		}
		cells += len(r.cells)
		out = append(out, line{at: r.at, last: r.at, cells: r.cells, blank: last > 0 && r.at > last+1, fault: r.fault != ""})
		last = r.at
	}
	return out, nil
}

// sheetRows gives the rows of the table on a sheet.
type sheetRows struct {
	s      *sheetScan
	d      Dialect
	width  int
	header [][]string
}

func openSheet(l *located, d Dialect) (*Reader, error) {
	w, err := openWorkbook(l.ctx, l.zip)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(w.sheets, func(s sheetPart) bool { return s.name == d.Sheet || d.Sheet == "" })
	if i < 0 {
		return nil, refuse("imports.refused.no_such_sheet", "name", clip(d.Sheet))
	}
	part := w.parts[strings.ToLower(w.sheets[i].path)]
	if part == nil {
		return nil, brokenXML("no part " + clip(w.sheets[i].path))
	}
	in, err := openEntry(l.ctx, part)
	if err != nil {
		return nil, err
	}
	c := &counted{in, l.ctx, 0, int64(part.UncompressedSize64)}
	x, err := newXML(c)
	if err != nil {
		in.Close()
		return nil, err
	}
	rows := &sheetRows{s: &sheetScan{w: w, x: x}, d: d, width: d.Columns}
	if err := rows.readHeader(); err != nil {
		in.Close()
		return nil, err
	}
	return &Reader{ctx: l.ctx, in: c, rows: rows, header: nameColumns(rows.header, rows.width)}, nil
}

func (t *sheetRows) readHeader() error {
	for len(t.header) < t.d.HeaderRows {
		r, err := t.filledRow()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if r.fault != "" {
			return &Refusal{Code: "imports.refused.header", Params: map[string]any{"line": r.at}, Line: r.at}
		}
		t.header = append(t.header, r.cells)
		if t.d.Columns == 0 {
			t.width = max(t.width, len(r.cells))
		}
	}
	if t.width == 0 {
		return refuse("imports.refused.empty")
	}
	return nil
}

// filledRow gives the next row of the table that is not blank.
func (t *sheetRows) filledRow() (sheetRow, error) {
	for {
		r, err := t.s.next()
		if err != nil {
			return r, err
		}
		if t.d.Until > 0 && r.at > t.d.Until {
			return r, io.EOF
		}
		if r.at > int64(max(t.d.Skip, 0)) && (filled(r.cells) > 0 || r.fault != "") {
			return r, nil
		}
	}
}

func (t *sheetRows) close() error { return nil }

func (t *sheetRows) discard() error {
	_, err := t.next()
	return err
}

func (t *sheetRows) next() (Row, error) {
	r, err := t.filledRow()
	if err != nil {
		return Row{}, err
	}
	bad := &RowError{Line: r.at, Code: r.fault, Params: map[string]any{"line": r.at, "cell": r.where}, Cells: r.cells}
	for len(r.cells) > t.width && r.cells[len(r.cells)-1] == "" {
		r.cells = r.cells[:len(r.cells)-1]
	}
	switch {
	case r.fault != "":
		return Row{}, bad
	case len(r.cells) > t.width:
		bad.Code, bad.Params = "imports.row.ragged", map[string]any{"line": r.at, "found": len(r.cells), "expected": t.width}
		return Row{}, bad
	case len(t.header) > 0 && t.width > 1 && sameCells(t.header[0], r.cells) && len(r.cells) >= len(t.header[0]):
		bad.Code, bad.Params = "imports.row.header_again", map[string]any{"line": r.at}
		return Row{}, bad
	}
	for len(r.cells) < t.width {
		r.cells = append(r.cells, "")
	}
	return Row{Line: r.at, Cells: r.cells}, nil
}
