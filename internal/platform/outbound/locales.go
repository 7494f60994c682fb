package outbound

import "embed"

// Locales holds what people read when an address is refused.
//
//go:embed locales/*.json
var Locales embed.FS
