// Package apptest gives tests the whole product on a fresh database, with people
// of every role who can be signed in.
//
// Only tests import it.
package apptest
