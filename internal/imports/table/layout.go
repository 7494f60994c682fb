package table

import (
	"slices"
	"strings"
	"unicode"
)

// line is a record of the sample, of whatever format, on which a table's bounds are looked for.
type line struct {
	at    int64 // physical line, or row of the sheet
	last  int64
	cells []string
	blank bool // blank lines stood before it
	fault bool
}

// layout is where the first table of a sample stands.
type layout struct {
	first      int // index of the header, or of the first row when there is none
	headerRows int
	width      int
	until      int // index of the first line that belongs no more to the table; len(lines) when none
	ragged     int // index of a header whose width is not that of the rows; -1
	unsure     bool
	trailing   bool
	next       []int // indexes at which further tables begin
}

// layOut finds preamble, header and end of the first table. rigid tells that each row states its width, as in CSV; in a
// sheet, blank cells at the end of a row are just not there. fromFirst: nothing stands before the table.
func layOut(lines []line, width int, rigid, fromFirst bool, wantHeader int) layout {
	l := layout{width: width, until: len(lines), ragged: -1}
	if len(lines) == 0 {
		return l
	}
	rowWidth := width
	if !fromFirst {
		l.first = firstFull(lines, width, rigid)
	}
	if before := l.first - 1; rigid && before >= 0 && wantHeader >= 0 && l.headsTrailing(lines, before) {
		l.first, l.width, l.trailing = before, len(lines[before].cells), true
	} else if rigid && before >= 0 && wantHeader == 0 && (lines[before].fault || aRaggedHeader(lines[before].cells, width)) {
		l.ragged = before
	}
	body := lines[l.first:]
	l.next = tables(lines, l.first, rowWidth, rigid)
	if len(l.next) > 0 {
		l.until = l.next[0]
		body = lines[l.first:l.until]
	}
	switch {
	case wantHeader < 0:
	case wantHeader > 0:
		l.headerRows = min(wantHeader, len(body))
	case l.ragged >= 0:
	default:
		l.headerRows, l.unsure = headerRows(body, l.width)
	}
	if rigid && l.headerRows > 0 {
		l.trimWidth(lines)
	}
	return l
}

// headsTrailing tells that a line is a header whose rows end with delimiters that it lacks: what stands behind its last
// name is blank in every row.
func (l *layout) headsTrailing(lines []line, at int) bool {
	n := len(lines[at].cells)
	if lines[at].fault || n < 2 || n >= l.width || filled(lines[at].cells) < n || !allText(lines[at].cells) {
		return false
	}
	for _, r := range lines[at+1:] {
		if !r.fault && len(r.cells) > n && !blankFrom(r.cells, n) {
			return false
		}
	}
	// The same is seen where a header lost a delimiter in its middle and the last column is blank: names must prove that
	// they stand over their columns.
	matches := 0
	for i, c := range profile(lines[at:], n) {
		switch s := shapeNamed(lines[at].cells[i]); {
		case s == shapeEmpty || c.filled == 0:
		case s == c.shape || s == shapeNumber && c.shape == shapePhone || s == shapePhone && c.shape == shapeNumber:
			matches++
		default:
			return false
		}
	}
	return matches > 0
}

// firstFull passes over preamble: rows of another width than the table, or nearly blank ones above a full row.
func firstFull(lines []line, width int, rigid bool) int {
	fits := func(r line) bool { return !r.fault && (len(r.cells) == width || !rigid) }
	need := max(1, usualFill(lines, width)*6/10)
	for i, r := range lines[:min(len(lines), 50)] {
		if fits(r) && filled(r.cells) >= need && !(i+1 < len(lines) && aRemark(r.cells, lines[i+1].cells, width)) {
			return i
		}
	}
	for i, r := range lines {
		if fits(r) {
			return i
		}
	}
	return 0
}

// aRemark tells that a row with gaps says something about the file, such as when it was written, above a row of names.
func aRemark(cells, below []string, width int) bool {
	return filled(cells)*10 < width*6 && len(below) == width && filled(below)*10 >= width*9 && allText(below) &&
		slices.ContainsFunc(cells, func(c string) bool {
			digits := 0
			for _, r := range c {
				if unicode.IsDigit(r) {
					digits++
				}
			}
			return digits >= 6
		})
}

