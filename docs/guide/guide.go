// Package guide holds the user guides, one Markdown file a page and language:
// the same text is read here, on the repository's site, and under Help in the
// product. A page's first line is its title ("# …"), its second paragraph the
// sentence that sums it up.
package guide

import "embed"

// Files are the pages: en/NAME.md and fr/NAME.md.
//
//go:embed en/*.md fr/*.md
var Files embed.FS
