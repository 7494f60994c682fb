package table

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// book writes a workbook as spreadsheets do.
func book(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestASheetIsReadAsText(t *testing.T) {
	at := time.Date(2026, 11, 24, 10, 30, 0, 0, time.UTC)
	data := book(t, func(f *excelize.File) {
		style := func(code string) int {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
			must(t, err)
			return id
		}
		must(t, f.SetSheetRow("Sheet1", "A1", &[]any{"Nom", "Né le", "Vu", "Part", "CP", "Tél", "Actif", "Note", "Somme"}))
		must(t, f.SetSheetRow("Sheet1", "A2", &[]any{"Lefèvre", at, at, 0.1 + 0.2, 1000, 612345678, true, " deux\nlignes & <b> ", 12}))
		must(t, f.SetCellStyle("Sheet1", "B2", "B2", style("dd/mm/yyyy")), f.SetCellValue("Sheet1", "B2", 46350))
		must(t, f.SetCellStyle("Sheet1", "C2", "C2", style(`[$-40C]d mmm yyyy hh:mm;@`)))
		must(t, f.SetCellStyle("Sheet1", "E2", "E2", style("00000")), f.SetCellStyle("Sheet1", "F2", "F2", style(`0#" "##" "##" "##" "##`)))
		must(t, f.SetSheetRow("Sheet1", "A4", &[]any{"Zoë", nil, nil, 1234567890123, "06000", nil, false}))
		must(t, f.SetSheetRow("Sheet1", "A5", &[]any{"Abel", nil, nil, -1.5e-3, "", "", "", "", 1e15}))
	})
	g := mustRead(t, "a.xlsx", string(data), Dialect{})
	want := [][]string{
		{"Lefèvre", "2026-11-24", "2026-11-24T10:30:00", "0.3", "01000", "06 12 34 56 78", "true", " deux\nlignes & <b> ", "12"},
		{"Zoë", "", "", "1234567890123", "06000", "", "false", "", ""},
		{"Abel", "", "", "-0.0015", "", "", "", "", "1000000000000000"},
	}
	if d := cmp.Diff(want, g.cells()); d != "" || g.guess.Header[1] != "Né le" {
		t.Errorf("%v\n%s", g.guess.Header, d)
	}
	if g.rows[1].Line != 4 {
		t.Errorf("the second row is row %d of the sheet", g.rows[1].Line)
	}
}

func TestDatesOfBothCalendarsAndTimes(t *testing.T) {
	date, clock, both, elapsed := numberFormat{date: true}, numberFormat{clock: true}, numberFormat{date: true, clock: true}, numberFormat{clock: true, elapsed: true}
	for _, c := range []struct {
		f       numberFormat
		v       string
		since04 bool
		want    string
	}{
		{date, "46350", false, "2026-11-24"}, {date, "1", false, "1900-01-01"}, {date, "59", false, "1900-02-28"}, {date, "61", false, "1900-03-01"},
		{date, "60", false, "60"}, {date, "44888", true, "2026-11-24"}, {both, "46350.4375", false, "2026-11-24T10:30:00"}, {both, "46350.99999999", false, "2026-11-25"},
		{clock, "0.4375", false, "10:30:00"}, {elapsed, "1.5", false, "36:00:00"}, {date, "-1", false, "-1"}, {date, "9999999", false, "9999999"},
		{numberFormat{}, "1E+300", false, "1e+300"}, {numberFormat{}, "12345678901234567", false, "12345678901234567"}, {numberFormat{}, "0.1", false, "0.1"},
		{formatOf("14", ""), "46350", false, "2026-11-24"}, {formatOf("0", ""), "46350", false, "46350"}, {formatOf("9", ""), "0.25", false, "0.25"},
		{formatOf("164", `#,##0.00 "€"`), "1234.5", false, "1234.5"}, {formatOf("165", `[Red]General`), "12", false, "12"}, {formatOf("166", `mmmm`), "46350", false, "2026-11-24"},
		{formatOf("167", `[h]:mm`), "2", false, "48:00:00"}, {formatOf("168", `"Day "0`), "7", false, "7"}, {formatOf("169", `000" "000" "000`), "552100554", false, "552 100 554"},
	} {
		if got := c.f.number(c.v, c.since04); got != c.want {
			t.Errorf("%+v %s (1904: %v): %s, want %s", c.f, c.v, c.since04, got, c.want)
		}
	}
}

func TestTheSheetIsChosenAndTheOthersNamed(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		for _, s := range []string{"Contacts", "Archives", "Masquée"} {
			_, err := f.NewSheet(s)
			must(t, err)
		}
		must(t, f.SetSheetRow("Masquée", "A1", &[]any{"secret", "id"}), f.SetSheetVisible("Masquée", false))
		must(t, f.SetSheetRow("Contacts", "B3", &[]any{"Export du 24/11/2026"}))
		must(t, f.SetSheetRow("Contacts", "A5", &[]any{"email", "nom", "ville"}), f.SetSheetRow("Contacts", "A6", &[]any{"a@b.fr", "Zoë", "Brest"}))
		must(t, f.SetSheetRow("Archives", "A1", &[]any{"email", "date"}), f.SetSheetRow("Archives", "A2", &[]any{"z@b.fr", "2020-01-01"}))
	})
	g := mustRead(t, "a.xlsx", string(data), Dialect{})
	if g.guess.Dialect.Sheet != "Contacts" || g.guess.Dialect.Skip != 4 || len(g.guess.Others) != 3 || len(g.rows) != 1 || g.rows[0].Line != 6 {
		t.Errorf("%+v %v %v", g.guess.Dialect, g.guess.Others, g.rows)
	}
	g = mustRead(t, "a.xlsx", string(data), Dialect{Sheet: "Archives"})
	if len(g.rows) != 1 || g.rows[0].Cells[0] != "z@b.fr" {
		t.Errorf("%v", g.rows)
	}
	if _, err := readAll(t, "a.xlsx", data, Dialect{Sheet: "Nulle part"}); code(err) != "imports.refused.no_such_sheet" {
		t.Error(err)
	}
}

