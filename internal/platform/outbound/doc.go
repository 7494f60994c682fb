// Package outbound is the only way out over HTTP: webhooks, sign-in providers,
// pictures by address. No other package makes an HTTP client or dials.
//
// # Guarantees
//
//   - The address that is dialled is checked, after the name was resolved, for
//     every answer tried and at every redirect: never loopback, private,
//     link-local, metadata, multicast or any other special range, in any
//     notation, unless Config.Allow names it.
//   - Ports 80 and 443, unless Config.Ports names more; inside Config.Allow every
//     port. Schemes https and http, never downwards from https to http. No user name in an address, no proxy from the
//     environment, no cookie kept.
//   - At most 3 redirects, only of GET and HEAD; another host sees none of the
//     caller's own headers. A redirected POST is given back as it is.
//   - The whole exchange ends after Config.Timeout (10 s); a body is cut at
//     Config.MaxBytes (5 MB) of decompressed text, headers at 64 KB.
//   - Errors name the host only: an address may hold a secret.
//
// # Use
//
// A form checks an address with CheckURL as soon as it is typed, to give a kind
// answer; the check that protects is the one at the dial. An answer is read as
// a whole (Client.Do); libraries that want an *http.Client get one by
// Client.HTTP, under the same guard.
//
// Tables: none.
package outbound
