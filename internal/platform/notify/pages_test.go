package notify_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/mail"
	"unisson/internal/platform/notify"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
	"unisson/internal/platform/web/webtest"
)

// site is the house behind the edge; a cookie says who is signed in.
type site struct {
	*web.Server
	*house
}

func (s site) SignIn(_ *testing.T, as string) []*http.Cookie {
	if as == "" {
		return nil
	}
	return []*http.Cookie{{Name: "who", Value: as}}
}

func open(t *testing.T) site {
	t.Helper()
	now := clock.NewFake(paris(t, "2026-11-24 09:00"))
	h := build(t, dbtest.Open(t, db.SQLite, now), now)
	pages := &notify.Pages{Service: h.Service, Clock: now}
	policy, err := auth.ReadPolicy(strings.NewReader("permission,salesperson,note\nx,x,x\n"))
	if err != nil {
		t.Fatal(err)
	}
	srv, err := web.New(web.Config{
		Routes: pages.Routes(), Policy: policy, PublicURL: &url.URL{Scheme: "http", Host: "unisson.exemple.test"}, Clock: now, Log: slog.New(slog.DiscardHandler),
		Bundle: i18n.MustLoad(kinds, mail.Locales(), notify.Locales(), ui.Locales(), web.Locales()),
		Zone:   func(context.Context) *time.Location { return paris(t, "2026-01-01 00:00").Location() },
		Resolve: func(r *http.Request) (auth.Actor, error) {
			c, err := r.Cookie("who")
			if err != nil {
				return auth.Actor{}, nil
			}
			return auth.NewActor(auth.Actor{Kind: auth.Person, UserID: c.Value, Name: c.Value}, nil), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return site{srv, h}
}

func TestTheInboxWorksWithoutScript(t *testing.T) {
	s := open(t)
	s.clock.Advance(-24 * time.Hour)
	s.tell(said("camille", "hier", notify.Digest), said("yann", "à Yann", notify.Digest))
	s.clock.Advance(24 * time.Hour)
	s.tell(said("camille", "<b>un</b>", notify.Direct))
	list := s.inbox("camille", true)
	id, foreign := list[1].ID, s.inbox("yann", true)[0].ID
	webtest.Run(t, s,
		webtest.Scenario{Do: "GET /inbox", Status: 303, To: "/sign-in?next=%2Finbox"},
		webtest.Scenario{As: "camille", Do: "GET /inbox", Status: 200,
			Has:    []string{"Nadia said &lt;b&gt;un&lt;/b&gt;", "Nadia said hier", "Today", "Yesterday", `action="/inbox/` + id + `/read"`, `href="/inbox/` + id + `"`},
			HasNot: []string{"Yann", "style="}},
		webtest.Scenario{As: "camille", Do: "GET /inbox?show=all", Status: 200, Has: []string{"Unread", `value="/inbox?show=all"`}},
		webtest.Scenario{As: "camille", Do: "GET /inbox?shown=all", Status: 400},
		webtest.Scenario{Name: "opening leads to the page", As: "camille", Do: "GET /inbox/" + id, Status: 303, To: "/people/nadia"},
		webtest.Scenario{As: "camille", Do: "GET /inbox", Status: 200, HasNot: []string{"said hier"}, Has: []string{"&lt;b&gt;un"}},
		webtest.Scenario{As: "camille", Do: "POST /inbox/" + id + "/unread", Form: url.Values{"back": {"/inbox?show=all"}}, Status: 303, To: "/inbox?show=all"},
		webtest.Scenario{As: "camille", Do: "POST /inbox/" + id + "/read", Form: url.Values{"back": {"//evil.test"}}, Status: 303, To: "/"},
		webtest.Scenario{As: "camille", Do: "POST /inbox/" + id + "/read", Form: url.Values{"user_id": {"yann"}}, Status: 400},
		webtest.Scenario{Name: "somebody else's", As: "camille", Do: "GET /inbox/" + foreign, Status: 404},
		webtest.Scenario{Name: "somebody else's", As: "camille", Do: "POST /inbox/" + foreign + "/read", Form: url.Values{}, Status: 404},
		webtest.Scenario{As: "camille", Do: "POST /inbox/read/0/undo", Form: url.Values{}, Status: 404},
		webtest.Scenario{As: "camille", Do: "POST /inbox/read/x/undo", Form: url.Values{}, Status: 404},
		webtest.Scenario{Do: "POST /inbox/read", Form: url.Values{}, Status: 401},
	)
	a := webtest.Do(t, s, webtest.Scenario{As: "camille", Do: "POST /inbox/read", Form: url.Values{"back": {"/inbox"}}})
	if a.StatusCode != 303 || s.unread("camille") != 0 || s.unread("yann") != 1 {
		t.Fatalf("%d, %d unread", a.StatusCode, s.unread("camille"))
	}
	// The next page offers to take it back.
	cookies := a.Cookies()
	r := httptest.NewRequest("GET", "/inbox", nil)
	for _, c := range append(cookies, s.SignIn(t, "camille")...) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if !strings.Contains(w.Body.String(), "You have read everything") {
		t.Errorf("the empty inbox:\n%s", w.Body.String())
	}
	at, _, err := s.MarkAllRead(s.as("yann"))
	if err != nil || at.IsZero() {
		t.Fatal(err)
	}
	webtest.Run(t, s,
		webtest.Scenario{Name: "undo of somebody else", As: "nobody", Do: "POST /inbox/read/" + strconv.FormatInt(int64(at), 10) + "/undo", Form: url.Values{}, Status: 404},
		webtest.Scenario{As: "yann", Do: "POST /inbox/read/" + strconv.FormatInt(int64(at), 10) + "/undo", Status: 303, To: "/inbox"},
		webtest.Scenario{As: "yann", Do: "GET /inbox", Status: 200, Has: []string{"Nadia said à Yann"}},
	)
}

func TestALongInboxIsReadPageByPage(t *testing.T) {
	s := open(t)
	var many []notify.Notice
	for range 60 {
		many = append(many, said("camille", "x", notify.Digest))
	}
	s.tell(many...)
	a := webtest.Do(t, s, webtest.Scenario{As: "camille", Do: "GET /inbox"})
	next := regexp.MustCompile(`/inbox\?after=[0-9a-f-]+`).FindString(a.Body)
	if strings.Count(a.Body, "Nadia said x") != 50 || next == "" {
		t.Fatalf("%d on the first page, then %q", strings.Count(a.Body, "Nadia said x"), next)
	}
	a = webtest.Do(t, s, webtest.Scenario{As: "camille", Do: "GET " + next})
	if strings.Count(a.Body, "Nadia said x") != 10 || !strings.Contains(a.Body, "Back to the newest") {
		t.Errorf("%d on the second", strings.Count(a.Body, "Nadia said x"))
	}
}

func TestPreferencesAreKeptAndWrongOnesExplained(t *testing.T) {
	s := open(t)
	form := url.Values{"digest": {"on"}, "digest_hour": {"17"}, "quiet": {"on"}, "quiet_from": {"20:30"}, "quiet_to": {"07:00"}}
	with := func(name, value string) url.Values {
		f := url.Values{}
		for k, v := range form {
			f[k] = v
		}
		f.Set(name, value)
		return f
	}
	webtest.Run(t, s,
		webtest.Scenario{As: "camille", Do: "GET /me/notifications", Status: 200,
			Has: []string{`value="19:00"`, `value="08:00"`, "Europe/Paris", `<option value="8" selected>8:00</option>`}},
		webtest.Scenario{As: "camille", Do: "POST /me/notifications", Form: form, Status: 303, To: "/me/notifications"},
		webtest.Scenario{As: "camille", Do: "GET /me/notifications", Status: 200, Has: []string{`value="20:30"`, `<option value="17" selected>`}},
		webtest.Scenario{Name: "a quiet digest hour", As: "camille", Do: "POST /me/notifications", Form: with("digest_hour", "22"), Status: 303},
		webtest.Scenario{Name: "which is explained", As: "camille", Do: "GET /me/notifications", Status: 200, Has: []string{"the digest comes at 7:00"}},
		webtest.Scenario{Name: "what is typed stays", As: "camille", Do: "POST /me/notifications", Form: with("quiet_to", "20:30"), Status: 422,
			Has: []string{"the quiet hours would have no length", `value="20:30"`, `<option value="17" selected>`}},
		webtest.Scenario{Name: "two errors have a summary", As: "camille", Do: "POST /me/notifications", Form: url.Values{"quiet_from": {"x"}, "quiet_to": {""}, "digest_hour": {"8"}}, Status: 422,
			Has: []string{"Write a time such as 19:00.", `href="#f-quiet_from"`}},
		webtest.Scenario{Name: "no number", As: "camille", Do: "POST /me/notifications", Form: with("digest_hour", "x"), Status: 422, Has: []string{"Choose an hour"}},
		webtest.Scenario{Name: "a field of nobody", As: "camille", Do: "POST /me/notifications", Form: with("user_id", "yann"), Status: 400},
		webtest.Scenario{Do: "POST /me/notifications", Form: form, Status: 401},
	)
	if p, err := s.Preferences(s.as("yann")); err != nil || p != notify.Defaults() {
		t.Errorf("the preferences of another changed: %+v %v", p, err)
	}
}
