package ui_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// axeFile is vendored with its checksum for all browser tests of the house.
const axeFile = "../../../e2e/testdata/axe.min.js"

// browser is one headless Chromium with the gallery behind it.
type browser struct {
	*testing.T
	ctx  context.Context
	base string
}

func openBrowser(t *testing.T) browser {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Fatal("the pages are tested in Chromium: apt-get install chromium")
	}
	server := httptest.NewServer(harness(t))
	t.Cleanup(server.Close)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	b := browser{t, ctx, server.URL}
	b.size(1440, 900)
	return b
}

func (b browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

func (b browser) size(width, height int64) { b.do(chromedp.EmulateViewport(width, height)) }

func (b browser) open(path string) {
	b.Helper()
	b.do(chromedp.Navigate(b.base + path))
	b.until(`document.readyState === "complete"`)
}

func (b browser) press(keys string, mods ...chromedp.Modifier) {
	b.Helper()
	b.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(mods...)))
}

// text evaluates an expression that gives a string.
func (b browser) text(js string) string {
	b.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](js, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", js, err)
	}
	return v
}

// until waits for an expression to become true; the browser's own frames are the clock.
func (b browser) until(js string) {
	b.Helper()
	ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`new Promise(done => {
		let left = 600;
		const look = () => { let ok = false; try { ok = !!(`+js+`) } catch {} if (ok || --left < 0) done(ok); else setTimeout(look, 16); };
		look();
	})`, chromedp.EvalAwaitPromise))
	if err != nil || !ok {
		b.Fatalf("never came true: %s (%v)", js, err)
	}
}

func TestPaletteAnswersToTheKeyboard(t *testing.T) {
	b := openBrowser(t)
	b.open("/gallery")
	b.press("k", chromedp.ModifierCtrl)
	b.until(`document.querySelector("#palette").open && document.querySelectorAll("#pal-res [role=option]").length === 4`)
	if at := b.text(`document.querySelector("#palette input").getAttribute("aria-activedescendant")`); at != "pal-1" {
		t.Errorf("the first answer is selected, not %q", at)
	}
	b.press(kb.ArrowDown)
	b.until(`document.getElementById("pal-2").ariaSelected === "true" && document.querySelectorAll("[aria-selected=true]").length === 1`)
	b.press(kb.ArrowUp)
	b.press(kb.ArrowUp)
	b.until(`document.getElementById("pal-4").ariaSelected === "true"`)
	b.press(kb.ArrowDown)
	b.press(kb.Enter)
	b.until(`location.pathname === "/record" && document.readyState === "complete"`)
	b.do(chromedp.Click(chromedp.CSS(".side .find")))
	b.until(`document.querySelector("#palette").open`)
	b.press(kb.Escape)
	b.until(`!document.querySelector("#palette").open && document.activeElement.matches(".find")`)
}

func TestSingleKeysWorkExceptWhileTyping(t *testing.T) {
	b := openBrowser(t)
	b.open("/list")
	b.press("j")
	b.press("j")
	b.until(`document.activeElement.textContent === "Benoît Kervella 1"`)
	b.press("x")
	b.until(`document.querySelector(".bulk:not([hidden]) b").textContent === "1 selected"`)
	b.press("/")
	b.until(`document.activeElement.matches("[type=search]")`)
	b.press("gc?j")
	b.until(`document.activeElement.value.endsWith("gc?j") && !document.querySelector("dialog[open]")`)
	b.text(`document.activeElement.blur(), ""`)
	b.press("?")
	b.until(`document.querySelector("#keys").open`)
	b.press(kb.Escape)
	b.text(`document.documentElement.dataset.keys = "off", ""`)
	b.press("?")
	b.until(`!document.querySelector("#keys").open`)
	b.text(`delete document.documentElement.dataset.keys, ""`)
	b.press("g")
	b.press("f")
	b.until(`location.pathname === "/funnel"`)
}

func TestSpacePreviewsTheRow(t *testing.T) {
	b := openBrowser(t)
	b.open("/list")
	b.press("j")
	b.press(" ")
	b.until(`document.querySelector("#peek:popover-open h2").textContent === "Aïcha Haddad"`)
	b.press(kb.Escape)
	b.until(`!document.querySelector("#peek:popover-open")`)
}

func TestSelectionCountsRows(t *testing.T) {
	b := openBrowser(t)
	b.open("/list?lang=fr")
	b.until(`document.querySelector(".bulk").hidden`)
	b.do(chromedp.Click(chromedp.CSS("[data-all]")))
	b.until(`document.querySelector(".bulk:not([hidden]) b").textContent === "50 sélectionnés"`)
	b.do(chromedp.Click(chromedp.CSS("tbody tr:first-child .chk")))
	b.until(`document.querySelector("[data-all]").indeterminate && document.querySelector(".bulk b").textContent === "49 sélectionnés"`)
}

