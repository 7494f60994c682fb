package help

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

func (p *Pages) index(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, framed(r, frame{title: i18n.T(r.Context(), "help.title"), summary: i18n.T(r.Context(), "help.summary")},
		indexPage(p.shelves(i18n.Lang(r.Context())))))
}

func (p *Pages) page(w http.ResponseWriter, r *http.Request) error {
	page, ok := p.Book.Page(i18n.Lang(r.Context()), web.Path(r, "page"))
	if !ok {
		return errs.NotFound("help page")
	}
	return web.Render(w, r, http.StatusOK, framed(r, frame{title: page.Title, summary: page.Summary, crumb: true}, guidePage(page)))
}

// soon opens the page that says what an entry of the rail will hold.
func (p *Pages) soon(name string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		page, ok := p.Book.Page(i18n.Lang(r.Context()), name)
		if !ok {
			return errs.NotFound("help page")
		}
		return web.Render(w, r, http.StatusOK, framed(r, frame{title: page.Title, summary: page.Summary, active: ui.Entry(name)}, soonPage(page)))
	}
}

func (p *Pages) visible(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	return web.Render(w, r, http.StatusOK, framed(r, frame{title: i18n.T(ctx, "help.visible.title"), summary: i18n.T(ctx, "help.visible.summary")},
		visiblePage(p.Visible)))
}

func (p *Pages) gallery(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, ui.Gallery())
}

// frame is what surrounds a page of help.
type frame struct {
	title, summary string
	crumb          bool
	active         ui.Entry
}

// framed puts a page into the shell for those signed in, on plain paper otherwise.
func framed(r *http.Request, f frame, body templ.Component) templ.Component {
	if !auth.From(r.Context()).Known() {
		return plainFrame(f, body)
	}
	return shellFrame(f, body)
}

// shelf is one group of pages on the index.
type shelf struct {
	key   string // message key of its title
	pages []Page
}

// shelves groups the pages for the index: first steps, the six entries, for
// administrators. A page on no shelf stands on the last.
func (p *Pages) shelves(lang string) []shelf {
	order := []struct {
		key   string
		names []string
	}{
		{"help.shelf.start", []string{"first-steps", "sign-in", "profile", "keys", "notifications", "visibility"}},
		{"help.shelf.entries", []string{"today", "customers", "funnel", "actions", "together", "insight", "people", "who-to-involve", "teams"}},
		{"help.shelf.admin", []string{"install", "people-and-rights", "mail", "company-sign-in", "backup", "webhooks", "api"}},
	}
	var out []shelf
	seen := map[string]bool{}
	for _, o := range order {
		s := shelf{key: o.key}
		for _, n := range o.names {
			if page, ok := p.Book.Page(lang, n); ok {
				s.pages = append(s.pages, page)
				seen[n] = true
			}
		}
		out = append(out, s)
	}
	for _, page := range p.Book.Pages(lang) {
		if !seen[page.Name] {
			out[len(out)-1].pages = append(out[len(out)-1].pages, page)
		}
	}
	return slices.DeleteFunc(out, func(s shelf) bool { return len(s.pages) == 0 })
}
