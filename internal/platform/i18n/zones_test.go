package i18n

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata"
)

func TestEveryZoneOfTheListCanBeCountedWith(t *testing.T) {
	all := Zones()
	if len(all) < 300 {
		t.Fatalf("only %d zones", len(all))
	}
	for _, z := range append(all, UsualZones()...) {
		if _, err := time.LoadLocation(z); err != nil {
			t.Error(err)
		}
		if !slices.Contains(all, z) {
			t.Errorf("%s is usual and not of the list", z)
		}
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(all)))); n != len(all) {
		t.Errorf("%d names, %d of them different", len(all), n)
	}
}

func TestTheZoneThatStandsIsAlwaysOffered(t *testing.T) {
	for zone, want := range map[string]int{"": 0, "Europe/Paris": 0, "Asia/Tokyo": 0, "Asia/Calcutta": 1} {
		if got := len(OtherZones(zone)) + len(UsualZones()) - len(Zones()); got != want {
			t.Errorf("%q adds %d, want %d", zone, got, want)
		}
	}
}
