package table

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"path"
	"slices"
	"strings"
)

// workbook is what must be known of a workbook to read one of its sheets.
type workbook struct {
	ctx     context.Context
	zip     *zip.Reader
	sheets  []sheetPart
	since04 bool
	strings sharedStrings
	formats []numberFormat // by cell style
	parts   map[string]*zip.File
}

type sheetPart struct {
	name, path string
	hidden     bool
}

// openWorkbook reads the parts around the sheets.
func openWorkbook(ctx context.Context, z *zip.Reader) (*workbook, error) {
	w := &workbook{ctx: ctx, zip: z, parts: map[string]*zip.File{}}
	for _, f := range z.File {
		if name := strings.ToLower(f.Name); w.parts[name] == nil {
			w.parts[name] = f
		}
	}
	book := "xl/workbook.xml"
	if rels, err := w.relations("_rels/.rels", ""); err == nil {
		for _, r := range rels {
			if strings.HasSuffix(r.kind, "/officeDocument") {
				book = r.target
			}
		}
	}
	dir, base := path.Split(book)
	rels, err := w.relations(dir+"_rels/"+base+".rels", dir)
	if err != nil {
		return nil, err
	}
	if err := w.readBook(book, rels); err != nil {
		return nil, err
	}
	if len(w.sheets) == 0 {
		return nil, refuse("imports.refused.no_sheet")
	}
	for _, r := range rels {
		switch {
		case strings.HasSuffix(r.kind, "/styles"):
			err = w.readStyles(r.target)
		case strings.HasSuffix(r.kind, "/sharedStrings"):
			err = w.readStrings(r.target)
		}
		if err != nil {
			return nil, err
		}
	}
	return w, nil
}

// scan opens a part as XML.
func (w *workbook) scan(name string) (*xmlScanner, io.ReadCloser, error) {
	f := w.parts[strings.ToLower(strings.TrimPrefix(name, "/"))]
	if f == nil {
		return nil, nil, brokenXML("no part " + clip(name))
	}
	in, err := openEntry(w.ctx, f)
	if err != nil {
		return nil, nil, err
	}
	x, err := newXML(in)
	if err != nil {
		in.Close()
		return nil, nil, err
	}
	return x, in, nil
}

// each calls fn at the start of every element of a part; within it the scanner may be moved on.
func (w *workbook) each(name string, fn func(x *xmlScanner) error) error {
	x, in, err := w.scan(name)
	if err != nil {
		return err
	}
	defer in.Close()
	for {
		kind, err := x.next()
		if err == io.EOF {
			return nil
		}
		if err == nil && kind == xmlStart {
			err = fn(x)
		}
		if err != nil {
			return err
		}
	}
}

type relation struct{ id, kind, target string }

func (w *workbook) relations(name, dir string) ([]relation, error) {
	var out []relation
	err := w.each(name, func(x *xmlScanner) error {
		if string(x.name) == "Relationship" {
			out = append(out, relationAt(x, dir))
		}
		if len(out) > MaxEntries {
			return refuse("imports.refused.archive_entries", "max", MaxEntries)
		}
		return nil
	})
	return out, err
}

func relationAt(x *xmlScanner, dir string) relation {
	id, _ := x.attr("Id")
	kind, _ := x.attr("Type")
	target, _ := x.attr("Target")
	if !strings.HasPrefix(target, "/") {
		target = dir + target
	}
	return relation{id, kind, strings.TrimPrefix(path.Clean(target), "/")}
}

// targetOf finds the target of a relation in a part that is small.
func targetOf(xml []byte, kind string) string {
	x, err := newXML(bytes.NewReader(xml))
	if err != nil {
		return ""
	}
	for {
		k, err := x.next()
		if err != nil {
			return ""
		}
		if k == xmlStart && string(x.name) == "Relationship" {
			if r := relationAt(x, ""); strings.HasSuffix(r.kind, kind) {
				return r.target
			}
		}
	}
}

func (w *workbook) readBook(name string, rels []relation) error {
	return w.each(name, func(x *xmlScanner) error {
		switch string(x.name) {
		case "workbookPr":
			v, _ := x.attr("date1904")
			w.since04 = v == "1" || v == "true"
		case "sheet":
			title, _ := x.attr("name")
			id, _ := x.attr("id")
			state, _ := x.attr("state")
			i := slices.IndexFunc(rels, func(r relation) bool { return r.id == id && strings.HasSuffix(r.kind, "/worksheet") })
			if i >= 0 {
				w.sheets = append(w.sheets, sheetPart{clean(title), rels[i].target, state != "" && state != "visible"})
			}
		}
		return nil
	})
}

// sharedStrings are the texts that cells refer to by number, one behind the other.
type sharedStrings struct {
	arena []byte
	ends  []uint32
}

func (s *sharedStrings) at(i int) (string, bool) {
	if i < 0 || i >= len(s.ends) {
		return "", false
	}
	from := uint32(0)
	if i > 0 {
		from = s.ends[i-1]
	}
	return string(s.arena[from:s.ends[i]]), true
}

const maxStringBytes = 48 << 20

func (w *workbook) readStrings(name string) error {
	s := &w.strings
	return w.each(name, func(x *xmlScanner) error {
		if string(x.name) != "si" {
			return nil
		}
		from := len(s.arena)
		err := x.textInto(&s.arena)
		if err != nil {
			return err
		}
		if len(s.ends) >= MaxStrings || len(s.arena) > maxStringBytes {
			return refuse("imports.refused.strings", "max", MaxStrings)
		}
		if len(s.arena)-from > MaxCell {
			return refuse("imports.refused.cell_too_long", "max", MaxCell>>20)
		}
		if bytes.Contains(s.arena[from:], []byte("_x")) {
			s.arena = append(s.arena[:from], unescapeX(string(s.arena[from:]))...)
		}
		s.ends = append(s.ends, uint32(len(s.arena)))
		return nil
	})
}

// textInto appends the text of the element just begun, without how it is pronounced (rPh), up to its end.
func (x *xmlScanner) textInto(out *[]byte) error {
	depth := x.depth
	inText, phonetic := false, 0
	for {
		kind, err := x.next()
		if err != nil {
			if err == io.EOF {
				err = brokenXML("cut off")
			}
			return err
		}
		switch {
		case kind == xmlText:
			if inText && phonetic == 0 {
				*out = append(*out, x.content...)
			}
		case kind == xmlStart:
			inText = string(x.name) == "t"
			if phonetic > 0 || string(x.name) == "rPh" {
				phonetic++
			}
		case x.depth < depth:
			return nil
		default:
			inText = false
			if phonetic > 0 {
				phonetic--
			}
		}
	}
}

// unescapeX replaces _xHHHH_, by which a workbook writes control characters.
func unescapeX(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || i+7 > len(s) {
			break
		}
		n, ok := 0, s[i+6] == '_'
		for _, c := range []byte(s[i+2 : i+6]) {
			h := hex(c)
			ok = ok && h >= 0
			n = n<<4 | h&15
		}
		if !ok {
			b.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		b.WriteString(s[:i])
		b.WriteRune(rune(n))
		s = s[i+7:]
	}
	b.WriteString(s)
	return b.String()
}
