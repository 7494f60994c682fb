// Package metrics counts what the program does, for Prometheus.
//
// It is off unless --metrics-addr is given, and then it answers on a listener
// of its own, never on the product's address. A nil *Metrics takes every call
// and counts nothing, so that callers need not ask.
//
// Labels hold no personal data: a route is its pattern ("GET /people/{id}"),
// a status is its number, a queue is a word of the program. A label value
// that is not such a word is counted as "other".
//
// Tables: none.
package metrics
