package e2e

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe.min.js
var axeScript string

// Violation is one rule of WCAG 2.2 A or AA that the page breaks.
type Violation struct {
	ID, Help string
	Nodes    []string // what breaks it, with what to do
}

// Axe fails the test for each violation of WCAG 2.2 A and AA that axe-core finds on the page as it is shown.
func (p *Page) Axe() {
	p.t.Helper()
	for _, v := range p.Violations() {
		p.t.Errorf("%s (%s, %s, %d px): %s: %s\n\t%s", p.Path(), p.look.Lang, p.look.Theme, p.look.Width, v.ID, v.Help, strings.Join(v.Nodes, "\n\t"))
	}
}

// Violations is what Axe finds.
func (p *Page) Violations() []Violation {
	p.t.Helper()
	// Colours are measured when the fonts are there and nothing fades any more.
	p.Until(`document.readyState === "complete" && document.fonts.status === "loaded" && !document.getAnimations().some(a => a instanceof CSSTransition)`)
	ctx, cancel := p.step()
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[string](axeScript+`;
		axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"]})
			.then(r => JSON.stringify(r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.html + " " + n.failureSummary)}))))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("e2e: axe-core: %v", err)
	}
	var found []Violation
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		p.t.Fatalf("e2e: axe-core: %v", err)
	}
	return found
}

// NoSidewaysScroll fails the test when the page is wider than its window.
func (p *Page) NoSidewaysScroll() {
	p.t.Helper()
	if wide := p.Eval(`document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide != "0" {
		p.t.Errorf("%s scrolls sideways by %s px at %d px", p.Path(), wide, p.look.Width)
	}
}

func unquote(s string) (string, error) {
	var out any
	if err := json.Unmarshal([]byte(s), &out); err != nil {
		return "", err
	}
	return fmt.Sprint(out), nil
}
