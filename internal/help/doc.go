// Package help answers "how does this work?" and "who sees what about me?".
//
// Vocabulary: a Page is one page of the user guide, read from docs/guide in both
// languages; an entry of the rail without a capability yet opens the page that
// says what it will hold; the visibility page lists, for every dataset about a
// person, who reads it and why.
//
// Invariants: each page exists in both languages; guides are ours and hold no
// raw HTML; nothing here is written by anyone while the product runs.
package help
