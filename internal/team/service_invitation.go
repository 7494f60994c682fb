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

// InvitePerson lets somebody in and sends him a link by mail, which works once.
// It gives his id.
func (s *Service) InvitePerson(ctx context.Context, in Invitation) (string, error) {
	var id string
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayManagePeople); err != nil {
			return err
		}
		o, err := organisation(ctx, tx.Reader)
		if err != nil {
			return err
		}
		p := Profile{Given: in.Given, Family: in.Family, Title: in.Title, DepartmentID: in.DepartmentID, UnitID: in.UnitID, RegionID: in.RegionID}
		wrong := errs.Fields(errs.FieldsOf(ValidateRoles(in.Roles, in.EndsOn, today(o, tx.Now().Go()))))
		if err := s.checkProfile(ctx, tx.Reader, "", p); err != nil {
			if errs.FieldsOf(err) == nil {
				return err
			}
			wrong = append(wrong, errs.FieldsOf(err)...)
		}
		u, err := s.auth.Invite(ctx, auth.NewUser{Email: in.Email, GivenName: in.Given, FamilyName: in.Family, Roles: in.Roles,
			ExpiresAt: endOf(in.EndsOn, o.TimeZone), Language: or(in.Language, o.Language)})
		if err != nil || len(wrong) > 0 {
			return invitationErrors(wrong, err)
		}
		id = u.ID
		return s.place(ctx, tx, id, p)
	})
	return id, errs.Wrap("invite person", err)
}

// invitationErrors joins what is wrong here with what platform/auth finds
// wrong, by the names of this form and each field once.
func invitationErrors(wrong errs.Fields, err error) error {
	if err != nil && errs.FieldsOf(err) == nil {
		return err
	}
	names := map[string]string{"given_name": "given", "family_name": "family", "expires_at": "ends_on"}
	for _, f := range errs.FieldsOf(err) {
		f.Name = or(names[f.Name], f.Name)
		if !slices.ContainsFunc(wrong, func(w errs.Field) bool { return w.Name == f.Name }) {
			wrong = append(wrong, f)
		}
	}
	return wrong.Err()
}

// place writes where a new person stands.
func (s *Service) place(ctx context.Context, tx db.Tx, id string, p Profile) error {
	by := auth.From(ctx).UserID
	if err := insertPerson(ctx, tx, id, by); err != nil {
		return err
	}
	row, err := selectSheet(ctx, tx.Reader, id)
	if err != nil {
		return err
	}
	row.Title = p.Title
	if err := must(updatePerson(ctx, tx, id, row.Profile.Placement(p), row.Changed.Version, by))(nil); err != nil {
		return err
	}
	return s.writeTerms(ctx, tx, Filter{IDs: []string{id}, Everyone: true})
}

// endOf is the first instant after a day in a zone; the zero day has none.
func endOf(d clock.Day, zone string) time.Time {
	if d == (clock.Day{}) {
		return time.Time{}
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.UTC
	}
	next := d.Add(1)
	return time.Date(next.Year, next.Month, next.Date, 0, 0, 0, 0, loc)
}

// lastDay is the day that endOf was given; the zero day for no end.
func lastDay(end time.Time, zone string) clock.Day {
	if end.IsZero() {
		return clock.Day{}
	}
	return Today(end.Add(-time.Second), zone)
}

// LastDay is the last day of somebody's access, at the company's seat.
func (o Organisation) LastDay(end time.Time) clock.Day { return lastDay(end, o.TimeZone) }

// InviteAgain sends a new link to somebody who has not come in yet; the earlier
// one ends.
func (s *Service) InviteAgain(ctx context.Context, id string) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayManagePeople); err != nil {
			return err
		}
		return s.auth.InviteAgain(ctx, id)
	})
	return errs.Wrap("invite again", err)
}

// Access is what somebody may do, and until when, as its form shows it.
type Access struct {
	Roles   []auth.Role
	EndsOn  clock.Day // zero: no end
	Changed Changed   // its version grows with each change of roles, end or status
}

// Access reads what somebody may do, for who may change it.
func (s *Service) Access(ctx context.Context, id string) (Access, error) {
	var out Access
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayManagePeople); err != nil {
			return err
		}
		o, err := organisation(ctx, r)
		if err != nil {
			return err
		}
		p, err := s.person(ctx, r, id)
		if err != nil {
			return err
		}
		out, err = accessOf(ctx, r, p, o)
		return err
	})
	return out, errs.Wrap("access", err)
}

