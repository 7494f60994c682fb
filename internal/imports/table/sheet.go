package table

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// sheetScan reads the rows of a sheet as they stand.
type sheetScan struct {
	w    *workbook
	x    *xmlScanner
	row  int64
	in   bool // within sheetData
	done bool
	text []byte
}

// sheetRow is one row: cells up to its last filled one.
type sheetRow struct {
	at    int64
	cells []string
	fault string
	where string // the cell at fault
}

// cellAt is one cell while its row is read.
type cellAt struct {
	kind    string
	style   int
	formula bool
	valued  bool
	value   string
}

// next gives the next row that has an element, io.EOF at the end of the sheet.
func (s *sheetScan) next() (sheetRow, error) {
	for !s.done {
		kind, err := s.x.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return sheetRow{}, err
		}
		name := string(s.x.name)
		switch {
		case kind == xmlStart && name == "sheetData":
			s.in = true
		case kind == xmlEnd && name == "sheetData":
			s.done = true
		case kind == xmlStart && name == "row" && s.in:
			return s.readRow()
		}
	}
	return sheetRow{}, io.EOF
}

func (s *sheetScan) readRow() (sheetRow, error) {
	s.row++
	if r, ok := s.x.attr("r"); ok {
		n, err := strconv.ParseInt(r, 10, 64)
		if err != nil || n < s.row || n > lastRowOfExcel {
			return sheetRow{}, &Refusal{Code: "imports.refused.row_number", Params: params([]any{"number", clip(r)}), Line: s.row}
		}
		s.row = n
	}
	if s.row > lastRowOfExcel {
		return sheetRow{}, &Refusal{Code: "imports.refused.row_number", Params: params([]any{"number", s.row}), Line: s.row}
	}
	row := sheetRow{at: s.row}
	col := -1
	var set []bool
	for {
		kind, err := s.x.next()
		if err != nil {
			return row, cutOff(err)
		}
		name := string(s.x.name)
		if kind == xmlEnd && name == "row" {
			return row, nil
		}
		if kind != xmlStart || name != "c" {
			continue
		}
		col++
		if r, ok := s.x.attr("r"); ok {
			if col, ok = columnIndex(r); !ok {
				return row, &Refusal{Code: "imports.refused.xlsx_broken", Params: params([]any{"cell", clip(r)}), Line: s.row}
			}
		}
		if col >= MaxColumns {
			return row, refuse("imports.refused.columns", "max", MaxColumns)
		}
		c, err := s.readCell()
		if err != nil {
			return row, err
		}
		for len(set) <= col {
			set = append(set, false)
		}
		value, fault := s.resolve(c)
		if set[col] {
			fault = "imports.row.cell_twice"
		}
		set[col] = true
		if fault != "" && row.fault == "" {
			row.fault, row.where = fault, columnName(col)+strconv.FormatInt(s.row, 10)
		}
		if value != "" {
			for len(row.cells) <= col {
				row.cells = append(row.cells, "")
			}
			row.cells[col] = value
		}
	}
}

func cutOff(err error) error {
	if err == io.EOF {
		return brokenXML("cut off")
	}
	return err
}

func (s *sheetScan) readCell() (cellAt, error) {
	var c cellAt
	c.kind, _ = s.x.attr("t")
	if v, ok := s.x.attr("s"); ok {
		c.style, _ = strconv.Atoi(v)
	}
	depth := s.x.depth
	inValue := false
	s.text = s.text[:0]
	for {
		kind, err := s.x.next()
		if err != nil {
			return c, cutOff(err)
		}
		switch {
		case kind == xmlText:
			if inValue {
				s.text = append(s.text, s.x.content...)
			}
		case kind == xmlStart:
			switch string(s.x.name) {
			case "v":
				inValue, c.valued = true, true
			case "f":
				c.formula = true
			case "is":
				c.valued = true
				if err := s.x.textInto(&s.text); err != nil {
					return c, err
				}
			}
		case s.x.depth < depth:
			c.value = string(s.text)
			return c, nil
		default:
			inValue = false
		}
	}
}

// resolve gives the text of a cell. A formula is not computed: the value that was stored with it is taken.
func (s *sheetScan) resolve(c cellAt) (value, fault string) {
	if c.formula && (!c.valued || c.value == "" && c.kind != "str") {
		return "", "imports.row.formula"
	}
	switch c.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(c.value))
		v, ok := s.w.strings.at(i)
		if c.value != "" && (err != nil || !ok) {
			return "", "imports.row.string"
		}
		value = v
	case "b":
		value = "false"
		if c.value == "1" || c.value == "true" {
			value = "true"
		}
		if c.value == "" {
			value = ""
		}
	case "str", "inlineStr":
		value = unescapeX(c.value)
	case "e":
		value = c.value
	case "d":
		value, _, _ = strings.Cut(strings.TrimSuffix(c.value, "Z"), ".")
		value = strings.TrimSuffix(value, "T00:00:00")
	default:
		if c.value == "" {
			return "", ""
		}
		f := numberFormat{}
		if c.style >= 0 && c.style < len(s.w.formats) {
			f = s.w.formats[c.style]
		}
		value = f.number(c.value, s.w.since04)
	}
	switch {
	case !utf8.ValidString(value):
		return "", "imports.row.bytes"
	case strings.IndexByte(value, 0) >= 0:
		return "", "imports.row.nul"
	case len(value) > MaxCell:
		return "", "imports.row.cell_too_long"
	}
	return value, ""
}

// columnIndex reads the letters of a reference: C7 is 2.
func columnIndex(ref string) (int, bool) {
	n := 0
	for i := range len(ref) {
		switch c := ref[i]; {
		case c >= 'A' && c <= 'Z' && i < 3:
			n = n*26 + int(c-'A') + 1
		case c >= 'a' && c <= 'z' && i < 3:
			n = n*26 + int(c-'a') + 1
		case c >= '0' && c <= '9' && n > 0:
			return n - 1, n <= 16_384
		default:
			return 0, false
		}
	}
	return 0, false
}

func columnName(i int) string {
	var b []byte
	for i++; i > 0; i = (i - 1) / 26 {
		b = append(b, byte('A'+(i-1)%26))
	}
	slices.Reverse(b)
	return string(b)
}
