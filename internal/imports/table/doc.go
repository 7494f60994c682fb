// Package table reads a file of unknown kind as a table of text rows, one row at a time.
//
// # Vocabulary
//
//   - Source: bytes that can be read at any place, with a name and a size.
//   - Dialect: all that must be known to read a file as one table. Sniff guesses it, a person may correct it, Open
//     obeys it. It is stored with an import, so that a resumed run reads the same rows.
//   - Doubt: something uncertain in a guess, said to the person before anything is imported.
//   - Row: the cells of one record and the line on which it begins. RowError: a record that cannot be trusted; reading
//     goes on after it. Refusal: the whole file cannot be read, and what to do about it.
//
// # Invariants
//
//   - A row has exactly Reader.Width cells of valid UTF-8 without NUL, or it is a RowError: cells never move to another
//     column silently. Each record gives one Row or one RowError.
//   - The same bytes and the same Dialect give the same rows with the same numbers: Reader.Skip(n) resumes.
//   - CSV, JSONL and vCard need constant memory. A cell has at most 1 MB, a record 20 MB.
//   - An archive is judged by its directory before anything is unpacked, and again by what comes out of it. A formula
//     is never computed: its cached value is read, and a row without one is a RowError.
//
// # How a CSV dialect is guessed
//
// The first 256 KB are decoded: a byte order mark decides, else valid UTF-8, else the pattern of NUL bytes of UTF-16,
// else a detector and the letters that each 8-bit reading would give.
//
// Each delimiter present is tried with each quote and escape present. A trial reads the sample with the very parser that
// reads the file, and gets pattern × type × habit:
//
//   - pattern: the share of records that have the usual number of cells, times (n−1)/n for n cells, less the share of
//     records that broke. A wrong delimiter gives ragged rows; a wrong quote breaks them or leaves them ragged.
//   - type: how much the cells look like values. A number, date, e-mail address, URL or plain words count fully; a cell
//     with a stray quote or with another usual delimiter on both sides counts little.
//   - habit: a comma, semicolon, tab or bar is likelier than a colon, and that than a blank.
//
// The best trial wins; a close second is a Doubt. When fewer than half of the records fit the winner and the header does
// not settle it, the file is refused rather than read wrongly; a delimiter chosen by hand overrides that.
//
// Then, by width and type: lines before the first full row are preamble; a row whose cells are words over columns of
// numbers or dates is a header, as is one of well-known column names; more such rows make a header of several rows. A
// header of another width than its rows is not used to name columns. A later row that repeats the header, or a block of
// another width after a blank line, begins another table: the first is read, the others are named.
package table
