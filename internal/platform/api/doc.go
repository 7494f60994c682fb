// Package api is the REST edge under /api/v1: typed operations, OpenAPI 3.1
// made from the types, problem documents (RFC 9457), keyset cursors, ETag with
// If-Match, and Idempotency-Key.
//
// It stands on a mux of its own that knows no cookie: a request carries an API
// token ("Authorization: Bearer uns_…") and acts for that token's person, as
// far as the token's scopes go.
//
// Vocabulary: an Op is one operation with its permission; a Page is one keyset
// page; a version is the number that ETag carries.
//
// Invariants: an operation without a known permission fails the start; a state
// change with an Idempotency-Key and its kept answer are committed together.
//
// Tables: idempotency_keys
package api
