package team

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// The sizes of the directory's pages.
const (
	PageSize   = 50
	countLimit = 1000 // beyond it "more than 1,000" is said
)

// Directory is one page of people.
type Directory struct {
	People         []Person
	Count          int     // of all that the filter finds; countLimit+1 means more than countLimit
	Next, Previous *Cursor // nil: there is no such page
}

// More tells whether Count stopped counting.
func (d Directory) More() bool { return d.Count > countLimit }

// FindPeople lists people by family name, PageSize of them after or before a
// cursor; the zero cursor is the beginning. Whoever does not work here is listed
// to those alone who manage people.
func (s *Service) FindPeople(ctx context.Context, f Filter, at Cursor) (Directory, error) {
	var d Directory
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := s.mayFilter(ctx, f); err != nil {
			return err
		}
		f, err := s.resolved(ctx, r, f)
		if err != nil {
			return err
		}
		f.at = at
		read := func() (page, error) { return readPage(ctx, r, f, db.At(s.now())) }
		var p page
		if f.common() && at == (Cursor{}) { // a cursor is whatever the address says: no end of them
			p, err = db.Shared(r, pageKey{fmt.Sprintf("%+v", f)}, pageTables(), read)
		} else {
			p, err = read()
		}
		if err != nil {
			return err
		}
		d = p.Directory
		o, err := letterhead(ctx, r)
		if err != nil {
			return err
		}
		d.People, err = s.withAbsences(ctx, r, p.rows, slices.Clone(p.People), o)
		return err
	})
	return d, errs.Wrap("find people", err)
}

// page is a page of the directory before it is marked who is away.
type page struct {
	Directory
	rows []listed
}

// readPage reads the page of a filter at its cursor.
func readPage(ctx context.Context, r db.Reader, f Filter, now db.Time) (page, error) {
	var p page
	f.limit = PageSize + 1
	rows, err := selectPeople(ctx, r, f, now)
	if err != nil {
		return p, err
	}
	if p.Count = len(rows); f.at.ID != "" || p.Count > PageSize { // else the page is all there is
		all := f
		all.at, all.limit = Cursor{}, 0
		if p.Count, err = countPeople(ctx, r, all, now, countLimit+1); err != nil {
			return p, err
		}
	}
	p.rows = p.cut(rows, f.at)
	p.People, err = withLabels(ctx, r, p.rows)
	return p, err
}

// common tells whether everybody who asks for a page like this one sees the same
// people, and many ask: not what is typed, nor what those who manage people
// want to see change under their hands.
func (f Filter) common() bool {
	return f.Text == "" && f.Rule == nil && f.IDs == nil && f.Status == "" && !f.Everyone
}

// pageTables are those a page of the directory is read from.
func pageTables() []string {
	return []string{"users", "user_roles", "people", "departments", "units", "regions", "person_labels", "labels", "absences"}
}

// CountPeople counts what FindPeople would list, up to a limit: see
// Directory.More.
func (s *Service) CountPeople(ctx context.Context, f Filter) (Directory, error) {
	var d Directory
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := s.mayFilter(ctx, f); err != nil {
			return err
		}
		f, err := s.resolved(ctx, r, f)
		if err != nil {
			return err
		}
		d.Count, err = countPeople(ctx, r, f, db.At(s.now()), countLimit+1)
		return err
	})
	return d, errs.Wrap("count people", err)
}

// cut takes away the one row that only tells that there is more, and notes
// where the pages around begin.
func (d *Directory) cut(rows []listed, at Cursor) []listed {
	more := len(rows) > PageSize
	if more && at.Before {
		rows = rows[1:]
	} else if more {
		rows = rows[:PageSize]
	}
	if len(rows) == 0 {
		return rows
	}
	first, last := rows[0], rows[len(rows)-1]
	if more || at.Before {
		d.Next = &Cursor{SortKey: last.SortKey, ID: last.ID}
	}
	if (at.ID != "" && !at.Before) || (more && at.Before) {
		d.Previous = &Cursor{SortKey: first.SortKey, ID: first.ID, Before: true}
	}
	return rows
}

