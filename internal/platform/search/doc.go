// Package search finds things by their words, alike on both engines: accents,
// capitals, French and English endings do not matter, the last word may be
// unfinished, and a title may be misspelt by one letter.
//
// # Vocabulary
//
//   - Doc: what a capability lets be found: kind and id, a title, a body, exact
//     keys (a phone number, an e-mail address), and who may find it.
//   - Term: a word as the analyser writes it, behind a mark that tells where it
//     stood: in the title, anywhere, as a key, or as a misspelling. Terms are
//     ASCII letters and digits only, so that no tokeniser, dictionary or
//     operator of an engine ever meets what somebody typed.
//   - Stage: one way of matching, from strict to loose. A looser stage runs only
//     when the stricter ones found less than was asked for.
//
// # Invariants
//
//   - One analyser in Go writes the terms of documents and of queries; the
//     engines only compare terms. A query gives the same hits in the same order
//     on both.
//   - What a scope may not read takes no place, no rank and no count: the scope
//     stands in the statement that selects candidates. There is no total, only
//     More. No kinds asked means nothing found.
//   - At most 1,000 candidates a stage are ranked, in Go.
//   - Put and Delete belong to the transaction that changes the thing itself.
//   - The index of SQLite is kept by triggers, so that restored rows are found
//     at once; Refresh writes terms anew when the analyser has changed.
//
// Rights by kind are the caller's: it asks only for kinds that the actor has
// the permission to read. The scope then decides row by row, as in Doc.
//
// Tables: search_docs, search_fts (SQLite).
package search
