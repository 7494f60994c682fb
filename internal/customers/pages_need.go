package customers

import (
	"net/http"
	"strconv"
	"strings"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// i18n: customers.record.need.*

// needForm is what the forms of a need send.
type needForm struct {
	Body    string `form:"body"`
	Version int64  `form:"version"`
}

func (p *Pages) addNeed(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, id := r.Context(), web.Path(r, "id")
		var f needForm
		if err := web.Decode(r, &f); err != nil {
			return err
		}
		n, err := p.Service.AddNeed(ctx, k, id, unixLines(f.Body))
		if errs.Is(err, errs.KindInvalid) {
			v, other := p.recordView(ctx, k, id)
			if other != nil {
				return other
			}
			v.errors, v.text = ui.ErrorsOf(ctx, err), f.Body
			return web.Render(w, r, http.StatusUnprocessableEntity, recordPage(v))
		}
		if err != nil {
			return err
		}
		return after(w, r, recordPath(k, id), reminded(r, f.Body, web.Toast{Key: "customers.record.need_added", Undo: recordPath(k, id, "needs", n.ID, string(NeedDropped))}))
	}
}

// reminded is a toast that also says which words of a text speak of what has
// no place in it; the text stays as it was written (L-21).
func reminded(r *http.Request, text string, t web.Toast) web.Toast {
	if found := Sensitive(text); len(found) > 0 {
		t.Key, t.Icon = "customers.record.reminder_found", "shield-alert"
		t.Params = map[string]any{"words": i18n.Quote(r.Context(), strings.Join(found[:min(3, len(found))], ", "))}
	}
	return t
}

func unixLines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

func (p *Pages) editNeed(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := p.needView(r, k)
		if err != nil {
			return err
		}
		v.text = v.need.Body
		return web.Render(w, r, http.StatusOK, needPage(v))
	}
}

// needView reads a need that the reader may change.
func (p *Pages) needView(r *http.Request, k Kind) (recordView, error) {
	v, err := p.recordView(r.Context(), k, web.Path(r, "id"))
	if err != nil {
		return v, err
	}
	for i := range v.Needs {
		if v.Needs[i].ID == web.Path(r, "need") {
			v.need = &v.Needs[i]
		}
	}
	switch {
	case v.need == nil:
		return v, errs.NotFound("need")
	case !v.CanEdit:
		return v, errs.Forbidden("customers.errors.not_yours")
	}
	return v, nil
}

func (p *Pages) saveNeed(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		var f needForm
		if err := web.Decode(r, &f); err != nil {
			return err
		}
		v, err := p.needView(r, k)
		if err != nil {
			return err
		}
		body := unixLines(f.Body)
		if err = checkNeed(strings.TrimSpace(body)); err == nil {
			_, err = p.Service.ChangeNeed(ctx, k, Need{ID: v.need.ID, RecordID: v.ID, Body: body, Version: f.Version})
		}
		switch {
		case err == nil:
			return after(w, r, recordPath(k, v.ID), reminded(r, body, web.Toast{Key: "customers.record.saved"}))
		case errs.Is(err, errs.KindInvalid):
			v.errors, v.text, v.need.Version = ui.ErrorsOf(ctx, err), f.Body, f.Version
			return web.Render(w, r, http.StatusUnprocessableEntity, needPage(v))
		case errs.Is(err, errs.KindStale):
			// Both texts are shown; what is sent next is meant to stand.
			v.text, v.stale = f.Body, true
			return web.Render(w, r, http.StatusConflict, needPage(v))
		}
		return err
	}
}

func (p *Pages) turnNeed(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, id, need, state := r.Context(), web.Path(r, "id"), web.Path(r, "need"), NeedState(web.Path(r, "state"))
		before, err := p.Service.Needs(ctx, k, id)
		if err != nil {
			return err
		}
		was := NeedOpen
		for _, n := range before {
			if n.ID == need {
				was = n.State
			}
		}
		if !state.Valid() {
			return errs.NotFound("state")
		}
		if _, err := p.Service.ChangeNeed(ctx, k, Need{ID: need, RecordID: id, State: state}); err != nil {
			return err
		}
		t := web.Toast{Key: "customers.record.need." + string(state)}
		if was != state {
			t.Undo = recordPath(k, id, "needs", need, string(was))
		}
		return after(w, r, recordPath(k, id), t)
	}
}

type tagsForm struct {
	Tags string `form:"tags"`
}

func (p *Pages) addTags(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, id := r.Context(), web.Path(r, "id")
		var f tagsForm
		if err := web.Decode(r, &f); err != nil {
			return err
		}
		sheet, err := p.Service.Record(ctx, k, id)
		if err != nil {
			return err
		}
		version, err := p.Service.AddTags(ctx, k, id, f.Tags)
		if err != nil {
			return err
		}
		t := web.Toast{Key: "customers.record.tagged"}
		if version != sheet.Version {
			t.Undo = recordPath(k, id, "undo", strconv.FormatInt(version, 10))
		}
		return after(w, r, recordPath(k, id), t)
	}
}
