// Package team is about the people who work here: who they are, what they
// cover, when they work, who stands in for them and whom to involve when.
//
// # Vocabulary
//
//   - Person: a row of users (who signs in, owned by platform/auth) with its
//     row of people (what he is and does here). A Profile is what can be edited.
//   - Department, with a Kind: sales, marketing, product, management, support.
//     Groups of marketing may be tactical or strategic. Unit: a business unit;
//     a person without one works for all. Region: where.
//   - Label: a language, skill, product or segment that somebody covers.
//   - Absence: days away, with a Deputy who stands in.
//   - Situation: when to involve whom, a Rule. Propose answers a Question with
//     Proposals, each with its reasons.
//   - Team: people of several departments with a mandate and an end.
//
// # Invariants
//
//   - A profile is saved against the version it was read at. What two people
//     changed meanwhile is shown with both values; what only one changed is kept.
//   - Region, unit, department and roles decide what somebody may read, so they
//     are never his own to change.
//   - The absences of one person do not overlap, and a deputy works on the days
//     he stands in, or his own deputy does.
//   - A guest has an end date and no other role.
//   - Whoever is invited is found by those alone who manage people; whoever has
//     left is no longer listed, and still named on what he did.
//
// Facts published: see facts.go. Facts heard: UserInvited, UserJoined and
// UserChanged of platform/auth keep the rows of people beside those of users;
// AbsenceSet tells the deputy. Job: team.remind, once a day.
//
// Tables: organisation, units, regions, departments, people, people_terms, labels, person_labels, profile_edits, absences, situations, teams, team_members
package team
