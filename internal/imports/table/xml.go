package table

import (
	"bytes"
	"errors"
	"io"

	xunicode "golang.org/x/text/encoding/unicode"
)

// xmlKind is what an xmlScanner stands on.
type xmlKind int

const (
	xmlStart xmlKind = iota
	xmlEnd
	xmlText
)

const (
	maxXMLDepth = 64
	maxXMLTag   = 1 << 20
)

// xmlScanner reads the XML of a workbook: elements, attributes, text. There is no document type, hence no entity but the
// five of XML itself, and no namespace beyond dropping prefixes. It keeps one tag or one text in memory.
type xmlScanner struct {
	in        io.Reader
	buf       []byte
	pos, end  int
	eof       bool
	depth     int
	closeSelf bool

	name    []byte // local name of the element
	attrs   []byte // what follows the name
	content []byte // text, decoded
	scratch []byte
}

func newXML(in io.Reader) (*xmlScanner, error) {
	x := &xmlScanner{in: in, buf: make([]byte, 64<<10)}
	if err := x.more(); err != nil {
		return nil, err
	}
	head := x.buf[:x.end]
	if bytes.HasPrefix(head, []byte("\xFF\xFE")) || bytes.HasPrefix(head, []byte("\xFE\xFF")) {
		all := io.MultiReader(bytes.NewReader(bytes.Clone(head)), in)
		x.in, x.pos, x.end, x.eof = xunicode.UTF16(xunicode.LittleEndian, xunicode.ExpectBOM).NewDecoder().Reader(all), 0, 0, false
	}
	return x, nil
}

func brokenXML(why string) error {
	return &Refusal{Code: "imports.refused.xlsx_broken", Err: errors.New(why)}
}

// more reads behind end.
func (x *xmlScanner) more() error {
	if x.pos > 0 {
		copy(x.buf, x.buf[x.pos:x.end])
		x.end -= x.pos
		x.pos = 0
	}
	if x.end == len(x.buf) {
		if len(x.buf) > 2*MaxCell {
			return refuse("imports.refused.cell_too_long", "max", MaxCell>>20)
		}
		x.buf = append(x.buf, make([]byte, len(x.buf))...)
	}
	n, err := x.in.Read(x.buf[x.end:])
	x.end += n
	if err == io.EOF {
		x.eof = true
		return nil
	}
	return err
}

// next moves on. It gives io.EOF at the end of a document that is whole.
func (x *xmlScanner) next() (xmlKind, error) {
	if x.closeSelf {
		x.closeSelf = false
		x.depth--
		return xmlEnd, nil
	}
	for {
		if x.pos == x.end {
			if x.eof {
				if x.depth > 0 {
					return 0, brokenXML("cut off")
				}
				return 0, io.EOF
			}
			if err := x.more(); err != nil {
				return 0, err
			}
			continue
		}
		if x.buf[x.pos] != '<' {
			return xmlText, x.text()
		}
		kind, skip, err := x.tag()
		if err != nil || !skip {
			return kind, err
		}
	}
}

func (x *xmlScanner) text() error {
	for {
		i := bytes.IndexByte(x.buf[x.pos:x.end], '<')
		if i < 0 && !x.eof {
			if err := x.more(); err != nil {
				return err
			}
			continue
		}
		if i < 0 {
			i = x.end - x.pos
		}
		raw := x.buf[x.pos : x.pos+i]
		x.pos += i
		if len(raw) > MaxCell {
			return refuse("imports.refused.cell_too_long", "max", MaxCell>>20)
		}
		if bytes.IndexByte(raw, '&') < 0 {
			x.content = raw
			return nil
		}
		out, err := entities(x.scratch[:0], raw)
		x.content, x.scratch = out, out
		return err
	}
}

// tag reads what begins with "<". skip: a comment or the like.
func (x *xmlScanner) tag() (kind xmlKind, skip bool, err error) {
	for x.end-x.pos < 9 && !x.eof {
		if err := x.more(); err != nil {
			return 0, false, err
		}
	}
	head := x.buf[x.pos:x.end]
	switch {
	case bytes.HasPrefix(head, []byte("<!--")):
		_, err := x.upTo("-->")
		return 0, true, err
	case bytes.HasPrefix(head, []byte("<?")):
		_, err := x.upTo("?>")
		return 0, true, err
	case bytes.HasPrefix(head, []byte("<![CDATA[")):
		raw, err := x.upTo("]]>")
		if err == nil {
			x.content = raw[9 : len(raw)-3]
		}
		return xmlText, false, err
	case bytes.HasPrefix(head, []byte("<!")):
		return 0, false, refuse("imports.refused.xml_entities")
	}
	raw, err := x.element()
	if err != nil {
		return 0, false, err
	}
	if raw[0] == '/' {
		if x.depth--; x.depth < 0 {
			return 0, false, brokenXML("an end without a beginning")
		}
		x.name = local(bytes.TrimSpace(raw[1:]))
		return xmlEnd, false, nil
	}
	if raw[len(raw)-1] == '/' {
		x.closeSelf = true
		raw = raw[:len(raw)-1]
	}
	if x.depth++; x.depth > maxXMLDepth {
		return 0, false, refuse("imports.refused.xml_deep")
	}
	n := bytes.IndexAny(raw, " \t\r\n")
	if n < 0 {
		n = len(raw)
	}
	x.name, x.attrs = local(raw[:n]), raw[n:]
	if len(x.name) == 0 {
		return 0, false, brokenXML("an element without a name")
	}
	return xmlStart, false, nil
}

func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// element takes what stands between < and >.
func (x *xmlScanner) element() ([]byte, error) {
	quote := byte(0)
	for i := 1; ; i++ {
		if x.pos+i >= x.end {
			if x.eof {
				return nil, brokenXML("cut off within a tag")
			}
			if i > maxXMLTag {
				return nil, brokenXML("a tag that does not end")
			}
			if err := x.more(); err != nil {
				return nil, err
			}
			i--
			continue
		}
		switch c := x.buf[x.pos+i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			raw := x.buf[x.pos+1 : x.pos+i]
			x.pos += i + 1
			if len(raw) == 0 {
				return nil, brokenXML("an empty tag")
			}
			return raw, nil
		}
	}
}

func (x *xmlScanner) upTo(mark string) ([]byte, error) {
	for {
		if i := bytes.Index(x.buf[x.pos:x.end], []byte(mark)); i >= 0 {
			raw := x.buf[x.pos : x.pos+i+len(mark)]
			x.pos += i + len(mark)
			return raw, nil
		}
		if x.eof {
			return nil, brokenXML("cut off within " + mark)
		}
		if err := x.more(); err != nil {
			return nil, err
		}
	}
}
