// Package notify tells people what happened, and keeps it quiet otherwise: an inbox, one digest a day, and a mail at
// once for what cannot wait.
//
// # Vocabulary
//
// A Notice is one sentence to one person, kept as a message key with parameters and written in the reader's language
// when it is read. Its urgency says how it travels: Digest waits for the daily digest; Direct (somebody speaks to you)
// and Urgent (a customer waits) are mailed at once. All of them stand in the inbox from the commit on. Told means
// that a mail or a digest has said it.
//
// # Invariants
//
//   - Nothing leaves in a person's quiet hours, of the clock on the wall of his time zone: it waits for their end.
//   - At most one digest a person and calendar day of his, at his hour or later, with the sentences of the inbox
//     that stood there at that hour and that he has neither read nor been told, and nothing else. A day without news
//     has no digest.
//   - A notice is told at most once. What was read in the inbox before is not mailed any more.
//   - Direct notices of the same minute share one mail.
//   - One Key, one notice for a person.
//   - Who may not sign in is told nothing.
//
// Parameters of a notice are texts, numbers and booleans. A name ending in _at holds microseconds (db.Time) and is
// shown as day and hour; one ending in _on holds a day, "2026-11-24".
//
// Tables: notices, notify_preferences, notify_digests. Jobs: notify.tell, notify.digests.
package notify
