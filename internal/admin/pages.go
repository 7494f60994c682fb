package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/jobs"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

const pageOf = 50

// tabs are the sections that the reader may see.
func tabs(ctx context.Context, current string) []ui.Tab {
	var out []ui.Tab
	for _, s := range sections() {
		if auth.From(ctx).Can(s.perm) {
			out = append(out, ui.Tab{Label: i18n.T(ctx, s.key), Href: s.href, Icon: s.icon, Current: s.href == current})
		}
	}
	return out
}

// sheet is what the list pages of the administration share.
func sheet(ctx context.Context, current, title, summary string) ui.PageProps {
	return ui.PageProps{Title: title, Summary: summary, Tabs: tabs(ctx, current), TabsName: i18n.T(ctx, "admin.nav.admin")}
}

// crumbs lead from the administration through a section to a record.
func crumbs(ctx context.Context, section, href string, rest ...ui.Crumb) []ui.Crumb {
	return append([]ui.Crumb{{Label: section, Href: href}}, rest...)
}

// address is a path with those values that are not empty, in pairs.
func address(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (p *Pages) overview(w http.ResponseWriter, r *http.Request) error {
	h, err := p.Service.Health(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, overviewPage(h, p.Version))
}

type jobsForm struct {
	State string `form:"state"`
	Kind  string `form:"kind"`
	After string `form:"after"`
}

func (f jobsForm) address(after string) string {
	return address("/admin/jobs", "state", f.State, "kind", f.Kind, "after", after)
}

type jobsView struct {
	form  jobsForm
	list  []jobs.Record
	next  string
	kinds []string
	stats jobs.Stats
}

func (p *Pages) jobs(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var v jobsView
	if err := web.Decode(r, &v.form); err != nil {
		return err
	}
	filter := jobs.Filter{State: jobs.State(v.form.State), Kind: v.form.Kind}
	list, more, err := p.Service.Jobs.List(ctx, filter, v.form.After, pageOf)
	if err != nil {
		return err
	}
	if v.list = list; more {
		v.next = v.form.address(list[len(list)-1].ID)
	}
	if v.kinds, err = p.Service.Jobs.Kinds(ctx); err != nil {
		return err
	}
	if v.stats, err = p.Service.Jobs.Stats(ctx); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, jobsPage(v, p.Clock.Now()))
}

func (p *Pages) schedules(w http.ResponseWriter, r *http.Request) error {
	list, err := p.Service.Jobs.Schedules(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, schedulesPage(list, p.Clock.Now()))
}

func (p *Pages) job(w http.ResponseWriter, r *http.Request) error {
	j, err := p.Service.Jobs.Find(r.Context(), web.Path(r, "id"))
	if err != nil {
		return err
	}
	doing := j.Progress.What // a message key of the package that works
	if p.Words.Has(doing) {
		doing = i18n.M(r.Context(), doing, nil)
	}
	return web.Render(w, r, http.StatusOK, jobPage(j, doing, p.Clock.Now()))
}

type backForm struct {
	Back string `form:"back"` // the list that the act was asked for on
}

// act does what a button of a list asks for and returns to that list.
func act(w http.ResponseWriter, r *http.Request, otherwise string, toast web.Toast, do func(ctx context.Context, id string) error) error {
	var f backForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	if err := do(r.Context(), web.Path(r, "id")); err != nil {
		return err
	}
	web.Flash(w, r, toast)
	if f.Back == "" {
		f.Back = otherwise
	}
	return web.Redirect(w, r, f.Back)
}

func (p *Pages) retryJob(w http.ResponseWriter, r *http.Request) error {
	return act(w, r, "/admin/jobs", web.Toast{Key: "admin.jobs.toast.retried"}, p.Service.Jobs.RetryJob)
}

func (p *Pages) discardJob(w http.ResponseWriter, r *http.Request) error {
	undo := "/admin/jobs/" + web.Path(r, "id") + "/keep"
	return act(w, r, "/admin/jobs", web.Toast{Key: "admin.jobs.toast.discarded", Undo: undo}, p.Service.Jobs.DiscardJob)
}

func (p *Pages) keepJob(w http.ResponseWriter, r *http.Request) error {
	return act(w, r, "/admin/jobs", web.Toast{Key: "admin.jobs.toast.kept"}, p.Service.Jobs.KeepJob)
}

// pretty writes JSON for reading, in its own order; what is none stays as it is.
func pretty(text string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(text), "", "  ") != nil {
		return text
	}
	return b.String()
}
