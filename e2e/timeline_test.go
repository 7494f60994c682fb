package e2e_test

import (
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"unisson/e2e"
)

// wire is a network between a browser and a program that can be cut.
type wire struct {
	URL  string
	mu   sync.Mutex
	cut  bool
	open map[net.Conn]bool
}

func lay(t *testing.T, to string) *wire {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{URL: "http://" + l.Addr().String(), open: map[net.Conn]bool{}}
	t.Cleanup(func() { l.Close(); w.Cut(true) })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(c, u.Host)
		}
	}()
	return w
}

func (w *wire) carry(c net.Conn, to string) {
	defer c.Close()
	s, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer s.Close()
	w.mu.Lock()
	if w.cut {
		w.mu.Unlock()
		return
	}
	w.open[c], w.open[s] = true, true
	w.mu.Unlock()
	go func() { _, _ = io.Copy(s, c); s.Close() }()
	_, _ = io.Copy(c, s)
	w.mu.Lock()
	delete(w.open, c)
	delete(w.open, s)
	w.mu.Unlock()
}

// Cut takes the network away, what is under way included, or gives it back.
func (w *wire) Cut(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	if cut {
		for c := range w.open {
			c.Close()
		}
	}
}

// allowCuts lets a browser complain of a network that is not there.
func allowCuts(p *e2e.Page) {
	for _, text := range []string{"ERR_", "Failed to fetch", "Failed to load resource"} {
		p.Allow(text)
	}
}

// TestAVisitNotedWithoutNetworkArrivesOnce is lived by a salesperson in front
// of a customer's gate.
func TestAVisitNotedWithoutNetworkArrivesOnce(t *testing.T) {
	w := lay(t, e2e.Demo(t).URL)
	p := e2e.Open(t, w.URL, e2e.Phone())
	allowCuts(p)
	p.SignIn(salesperson)

	// with the network: two taps from the form, the customer chosen among those of a name
	p.Goto("/touches/new?kind=visit")
	p.See("heading", p.T("timeline.log.short"))
	p.Eval(`navigator.serviceWorker.ready.then((r) => { if (r.active) window.kept = true })`)
	p.Until(`window.kept === true`)
	p.Fill(p.T("timeline.field.who"), "Laiteries")
	p.Until(`!!document.querySelector("[name=pick]")`)
	p.Eval(`document.querySelector("[name=pick]").click()`)
	p.Fill(p.T("timeline.field.text"), "Vu la ligne 1 avec le réseau")
	p.Click("button", p.T("timeline.log.save"))
	p.Read("Vu la ligne 1 avec le réseau")
	thread := p.Path()
	p.Axe()
	p.NoSidewaysScroll()

	// the network goes; the way to the form stays
	w.Cut(true)
	p.Eval(`document.querySelector("a[href*='/touches/new?']").click()`)
	p.See("heading", p.T("timeline.log.title.visit"))
	p.Axe()
	p.NoSidewaysScroll()
	p.Screenshot("timeline-offline")
	p.Fill(p.T("timeline.field.text"), "Ligne 2 en mars, sans réseau")
	p.Click("button", p.T("timeline.log.save"))
	p.Read(p.T("ui.outbox.waiting_text"))
	if html := p.Eval(`(async () => { let all = ""; for (const n of await caches.keys()) for (const r of await (await caches.open(n)).keys()) all += " " + new URL(r.url).pathname; return all })()`); strings.Contains(html, "contacts") || strings.Contains(html, "touches/new") {
		t.Errorf("the telephone keeps a page of a customer: %s", html)
	}
	// it survives that the page is closed and opened again
	p.Goto("/touches/new?kind=visit")
	p.Read(p.T("ui.outbox.waiting_text"))
	p.Screenshot("timeline-outbox")

	// and leaves once when the network is back, however often it is asked to
	w.Cut(false)
	p.Click("button", p.T("ui.outbox.send_now"))
	p.Until(`document.querySelector("[data-outbox-bar]").hidden`)
	p.Goto(thread)
	p.Read("Ligne 2 en mars, sans réseau")
	if n := strings.Count(p.Text(), "Ligne 2 en mars, sans réseau"); n != 1 {
		t.Errorf("the visit stands %d times", n)
	}
	p.Screenshot("timeline-thread")
}

// keep puts an entry into the outbox of the device, as if somebody had noted it.
func keep(p *e2e.Page, me, once, why string) {
	p.Eval(`new Promise((done) => { const r = indexedDB.open("unisson", 1); r.onsuccess = () => {
		const t = r.result.transaction("outbox", "readwrite");
		t.objectStore("outbox").put({ once: "` + once + `", me: "` + me + `", to: "/touches", page: "/touches/new", at: new Date().toISOString(), why: "` + why + `", fields: [["kind", "note"], ["text", "` + once + `"]] });
		t.oncomplete = () => done("kept") } })`)
}

func keptOnDevice(p *e2e.Page) string {
	return p.Eval(`new Promise((done) => { const r = indexedDB.open("unisson", 1); r.onsuccess = () => {
		const q = r.result.transaction("outbox").objectStore("outbox").getAllKeys(); q.onsuccess = () => done(q.result.join(" ")) } })`)
}

func TestUnsentEntriesAreOfOnePersonAndEndWithSigningOut(t *testing.T) {
	p := e2e.Open(t, e2e.Demo(t).URL, e2e.Phone())
	p.SignIn(salesperson)
	p.Goto("/touches/new")
	p.Until(`!!document.querySelector("[data-outbox-bar]").dataset.me`)
	me := p.Eval(`document.querySelector("[data-outbox-bar]").dataset.me`)
	keep(p, "another-person", "of-another", "")
	keep(p, me, "refused-one", "Ce client n’est plus là.")
	p.Goto("/today")
	p.Read("Ce client n’est plus là.")
	if text := p.Text(); strings.Contains(text, "of-another") {
		t.Error("the entry of another person is shown")
	}
	// what was refused comes back into its form
	p.Click("link", p.T("ui.outbox.mend"))
	p.Until(`document.getElementById("f-text")?.value === "refused-one"`)
	p.Goto("/me")
	p.Click("button", p.T("ui.nav.sign_out"))
	p.See("heading", p.T("ui.outbox.leave"))
	p.Click("button", p.T("ui.outbox.stay"))
	if got := keptOnDevice(p); !strings.Contains(got, "refused-one") {
		t.Errorf("staying lost it: %q", got)
	}
	p.Click("button", p.T("ui.nav.sign_out"))
	p.See("heading", p.T("ui.outbox.leave"))
	p.Click("button", p.T("ui.outbox.wipe"))
	p.Arrive("/sign-in")
	if got := keptOnDevice(p); got != "of-another" {
		t.Errorf("after signing out the device keeps %q", got)
	}
	p.SignIn(marketer)
	p.Goto("/touches/new")
	if got := keptOnDevice(p); got != "of-another" {
		t.Errorf("somebody else’s entry was touched: %q", got)
	}
}
