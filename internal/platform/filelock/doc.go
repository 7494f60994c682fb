// Package filelock keeps two processes from doing the same thing at once, by a
// lock on a file that the system gives back however a process ends.
//
// A shared lock says "I use this", an exclusive one "nobody else may". Where
// the system has no such locks (Windows), every lock is granted.
//
// Tables: none.
package filelock
