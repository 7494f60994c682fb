package customers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/edits"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// recordRoutes are the pages of accounts and contacts. Both departments see the
// same ones; who may change a record is decided by the service.
func (p *Pages) recordRoutes() []web.Route {
	routes := []web.Route{
		{Pattern: "GET /customers/choose", Perm: MayRead, Handle: p.chooseKnown},
		{Pattern: "GET /customers/{id}", Perm: MayRead, Handle: p.openKnown},
	}
	for _, k := range Kinds() {
		at := recordPath(k, "{id}")
		routes = append(routes,
			web.Route{Pattern: "GET " + recordPath(k, "new"), Perm: MayEdit, Handle: p.newRecord(k)},
			web.Route{Pattern: "POST " + recordPath(k, "new"), Perm: MayEdit, Handle: p.makeRecord(k)},
			web.Route{Pattern: "POST " + recordPath(k, "hints"), Perm: MayEdit, Handle: p.hintRecord(k)},
			web.Route{Pattern: "GET " + at, Perm: MayRead, Handle: p.record(k)},
			web.Route{Pattern: "GET " + at + "/edit", Perm: MayEdit, Handle: p.editRecord(k)},
			web.Route{Pattern: "POST " + at + "/edit", Perm: MayEdit, Handle: p.saveRecord(k)},
			web.Route{Pattern: "GET " + at + "/history", Perm: MayRead, Handle: p.history(k)},
			web.Route{Pattern: "GET " + at + "/values", Perm: MayRead, Handle: p.allValues(k)},
			web.Route{Pattern: "POST " + at + "/undo/{version}", Perm: MayEdit, Handle: p.undoRecord(k)},
			web.Route{Pattern: "POST " + at + "/needs", Perm: MayEdit, Handle: p.addNeed(k)},
			web.Route{Pattern: "GET " + at + "/needs/{need}", Perm: MayEdit, Handle: p.editNeed(k)},
			web.Route{Pattern: "POST " + at + "/needs/{need}", Perm: MayEdit, Handle: p.saveNeed(k)},
			web.Route{Pattern: "POST " + at + "/needs/{need}/{state}", Perm: MayEdit, Handle: p.turnNeed(k)},
			web.Route{Pattern: "POST " + at + "/tags", Perm: MayEdit, Handle: p.addTags(k)},
			web.Route{Pattern: "GET " + at + "/files", Perm: MayRead, Handle: p.files(k)},
			web.Route{Pattern: "POST " + at + "/files", Perm: MayEdit, Handle: p.addFile(k), MaxBody: maxUpload},
			web.Route{Pattern: "GET " + at + "/files/{file}", Perm: MayRead, Handle: p.file(k)},
			web.Route{Pattern: "POST " + at + "/files/{file}/remove", Perm: MayEdit, Handle: p.removeFile(k)},
			web.Route{Pattern: "POST " + at + "/restrict", Perm: MayRestrict, Handle: p.restrict(k, true)},
			web.Route{Pattern: "POST " + at + "/release", Perm: MayRestrict, Handle: p.restrict(k, false)},
		)
	}
	return append(routes,
		web.Route{Pattern: "GET /contacts/{id}/consents", Perm: MayRead, Handle: p.consents},
		web.Route{Pattern: "POST /contacts/{id}/consents", Perm: MayEdit, Handle: p.noteConsent},
		web.Route{Pattern: "GET /contacts/{id}/positions", Perm: MayEdit, Handle: p.positions},
		web.Route{Pattern: "POST /contacts/{id}/positions", Perm: MayEdit, Handle: p.setPosition},
		web.Route{Pattern: "POST /contacts/{id}/positions/{account}/remove", Perm: MayEdit, Handle: p.removePosition},
		web.Route{Pattern: "GET /contacts/{id}/privacy", Perm: MayRestrict, Handle: p.privacy},
		web.Route{Pattern: "GET /contacts/{id}/export", Perm: MayRestrict, Handle: p.exportContact},
		web.Route{Pattern: "POST /contacts/{id}/erase", Perm: MayRestrict, Handle: p.eraseContact},
	)
}

