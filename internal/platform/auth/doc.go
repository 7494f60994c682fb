// Package auth knows who acts and what they may do.
//
// Vocabulary: a User signs in; a Role is what somebody is in the company; a
// Permission is one thing that may be done; the Policy says which role gives
// which permission; an Actor is who acts in this request, with the Scope that
// narrows which rows are seen.
//
// Three lines of defence: the route names a Permission, the service Requires
// it inside its transaction and before the write, the store narrows by Scope.
package auth
