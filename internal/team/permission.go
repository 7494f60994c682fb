package team

import "unisson/internal/platform/auth"

// What may be done here. One's own profile and absences need no more than being
// signed in.
const (
	MayRead           auth.Permission = "team.read"              // directory, guide, teams, organisation
	MayEditPeople     auth.Permission = "team.people.edit"       // others' profiles, places and absences
	MayManagePeople                   = auth.ManagePeople        // invitations, roles, deactivation
	MayEditCompany    auth.Permission = "team.organisation.edit" // company, departments, units, regions
	MayEditSituations auth.Permission = "team.situations.edit"   // the catalogue of the guide
	MayEditTeams      auth.Permission = "team.teams.edit"        // cross-functional teams
)
