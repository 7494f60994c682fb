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

// until waits for an expression to become true, also across a change of page.
func (b browser) until(js string) {
	b.Helper()
	look := chromedp.Evaluate[bool](`new Promise(done => {
		let left = 600;
		const look = () => { let ok = false; try { ok = !!(`+js+`) } catch {} if (ok || --left < 0) done(ok); else setTimeout(look, 16); };
		look();
	})`, chromedp.EvalAwaitPromise)
	for {
		ok, err := chromedp.Run(b.ctx, look)
		if ok {
			return
		}
		if err == nil || b.ctx.Err() != nil {
			b.Fatalf("never came true: %s (%v)", js, err)
		}
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

func TestToastsCloseAndUndo(t *testing.T) {
	b := openBrowser(t)
	b.open("/gallery?toast=1")
	b.do(chromedp.Click(chromedp.CSS(".toasts [data-toast-close]")))
	b.until(`!document.querySelector(".toasts .toast")`)
	b.open("/record?toast=1")
	b.press("z")
	b.until(`location.pathname === "/undo"`)
}

func TestNearTimesAreKeptFresh(t *testing.T) {
	b := openBrowser(t)
	b.open("/gallery")
	b.text(`(() => {
		const at = (id, minutes, words, kind) => {
			const el = document.createElement("time");
			el.id = id; el.dateTime = new Date(Date.now() + minutes * 60000).toISOString(); el.dataset.rel = kind; el.textContent = words;
			document.querySelector("main").append(el);
		};
		at("t1", -125, "1\u00a0h", ""); at("t2", 30.5, "dans 2\u00a0h", ""); at("t3", -25.5, "5\u00a0min", "due"); at("t4", -3000, "hier", ""); at("t5", 30.5, "demain", "");
		document.dispatchEvent(new Event("visibilitychange"));
		return "";
	})()`)
	if got := b.text(`[1, 2, 3, 4, 5].map(n => document.getElementById("t" + n).textContent).join("|")`); got != "2\u00a0h|dans 30\u00a0min|+\u00a025\u00a0min|hier|demain" {
		t.Errorf("times read %q", got)
	}
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

// TestPictures takes the pages' pictures into the folder named by
// UNISSON_UI_PICTURES, for the eye: beside those of the look.
func TestPictures(t *testing.T) {
	dir := os.Getenv("UNISSON_UI_PICTURES")
	if dir == "" {
		t.Skip("set UNISSON_UI_PICTURES to a folder")
	}
	b := openBrowser(t)
	for _, page := range []string{"gallery", "list", "record", "sign-in", "error", "find"} {
		for _, theme := range []string{"light", "dark"} {
			for name, size := range map[string][2]int64{"desk": {1440, 900}, "phone": {390, 844}, "tablet": {820, 1180}} {
				if page == "gallery" {
					size[1] = map[string]int64{"desk": 2600, "phone": 6400, "tablet": 3600}[name]
				}
				b.size(size[0], size[1])
				b.open("/" + page + "?demo=1&toast=1&lang=fr&theme=" + theme)
				b.until(`document.fonts.status === "loaded" && !document.getAnimations().some(a => a instanceof CSSTransition)`)
				picture(b, dir+"/"+page+"-"+theme+"-"+name+".png")
			}
		}
	}
	b.size(1440, 900)
	b.open("/list")
	b.do(chromedp.Click(chromedp.CSS(".side .make")))
	picture(b, dir+"/menu.png")
	b.press(kb.Escape)
	b.do(chromedp.Click(chromedp.CSS(".side .find")))
	b.until(`document.querySelectorAll("#pal-res [role=option]").length > 0`)
	picture(b, dir+"/palette.png")
	b.press(kb.Escape)
	b.do(chromedp.Click(chromedp.CSS("tbody tr:nth-child(3) .chk")))
	b.do(chromedp.Click(chromedp.CSS("tbody tr:nth-child(2) [data-peek]")))
	b.until(`document.querySelector("#peek h2")`)
	picture(b, dir+"/peek.png")
	b.press(kb.Escape)
	b.press("?")
	picture(b, dir+"/keys.png")
	b.size(390, 844)
	b.open("/list?demo=1")
	b.do(chromedp.Click(chromedp.CSS(".tabbar [popovertarget=more]")))
	picture(b, dir+"/more.png")
}

func picture(b browser, file string) {
	b.Helper()
	b.until(`!document.getAnimations().some(a => a instanceof CSSTransition)`)
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		b.Fatal(err)
	}
}
