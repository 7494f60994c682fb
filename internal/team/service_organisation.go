package team

import (
	"context"

	"unisson/internal/platform/audit"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Company reads the company and how it is cut.
func (s *Service) Company(ctx context.Context) (Organisation, Structure, error) {
	var o Organisation
	var st Structure
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if err := auth.Require(ctx, auth.SignedIn); err != nil {
			return err
		}
		if o, err = organisation(ctx, r); err != nil {
			return err
		}
		st, err = selectStructure(ctx, r)
		return err
	})
	return o, st, errs.Wrap("company", err)
}

// Letterhead is the company for what surrounds every page: its name and zone,
// signed in or not. What another process saved is seen a moment later.
func (s *Service) Letterhead(ctx context.Context) (Organisation, error) {
	var o Organisation
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		o, err = letterhead(ctx, r)
		return err
	})
	return o, errs.Wrap("letterhead", err)
}

// Outline is how the company is cut, for a list to choose from: names, not who
// heads or how many. What another process saved is seen a moment later.
func (s *Service) Outline(ctx context.Context) (Structure, error) {
	var st Structure
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if err := auth.Require(ctx, auth.SignedIn); err != nil {
			return err
		}
		st, err = outline(ctx, r)
		return err
	})
	return st, errs.Wrap("outline", err)
}

func outline(ctx context.Context, r db.Reader) (Structure, error) {
	tables := []string{"departments", "units", "regions", "people", "users"}
	return db.Shared(r, outlineKey{}, tables, func() (Structure, error) { return selectStructure(ctx, r) })
}

// Organisation reads the company for those who print its name, language or
// zone, signed in or not. Before the set-up it is empty, in UTC.
func (s *Service) Organisation(ctx context.Context) (Organisation, error) {
	var o Organisation
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		o, err = organisation(ctx, r)
		return err
	})
	return o, errs.Wrap("organisation", err)
}

// SaveOrganisation saves the company's entries against the version they were
// read at; another one is errs.Stale with the Organisation that stands.
func (s *Service) SaveOrganisation(ctx context.Context, o Organisation) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayEditCompany); err != nil {
			return err
		}
		if err := o.Validate(); err != nil {
			return err
		}
		before, err := organisation(ctx, tx.Reader)
		if err != nil {
			return err
		}
		by := auth.From(ctx).UserID
		if before.Changed.Version == 0 {
			err = insertOrganisation(ctx, tx, o, by)
		} else {
			err = must(updateOrganisation(ctx, tx, o, by))(before)
		}
		if err != nil {
			return err
		}
		return s.tellStructure(ctx, tx, change{"organisation", CompanyID, o.Name, before.noted(), o.noted()})
	})
	return errs.Wrap("save organisation", err)
}

// must turns "no row had that version" into errs.Stale with what stands.
func must(ok bool, err error) func(current any) error {
	return func(current any) error {
		if err == nil && !ok {
			return errs.Stale(current)
		}
		return err
	}
}

// change is a change of a part of the company, for the journal.
type change struct {
	kind, id, name string
	before, after  map[string]any // nil: was not, is not any more
}

func (s *Service) tellStructure(ctx context.Context, tx db.Tx, c change) error {
	a := audit.Change{Action: "team." + c.kind + ".changed", Kind: c.kind, ID: c.id, Name: c.name}
	if c.before != nil {
		a.Before = c.before
	}
	if c.after != nil {
		a.After = c.after
	}
	if err := audit.Record(ctx, tx, a); err != nil {
		return err
	}
	return s.bus.Publish(ctx, tx, StructureChanged{Kind: c.kind, ID: c.id})
}

func (o Organisation) noted() map[string]any {
	if o.Changed.Version == 0 && o.Name == "" {
		return nil
	}
	return map[string]any{"name": o.Name, "language": o.Language, "country": o.Country, "time_zone": o.TimeZone, "holidays": o.Holidays,
		"hours": o.Hours.String(), "reading": string(o.Reading)}
}

// SaveUnit makes a business unit (an empty ID) or changes one. It gives the id.
func (s *Service) SaveUnit(ctx context.Context, u Unit) (string, error) {
	err := s.savePlace(ctx, "unit", u.HeadID, func(ctx context.Context, tx db.Tx, st Structure, head string) (change, error) {
		u.Head = head
		if err := u.Validate(); err != nil {
			return change{}, err
		}
		by, before := auth.From(ctx).UserID, st.Unit(u.ID)
		note := func(u Unit) map[string]any { return map[string]any{"name": u.Name, "head": u.Head} }
		if u.ID == "" {
			u.ID = db.NewID()
			return change{"unit", u.ID, u.Name, nil, note(u)}, insertUnit(ctx, tx, u, by)
		}
		if before.ID == "" {
			return change{}, errs.NotFound("unit")
		}
		return change{"unit", u.ID, u.Name, note(before), note(u)}, must(updateUnit(ctx, tx, u, by))(before)
	})
	return u.ID, err
}

