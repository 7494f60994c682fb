// Package admin is what administrators look after: background work and its dead
// list, mail, webhooks, who changed what, and the security log.
//
// Vocabulary: health is the handful of figures that tell whether anything needs
// a hand; the mailbox shows mails as they left or would leave.
//
// Invariants: admin owns no data. Every list is a page of a keyset, every act
// goes through the service that owns the rows, and each page has a permission
// of its own. The HTML of a mail is shown only in a sandboxed frame, under a
// content security policy that lets in nothing but its own styles, by hash.
//
// Tables: none.
package admin
