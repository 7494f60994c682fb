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

// maxTeams bounds the list of teams, ended ones included.
const maxTeams = 500

// Teams lists the cross-functional teams with their members, by name.
func (s *Service) Teams(ctx context.Context) ([]Team, error) {
	var teams []Team
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		if teams, err = selectTeams(ctx, r, maxTeams); err != nil {
			return err
		}
		return s.seat(ctx, r, teams)
	})
	return teams, errs.Wrap("teams", err)
}

// Team reads one team with its members.
func (s *Service) Team(ctx context.Context, id string) (Team, error) {
	var t Team
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		t, err = s.team(ctx, r, id)
		return err
	})
	return t, errs.Wrap("team", err)
}

func (s *Service) team(ctx context.Context, r db.Reader, id string) (Team, error) {
	t, err := selectTeam(ctx, r, id)
	if err != nil {
		return t, err
	}
	one := []Team{t}
	err = s.seat(ctx, r, one)
	return one[0], err
}

// TeamsOf lists the teams in which somebody has a seat, with their members.
func (s *Service) TeamsOf(ctx context.Context, personID string) ([]Team, error) {
	var teams []Team
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		if teams, err = selectTeamsOf(ctx, r, personID); err != nil {
			return err
		}
		return s.seat(ctx, r, teams)
	})
	return teams, errs.Wrap("teams of a person", err)
}

// teamsLed lists the teams that somebody leads and has a seat in, with their
// members as they stand, absences aside. Most people lead none, and nothing is
// read for them.
func (s *Service) teamsLed(ctx context.Context, id string) ([]Team, error) {
	var teams []Team
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		leads, err := db.Shared(r, leadsKey{}, []string{"teams", "people", "users"}, func() ([]string, error) { return selectLeads(ctx, r) })
		if err != nil || !slices.Contains(leads, id) {
			return err
		}
		if teams, err = selectTeamsOf(ctx, r, id); err != nil {
			return err
		}
		teams = slices.DeleteFunc(teams, func(t Team) bool { return t.LeadID != id })
		return s.seatBy(ctx, r, teams, func(rows []listed) ([]Person, error) {
			people := make([]Person, len(rows))
			for i, row := range rows {
				people[i] = row.Person
			}
			return people, nil
		})
	})
	return teams, errs.Wrap("teams led", err)
}

// seat puts the members into their teams, by name.
func (s *Service) seat(ctx context.Context, r db.Reader, teams []Team) error {
	return s.seatBy(ctx, r, teams, func(rows []listed) ([]Person, error) { return s.complete(ctx, r, rows) })
}

func (s *Service) seatBy(ctx context.Context, r db.Reader, teams []Team, complete func([]listed) ([]Person, error)) error {
	if len(teams) == 0 {
		return nil
	}
	ids := make([]string, len(teams))
	for i, t := range teams {
		ids[i] = t.ID
	}
	seats, err := selectSeats(ctx, r, ids)
	if err != nil || len(seats) == 0 {
		return err
	}
	var people []string
	for _, st := range seats {
		if !slices.Contains(people, st.personID) {
			people = append(people, st.personID)
		}
	}
	rows, err := selectPeople(ctx, r, Filter{IDs: people, Everyone: true}, db.At(s.now()))
	if err != nil {
		return err
	}
	known, err := complete(rows)
	if err != nil {
		return err
	}
	for i := range teams {
		for _, p := range known {
			at := slices.IndexFunc(seats, func(st seat) bool { return st.teamID == teams[i].ID && st.personID == p.ID })
			if at >= 0 {
				teams[i].Members = append(teams[i].Members, Member{Person: p, Part: seats[at].part})
			}
		}
	}
	return nil
}

// MayEditTeam tells whether the actor may change a team: whoever may edit
// teams, and its own lead.
func MayEditTeam(ctx context.Context, t Team) bool {
	a := auth.From(ctx)
	return a.Can(MayEditTeams) || (a.UserID != "" && a.UserID == t.LeadID && a.Can(MayRead))
}

// SaveTeam makes a team (an empty ID) or changes one, with its members. It
// gives the id. A team without sales or without marketing is saved: its page
// says what is missing. Another version than the one read is errs.Stale with
// the Team that stands.
func (s *Service) SaveTeam(ctx context.Context, t Team) (string, error) {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		var before *Team
		if t.ID != "" {
			b, err := s.team(ctx, tx.Reader, t.ID)
			if err != nil {
				return err
			}
			before, t.EndedAt = &b, b.EndedAt
		}
		if before == nil || !MayEditTeam(ctx, *before) {
			if err := auth.Require(ctx, MayEditTeams); err != nil {
				return err
			}
		}
		if err := s.checkTeam(ctx, tx, &t, before); err != nil {
			return err
		}
		return s.writeTeam(ctx, tx, &t, before)
	})
	return t.ID, errs.Wrap("save team", err)
}