// accessOf reads the version of somebody's rights, and who changed them last.
func accessOf(ctx context.Context, r db.Reader, p Person, o Organisation) (Access, error) {
	out := Access{Roles: p.Roles, EndsOn: lastDay(p.ExpiresAt, o.TimeZone)}
	var err error
	if out.Changed.Version, err = selectRights(ctx, r, p.ID); err != nil {
		return out, err
	}
	const enough = 50 // changes of one person's profile stand between
	entries, err := audit.List(ctx, r, audit.Filter{Kind: "person", Object: p.ID, Limit: enough})
	for _, e := range entries {
		if slices.Contains([]string{actRoles, actClosed, actReopened}, e.Action) {
			out.Changed.At, out.Changed.ByID, out.Changed.By = e.At.Go(), e.ActorID, e.ActorName
			break
		}
	}
	return out, err
}

// The acts on somebody's access, as the journal of changes names them.
const (
	actRoles    = "team.person.roles_set"
	actClosed   = "team.person.deactivated"
	actReopened = "team.person.reactivated"
)

// SetRoles gives somebody exactly these roles and the last day of his access;
// the zero day is none. Read is the version that was read; another one is
// errs.Stale with the Access that stands, so that no right goes unseen.
func (s *Service) SetRoles(ctx context.Context, id string, read int64, roles []auth.Role, endsOn clock.Day) error {
	err := s.changeAccess(ctx, id, actRoles, func(ctx context.Context, tx db.Tx, p Person, o Organisation) (map[string]any, error) {
		stands, err := accessOf(ctx, tx.Reader, p, o)
		if err != nil {
			return nil, err
		}
		if stands.Changed.Version != read {
			return nil, errs.Stale(stands)
		}
		from := today(o, s.now())
		if endsOn == lastDay(p.ExpiresAt, o.TimeZone) {
			from = clock.Day{} // an end that stands may lie behind
		}
		if err := ValidateRoles(roles, endsOn, from); err != nil {
			return nil, err
		}
		end := endOf(endsOn, o.TimeZone)
		setEnd := func() error {
			if end.Equal(p.ExpiresAt) {
				return nil
			}
			return s.auth.SetExpiry(ctx, id, end)
		}
		setRoles := func() error { return s.auth.SetRoles(ctx, id, roles) }
		// A guest never stands without an end, not even between two statements.
		steps := []func() error{setEnd, setRoles}
		if slices.Contains(p.Roles, Guest) {
			slices.Reverse(steps)
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return nil, invitationErrors(nil, err)
			}
		}
		return map[string]any{"roles": sortedRoles(roles), "ends_on": day(endsOn)}, nil
	})
	return errs.Wrap("set roles", err)
}

func sortedRoles(roles []auth.Role) []string {
	out := texts(roles)
	slices.Sort(out)
	return out
}

// Deactivate shuts somebody out at once: sessions, tokens and links end. What he
// did stays, under his name.
func (s *Service) Deactivate(ctx context.Context, id string) error {
	err := s.changeAccess(ctx, id, actClosed, func(ctx context.Context, _ db.Tx, p Person, _ Organisation) (map[string]any, error) {
		if id == auth.From(ctx).UserID {
			return nil, errs.Conflict("team.errors.own_account")
		}
		return map[string]any{"status": string(Disabled)}, s.auth.Disable(ctx, id)
	})
	return errs.Wrap("deactivate", err)
}

// Reactivate lets somebody in again, with the roles he had.
func (s *Service) Reactivate(ctx context.Context, id string) error {
	err := s.changeAccess(ctx, id, actReopened, func(ctx context.Context, _ db.Tx, p Person, _ Organisation) (map[string]any, error) {
		return map[string]any{"status": string(Active)}, s.auth.Enable(ctx, id)
	})
	return errs.Wrap("reactivate", err)
}

// changeAccess is the way of each change of what somebody may do: may they,
// change it through platform/auth, and note it where he can read it.
func (s *Service) changeAccess(ctx context.Context, id, action string, do func(context.Context, db.Tx, Person, Organisation) (map[string]any, error)) error {
	return s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayManagePeople); err != nil {
			return err
		}
		if err := lockPerson(ctx, tx, id); err != nil {
			return err
		}
		o, err := organisation(ctx, tx.Reader)
		if err != nil {
			return err
		}
		p, err := s.person(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		after, err := do(ctx, tx, p, o)
		if err != nil {
			return err
		}
		before := map[string]any{}
		was := map[string]any{"roles": sortedRoles(p.Roles), "ends_on": day(lastDay(p.ExpiresAt, o.TimeZone)), "status": string(p.Status)}
		for k := range after {
			before[k] = was[k]
		}
		return audit.Record(ctx, tx, audit.Change{Action: action, Kind: "person", ID: id, Name: p.Name(), About: id, Before: before, After: after})
	})
}
