package table

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

const benchRows = 100_000

// benchCSV has twelve columns, as an export of contacts.
func benchCSV(comma string, quoted bool) string {
	var b strings.Builder
	b.WriteString(strings.Join([]string{"id", "prenom", "nom", "email", "telephone", "societe", "rue", "cp", "ville", "pays", "cree_le", "note"}, comma) + "\n")
	for i := range benchRows {
		row := []string{fmt.Sprint(i), "Hélène", "Lefèvre", fmt.Sprintf("helene.lefevre%d@exemple.fr", i), "01 42 68 53 00", "Crêperie du Château", "12 rue de l’Église", "29200", "Brest", "France", "2026-11-24", "cliente depuis 2019"}
		if quoted {
			row[11] = `"cliente, ""fidèle"" depuis 2019"`
		}
		b.WriteString(strings.Join(row, comma) + "\n")
	}
	return b.String()
}

func benchRead(b *testing.B, data string) {
	src := NewSource(strings.NewReader(data), int64(len(data)), "bench")
	guess, err := Sniff(context.Background(), src, Dialect{})
	must(b, err)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		r, err := Open(context.Background(), src, guess.Dialect)
		must(b, err)
		for {
			_, err := r.Next()
			if err == io.EOF {
				break
			}
			must(b, err)
			rows++
		}
		must(b, r.Close())
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkReadPlainCSV(b *testing.B)  { benchRead(b, benchCSV(",", false)) }
func BenchmarkReadQuotedCSV(b *testing.B) { benchRead(b, benchCSV(",", true)) }

func BenchmarkReadWindows1252(b *testing.B) {
	benchRead(b, string(encode(b, []byte(benchCSV(";", false)), "windows-1252")))
}

func BenchmarkReadJSONL(b *testing.B) {
	benchRead(b, strings.Repeat(`{"id":1,"prenom":"Zoë","nom":"Lefèvre","email":"a@b.fr","tel":"01","societe":"S","rue":"R","cp":"29200","ville":"Brest","pays":"France","date":"2026-11-24","note":"n"}`+"\n", 20_000))
}

func BenchmarkReadVCard(b *testing.B) {
	benchRead(b, strings.Repeat("BEGIN:VCARD\nVERSION:3.0\nN:Lefèvre;Hélène;;;\nFN:Hélène Lefèvre\nEMAIL:a@b.fr\nTEL;TYPE=CELL:0612345678\nORG:Crêperie;Ventes\nADR;TYPE=WORK:;;12 rue;Brest;;29200;France\nEND:VCARD\n", 20_000))
}

func BenchmarkReadXLSX(b *testing.B) {
	data := book(b, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		must(b, err, w.SetRow("A1", []any{"id", "prenom", "nom", "email", "telephone", "societe", "rue", "cp", "ville", "pays", "cree", "note"}))
		for i := range 20_000 {
			must(b, w.SetRow(fmt.Sprintf("A%d", i+2), []any{i, "Hélène", "Lefèvre", fmt.Sprintf("p%d@exemple.fr", i), "01 42", "Crêperie", "12 rue", 29200, "Brest", "France", 46350, "cliente"}))
		}
		must(b, w.Flush())
	})
	benchRead(b, string(data))
}

func BenchmarkSniffCSV(b *testing.B) {
	data := benchCSV(";", true)
	src := NewSource(strings.NewReader(data), int64(len(data)), "bench")
	for b.Loop() {
		_, err := Sniff(context.Background(), src, Dialect{})
		must(b, err)
	}
}
