package jobs

import (
	"embed"
	"io/fs"
)

//go:embed locales/*.json
var locales embed.FS

// Locales holds what administrators read when a job cannot be changed.
func Locales() fs.FS { return locales }
