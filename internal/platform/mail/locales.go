package mail

import (
	"embed"
	"io/fs"
)

//go:embed locales/*.json
var locales embed.FS

// Locales holds the words around the content of mails.
func Locales() fs.FS { return locales }
