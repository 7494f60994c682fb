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
	People []Person
	Count  int     // of all that the filter finds; countLimit+1 means more than countLimit
	Next   *Cursor // nil: this is the last page
}

// More tells whether Count stopped counting.
func (d Directory) More() bool { return d.Count > countLimit }

// FindPeople lists people by family name, PageSize of them after a cursor.
// Whoever does not work here is listed to those alone who manage people.
func (s *Service) FindPeople(ctx context.Context, f Filter, after Cursor) (Directory, error) {
	const op = "find people"
	var d Directory
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := s.mayFilter(ctx, f); err != nil {
			return err
		}
		f, err := resolved(ctx, r, f)
		if err != nil {
			return err
		}
		now := db.At(s.now())
		if d.Count, err = countPeople(ctx, r, f, now, countLimit+1); err != nil {
			return err
		}
		f.after, f.limit = after, PageSize+1
		rows, err := selectPeople(ctx, r, f, now)
		if err != nil {
			return err
		}
		if len(rows) > PageSize {
			rows = rows[:PageSize]
			last := rows[PageSize-1]
			d.Next = &Cursor{SortKey: last.SortKey, ID: last.ID}
		}
		d.People, err = s.complete(ctx, r, rows)
		return err
	})
	return d, errs.Wrap(op, err)
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

// resolved fills in what a filter only names: the departments below one.
func resolved(ctx context.Context, r db.Reader, f Filter) (Filter, error) {
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

// Person reads one person as everybody may see him.
func (s *Service) Person(ctx context.Context, id string) (Person, error) {
	var p Person
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if err := auth.Require(ctx, MayRead); err != nil && auth.From(ctx).UserID != id {
			return err
		}
		p, err = s.person(ctx, r, id)
		return err
	})
	return p, errs.Wrap("person", err)
}

// person reads somebody who may be seen: an invited person has not agreed to be
// shown yet, and is known to those alone who manage people.
func (s *Service) person(ctx context.Context, r db.Reader, id string) (Person, error) {
	rows, err := selectPeople(ctx, r, Filter{IDs: []string{id}, Everyone: true}, db.At(s.now()))
	if err != nil {
		return Person{}, err
	}
	a := auth.From(ctx)
	if len(rows) == 0 || (rows[0].Status == Invited && a.UserID != id && !a.Can(MayManagePeople)) {
		return Person{}, errs.NotFound("person")
	}
	people, err := s.complete(ctx, r, rows)
	if err != nil {
		return Person{}, err
	}
	return people[0], nil
}

// People reads some people by id, in the order of their names; ids of nobody
// are left out. Other capabilities name people by it, whatever their status.
func (s *Service) People(ctx context.Context, ids []string) ([]Person, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var people []Person
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		rows, err := selectPeople(ctx, r, Filter{IDs: ids, Everyone: true}, db.At(s.now()))
		if err != nil {
			return err
		}
		people, err = s.complete(ctx, r, rows)
		return err
	})
	return people, errs.Wrap("people", err)
}

// maxNear is how many people near by are suggested.
const maxNear = 6

// NearYou lists people who work in the same city as somebody: those of the
// other department first, since they are the ones who never meet.
func (s *Service) NearYou(ctx context.Context, p Person) ([]Person, error) {
	var people []Person
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil || p.City == "" {
			return err
		}
		rows, err := selectPeople(ctx, r, Filter{CityKey: db.Fold(p.City), Without: p.ID, limit: 50}, db.At(s.now()))
		if err != nil {
			return err
		}
		rows = counterpartsFirst(p, rows)
		people, err = s.complete(ctx, r, rows[:min(maxNear, len(rows))])
		return err
	})
	return people, errs.Wrap("near you", err)
}

func counterpartsFirst(p Person, rows []listed) []listed {
	var other, same []listed
	for _, row := range rows {
		if row.Side() != p.Side() {
			other = append(other, row)
		} else {
			same = append(same, row)
		}
	}
	return append(other, same...)
}
