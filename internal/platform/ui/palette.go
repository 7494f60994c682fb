package ui

import "strings"

// PaletteGroup is one group of answers: Customers, Act, Know, Go.
type PaletteGroup struct {
	Label string
	Hits  []PaletteHit
}

// PaletteHit is one answer.
type PaletteHit struct {
	Icon   string
	Title  string
	Second string // after the title, fainter
	End    string // on the right
	Keys   string // its shortcut, instead of End
	Href   string
}

func upper(s string) string { return strings.ToUpper(s) }

// optionID numbers the options of the palette from the first group on.
func optionID(groups []PaletteGroup, group, hit int) string {
	n := hit + 1
	for _, g := range groups[:group] {
		n += len(g.Hits)
	}
	return "pal-" + itoa(n)
}
