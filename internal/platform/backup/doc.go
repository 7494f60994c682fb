// Package backup writes a whole installation into one file and reads it back,
// on the same engine or the other one.
//
// The file is a gzip stream of a tar archive, followed by a seal:
//
//	header.json                    who wrote it, from which schema, which tables
//	tables/NAME/000001.jsonl …     the rows: a JSON array a row, a few MB a part
//	files/…                        attached files
//	manifest.json                  the header again, with rows and SHA-256 of each table and file
//
// All rows come from one snapshot, tables that others refer to first, rows in
// the order of their primary key: the same content gives the same table hash on
// either engine. Tables and columns are asked of the database itself, so a new
// table is in the next backup without a line here. Full-text indexes are not
// kept: they are made again. The key file is never part of it.
//
// The seal is the SHA-256 of all bytes before it, and a MAC of that digest
// under the key file, so that nobody without the key can make an archive that
// restores. To standard tools the seal is an empty-handed second gzip member:
// tar -xzf reads the archive. Its form stays the same in every later format.
//
// Restore reads the file twice: once to check all of it (seal, key, version,
// structure, every hash and count), once to load it into a place beside the
// data: a second SQLite file, or a second schema. There it is counted and
// hashed again, migrated, and checked by the engine. Only then it takes the
// place of what was there, in one step that survives a crash (Recover). A
// refused archive changes nothing.
//
// Tables: none of its own; it reads and restores all of them.
package backup
