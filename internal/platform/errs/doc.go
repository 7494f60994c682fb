// Package errs holds the few kinds of failure that the house knows.
//
// A failure is made where it is understood (a rule, a service, the database
// edge), wrapped with the operation on its way up, and mapped to a status, a
// page or a problem document in one place only: platform/web.
//
// No error carries prose for people: it carries a message key (Code) and named
// parameters, which the edge translates.
package errs
