package config

import (
	"runtime/debug"
	"strings"
)

// Version is this release, stamped by the build:
// -ldflags "-X unisson/internal/platform/config.Version=1.2.0". Nothing else
// writes it.
var Version = ""

// Release names the running program: the stamped version, else the commit it
// was built from.
func Release() string {
	if Version != "" {
		return Version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "development"
	}
	revision, dirty := "", ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			if s.Value == "true" {
				dirty = "+changes"
			}
		}
	}
	if revision == "" {
		return "development"
	}
	return "development " + strings.TrimSpace(revision+dirty)
}
