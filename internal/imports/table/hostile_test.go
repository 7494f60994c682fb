package table

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"testing"
)

// packed is one entry of an archive that we write byte by byte.
type packed struct {
	name    string
	content []byte
	mode    fs.FileMode
	claims  uint64 // unpacked size that is claimed; 0: the true one
}

func archive(t testing.TB, entries ...packed) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		var c bytes.Buffer
		w, err := flate.NewWriter(&c, 6)
		must(t, err)
		_, err = w.Write(e.content)
		must(t, err, w.Close())
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(e.content), CompressedSize64: uint64(c.Len()), UncompressedSize64: uint64(len(e.content))}
		if e.claims > 0 {
			h.UncompressedSize64 = e.claims
		}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		raw, err := z.CreateRaw(h)
		must(t, err)
		_, err = raw.Write(c.Bytes())
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

// overlapping makes an archive whose entries all are the same bytes.
func overlapping(t testing.TB, n int) []byte {
	one := archive(t, packed{name: "a.csv", content: bytes.Repeat([]byte("a,b\n1,2\n"), 20_000)})
	end := bytes.LastIndex(one, []byte("PK\x05\x06"))
	start := bytes.Index(one, []byte("PK\x01\x02"))
	directory := bytes.Repeat(one[start:end], n)
	out := append(bytes.Clone(one[:start]), directory...)
	tail := bytes.Clone(one[end:])
	binary.LittleEndian.PutUint16(tail[8:], uint16(n))
	binary.LittleEndian.PutUint16(tail[10:], uint16(n))
	binary.LittleEndian.PutUint32(tail[12:], uint32(len(directory)))
	return append(out, tail...)
}

func manyEntries(t testing.TB, n int) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range n {
		_, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("%d", i)})
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

