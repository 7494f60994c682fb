package admin_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"unisson/internal/app/apptest"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/mail"
	"unisson/internal/platform/web/webtest"
	"unisson/internal/platform/webhooks"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

type note struct{ N int }

func (note) Kind() string { return "test.note" }

type house struct {
	*apptest.App
	t *testing.T
}

func each(t *testing.T, fn func(t *testing.T, h house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, house{apptest.New(t, d), t}) })
}

// insert puts a job of the test into the table, beside those of the house.
func (h house) insert(o jobs.Opts) string {
	h.t.Helper()
	var id string
	if err := h.DB.Write(context.Background(), func(ctx context.Context, tx db.Tx) error {
		k, err := jobs.Insert(ctx, tx, note{7}, o)
		id = k.ID
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return id
}

// die inserts a job and lets it fail for good.
func (h house) die() string {
	h.t.Helper()
	id := h.insert(jobs.Opts{})
	reg := jobs.NewRegistry()
	jobs.Register(reg, func(context.Context, *jobs.Job[note]) error {
		return jobs.Permanent(errors.New("<b>no such relay</b>"))
	})
	if n, err := jobs.NewRunner(h.DB, reg, jobs.Config{}).Work(context.Background()); n != 1 || err != nil {
		h.t.Fatal(n, err)
	}
	return id
}

func TestTheOverviewSaysWhetherAnythingNeedsAHand(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		webtest.Run(t, h, webtest.Scenario{As: "administrator", Do: "GET /admin", Status: 200,
			Has: []string{"Everything runs", "Nothing was given up", "No relay is set", "/admin/security"}, HasNot: []string{"Have a look"}})
		h.die()
		webtest.Run(t, h,
			webtest.Scenario{As: "administrator", Do: "GET /admin", Status: 200, Has: []string{"1 thing needs a hand", "1 piece of work was given up", "/admin/jobs?state=dead"}},
			webtest.Scenario{As: "administrator", Do: "GET /admin", Status: 200, Header: map[string]string{"Accept-Language": "fr"}},
			webtest.Scenario{As: "dpo", Do: "GET /admin", Status: 403},
			webtest.Scenario{As: "salesperson", Do: "GET /admin", Status: 403, HasNot: []string{"given up"}},
			webtest.Scenario{Do: "GET /admin", Status: 303, To: "/sign-in?next=%2Fadmin"},
		)
	})
}

func TestAnAdministratorDecidesAboutADeadJob(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		id := h.die()
		waiting := h.insert(jobs.Opts{RunAt: db.At(h.DB.Clock().Now().Add(time.Hour))})
		page := "/admin/jobs/" + id
		webtest.Run(t, h,
			webtest.Scenario{As: "administrator", Do: "GET /admin/jobs?state=dead", Status: 200, Has: []string{"test.note", page + "/retry", page + "/discard"}, HasNot: []string{waiting}},
			webtest.Scenario{As: "administrator", Do: "GET /admin/jobs?state=ready&kind=test.note", Status: 200, Has: []string{waiting}, HasNot: []string{id}},
			webtest.Scenario{As: "administrator", Do: "GET /admin/jobs?state=running&kind=test.note", Status: 200, Has: []string{"No work of this kind"}},
			webtest.Scenario{As: "administrator", Do: "GET " + page, Status: 200, Has: []string{"&lt;b&gt;no such relay", "1 of 12", "&#34;N&#34;: 7"}, HasNot: []string{"<b>no such"}},
			webtest.Scenario{As: "administrator", Do: "POST " + page + "/keep", Form: url.Values{}, Status: 409},
			webtest.Scenario{As: "administrator", Do: "POST " + page + "/discard", Form: url.Values{"back": {"/admin/jobs?state=dead"}}, Status: 303, To: "/admin/jobs?state=dead"},
			webtest.Scenario{As: "administrator", Do: "GET " + page, Status: 200, Has: []string{"Discarded"}},
			webtest.Scenario{As: "administrator", Do: "POST " + page + "/keep", Form: url.Values{}, Status: 303, To: "/admin/jobs"},
			webtest.Scenario{As: "administrator", Do: "POST " + page + "/retry", Form: url.Values{"back": {"https://evil.test/"}}, Status: 303, To: "/"},
			webtest.Scenario{As: "administrator", Do: "GET " + page, Status: 200, Has: []string{"Waiting"}},
			webtest.Scenario{As: "administrator", Do: "POST " + page + "/retry", Form: url.Values{"owner": {"me"}}, Status: 400},
			webtest.Scenario{As: "administrator", Do: "POST /admin/jobs/unknown/retry", Form: url.Values{}, Status: 404},
			webtest.Scenario{As: "administrator", Do: "GET /admin/jobs/unknown", Status: 404},
			webtest.Scenario{As: "marketer", Do: "POST " + page + "/retry", Form: url.Values{}, Status: 403},
		)
	})
}

