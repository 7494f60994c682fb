// Package soak gives long tests their sizes: a soak test is the ordinary test with bigger numbers, on one code path.
//
//	func TestSoakKilledWritersLoseNothing(t *testing.T) {
//		run := soak.Start(t, "T-D01")
//		kills := run.Size(10, 200)
//		… run.Rand …
//		run.Done("sqlite", lost, kills)
//	}
//
// "go test" runs the small size; "make soak" runs the tests named TestSoak… with the large one. Its environment:
// UNISSON_SOAK=1 asks for the large sizes, UNISSON_SOAK_FACTOR multiplies them, UNISSON_SOAK_ONLY=T-D01,T-J01 skips the
// others, UNISSON_SOAK_SEED replays a run, UNISSON_SOAK_LEDGER names the file in which counts add up over runs.
//
// Only tests may import this package.
//
// Tables: none.
package soak
