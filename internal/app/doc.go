// Package app puts the house together: it opens the database, builds each
// capability with what it needs, and is the only package that knows them all.
//
// app.go builds, starts and stops; routes.go has one line a capability;
// reactions.go says who reacts to whose facts; panels.go gathers what
// capabilities offer to each other's pages; policy.csv says which role may do
// what; arch_test.go keeps the rules of the house.
package app