// usualFill is the number of filled cells of the middle row, or of the fullest of the first ones if that is a header.
func usualFill(lines []line, width int) int {
	var n []int
	for _, r := range lines[:min(len(lines), 200)] {
		if len(r.cells) <= width && !r.fault {
			n = append(n, filled(r.cells))
		}
	}
	if len(n) == 0 {
		return 1
	}
	slices.Sort(n)
	return n[len(n)/2]
}

func filled(cells []string) int {
	n := 0
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// aRaggedHeader tells that the line right above the rows is a header that lost or won a few cells.
func aRaggedHeader(cells []string, width int) bool {
	if len(cells) < 2 || len(cells) == width || abs(len(cells)-width) > max(1, width/4) || filled(cells)*3 < len(cells)*2 {
		return false
	}
	for _, c := range cells {
		if shapeOf(c).typed() {
			return false
		}
	}
	return true
}

func abs(n int) int { return max(n, -n) }

// tables finds the lines at which further tables begin.
func tables(lines []line, first, width int, rigid bool) []int {
	var out []int
	header := lines[first]
	named, _ := nameScore(header.cells, profile(lines[first:], width))
	for i := first + 1; i < len(lines); i++ {
		r := lines[i]
		if r.fault {
			continue
		}
		again := named > 0.5 && i > first+1 && sameHeader(header.cells, r.cells, strings.EqualFold)
		if again && i-first <= 4 && allSame(header, lines[first+1:i+1]) {
			continue // a header of several equal rows
		}
		apart := rigid && r.blank && len(r.cells) != width && len(r.cells) > 1 && i+1 < len(lines) && len(lines[i+1].cells) == len(r.cells) && !lines[i+1].blank
		if again || apart {
			out = append(out, i)
		}
	}
	return out
}

func exactly(a, b string) bool { return a == b }

func allSame(header line, rows []line) bool {
	for _, r := range rows {
		if !sameHeader(header.cells, r.cells, exactly) {
			return false
		}
	}
	return true
}

// sameHeader tells that a row repeats the names of the header, with perhaps a column more or less at the end.
func sameHeader(header, row []string, same func(a, b string) bool) bool {
	n := min(len(header), len(row))
	if n < 2 || abs(len(header)-len(row)) > 2 || filled(header[:n]) < 2 {
		return false
	}
	for i := range n {
		if !same(strings.TrimSpace(header[i]), strings.TrimSpace(row[i])) || shapeOf(header[i]).typed() {
			return false
		}
	}
	return true
}

// trimWidth drops columns at the end that have neither a name nor a value: the file ends its lines with a delimiter.
func (l *layout) trimWidth(lines []line) {
	width := l.width
	body := lines[l.first:l.until]
	for width > 1 && !slices.ContainsFunc(body, func(r line) bool {
		return len(r.cells) == l.width && strings.TrimSpace(r.cells[width-1]) != ""
	}) {
		width--
	}
	if width < l.width {
		l.width, l.trailing = width, true
	}
}

// pads tells that the writer of the file left blank cells out at the end of rows: some rows are short, none that is full
// ends with a blank cell, and the cells of the short ones look like their columns, which pieces of a row that line breaks
// cut apart do not.
func pads(lines []line, width int) bool {
	short, alike, apart := 0, 0, 0
	columns := profile(lines, width)
	for _, r := range lines {
		switch {
		case r.fault || len(r.cells) > width:
		case len(r.cells) == width:
			if strings.TrimSpace(r.cells[width-1]) == "" {
				return false
			}
		default:
			short++
			for i, c := range r.cells {
				if s := shapeOf(c); columns[i].shape.typed() && s != shapeEmpty {
					if s == columns[i].shape {
						alike++
					} else {
						apart++
					}
				}
			}
		}
	}
	return short >= 3 && short*50 >= len(lines) && alike >= short && apart == 0
}
