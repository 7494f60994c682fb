package files

import (
	"embed"
	"io/fs"
)

//go:embed locales/*.json
var locales embed.FS

// Locales holds what people read when a file is refused.
func Locales() fs.FS { return locales }
