package outbound

import (
	"embed"
	"io/fs"
)

//go:embed locales/*.json
var locales embed.FS

// Locales holds what people read when an address is refused.
func Locales() fs.FS { return locales }