func (s *Service) mayFilter(ctx context.Context, f Filter) error {
	if err := auth.Require(ctx, MayRead); err != nil {
		return err
	}
	if f.Everyone || f.Status != "" {
		return auth.Require(ctx, MayManagePeople)
	}
	return nil
}

// resolved fills in what a filter only names: the departments below one, today.
func (s *Service) resolved(ctx context.Context, r db.Reader, f Filter) (Filter, error) {
	if f.Away {
		o, err := letterhead(ctx, r)
		if err != nil {
			return f, err
		}
		f.today = today(o, s.now()).String()
	}
	if f.DepartmentID == "" {
		return f, nil
	}
	st, err := outline(ctx, r)
	f.departments = Under(st.Departments, f.DepartmentID)
	return f, err
}

// complete adds labels, today's absence and who stands in.
func (s *Service) complete(ctx context.Context, r db.Reader, rows []listed) ([]Person, error) {
	people, err := withLabels(ctx, r, rows)
	if err != nil || len(people) == 0 {
		return people, err
	}
	o, err := letterhead(ctx, r)
	if err != nil {
		return nil, err
	}
	return s.withAbsences(ctx, r, rows, people, o)
}

// withLabels gives the people of some rows with their labels.
func withLabels(ctx context.Context, r db.Reader, rows []listed) ([]Person, error) {
	people := make([]Person, len(rows))
	at := make(map[string]*Person, len(rows))
	ids := make([]string, len(rows))
	for i, row := range rows {
		people[i], ids[i] = row.Person, row.ID
		at[row.ID] = &people[i]
	}
	if len(ids) == 0 {
		return people, nil
	}
	labels, err := selectLabelsOf(ctx, r, ids)
	for _, l := range labels {
		p := at[l.personID]
		switch l.kind {
		case Language:
			p.Languages = append(p.Languages, l.name)
		case Skill:
			p.Skills = append(p.Skills, l.name)
		case Covers:
			p.Products = append(p.Products, l.name)
		case Segment:
			p.Segments = append(p.Segments, l.name)
		}
	}
	return people, err
}

// around are the absences of everybody about one day, and who stands in.
type around struct {
	absences []Absence
	working  map[string]*Person // the deputies who work here
}

// awayAround reads the absences of yesterday, today and tomorrow, whatever the
// zone, with their deputies: every page of people marks who is away.
func (s *Service) awayAround(ctx context.Context, r db.Reader) (around, error) {
	now := s.now()
	here := clock.DayOf(now.UTC())
	tables := []string{"absences", "users", "user_roles", "people", "departments", "units", "regions"}
	return db.Shared(r, awayKey{here}, tables, func() (around, error) {
		var a around
		var err error
		if a.absences, err = selectAbsencesAround(ctx, r, here.Add(-1), here.Add(1)); err != nil {
			return a, err
		}
		ids := map[string]bool{}
		for _, absence := range a.absences {
			if absence.DeputyID != "" {
				ids[absence.DeputyID] = true
			}
		}
		if len(ids) == 0 {
			return a, nil
		}
		rows, err := selectPeople(ctx, r, Filter{IDs: slices.Sorted(maps.Keys(ids))}, db.At(now))
		a.working = make(map[string]*Person, len(rows))
		for i, row := range rows {
			a.working[row.ID] = &rows[i].Person
		}
		return a, err
	})
}

// withAbsences marks who is away today, by the clock of each one's own zone,
// and who stands in.
func (s *Service) withAbsences(ctx context.Context, r db.Reader, rows []listed, people []Person, o Organisation) ([]Person, error) {
	a, err := s.awayAround(ctx, r)
	if err != nil || len(a.absences) == 0 {
		return people, err
	}
	now, days := s.now(), map[string]clock.Day{} // a zone is a file to read
	for i := range people {
		zone := or(rows[i].zone, o.TimeZone)
		day, ok := days[zone]
		if !ok {
			day = Today(now, zone)
			days[zone] = day
		}
		if absence := AwayOn(people[i].ID, day, a.absences); absence != nil {
			people[i].Absence = absence
			// nil when the deputy no longer works here
			people[i].Deputy = a.working[StandIn(people[i].ID, day, a.absences)]
		}
	}
	return people, nil
}
