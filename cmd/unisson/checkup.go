package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"unisson/internal/platform/auth"
)

// checkup prints findings and remembers how many were bad.
type checkup struct {
	w      *tabwriter.Writer
	failed int
}

func newCheckup(w io.Writer) *checkup {
	return &checkup{w: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
}

func (d *checkup) ok(what, text string) { fmt.Fprintf(d.w, "ok\t%s\t%s\n", what, text) }

func (d *checkup) bad(what string, err error) {
	d.failed++
	fmt.Fprintf(d.w, "FAILED\t%s\t%s\n", what, strings.ReplaceAll(inWords(err).Error(), "\n", "; "))
}

func (d *checkup) check(what, text string, err error) {
	if err != nil {
		d.bad(what, err)
		return
	}
	d.ok(what, text)
}

// policy prints the table of permissions: a column a role.
func (d *checkup) policy(p *auth.Policy) {
	_ = d.w.Flush() // a table of its own; it writes to standard output
	fmt.Fprint(d.w, "\nWho may do what:\n")
	head := "permission"
	for _, r := range p.Roles() {
		head += "\t" + strings.ReplaceAll(string(r), "_", " ")
	}
	fmt.Fprintln(d.w, head)
	for _, perm := range p.Permissions() {
		line := string(perm)
		for _, r := range p.Roles() {
			mark := "·"
			if p.Grants(r, perm) {
				mark = "x"
			}
			line += "\t" + mark
		}
		fmt.Fprintln(d.w, line)
	}
}

func (d *checkup) done() error {
	_ = d.w.Flush() // standard output
	switch d.failed {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("one check failed")
	}
	return fmt.Errorf("%d checks failed", d.failed)
}
