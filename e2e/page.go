package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Look is how a person comes: the zero value is a desk of 1440 × 900, English, light.
type Look struct {
	Width, Height int64
	Theme         string // "light" or "dark": what the machine prefers
	Lang          string // what the browser asks for: "en", "fr", "fr-CA"
	NoScript      bool   // scripts switched off
	Motion        bool   // animations as designed; else as for people who asked for less
}

// Phone is a phone held upright, 390 px wide.
func Phone() Look { return Look{Width: 390, Height: 844} }

// Page is one tab with a profile of its own. Its methods fail the test when a step cannot be done.
type Page struct {
	t        testing.TB
	ctx      context.Context
	base     string
	look     Look
	problems *problems
}

// Open opens an empty tab for the program at base; it closes with the test, which fails when the browser complained.
func Open(t testing.TB, base string, look Look) *Page {
	t.Helper()
	if look.Width == 0 {
		look.Width, look.Height = 1440, 900
	}
	if look.Theme == "" {
		look.Theme = "light"
	}
	if look.Lang == "" {
		look.Lang = "en"
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	heard := &problems{host: u.Host}
	ctx, closeTab := chromedp.NewContext(browserFor(t), chromedp.WithNewBrowserContext(), chromedp.WithListener(heard.hear))
	p := &Page{t: t, ctx: ctx, base: strings.TrimSuffix(base, "/"), look: look, problems: heard}
	t.Cleanup(func() {
		if t.Failed() {
			p.keepPicture("failed-" + strings.NewReplacer("/", "-", " ", "_").Replace(t.Name()))
		}
		for _, f := range heard.take() {
			t.Errorf("the browser complains: %s", f)
		}
		closeTab()
	})
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as the context of its first call
		t.Fatalf("e2e: a tab: %v", err)
	}
	call(p, network.Enable, network.EnableParams{})
	call(p, log.Enable, empty{})
	call(p, accessibility.Enable, empty{})
	call(p, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": look.Lang}})
	motion := "reduce"
	if look.Motion {
		motion = "no-preference"
	}
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: look.Theme}, {Name: "prefers-reduced-motion", Value: motion},
	}})
	if look.NoScript {
		call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	}
	p.Resize(look.Width, look.Height)
	return p
}

// Allow says that a complaint of the browser with this text is expected in the rest of the test.
func (p *Page) Allow(text string) {
	p.problems.mu.Lock()
	defer p.problems.mu.Unlock()
	p.problems.allowed = append(p.problems.allowed, text)
}

// Resize gives the window another size, in CSS pixels.
func (p *Page) Resize(width, height int64) {
	p.t.Helper()
	p.do(fmt.Sprintf("a window of %d × %d", width, height), chromedp.EmulateViewport(width, height))
}

// Goto opens a path of the program and waits until the page is complete; it gives the status of the answer.
func (p *Page) Goto(path string) int64 {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 2*patience)
	defer cancel()
	r, err := chromedp.Run(ctx, chromedp.NavigateResponse(p.base+path))
	if err != nil {
		p.t.Fatalf("e2e: opening %s: %v", path, err)
	}
	return r.Status
}

// Back goes back in the history; the next step waits for what it needs there, as a page kept by the browser tells of no
// load.
func (p *Page) Back() {
	p.t.Helper()
	h := call(p, page.GetNavigationHistory, empty{})
	if h.CurrentIndex < 1 {
		p.t.Fatal("e2e: there is nothing to go back to")
	}
	call(p, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: h.Entries[h.CurrentIndex-1].ID})
}

// Path is the path of the page that is shown, with its query.
func (p *Page) Path() string {
	p.t.Helper()
	return p.Eval(`location.pathname + location.search`)
}

// Arrive waits until the path, without its query, is this one, and the page is complete.
func (p *Page) Arrive(path string) {
	p.t.Helper()
	at := ""
	p.wait("to arrive at "+path, func() bool {
		at, _ = p.ask(`document.readyState === "complete" ? location.pathname : "still loading"`)
		return at == path
	}, func() string { return "the page is " + at })
}

