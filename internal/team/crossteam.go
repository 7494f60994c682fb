package team

import (
	"slices"
	"time"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
)

// Team is people of several departments with a mandate.
type Team struct {
	ID      string
	Name    string
	Mandate string
	LeadID  string
	Lead    string
	EndsOn  clock.Day // zero: stands until it is ended
	EndedAt time.Time // ended before its day
	Members []Member
	Changed Changed
}

// Member is somebody's seat in a team.
type Member struct {
	Person
	Part string // what he brings
}

// Validate says what is wrong with a team's entries. Today bounds a new end.
func (t Team) Validate(today clock.Day, before *Team) error {
	var wrong errs.Fields
	name(&wrong, "name", t.Name, 120)
	name(&wrong, "mandate", t.Mandate, 1000)
	moved := before == nil || before.EndsOn != t.EndsOn
	if t.EndsOn != (clock.Day{}) && moved && t.EndsOn.Before(today) {
		wrong.Add("ends_on", "team.errors.already_over")
	}
	for _, m := range t.Members {
		if len([]rune(m.Part)) > 120 {
			wrong.Add("part", "errors.too_long", "max", 120)
			break
		}
	}
	return wrong.Err()
}

// Ended tells whether the team has ended on a day.
func (t Team) Ended(today clock.Day) bool {
	return !t.EndedAt.IsZero() || (t.EndsOn != clock.Day{} && t.EndsOn.Before(today))
}

// EndsSoon tells whether the end falls within two weeks.
func (t Team) EndsSoon(today clock.Day) bool {
	return !t.Ended(today) && t.EndsOn != (clock.Day{}) && t.EndsOn.Before(today.Add(14))
}

// Missing gives which of the two departments has nobody in the team, of those
// who work here at an instant.
func (t Team) Missing(now time.Time) []Kind {
	var haveSales, haveMarketing bool
	for _, m := range t.Members {
		if !m.Works(now) {
			continue
		}
		s, k := m.Sides()
		haveSales, haveMarketing = haveSales || s, haveMarketing || k
	}
	var out []Kind
	if !haveMarketing {
		out = append(out, Marketing)
	}
	if !haveSales {
		out = append(out, Sales)
	}
	return out
}

// seat gives somebody a place in the team, once.
func (t *Team) seat(m Member) {
	if !slices.ContainsFunc(t.Members, func(o Member) bool { return o.ID == m.ID }) {
		t.Members = append(t.Members, m)
	}
}
