// Package audit keeps who changed what, when, from what to what.
//
// Vocabulary: a Change is one act on one object, written in the transaction
// that did it; About is the person concerned, who may read it whoever did it.
// Fields named in a Change's Secret list are noted as changed, never with their
// value.
//
// Invariants: append only; a change that is rolled back leaves no trace; an
// update that changed nothing is not written.
//
// Tables: audit_log
package audit
