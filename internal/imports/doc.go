// Package imports brings any file in, and takes it out again.
//
// # Vocabulary
//
//   - Import: one file on its way: found out (sniffed), staged, tried (dry),
//     run, undone.
//   - Target: what rows are made into. Capabilities register them
//     (registry.Target); this package knows no field and no table of theirs.
//   - Mapping: what each column means, proposed from its name and its cells,
//     corrected by a person, kept for the next file with such a header.
//   - Chunk: some hundreds of rows as they were read. A run takes one chunk a
//     step.
//   - Fate: what became of a row: created, updated, unchanged or rejected.
//
// # Invariants
//
//   - Rows in = created + updated + unchanged + rejected, whenever one looks at
//     an import that is done; a row that cannot be read is rejected with its line.
//   - A step of a run is one transaction: records, fates and progress. Whoever
//     runs it first checks that no other did, so a process may be killed at any
//     point, and two may work on one import. Between two steps other writers
//     come in, and a cancel is heard.
//   - Two imports write one after the other, never at once: neither misses a
//     record that the other makes.
//   - The same file again changes nothing.
//   - An undo restores what was, but for what somebody changed since, which is
//     listed.
//   - Files and rows are deleted after KeepFor; fates and counts stay.
//
// A run has the rights that its author has while it runs.
//
// Facts published: none; the owner of the records tells of them.
//
// Tables: imports, import_chunks, import_rows, import_also, import_kept, import_mappings, import_turn
package imports
