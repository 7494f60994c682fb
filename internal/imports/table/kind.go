package table

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"path"
	"strings"
	"unicode/utf8"
)

// located is the file to be read, once the archive around it is open.
type located struct {
	ctx    context.Context
	src    Source
	zip    *zip.Reader // of a workbook
	entry  *zip.File   // of text inside an archive
	format Format      // "" for text that is yet to be looked at
	others []Other
	name   string // the entry chosen
}

// open gives the bytes of text from the start.
func (l *located) open() (io.ReadCloser, int64, error) {
	if l.entry != nil {
		r, err := openEntry(l.ctx, l.entry)
		return r, int64(l.entry.UncompressedSize64), err
	}
	return io.NopCloser(io.NewSectionReader(l.src, 0, l.src.Size())), l.src.Size(), nil
}

// locate finds out what kind of file this is by its bytes, never by its name.
func locate(ctx context.Context, src Source, want Dialect) (*located, error) {
	if src.Size() == 0 {
		return nil, refuse("imports.refused.empty")
	}
	head := make([]byte, min(src.Size(), 4096))
	if _, err := src.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, &Refusal{Code: "imports.refused.unreadable", Err: err}
	}
	if code := foreign(head, src); code != "" {
		return nil, refuse(code)
	}
	l := &located{ctx: ctx, src: src}
	if !bytes.HasPrefix(head, []byte("PK\x03\x04")) && !bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		if src.Size() > MaxStream {
			return nil, refuse("imports.refused.too_big", "max", MaxStream>>30)
		}
		return l, nil
	}
	z, err := openArchive(src)
	if err != nil {
		return nil, err
	}
	switch office(z) {
	case "xl/workbook.xml":
		l.zip, l.format = z, XLSX
		return l, nil
	case "xl/workbook.bin":
		return nil, refuse("imports.refused.xls")
	case "":
		return l, l.choose(z, want.Entry)
	}
	return nil, refuse("imports.refused.office")
}

// choose picks one entry of an archive: the one that was asked for, else the largest that looks like a table.
func (l *located) choose(z *zip.Reader, wanted string) error {
	var best *zip.File
	entries := usefulEntries(z)
	for _, f := range entries {
		if wanted != "" && clean(f.Name) == wanted {
			best = f
			break
		}
		if wanted == "" && rank(f.Name) > 0 && (best == nil || rank(f.Name) > rank(best.Name) || rank(f.Name) == rank(best.Name) && f.UncompressedSize64 > best.UncompressedSize64) {
			best = f
		}
	}
	if best == nil {
		if wanted != "" {
			return refuse("imports.refused.no_entry", "name", clip(wanted))
		}
		return refuse("imports.refused.archive_no_table")
	}
	for _, f := range entries {
		if f != best && len(l.others) < 100 {
			l.others = append(l.others, Other{Kind: "entry", Name: clip(f.Name)})
		}
	}
	l.name = clean(best.Name)
	in, err := openEntry(l.ctx, best)
	if err != nil {
		return err
	}
	defer in.Close()
	head := make([]byte, min(best.UncompressedSize64, 4096))
	if _, err := io.ReadFull(in, head); err != nil {
		return err
	}
	if len(head) == 0 {
		return refuse("imports.refused.empty")
	}
	if code := foreign(head, nil); code != "" {
		return refuse(code)
	}
	if !bytes.HasPrefix(head, []byte("PK")) {
		l.entry = best
		return nil
	}
	// A workbook inside an archive: its own directory is judged like any other, and nothing deeper is opened.
	if best.UncompressedSize64 > MaxPacked {
		return refuse("imports.refused.archive_too_big", "max", MaxPacked>>20)
	}
	inner, err := openEntry(l.ctx, best)
	if err != nil {
		return err
	}
	defer inner.Close()
	data, err := io.ReadAll(inner)
	if err != nil {
		return err
	}
	l.src = NewSource(bytes.NewReader(data), int64(len(data)), best.Name)
	book, err := openArchive(l.src)
	if err != nil {
		return err
	}
	if office(book) != "xl/workbook.xml" {
		return refuse("imports.refused.archive_nested")
	}
	l.zip, l.format = book, XLSX
	return nil
}

func rank(name string) int {
	switch strings.ToLower(path.Ext(name)) {
	case ".csv", ".tsv", ".xlsx", ".xlsm", ".vcf", ".jsonl", ".ndjson":
		return 3
	case ".txt", ".tab", ".vcard":
		return 2
	case "", ".dat", ".zip", ".xls", ".json":
		return 1
	}
	return 0
}

// office tells which part of an office document the archive has, "" when it is a plain archive.
func office(z *zip.Reader) string {
	found := ""
	for _, f := range z.File {
		switch f.Name {
		case "xl/workbook.xml", "xl/workbook.bin":
			return f.Name
		case "word/document.xml", "ppt/presentation.xml", "content.xml", "META-INF/container.xml":
			found = f.Name
		case "_rels/.rels":
			// A workbook may have its parts under other names; its relations tell.
			if in, err := f.Open(); err == nil {
				head, _ := io.ReadAll(io.LimitReader(in, 64<<10))
				in.Close()
				if target := targetOf(head, "/officeDocument"); strings.HasSuffix(target, "workbook.xml") || strings.HasSuffix(target, "workbook.bin") {
					return "xl/" + path.Base(target)
				}
			}
		}
	}
	return found
}

