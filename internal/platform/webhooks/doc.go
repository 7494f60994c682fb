// Package webhooks calls other programs when a fact happens.
//
// Vocabulary: an Endpoint is an address that somebody registered, with the
// events that it wants; an event is the outward name of a fact, with what is
// told about it (Catalog); a Delivery is one call, kept with what came of it.
//
// Guarantees:
//   - Deliveries are inserted in the transaction of the fact, with a job for
//     each: what is rolled back is never told, what is committed is told at
//     least once. The receiver knows a repetition by the "id" of the body.
//   - The whole body is signed together with the time of sending (see Verify).
//   - The secret is sealed with the key file; no method gives it back, and an
//     empty one in a form keeps the one that stands.
//   - Rights are those at the time of sending: while the person who last saved
//     an endpoint may not manage webhooks, nothing is sent to it.
//   - The address passes the outbound guard at every call. Redirects are not
//     followed; at most 2 KB of an answer are kept.
//   - A call that fails is tried again for about a day. An endpoint at which
//     nothing has succeeded for three days is stopped, and its owner is told.
//
// # The call
//
// POST, Content-Type application/json, with
//
//	Unisson-Event: team.person.invited
//	Unisson-Delivery: 019d…            the same at every try
//	Unisson-Signature: t=1795513500,v1=5f0c…
//
//	{"id":"019d…","event":"team.person.invited","at":"2026-11-24T08:05:00Z","data":{…}}
//
// v1 is HMAC-SHA256 of "t.body" under the secret, in hexadecimal digits. The
// receiver recomputes it over the bytes it got, compares in constant time and
// refuses what is older than five minutes. Any 2xx answer is a success.
//
// Tables: webhook_endpoints, webhook_subscriptions, webhook_deliveries
// Facts: EndpointStopped
package webhooks
