package team

import (
	"context"
	"slices"
	"time"

	"unisson/internal/platform/audit"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Absences lists somebody's absences that are not over, and those in which he
// stands in.
func (s *Service) Absences(ctx context.Context, id string) (own, standingIn []Absence, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil && auth.From(ctx).UserID != id {
			return err
		}
		if _, err := s.person(ctx, r, id); err != nil {
			return err
		}
		o, err := letterhead(ctx, r)
		if err != nil {
			return err
		}
		day := today(o, s.now())
		if own, err = absencesOf(ctx, r, id, day); err != nil {
			return err
		}
		standingIn, err = selectStandingIn(ctx, r, id, day)
		return err
	})
	return own, standingIn, errs.Wrap("absences", err)
}

// MayChangeAbsences tells whether the actor may say when somebody is away.
func MayChangeAbsences(ctx context.Context, id string) bool {
	a := auth.From(ctx)
	return a.Can(MayEditPeople) || (a.Known() && a.UserID == id)
}

// SetAbsence notes when somebody is away and who stands in; an empty ID makes a
// new one. It gives the id.
func (s *Service) SetAbsence(ctx context.Context, a Absence) (string, error) {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		before, err := s.mayChangeAbsence(ctx, tx.Reader, a.ID, a.PersonID)
		if err != nil {
			return err
		}
		if err := s.checkAbsence(ctx, tx, a); err != nil {
			return err
		}
		if a.ID == "" {
			a.ID = db.NewID()
			err = insertAbsence(ctx, tx, a, auth.From(ctx).UserID)
		} else {
			err = updateAbsence(ctx, tx, a)
		}
		if err != nil {
			return err
		}
		return s.tellAbsence(ctx, tx, "team.absence.set", before, a.ID, AbsenceSet{AbsenceID: a.ID, PersonID: a.PersonID, DeputyID: a.DeputyID})
	})
	return a.ID, errs.Wrap("set absence", err)
}

// mayChangeAbsence reads the absence that is to be changed, if there is one,
// once the actor may. A foreign one reads as not found.
func (s *Service) mayChangeAbsence(ctx context.Context, r db.Reader, id, personID string) (*Absence, error) {
	if !auth.From(ctx).Known() {
		return nil, errs.Unauthenticated()
	}
	if _, err := s.person(ctx, r, personID); err != nil {
		return nil, err
	}
	if !MayChangeAbsences(ctx, personID) {
		return nil, errs.Forbidden("")
	}
	if id == "" {
		return nil, nil
	}
	a, err := selectAbsence(ctx, r, id)
	if err == nil && a.PersonID != personID {
		err = errs.NotFound("absence")
	}
	return &a, err
}

func (s *Service) checkAbsence(ctx context.Context, tx db.Tx, a Absence) error {
	people := []string{a.PersonID}
	if a.DeputyID != "" {
		people = append(people, a.DeputyID)
	}
	all, err := selectAbsencesOf(ctx, tx.Reader, people, a.From)
	if err != nil {
		return err
	}
	own := slices.DeleteFunc(slices.Clone(all), func(o Absence) bool { return o.PersonID != a.PersonID })
	wrong := errs.Fields(errs.FieldsOf(a.Validate(own, all)))
	if a.DeputyID != "" && a.DeputyID != a.PersonID {
		deputy, err := selectPeople(ctx, tx.Reader, Filter{IDs: []string{a.DeputyID}}, tx.Now())
		if err != nil {
			return err
		}
		if len(deputy) == 0 {
			wrong.Add("deputy", "team.errors.choose")
		}
	}
	return wrong.Err()
}

// tellAbsence records and publishes what happened to an absence.
func (s *Service) tellAbsence(ctx context.Context, tx db.Tx, action string, before *Absence, id string, fact any) error {
	c := audit.Change{Action: action, Kind: "absence", ID: id}
	if before != nil {
		c.Before, c.About, c.Name = before.noted(), before.PersonID, before.Person
	}
	if after, err := selectAbsence(ctx, tx.Reader, id); err == nil {
		c.After, c.About, c.Name = after.noted(), after.PersonID, after.Person
	} else if !errs.Is(err, errs.KindNotFound) {
		return err
	}
	if err := audit.Record(ctx, tx, c); err != nil {
		return err
	}
	return s.bus.Publish(ctx, tx, fact)
}

