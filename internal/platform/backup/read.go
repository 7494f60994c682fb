package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"reflect"
	"strconv"
	"strings"
)

// visitor is told what is in an archive, in its order; a nil function is not
// asked. What it is told is true only once walk has returned without an error.
type visitor struct {
	header func(Header) error
	row    func(t Table, values []any) error
	file   func(path string, size int64, r io.Reader) error
}

// walk reads the body of an archive (without its seal) from one end to the
// other and checks structure, hashes and counts.
func walk(body io.Reader, v visitor) (Manifest, error) {
	in := bufio.NewReaderSize(body, 1<<20)
	gz, err := gzip.NewReader(in)
	if err != nil {
		return Manifest{}, hostile("no gzip stream")
	}
	gz.Multistream(false)
	w := &walker{visitor: v, tr: tar.NewReader(gz)}
	if err := w.all(); err != nil {
		return Manifest{}, asHostile(err)
	}
	rest, err := io.Copy(io.Discard, gz)
	if _, more := in.Peek(1); err != nil || rest > 0 || !errors.Is(more, io.EOF) {
		return Manifest{}, hostile("something follows its end")
	}
	return w.m, nil
}

// asHostile names errors of the decoders: the seal was right, so whoever made
// this archive made it so.
func asHostile(err error) error {
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) {
		return hostile("its structure is broken (%v)", err)
	}
	for _, e := range []error{io.EOF, io.ErrUnexpectedEOF, gzip.ErrChecksum, gzip.ErrHeader, tar.ErrHeader} {
		if errors.Is(err, e) {
			return hostile("its structure is broken (%v)", err)
		}
	}
	return err
}

type walker struct {
	visitor
	tr    *tar.Reader
	head  Header
	m     Manifest
	table int       // index into head.Tables of the table being read
	sum   hash.Hash // of its parts
	files int       // how many were seen
}

func (w *walker) all() error {
	if err := w.readHeader(); err != nil {
		return err
	}
	w.m.Header = w.head
	w.m.Tables = append([]Table(nil), w.head.Tables...)
	w.sum = sha256.New()
	for {
		h, err := w.next()
		switch {
		case err != nil:
			return err
		case h.Name == manifestName:
			return w.manifest(h)
		case strings.HasPrefix(h.Name, tablesDir) && w.files == 0:
			err = w.part(h)
		case strings.HasPrefix(h.Name, filesDir):
			err = w.attached(h)
		default:
			err = hostile("an entry %q", h.Name)
		}
		if err != nil {
			return err
		}
	}
}

func (w *walker) next() (*tar.Header, error) {
	h, err := w.tr.Next()
	if err != nil {
		return nil, err
	}
	if h.Typeflag != tar.TypeReg || h.Linkname != "" {
		return nil, hostile("%q is no ordinary file", h.Name)
	}
	return h, nil
}

func (w *walker) readHeader() error {
	h, err := w.next()
	if err != nil {
		return err
	}
	if h.Name != headerName || h.Size > maxHeader {
		return hostile("it does not begin with its header")
	}
	data, err := io.ReadAll(w.tr)
	if err != nil {
		return err
	}
	// A newer form may hold more: its number is looked at first.
	if err := json.Unmarshal(data, &w.head); err != nil {
		var format struct {
			Format int `json:"format"`
		}
		if json.Unmarshal(data, &format) == nil && format.Format > Format {
			w.head.Format = format.Format
		} else {
			return hostile("a header that cannot be read")
		}
	}
	if w.head.Format > Format {
		return NewerError{What: "form", Archive: strconv.Itoa(w.head.Format), Program: strconv.Itoa(Format)}
	}
	if err := checkHeader(w.head); err != nil {
		return err
	}
	if w.header == nil {
		return nil
	}
	return w.header(w.head)
}

func checkHeader(h Header) error {
	if h.Format < 1 || h.Schema < 1 {
		return hostile("a header without versions")
	}
	tables := map[string]bool{}
	for _, t := range h.Tables {
		if !identifier.MatchString(t.Name) || tables[t.Name] || len(t.Columns) == 0 || t.Parts != 0 || t.Rows != 0 || t.SHA256 != "" {
			return hostile("a table %q", t.Name)
		}
		tables[t.Name] = true
		columns := map[string]bool{}
		for _, c := range t.Columns {
			if !identifier.MatchString(c.Name) || columns[c.Name] || !portable(c.Type) {
				return hostile("a column %q of type %q in table %s", c.Name, c.Type, t.Name)
			}
			columns[c.Name] = true
		}
	}
	return nil
}

// part reads one part of a table, which must be the current one or a later one.
func (w *walker) part(h *tar.Header) error {
	name := partName.FindStringSubmatch(h.Name)
	if name == nil || h.Size == 0 || h.Size > maxPart {
		return hostile("an entry %q of %d bytes", h.Name, h.Size)
	}
	for w.table < len(w.m.Tables) && w.m.Tables[w.table].Name != name[1] {
		w.endTable()
	}
	if w.table == len(w.m.Tables) {
		return hostile("an entry %q out of its order", h.Name)
	}
	t := &w.m.Tables[w.table]
	if n, _ := strconv.Atoi(name[2]); n != t.Parts+1 {
		return hostile("an entry %q out of its order", h.Name)
	}
	t.Parts++
	data := make([]byte, h.Size)
	if _, err := io.ReadFull(w.tr, data); err != nil {
		return err
	}
	w.sum.Write(data)
	for len(data) > 0 {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		if !whole {
			return hostile("a part of table %s ends within a row", t.Name)
		}
		data = rest
		values, err := readRow(line, t.Columns)
		if err != nil {
			return hostile("table %s: %v", t.Name, err)
		}
		t.Rows++
		if w.row == nil {
			continue
		}
		if err := w.row(*t, values); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) endTable() {
	w.m.Tables[w.table].SHA256 = sumText(w.sum)
	w.sum.Reset()
	w.table++
}

func (w *walker) attached(h *tar.Header) error {
	path := strings.TrimPrefix(h.Name, filesDir)
	if !validPath(path) {
		return hostile("a file %q", h.Name)
	}
	w.files++
	sum := sha256.New()
	r := io.TeeReader(w.tr, sum)
	if w.file != nil {
		if err := w.file(path, h.Size, r); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	w.m.Files = append(w.m.Files, File{Path: path, Size: h.Size, SHA256: sumText(sum)})
	return nil
}

// manifest compares what was read with what the writer counted.
func (w *walker) manifest(h *tar.Header) error {
	for w.table < len(w.m.Tables) {
		w.endTable()
	}
	if h.Size > maxManifest {
		return hostile("a manifest of %d bytes", h.Size)
	}
	var want Manifest
	if err := json.NewDecoder(w.tr).Decode(&want); err != nil {
		return hostile("a manifest that cannot be read")
	}
	if _, err := w.next(); !errors.Is(err, io.EOF) {
		return hostile("something follows its manifest")
	}
	for i, t := range w.m.Tables {
		if i >= len(want.Tables) || !reflect.DeepEqual(t, want.Tables[i]) {
			return hostile("table %s is not what its manifest says: a part is missing or was exchanged", t.Name)
		}
	}
	for i, f := range w.m.Files {
		if i >= len(want.Files) || f != want.Files[i] {
			return hostile("file %s is not what its manifest says", f.Path)
		}
	}
	if len(w.m.Files) != len(want.Files) {
		return hostile("%d files are missing", len(want.Files)-len(w.m.Files))
	}
	if !reflect.DeepEqual(w.m, want) {
		return hostile("its header and its manifest differ")
	}
	return nil
}
