package i18n

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed zones.txt
var zoneNames string

// Zones lists the time zones one can choose, by their IANA names: those that
// the program carries itself, without the old spellings of others.
func Zones() []string { return strings.Fields(zoneNames) }

// UsualZones lists those that are chosen most, offered before the others.
func UsualZones() []string {
	return []string{"Europe/Paris", "Europe/Brussels", "Europe/Zurich", "Europe/Luxembourg", "America/Montreal", "America/Toronto", "America/Halifax",
		"America/Winnipeg", "America/Edmonton", "America/Vancouver", "Europe/London", "Africa/Casablanca", "Africa/Algiers", "Africa/Tunis", "Africa/Abidjan",
		"Africa/Dakar", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion", "Pacific/Noumea", "Pacific/Tahiti", "UTC"}
}

// OtherZones are the rest of Zones, and the one that stands if it is of another
// spelling.
func OtherZones(stands string) []string {
	out := slices.DeleteFunc(Zones(), func(z string) bool { return slices.Contains(UsualZones(), z) })
	if stands != "" && !slices.Contains(out, stands) && !slices.Contains(UsualZones(), stands) {
		out = append([]string{stands}, out...)
	}
	return out
}
