package table

import (
	"context"
	"errors"
	"io"
	"strings"
)

// rows is what each format offers: the next row, which may be a *RowError, then io.EOF. discard passes over one record
// and gives what next would have given but for the cells.
type rows interface {
	next() (Row, error)
	discard() error
	close() error
}

// Reader gives the rows of one table.
type Reader struct {
	rows
	ctx    context.Context
	in     *counted
	header []string
	n      int64
}

// counted tells how much of the file was read.
type counted struct {
	io.ReadCloser
	ctx  context.Context
	read int64
	size int64
}

func (c *counted) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.ReadCloser.Read(p)
	c.read += int64(n)
	return n, err
}

// Open reads a table as d says; d comes from Sniff, perhaps corrected.
func Open(ctx context.Context, src Source, d Dialect) (*Reader, error) {
	l, err := locate(ctx, src, d)
	if err != nil {
		return nil, err
	}
	if l.format == XLSX || d.Format == XLSX {
		if l.format != XLSX {
			return nil, refuse("imports.refused.not_xlsx")
		}
		return openSheet(l, d)
	}
	in, size, err := l.open()
	if err != nil {
		return nil, err
	}
	r := &Reader{ctx: ctx, in: &counted{in, ctx, 0, size}}
	t, err := decodeFor(r.in, d)
	if err == nil {
		switch d.Format {
		case JSONL:
			r.rows, r.header = newJSONRows(t, d), unique(append([]string(nil), d.Keys...))
		case VCard:
			r.rows, r.header = newCardRows(t, d), unique(append([]string(nil), d.Keys...))
		default:
			r.rows, r.header, err = openCSV(t, d)
		}
	}
	if err != nil {
		in.Close()
		return nil, err
	}
	return r, nil
}

// Next gives the next row, io.EOF at the end, a *RowError for one bad row after which reading goes on, or a *Refusal.
func (r *Reader) Next() (Row, error) {
	row, err := r.next()
	if e := (*RowError)(nil); err == nil || asRowError(err, &e) {
		r.n++
	}
	return row, err
}

// Skip passes over n records, good and bad ones alike, as fast as it can.
func (r *Reader) Skip(n int64) error {
	for range n {
		if r.n&1023 == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		err := r.discard()
		if e := (*RowError)(nil); err != nil && !asRowError(err, &e) {
			return err
		}
		r.n++
	}
	return nil
}

// Count is how many records were read or skipped, good and bad.
func (r *Reader) Count() int64 { return r.n }

// Header has the names of the columns; each row has as many cells.
func (r *Reader) Header() []string { return r.header }

// Width is the number of cells of each row.
func (r *Reader) Width() int { return len(r.header) }

// At tells how much of the file was read, from 0 to 1. A reader reads ahead a little.
func (r *Reader) At() float64 {
	if r.in == nil || r.in.size == 0 {
		return 1
	}
	return min(1, float64(r.in.read)/float64(r.in.size))
}

// Close frees what Open took.
func (r *Reader) Close() error {
	err := r.close()
	if r.in != nil {
		err = errors.Join(err, r.in.Close())
	}
	return err
}

func asRowError(err error, e **RowError) bool { return errors.As(err, e) }

// csvRows gives the rows of a splitter.
type csvRows struct {
	s      *splitter
	d      Dialect
	exact  bool
	width  int
	header [][]string
}

func openCSV(t text, d Dialect) (rows, []string, error) {
	c := &csvRows{s: newSplitter(t, d), d: d, exact: t.exact, width: d.Columns}
	for range max(d.Skip, 0) {
		if _, ok, err := c.s.nextLine(); err != nil {
			return nil, nil, err
		} else if !ok {
			break
		}
	}
	for len(c.header) < d.HeaderRows {
		r, err := c.s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if r.fault != "" {
			return nil, nil, &Refusal{Code: "imports.refused.header", Params: map[string]any{"line": r.line}, Line: r.line}
		}
		c.header = append(c.header, append([]string(nil), r.cells...))
	}
	if c.width == 0 && len(c.header) > 0 {
		c.width = len(c.header[0])
	}
	if c.width > MaxColumns {
		return nil, nil, refuse("imports.refused.columns", "max", MaxColumns)
	}
	if c.width == 0 {
		return nil, nil, refuse("imports.refused.empty")
	}
	return c, nameColumns(c.header, c.width), nil
}

func (c *csvRows) close() error { return nil }

func (c *csvRows) discard() error {
	r, err := c.s.next()
	if err != nil {
		return err
	}
	_, err = c.judge(r)
	return err
}

func (c *csvRows) next() (Row, error) {
	r, err := c.s.next()
	if err != nil {
		return Row{}, err
	}
	cells, err := c.judge(r)
	if err != nil {
		return Row{}, err
	}
	row := Row{Line: r.line, Cells: make([]string, c.width)}
	copy(row.Cells, cells)
	return row, nil
}

// judge gives the cells of a record, or why it is no row.
func (c *csvRows) judge(r record) ([]string, error) {
	cells := r.cells
	if r.fault != "" {
		e := &RowError{Line: r.line, Code: r.fault, Params: map[string]any{"line": r.line}, Cells: c.kept(cells, r.raw)}
		if r.last > r.line {
			e.Params["last"] = r.last // all these lines are given up with it
		}
		return nil, e
	}
	if !c.exact && contains0xFFFD(cells) {
		return nil, c.bad(r, "imports.row.bytes")
	}
	if r.torn {
		return nil, c.bad(r, "imports.row.quote_torn")
	}
	if len(cells) > c.width && c.d.Trailing && blankFrom(cells, c.width) {
		cells = cells[:c.width]
	}
	switch {
	case len(cells) == c.width:
		if len(c.header) > 0 && c.width > 1 && sameCells(c.header[0], cells) {
			return nil, c.bad(r, "imports.row.header_again")
		}
	case len(cells) < c.width && c.d.Pad:
	default:
		return nil, c.bad(r, "imports.row.ragged", "found", len(cells), "expected", c.width)
	}
	return cells, nil
}

func (c *csvRows) bad(r record, code string, kv ...any) error {
	p := params(kv)
	if p == nil {
		p = map[string]any{}
	}
	p["line"] = r.line
	return &RowError{Line: r.line, Code: code, Params: p, Cells: c.kept(r.cells, "")}
}

// kept is what the file of rejected rows shows of a bad row.
func (c *csvRows) kept(cells []string, raw string) []string {
	if len(cells) == 0 {
		return []string{raw}
	}
	out := make([]string, min(len(cells), c.width+100))
	for i := range out {
		out[i] = clip(cells[i])
	}
	return out
}

func blankFrom(cells []string, n int) bool {
	for _, c := range cells[n:] {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

func sameCells(a, b []string) bool {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return false
		}
	}
	return filled(b) > 0
}

func contains0xFFFD(cells []string) bool {
	for _, c := range cells {
		if strings.Contains(c, "\uFFFD") {
			return true
		}
	}
	return false
}
