package table

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"
)

// A guess of a dialect is right for tables that differ in one thing each.
func TestTheDialectIsGuessed(t *testing.T) {
	for name, c := range map[string]struct {
		data   string
		header string // joined by |
		rows   string // cells joined by |, rows by /
		doubt  string
		want   Dialect // its filled fields are compared
	}{
		"semicolon and decimal commas": {"nom;prix\nA;1,50\nB;2,75\n", "nom|prix", "A|1,50/B|2,75", "", Dialect{Delimiter: ";"}},
		"tab":                          {"nom\tville\nA\tParis, 3e\nB\t\n", "nom|ville", "A|Paris, 3e/B|", "", Dialect{Delimiter: "\t"}},
		"bar":                          {"id|nom\n1|A;B\n2|C,D\n", "id|nom", "1|A;B/2|C,D", "", Dialect{Delimiter: "|"}},
		"a line for Excel":             {"sep=|\r\nid|nom\r\n1|A\r\n", "id|nom", "1|A", "", Dialect{Delimiter: "|", Skip: 1}},
		"unit separator":               {"id\x1fnom\n1\x1fA\n2\x1fB\n", "id|nom", "1|A/2|B", "", Dialect{Delimiter: "\x1f"}},
		"two bars":                     {"id||nom||ville\n1||A||Lyon\n2||B||Metz\n", "id|nom|ville", "1|A|Lyon/2|B|Metz", "", Dialect{Delimiter: "||"}},
		"blank":                        {"id nom ville\n1 \"A B\" Lyon\n2 C Metz\n3 D Brest\n", "id|nom|ville", "1|A B|Lyon/2|C|Metz/3|D|Brest", "", Dialect{Delimiter: " "}},
		"one column":                   {"email\na@b.fr\nc@d.fr\n", "email", "a@b.fr/c@d.fr", "one_column", Dialect{}},
		"names in one column":          {"Nom\nJean Dupont\nMarie Le Goff\nZoë Martin\n", "Nom", "Jean Dupont/Marie Le Goff/Zoë Martin", "one_column", Dialect{}},
		"apostrophes as quotes":        {"id,nom\n1,'a, b'\n2,'c'\n3,'d, e'\n", "id|nom", "1|a, b/2|c/3|d, e", "", Dialect{Quote: "'"}},
		"apostrophes as letters":       {"nom,rue\nL'Oréal,rue de l'Eau\n'Ohana,x\n", "nom|rue", "L'Oréal|rue de l'Eau/'Ohana|x", "", Dialect{Quote: `"`}},
		"backslash before quotes":      {`id,nom` + "\n" + `1,"a \"b\", c"` + "\n" + `2,"d \\ e"` + "\n", "id|nom", `1|a "b", c/2|d \ e`, "", Dialect{Escape: `\`}},
		"NUL before quotes":            {"id,nom\n1,\"a \x00\"b\x00\", c\"\n2,d\n", "id|nom", `1|a "b", c/2|d`, "", Dialect{Escape: "\x00"}},
		"lines within cells":           {"id,note\r\n1,\"a\r\nb\"\r\n2,\"\n\nc\"\r\n", "id|note", "1|a\r\nb/2|\n\nc", "", Dialect{}},
		"blanks after separators":      {"id, nom, ville\n1, \"A, B\", Lyon\n2, C, Metz\n", "id|nom|ville", "1|A, B|Lyon/2|C|Metz", "", Dialect{SkipBlanks: true}},
		"preamble":                     {"Export du 24/11/2026\n\nService: ventes\nid;nom;ville\n1;A;Lyon\n2;B;Metz\n", "id|nom|ville", "1|A|Lyon/2|B|Metz", "preamble", Dialect{Skip: 3}},
		"remarks":                      {"# fait à la main\nid,nom\n1,A\n# fin, vraiment, de la liste\n2,B\n", "id|nom", "1|A/2|B", "", Dialect{Comment: "#"}},
		"a number sign as value":       {"id,nom\n#1,A\n#2,B\n", "id|nom", "#1|A/#2|B", "", Dialect{}},
		"no header":                    {"1,A,a@b.fr\n2,B,c@d.fr\n", "#1|#2|#3", "1|A|a@b.fr/2|B|c@d.fr", "", Dialect{HeaderRows: -1}},
		"a header over groups":         {"Personne,,Adresse,\nid,nom,cp,âge\n1,A,69001,30\n2,B,57000,40\n3,C,29200,50\n", "Personne id|Personne nom|Adresse cp|Adresse âge", "1|A|69001|30/2|B|57000|40/3|C|29200|50", "", Dialect{HeaderRows: 2}},
		"names twice and blank":        {"Nom,Nom,,Titre \n1,2,3,4\n", "Nom|Nom (2)|#3|Titre", "1|2|3|4", "", Dialect{}},
		"separators at the end":        {"id,nom\n1,A,\n2,B,\n", "id|nom", "1|A/2|B", "", Dialect{Trailing: true}},
		"separators at all ends":       {"id,nom,\n1,A,\n2,B,\n", "id|nom", "1|A/2|B", "", Dialect{Trailing: true, Columns: 2}},
		"short rows":                   {"id,nom,mail,ville\n1,A\n2,B,b@c.fr\n3,C,c@c.fr,Lyon\n4,D\n5,E,e@c.fr,Metz\n", "id|nom|mail|ville", "1|A||/2|B|b@c.fr|/3|C|c@c.fr|Lyon/4|D||/5|E|e@c.fr|Metz", "padded", Dialect{Pad: true}},
		"a second table":               {"id,nom,ville\n1,A,Lyon\n2,B,Metz\n\nmois,total\nmai,3\njuin,4\n", "id|nom|ville", "1|A|Lyon/2|B|Metz", "tables", Dialect{Until: 4}},
		"mojibake":                     {"PrÃ©nom,TÃ©lÃ©phone\nA,1\n", "PrÃ©nom|TÃ©lÃ©phone", "A|1", "mojibake", Dialect{}},
		"Mac read as Latin":            {"PrÈnom;TÈlÈphone\nA;1\n", "PrÈnom|TÈlÈphone", "A|1", "mojibake", Dialect{}},
		"carriage returns":             {"id;nom\r1;A\r2;B", "id|nom", "1|A/2|B", "", Dialect{}},
		"line ends of all kinds":       {"id;nom\r\n1;A\r2;B\n3;C", "id|nom", "1|A/2|B/3|C", "", Dialect{}},
		"inches and feet":              {"id;taille\n1;5\"\n2;6'\n", "id|taille", `1|5"/2|6'`, "", Dialect{Delimiter: ";"}},
	} {
		g, err := readAll(t, name, []byte(c.data), Dialect{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var rows []string
		for _, r := range g.cells() {
			rows = append(rows, strings.Join(r, "|"))
		}
		if got := strings.Join(g.guess.Header, "|"); got != c.header {
			t.Errorf("%s: header %q, want %q", name, got, c.header)
		}
		if got := strings.Join(rows, "/"); got != c.rows || len(g.bad) > 0 {
			t.Errorf("%s: rows %q %v, want %q", name, got, g.bad, c.rows)
		}
		if c.doubt != "" && !g.doubts()["imports.doubt."+c.doubt] {
			t.Errorf("%s: no doubt about %s: %v", name, c.doubt, g.guess.Doubts)
		}
		d, w := g.guess.Dialect, c.want
		if w.Delimiter != "" && d.Delimiter != w.Delimiter || w.Quote != "" && d.Quote != w.Quote || w.Escape != "" && d.Escape != w.Escape || w.Skip != 0 && d.Skip != w.Skip ||
			w.HeaderRows != 0 && d.HeaderRows != w.HeaderRows || w.Until != 0 && d.Until != w.Until || w.Pad && !d.Pad || w.Trailing && !d.Trailing || w.SkipBlanks && !d.SkipBlanks || w.Comment != "" && d.Comment != w.Comment {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// What a person says is obeyed.
func TestAGuessIsCorrected(t *testing.T) {
	const data = "a,b;c\n1,2;3\n4,5;6\n"
	for _, c := range []struct {
		want Dialect
		rows string
	}{
		{Dialect{Delimiter: ";"}, "[[1,2 3] [4,5 6]]"},
		{Dialect{Delimiter: ","}, "[[1 2;3] [4 5;6]]"},
		{Dialect{Delimiter: ";", HeaderRows: -1}, "[[a,b c] [1,2 3] [4,5 6]]"},
		{Dialect{Delimiter: ";", Skip: 1, HeaderRows: 1}, "[[4,5 6]]"},
		{Dialect{Delimiter: ";", HeaderRows: 2}, "[[4,5 6]]"},
		{Dialect{Delimiter: ";", Until: 2}, "[[1,2 3]]"},
	} {
		if g := mustRead(t, "c", data, c.want); fmt.Sprint(g.cells()) != c.rows {
			t.Errorf("%+v: %v, want %s", c.want, g.cells(), c.rows)
		}
	}
	if _, err := readAll(t, "c", []byte(data), Dialect{Encoding: "klingon"}); code(err) != "imports.refused.encoding" {
		t.Error(err)
	}
	twice := "id,nom\n1,A\n2,B\nid,nom\n3,C\n"
	if g := mustRead(t, "t", twice, Dialect{}); len(g.rows) != 2 || len(g.guess.Others) != 1 {
		t.Errorf("%v %v", g.rows, g.guess.Others)
	}
	if g := mustRead(t, "t", twice, Dialect{Until: -1}); len(g.rows) != 3 || len(g.bad) != 1 || g.bad[0].Code != "imports.row.header_again" {
		t.Errorf("%v %v", g.rows, g.bad)
	}
}

func TestBadRowsHaveTheirLineAndReason(t *testing.T) {
	data := "id,nom,ville\n1,A,Lyon\n2,B\n3,\"C,Metz\n4,D,Brest\n5,\"E\"x,Lille\n6,F,G,H\n7,\xff,Nice\n8,a\x00b,Pau\n9,\"" + strings.Repeat("x", MaxCell+1) + "\",Tours\n10,Z,\"Aix\"\n11,\"fin"
	g := mustRead(t, "b", data, Dialect{Delimiter: ",", Quote: `"`, Escape: `"`, HeaderRows: 1, Skip: -1, Encoding: "utf-8"})
	bad := ""
	for _, e := range g.bad {
		bad += fmt.Sprintf("%d %s, ", e.Line, strings.TrimPrefix(e.Code, "imports.row."))
	}
	if want := "3 ragged, 4 quote, 6 quote, 7 ragged, 8 bytes, 9 nul, 10 cell_too_long, 12 quote_open, "; bad != want {
		t.Errorf("%s\nwant %s", bad, want)
	}
	if got := fmt.Sprint(g.cells()); got != "[[1 A Lyon] [4 D Brest] [10 Z Aix]]" {
		t.Error(got)
	}
}

// A line that begins like the remarks of the file, and is as wide as its rows, is not passed over in silence.
func TestARemarkThatMayBeARowIsRefused(t *testing.T) {
	g := mustRead(t, "c", "# made by hand\nid,nom\n1,A\n2,B\n# 3,C\n\x1a", Dialect{Comment: "#"})
	if len(g.rows) != 2 || len(g.bad) != 1 || g.bad[0].Line != 5 || g.bad[0].Code != "imports.row.comment" {
		t.Errorf("%v %v", g.rows, g.bad)
	}
}

// Stray quotes that open a cell on every line and close none do not make reading quadratic.
func TestStrayQuotesAreReadInLinearTime(t *testing.T) {
	data := strings.Repeat("z\",q,\"y\n", 8<<20/8)
	s := newSplitter(strings.NewReader(data), Dialect{Delimiter: ",", Quote: `"`, Escape: `"`})
	records := 0
	for {
		if _, err := s.next(); err != nil {
			break
		}
		records++
	}
	if s.rescanned > 64<<20 || records == 0 {
		t.Errorf("%d MB were looked at again for 8 MB, in %d records", s.rescanned>>20, records)
	}
}

// Tables written in any dialect and encoding are read back as they were.
func TestTablesReadBackAsTheyWereWritten(t *testing.T) {
	words := []string{"", "A", "Hélène", "12, rue de l’Église", "a;b", "d\te", "f|g", `dit "le Grand"`, "deux\nlignes", "x@exemple.fr", "2026-11-24", "-1,5", "06 12 34 56 78", "fin "}
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 7))
		columns, n := 2+r.IntN(12), 3+r.IntN(40)
		rows := [][]string{{"id"}}
		for len(rows[0]) < columns {
			rows[0] = append(rows[0], fmt.Sprintf("colonne_%d", len(rows[0])))
		}
		for i := range n {
			row := []string{fmt.Sprint(1000 + i)}
			for len(row) < columns {
				row = append(row, words[r.IntN(len(words))])
			}
			rows = append(rows, row)
		}
		comma := []rune{',', ';', '\t', '|'}[r.IntN(4)]
		encoding := []string{"utf-8", "bom", "utf-16le", "utf-16be", "utf-16bom", "windows-1252", "macintosh"}[r.IntN(7)]
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma = comma
		must(t, w.WriteAll(rows))
		data := encode(t, b.Bytes(), encoding)
		g, err := readAll(t, "written", data, Dialect{})
		if err != nil {
			t.Errorf("seed %d, %q, %s: %v", seed, comma, encoding, err)
			continue
		}
		if g.guess.Dialect.Delimiter != string(comma) || len(g.bad) > 0 || !cmp.Equal(g.cells(), rows[1:]) || !cmp.Equal(g.guess.Header, rows[0]) {
			t.Errorf("seed %d, %q, %s: %+v %v\n%s", seed, comma, encoding, g.guess.Dialect, g.bad, cmp.Diff(rows[1:], g.cells()))
		}
	}
}

func encode(t testing.TB, b []byte, name string) []byte {
	t.Helper()
	var out []byte
	var err error
	switch name {
	case "utf-8":
		return b
	case "bom":
		return append([]byte("\xEF\xBB\xBF"), b...)
	case "utf-16bom":
		out, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(b)
	default:
		out, err = encodingOf(name).NewEncoder().Bytes(b)
	}
	must(t, err)
	return out
}

func TestEncodingsAreGuessed(t *testing.T) {
	french := "Nom;Prénom;Société;Prix\nLefèvre;Hélène;Crêperie du Château;12 €\nNoël;Zoë;À l’été – «Ça va»;5 €\nBœuf;Loïc;Où ça?;7 €\n"
	for _, c := range []struct{ written, read, text string }{
		{"utf-8", "utf-8", french}, {"bom", "utf-8", french}, {"utf-16le", "utf-16le", french}, {"utf-16be", "utf-16be", french}, {"utf-16bom", "utf-16le", french},
		{"windows-1252", "windows-1252", french}, {"macintosh", "macintosh", french},
		{"iso-8859-1", "windows-1252", strings.NewReplacer("€", "$", "’", "'", "œ", "oe", "–", "-").Replace(french)},
		{"ibm850", "ibm850", strings.NewReplacer("€", "$", "’", "'", "œ", "oe", "–", "-").Replace(french)},
		{"windows-1251", "windows-1251", "Имя;Почта\n" + strings.Repeat("Иван Петров из Москвы;a@b.ru\nАнна Смирнова из Петербурга;c@d.ru\n", 20)},
		{"shift_jis", "shift_jis", "名前;メール\n" + strings.Repeat("山田太郎さん;a@b.jp\n鈴木花子さん;c@d.jp\n", 20)},
	} {
		g, err := readAll(t, c.written, encode(t, []byte(c.text), c.written), Dialect{})
		if err != nil {
			t.Errorf("%s: %v", c.written, err)
			continue
		}
		first, _, _ := strings.Cut(c.text, "\n")
		if g.guess.Dialect.Encoding != c.read || strings.Join(g.guess.Header, ";") != first || len(g.bad) > 0 {
			t.Errorf("%s was read as %s: %q %v", c.written, g.guess.Dialect.Encoding, g.guess.Header, g.bad)
		}
	}
	// A long file whose first accent comes late.
	late := "nom;ville\n" + strings.Repeat("Martin;Lyon\n", 60_000) + "Lefèvre;Orléans\n"
	g := mustRead(t, "late", string(encode(t, []byte(late), "windows-1252")), Dialect{})
	if last := g.rows[len(g.rows)-1].Cells; g.guess.Dialect.Encoding != "windows-1252" || last[0] != "Lefèvre" || len(g.bad) > 0 {
		t.Errorf("%s: %v", g.guess.Dialect.Encoding, last)
	}
	// The euro sign of Latin-9 cannot be told from the ¤ of Latin-1: it is chosen by hand.
	g = mustRead(t, "9", string(encode(t, []byte("nom;prix\nZoë;5 €\n"), "iso-8859-15")), Dialect{Encoding: "iso-8859-15"})
	if g.rows[0].Cells[1] != "5 €" {
		t.Error(g.rows)
	}
}

// A run that was stopped goes on where it was: the same rows with the same numbers.
func TestReadingIsResumedAtARow(t *testing.T) {
	var b strings.Builder
	b.WriteString("id;nom;note\n")
	for i := range 3000 {
		switch i % 100 {
		case 7:
			b.WriteString("broken;row\n")
		case 8:
			b.WriteString("8;\"stray\"x;y\n")
		default:
			fmt.Fprintf(&b, "%d;Zoë;\"a\n%d\"\n", i, i)
		}
	}
	data := b.String()
	src := NewSource(strings.NewReader(data), int64(len(data)), "r")
	guess, err := Sniff(context.Background(), src, Dialect{})
	must(t, err)
	whole, err := readWith(t, src, guess.Dialect)
	must(t, err)
	for _, n := range []int64{0, 1, 7, 8, 9, 1500, 2999, 3000} {
		r, err := Open(context.Background(), src, guess.Dialect)
		must(t, err, r.Skip(n))
		left, bad := 0, 0
		var last Row
		for {
			row, err := r.Next()
			if err == io.EOF {
				break
			}
			if e := (*RowError)(nil); errors.As(err, &e) {
				bad++
				continue
			}
			must(t, err)
			left, last = left+1, row
		}
		if int64(left+bad)+n != 3000 || left > 0 && !cmp.Equal(last, whole.rows[len(whole.rows)-1]) {
			t.Errorf("after %d: %d rows, %d bad, last %v", n, left, bad, last)
		}
		if r.At() != 1 || r.Count() != 3000 {
			t.Errorf("at the end: %v of the file, %d records", r.At(), r.Count())
		}
		must(t, r.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	r, err := Open(ctx, src, guess.Dialect)
	must(t, err)
	cancel()
	for err == nil {
		_, err = r.Next()
		if e := (*RowError)(nil); errors.As(err, &e) {
			err = nil
		}
	}
	if err != io.EOF && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
