package table

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"unicode/utf8"
)

// seeds are small files of every kind, shared by all targets.
func seeds() [][]byte {
	return [][]byte{
		[]byte("id,nom\n1,\"a\"\"b\"\n2,c\n"), []byte("a;b\r\n\"x\ny\";z\r\n\"open"), []byte("sep=;\na;b\n1;2\n"), []byte("\xff\xfea\x00,\x00b\x00\n\x00"), []byte("\xEF\xBB\xBFé|è\n1|2\n"),
		[]byte("a,b\n1,2\n\n\nc,d,e\n1,2,3\n4,5,6\n"), []byte("# x\na\tb\n1\t2\n"), []byte("z\",q,\"y\nz\",q,\"y\nz\",q,\"y\n"), []byte("'a','b'\n'1\"\"','2'\n"), []byte("Pr\xe9nom;Ville\nZo\xeb;Brest\n"),
		[]byte("a,b\r\r\n1,2\r\r\n"), []byte("\"a\\\"b\",c\n\"\\\\\",d\n"), []byte("nom\nJean Dupont\n"), []byte(`{"a":1,"b":{"c":[1,2]}}` + "\n" + `{"a":2}`), []byte(`{"a":"\ud800"}`),
		[]byte("BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=A9=\n;b\nEND:VCARD\n"), []byte("BEGIN:VCARD\nitem1.EMAIL;TYPE=\"a;b\":x\\,y\n folded\nEND:VCARD\nBEGIN:VCARD\nFN:open"),
		sheetXML(headRow+`<row r="2"><c t="s"><v>0</v></c><c><f>1</f><v>2</v></c></row>`, "<si><t>a_x0041_</t></si>"), zipOf("a.csv", "a,b\n1,2\n"), {}, []byte("\n"), []byte("PK\x03\x04"), []byte("a"),
	}
}

// check reads a file to its end: no panic, as many outcomes as records, nothing but text, and the same again after a skip.
func check(t *testing.T, data []byte, want Dialect) {
	src := NewSource(bytes.NewReader(data), int64(len(data)), "fuzz")
	guess, err := Sniff(context.Background(), src, want)
	if err != nil {
		var r *Refusal
		if !errors.As(err, &r) {
			t.Fatalf("an error without words: %v", err)
		}
		return
	}
	for _, h := range guess.Header {
		if !utf8.ValidString(h) {
			t.Fatalf("header %q", h)
		}
	}
	g, err := readWith(t, src, guess.Dialect)
	if err != nil {
		return
	}
	r, err := Open(context.Background(), src, guess.Dialect)
	if err != nil {
		t.Fatalf("the second time: %v", err)
	}
	defer r.Close()
	n := len(g.rows) + len(g.bad)
	if err := r.Skip(int64(n)); err != nil {
		t.Fatalf("%d records were read, but not skipped: %v", n, err)
	}
	if _, err := r.Next(); err != io.EOF {
		t.Fatalf("%d records were read, and there are more: %v", n, err)
	}
}

func FuzzSniff(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) { check(t, data, Dialect{}) })
}

func FuzzCSV(f *testing.F) {
	for i, s := range seeds() {
		f.Add(s, byte(i), byte(i/3), byte(i/2))
	}
	f.Fuzz(func(t *testing.T, data []byte, delimiter, quote, more byte) {
		check(t, data, Dialect{
			Format: CSV, Delimiter: []string{",", ";", "\t", "|", "||", " "}[delimiter%6], Quote: []string{`"`, "'", None}[quote%3], Escape: []string{"", `\`, `"`}[more%3],
			SkipBlanks: more&4 > 0, Pad: more&8 > 0, Trailing: more&16 > 0, Encoding: []string{"", "utf-8", "utf-16le", "windows-1252"}[more>>6],
		})
	})
}

func FuzzJSONL(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) { check(t, data, Dialect{Format: JSONL}) })
}

func FuzzVCard(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) { check(t, data, Dialect{Format: VCard}) })
}

// FuzzXLSX takes whole archives and, when the bytes are none, the rows and texts of a workbook around them.
func FuzzXLSX(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s, []byte("<si><t>a</t></si>"))
	}
	f.Add([]byte(headRow+`<row r="9"><c r="B9" t="d"><v>2026-11-24</v></c></row>`), []byte(`<si><r><t>&#233;</t></r></si>`))
	f.Fuzz(func(t *testing.T, data, strings []byte) {
		if _, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err != nil {
			data = sheetXML(string(data), string(strings))
		}
		check(t, data, Dialect{})
	})
}
