package table

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// One delimiter too many or too few on one line, anywhere, the header included, moves no cell to another column: the
// line is refused, and all others are read as they were.
func TestALostOrAddedDelimiterShiftsNothing(t *testing.T) {
	refused := 0
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 11))
		delimiter := []string{",", ";", "\t"}[r.IntN(3)]
		rows := [][]string{{"id", "nom", "rue", "email", "date", "ville", "note"}}
		for i := range 8 + r.IntN(30) {
			note := ""
			if r.IntN(3) == 0 {
				note = "à rappeler"
			}
			rows = append(rows, []string{fmt.Sprint(100 + i), []string{"Lefèvre", "O'Brien", "Noël & Fils"}[r.IntN(3)], []string{"12" + delimiter + " rue Haute", `dit "la Tour"`, "quai 3"}[r.IntN(3)],
				fmt.Sprintf("p%d@exemple.fr", i), fmt.Sprintf("%02d/11/2026", i%28+1), []string{"Brest", "Lyon", ""}[r.IntN(3)], note})
		}
		at := r.IntN(len(rows))
		lines := make([]string, len(rows))
		for i, row := range rows {
			cells := slices.Clone(row)
			for k, c := range cells {
				if strings.ContainsAny(c, delimiter+`"`) {
					cells[k] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
				}
			}
			if i == at {
				if k := r.IntN(len(cells) - 1); r.IntN(2) == 0 {
					cells = slices.Replace(cells, k, k+2, cells[k]+cells[k+1])
				} else {
					cells = slices.Insert(cells, k, "")
				}
			}
			lines[i] = strings.Join(cells, delimiter)
		}
		data := strings.Join(lines, "\n") + "\n"
		g, err := readAll(t, "polluted", []byte(data), Dialect{})
		if err != nil {
			t.Errorf("seed %d: %v\n%s", seed, err, data)
			continue
		}
		if !cmp.Equal(g.guess.Header, rows[0]) && (at != 0 || g.guess.Header[0] != "#1") {
			t.Errorf("seed %d: header %q\n%s", seed, g.guess.Header, data)
		}
		for _, row := range g.rows {
			if w := rows[row.Line-1]; !cmp.Equal(row.Cells, w) {
				t.Errorf("seed %d: line %d: %q, want %q", seed, row.Line, row.Cells, w)
			}
		}
		if n := len(g.rows) + len(g.bad); n != len(rows)-1 || len(g.bad) > 1 {
			t.Errorf("seed %d: %d rows, %d bad of %d\n%s", seed, len(g.rows), len(g.bad), len(rows)-1, data)
		}
		refused += len(g.bad)
	}
	t.Log(refused, "rows were refused in 600 files")
}