// checkTeam checks a team's entries, and that its people work here or sat in it
// already.
func (s *Service) checkTeam(ctx context.Context, tx db.Tx, t *Team, before *Team) error {
	o, err := organisation(ctx, tx.Reader)
	if err != nil {
		return err
	}
	wrong := errs.Fields(errs.FieldsOf(t.Validate(today(o, tx.Now().Go()), before)))
	ids := []string{}
	for _, m := range t.Members {
		ids = append(ids, m.ID)
	}
	if t.LeadID != "" && !slices.Contains(ids, t.LeadID) {
		ids = append(ids, t.LeadID)
		t.Members = append(t.Members, Member{Person: Person{ID: t.LeadID}})
	}
	rows, err := selectPeople(ctx, tx.Reader, Filter{IDs: ids}, tx.Now())
	if err != nil {
		return err
	}
	for _, id := range ids {
		here := slices.ContainsFunc(rows, func(p listed) bool { return p.ID == id })
		sat := before != nil && slices.ContainsFunc(before.Members, func(m Member) bool { return m.ID == id })
		if !here && !sat {
			wrong.Add("members", "team.errors.choose")
			break
		}
	}
	return wrong.Err()
}

func (s *Service) writeTeam(ctx context.Context, tx db.Tx, t *Team, before *Team) error {
	by := auth.From(ctx).UserID
	var err error
	var fact any
	if before == nil {
		t.ID = db.NewID()
		fact, err = TeamFormed{TeamID: t.ID}, insertTeam(ctx, tx, *t, by)
	} else {
		fact, err = TeamChanged{TeamID: t.ID}, must(updateTeam(ctx, tx, *t, by))(*before)
	}
	if db.IsConflict(err) {
		err = errs.Invalid(errs.Field{Name: "name", Code: "team.errors.name_taken"})
	}
	if err != nil {
		return err
	}
	if err := replaceSeats(ctx, tx, t.ID, t.Members); err != nil {
		return err
	}
	after, err := s.team(ctx, tx.Reader, t.ID)
	if err != nil {
		return err
	}
	c := audit.Change{Action: "team.team.changed", Kind: "team", ID: t.ID, Name: t.Name, After: after.noted()}
	if before != nil {
		c.Before = before.noted()
	}
	if err := audit.Record(ctx, tx, c); err != nil {
		return err
	}
	return s.bus.Publish(ctx, tx, fact)
}

// noted is the team as the journal of changes keeps it.
func (t Team) noted() map[string]any {
	names := []string{}
	for _, m := range t.Members {
		names = append(names, m.Name())
	}
	return map[string]any{"name": t.Name, "mandate": t.Mandate, "lead": t.Lead, "ends_on": day(t.EndsOn), "ended": !t.EndedAt.IsZero(), "members": names}
}

// EndTeam ends a team now.
func (s *Service) EndTeam(ctx context.Context, id string) error {
	return errs.Wrap("end team", s.turnTeam(ctx, id, TeamEnded{TeamID: id}, func(t *Team, now time.Time) { t.EndedAt = now }))
}

// ReopenTeam lets an ended team go on; a day of end that has passed is dropped.
func (s *Service) ReopenTeam(ctx context.Context, id string) error {
	return errs.Wrap("reopen team", s.turnTeam(ctx, id, TeamChanged{TeamID: id}, func(t *Team, now time.Time) {
		t.EndedAt = time.Time{}
		if t.EndsOn.Before(clock.DayOf(now)) {
			t.EndsOn = clock.Day{}
		}
	}))
}

func (s *Service) turnTeam(ctx context.Context, id string, fact any, turn func(t *Team, now time.Time)) error {
	return s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		before, err := s.team(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		if !MayEditTeam(ctx, before) {
			if err := auth.Require(ctx, MayEditTeams); err != nil {
				return err
			}
		}
		after := before
		turn(&after, tx.Now().Go())
		if err := must(updateTeam(ctx, tx, after, auth.From(ctx).UserID))(before); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Change{Action: "team.team.changed", Kind: "team", ID: id, Name: before.Name,
			Before: before.noted(), After: after.noted()}); err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, fact)
	})
}