// SaveRegion makes a region (an empty ID) or changes one. It gives the id.
func (s *Service) SaveRegion(ctx context.Context, g Region) (string, error) {
	err := s.savePlace(ctx, "region", "", func(ctx context.Context, tx db.Tx, st Structure, _ string) (change, error) {
		if err := g.Validate(); err != nil {
			return change{}, err
		}
		by, before := auth.From(ctx).UserID, st.Region(g.ID)
		note := func(g Region) map[string]any {
			return map[string]any{"name": g.Name, "country": g.Country, "time_zone": g.TimeZone, "holidays": g.Holidays, "hours": g.Hours.String()}
		}
		if g.ID == "" {
			g.ID = db.NewID()
			return change{"region", g.ID, g.Name, nil, note(g)}, insertRegion(ctx, tx, g, by)
		}
		if before.ID == "" {
			return change{}, errs.NotFound("region")
		}
		return change{"region", g.ID, g.Name, note(before), note(g)}, must(updateRegion(ctx, tx, g, by))(before)
	})
	return g.ID, err
}

// SaveDepartment makes a department (an empty ID) or changes one. It gives the id.
func (s *Service) SaveDepartment(ctx context.Context, d Department) (string, error) {
	err := s.savePlace(ctx, "department", d.HeadID, func(ctx context.Context, tx db.Tx, st Structure, head string) (change, error) {
		d.Head = head
		wrong := errs.Fields(errs.FieldsOf(d.Validate(st.Departments)))
		if d.UnitID != "" && st.Unit(d.UnitID).ID == "" {
			wrong.Add("unit", "team.errors.choose")
		}
		if err := wrong.Err(); err != nil {
			return change{}, err
		}
		by, before := auth.From(ctx).UserID, st.Department(d.ID)
		note := func(d Department) map[string]any {
			return map[string]any{"name": d.Name, "kind": string(d.Kind), "orientation": string(d.Orientation), "parent": st.Department(d.ParentID).Name,
				"unit": st.Unit(d.UnitID).Name, "head": d.Head, "hours": d.Hours.String()}
		}
		if d.ID == "" {
			d.ID = db.NewID()
			return change{"department", d.ID, d.Name, nil, note(d)}, insertDepartment(ctx, tx, d, by)
		}
		if before.ID == "" {
			return change{}, errs.NotFound("department")
		}
		return change{"department", d.ID, d.Name, note(before), note(d)}, must(updateDepartment(ctx, tx, d, by))(before)
	})
	return d.ID, err
}

// savePlace is the way of every change of the structure: may they, is the head
// one of us, write, and let the people concerned be found by the new name.
func (s *Service) savePlace(ctx context.Context, kind, headID string, write func(ctx context.Context, tx db.Tx, st Structure, head string) (change, error)) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayEditCompany); err != nil {
			return err
		}
		head := ""
		if headID != "" {
			rows, err := selectPeople(ctx, tx.Reader, Filter{IDs: []string{headID}}, tx.Now())
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				return errs.Invalid(errs.Field{Name: "head", Code: "team.errors.choose"})
			}
			head = rows[0].Name()
		}
		st, err := selectStructure(ctx, tx.Reader)
		if err != nil {
			return err
		}
		c, err := write(ctx, tx, st, head)
		if db.IsConflict(err) {
			err = errs.Invalid(errs.Field{Name: "name", Code: "team.errors.name_taken"})
		}
		if err != nil {
			return err
		}
		if err := s.writeTerms(ctx, tx, placedIn(kind, c.id)); err != nil {
			return err
		}
		return s.tellStructure(ctx, tx, c)
	})
	return errs.Wrap("save "+kind, err)
}

// placedIn is the filter of everybody who stands in a department, unit or region.
func placedIn(kind, id string) Filter {
	f := Filter{Everyone: true}
	switch kind {
	case "department":
		f.departments = []string{id}
	case "unit":
		f.UnitID = id
	case "region":
		f.RegionID = id
	}
	return f
}

// RemovePlace removes a department, a unit or a region in which nobody stands
// any more. People decide what they read by their unit, so that they are moved
// by hand before it goes.
func (s *Service) RemovePlace(ctx context.Context, kind, id string) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayEditCompany); err != nil {
			return err
		}
		st, err := selectStructure(ctx, tx.Reader)
		if err != nil {
			return err
		}
		name := map[string]string{"department": st.Department(id).Name, "unit": st.Unit(id).Name, "region": st.Region(id).Name}[kind]
		if name == "" {
			return errs.NotFound(kind)
		}
		if some, err := selectPeople(ctx, tx.Reader, placedIn(kind, id), 0); err != nil || len(some) > 0 {
			if err == nil {
				err = errs.Conflict("team.errors.place_used")
			}
			return err
		}
		for _, d := range st.Departments {
			if (kind == "department" && d.ParentID == id) || (kind == "unit" && d.UnitID == id) {
				return errs.Conflict("team.errors.place_used")
			}
		}
		if err := deletePlace(ctx, tx, kind, id); err != nil {
			return err
		}
		return s.tellStructure(ctx, tx, change{kind, id, name, map[string]any{"name": name}, nil})
	})
	return errs.Wrap("remove "+kind, err)
}
