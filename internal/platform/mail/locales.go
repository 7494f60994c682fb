package mail

import "embed"

// Locales holds the words around the content of mails.
//
//go:embed locales/*.json
var Locales embed.FS
