package table

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// headerRows tells how many rows at the top name columns, and whether that is uncertain.
func headerRows(body []line, width int) (int, bool) {
	if len(body) == 0 {
		return 0, false
	}
	columns := profile(body, width)
	score, certain := nameScore(body[0].cells, columns)
	if len(body) == 1 {
		return btoi(score > 0 || !certain && allText(body[0].cells)), !certain
	}
	if score <= 0 {
		return 0, !certain
	}
	n := 1
	for n < min(4, len(body)-1) && len(body[n].cells) == len(body[0].cells) && (sameHeader(body[0].cells, body[n].cells, exactly) || upperRow(body[n-1].cells, body[n].cells, columns)) {
		n++
	}
	return n, !certain
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func allText(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return shapeOf(c).typed() })
}

// upperRow tells that above is a row of group names over the names below: gaps above, none below, and columns whose
// values are not words.
func upperRow(above, below []string, columns []column) bool {
	if filled(above) >= filled(below) || filled(below) < len(below)*9/10 || !allText(below) {
		return false
	}
	against := 0
	for i, c := range columns {
		if i < len(below) && c.shape.typed() && shapeOf(below[i]) == shapeText {
			against++
		}
	}
	return against >= 2
}

// column is what the rows of the sample tell about one column.
type column struct {
	shape  shape          // of four fifths of its filled cells; shapeText when mixed
	length float64        // of its cells, on average
	seen   map[string]int // values below the first row
	filled int
}

func profile(body []line, width int) []column {
	out := make([]column, width)
	rows := body[min(1, len(body)-1):]
	rows = rows[:min(len(rows), 300)]
	for i := range out {
		shapes, total := map[shape]int{}, 0
		out[i].seen = map[string]int{}
		for _, r := range rows {
			if i >= len(r.cells) || r.fault || strings.TrimSpace(r.cells[i]) == "" {
				continue
			}
			shapes[shapeOf(r.cells[i])]++
			out[i].seen[strings.TrimSpace(r.cells[i])]++
			total++
			out[i].length += float64(utf8.RuneCountInString(r.cells[i]))
		}
		out[i].shape, out[i].filled = shapeText, total
		if total > 0 {
			out[i].length /= float64(total)
		}
		for s, n := range shapes {
			if n*5 >= total*4 || n >= 2 && n >= total-1 {
				out[i].shape = s
			}
		}
	}
	return out
}

// nameScore tells, above 0, that cells name these columns. certain is false when little speaks for either.
func nameScore(cells []string, columns []column) (score float64, certain bool) {
	names := map[string]bool{}
	for i, c := range cells {
		c = strings.TrimSpace(c)
		s := shapeOf(c)
		switch {
		case c == "":
			score -= 0.2
			continue
		case s.typed():
			score -= 2
		case s == shapeBool && i < len(columns) && columns[i].shape == shapeBool:
			score -= 1.5
		case i < len(columns) && columns[i].shape.typed() && columns[i].filled > 0:
			score += 1
		case i < len(columns) && columns[i].seen[c] > 0 && len(columns[i].seen) > 1:
			score--
		}
		if known(c) {
			score += 1.5
		}
		if utf8.RuneCountInString(c) > 60 {
			score--
		}
		if strings.Contains(c, "_") || camel(c) {
			score += 0.5
		}
		names[strings.ToLower(c)] = true
	}
	score -= 0.3 * float64(filled(cells)-len(names))
	if score > -0.5 && score < 1 {
		// Nothing but words: most files have a header, so that is what is guessed, and said.
		return 0.1, false
	}
	return score, true
}

func camel(c string) bool {
	lower := false
	for _, r := range c {
		switch {
		case r == ' ':
			return false
		case lower && unicode.IsUpper(r):
			return true
		}
		lower = unicode.IsLower(r)
	}
	return false
}

// nameColumns makes the header: the words of its rows joined, trimmed, unique. Groups of an upper row reach to the right.
func nameColumns(rows [][]string, width int) []string {
	out := make([]string, width)
	for n, row := range rows {
		group := ""
		for i := range out {
			c := ""
			if i < len(row) {
				c = strings.Join(strings.Fields(strings.TrimPrefix(row[i], "\uFEFF")), " ")
			}
			if c != "" {
				group = c
			} else if n < len(rows)-1 && len(rows[len(rows)-1]) > i && strings.TrimSpace(rows[len(rows)-1][i]) != "" {
				c = group
			}
			out[i] = strings.TrimSpace(out[i] + " " + c)
		}
	}
	return unique(out)
}

// unique numbers names that are there twice: "Nom", "Nom (2)"; a column without a name gets its place: "#4".
func unique(names []string) []string {
	used := map[string]bool{}
	for i, n := range names {
		if n == "" {
			n = "#" + strconv.Itoa(i+1)
		}
		if len(n) > 200 {
			n = strings.ToValidUTF8(n[:200], "")
		}
		for k, base := 2, n; used[n]; k++ {
			n = base + " (" + strconv.Itoa(k) + ")"
		}
		used[n] = true
		names[i] = n
	}
	return names
}
