// Package events lets capabilities hear of each other's facts without knowing
// each other.
//
// A fact is a small struct of ids in the past tense (LeadAccepted), published
// by the owner of the row, inside the transaction that made it true. Reactions
// run at once, in the order in which they were registered, in that same
// transaction: a failing reaction undoes the fact. Anything slow or outward is
// a job inserted there. internal/app/reactions.go holds every registration, so
// that one page tells who reacts to what.
package events
