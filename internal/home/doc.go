// Package home is the page of the day and the way to anything.
//
// Vocabulary: what waits is one thing that needs the reader, with its reason
// and its deadline, told by the capability that owns it (registry.WaitingSource);
// the palette finds people and pages and offers what can be done.
//
// Invariants: home owns no data and changes none; it shows only what waits on
// the reader and finds only what the reader may see.
package home
