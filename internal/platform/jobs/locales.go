package jobs

import "embed"

// Locales holds what administrators read when a job cannot be changed.
//
//go:embed locales/*.json
var Locales embed.FS
