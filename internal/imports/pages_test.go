package imports_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
)

// browser is somebody signed in, without JavaScript.
type browser struct {
	*house
	cookies []*http.Cookie
}

func (b *browser) send(r *http.Request) *httptest.ResponseRecorder {
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Host = "unisson.test"
	w := httptest.NewRecorder()
	b.Handler().ServeHTTP(w, r)
	return w
}

func (b *browser) post(path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(r)
}

func (b *browser) get(path string) string {
	b.t.Helper()
	w := b.send(httptest.NewRequest("GET", path, nil))
	if w.Code != http.StatusOK {
		b.t.Fatalf("%s: %d\n%s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

func (b *browser) upload(content string) *httptest.ResponseRecorder {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	_ = m.WriteField("target", "contact")
	f, _ := m.CreateFormFile("file", "gens.csv")
	_, _ = f.Write([]byte(content))
	_ = m.Close()
	r := httptest.NewRequest("POST", "/imports/new", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return b.send(r)
}

func TestAFileComesInAndOutByThePages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := &browser{house: open(t, d)}
		b.cookies = b.SignIn(t, "head_of_sales")
		if w := b.upload("%PDF-1.4\n"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "PDF") {
			t.Errorf("a PDF: %d", w.Code)
		}
		w := b.upload("Email;Nom;Prénom;Ville\na@x.fr;Un;Ada;Lyon\n;;;Nice\nb@x.fr;Deux;=1+1;Paris\n")
		at := w.Header().Get("Location")
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(at, "/imports/") {
			t.Fatalf("%d %s", w.Code, at)
		}
		id := strings.TrimPrefix(at, "/imports/")
		page := b.get(at)
		for _, want := range []string{"Prénom", "Ada", "Separator", "utf-8"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		form := url.Values{"delimiter": {";"}, "header": {"first"}, "encoding": {"utf-8"}, "m0": {"emails"}, "m1": {"family"}, "m2": {"given"}, "m3": {""}, "key": {"emails"}, "day": {"2026-11-24"}}
		if w := b.post(at+"/plan", form); w.Code != http.StatusSeeOther {
			t.Fatalf("plan: %d\n%s", w.Code, w.Body)
		}
		if w := b.post(at+"/try", nil); w.Code != http.StatusSeeOther {
			t.Fatalf("try: %d", w.Code)
		}
		if i := b.work(id); shape(i) != "dry 0 = 0+0+0+0 also 0" || i.Dry.Created != 2 || i.Dry.Rejected != 1 || i.Mapping.Columns["Ville"].Field != "" {
			t.Errorf("%s %+v", shape(i), i.Dry)
		}
		if got := b.get(at + "/rejected.csv"); !strings.Contains(got, "Nice,3,") {
			t.Errorf("rejected rows: %s", got)
		}
		if w := b.post(at+"/run", nil); w.Code != http.StatusSeeOther {
			t.Fatalf("run: %d", w.Code)
		}
		if i := b.work(id); i.Created != 2 || i.Rejected != 1 || i.AuthorID == "" {
			t.Error(shape(i))
		}
		if page := b.get("/imports"); !strings.Contains(page, "gens.csv") {
			t.Error("the history lacks the file")
		}
		other := &browser{house: b.house, cookies: b.SignIn(t, "salesperson")}
		if w := other.send(httptest.NewRequest("GET", at, nil)); w.Code != http.StatusNotFound {
			t.Errorf("somebody else's import: %d", w.Code)
		}
		if w := b.post(at+"/undo", nil); w.Code != http.StatusSeeOther {
			t.Fatalf("undo: %d", w.Code)
		}
		if i := b.work(id); i.Removed != 2 || count(t, b.house, "contacts") != 0 {
			t.Errorf("%s removed %d", i.State, i.Removed)
		}
		b.get(at)
	})
}
