// Package timeline is the common thread: what happened with a customer, told by
// both departments and by the customer's own acts, newest first.
//
// # Vocabulary
//
//   - Touch: one thing that happened: a call, a visit, a mail, a note, a form.
//     It concerns a contact, or an account alone; it has a direction, a voice
//     (customer, marketing, sales, both) and a source.
//
//   - Correction: a touch that puts another one right; the one it corrects is
//     no longer shown, and stays.
//
//   - Once: the key under which a form or a telephone sends a touch, so that
//     what is sent twice happened once.
//
//   - Quick log: kind, one text, save. Without network a telephone keeps what was
//     noted in its outbox (platform/ui, outbox.js), bound to who noted it, and the
//     service worker (worker.js) opens the empty form; no customer is kept there.
//
// # Invariants
//
//   - Append only: a touch is never changed and never removed, but by erasure.
//   - A private touch is read by its author alone.
//   - Who may not read the customer does not find his touches, nor their number.
//   - Automatic answers and robots are marked, and count for nothing.
//
// Facts published: see facts.go. Facts heard: customers.RecordsSaved,
// customers.ContactErased.
//
// Tables: touches
package timeline
