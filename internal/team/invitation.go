package team

import (
	"slices"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
)

// Invitation lets somebody in: who he is, what he may do, and where he stands.
type Invitation struct {
	Email        string
	Given        string
	Family       string
	Title        string
	Roles        []auth.Role
	DepartmentID string
	UnitID       string
	RegionID     string
	EndsOn       clock.Day // last day of a guest, and of whoever is here for a time
	Language     string
}

// ValidateRoles says what is wrong with the roles of somebody whose access ends
// on a day: a guest has an end, and is nothing else.
func ValidateRoles(roles []auth.Role, endsOn, today clock.Day) error {
	var wrong errs.Fields
	if len(roles) == 0 {
		wrong.Add("roles", "auth.error.role_needed")
	}
	within(&wrong, "roles", roles, Roles())
	if slices.Contains(roles, Guest) {
		if len(roles) > 1 {
			wrong.Add("roles", "team.errors.guest_alone")
		}
		if endsOn == (clock.Day{}) {
			wrong.Add("ends_on", "auth.error.guest_needs_end")
		}
	}
	if endsOn != (clock.Day{}) && endsOn.Before(today) {
		wrong.Add("ends_on", "team.errors.already_over")
	}
	return wrong.Err()
}