func TestADiscardCanBeUndoneFromItsToast(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		id := h.die()
		a := webtest.Do(t, h, webtest.Scenario{As: "administrator", Do: "POST /admin/jobs/" + id + "/discard", Form: url.Values{}})
		var flash string
		for _, c := range a.Cookies() {
			if c.Name == "unisson_flash" {
				flash = c.Value
			}
		}
		next := webtest.Do(t, h, webtest.Scenario{As: "administrator", Do: "GET /admin/jobs", Header: map[string]string{"Cookie": "unisson_flash=" + flash}})
		if !strings.Contains(next.Body, "/admin/jobs/"+id+"/keep") {
			t.Error("no way to undo on the next page")
		}
	})
}

func TestLongListsArePaged(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		first := h.insert(jobs.Opts{})
		for range 55 {
			h.insert(jobs.Opts{})
		}
		a := webtest.Do(t, h, webtest.Scenario{As: "administrator", Do: "GET /admin/jobs?kind=test.note"})
		i := strings.Index(a.Body, "after=")
		if i < 0 || strings.Contains(a.Body, first) {
			t.Fatal("the first page holds everything")
		}
		cursor := a.Body[i+len("after="):][:36]
		webtest.Run(t, h, webtest.Scenario{As: "administrator", Do: "GET /admin/jobs?kind=test.note&after=" + cursor, Status: 200, Has: []string{first, "Back to the newest"}, HasNot: []string{"Older"}})
	})
}

func TestSchedulesAreListed(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		webtest.Run(t, h, webtest.Scenario{As: "administrator", Do: "GET /admin/schedules", Status: 200, Has: []string{"Nothing starts by the clock"}})
		if _, err := h.Jobs.Work(context.Background()); err != nil {
			t.Fatal(err)
		}
		webtest.Run(t, h, webtest.Scenario{As: "administrator", Do: "GET /admin/schedules", Status: 200, Has: []string{"webhooks.sweep", "notify.digests", "not yet"}})
	})
}

func TestTheMailboxShowsWhatWouldBeSentInASandbox(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		const hostile = `<!doctype html><html><body style="margin:0"><p>Bonjour</p><script>alert(1)</script></body></html>`
		if err := h.DB.Write(context.Background(), func(ctx context.Context, tx db.Tx) error {
			return h.Mail.Send(ctx, tx, mail.Message{To: "ada@unisson.test", ToName: "Ada", Lang: "en", Subject: "Your <link>", Kind: "test.reset",
				Text: "Open https://unisson.test/reset/abc.", HTML: hostile})
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Jobs.Work(context.Background()); err != nil {
			t.Fatal(err)
		}
		a := webtest.Do(t, h, webtest.Scenario{As: "administrator", Do: "GET /admin/mailbox"})
		i := strings.Index(a.Body, `href="/admin/mailbox/`)
		if i < 0 || !strings.Contains(a.Body, "Your &lt;link&gt;") || !strings.Contains(a.Body, "ada@unisson.test") {
			t.Fatalf("the list: %.2000s", a.Body)
		}
		page := a.Body[i+len(`href="`):][:len("/admin/mailbox/")+36]
		webtest.Run(t, h,
			webtest.Scenario{As: "administrator", Do: "GET " + page, Status: 200, Has: []string{`src="` + page + `/html"`, `sandbox=""`,
				`href="https://unisson.test/reset/abc"`, "Kept here"}, HasNot: []string{"alert(1)", "Bonjour"}},
			webtest.Scenario{As: "administrator", Do: "POST " + page + "/retry", Form: url.Values{}, Status: 409},
			webtest.Scenario{As: "administrator", Do: "GET /admin/mailbox?show=stuck", Status: 200, Has: []string{"No mail yet"}, HasNot: []string{"Your &lt;link&gt;"}},
			webtest.Scenario{As: "administrator", Do: "GET /admin/mailbox/unknown", Status: 404},
			webtest.Scenario{As: "administrator", Do: "GET /admin/mailbox/unknown/html", Status: 404},
			webtest.Scenario{As: "executive", Do: "GET " + page + "/html", Status: 403, HasNot: []string{"Bonjour"}},
		)
		frame := webtest.Do(t, h, webtest.Scenario{As: "administrator", Do: "GET " + page + "/html"})
		csp := frame.Header.Get("Content-Security-Policy")
		if frame.Body != hostile || !strings.HasPrefix(csp, "sandbox; default-src 'none'; style-src 'unsafe-hashes' 'sha256-") || strings.Contains(csp, "script-src") {
			t.Errorf("the frame has %q", csp)
		}
	})
}

