package customers

import (
	"net/http"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

func (p *Pages) consents(w http.ResponseWriter, r *http.Request) error {
	v, err := p.consentView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, consentsPage(v))
}

func (p *Pages) consentView(r *http.Request) (recordView, error) {
	v, err := p.recordView(r.Context(), KindContact, web.Path(r, "id"))
	if err != nil {
		return v, err
	}
	v.tab, v.act = "consents", Consent{Act: ConsentRefused, Channel: "all"}
	v.consents, err = p.Service.Consents(r.Context(), v.ID)
	return v, err
}

// consentForm is what the form of an act sends.
type consentForm struct {
	Act     string `form:"act"`
	Channel string `form:"channel"`
	Source  string `form:"source"`
	Wording string `form:"wording"`
	Proof   string `form:"proof"`
}

func (p *Pages) noteConsent(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f consentForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	v, err := p.consentView(r)
	if err != nil {
		return err
	}
	v.act = Consent{Act: ConsentAct(f.Act), Channel: f.Channel, Source: f.Source, Wording: f.Wording, Proof: unixLines(f.Proof)}
	err = p.Service.NoteConsent(ctx, v.ID, v.act)
	if errs.Is(err, errs.KindInvalid) {
		v.errors = ui.ErrorsOf(ctx, err)
		return web.Render(w, r, http.StatusUnprocessableEntity, consentsPage(v))
	}
	if err != nil {
		return err
	}
	return after(w, r, recordPath(KindContact, v.ID, "consents"), reminded(r, v.act.Proof, web.Toast{Key: "customers.record.act_noted"}))
}

func (p *Pages) positions(w http.ResponseWriter, r *http.Request) error {
	v, err := p.recordView(r.Context(), KindContact, web.Path(r, "id"))
	if err != nil {
		return err
	}
	if !v.CanEdit {
		return errs.Forbidden("customers.errors.not_yours")
	}
	return web.Render(w, r, http.StatusOK, positionsPage(v))
}

// positionForm is what the form of a further employer sends.
type positionForm struct {
	Find    string `form:"account.find"`
	FoundBy string `form:"account.for"`
	Account string `form:"account"`
	Title   string `form:"title"`
	From    string `form:"from"`
	To      string `form:"to"`
}

func (p *Pages) setPosition(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var f positionForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	v, err := p.recordView(ctx, KindContact, web.Path(r, "id"))
	if err != nil {
		return err
	}
	form := recordForm{sch: v.Schema, values: Values{"account": f.Account}, finders: map[string]lookup{}}
	t := typed{find: map[string]string{"account": f.Find}, foundBy: map[string]string{"account": f.FoundBy}}
	wrong, err := p.findAll(ctx, &form, &t)
	if err != nil {
		return err
	}
	v.place = Position{ContactID: v.ID, AccountID: form.values["account"], Title: f.Title, From: f.From, To: f.To}
	v.found = form.finders["account"]
	if err = wrong.Err(); err == nil {
		err = p.Service.SetPosition(ctx, v.place)
	}
	if errs.Is(err, errs.KindInvalid) {
		v.errors = ui.ErrorsOf(ctx, err)
		return web.Render(w, r, http.StatusUnprocessableEntity, positionsPage(v))
	}
	if err != nil {
		return err
	}
	return after(w, r, recordPath(KindContact, v.ID), web.Toast{Key: "customers.record.saved", Undo: recordPath(KindContact, v.ID, "positions", v.place.AccountID, "remove")})
}

func (p *Pages) removePosition(w http.ResponseWriter, r *http.Request) error {
	id := web.Path(r, "id")
	if err := p.Service.RemovePosition(r.Context(), id, web.Path(r, "account")); err != nil {
		return err
	}
	return after(w, r, recordPath(KindContact, id), web.Toast{Key: "customers.record.position_removed"})
}