// noted is the absence as the journal of changes keeps it.
func (a Absence) noted() map[string]any {
	return map[string]any{"from": a.From.String(), "to": a.To.String(), "deputy": a.Deputy, "note": a.Note}
}

// CancelAbsence says that somebody will not be away after all.
func (s *Service) CancelAbsence(ctx context.Context, personID, id string) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		a, err := s.mayChangeAbsence(ctx, tx.Reader, id, personID)
		if err != nil {
			return err
		}
		if err := updateCancelled(ctx, tx, id, tx.Now()); err != nil {
			return err
		}
		return s.tellAbsence(ctx, tx, "team.absence.cancelled", a, id, AbsenceCancelled{AbsenceID: id, PersonID: personID, DeputyID: a.DeputyID})
	})
	return errs.Wrap("cancel absence", err)
}

// RestoreAbsence takes back a cancellation within the hour.
func (s *Service) RestoreAbsence(ctx context.Context, personID, id string) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if _, err := s.mayChangeAbsence(ctx, tx.Reader, "", personID); err != nil {
			return err
		}
		a, err := selectCancelled(ctx, tx.Reader, id, tx.Now().Add(-undoFor))
		if errs.Is(err, errs.KindNotFound) || (err == nil && a.PersonID != personID) {
			return errs.NotFound("absence")
		}
		if err == nil {
			err = s.checkAbsence(ctx, tx, a)
		}
		if err != nil {
			return err
		}
		if err := updateCancelled(ctx, tx, id, 0); err != nil {
			return err
		}
		return s.tellAbsence(ctx, tx, "team.absence.set", nil, id, AbsenceSet{AbsenceID: id, PersonID: personID, DeputyID: a.DeputyID})
	})
	return errs.Wrap("restore absence", err)
}

// StandsInFor lists the people for whom somebody acts now: those away whose
// chain of deputies ends with him. Other capabilities give him their rights on
// their records.
func (s *Service) StandsInFor(ctx context.Context, r db.Reader, userID string) ([]string, error) {
	o, err := organisation(ctx, r)
	if err != nil {
		return nil, errs.Wrap("stands in for", err)
	}
	day := today(o, s.now())
	all, err := selectAbsencesAround(ctx, r, day, day)
	if err != nil {
		return nil, errs.Wrap("stands in for", err)
	}
	var out []string
	for _, a := range all {
		if a.PersonID != userID && StandIn(a.PersonID, day, all) == userID && !slices.Contains(out, a.PersonID) {
			out = append(out, a.PersonID)
		}
	}
	return out, nil
}

// Calendar gives somebody's working hours, ready to count with: his own, else
// those of his department, region, or company; closed on the days of his
// absences that are not over.
func (s *Service) Calendar(ctx context.Context, userID string) (*clock.Calendar, error) {
	var cal *clock.Calendar
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		h, o, err := s.hoursOf(ctx, r, userID)
		if err != nil {
			return err
		}
		away, err := absencesOf(ctx, r, userID, today(o, s.now()))
		if err != nil {
			return err
		}
		for _, a := range away {
			for d := a.From; !a.To.Before(d); d = d.Add(1) {
				h.Closed = append(h.Closed, d)
			}
		}
		cal, err = clock.New(h)
		return err
	})
	return cal, errs.Wrap("calendar", err)
}

// hoursOf gathers the working hours of somebody.
func (s *Service) hoursOf(ctx context.Context, r db.Reader, userID string) (clock.Hours, Organisation, error) {
	o, err := letterhead(ctx, r)
	if err != nil {
		return clock.Hours{}, o, err
	}
	row, err := sheetOf(ctx, r, userID)
	if errs.Is(err, errs.KindNotFound) {
		return WorkingHours(o, Region{}, Department{}, Week{}, ""), o, nil
	}
	if err != nil {
		return clock.Hours{}, o, err
	}
	st, err := outline(ctx, r)
	if err != nil {
		return clock.Hours{}, o, err
	}
	zone, err := selectZone(ctx, r, userID)
	return WorkingHours(o, st.Region(row.RegionID), st.Department(row.DepartmentID), row.Hours, zone), o, err
}

// Until says how somebody's absence is told: the last day, as an instant of
// that day in UTC, for the formatting of dates.
func (a Absence) Until() time.Time { return dayTime(a.To) }

func dayTime(d clock.Day) time.Time {
	return time.Date(d.Year, d.Month, d.Date, 12, 0, 0, 0, time.UTC)
}
