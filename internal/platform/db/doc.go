// Package db puts one SQL text on two engines: SQLite (the default, a file) and
// PostgreSQL.
//
// Vocabulary: a Reader reads; a Tx reads and writes inside one transaction with
// one fixed instant (Now). Write and Read join the transaction that ctx already
// carries, so that services call each other and facts are heard inside the
// caller's transaction; only the outermost Write commits.
//
// Guarantees: what Write returned nil for is on disk (SQLite: WAL with
// synchronous=FULL; PostgreSQL: its own settings). On SQLite the writer pool
// has one connection and transactions are immediate, so no reader or writer
// ever meets a busy snapshot.
//
// What a page reads more than once is remembered (remember.go): Once for one
// request, Shared for all requests of this process, neither inside a transaction.
//
// Everything that differs between the engines is here, in at most five places:
// opening (open.go), error kinds (errors.go), bulk insert (bulk.go), snapshot
// for the backup (snapshot.go) and migration locking (migrate.go). Full-text
// search differs too and lives in platform/search.
//
// Tables: settings
package db
