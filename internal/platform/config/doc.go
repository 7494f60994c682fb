// Package config holds what an installation is told from outside: where its
// data is, where it listens, under which address people reach it, and how it
// sends mail and signs people in.
//
// Every value is a flag of the command line and an environment variable
// UNISSON_… (the struct tags say both); the flag wins. Validate says all that
// is wrong at once, in sentences that name the flag and how to mend it.
//
// Nothing is sent anywhere unless a flag here names the other side: there is
// no telemetry.
//
// Tables: none.
package config
