package jobs

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests do not depend on the machine
)

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

func TestScheduleFollowsTheWallClockAcrossDaylightSaving(t *testing.T) {
	const paris = "Europe/Paris"
	for name, c := range map[string]struct {
		spec, zone string
		from       string
		want       []string
	}{
		"an ordinary day":          {"30 7 * * *", paris, "2026-06-01T00:00:00Z", []string{"2026-06-01T05:30:00Z", "2026-06-02T05:30:00Z"}},
		"weekdays only":            {"0 7 * * 1-5", paris, "2026-06-05T05:00:00Z", []string{"2026-06-08T05:00:00Z", "2026-06-09T05:00:00Z"}},
		"spring, after the gap":    {"0 7 * * *", paris, "2026-03-28T12:00:00Z", []string{"2026-03-29T05:00:00Z", "2026-03-30T05:00:00Z"}},
		"spring, inside the gap":   {"30 2 * * *", paris, "2026-03-28T12:00:00Z", []string{"2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"}},
		"spring, edge of the gap":  {"0 2 * * *", paris, "2026-03-28T12:00:00Z", []string{"2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"}},
		"spring, two in the gap":   {"0,30 2 * * *", paris, "2026-03-29T00:00:00Z", []string{"2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"}},
		"autumn, lived twice":      {"30 2 * * *", paris, "2026-10-24T12:00:00Z", []string{"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}},
		"autumn, between the two":  {"30 2 * * *", paris, "2026-10-25T00:45:00Z", []string{"2026-10-26T01:30:00Z"}},
		"autumn, after both":       {"0 3 * * *", paris, "2026-10-25T00:00:00Z", []string{"2026-10-25T02:00:00Z", "2026-10-26T02:00:00Z"}},
		"spring, every hour":       {"0 * * * *", paris, "2026-03-29T00:00:00Z", []string{"2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z", "2026-03-29T03:00:00Z"}},
		"autumn, every hour":       {"0 * * * *", paris, "2026-10-24T23:00:00Z", []string{"2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"}},
		"autumn, every 20 minutes": {"*/20 * * * *", paris, "2026-10-25T00:30:00Z", []string{"2026-10-25T00:40:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:20:00Z"}},
		"Montréal in spring":       {"15 2 * * *", "America/Toronto", "2026-03-07T12:00:00Z", []string{"2026-03-08T07:00:00Z", "2026-03-09T06:15:00Z"}},
		"a gap at midnight":        {"0 0 * * *", "America/Santiago", "2026-09-05T12:00:00Z", []string{"2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"}},
		"half an hour of summer":   {"15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00Z", []string{"2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"}},
		"end of February":          {"0 6 29 2 *", "", "2026-01-01T00:00:00Z", []string{"2028-02-29T06:00:00Z", "2032-02-29T06:00:00Z"}},
		"by elapsed time":          {"@every 90m", paris, "2026-10-25T00:00:00Z", []string{"2026-10-25T01:30:00Z", "2026-10-25T03:00:00Z"}},
		"a word":                   {"@daily", paris, "2026-10-25T00:00:00Z", []string{"2026-10-25T23:00:00Z", "2026-10-26T23:00:00Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := parseRule(c.spec, c.zone)
			if err != nil {
				t.Fatal(err)
			}
			at := instant(t, c.from)
			for i, want := range c.want {
				if at = r.next(at); !at.Equal(instant(t, want)) {
					t.Fatalf("tick %d at %s, want %s", i+1, at.Format(time.RFC3339), want)
				}
			}
		})
	}
}

// A day has one tick of a daily rule, whatever the hour, the zone and the point
// of departure: ticks by steps equal ticks by any other steps.
func TestDailyRuleFiresOnceOnEveryDayOfTheYear(t *testing.T) {
	for _, zone := range []string{"Europe/Paris", "America/Toronto", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for hour := range 24 {
			r, err := parseRule("30 "+string([]byte{byte('0' + hour/10), byte('0' + hour%10)})+" * * *", zone)
			if err != nil {
				t.Fatal(err)
			}
			days := map[string]int{}
			at := time.Date(2026, 1, 1, 0, 0, 0, 0, loc)
			for end := at.AddDate(1, 0, 0); ; {
				at = r.next(at)
				if !at.Before(end) {
					break
				}
				days[at.In(loc).Format(time.DateOnly)]++
			}
			if len(days) != 365 {
				t.Errorf("%s, hour %d: fires on %d days", zone, hour, len(days))
			}
			for day, n := range days {
				if n != 1 {
					t.Errorf("%s, hour %d: fires %d times on %s", zone, hour, n, day)
				}
			}
		}
	}
}

func TestWrongRulesAreRefused(t *testing.T) {
	for _, c := range []struct{ spec, zone string }{
		{"", ""}, {"* * *", ""}, {"61 * * * *", ""}, {"TZ=Europe/Paris 0 7 * * *", ""}, {"0 7 * * *", "Europe/Atlantis"}, {"@sometimes", ""},
	} {
		if _, err := parseRule(c.spec, c.zone); err == nil {
			t.Errorf("%q in %q is accepted", c.spec, c.zone)
		}
	}
	r, err := parseRule("0 0 31 2 *", "")
	if err != nil {
		t.Fatal(err)
	}
	if at := r.next(instant(t, "2026-01-01T00:00:00Z")); !at.IsZero() {
		t.Errorf("the 31st of February falls on %s", at)
	}
}