// Press presses a key, or several one after the other: "Enter", "Tab", "Control+k", "g p", "?".
func (p *Page) Press(keys string) {
	p.t.Helper()
	for _, k := range strings.Fields(keys) {
		p.do("pressing "+k, keyEvent(k))
	}
}

// Type writes a text where the focus is.
func (p *Page) Type(text string) {
	p.t.Helper()
	p.do("typing", chromedp.KeyEvent(text))
}

// Eval runs a script in the page and gives its result as text. It is for looking, not for doing what a person would do
// with the mouse.
func (p *Page) Eval(script string) string {
	p.t.Helper()
	var out string
	var err error
	p.wait(fmt.Sprintf("%.200s", script), func() bool {
		out, err = p.ask(script)
		return !errors.Is(err, context.DeadlineExceeded)
	}, nil)
	if err != nil {
		p.t.Fatalf("e2e: %.200s: %v", script, err)
	}
	return out
}

// ask is Eval that may fail: a question that meets the browser between two pages is never answered, so it is short and
// asked again.
func (p *Page) ask(script string) (string, error) {
	ctx, cancel := context.WithTimeout(p.ctx, question)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[any](script, chromedp.EvalAwaitPromise, chromedp.EvalAsValue))
	return fmt.Sprint(out), err
}

// Until waits until a script expression is true.
func (p *Page) Until(expression string) {
	p.t.Helper()
	p.wait(expression, func() bool {
		out, err := p.ask(`(() => { try { return !!(` + expression + `) } catch { return false } })()`)
		return err == nil && out == "true"
	}, nil)
}

// Screenshot writes what the window shows to e2e/out/name.png.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	if path := p.keepPicture(name); path != "" {
		p.t.Log("screenshot:", path)
	}
}

// Picture is what the window shows, as PNG.
func (p *Page) Picture() []byte {
	p.t.Helper()
	ctx, cancel := p.step()
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatalf("e2e: no picture: %v", err)
	}
	return png
}

func (p *Page) keepPicture(name string) string {
	ctx, cancel := p.step()
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Logf("e2e: no screenshot: %v", err)
		return ""
	}
	home, err := moduleRoot()
	if err != nil {
		p.t.Logf("e2e: no screenshot: %v", err)
		return ""
	}
	path := filepath.Join(home, "e2e", "out", name+".png")
	err = os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, png, 0o644)
	}
	if err != nil {
		p.t.Logf("e2e: no screenshot: %v", err)
		return ""
	}
	return path
}

// Weight is what the page that is shown has fetched: bytes on the wire, and requests.
func (p *Page) Weight() (bytes, requests int) {
	p.t.Helper()
	_, err := fmt.Sscan(p.Eval(`(() => { const e = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
		return e.reduce((n, r) => n + r.transferSize, 0) + " " + e.length })()`), &bytes, &requests)
	if err != nil {
		p.t.Fatalf("e2e: weighing the page: %v", err)
	}
	return bytes, requests
}

// Forget empties the browser's cache, so that the next page is fetched as on a first visit.
func (p *Page) Forget() {
	p.t.Helper()
	call(p, network.ClearBrowserCache, empty{})
}

// Complaints gives what the browser complained about so far and forgets it, for tests of the harness itself.
func (p *Page) Complaints() []string { return p.problems.take() }

// step is the context of one step.
func (p *Page) step() (context.Context, context.CancelFunc) {
	return context.WithTimeout(p.ctx, patience)
}

func (p *Page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := p.step()
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("e2e: %s: %v", what, err)
	}
}

// wait asks again until ok, some forty times a second.
func (p *Page) wait(what string, ok func() bool, otherwise func() string) {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	for !ok() {
		if time.Now().After(deadline) {
			why := ""
			if otherwise != nil {
				why = "\n" + otherwise()
			}
			p.t.Fatalf("e2e: waited in vain %v for %s%s", patience, what, why)
		}
		select {
		case <-time.After(25 * time.Millisecond):
		case <-p.ctx.Done():
			p.t.Fatalf("e2e: the browser is gone: %v", p.ctx.Err())
		}
	}
}

// loaded does something and waits for the load event that follows it.
func (p *Page) loaded(what string, act chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := p.step()
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, act)); err != nil {
		p.t.Fatalf("e2e: %s: no new page: %v", what, err)
	}
}
