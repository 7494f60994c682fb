package table

import "strings"

// quotedRecord cuts a record in whose first line a quote or an escape stands.
func (s *splitter) quotedRecord(r record) (record, error) {
	s.text, s.ends, s.marks = s.text[:0], s.ends[:0], s.marks[:0]
	i, fault := 0, ""
	for {
		start := len(s.text)
		if s.skipBlanks {
			i = s.blanks(i)
		}
		quoted := false
		if c, ok := s.at(i); ok && s.quote != 0 && c == s.quote {
			quoted = true
			i, fault = s.insideQuotes(i+1, start, &r.last)
			if fault == "" {
				i = s.blanks(i)
			}
		} else {
			i = s.outsideQuotes(i, start)
		}
		if s.err != nil {
			return record{}, s.err
		}
		s.ends, s.marks = append(s.ends, len(s.text)), append(s.marks, quoted)
		if fault != "" {
			return s.recover(r, i, fault)
		}
		if len(s.text)-start > MaxCell {
			return s.recover(r, i, "imports.row.cell_too_long")
		}
		if n := s.delimiterAt(i); n > 0 {
			i += n
			continue
		}
		c, ok := s.at(i)
		switch {
		case !ok && s.pos+i < s.end:
			return s.recover(r, i, "imports.row.too_long")
		case !ok:
		case c == '\n':
			i++
		case c == '\r':
			i++
			if c, ok := s.at(i); ok && c == '\n' {
				i++
			}
		case quoted:
			return s.recover(r, i, "imports.row.quote")
		}
		break
	}
	whole := string(s.text)
	s.cells = s.cells[:0]
	from := 0
	for _, to := range s.ends {
		s.cells = append(s.cells, whole[from:to])
		from = to
	}
	r.cells, r.quoted = s.cells, s.marks
	r.torn = s.quote == '"' && halves(s.cells, s.marks) >= 2
	if r.fault = faultOf(r.cells, s.text); r.fault != "" {
		r.raw = s.firstLine()
	}
	s.pos += i
	s.line = r.last + 1
	return r, nil
}

// halves counts cells outside quotes with an odd number of them.
func halves(cells []string, quoted []bool) int {
	n := 0
	for i, c := range cells {
		if !quoted[i] && strings.Count(c, `"`)%2 == 1 {
			n++
		}
	}
	return n
}

// at gives the byte at i behind the start of the record, reading more when needed.
func (s *splitter) at(i int) (byte, bool) {
	if i > MaxRecord {
		return 0, false
	}
	for s.pos+i >= s.end {
		if s.eof {
			return 0, false
		}
		s.pos -= s.fill(s.pos)
	}
	return s.buf[s.pos+i], true
}

func (s *splitter) delimiterAt(i int) int {
	for k, d := range s.delim {
		if c, ok := s.at(i + k); !ok || c != d {
			return 0
		}
	}
	return len(s.delim)
}

func (s *splitter) blanks(i int) int {
	for {
		c, ok := s.at(i)
		if !ok || (c != ' ' && c != '\t') || s.delimiterAt(i) > 0 {
			return i
		}
		i++
	}
}

// insideQuotes takes a cell up to its closing quote.
func (s *splitter) insideQuotes(i, start int, line *int64) (int, string) {
	for {
		c, ok := s.at(i)
		if !ok {
			return i, "imports.row.quote_open"
		}
		if len(s.text)-start > MaxCell {
			return i, "imports.row.cell_too_long"
		}
		switch {
		case s.escape != s.quote && s.hasEscape && c == s.escape:
			n, ok := s.at(i + 1)
			if ok && (n == s.quote || n == s.escape) {
				i++
				c = n
			}
		case c == s.quote:
			if n, ok := s.at(i + 1); !ok || n != s.quote {
				return i + 1, ""
			}
			i++
		case c == '\n':
			*line++
		case c == '\r':
			if n, ok := s.at(i + 1); !ok || n != '\n' {
				*line++
			}
		}
		s.text = append(s.text, c)
		i++
	}
}

// outsideQuotes takes a cell up to the delimiter or the end of the line; a quote within it is a character like others.
func (s *splitter) outsideQuotes(i, start int) int {
	for {
		c, ok := s.at(i)
		if !ok || c == '\n' || c == '\r' || s.delimiterAt(i) > 0 {
			break
		}
		if s.hasEscape && s.escape != s.quote && c == s.escape {
			if n, ok := s.at(i + 1); ok && (n == s.quote && s.quote != 0 || n == s.escape || s.delimiterAt(i+1) > 0) {
				i++
				c = n
			}
		}
		s.text = append(s.text, c)
		i++
	}
	if s.skipBlanks {
		for n := len(s.text); n > start && (s.text[n-1] == ' ' || s.text[n-1] == '\t'); n = len(s.text) {
			s.text = s.text[:n-1]
		}
	}
	return i
}

func (s *splitter) firstLine() string {
	end, _, ok := s.lineEnd(s.pos)
	if !ok {
		end = min(s.end, s.pos+MaxRecord)
	}
	return clip(string(s.buf[s.pos:end]))
}

// recover gives up a record and goes on at the line after its first one. Text may be looked at twice that way, so a
// file made of stray quotes gets a budget: when it is spent, reading goes on behind all that was looked at.
func (s *splitter) recover(r record, i int, fault string) (record, error) {
	const budget = 16 << 20
	r.fault, r.raw = fault, s.firstLine()
	end, next, ok := s.lineEnd(s.pos)
	s.cells = s.cells[:0]
	r.cells = nil
	s.rescanned += int64(i)
	if ok && (i <= end-s.pos || s.rescanned < budget+s.read/4) {
		s.pos, s.line, r.last = next, r.line+1, r.line
		return r, nil
	}
	s.pos, s.line = s.pos+i, r.last
	_, next, ok, err := s.wholeLine()
	if err != nil {
		return r, err
	}
	if ok {
		s.pos = next
	} else {
		s.pos = s.end
	}
	s.line = r.last + 1
	return r, nil
}
