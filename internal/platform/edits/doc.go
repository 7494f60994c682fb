// Package edits compares, rewinds and joins the values of a record that several
// people change at once. Values are texts by the name of their field; an absent
// field is the empty text. It is pure: no database, no clock.
//
// Tables: none
package edits
