// Package log sets up the structured log (log/slog) of the program.
//
// The log is for operators: what happened, where, how long it took, under
// which request id. It holds no personal data. Whoever logs writes ids, never
// names or addresses; as a last guard the handler hides the value of every
// attribute whose key speaks of a secret or a person, and masks mail
// addresses and passwords in addresses wherever they turn up in a text.
//
// Tables: none.
package log
