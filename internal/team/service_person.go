package team

import (
	"context"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

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
	row, err := s.self(ctx, r, id)
	if err != nil {
		return Person{}, err
	}
	a := auth.From(ctx)
	if row.ID == "" || (row.Status == Invited && a.UserID != id && !a.Can(MayManagePeople)) {
		return Person{}, errs.NotFound("person")
	}
	return db.Once(ctx, r, personKey{id}, func() (Person, error) {
		people, err := s.complete(ctx, r, []listed{row})
		if err != nil {
			return Person{}, err
		}
		return people[0], nil
	})
}

// sheetOf and absencesOf are what several parts of somebody's page read.
func sheetOf(ctx context.Context, r db.Reader, id string) (sheet, error) {
	return db.Once(ctx, r, sheetKey{id}, func() (sheet, error) { return selectSheet(ctx, r, id) })
}

func absencesOf(ctx context.Context, r db.Reader, id string, from clock.Day) ([]Absence, error) {
	return db.Once(ctx, r, absencesKey{id, from}, func() ([]Absence, error) { return selectAbsencesOf(ctx, r, []string{id}, from) })
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

// Choices are the words that filters and forms offer.
type Choices struct {
	Products, Segments, Skills, Cities []string
}

// maxChoices bounds what a list offers; more are found by typing.
const maxChoices = 300

// Choices reads the words that people are described by. What another process
// saved is seen a moment later.
func (s *Service) Choices(ctx context.Context) (Choices, error) {
	var c Choices
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if err := auth.Require(ctx, auth.SignedIn); err != nil {
			return err
		}
		c, err = db.Shared(r, choicesKey{}, []string{"labels", "person_labels", "people", "users"}, func() (Choices, error) { return choices(ctx, r) })
		return err
	})
	return c, errs.Wrap("choices", err)
}

func choices(ctx context.Context, r db.Reader) (c Choices, err error) {
	for _, l := range []struct {
		kind LabelKind
		to   *[]string
	}{{Covers, &c.Products}, {Segment, &c.Segments}, {Skill, &c.Skills}} {
		if *l.to, err = selectLabels(ctx, r, l.kind, maxChoices); err != nil {
			return c, err
		}
	}
	c.Cities, err = selectCities(ctx, r, maxChoices)
	return c, err
}

// About reads what somebody's page says of him beside the line of the
// directory: his words, his hours, his manager, and when he confirmed it.
func (s *Service) About(ctx context.Context, id string) (Sheet, error) {
	var out Sheet
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil && auth.From(ctx).UserID != id {
			return err
		}
		if _, err := s.person(ctx, r, id); err != nil {
			return err
		}
		row, err := sheetOf(ctx, r, id)
		out = Sheet{PersonID: id, Profile: row.Profile, Changed: row.Changed, Confirmed: row.Confirmed.Go()}
		return err
	})
	return out, errs.Wrap("about a person", err)
}

// maxColleagues bounds a list to choose somebody from.
const maxColleagues = 1000

// Colleagues lists who works here but one, by name, for a list to choose from.
func (s *Service) Colleagues(ctx context.Context, except string) ([]Person, error) {
	var people []Person
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, auth.SignedIn); err != nil {
			return err
		}
		rows, err := selectPeople(ctx, r, Filter{Without: except, limit: maxColleagues}, db.At(s.now()))
		for _, row := range rows {
			people = append(people, row.Person)
		}
		return err
	})
	return people, errs.Wrap("colleagues", err)
}
