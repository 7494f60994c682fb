package clock

import (
	"embed"
	"io/fs"
)

//go:embed locales/*.json
var locales embed.FS

// Locales holds the names of holidays and the messages about wrong hours.
func Locales() fs.FS { return locales }

// i18n: clock.holiday.*