func TestThemeTurnsAtOnceAndIsSent(t *testing.T) {
	b := openBrowser(t)
	b.open("/gallery?theme=light")
	b.do(chromedp.Click(chromedp.CSS(".side [data-theme-form] button")))
	b.until(`document.documentElement.dataset.theme === "dark" && location.pathname === "/gallery"`)
	b.until(`performance.getEntriesByType("resource").some(r => r.name.endsWith("/theme"))`)
}

func TestMenusOpenAtTheirButtons(t *testing.T) {
	b := openBrowser(t)
	b.open("/gallery")
	b.do(chromedp.Click(chromedp.CSS(".side .make")))
	b.until(`(() => { const m = document.querySelector("#make").getBoundingClientRect(), b = document.querySelector(".make").getBoundingClientRect();
		return m.top >= b.bottom && m.top < b.bottom + 12 && Math.abs(m.left - b.left) < 12; })()`)
	b.press(kb.Escape)
	b.size(390, 844)
	b.do(chromedp.Click(chromedp.CSS(".tabbar [popovertarget=more]")))
	b.until(`(() => { const m = document.querySelector("#more").getBoundingClientRect(); return m.height > 100 && m.top >= 0 && m.bottom <= 844 && m.right <= 390 && m.left >= 0; })()`)
}

func TestFormsSayTheyWorkAndGuardWhatIsTyped(t *testing.T) {
	b := openBrowser(t)
	b.open("/gallery")
	b.until(`document.activeElement.matches("[data-summary]")`)
	b.do(chromedp.SendKeys(chromedp.CSS("#f-g_company"), " SA"))
	b.until(`(() => { const e = new Event("beforeunload", {cancelable: true}); dispatchEvent(e); return e.defaultPrevented; })()`)
	b.text(`document.querySelector("form[data-guard]").addEventListener("submit", e => { e.preventDefault(); window.sent = e.submitter.textContent.trim(); }, {once: true}), ""`)
	b.press(kb.Enter, chromedp.ModifierCtrl)
	b.until(`window.sent === "Save"`)
	// a made-up submit event has no default action: the page stays and shows the busy button
	b.text(`(() => { const f = document.querySelector("form[data-guard]"), s = f.querySelector(".primary"); window.width = s.offsetWidth;
		f.dispatchEvent(new SubmitEvent("submit", {bubbles: true, cancelable: true, submitter: s})); return ""; })()`)
	b.until(`(() => { const s = document.querySelector("form[data-guard] .primary"); return s.ariaBusy === "true" && s.textContent.trim() === "Saving…" && s.offsetWidth >= window.width; })()`)
	b.until(`(() => { const e = new Event("beforeunload", {cancelable: true}); dispatchEvent(e); return !e.defaultPrevented; })()`)
}

// TestIconsAreDrawnFromTheSprite guards the choice of one external sprite: a
// policy or a browser that refuses it would leave holes without any error.
func TestIconsAreDrawnFromTheSprite(t *testing.T) {
	b := openBrowser(t)
	b.open("/gallery")
	b.until(`[...document.querySelectorAll(".side .nav .i use")].every(u => u.getBBox().width > 5)`)
}

func TestAccessibilityOfEveryComponent(t *testing.T) {
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatal(err)
	}
	b := openBrowser(t)
	for _, page := range []string{"/gallery", "/list", "/sign-in"} {
		for _, theme := range []string{"light", "dark"} {
			for _, width := range []int64{1440, 390} {
				lang := map[int64]string{1440: "fr", 390: "en"}[width]
				address := page + "?demo=1&toast=1&theme=" + theme + "&lang=" + lang
				b.size(width, 900)
				b.open(address)
				b.until(`document.readyState === "complete" && document.fonts.status === "loaded" && !document.getAnimations().some(a => a instanceof CSSTransition)`)
				b.text(string(axe) + `; ""`)
				checkAxe(t, address, b.text(`axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"]})
					.then(r => JSON.stringify(r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.html + " " + n.failureSummary)}))))`))
				if wide := b.text(`String(document.documentElement.scrollWidth - document.documentElement.clientWidth)`); wide != "0" {
					t.Errorf("%s at %d px scrolls sideways by %s px", address, width, wide)
				}
			}
		}
	}
}

func checkAxe(t *testing.T, address, result string) {
	t.Helper()
	var violations []struct {
		ID, Help string
		Nodes    []string
	}
	if err := json.Unmarshal([]byte(result), &violations); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	for _, v := range violations {
		t.Errorf("%s: %s, %s\n\t%s", address, v.ID, v.Help, strings.Join(v.Nodes, "\n\t"))
	}
}
