package table

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJSONLinesGiveOneColumnAName(t *testing.T) {
	data := `{"id": 1, "name": "Zoë", "tags": ["a", 2, null, true], "address": {"city": "Brest", "geo": {"lat": 48.4}}}` + "\n\n" +
		`{"name":"A\nB","id":12345678901234567890,"vip":false,"none":null}` + "\r\n" +
		`{"id":3,"items":[{"sku":1}],"address":{}}`
	g := mustRead(t, "a.jsonl", data, Dialect{})
	if d := cmp.Diff([]string{"id", "name", "tags", "address.city", "address.geo", "vip", "none", "items"}, g.guess.Header); d != "" {
		t.Error(d)
	}
	want := [][]string{
		{"1", "Zoë", "a; 2; true", "Brest", `{"lat":48.4}`, "", "", ""},
		{"12345678901234567890", "A\nB", "", "", "", "false", "", ""},
		{"3", "", "", "", "", "", "", `[{"sku":1}]`},
	}
	if d := cmp.Diff(want, g.cells()); d != "" {
		t.Error(d)
	}
	if g.rows[1].Line != 3 {
		t.Errorf("line %d", g.rows[1].Line)
	}
}

func TestABadJSONLineIsRefusedWithItsReason(t *testing.T) {
	lines := []string{`{"a":"é"}`, `{"a":"éèàçù"}`, `{"a":2`, `[1,2]`, `{"a":1,"a":2}`, "{\"a\":\"\xff\"}", `{"a":"\u0000"}`, `{"a":{"b":1},"a.b":2}`, `{"a":1} {"a":2}`, `nonsense`, `{"a":3}`}
	g := mustRead(t, "b.jsonl", strings.Join(lines, "\n"), Dialect{})
	bad := ""
	for _, e := range g.bad {
		bad += fmt.Sprintf("%d %s, ", e.Line, strings.TrimPrefix(e.Code, "imports.row."))
	}
	if want := "3 json, 4 json_object, 5 key_twice, 6 bytes, 7 nul, 8 key_twice, 9 json, 10 json_object, "; bad != want || len(g.rows) != 3 {
		t.Errorf("%s, %d rows", bad, len(g.rows))
	}
	if _, err := readAll(t, "c.jsonl", []byte("{\"a\":\nx\n"), Dialect{}); code(err) != "imports.refused.no_record" {
		t.Error(err)
	}
}

// A name that comes after the sample is not lost: its row is refused with the name.
func TestANameThatComesLateIsNotLost(t *testing.T) {
	var b strings.Builder
	long := strings.Repeat("x", 1000)
	for i := range 12_000 {
		fmt.Fprintf(&b, `{"id":%d,"note":"%s"}`+"\n", i, long)
	}
	b.WriteString(`{"id":1,"late":"value"}` + "\n")
	g := mustRead(t, "late.jsonl", b.String(), Dialect{})
	if len(g.rows) != 12_000 || len(g.bad) != 1 || g.bad[0].Code != "imports.row.unknown_column" || g.bad[0].Params["column"] != "late" || !strings.Contains(strings.Join(g.bad[0].Cells, " "), "value") {
		t.Errorf("%d rows, %v", len(g.rows), g.bad)
	}
}

func TestOneEntryOfAnArchiveIsReadAndTheOthersNamed(t *testing.T) {
	inner := sheetXML(headRow+`<row r="2"><c><v>1</v></c><c><v>2</v></c></row>`, "")
	data := zipOf("__MACOSX/._a.csv", "x", "LISEZMOI.txt", "Bonjour", "petit.csv", "id,nom\n1,A\n", "dossier/contacts.csv", "id;nom\n1;Zoë\n2;Loïc\n", "f.xlsx", string(inner), "c.vcf", "BEGIN:VCARD\nFN:Z\nEND:VCARD\n", "photo.jpg", "\xff\xd8\xff")
	g := mustRead(t, "a.zip", string(data), Dialect{Entry: "dossier/contacts.csv"})
	if len(g.rows) != 2 || g.guess.Dialect.Entry != "dossier/contacts.csv" || len(g.guess.Others) != 5 || !g.doubts()["imports.doubt.entries"] {
		t.Errorf("%v %+v", g.rows, g.guess)
	}
	for entry, want := range map[string]string{"f.xlsx": "[[1 2]]", "c.vcf": "[[Z]]", "petit.csv": "[[1 A]]"} {
		if g := mustRead(t, "a.zip", string(data), Dialect{Entry: entry}); fmt.Sprint(g.cells()) != want {
			t.Errorf("%s: %v", entry, g.cells())
		}
	}
	for entry, want := range map[string]string{"photo.jpg": "picture", "rien.csv": "no_entry"} {
		if _, err := readAll(t, "a.zip", data, Dialect{Entry: entry}); code(err) != "imports.refused."+want {
			t.Errorf("%s: %v", entry, err)
		}
	}
	// Without a wish the largest that looks like a table is read.
	if g := mustRead(t, "a.zip", string(zipOf("a.csv", "id,nom\n1,A\n", "b.csv", "id,nom\n1,A\n2,B\n")), Dialect{}); len(g.rows) != 2 {
		t.Errorf("%v", g.guess.Dialect)
	}
}

// endless is a file of the same lines over and over; it exists nowhere.
type endless struct {
	head, line string
	size       int64
}

func (e endless) ReadAt(p []byte, off int64) (int, error) {
	n := len(p)
	if left := e.size - off; int64(n) > left {
		n = int(max(left, 0))
	}
	for i := range n {
		at := off + int64(i)
		if at < int64(len(e.head)) {
			p[i] = e.head[at]
		} else {
			p[i] = e.line[(at-int64(len(e.head)))%int64(len(e.line))]
		}
	}
	return n, nil
}

func (e endless) Size() int64  { return e.size }
func (e endless) Name() string { return "endless" }

// Reading needs the same memory however long the file is.
func TestALongFileIsReadInConstantMemory(t *testing.T) {
	size := int64(64 << 20)
	for name, e := range map[string]endless{
		"csv":   {"id;nom;note\n", "1;Zoë;\"deux\nlignes\"\n", size},
		"jsonl": {"", `{"id":1,"nom":"Zoë","note":"x"}` + "\n", size},
		"vcard": {"", "BEGIN:VCARD\nVERSION:3.0\nFN:Zoë\nEND:VCARD\n", size},
	} {
		guess, err := Sniff(context.Background(), e, Dialect{})
		must(t, err)
		r, err := Open(context.Background(), e, guess.Dialect)
		must(t, err)
		must(t, r.Skip(10_000))
		first := heap()
		must(t, r.Skip(60_000))
		if grown := int64(heap()) - int64(first); grown > 4<<20 {
			t.Errorf("%s: %d KB more after 60,000 rows", name, grown>>10)
		}
		must(t, r.Close())
	}
	big := endless{"a,b\n", "1,2\n", MaxStream + 1}
	if _, err := Sniff(context.Background(), big, Dialect{}); code(err) != "imports.refused.too_big" {
		t.Error(err)
	}
}
