package table

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-vcard"
	"github.com/google/go-cmp/cmp"
)

// columns gives the filled cells of one row by the names of their columns.
func (g got) columns(row int) map[string]string {
	out := map[string]string{}
	for i, c := range g.rows[row].Cells {
		if c != "" {
			out[g.guess.Header[i]] = c
		}
	}
	return out
}

func TestEveryPublicCardIsRead(t *testing.T) {
	n := 0
	for _, dir := range []string{"vcard_ezvcard", "vcard_kcontacts"} {
		for _, path := range files(t, filepath.Join(shared(t, "vcard_ics", dir), "*.vcf*")) {
			data := load(t, path)
			g, err := readAll(t, path, data, Dialect{})
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			if want := bytes.Count(bytes.ToUpper(data), []byte("BEGIN:VCARD")); len(g.rows) != want || len(g.bad) > 0 {
				t.Errorf("%s: %d cards of %d, %v", path, len(g.rows), want, g.bad)
			}
			for i := range g.rows {
				c := g.columns(i)
				if c["full_name"]+c["name_family"]+c["company"]+c["email"]+c["address_label"] == "" {
					t.Errorf("%s: a card of nobody: %v", path, c)
				}
				for name, v := range c {
					if strings.Contains(v, "=0D") || strings.Contains(v, "=0A") || strings.Contains(v, `\n`) || len(v) > 3_000 {
						t.Errorf("%s: %s is not decoded: %.200q", path, name, v)
					}
				}
				n++
			}
		}
	}
	t.Log(n, "cards")
}

// The same cards written anew by another program say the same.
func TestRewrittenCardsSayTheSame(t *testing.T) {
	dir := shared(t, "vcard_ics", "vcard_kcontacts")
	for _, n := range []string{"vcard1", "vcard2", "vcard3", "vcard4", "vcard5", "vcard7", "vcard8", "testfullvcard"} {
		first := mustRead(t, n, string(load(t, filepath.Join(dir, n+".vcf"))), Dialect{}).columns(0)
		second := mustRead(t, n, string(load(t, filepath.Join(dir, n+".vcf.ref"))), Dialect{}).columns(0)
		for _, c := range []string{"full_name", "name_family", "name_given", "company", "email", "email 2", "phone_work", "phone_home", "phone_mobile", "note", "address_work_street", "address_home_city", "website"} {
			if first[c] != second[c] && first[c] != "" {
				t.Errorf("%s: %s: %q, rewritten %q", n, c, first[c], second[c])
			}
		}
	}
}

func TestCardsOfAllVersions(t *testing.T) {
	cards := "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Lef=E8vre;H=E9l=E8ne\r\n" +
		"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:H=C3=A9l=C3=A8ne=20=\r\nLef=C3=A8vre\r\nTEL;CELL;PREF:06 12 34 56 78\r\nTEL;WORK;FAX:01 02\r\n" +
		"PHOTO;ENCODING=BASE64;TYPE=JPEG:" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("x"), 300)) + "\r\n\r\n" +
		"NOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab=3Bc\r\nEND:VCARD\r\n" +
		"begin:vcard\nversion:3.0\nN:d’Hérouville;Anaïs;Marie,Rose;Mme;\nFN:Anaïs d’Hérouville\nORG:Crêperie\\, Fils & Cie;Ventes;Ouest\nitem1.EMAIL;TYPE=INTERNET,HOME:a@b.fr\n" +
		"EMAIL;type=pref:pro@b.fr\nitem2.ADR;TYPE=WORK:;Bât. B;12\\, rue de la\n  Paix;Brest;;29200;France\nADR;TYPE=WORK:;;2 quai;Nantes;;44000;\nCATEGORIES:client,salon 2026\nEND:VCARD\n" +
		"BEGIN:VCARD\nVERSION:4.0\nFN:Zoë\nTEL;VALUE=uri;TYPE=\"voice,work\":tel:+33-1-02\nBDAY:19800321\nLANG:fr\nX-Custom-Thing:7\nEND:VCARD\n"
	g := mustRead(t, "a.vcf", cards, Dialect{})
	if len(g.bad) > 0 || len(g.rows) != 3 || g.rows[1].Line != 12 {
		t.Fatalf("%v %v", g.rows, g.bad)
	}
	for i, want := range []map[string]string{
		{"full_name": "Hélène Lefèvre", "name_family": "Lefèvre", "name_given": "Hélène", "phone_mobile": "06 12 34 56 78", "phone_fax": "01 02", "note": "a\nb;c"},
		{"full_name": "Anaïs d’Hérouville", "name_family": "d’Hérouville", "name_given": "Anaïs", "name_additional": "Marie Rose", "name_prefix": "Mme", "company": "Crêperie, Fils & Cie",
			"department": "Ventes, Ouest", "email": "pro@b.fr", "email 2": "a@b.fr", "address_work_street": "12, rue de la Paix", "address_work_extra": "Bât. B", "address_work_city": "Brest",
			"address_work_postcode": "29200", "address_work_country": "France", "address_work_street 2": "2 quai", "address_work_city 2": "Nantes", "address_work_postcode 2": "44000",
			"categories": "client; salon 2026"},
		{"full_name": "Zoë", "phone_work": "+33-1-02", "birthday": "19800321", "language": "fr", "x_custom_thing": "7"},
	} {
		if d := cmp.Diff(want, g.columns(i)); d != "" {
			t.Errorf("card %d: %s", i, d)
		}
	}
}

