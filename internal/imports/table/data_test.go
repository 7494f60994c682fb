package table

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
)

// Of the polluted versions of one table each is read as the clean one, but for the polluted rows, which are refused with
// their line. mayLose says how many, where it is more than one.
func TestPollutedFilesGiveTheCleanTable(t *testing.T) {
	dir := shared(t, "messy_csv", "pollock_polluted")
	refused := map[string]string{"file_no_payload.csv": "imports.refused.empty", "file_field_delimiter_0x20.csv": "imports.refused.no_table"}
	mayLose := map[string]int{"file_escape_char_0x00.csv": 6, "file_quotation_char_0x27.csv": 33} // quotes inside cells are not escaped there
	paths := files(t, filepath.Join(dir, "csv", "*.csv"))
	if len(paths) != 62 {
		t.Fatalf("%d files", len(paths))
	}
	for _, path := range paths {
		name := filepath.Base(path)
		g, err := readAll(t, name, load(t, path), Dialect{})
		if err != nil || refused[name] != "" {
			t.Logf("%-42s %s", name, code(err))
			if code(err) != refused[name] {
				t.Errorf("%s: refused: %v, want %q", name, err, refused[name])
			}
			continue
		}
		want := parse(t, load(t, filepath.Join(dir, "clean", name)))
		header := g.guess.Header
		first := max(g.guess.Dialect.Skip, 0) + max(g.guess.Dialect.HeaderRows, 0) + 1
		if !strings.HasPrefix(name, "file_no_header") {
			d := g.doubts()
			switch {
			case cmp.Equal(header, want[0]):
			case header[0] == "#1" && (d["imports.doubt.header_broken"] || d["imports.doubt.header_ragged"] || d["imports.doubt.preamble"]) && strings.HasPrefix(name, "row_"):
				// the header itself is the polluted row: it names nothing, and that is said
			default:
				t.Errorf("%s: header %v", name, header)
			}
			want = want[1:]
		}
		lost := 0
		for i, w := range want {
			line := int64(first + i)
			r := slices.IndexFunc(g.rows, func(r Row) bool { return r.Line == line })
			e := slices.IndexFunc(g.bad, func(e *RowError) bool { return e.Line == line })
			switch {
			case r < 0 && e < 0:
				t.Errorf("%s: line %d is neither read nor refused", name, line)
			case r >= 0 && !cmp.Equal(g.rows[r].Cells, w):
				t.Errorf("%s: line %d is wrong:\n%s", name, line, cmp.Diff(w, g.rows[r].Cells))
			case r < 0:
				lost++
			}
		}
		if len(g.rows)+len(g.bad) != len(want) {
			t.Errorf("%s: %d rows and %d errors of %d rows", name, len(g.rows), len(g.bad), len(want))
		}
		most := mayLose[name]
		if strings.HasPrefix(name, "row_") {
			most = 1
		}
		if lost > most {
			t.Errorf("%s: %d rows refused, want at most %d", name, lost, most)
		}
		if strings.HasPrefix(name, "file_multitable") && (len(g.guess.Others) != 1 || g.guess.Others[0].Line != 85) {
			t.Errorf("%s: the second table is not named: %v", name, g.guess.Others)
		}
		t.Logf("%-42s %d rows, %d refused", name, len(g.rows), len(g.bad))
	}
}

// The file with blanks between its cells and within them is refused, until a person says that the blank separates: then
// the rows that are unambiguous are read, and are right.
func TestAFileSeparatedByBlanksIsReadWhenAPersonSaysSo(t *testing.T) {
	dir := shared(t, "messy_csv", "pollock_polluted")
	want := parse(t, load(t, filepath.Join(dir, "clean", "source.csv")))
	g, err := readAll(t, "blank", load(t, filepath.Join(dir, "csv", "file_field_delimiter_0x20.csv")), Dialect{Delimiter: " "})
	if err != nil || len(g.rows) < 30 || len(g.rows)+len(g.bad) != 83 {
		t.Fatalf("%d rows, %d bad, %v", len(g.rows), len(g.bad), err)
	}
	for _, r := range g.rows {
		if d := cmp.Diff(want[r.Line-1], r.Cells); d != "" {
			t.Errorf("line %d: %s", r.Line, d)
		}
	}
}

// A wrong separator chosen by hand gives the wrong columns that it says, and no refusal: the person sees and mends it.
func TestAWrongSeparatorIsObeyed(t *testing.T) {
	data := load(t, filepath.Join(shared(t, "olist_marketing_funnel"), "olist_sellers_dataset.csv"))
	g, err := readAll(t, "sellers", data, Dialect{Delimiter: ","})
	if err != nil || g.guess.Width != 1 || len(g.rows)+len(g.bad) != 3095 {
		t.Errorf("%d columns, %d rows, %d bad, %v", g.guess.Width, len(g.rows), len(g.bad), err)
	}
}

