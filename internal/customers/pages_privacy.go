package customers

import (
	"bytes"
	"net/http"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

func (p *Pages) privacy(w http.ResponseWriter, r *http.Request) error {
	v, err := p.recordView(r.Context(), KindContact, web.Path(r, "id"))
	if err != nil {
		return err
	}
	v.tab = "privacy"
	return web.Render(w, r, http.StatusOK, privacyPage(v))
}

// exportContact sends all that is kept of a person as one file.
func (p *Pages) exportContact(w http.ResponseWriter, r *http.Request) error {
	var b bytes.Buffer
	if err := p.Service.ExportContact(r.Context(), web.Path(r, "id"), &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="contact-`+web.Path(r, "id")+`.json"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(b.Bytes()) // a caller who went away is not our failure
	return nil
}

type eraseForm struct {
	Name string `form:"name"`
}

// eraseContact asks for the name first: nothing brings a person back.
func (p *Pages) eraseContact(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f eraseForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	v, err := p.recordView(ctx, KindContact, web.Path(r, "id"))
	if err != nil {
		return err
	}
	if !sameWords(f.Name, v.Title()) {
		v.tab, v.text = "privacy", f.Name
		v.errors = ui.ErrorsOf(ctx, errs.Invalid(errs.Field{Name: "name", Code: "customers.record.errors.type_name"}))
		return web.Render(w, r, http.StatusUnprocessableEntity, privacyPage(v))
	}
	if err := p.Service.EraseContact(ctx, v.ID); err != nil {
		return err
	}
	return after(w, r, "/contacts", web.Toast{Key: "customers.record.erased", Icon: "trash-2"})
}

func (p *Pages) restrict(k Kind, on bool) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id := web.Path(r, "id")
		if err := p.Service.Restrict(r.Context(), k, id, on); err != nil {
			return err
		}
		t := web.Toast{Key: "customers.record.released", Undo: recordPath(k, id, "restrict")}
		if on {
			t = web.Toast{Key: "customers.record.restricted", Icon: "lock", Undo: recordPath(k, id, "release")}
		}
		return after(w, r, recordPath(k, id), t)
	}
}

// openKnown leads to an account or a contact by its id alone.
func (p *Pages) openKnown(w http.ResponseWriter, r *http.Request) error {
	id := web.Path(r, "id")
	for _, k := range Kinds() {
		_, err := p.Service.Record(r.Context(), k, id)
		if err == nil {
			return web.Redirect(w, r, recordPath(k, id))
		}
		if !errs.Is(err, errs.KindNotFound) {
			return err
		}
	}
	return errs.NotFound("customer")
}
