package table

import (
	"embed"
	"io/fs"
)

//go:embed locales/*.json
var locales embed.FS

// Locales holds what people read about a file: refusals, rows that cannot be read, doubts.
func Locales() fs.FS { return locales }
