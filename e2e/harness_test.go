package e2e_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"unisson/e2e"
)

func TestMain(m *testing.M) { e2e.Main(m) }

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; report-uri /report"

// site is a tiny program for proving the harness.
func site(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	page := func(path, body string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", policy)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>Small site</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/x.css"><script src="/x.js" defer></script></head><body><main>%s</main></body></html>`,
				strings.ReplaceAll(body, "LANG", r.Header.Get("Accept-Language")))
		})
	}
	mux.HandleFunc("GET /x.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprint(w, `body { color: #111; background: #fff } @media (prefers-color-scheme: dark) { body { color: #eee; background: #000 } } .wide { width: 3000px } a { display: block; margin: 30px } .tiny { width: 10px; height: 10px; padding: 0; border: 0 }`)
	})
	mux.HandleFunc("GET /x.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `document.documentElement.dataset.script = "on";
			document.addEventListener("keydown", e => { if (e.ctrlKey && e.key === "k") { e.preventDefault(); document.querySelector("h1").textContent = "Palette" } });
			document.querySelector("#later")?.addEventListener("click", () => setTimeout(() => document.querySelector("#late").hidden = false, 200));
			if (location.pathname === "/throws") { console.error("a complaint"); throw new Error("a mishap") }`)
	})
	mux.HandleFunc("POST /send", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/sent?name="+r.FormValue("name")+"&unit="+r.FormValue("unit")+"&on="+r.FormValue("on"), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /broken", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "broken", http.StatusInternalServerError) })
	mux.HandleFunc("POST /report", func(http.ResponseWriter, *http.Request) {})
	page("/form", `<h1>Form</h1><p>You asked in LANG</p><form method="post" action="/send">
		<label>Your name <input name="name" value="old"></label>
		<label>Unit <select name="unit"><option value="a">Lyon</option><option value="b">Montréal</option></select></label>
		<label><input type="checkbox" name="on"> Keep me posted</label>
		<button>Send it</button></form>
		<button type="button" id="later">Later</button><p id="late" hidden>Here it is</p>
		<a href="/sent?name=x">Onward</a>`)
	page("/sent", `<h1>Sent</h1>`)
	page("/throws", `<h1>Throws</h1>`)
	page("/inline", `<h1>Inline</h1><p style="color:red">red</p>`)
	page("/elsewhere", `<h1>Elsewhere</h1><img alt="" src="http://127.0.0.2:9/x.png">`)
	page("/missing", `<h1>Missing</h1><img alt="" src="/nothing.png">`)
	page("/poor", `<h1>Poor</h1><img src="data:,"><input name="x"><div class="wide">w</div><button class="tiny" aria-label="t"></button>`)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestAPersonFillsAFormAndFollowsALink(t *testing.T) {
	for name, look := range map[string]e2e.Look{"with scripts": {}, "without scripts": {NoScript: true}, "on a phone": e2e.Phone()} {
		t.Run(name, func(t *testing.T) {
			p := e2e.Open(t, site(t), look)
			if status := p.Goto("/form"); status != http.StatusOK {
				t.Fatalf("status %d", status)
			}
			p.See("heading", "Form")
			p.Fill("Your name", "Élodie")
			p.Choose("Unit", "Montréal")
			p.Click("checkbox", "Keep me posted")
			if !p.Checked("checkbox", "Keep me posted") {
				t.Error("the box is not checked")
			}
			if got := p.Value("Your name"); got != "Élodie" {
				t.Errorf("the field holds %q", got)
			}
			p.Follow("button", "Send it")
			p.Arrive("/sent")
			if got := p.Path(); got != "/sent?name=%c3%89lodie&unit=b&on=on" {
				t.Errorf("arrived at %s", got)
			}
			p.Back()
			p.Follow("link", "Onward")
			p.See("heading", "Sent")
			p.Gone("link", "Onward")
			if n := p.Count("heading", ""); n != 1 {
				t.Errorf("%d headings", n)
			}
		})
	}
}

func TestScriptsRunOnlyWhenTheyMay(t *testing.T) {
	base := site(t)
	for _, off := range []bool{false, true} {
		p := e2e.Open(t, base, e2e.Look{NoScript: off})
		p.Goto("/form")
		if on := p.Eval(`document.documentElement.dataset.script === "on"`); (on == "true") == off {
			t.Errorf("scripts off: %v, and the script ran: %s", off, on)
		}
	}
}

func TestWaitingAndKeys(t *testing.T) {
	p := e2e.Open(t, site(t), e2e.Look{})
	p.Goto("/form")
	p.Click("button", "Later")
	p.Read("Here it is")
	p.Press("Control+k")
	p.See("heading", "Palette")
	p.TabTo("button", "Send it")
	p.Press("Shift+Tab")
	if role, name := p.Focused(); role != "checkbox" || name != "Keep me posted" {
		t.Errorf("the focus is on %s %q", role, name)
	}
	p.TabTo("textbox", "Your name")
	p.Press("Control+a")
	p.Type("Yann")
	p.Press("Enter")
	p.Arrive("/sent")
}

func TestThePageSeesTheLook(t *testing.T) {
	base := site(t)
	p := e2e.Open(t, base, e2e.Look{Lang: "fr-CA", Theme: "dark", Width: 390, Height: 844})
	p.Goto("/form")
	p.Read("You asked in fr-CA")
	if got := p.Eval(`getComputedStyle(document.body).backgroundColor + " " + innerWidth`); got != "rgb(0, 0, 0) 390" {
		t.Errorf("the page sees %s", got)
	}
	if bytes, requests := p.Weight(); requests != 3 || bytes < 500 {
		t.Errorf("%d requests of %d bytes, want 3 of some", requests, bytes)
	}
}

func TestComplaintsOfTheBrowserAreHeard(t *testing.T) {
	base := site(t)
	for path, wants := range map[string][]string{
		"/form":      {},
		"/throws":    {"console: ", "exception: "},
		"/inline":    {"content security policy"},
		"/elsewhere": {"request to another host: http://127.0.0.2:9/x.png"},
		"/missing":   {"answer 404"},
		"/broken":    {"answer 500"},
	} {
		t.Run(path, func(t *testing.T) {
			p := e2e.Open(t, base, e2e.Look{})
			p.Goto(path)
			p.Until(`document.readyState === "complete"`)
			found := p.Complaints()
			if len(wants) == 0 && len(found) > 0 {
				t.Errorf("complaints about a sound page: %q", found)
			}
			for _, want := range wants {
				if !slices.ContainsFunc(found, func(f string) bool { return strings.Contains(strings.ToLower(f), strings.ToLower(want)) }) {
					t.Errorf("lacks %q: %q", want, found)
				}
			}
		})
	}
}

func TestPoorPagesAreSeen(t *testing.T) {
	p := e2e.Open(t, site(t), e2e.Look{})
	p.Goto("/poor")
	ids := ""
	for _, v := range p.Violations() {
		ids += v.ID + " "
	}
	if !strings.Contains(ids, "image-alt") || !strings.Contains(ids, "label") {
		t.Errorf("axe-core found only: %s", ids)
	}
	if wide := p.Eval(`document.documentElement.scrollWidth > 2000`); wide != "true" {
		t.Error("the page is not wide")
	}
	p.Goto("/form")
	p.Axe()
	p.NoSidewaysScroll()
}
