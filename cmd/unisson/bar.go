package main

import (
	"fmt"
	"os"
	"strings"

	"unisson/internal/app"
)

// bar shows on a terminal how far an import is; elsewhere it is silent.
type bar struct{ on bool }

func newBar() bar {
	st, err := os.Stderr.Stat()
	return bar{on: err == nil && st.Mode()&os.ModeCharDevice != 0}
}

func (b bar) show(p app.ImportProgress) {
	if !b.on {
		return
	}
	const width = 30
	full := 0
	if p.Total > 0 {
		full = int(p.Done * width / p.Total)
	}
	fmt.Fprintf(os.Stderr, "\r%-8s [%s%s] %d/%d  %.0f/s  %s  ", p.State, strings.Repeat("#", full), strings.Repeat("-", width-full), p.Done, p.Total, p.PerSecond, p.Left.Round(1e9))
}

func (b bar) end() {
	if b.on {
		fmt.Fprintln(os.Stderr)
	}
}
