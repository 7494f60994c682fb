package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

type empty = cdp.Empty

// fields are the roles that take a value.
var fields = []string{"textbox", "searchbox", "combobox", "spinbutton", "Date", "InputTime", "DateTime", "slider"}

// See waits until something with this role and accessible name is on the page.
func (p *Page) See(role, name string) {
	p.t.Helper()
	p.find(role, name)
}

// Gone waits until nothing with this role and name is on the page any more.
func (p *Page) Gone(role, name string) {
	p.t.Helper()
	p.wait(fmt.Sprintf("%s %q to go", role, name), func() bool {
		found, err := p.query(role, name)
		return err == nil && len(found) == 0
	}, nil)
}

// Count gives how many things with this role and name there are now; an empty name is any.
func (p *Page) Count(role, name string) int {
	p.t.Helper()
	var found []*accessibility.Node
	p.wait("the page to be counted", func() bool {
		var err error
		found, err = p.query(role, name)
		return err == nil
	}, nil)
	return len(found)
}

// Read waits until the page shows this text somewhere.
func (p *Page) Read(text string) {
	p.t.Helper()
	shown := ""
	p.wait(fmt.Sprintf("the text %q", text), func() bool {
		out, err := p.ask(bodyText)
		shown = plain(out)
		return err == nil && strings.Contains(shown, plain(text))
	}, func() string { return "the page reads: " + cut(shown, 600) })
}

const bodyText = `document.body ? document.body.innerText : ""`

// Text is what the page shows, with single spaces.
func (p *Page) Text() string {
	p.t.Helper()
	return plain(p.Eval(bodyText))
}

// Click waits for something with this role and name and clicks its middle.
func (p *Page) Click(role, name string) {
	p.t.Helper()
	p.do(fmt.Sprintf("clicking %s %q", role, name), p.click(p.find(role, name)))
}

// Follow is Click, and waits for the page that it leads to.
func (p *Page) Follow(role, name string) {
	p.t.Helper()
	p.loaded(fmt.Sprintf("following %s %q", role, name), p.click(p.find(role, name)))
}

// FollowLike is Follow for the first thing of this role whose name contains a word.
func (p *Page) FollowLike(role, word string) {
	p.t.Helper()
	var found *accessibility.Node
	p.wait(fmt.Sprintf("%s like %q", role, word), func() bool {
		for _, n := range p.nodes(role, "") {
			if strings.Contains(value(n.Name), plain(word)) {
				found = n
				return true
			}
		}
		return false
	}, func() string { return p.offers(role) })
	p.loaded(fmt.Sprintf("following %s like %q", role, word), p.click(found))
}

// submit sends the first form with this action, wherever the layout of the window keeps it.
func (p *Page) submit(action string) {
	p.t.Helper()
	p.loaded("sending the form "+action, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[chromedp.Void]("document.querySelector('form[action=\""+action+"\"]').requestSubmit()")(ctx, t)
		return err
	}))
}

// attribute is an attribute of the element behind a node, as written.
func (p *Page) attribute(n *accessibility.Node, name string) string {
	p.t.Helper()
	d := call(p, dom.DescribeNode, dom.DescribeNodeParams{BackendNodeID: n.BackendDOMNodeID})
	for i := 0; i+1 < len(d.Node.Attributes); i += 2 {
		if d.Node.Attributes[i] == name {
			return d.Node.Attributes[i+1]
		}
	}
	return ""
}

// Fill replaces the value of the field with this label.
func (p *Page) Fill(label, value string) {
	p.t.Helper()
	id := p.field(label).BackendDOMNodeID
	p.do(fmt.Sprintf("filling %q", label), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, dom.Focus, dom.FocusParams{BackendNodeID: id}); err != nil {
			return err
		}
		if _, err := chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl))(ctx, t); err != nil {
			return err
		}
		if value == "" {
			_, err := chromedp.KeyEvent(kb.Backspace)(ctx, t)
			return err
		}
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: value})
		return err
	}))
}

// Choose picks an option of the list with this label, by the option's text.
func (p *Page) Choose(label, option string) {
	p.t.Helper()
	id := p.field(label).BackendDOMNodeID
	p.do(fmt.Sprintf("choosing %q of %q", option, label), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, dom.Focus, dom.FocusParams{BackendNodeID: id}); err != nil {
			return err
		}
		_, err := chromedp.KeyEvent(option)(ctx, t) // a native list goes to the option that begins with what is typed
		return err
	}))
	if got := p.Value(label); got != plain(option) {
		p.t.Fatalf("e2e: %q shows %q after choosing %q", label, got, option)
	}
}

// Value is what the field with this label holds, as assistive technology reads it.
func (p *Page) Value(label string) string {
	p.t.Helper()
	return value(p.field(label).Value)
}

// Checked tells whether a checkbox, switch or radio button is on.
func (p *Page) Checked(role, name string) bool {
	p.t.Helper()
	return property(p.find(role, name), "checked") == "true"
}

// Focused is the role and the name of what has the focus.
func (p *Page) Focused() (role, name string) {
	p.t.Helper()
	r, err := chromedp.Call(p.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		p.t.Fatalf("e2e: reading the page: %v", err)
	}
	for _, n := range r.Nodes {
		if !n.Ignored && property(n, "focused") == "true" {
			role, name = value(n.Role), value(n.Name) // the innermost comes last
		}
	}
	return role, name
}

