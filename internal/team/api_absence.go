package team

import (
	"context"

	"unisson/internal/platform/api"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// absenceWire is days on which somebody does not work.
type absenceWire struct {
	ID       string `json:"id"`
	PersonID string `json:"person_id"`
	Person   string `json:"person" example:"Camille Aubry"`
	From     string `json:"from" format:"date" example:"2026-07-06"`
	To       string `json:"to" format:"date" example:"2026-07-17" doc:"The last day away"`
	DeputyID string `json:"deputy_id,omitempty"`
	Deputy   string `json:"deputy,omitempty" doc:"Who stands in" example:"Hugo Perrin"`
	Note     string `json:"note,omitempty" doc:"For colleagues"`
}

func wireAbsence(a Absence) absenceWire {
	return absenceWire{ID: a.ID, PersonID: a.PersonID, Person: a.Person, From: a.From.String(), To: a.To.String(), DeputyID: a.DeputyID, Deputy: a.Deputy, Note: a.Note}
}

// absencesWire is somebody's absences, and those of others in which he stands in.
type absencesWire struct {
	Items      []absenceWire `json:"items" nullable:"false"`
	StandingIn []absenceWire `json:"standing_in" nullable:"false" doc:"Absences of others in which this person stands in"`
}

func (p *Pages) apiAbsences(ctx context.Context, in *personIn) (*one[absencesWire], error) {
	own, standingIn, err := p.Service.Absences(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &one[absencesWire]{Body: absencesWire{wires(own, wireAbsence), wires(standingIn, wireAbsence)}}, nil
}

type setAbsenceIn struct {
	ID   string `path:"id" maxLength:"100" doc:"Id of a person"`
	Body struct {
		From     string `json:"from" format:"date" example:"2026-07-06"`
		To       string `json:"to,omitempty" format:"date" example:"2026-07-17" doc:"The last day away; absent: the first is the last"`
		DeputyID string `json:"deputy_id,omitempty" maxLength:"100" doc:"Id of who stands in"`
		Note     string `json:"note,omitempty" maxLength:"300" doc:"For colleagues. The reason of an absence is nobody’s business"`
	}
}

type absenceMade struct {
	Location string `header:"Location" doc:"Where the absences of this person are read"`
	Body     absenceWire
}

func (p *Pages) apiSetAbsence(ctx context.Context, in *setAbsenceIn) (*absenceMade, error) {
	var wrong errs.Fields
	b := in.Body
	a := Absence{PersonID: in.ID, From: readDay(&wrong, "from", b.From), To: readDay(&wrong, "to", or(b.To, b.From)), DeputyID: b.DeputyID, Note: b.Note}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	out := &absenceMade{Location: api.Prefix + "/people/" + in.ID + "/absences"}
	err := p.Service.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		id, err := p.Service.SetAbsence(ctx, a)
		if err != nil {
			return err
		}
		made, err := selectAbsence(ctx, tx.Reader, id)
		out.Body = wireAbsence(made)
		return err
	})
	return out, renamed(err, wireFields())
}

type cancelAbsenceIn struct {
	ID      string `path:"id" maxLength:"100" doc:"Id of a person"`
	Absence string `path:"absence" maxLength:"100" doc:"Id of an absence of this person"`
}

func (p *Pages) apiCancelAbsence(ctx context.Context, in *cancelAbsenceIn) (*struct{}, error) {
	return nil, p.Service.CancelAbsence(ctx, in.ID, in.Absence)
}
