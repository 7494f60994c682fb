package imports

import (
	"embed"
	"io/fs"
)

//go:embed locales/*.json
var locales embed.FS

// Locales holds the words of this package.
func Locales() fs.FS { return locales }
