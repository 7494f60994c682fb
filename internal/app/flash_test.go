package app_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"unisson/internal/app"
	"unisson/internal/app/apptest"
	"unisson/internal/platform/config"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/web/webtest"
)

// beside composes a second process of the same installation: same database, same
// key file.
func beside(t *testing.T, a *apptest.App) *app.App {
	t.Helper()
	c := &config.Config{Store: config.Store{DataDir: t.TempDir()}, Addr: "127.0.0.1:0", PublicURL: apptest.Public, InsecureHTTP: true}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	b, err := app.New(t.Context(), app.Options{Config: c, DB: a.DB, Keys: a.Keys, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What one process says after a form is shown by whichever answers next.
func TestAToastIsReadByAnotherProcess(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, nil)
	a := apptest.New(t, d)
	b := beside(t, a)
	done := webtest.Do(t, a, webtest.Scenario{As: "administrator", Do: "POST /me/profile/confirm", Form: url.Values{}})
	var toast *http.Cookie
	for _, c := range done.Cookies() {
		if strings.HasSuffix(c.Name, "flash") {
			toast = c
		}
	}
	if done.StatusCode != http.StatusSeeOther || toast == nil {
		t.Fatalf("status %d, cookies %v", done.StatusCode, done.Cookies())
	}
	r := httptest.NewRequest("GET", "/help", nil)
	for _, c := range append(a.SignIn(t, "administrator"), toast) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "data-toast") {
		t.Errorf("status %d, and no toast in\n%s", w.Code, w.Body.String())
	}
}

// What is no text is refused with one status on both engines, wherever it stands
// in a request.
func TestNoTextIsRefusedAlikeByBothEngines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := apptest.New(t, d)
		for _, bad := range []string{"Nan\x00tes", "\xff", "\xed\xa0\x80"} {
			webtest.Run(t, a,
				webtest.Scenario{As: "administrator", Do: "POST /organisation/units/new", Form: url.Values{"name": {bad}}, Status: http.StatusBadRequest},
				webtest.Scenario{As: "administrator", Do: "GET /people?q=" + url.QueryEscape(bad), Status: http.StatusBadRequest},
				webtest.Scenario{As: "administrator", Do: "GET /people/" + url.PathEscape(bad), Status: http.StatusBadRequest})
		}
	})
}