// hostile are files made to harm, by the reason of their refusal.
func hostile(t testing.TB) map[string]struct {
	code string
	data []byte
} {
	zeros := make([]byte, 60<<20)
	nested := archive(t, packed{name: "a.csv", content: []byte("a,b\n1,2\n")})
	for range 10 {
		nested = archive(t, packed{name: "0.zip", content: nested}, packed{name: "1.zip", content: nested})
	}
	strs := strings.Repeat("<si><t>a</t></si>", 1_000_000)
	random := make([]byte, 1<<20) // so that the ratio gives nothing away
	for i := range random {
		random[i] = byte(i*i>>7) ^ byte(i)
	}
	var long strings.Builder // 50 MB, packed 30 to 1
	for i := 0; long.Len() < 50<<20; i++ {
		fmt.Fprintf(&long, "%x%s", crc32.ChecksumIEEE([]byte{byte(i), byte(i >> 8), byte(i >> 16)}), strings.Repeat("abc", 150))
	}
	cell := `<row r="2"><c t="inlineStr"><is><t>` + long.String() + `</t></is></c></row>`
	return map[string]struct {
		code string
		data []byte
	}{
		"1000:1":                {"zip_bomb", archive(t, packed{name: "a.csv", content: zeros})},
		"claims a small size":   {"archive_broken", archive(t, packed{name: "a.csv", content: append([]byte("a,b\n1,2\n"), bytes.Repeat([]byte("3,4\n"), 1<<20)...), claims: 4000})},
		"claims a huge size":    {"zip_bomb", archive(t, packed{name: "a.csv", content: random, claims: 1 << 40})},
		"together too large":    {"zip_bomb", archive(t, packed{name: "a", content: random, claims: 90 << 20}, packed{name: "b", content: random, claims: 90 << 20}, packed{name: "c", content: random, claims: 90 << 20})},
		"overlapping entries":   {"zip_bomb", overlapping(t, 500)},
		"nested archives":       {"archive_nested", nested},
		"10⁶ entries claimed":   {"archive_entries", manyEntries(t, 70_000)},
		"3,000 entries":         {"archive_entries", manyEntries(t, 3_000)},
		"path traversal":        {"archive_path", archive(t, packed{name: "../../etc/passwd.csv", content: []byte("a,b\n")})},
		"path within":           {"archive_path", archive(t, packed{name: "a/../../b.csv", content: []byte("a,b\n")})},
		"absolute path":         {"archive_path", archive(t, packed{name: "/etc/a.csv", content: []byte("a,b\n")})},
		"backslash":             {"archive_path", archive(t, packed{name: `..\a.csv`, content: []byte("a,b\n")})},
		"device":                {"archive_path", archive(t, packed{name: "a/nul.csv", content: []byte("a,b\n")})},
		"drive":                 {"archive_path", archive(t, packed{name: "C:a.csv", content: []byte("a,b\n")})},
		"link":                  {"archive_path", archive(t, packed{name: "a.csv", content: []byte("/etc/passwd"), mode: fs.ModeSymlink | 0o777})},
		"row 2³¹":               {"row_number", sheetXML(headRow+`<row r="2147483648"><c><v>1</v></c></row>`, "")},
		"row 2⁶⁴":               {"row_number", sheetXML(headRow+`<row r="18446744073709551617"><c><v>1</v></c></row>`, "")},
		"column XFE":            {"xlsx_broken", sheetXML(headRow+`<row r="2"><c r="XFE2"><v>1</v></c></row>`, "")},
		"column 16,384":         {"columns", sheetXML(headRow+`<row r="2"><c r="XFD2"><v>1</v></c></row>`, "")},
		"10⁶ shared strings":    {"strings", unpacked(t, sheetXML(headRow, strs))},
		"a cell of 50 MB":       {"cell_too_long", sheetXML(headRow+cell, "")},
		"entities":              {"xml_entities", sheetXML(headRow, `<!DOCTYPE sst [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><si><t>&b;</t></si>`)},
		"unknown entity":        {"xml_entities", sheetXML(headRow, `<si><t>&lol9;</t></si>`)},
		"external entity":       {"xml_entities", sheetXML(`<!DOCTYPE x SYSTEM "file:///etc/passwd">`+headRow, ``)},
		"deep nesting":          {"xml_deep", sheetXML(headRow+strings.Repeat("<a>", 100_000), "")},
		"deep rels":             {"xml_deep", zipOf("xl/workbook.xml", strings.Repeat("<a>", 1000), "_rels/.rels", "<Relationships/>", "xl/_rels/workbook.xml.rels", "<Relationships/>")},
		"NUL bytes":             {"binary", bytes.Repeat([]byte("a,\x00b\n\x00"), 1000)},
		"only NUL bytes":        {"binary", make([]byte, 1<<20)},
		"a line of 30 MB":       {"line_too_long", bytes.Repeat([]byte("a"), 30<<20)},
		"an entry of nothing":   {"empty", archive(t, packed{name: "a.csv"})},
		"an archive of nothing": {"archive_no_table", archive(t)},
		"an old Excel file":     {"xls", append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 4000)...)},
		"an encrypted one":      {"encrypted", append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), []byte(strings.Repeat("x", 600)+"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")...)},
		"a PDF":                 {"pdf", []byte("%PDF-1.7\n%âãÏÓ\n")},
		"a picture":             {"picture", []byte("\x89PNG\r\n\x1a\n....")},
		"a web page":            {"html", []byte("<html><table><tr><td>a</td></tr></table>")},
		"a web page as .xls":    {"html", []byte("\xEF\xBB\xBF \n<TABLE border=1><tr><td>a</td></tr></table>")},
		"a document":            {"office", zipOf("word/document.xml", "<w/>", "[Content_Types].xml", "<Types/>")},
		"a spreadsheet of ODF":  {"office", zipOf("mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "<x/>")},
		"a binary workbook":     {"xls", zipOf("xl/workbook.bin", "x")},
		"gzip":                  {"packed", []byte("\x1f\x8b\x08\x00\x00")},
		"a JSON array":          {"json", []byte(`[{"a":1},{"a":2}]`)},
		"a JSON document":       {"json", []byte("{\n  \"a\": 1\n}\n")},
		"a calendar":            {"calendar", []byte("BEGIN:VCALENDAR\nEND:VCALENDAR\n")},
		"nothing":               {"empty", nil},
		"blanks":                {"empty", []byte("\n \n\t\n")},
	}
}

// unpacked keeps the parts of an archive as they are, so that the caps on ratios do not speak first.
func unpacked(t testing.TB, data []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		in, err := f.Open()
		must(t, err)
		out, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		must(t, err)
		_, err = io.Copy(out, in)
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes()
}

// A hostile file is refused with a reason, in little memory.
func TestHostileFilesAreRefused(t *testing.T) {
	for name, h := range hostile(t) {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		_, err := readAll(t, name, h.data, Dialect{})
		runtime.ReadMemStats(&after)
		if got := strings.TrimPrefix(code(err), "imports.refused."); got != h.code {
			t.Errorf("%s: %q (%v), want %q", name, got, err, h.code)
		}
		// All that was ever allocated, freed or not, bounds what was held at once.
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 200 {
			t.Errorf("%s: %d MB were allocated", name, used)
		}
	}
}
