package team

import (
	"net/http"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// absenceForm is what the form of an absence sends.
type absenceForm struct {
	From   string `form:"from"`
	To     string `form:"to"`
	Deputy string `form:"deputy"`
	Note   string `form:"note"`
}

// absenceView is somebody's absences, with the form of one.
type absenceView struct {
	form
	person     Person
	own        []Absence
	standingIn []Absence
	editing    string // id of the absence in the form; empty: a new one
	entry      absenceForm
	people     []Person
	canEdit    bool
	today      clock.Day
}

func (p *Pages) absenceView(r *http.Request) (absenceView, error) {
	ctx, id := r.Context(), web.Path(r, "id")
	v := absenceView{canEdit: MayChangeAbsences(ctx, id), editing: web.Path(r, "absence")}
	v.Action, v.Cancel = "/people/"+id+"/absences", "/people/"+id
	if v.editing != "" {
		v.Action, v.Cancel = v.Action+"/"+v.editing, v.Action
	}
	var err error
	if v.person, err = p.Service.Person(ctx, id); err != nil {
		return v, err
	}
	if v.own, v.standingIn, err = p.Service.Absences(ctx, id); err != nil {
		return v, err
	}
	o, err := p.Service.Organisation(ctx)
	if err != nil {
		return v, err
	}
	v.today = today(o, p.Clock.Now())
	if v.canEdit {
		v.people, err = p.Service.Colleagues(ctx, id)
	}
	return v, err
}

func (p *Pages) absences(w http.ResponseWriter, r *http.Request) error {
	v, err := p.absenceView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, absencePage(v))
}

func (p *Pages) absence(w http.ResponseWriter, r *http.Request) error {
	v, err := p.absenceView(r)
	if err != nil {
		return err
	}
	for _, a := range v.own {
		if a.ID == v.editing && v.canEdit {
			v.entry = absenceForm{From: a.From.String(), To: a.To.String(), Deputy: a.DeputyID, Note: a.Note}
			return web.Render(w, r, http.StatusOK, absencePage(v))
		}
	}
	return errs.NotFound("absence")
}

func (p *Pages) setAbsence(w http.ResponseWriter, r *http.Request) error {
	var f absenceForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	id := web.Path(r, "id")
	a := Absence{ID: web.Path(r, "absence"), PersonID: id, DeputyID: f.Deputy, Note: f.Note}
	var wrong errs.Fields
	a.From, a.To = readDay(&wrong, "from", f.From), readDay(&wrong, "to", or(f.To, f.From))
	err := wrong.Err()
	if err == nil {
		a.ID, err = p.Service.SetAbsence(r.Context(), a)
	}
	if err == nil {
		t := web.Toast{Key: "team.absence.saved"}
		if web.Path(r, "absence") == "" {
			t.Undo = "/people/" + id + "/absences/" + a.ID + "/cancel"
		}
		return done(w, r, "/people/"+id+"/absences", t)
	}
	v, viewErr := p.absenceView(r)
	if viewErr != nil {
		return viewErr
	}
	if err := v.reject(r, err); err != nil {
		return err
	}
	v.entry = f
	return web.Render(w, r, http.StatusUnprocessableEntity, absencePage(v))
}

func (p *Pages) cancelAbsence(w http.ResponseWriter, r *http.Request) error {
	id, absence := web.Path(r, "id"), web.Path(r, "absence")
	if err := p.Service.CancelAbsence(r.Context(), id, absence); err != nil {
		return err
	}
	return done(w, r, "/people/"+id+"/absences", web.Toast{Key: "team.absence.cancelled", Undo: "/people/" + id + "/absences/" + absence + "/restore"})
}

func (p *Pages) restoreAbsence(w http.ResponseWriter, r *http.Request) error {
	id := web.Path(r, "id")
	if err := p.Service.RestoreAbsence(r.Context(), id, web.Path(r, "absence")); err != nil {
		return err
	}
	return done(w, r, "/people/"+id+"/absences", web.Toast{Key: "team.absence.restored", Icon: "undo-2"})
}

// fields are the entries of the form, for the summary of errors.
func (v absenceView) fields(labels [4]string) []ui.FieldProps {
	return []ui.FieldProps{
		{Name: "from", Label: labels[0], Type: "date", Value: v.entry.From, Error: v.Errors["from"]},
		{Name: "to", Label: labels[1], Type: "date", Value: v.entry.To, Error: v.Errors["to"], Optional: true},
		{Name: "deputy", Label: labels[2], Value: v.entry.Deputy, Error: v.Errors["deputy"]},
		{Name: "note", Label: labels[3], Value: v.entry.Note, Error: v.Errors["note"], Optional: true, MaxLength: 300},
	}
}