func parse(t *testing.T, data []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestCSVSpectrumIsReadAsItsJSONSays(t *testing.T) {
	for _, path := range files(t, filepath.Join(shared(t, "messy_csv", "csv_spectrum"), "*.csv")) {
		name := filepath.Base(path)
		g, err := readAll(t, name, load(t, path), Dialect{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var want []map[string]string
		expected := bytes.TrimSpace(load(t, strings.TrimSuffix(path, ".csv")+".json"))
		if expected[0] == '{' { // a table of one row
			expected = append(append([]byte("["), expected...), ']')
		}
		if err := json.Unmarshal(expected, &want); err != nil {
			t.Fatal(err)
		}
		var rows []map[string]string
		for _, r := range g.rows {
			m := map[string]string{}
			for i, c := range r.Cells {
				m[g.guess.Header[i]] = c
			}
			rows = append(rows, m)
		}
		if name == "location_coordinates.csv" { // its JSON has another phone number than its CSV
			want[0]["Contact Phone Number"] = "2095257564"
		}
		if d := cmp.Diff(want, rows); d != "" || len(g.bad) > 0 {
			t.Errorf("%s: %v\n%s", name, g.bad, d)
		}
	}
}

// The rest of the difficult files have no expected table: each is read with a constant width, every record is a row or
// an error, and the outcome is the one that was looked at (testdata/outcomes.txt).
func TestDifficultFilesHaveTheOutcomeThatWasReviewed(t *testing.T) {
	want := map[string]string{}
	for line := range strings.Lines(string(load(t, "testdata/outcomes.txt"))) {
		name, outcome, _ := strings.Cut(strings.TrimSpace(line), ": ")
		want[name] = outcome
	}
	root := shared(t)
	var all []string
	for _, p := range []string{"messy_csv/commons_csv/*", "messy_csv/opencsv/*", "messy_csv/text_csv_perl/*", "crm_exports/*.*", "fr_companies_sirene/*.csv", "fr_first_names/*.csv",
		"fr_communes/*.csv", "olist_marketing_funnel/*.csv", "olist_marketing_funnel/*/*.csv", "vcard_ics/vcard_*/*.vcf*"} {
		all = append(all, files(t, filepath.Join(root, p))...)
	}
	for _, path := range all {
		name, _ := filepath.Rel(root, path)
		outcome := ""
		g, err := readAll(t, name, load(t, path), Dialect{})
		if err != nil {
			outcome = code(err)
		} else {
			d := g.guess.Dialect
			outcome = fmt.Sprintf("%s %s %q quote %s escape %s, skip %d, header %d, %d columns, %d rows", d.Format, d.Encoding, d.Delimiter, d.Quote, d.Escape, d.Skip, d.HeaderRows, g.guess.Width, len(g.rows))
			for _, e := range g.bad {
				outcome += fmt.Sprintf(", line %d %s", e.Line, e.Code)
			}
			if n, ok := recordsOf(load(t, path), d); ok && n != len(g.rows)+len(g.bad) {
				t.Errorf("%s: %d records, but %d rows and %d errors", name, n, len(g.rows), len(g.bad))
			}
		}
		t.Logf("%s: %s", name, outcome)
		if outcome != want[name] {
			t.Errorf("%s: %s\nwas reviewed as %s", name, outcome, want[name])
		}
	}
}

// recordsOf counts the records of a regular CSV file with the parser of the standard library.
func recordsOf(data []byte, d Dialect) (int, bool) {
	if d.Format != CSV || d.Encoding != "utf-8" || len(d.Delimiter) != 1 || d.Quote != `"` || d.Escape != `"` || bytes.Contains(data, []byte("\r")) || d.Skip > 0 {
		return 0, false
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = rune(d.Delimiter[0]), -1, d.SkipBlanks
	if d.Comment == "#" {
		r.Comment = '#'
	}
	n := 0
	for {
		_, err := r.Read()
		if err == io.EOF {
			return n - max(d.HeaderRows, 0), true
		}
		if err != nil {
			return 0, false
		}
		n++
	}
}

// headers are the header rows of real CRM exports.
func headers(t *testing.T) []map[string]any {
	var out []map[string]any
	for line := range strings.Lines(string(load(t, filepath.Join(shared(t, "crm_exports"), "headers_in_the_wild.jsonl")))) {
		m := map[string]any{}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

func TestEveryHeaderInTheWildIsRead(t *testing.T) {
	n := 0
	for _, h := range headers(t) {
		header, _ := h["header"].(string)
		sep, _ := h["separator"].(string)
		if sep == "" || !strings.Contains(header, sep) {
			continue
		}
		r := csv.NewReader(strings.NewReader(header))
		r.Comma, r.LazyQuotes = rune(sep[0]), true
		names, err := r.Read()
		if err != nil {
			t.Errorf("%v: %v", h["system"], err)
			continue
		}
		n++
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma = r.Comma
		for _, row := range append([][]string{names}, contacts(names, 30)...) {
			if err := w.Write(row); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
		g := mustRead(t, header, b.String(), Dialect{})
		want := unique(trimmed(names))
		if len(g.rows) != 30 || len(g.bad) > 0 || g.guess.Dialect.HeaderRows != 1 || !cmp.Equal(g.guess.Header, want) {
			t.Errorf("%v %v: %d rows, %d bad, %s", h["system"], h["object"], len(g.rows), len(g.bad), cmp.Diff(want, g.guess.Header))
		}
	}
	if n < 20 {
		t.Errorf("only %d headers were tried", n)
	}
}

func trimmed(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strings.Join(strings.Fields(n), " ")
	}
	return out
}

// contacts makes rows that fit a header.
func contacts(names []string, n int) [][]string {
	out := make([][]string, n)
	for i := range out {
		out[i] = make([]string, len(names))
		for k, name := range names {
			switch l := strings.ToLower(name); {
			case strings.Contains(l, "mail"):
				out[i][k] = fmt.Sprintf("helene.lefevre%d@exemple.fr", i)
			case strings.Contains(l, "phone"), strings.HasPrefix(l, "tél"):
				out[i][k] = fmt.Sprintf("01 42 68 53 %02d", i)
			case strings.Contains(l, "date"):
				out[i][k] = fmt.Sprintf("%02d/11/2026", i%28+1)
			case k%5 == 0:
				out[i][k] = []string{"Hélène", "Loïc", "Anaïs; Zoë", "François"}[i%4]
			case k%5 == 1:
				out[i][k] = []string{"Lefèvre", "Müller-Noël", "d’Hérouville"}[i%3]
			case k%5 == 2 && i%3 == 0:
				out[i][k] = "12, rue de l’Église\r\nBâtiment B"
			}
		}
	}
	return out
}

// The French Outlook writes Windows-1252 and a comma, names two columns alike and ends one with a blank.
func TestTheFrenchOutlookFileIsRead(t *testing.T) {
	tried := 0
	for _, h := range headers(t) {
		header, _ := h["header"].(string)
		if system, _ := h["system"].(string); !strings.Contains(system, "Outlook") || h["columns"] != 94.0 {
			continue
		}
		r := csv.NewReader(strings.NewReader(header))
		r.Comma = rune(h["separator"].(string)[0])
		names, err := r.Read()
		if err != nil {
			t.Fatal(err)
		}
		for _, comma := range []rune{',', ';'} {
			var b bytes.Buffer
			w := csv.NewWriter(&b)
			w.Comma, w.UseCRLF = comma, true
			rows := contacts(names, 40)
			for _, row := range append([][]string{names}, rows...) {
				_ = w.Write(row)
			}
			w.Flush()
			data, err := charmap.Windows1252.NewEncoder().Bytes(b.Bytes())
			if err != nil {
				t.Logf("%v cannot be written in Windows-1252: %v", h["note"], err)
				break
			}
			tried++
			g := mustRead(t, "outlook.csv", string(data), Dialect{})
			if g.guess.Dialect.Encoding != "windows-1252" || g.guess.Width != 94 || len(g.rows) != 40 || len(g.bad) > 0 {
				t.Errorf("%+v: %d columns, %d rows, %d bad", g.guess.Dialect, g.guess.Width, len(g.rows), len(g.bad))
			}
			if d := cmp.Diff(rows, g.cells()); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(unique(trimmed(names)), g.guess.Header); d != "" {
				t.Error(d)
			}
			if strings.Contains(header, "È") != g.doubts()["imports.doubt.mojibake"] {
				t.Errorf("mojibake in %.60s…: %v", header, g.guess.Doubts)
			}
		}
	}
	if tried == 0 {
		t.Error("no French Outlook header was found")
	}
}

func TestRealTablesAreReadWhole(t *testing.T) {
	root := shared(t)
	for path, want := range map[string]struct {
		rows, columns    int
		encoding, header string
	}{
		"fr_companies_sirene/sirene_bars_bouches_du_rhone_A.csv": {rows: 587, columns: 113, encoding: "utf-8"},
		"fr_first_names/Prenoms.csv":                             {rows: 11627, columns: 4, encoding: "windows-1252", header: "04_fréquence"},
		"fr_communes/communes.csv":                               {rows: 37590, columns: 11, encoding: "utf-8", header: "codesPostaux"},
		"olist_marketing_funnel/olist_sellers_dataset.csv":       {rows: 3095, columns: 4, encoding: "utf-8", header: "seller_id"},
	} {
		g, err := readAll(t, path, load(t, filepath.Join(root, path)), Dialect{})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if len(g.rows) != want.rows || g.guess.Width != want.columns || len(g.bad) > 0 || g.guess.Dialect.Encoding != want.encoding {
			t.Errorf("%s: %d rows, %d columns, %d bad, %s", path, len(g.rows), g.guess.Width, len(g.bad), g.guess.Dialect.Encoding)
		}
		if want.header != "" && !slices.Contains(g.guess.Header, want.header) {
			t.Errorf("%s: header %q", path, g.guess.Header)
		}
	}
}
