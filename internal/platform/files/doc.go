// Package files keeps what people attach: contents on disk, known by their
// SHA-256, and one row for each file as somebody knows it.
//
// # Vocabulary
//
//   - Content: bytes on disk, under ab/cd/HASH of the folder. Never changed,
//     shared by all files that hold the same bytes.
//   - File: a row with name, type, size and the record it belongs to.
//   - Policy: what a form accepts: size, types, pixels, a small picture.
//
// # Invariants
//
//   - A row never speaks of a content that is not on disk, whole and synced: the
//     content is written first (to a hidden temporary name, synced, renamed), the
//     row after it, in the caller's transaction. A failure in between leaves a
//     content without a row, which Sweep removes once it is a day old.
//   - The type is what the bytes say, never what the sender says. Only types of
//     the policy are kept; SVG and HTML are in no policy.
//   - An image is measured before it is decoded, then turned upright and encoded
//     anew: no EXIF, place, author or hidden second file survives.
//   - Nothing that somebody uploaded is shown as a page: Serve sends an
//     attachment, nosniff, in a sandbox.
//   - A full disk is errs.Unavailable, and leaves neither row nor half a file.
//
// Who may read or change a file is decided by the record it belongs to: ask
// there before calling Open, Serve or Delete.
//
// A request that uploads calls Save before its transaction and Add inside it,
// so that a slow sender does not hold up other writers. Put does both.
//
// Tables: files.
package files
