// Package crash marks the places where a process may die halfway and must come back right.
//
// Code that has to survive a kill calls Here with a name that says what has just happened:
//
//	crash.Here("mail.after_handed")
//
// In an ordinary build Here is empty and the compiler removes the call. With the build tag "crashtest" the environment
// decides:
//
//	UNISSON_CRASH_AT=mail.after_handed     the process kills itself (SIGKILL: no deferred call, no flush) at the first visit
//	UNISSON_CRASH_AT=mail.after_handed:3   … at the third visit
//	UNISSON_CRASH_LIST=stderr              each visit is printed as "crash point: NAME" on standard error
//	UNISSON_CRASH_LIST=/path/to/file       … or appended to that file
//
// Names read "package.what_just_happened" and never change silently: tests list them. A test that visits every point
// once first runs its work with UNISSON_CRASH_LIST, then once for each name it has seen.
//
// Tables: none. Facts: none.
package crash
