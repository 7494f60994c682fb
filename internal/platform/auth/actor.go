package auth

import (
	"context"
	"slices"

	"unisson/internal/platform/errs"
)

// Permission names one thing that may be done, such as "team.people.read".
type Permission string

// The two permissions that no policy file lists.
const (
	Public   Permission = "public"    // anyone, signed in or not
	SignedIn Permission = "signed_in" // anyone who is signed in
)

// Role names what somebody is in the company, such as "salesperson". One person
// may hold several.
type Role string

// Kind says how an actor came in.
type Kind int

// The kinds of actor. The zero value is nobody.
const (
	Anonymous Kind = iota
	Person         // signed in by a browser
	Token          // an API token acting for a person
	System         // the program itself: commands, jobs, schedules
)

// Actor is who acts. It is made anew for each request from the rows as they
// stand, so that a right taken away is gone with the next request.
type Actor struct {
	Kind      Kind
	UserID    string
	Name      string
	Roles     []Role
	SessionID string // hash id of the session; Person only
	TokenID   string // Token only
	RequestID string // the request in which he acts, for logs and audit
	Scope     Scope
	Prefs     Prefs
	perms     map[Permission]bool
}

// Prefs is how somebody wants to be spoken to.
type Prefs struct {
	Language string // "en", "fr", "fr-CA"; empty: ask the browser
	TimeZone string // IANA name; empty: the organisation's
	Theme    string // "light", "dark"; empty: as the system
	KeysOff  bool   // single-key shortcuts switched off
}

// Scope narrows which rows the actor sees; stores put it first in where.
type Scope struct {
	UserID    string
	All       bool     // system and administrators of the base: every row
	Units     []string // narrowing to business units; empty: no narrowing
	Regions   []string // narrowing to regions and to what is his own; empty: no narrowing
	OwnOnly   bool     // narrowing to rows the actor owns
	Customers bool     // whether customer rows are readable at all
}

// NewActor makes an actor with a fixed set of permissions.
func NewActor(a Actor, perms []Permission) Actor {
	a.perms = make(map[Permission]bool, len(perms))
	for _, p := range perms {
		a.perms[p] = true
	}
	return a
}

// Can tells whether the actor has permission p.
func (a Actor) Can(p Permission) bool {
	switch {
	case p == Public, a.Kind == System:
		return true
	case p == SignedIn:
		return a.Kind == Person || a.Kind == Token
	}
	return a.perms[p]
}

// Has tells whether the actor holds role r.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// Known tells whether somebody is signed in (or it is the program itself).
func (a Actor) Known() bool { return a.Kind != Anonymous }

type actorKey struct{}

// With gives a context in which a acts.
func With(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

// From tells who acts; nobody is the Anonymous actor.
func From(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

// AsSystem gives a context in which the program itself acts, with every right.
// Only commands, jobs and start-up use it, never a request.
func AsSystem(ctx context.Context) context.Context {
	return With(ctx, Actor{Kind: System, Name: "system", Scope: Scope{All: true, Customers: true}})
}

// Require refuses an actor without permission p: Unauthenticated when nobody is
// signed in, Forbidden otherwise. Services call it inside their transaction,
// before the write.
func Require(ctx context.Context, p Permission) error {
	a := From(ctx)
	if a.Can(p) {
		return nil
	}
	if !a.Known() {
		return errs.Unauthenticated()
	}
	return errs.Forbidden("")
}
