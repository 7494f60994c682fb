// Package mail sends what the program has to say to one person: an outbox in the database and one relay behind it.
//
// # Vocabulary
//
// A Message is what a service asks for; a Letter is its content in parts, set as text and as HTML from the same
// words; a Mail is its row in the outbox. The relay is the SMTP server of the organisation. Without a relay the
// outbox is a development mailbox: nothing leaves, and the texts stay readable.
//
// # The way of a mail
//
//	planned → claimed → handed → accepted
//	                           ↘ failed      the relay refused for good, or five tries were in vain
//	                           ↘ uncertain   the last try ended between our last byte and the relay's answer
//	planned → kept                           there is no relay
//
// Send writes the row and its job in the caller's transaction: no change is committed without its mail, no mail
// without its change. Deliver, the worker of that job, commits handed before the first byte of the message leaves.
//
// # Guarantees
//
//   - At least once: a crash after handed sends the mail again, with the same Message-ID, date and bytes, so that
//     mailboxes can drop the second copy. Exactly once does not exist across SMTP.
//   - A Message that says AtMostOnce is not sent again from handed: it ends uncertain and is listed.
//   - One Key, one mail: a second Send with the same Key changes nothing.
//   - A header never holds a line break: such a message is refused as invalid.
//   - Once the relay has a mail, its texts are emptied; while a relay is set, they are shown to nobody: a mail may
//     hold a link that signs its reader in.
//
// Templates of this package carry style attributes on purpose: mail programs know no style sheet. No page may use them.
//
// Tables: mails. Jobs: mail.send.
package mail
