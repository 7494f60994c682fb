// Package dbtest gives tests real databases: SQLite and PostgreSQL, fresh and migrated for each test.
//
//	func TestMain(m *testing.M) { dbtest.Main(m) }
//
//	func TestInvite(t *testing.T) {
//		dbtest.Each(t, func(t *testing.T, d *db.DB) { … })
//	}
//
// SQLite is migrated once in a process and copied for each test. PostgreSQL is the server at UNISSON_TEST_POSTGRES, or
// a private one that the test process starts in a temporary folder on a free loopback port and stops in Main. It orders
// text by French rules and lives in an odd time zone on purpose: what relies on the server's collation or clock differs
// from SQLite and fails. A missing PostgreSQL fails the test where CI=true or UNISSON_REQUIRE_POSTGRES=1, and skips it
// elsewhere. UNISSON_TEST_ENGINES=sqlite (or postgres) narrows a run to one engine.
// UNISSON_TEST_POSTGRES_BIN names the folder of initdb where it is in none of the usual places.
//
// StartServer gives a server of one's own that can be killed; with Durable it keeps PostgreSQL's real durability.
// Dump writes a whole database as text, so that a test can say "nothing changed" (Unchanged).
//
// Only tests and the commands for them may import this package.
//
// Tables: none.
package dbtest
