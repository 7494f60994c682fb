package clock

import "embed"

// Locales holds the names of holidays and the messages about wrong hours.
//
//go:embed locales/*.json
var Locales embed.FS

// i18n: clock.holiday.*
