package webhooks

import "embed"

// Locales holds what administrators read when an endpoint cannot be saved.
//
//go:embed locales/*.json
var Locales embed.FS
