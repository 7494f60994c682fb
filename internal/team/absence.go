package team

import (
	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
)

// Absence is days on which somebody does not work, both ends included. Its
// reason is nobody's business and is not kept.
type Absence struct {
	ID       string
	PersonID string
	Person   string
	From, To clock.Day
	DeputyID string
	Deputy   string
	Note     string // for colleagues
}

// maxAbsence keeps a slip of the year from hiding somebody for a decade.
const maxAbsence = 2 * 366

// Covers tells whether a day is one of the absence.
func (a Absence) Covers(d clock.Day) bool { return !d.Before(a.From) && !a.To.Before(d) }

// Over tells whether the absence ended before a day.
func (a Absence) Over(today clock.Day) bool { return a.To.Before(today) }

// Meets tells whether two absences share a day.
func (a Absence) Meets(b Absence) bool { return !a.To.Before(b.From) && !b.To.Before(a.From) }

// Validate says what is wrong with an absence, given the others of the same
// person and those of the deputy.
func (a Absence) Validate(own, deputys []Absence) error {
	var wrong errs.Fields
	switch {
	case a.From == (clock.Day{}):
		wrong.Add("from", "errors.required")
	case a.To == (clock.Day{}):
		wrong.Add("to", "errors.required")
	case a.To.Before(a.From):
		wrong.Add("to", "team.errors.ends_before")
	case a.From.Add(maxAbsence).Before(a.To):
		wrong.Add("to", "team.errors.too_long_away")
	default:
		for _, o := range own {
			if o.ID != a.ID && o.Meets(a) {
				wrong.Add("from", "team.errors.away_twice", "from", o.From.String(), "to", o.To.String())
				break
			}
		}
		for _, o := range deputys {
			if a.DeputyID != "" && o.PersonID == a.DeputyID && o.Meets(a) && o.DeputyID == "" {
				wrong.Add("deputy", "team.errors.deputy_away", "from", o.From.String(), "to", o.To.String())
				break
			}
		}
	}
	if a.DeputyID != "" && a.DeputyID == a.PersonID {
		wrong.Add("deputy", "team.errors.own_deputy")
	}
	atMost(&wrong, "note", a.Note, 300)
	return wrong.Err()
}

// maxStandIns bounds the chain of deputies of deputies.
const maxStandIns = 5

// StandIn follows deputies from somebody who is away on a day to one who is
// not. It gives "" when the chain ends with somebody away without a deputy, or
// comes back to itself. Who is not away stands in for himself.
func StandIn(personID string, day clock.Day, absences []Absence) string {
	at := personID
	for range maxStandIns {
		a := AwayOn(at, day, absences)
		if a == nil {
			return at
		}
		if a.DeputyID == "" || a.DeputyID == personID {
			return ""
		}
		at = a.DeputyID
	}
	return ""
}

// AwayOn finds the absence of somebody on a day; nil when he works.
func AwayOn(personID string, day clock.Day, absences []Absence) *Absence {
	for i, a := range absences {
		if a.PersonID == personID && a.Covers(day) {
			return &absences[i]
		}
	}
	return nil
}