// TabTo presses Tab until something with this role and name has the focus: what the keyboard cannot reach fails.
func (p *Page) TabTo(role, name string) {
	p.t.Helper()
	var seen []string
	for range 120 {
		r, n := p.Focused()
		if r == role && (n == plain(name) || strings.HasPrefix(n, plain(name)+" (")) {
			return
		}
		seen = append(seen, fmt.Sprintf("%s %q", r, n))
		p.Press("Tab")
	}
	p.t.Fatalf("e2e: the keyboard does not reach %s %q; it passed %s", role, name, strings.Join(seen[:40], ", "))
}

func (p *Page) find(role, name string) *accessibility.Node {
	p.t.Helper()
	var found []*accessibility.Node
	p.wait(fmt.Sprintf("%s %q", role, name), func() bool {
		found = p.nodes(role, name)
		return len(found) > 0
	}, func() string { return p.offers(role) })
	return found[0]
}

func (p *Page) field(label string) *accessibility.Node {
	p.t.Helper()
	var found *accessibility.Node
	p.wait(fmt.Sprintf("a field %q", label), func() bool {
		for _, n := range p.nodes("", "") {
			name := value(n.Name)
			// "Town (optional)" is the field Town.
			if slices.Contains(fields, value(n.Role)) && (name == plain(label) || strings.HasPrefix(name, plain(label)+" (") && strings.HasSuffix(name, ")")) {
				found = n
				return true
			}
		}
		return false
	}, func() string { return p.offers(fields...) })
	return found
}

// nodes is query for those who ask again: a page that changes under the question gives none.
func (p *Page) nodes(role, name string) []*accessibility.Node {
	found, _ := p.query(role, name)
	return found
}

// query asks the browser's accessibility tree.
func (p *Page) query(role, name string) ([]*accessibility.Node, error) {
	ctx, cancel := context.WithTimeout(p.ctx, question)
	defer cancel()
	doc, err := chromedp.Call(ctx, dom.GetDocument, dom.GetDocumentParams{})
	if err != nil {
		return nil, err
	}
	r, err := chromedp.Call(ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{BackendNodeID: doc.Root.BackendNodeID, Role: role})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(r.Nodes, func(n *accessibility.Node) bool {
		return n.Ignored || name != "" && value(n.Name) != plain(name) || value(n.Role) == "StaticText"
	}), nil
}

// offers says what is there instead.
func (p *Page) offers(roles ...string) string {
	var out []string
	for _, role := range roles {
		for _, n := range p.nodes(role, "") {
			out = append(out, fmt.Sprintf("%s %q", value(n.Role), value(n.Name)))
		}
	}
	return "the page has: " + cut(strings.Join(out, ", "), 1500)
}

func (p *Page) click(n *accessibility.Node) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		id := n.BackendDOMNodeID
		if _, err := cdp.Call(ctx, t, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: id}); err != nil {
			return err
		}
		q, err := cdp.Call(ctx, t, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: id})
		if err != nil {
			return err
		}
		if len(q.Quads) == 0 || len(q.Quads[0]) < 8 {
			return fmt.Errorf("it has no place on the page")
		}
		c := q.Quads[0]
		_, err = chromedp.MouseClickXY((c[0]+c[2]+c[4]+c[6])/4, (c[1]+c[3]+c[5]+c[7])/4)(ctx, t)
		return err
	})
}

// keyEvent reads "Control+k", "Shift+Tab", "Enter", "x".
func keyEvent(name string) chromedp.Action[chromedp.Void] {
	parts := strings.Split(name, "+")
	key := parts[len(parts)-1]
	if name == "+" {
		parts, key = []string{"+"}, "+"
	}
	named := map[string]string{
		"Enter": kb.Enter, "Tab": kb.Tab, "Escape": kb.Escape, "Backspace": kb.Backspace, "Space": " ", "Delete": kb.Delete,
		"Up": kb.ArrowUp, "Down": kb.ArrowDown, "Left": kb.ArrowLeft, "Right": kb.ArrowRight, "Home": kb.Home, "End": kb.End,
	}
	if k, ok := named[key]; ok {
		key = k
	}
	var mods []chromedp.Modifier
	for _, m := range parts[:len(parts)-1] {
		mods = append(mods, map[string]chromedp.Modifier{
			"Control": chromedp.ModifierCtrl, "Shift": chromedp.ModifierShift, "Alt": chromedp.ModifierAlt, "Meta": chromedp.ModifierMeta,
		}[m])
	}
	return chromedp.KeyEvent(key, chromedp.KeyModifiers(mods...))
}

func call[P, R any](p *Page, cmd cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, cancel := p.step()
	defer cancel()
	r, err := chromedp.Call(ctx, cmd, params)
	if err != nil {
		p.t.Fatalf("e2e: %s: %v", cmd.Method, err)
	}
	return r
}

// value is a value of the accessibility tree as plain text.
func value(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	s := string(v.Value)
	if unquoted, err := unquote(s); err == nil {
		s = unquoted
	}
	return plain(s)
}

func property(n *accessibility.Node, name string) string {
	for _, p := range n.Properties {
		if string(p.Name) == name {
			return value(p.Value)
		}
	}
	return ""
}

// plain makes every run of space one space, the narrow and the unbreakable ones of French included.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
