package table

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// record is one record as the splitter saw it. Its cells are good until the next call.
type record struct {
	line   int64 // first line
	last   int64 // last line
	cells  []string
	quoted []bool // which cells stood in quotes; nil: none
	blank  bool   // blank lines stood before it
	fault  string // message code when the record cannot be trusted
	raw    string // the line, only with a fault
	torn   bool   // two cells hold half a pair of quotes each: a delimiter within quotes cut a cell in two
}

// splitter cuts decoded text into records.
//
// A quoted cell ends with a quote that a delimiter or the end of the line follows. Where another character follows, or
// the text ends, the record is at fault and reading goes on at the line after the one on which it began: a stray quote
// costs one row, not the rows up to the next quote.
type splitter struct {
	in         io.Reader
	buf        []byte
	pos, end   int
	eof        bool
	err        error
	line       int64 // of buf[pos]
	read       int64 // bytes taken from in
	rescanned  int64 // bytes looked at again after faults
	delim      []byte
	quote      byte // 0: none
	escape     byte // equal to quote: doubled
	hasEscape  bool
	comment    []byte
	skipBlanks bool
	until      int64
	columns    int

	text  []byte // scratch of the record with quotes
	ends  []int
	marks []bool
	cells []string
}

const splitterBuffer = 64 << 10

func newSplitter(in io.Reader, d Dialect) *splitter {
	s := &splitter{in: in, line: 1, delim: []byte(d.Delimiter), skipBlanks: d.SkipBlanks, until: d.Until, columns: d.Columns}
	if d.Quote != "" && d.Quote != None {
		s.quote = d.Quote[0]
	}
	switch {
	case s.quote == 0 && d.Escape != "" && d.Escape != None && d.Escape != `"`:
		s.escape, s.hasEscape = d.Escape[0], true
	case s.quote != 0 && (d.Escape == "" || d.Escape == None):
		s.escape, s.hasEscape = s.quote, true
	case s.quote != 0:
		s.escape, s.hasEscape = d.Escape[0], true
	}
	if d.Comment != "" && d.Comment != None {
		s.comment = []byte(d.Comment)
	}
	return s
}

// fill reads more behind end, moving what begins at from to the front. It gives by how much positions moved.
func (s *splitter) fill(from int) int {
	if from > 0 {
		copy(s.buf, s.buf[from:s.end])
		s.end -= from
	}
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, max(splitterBuffer, len(s.buf)))...)
	}
	n, err := s.in.Read(s.buf[s.end:])
	s.end += n
	s.read += int64(n)
	if err != nil {
		s.eof = true
		if err != io.EOF {
			s.err = err
		}
	}
	return from
}

// lineEnd gives the end of the line that holds from, and where the next one begins. ok is false when more must be read.
func (s *splitter) lineEnd(from int) (end, next int, ok bool) {
	b := s.buf[from:s.end]
	i := bytes.IndexByte(b, '\n')
	if i >= 0 {
		b = b[:i]
	}
	if j := bytes.IndexByte(b, '\r'); j >= 0 {
		at := from + j
		rest := s.buf[at+1 : s.end]
		switch {
		case len(rest) > 0 && rest[0] == '\n':
			return at, at + 2, true
		case len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n': // a line end that was translated twice
			return at, at + 3, true
		case s.eof, len(rest) > 1, len(rest) == 1 && rest[0] != '\r':
			return at, at + 1, true
		}
		return 0, 0, false
	}
	switch {
	case i >= 0:
		return from + i, from + i + 1, true
	case s.eof:
		return s.end, s.end, true
	}
	return 0, 0, false
}

// nextLine gives one line as it stands.
func (s *splitter) nextLine() ([]byte, bool, error) {
	end, next, ok, err := s.wholeLine()
	if !ok || err != nil {
		return nil, ok, err
	}
	text := s.buf[s.pos:end]
	s.pos = next
	s.line++
	return text, true, nil
}

// wholeLine makes the buffer hold the line at pos.
func (s *splitter) wholeLine() (end, next int, ok bool, err error) {
	for {
		end, next, ok = s.lineEnd(s.pos)
		if ok {
			return end, next, next > s.pos, s.err
		}
		if s.end-s.pos > MaxRecord {
			return 0, 0, false, &Refusal{Code: "imports.refused.line_too_long", Line: s.line, Params: params([]any{"line", s.line, "max", MaxRecord >> 20})}
		}
		s.pos -= s.fill(s.pos)
	}
}

// next gives the next record, io.EOF at the end.
func (s *splitter) next() (record, error) {
	blank := false
	for {
		end, next, ok, err := s.wholeLine()
		if err != nil {
			return record{}, err
		}
		if !ok || (s.until > 0 && s.line > s.until) {
			return record{}, io.EOF
		}
		text := s.buf[s.pos:end]
		if len(text) == 0 || len(text) == 1 && text[0] == 0x1A /* the end of a file of DOS */ || (len(text) < 256 && !bytes.Equal(s.delim, []byte("\t")) && len(bytes.Trim(text, " \t")) == 0) {
			blank = true
			s.pos, s.line = next, s.line+1
			continue
		}
		r := record{line: s.line, last: s.line, blank: blank}
		if s.comment != nil && bytes.HasPrefix(text, s.comment) {
			s.pos, s.line = next, s.line+1
			if s.columns > 1 && bytes.Count(text, s.delim) == s.columns-1 {
				// As wide as the table: it may be a row, and is not passed over in silence.
				r.fault, r.raw = "imports.row.comment", clip(string(text))
				return r, nil
			}
			continue
		}
		if (s.quote == 0 || bytes.IndexByte(text, s.quote) < 0) && (!s.hasEscape || s.escape == s.quote || bytes.IndexByte(text, s.escape) < 0) {
			r.cells = s.plain(text)
			r.fault = faultOf(r.cells, text)
			if r.fault != "" {
				r.raw = clip(string(text))
			}
			s.pos, s.line = next, s.line+1
			return r, nil
		}
		return s.quotedRecord(r)
	}
}

// plain cuts a line without quotes.
func (s *splitter) plain(text []byte) []string {
	whole := string(text)
	s.cells = s.cells[:0]
	d := string(s.delim)
	for {
		i := -1
		switch len(d) {
		case 0:
		case 1:
			i = strings.IndexByte(whole, d[0])
		default:
			i = strings.Index(whole, d)
		}
		if i < 0 {
			break
		}
		s.cells = append(s.cells, s.trim(whole[:i]))
		whole = whole[i+len(d):]
	}
	s.cells = append(s.cells, s.trim(whole))
	return s.cells
}

func (s *splitter) trim(cell string) string {
	if s.skipBlanks {
		return strings.Trim(cell, " \t")
	}
	return cell
}

// faultOf looks at what no cell may hold.
func faultOf(cells []string, text []byte) string {
	switch {
	case !utf8.Valid(text):
		return "imports.row.bytes"
	case bytes.IndexByte(text, 0) >= 0:
		return "imports.row.nul"
	case len(text) > MaxCell:
		for _, c := range cells {
			if len(c) > MaxCell {
				return "imports.row.cell_too_long"
			}
		}
	}
	return ""
}

func clip(s string) string {
	const most = 2_000
	if len(s) > most {
		s = s[:most] + "…"
	}
	return clean(s)
}

// clean makes text that may be stored and shown.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
