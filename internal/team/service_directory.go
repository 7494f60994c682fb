package team

import (
	"context"
	"time"

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
		now := db.At(s.now())
		if d.Count, err = countPeople(ctx, r, f, now, countLimit+1); err != nil {
			return err
		}
		f.at, f.limit = at, PageSize+1
		rows, err := selectPeople(ctx, r, f, now)
		if err != nil {
			return err
		}
		d.People, err = s.complete(ctx, r, d.cut(rows, at))
		return err
	})
	return d, errs.Wrap("find people", err)
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
		o, err := organisation(ctx, r)
		if err != nil {
			return f, err
		}
		f.today = today(o, s.now()).String()
	}
	if f.DepartmentID == "" {
		return f, nil
	}
	all, err := selectDepartments(ctx, r)
	f.departments = Under(all, f.DepartmentID)
	return f, err
}

// complete adds labels, today's absence and who stands in.
func (s *Service) complete(ctx context.Context, r db.Reader, rows []listed) ([]Person, error) {
	people, err := withLabels(ctx, r, rows)
	if err != nil || len(people) == 0 {
		return people, err
	}
	o, err := organisation(ctx, r)
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

// withAbsences marks who is away today, by the clock of each one's own zone,
// and who stands in.
func (s *Service) withAbsences(ctx context.Context, r db.Reader, rows []listed, people []Person, o Organisation) ([]Person, error) {
	now := s.now()
	here := clock.DayOf(now.UTC())
	absences, err := selectAbsencesAround(ctx, r, here.Add(-1), here.Add(1))
	if err != nil || len(absences) == 0 {
		return people, err
	}
	deputies := map[string]*Person{}
	for i := range people {
		day := Today(now, or(rows[i].zone, o.TimeZone))
		a := AwayOn(people[i].ID, day, absences)
		if a == nil {
			continue
		}
		people[i].Absence = a
		if id := StandIn(people[i].ID, day, absences); id != "" {
			people[i].Deputy = &Person{ID: id}
			deputies[id] = nil
		}
	}
	if len(deputies) == 0 {
		return people, nil
	}
	if err := fill(ctx, r, deputies, now); err != nil {
		return nil, err
	}
	for i := range people {
		if d := people[i].Deputy; d != nil {
			people[i].Deputy = deputies[d.ID] // nil when the deputy no longer works here
		}
	}
	return people, nil
}

// fill reads the people whose ids are the keys, those who work here only.
func fill(ctx context.Context, r db.Reader, by map[string]*Person, now time.Time) error {
	ids := make([]string, 0, len(by))
	for id := range by {
		ids = append(ids, id)
	}
	rows, err := selectPeople(ctx, r, Filter{IDs: ids}, db.At(now))
	for _, row := range rows {
		by[row.ID] = &row.Person
	}
	return err
}