// recordView is the page of a record, the same for both departments.
type recordView struct {
	Sheet
	Around
	tab    string // "": the shared view; people, values, files, consents, history
	panels []registry.Panel
	acts   []registry.Panel // what can be done with it elsewhere: log a visit
	now    time.Time
	alike  []Known
	may    may

	errors   ui.Errors // of the small form of a tab
	text     string    // as typed there
	history  []edits.Edit
	consents []Consent
	act      Consent
	need     *Need
	stale    bool // somebody changed the need meanwhile
	place    Position
	found    lookup
}

// may is what the reader may do on a page.
type may struct{ Edit, Make, Restrict bool }

func (p *Pages) record(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		id := web.Path(r, "id")
		v, err := p.recordView(ctx, k, id)
		if err != nil {
			return err
		}
		if v.ID != id {
			return web.Redirect(w, r, recordPath(k, v.ID))
		}
		if web.IsHTMX(r) {
			return web.Render(w, r, http.StatusOK, recordPanel(v))
		}
		if r.URL.Query().Has("new") {
			if v.alike, err = p.Service.Similar(ctx, k, v.ID, v.Values); err != nil {
				return err
			}
		}
		return web.Render(w, r, http.StatusOK, recordPage(v))
	}
}

// recordView reads a record and what stands around it.
func (p *Pages) recordView(ctx context.Context, k Kind, id string) (recordView, error) {
	v := recordView{now: p.Clock.Now().In(i18n.Zone(ctx))}
	var err error
	if v.Sheet, err = p.Service.Record(ctx, k, id); err != nil {
		return v, err
	}
	if v.Around, err = p.Service.Around(ctx, v.Sheet); err != nil {
		return v, err
	}
	a := auth.From(ctx)
	v.may = may{Edit: v.CanEdit, Make: a.Can(MayEdit), Restrict: a.Can(MayRestrict)}
	v.panels, v.acts = onPage(p.Panels, k, a), onPage(p.Acts, k, a)
	return v, nil
}

// onPage keeps the panels of a kind of record that the reader may see.
func onPage(all []registry.Panel, k Kind, a auth.Actor) []registry.Panel {
	var out []registry.Panel
	for _, panel := range all {
		if panel.On == string(k) && a.Can(panel.Perm) {
			out = append(out, panel)
		}
	}
	return out
}

// history shows who changed what and when, and takes it back.
func (p *Pages) history(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		v, err := p.recordView(ctx, k, web.Path(r, "id"))
		if err != nil {
			return err
		}
		v.tab = "history"
		if err := p.readHistory(ctx, &v); err != nil {
			return err
		}
		return web.Render(w, r, http.StatusOK, historyPage(v))
	}
}

// readHistory reads the edits and the names of what was in them.
func (p *Pages) readHistory(ctx context.Context, v *recordView) error {
	var err error
	if v.history, err = p.Service.History(ctx, v.Kind, v.ID); err != nil {
		return err
	}
	var all []Values
	for _, e := range v.history {
		from, to := Values{}, Values{}
		for _, f := range e.Fields {
			from[f.Name], to[f.Name] = f.From, f.To
		}
		all = append(all, from, to)
	}
	names, err := p.Service.NamesOf(ctx, v.Schema, all...)
	for id, name := range names {
		v.Names[id] = name
	}
	return err
}

// allValues shows every value with where it comes from.
func (p *Pages) allValues(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		v, err := p.recordView(ctx, k, web.Path(r, "id"))
		if err != nil {
			return err
		}
		v.tab = "values"
		if err := p.readHistory(ctx, &v); err != nil {
			return err
		}
		return web.Render(w, r, http.StatusOK, valuesPage(v))
	}
}

func (p *Pages) undoRecord(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id := web.Path(r, "id")
		version, err := strconv.ParseInt(web.Path(r, "version"), 10, 64)
		if err != nil || version < 2 {
			return errs.NotFound("version")
		}
		if err := p.Service.Undo(r.Context(), k, id, version); err != nil {
			return err
		}
		return after(w, r, recordPath(k, id), web.Toast{Key: "customers.record.undone", Icon: "undo-2"})
	}
}

// after says a toast and goes to a page.
func after(w http.ResponseWriter, r *http.Request, to string, t web.Toast) error {
	web.Flash(w, r, t)
	return web.Redirect(w, r, to)
}
