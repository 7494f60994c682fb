package webhooks

import (
	"embed"
	"io/fs"
)

//go:embed locales/*.json
var locales embed.FS

// Locales holds what administrators read when an endpoint cannot be saved.
func Locales() fs.FS { return locales }
