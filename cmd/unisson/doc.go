// Command unisson is the whole product: one program that serves it, shows a
// demonstration company, and looks after an installation.
//
// Every flag is also an environment variable (UNISSON_…). Commands act as the
// system itself: whoever may run them on the machine may do anything.
//
// Exit codes: 0 done, 1 refused or failed (the message says what, where and how
// to mend it), 2 wrong words on the command line.
package main