// hook is a form of a webhook; the address is never called in these tests.
func hook(change func(url.Values)) url.Values {
	v := url.Values{"name": {"ERP"}, "url": {"https://erp.example.com/hook"}, "secret": {"whsec_only-you-and-we-know-this"}, "events": {"team.person.invited"}, "active": {"on"}, "version": {"0"}}
	if change != nil {
		change(v)
	}
	return v
}

func (h house) addHook() string {
	h.t.Helper()
	a := webtest.Do(h.t, h, webtest.Scenario{As: "administrator", Do: "POST /admin/webhooks", Form: hook(nil)})
	if a.StatusCode != http.StatusSeeOther {
		h.t.Fatalf("%d %s", a.StatusCode, a.Body)
	}
	return a.Header.Get("Location")
}

func TestAWebhookIsAddedChangedTriedAndDeleted(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		webtest.Run(t, h,
			webtest.Scenario{As: "administrator", Do: "GET /admin/webhooks", Status: 200, Has: []string{"Nobody is told yet", "/admin/webhooks/new"}},
			webtest.Scenario{As: "administrator", Do: "GET /admin/webhooks/new", Status: 200, Has: []string{`value="whsec_`, "team.person.invited"}},
			webtest.Scenario{Name: "wrong", As: "administrator", Do: "POST /admin/webhooks", Status: 422, Has: []string{"inside a network", "Choose at least one event", `value="ERP"`},
				Form: hook(func(v url.Values) { v.Set("url", "http://127.0.0.1/"); v.Del("events") })},
			webtest.Scenario{Name: "unknown field", As: "administrator", Do: "POST /admin/webhooks", Status: 400, Form: hook(func(v url.Values) { v.Set("owner_id", "me") })},
			webtest.Scenario{As: "integrator", Do: "POST /admin/webhooks", Form: hook(nil), Status: 403},
		)
		page := h.addHook()
		webtest.Run(t, h,
			webtest.Scenario{As: "administrator", Do: "GET /admin/webhooks", Status: 200, Has: []string{"ERP", "https://erp.example.com/hook", page}},
			webtest.Scenario{As: "administrator", Do: "GET " + page, Status: 200, Has: []string{"No call yet", page + "/ping", page + "/edit"}, HasNot: []string{"whsec_"}},
			webtest.Scenario{As: "administrator", Do: "GET " + page + "/edit", Status: 200, Has: []string{`type="password"`, `value="ERP"`}, HasNot: []string{"whsec_"}},
			webtest.Scenario{Name: "rename", As: "administrator", Do: "POST " + page, Status: 303, To: page,
				Form: hook(func(v url.Values) { v.Set("name", "CRM"); v.Set("secret", ""); v.Set("version", "1") })},
			webtest.Scenario{Name: "too late", As: "administrator", Do: "POST " + page, Status: 409, Has: []string{"Somebody changed it meanwhile", "CRM", `value="Mine"`, `name="version" value="2"`},
				HasNot: []string{"whsec_"}, Form: hook(func(v url.Values) { v.Set("name", "Mine"); v.Set("version", "1") })},
			webtest.Scenario{As: "administrator", Do: "POST " + page + "/ping", Form: url.Values{}, Status: 303, To: page},
			webtest.Scenario{As: "administrator", Do: "GET " + page + "?state=waiting", Status: 200, Has: []string{"webhook.ping", "Waiting", "/admin/deliveries/"}},
			webtest.Scenario{As: "administrator", Do: "GET " + page + "?state=failed", Status: 200, HasNot: []string{"webhook.ping"}},
			webtest.Scenario{As: "administrator", Do: "GET " + page + "/delete", Status: 200, Has: []string{"Delete CRM?"}},
			webtest.Scenario{As: "administrator", Do: "GET /admin/audit", Status: 200, Has: []string{"Webhook added", "Webhook changed", "Name: ERP → CRM"}, HasNot: []string{"whsec_"}},
			webtest.Scenario{As: "administrator", Do: "POST " + page + "/delete", Form: url.Values{}, Status: 303, To: "/admin/webhooks"},
			webtest.Scenario{As: "administrator", Do: "GET " + page, Status: 404},
			webtest.Scenario{As: "administrator", Do: "GET /admin/audit", Status: 200, Has: []string{"Webhook deleted"}},
		)
	})
}