func TestABrokenCardIsRefusedWithItsLineAndTheNextIsRead(t *testing.T) {
	good := func(name string) string { return "BEGIN:VCARD\nVERSION:3.0\nFN:" + name + "\nEND:VCARD\n" }
	for name, c := range map[string]struct {
		cards string
		lines string
		rows  int
	}{
		"a card without end":     {good("a") + "BEGIN:VCARD\nFN:b\n" + good("c"), "5 card_open", 2},
		"the last without end":   {good("a") + "BEGIN:VCARD\nFN:b\n", "5 card_open", 1},
		"no property":            {good("a") + "BEGIN:VCARD\nFN:b\nno property here\nEND:VCARD\n" + good("c"), "5 card_line", 2},
		"text between":           {good("a") + "hello\nworld\n" + good("c"), "5 card_outside", 2},
		"nothing in it":          {good("a") + "BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n" + good("c"), "5 card_empty", 2},
		"bytes":                  {good("a") + "BEGIN:VCARD\nFN;CHARSET=UTF-8:\xff\xfe\xff\nEND:VCARD\n" + good("é"), "", 3},
		"NUL":                    {good("a") + "BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:a=00\nEND:VCARD\n" + good("c"), "5 nul", 2},
		"an agent inside a card": {"BEGIN:VCARD\nFN:a\nAGENT:\nBEGIN:VCARD\nFN:b\nEND:VCARD\nTITLE:t\nEND:VCARD\n" + good("c"), "", 2},
		"lines ended twice":      {strings.ReplaceAll(good("a")+"BEGIN:VCARD\nFN:b\nPHOTO;ENCODING=b:AAAA\n BBBB\n CCCC\nEND:VCARD\n", "\n", "\r\r\n"), "", 2},
	} {
		g, err := readAll(t, name, []byte(c.cards), Dialect{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		lines := ""
		for _, e := range g.bad {
			lines += fmt.Sprintf("%d %s", e.Line, strings.TrimPrefix(e.Code, "imports.row."))
		}
		if len(g.rows) != c.rows || lines != c.lines {
			t.Errorf("%s: %d rows, errors %q; want %d and %q", name, len(g.rows), lines, c.rows, c.lines)
		}
	}
}

// What another program writes is read back.
func TestCardsOfAnotherWriterReadBack(t *testing.T) {
	var b bytes.Buffer
	w := vcard.NewEncoder(&b)
	names := []string{"Zoë", "Jean, dit «le Grand»", "Société Générale & Fils", "a\nb", `C:\dir`, strings.Repeat("long ", 60) + "é"}
	for i, n := range names {
		c := vcard.Card{}
		c.SetValue(vcard.FieldFormattedName, n)
		c.AddName(&vcard.Name{FamilyName: "Nom", GivenName: "Zoë"})
		c.AddValue(vcard.FieldEmail, fmt.Sprintf("p%d@exemple.fr", i))
		c.AddValue(vcard.FieldEmail, fmt.Sprintf("q%d@exemple.fr", i))
		vcard.ToV4(c)
		must(t, w.Encode(c))
	}
	g := mustRead(t, "w.vcf", b.String(), Dialect{})
	if len(g.rows) != len(names) || len(g.bad) > 0 {
		t.Fatalf("%v", g.bad)
	}
	for i, n := range names {
		c := g.columns(i)
		if c["full_name"] != strings.TrimSpace(n) || c["email 2"] != fmt.Sprintf("q%d@exemple.fr", i) || c["name_given"] != "Zoë" {
			t.Errorf("%q became %v", n, c)
		}
	}
}
