package files

import "embed"

// Locales holds what people read when a file is refused.
//
//go:embed locales/*.json
var Locales embed.FS
