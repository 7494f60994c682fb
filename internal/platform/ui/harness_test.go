package ui_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"testing"

	"unisson/internal/platform/ui"

	"github.com/a-h/templ"
)

// TestServeGallery serves the gallery, a list page and the sign-in page for the
// eye and for the accessibility check. It runs only when asked:
//
//	UNISSON_UI_SERVE=127.0.0.1:8099 go test -run TestServeGallery -timeout 0 ./internal/platform/ui
func TestServeGallery(t *testing.T) {
	addr := os.Getenv("UNISSON_UI_SERVE")
	if addr == "" {
		t.Skip("set UNISSON_UI_SERVE to look at the pages")
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("http://" + listener.Addr().String() + "/gallery?lang=fr&theme=dark")
	t.Error(http.Serve(listener, harness(t)))
}

// harness is a small house for the pages of the gallery, under the product's own content security policy.
func harness(t testing.TB) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(ui.AssetPath, ui.Assets())
	page := func(name string, signedIn bool, c func(ctx context.Context) templ.Component) {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			lang := r.URL.Query().Get("lang")
			if lang == "" {
				lang = "en"
			}
			ctx := reader(t, lang)
			if signedIn {
				ctx = yann(ctx)
			}
			s := ui.ShellFrom(ctx)
			s.Theme, s.Path = r.URL.Query().Get("theme"), r.URL.RequestURI()
			s.Demo = r.URL.Query().Get("demo") != ""
			if r.URL.Query().Get("toast") != "" {
				s.Toasts = []ui.Toast{{Text: "Lead accepted. Camille has been told.", Undo: "/undo"}}
			}
			w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; report-uri /csp-report")
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if err := c(ctx).Render(ui.WithShell(ctx, s), w); err != nil {
				t.Error(err)
			}
		})
	}
	page("gallery", true, func(context.Context) templ.Component { return ui.Gallery() })
	page("list", true, listPage)
	page("record", true, recordPage)
	page("sign-in", false, signInPage)
	page("error", true, func(context.Context) templ.Component {
		return ui.ErrorPage(ui.ErrorPageProps{ErrorProps: ui.ErrorProps{Title: "This page could not be shown", Text: "Nothing is lost.", Reference: "7F3K-21", Retry: "/error"}, Home: true})
	})
	page("palette", true, func(context.Context) templ.Component { return ui.PaletteResults(answers()) })
	page("find", true, func(ctx context.Context) templ.Component {
		return within(ui.Page(ui.PageProps{Title: "Search"}), ui.FindResults(answers()))
	})
	page("peek", true, func(context.Context) templ.Component {
		return within(ui.PanelContent(ui.PanelProps{Mark: ui.AvatarLarge(ui.Person{Name: "Aïcha Haddad"}), Title: "Aïcha Haddad", Text: "Project buyer, Chimie Rhodane", Href: "/record"}),
			ui.DefList(ui.Term{Label: "Need", Text: "Replace three pumps before the August stop"}))
	})
	mux.HandleFunc("POST /csp-report", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		t.Errorf("the content security policy was broken: %s", body)
	})
	mux.HandleFunc("POST /theme", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/gallery", http.StatusSeeOther) })
	return mux
}