// foreign names what cannot be read as a table, by its first bytes.
func foreign(head []byte, src Source) string {
	has := func(prefixes ...string) bool {
		for _, p := range prefixes {
			if bytes.HasPrefix(head, []byte(p)) {
				return true
			}
		}
		return false
	}
	switch {
	case has("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"):
		if src != nil && contains(src, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e")) {
			return "imports.refused.encrypted"
		}
		return "imports.refused.xls"
	case has("\x09\x08\x10\x00", "\x09\x04\x06\x00", "\x09\x02\x06\x00", "\x09\x00\x04\x00"):
		return "imports.refused.xls"
	case has("%PDF-"):
		return "imports.refused.pdf"
	case has("\x89PNG", "\xFF\xD8\xFF", "GIF8", "II*\x00", "MM\x00*", "\x00\x00\x01\x00") || has("RIFF") && bytes.Contains(head[:min(16, len(head))], []byte("WEBP")):
		return "imports.refused.picture"
	case has("\x1F\x8B", "7z\xBC\xAF\x27\x1C", "Rar!", "BZh", "\xFD7zXZ", "\x28\xB5\x2F\xFD"):
		return "imports.refused.packed"
	case has("SQLite format 3\x00", "\x7FELF", "MZ\x90", "\xCA\xFE\xBA\xBE", "OggS", "ID3", "PAR1"):
		return "imports.refused.binary"
	case has(`{\rtf`):
		return "imports.refused.office"
	}
	start := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n"))
	for _, p := range []string{"<!doctype html", "<html", "<table", "<head", "<body", "<meta"} {
		if bytes.HasPrefix(start, []byte(p)) {
			return "imports.refused.html"
		}
	}
	switch {
	case bytes.HasPrefix(start, []byte("<?xml")) && bytes.Contains(start, []byte("<html")):
		return "imports.refused.html"
	case bytes.HasPrefix(start, []byte("<?xml")), bytes.HasPrefix(start, []byte("<!--")):
		return "imports.refused.xml"
	case bytes.HasPrefix(start, []byte("begin:vcalendar")):
		return "imports.refused.calendar"
	}
	return ""
}

// contains looks for a mark in the first megabyte and in the last.
func contains(src Source, mark []byte) bool {
	for _, at := range []int64{0, max(0, src.Size()-1<<20)} {
		b := make([]byte, min(src.Size()-at, 1<<20))
		if _, err := src.ReadAt(b, at); err != nil && err != io.EOF {
			return false
		}
		if bytes.Contains(b, mark) {
			return true
		}
	}
	return false
}

// noText tells that decoded text is no text: more than one character in fifty is a control character or cannot be read.
func noText(s string) bool {
	n, bad := 0, 0
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		n++
		if r == 0 && (strings.HasPrefix(s, `"`) || strings.HasPrefix(s, "'")) {
			continue // some programs escape quotes so
		}
		if r == utf8.RuneError && size == 1 || r < 0x20 && r != '\n' && r != '\r' && r != '\t' && r != '\f' && r != 0x1F && r != 0x1E && r != 0x1A && r != 1 {
			bad++
		}
	}
	return bad*50 > n
}

// textFormat tells CSV from vCard and JSONL by the first characters.
func textFormat(s string) (Format, *Refusal) {
	start := strings.TrimLeft(s, "\uFEFF \t\r\n")
	switch upper := strings.ToUpper(start[:min(len(start), 16)]); {
	case start == "":
		return "", refuse("imports.refused.empty")
	case strings.HasPrefix(upper, "BEGIN:VCARD"):
		return VCard, nil
	case strings.HasPrefix(upper, "BEGIN:VCALENDAR"):
		return "", refuse("imports.refused.calendar")
	case start[0] == '{' && strings.TrimSpace(firstLine(start)) == "{":
		return "", refuse("imports.refused.json")
	case start[0] == '{' && jsonStart(start):
		return JSONL, nil
	case start[0] == '[' && (strings.HasPrefix(strings.TrimLeft(start[1:], " \t\r\n"), "{") || strings.HasPrefix(strings.TrimLeft(start[1:], " \t\r\n"), "]")):
		return "", refuse("imports.refused.json")
	}
	return CSV, nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// jsonStart tells that text begins with an object: a brace, then a key or the end.
func jsonStart(s string) bool {
	rest := strings.TrimLeft(s[1:], " \t\r\n")
	if strings.HasPrefix(rest, "}") {
		return true
	}
	if !strings.HasPrefix(rest, `"`) {
		return false
	}
	i := strings.IndexByte(rest[1:], '"')
	return i >= 0 && strings.HasPrefix(strings.TrimLeft(rest[i+2:], " \t"), ":")
}
