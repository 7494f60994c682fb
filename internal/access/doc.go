// Package access is the door: signing in and out, and what somebody keeps safe
// about his account.
//
// Vocabulary: signing in has one or two factors; a reset and an invitation are
// links from a mail; a key of the API lets a program act for a person; proving
// is giving one's password once more before a secret is changed.
//
// The pages hold no rule: they decode, call platform/auth and show. Mails are
// written here too (letters.go), in the language of who reads them.
//
// Invariants: no answer tells a stranger who has an account; a password typed
// is never written back into a page; "next" is a path on our host or the way to
// Today; secrets (recovery codes, keys) are shown once, on the answer that made
// them; the persona door exists in the demonstration only.
//
// Tables: none. Jobs: access.reset.
package access