func TestACallIsShownAndSentAgain(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		page := h.addHook()
		if a := webtest.Do(t, h, webtest.Scenario{As: "administrator", Do: "POST " + page + "/ping", Form: url.Values{}}); a.StatusCode != 303 {
			t.Fatal(a.StatusCode)
		}
		// Switched off before the runner comes: the call is withheld, which needs no network.
		if a := webtest.Do(t, h, webtest.Scenario{As: "administrator", Do: "POST " + page, Form: hook(func(v url.Values) { v.Del("active"); v.Set("version", "1") })}); a.StatusCode != 303 {
			t.Fatal(a.StatusCode)
		}
		if _, err := h.Jobs.Work(context.Background()); err != nil {
			t.Fatal(err)
		}
		ds, _, err := h.Webhooks.Deliveries(auth.AsSystem(context.Background()), webhooks.DeliveryFilter{}, "", 5)
		if err != nil || len(ds) != 1 {
			t.Fatal(ds, err)
		}
		call := "/admin/deliveries/" + ds[0].ID
		webtest.Run(t, h,
			webtest.Scenario{As: "administrator", Do: "GET " + call, Status: 200, Has: []string{"webhook.ping", "the webhook was switched off", "&#34;data&#34;: {}"}, HasNot: []string{"/replay"}},
			webtest.Scenario{As: "administrator", Do: "POST " + call + "/replay", Form: url.Values{}, Status: 409, Has: []string{"switched off"}},
			webtest.Scenario{As: "administrator", Do: "POST " + page, Form: hook(func(v url.Values) { v.Set("version", "2"); v.Set("secret", "") }), Status: 303},
			webtest.Scenario{As: "administrator", Do: "GET " + call, Status: 200, Has: []string{call + "/replay"}},
			webtest.Scenario{As: "administrator", Do: "POST " + call + "/replay", Form: url.Values{}, Status: 303},
			webtest.Scenario{As: "administrator", Do: "GET /admin/deliveries/unknown", Status: 404},
			webtest.Scenario{As: "administrator", Do: "POST /admin/deliveries/unknown/replay", Form: url.Values{}, Status: 404},
			webtest.Scenario{As: "salesperson", Do: "GET " + call, Status: 403},
		)
	})
}

func TestTheSecurityLogIsForThoseWhoLookAfterIt(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		if err := h.Auth.SetRoles(auth.AsSystem(context.Background()), h.Person(t, "marketer").ID, []auth.Role{"marketer", "integrator"}); err != nil {
			t.Fatal(err)
		}
		webtest.Run(t, h,
			webtest.Scenario{As: "administrator", Do: "GET /admin/security", Status: 200, Has: []string{"Roles changed", "Role marketer", "/admin/audit"}},
			webtest.Scenario{As: "dpo", Do: "GET /admin/security?kind=roles_changed", Status: 200, Has: []string{"Roles changed"}, HasNot: []string{`href="/admin/jobs"`}},
			webtest.Scenario{As: "administrator", Do: "GET /admin/security?kind=recovery_used", Status: 200, Has: []string{"Nothing of this kind"}},
			webtest.Scenario{As: "administrator", Do: "GET /admin/security?kind=nonsense", Status: 404},
			webtest.Scenario{As: "administrator", Do: "GET /admin/security?user=" + h.Person(t, "marketer").ID, Status: 200, Has: []string{"Role marketer"}},
			webtest.Scenario{As: "marketer", Do: "GET /admin/security", Status: 403},
			webtest.Scenario{As: "dpo", Do: "GET /admin/audit?about=" + h.Person(t, "marketer").ID, Status: 200},
			webtest.Scenario{As: "dpo", Do: "GET /admin/audit?actor=nobody", Status: 200, Has: []string{"No change here yet", "See all of them"}},
		)
	})
}

func TestCodesAreShownInWordsWithTheCodeBeneath(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		sys := auth.AsSystem(context.Background())
		marketer := h.Person(t, "marketer")
		access, err := h.Team.Access(sys, marketer.ID)
		if err == nil {
			err = h.Team.SetRoles(sys, marketer.ID, access.Changed.Version, []auth.Role{"marketer", "integrator"}, clock.Day{})
		}
		if err == nil {
			err = h.DB.Write(sys, func(ctx context.Context, tx db.Tx) error {
				_, err := jobs.Insert(ctx, tx, mail.SendJob{}, jobs.Opts{})
				return err
			})
		}
		if err != nil {
			t.Fatal(err)
		}
		webtest.Run(t, h,
			webtest.Scenario{As: "administrator", Do: "GET /admin/jobs", Status: 200, Has: []string{">Send an e-mail<", "<code>mail.send</code>"}},
			webtest.Scenario{As: "administrator", Do: "GET /admin/webhooks/new", Status: 200, Has: []string{"A team was formed", "team.team.formed"}},
			webtest.Scenario{As: "administrator", Do: "GET /admin/audit", Status: 200, Has: []string{"Roles: Marketer → "}, HasNot: []string{"roles: marketer"}},
			webtest.Scenario{As: "administrator", Do: "GET /admin/audit?kind=person&object=" + marketer.ID, Status: 200, Has: []string{"Person"}},
		)
	})
}