// sheetXML makes a workbook around the rows of one sheet, written by hand.
func sheetXML(rows, strings string) []byte {
	return zipOf(
		"[Content_Types].xml", `<Types/>`,
		"_rels/.rels", `<Relationships><Relationship Id="r" Type="http://x/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<x:workbook xmlns:x="m"><x:sheets><x:sheet name="A &amp; B" sheetId="1" r:id="r1"/></x:sheets></x:workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/sharedStrings.xml", `<?xml version="1.0"?><sst>`+strings+`</sst>`,
		"xl/worksheets/sheet1.xml", `<x:worksheet xmlns:x="m"><x:sheetData>`+rows+`</x:sheetData></x:worksheet>`,
	)
}

func zipOf(parts ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = w.Write([]byte(parts[i+1]))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

const headRow = `<row r="1"><c t="inlineStr"><is><t>nom</t></is></c><c t="inlineStr"><is><t>total</t></is></c></row>`

func TestFormulasGiveTheirStoredValueAndAreNeverComputed(t *testing.T) {
	data := sheetXML(headRow+
		`<row r="2"><c t="str"><f>UPPER("a")</f><v>A</v></c><c><f>1+1</f><v>99</v></c></row>`+
		`<row r="3"><c t="inlineStr"><is><t>b</t></is></c><c><f>1+1</f></c></row>`+
		`<row r="4"><c t="inlineStr"><is><t>c</t></is></c><c><f>1+1</f><v/></c></row>`+
		`<row r="5"><c t="str"><f>IF(1,"")</f><v></v></c><c><f>WEBSERVICE("http://x")</f><v>5</v></c></row>`+
		`<row r="6"><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="b"><f>TRUE()</f><v>1</v></c></row>`, "")
	g := mustRead(t, "f.xlsx", string(data), Dialect{})
	if d := cmp.Diff([][]string{{"A", "99"}, {"", "5"}, {"#DIV/0!", "true"}}, g.cells()); d != "" {
		t.Error(d)
	}
	if len(g.bad) != 2 || g.bad[0].Line != 3 || g.bad[0].Code != "imports.row.formula" || g.bad[0].Params["cell"] != "B3" || g.bad[1].Line != 4 {
		t.Errorf("%v", g.bad)
	}
}

func TestCellsAreReadAsTheirXMLSays(t *testing.T) {
	data := sheetXML(`<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><t>d</t></is></c></row>`+
		`<row r="3" spans="1:3"><c r="C3" t="d"><v>2026-11-24T10:30:00.000Z</v></c></row>`+
		`<!-- a remark --><row r="4"><c r="A4" t="s"><v>2</v></c><c r="B4"><v> 7 </v></c></row>`+
		`<row r="5"><c r="A5" t="s"><v>9</v></c></row><row r="6"><c r="A6"/><c r="A6"><v>1</v></c></row><row r="7"><c r="F7"><v>1</v></c></row>`,
		`<si><r><t>no</t></r><r><rPr><b/></rPr><t xml:space="preserve">m </t></r><rPh sb="0"><t>ナム</t></rPh></si><si><t>pr&#233;nom&amp;_x000D_</t></si><si><t><![CDATA[<é>]]></t></si>`)
	g := mustRead(t, "c.xlsx", string(data), Dialect{Columns: 3, HeaderRows: 1})
	if d := cmp.Diff([]string{"nom", "prénom&", "d"}, g.guess.Header); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([][]string{{"", "", "2026-11-24T10:30:00"}, {"<é>", "7", ""}}, g.cells()); d != "" {
		t.Error(d)
	}
	codes := ""
	for _, e := range g.bad {
		codes += fmt.Sprintf("%d %s, ", e.Line, strings.TrimPrefix(e.Code, "imports.row."))
	}
	if codes != "5 string, 6 cell_twice, 7 ragged, " {
		t.Error(codes)
	}
}

// A sheet that is cut off is refused where it ends, whatever was read before: rows are not lost silently.
func TestABrokenWorkbookIsRefused(t *testing.T) {
	whole := sheetXML(headRow+strings.Repeat(`<row><c><v>1</v></c><c><v>2</v></c></row>`, 50), "")
	for name, data := range map[string][]byte{
		"cut off":           whole[:len(whole)/2],
		"no sheet":          zipOf("xl/workbook.xml", `<workbook/>`, "_rels/.rels", `<Relationships/>`, "xl/_rels/workbook.xml.rels", `<Relationships/>`),
		"unclosed":          sheetXML(headRow+`<row r="2"><c><v>1</v>`, ""),
		"bad reference":     sheetXML(headRow+`<row r="2"><c r="2B"><v>1</v></c></row>`, ""),
		"rows go back":      sheetXML(headRow+`<row r="5"/><row r="4"/>`, ""),
		"no workbook parts": zipOf("xl/workbook.xml", `<workbook/>`),
	} {
		if _, err := readAll(t, name, data, Dialect{}); code(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestALongSheetWrittenAsAStreamIsReadWhole(t *testing.T) {
	const rows = 5_000
	data := book(t, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		must(t, err, w.SetRow("A1", []any{"id", "email", "ville"}))
		for i := range rows {
			must(t, w.SetRow(fmt.Sprintf("A%d", i+2), []any{i, fmt.Sprintf("p%d@exemple.fr", i), "Saint-Étienne"}))
		}
		must(t, w.Flush())
	})
	g := mustRead(t, "s.xlsx", string(data), Dialect{})
	if len(g.rows) != rows || g.rows[rows-1].Cells[1] != "p4999@exemple.fr" || len(g.bad) > 0 {
		t.Errorf("%d rows, %v", len(g.rows), g.bad)
	}
}
