package notify

import (
	"testing"
	"time"

	"unisson/internal/platform/errs"
)

func TestQuietHoursEndByTheClockOnTheWall(t *testing.T) {
	for _, c := range []struct {
		zone, from, to, at, end string // at and end in UTC
	}{
		{"Europe/Paris", "19:00", "08:00", "2026-11-24T18:00Z", "2026-11-25T07:00Z"},
		{"Europe/Paris", "19:00", "08:00", "2026-11-24T17:59Z", ""},
		{"Europe/Paris", "19:00", "08:00", "2026-11-25T07:00Z", ""},
		{"Europe/Paris", "12:00", "14:00", "2026-11-24T11:30Z", "2026-11-24T13:00Z"},
		// The end does not exist on 29 March: the clock jumps from 2:00 to 3:00.
		{"Europe/Paris", "23:00", "02:30", "2026-03-29T00:10Z", "2026-03-29T01:00Z"},
		// The end exists twice on 25 October: the first one ends the quiet hours, and the hour comes back quiet.
		{"Europe/Paris", "23:00", "02:30", "2026-10-24T23:50Z", "2026-10-25T00:30Z"},
		{"Europe/Paris", "23:00", "02:30", "2026-10-25T01:10Z", "2026-10-25T01:30Z"},
		{"America/Montreal", "19:00", "08:00", "2026-11-01T03:00Z", "2026-11-01T13:00Z"},
		{"Australia/Lord_Howe", "22:00", "07:00", "2026-10-03T14:00Z", "2026-10-03T20:00Z"},
		{"Asia/Kolkata", "22:00", "07:00", "2026-10-03T20:00:30Z", "2026-10-04T01:30Z"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		p := Preferences{Quiet: true, QuietFrom: clockMinutes(c.from), QuietTo: clockMinutes(c.to)}
		got := p.quietUntil(moment(t, c.at), zone)
		want := time.Time{}
		if c.end != "" {
			want = moment(t, c.end)
		}
		if !got.Equal(want) {
			t.Errorf("%s %s–%s at %s: got %v, want %v", c.zone, c.from, c.to, c.at, got, want)
		}
	}
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	for _, layout := range []string{"2006-01-02T15:04Z", "2006-01-02T15:04:05Z"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at
		}
	}
	t.Fatalf("%q is no moment", s)
	return time.Time{}
}

func TestPreferencesThatCannotBeKeptAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Preferences)
		field  string
		code   string
	}{
		"defaults":            {func(*Preferences) {}, "", ""},
		"hour 24":             {func(p *Preferences) { p.DigestHour = 24 }, "digest_hour", "notify.errors.hour"},
		"hour -1":             {func(p *Preferences) { p.DigestHour = -1 }, "digest_hour", "notify.errors.hour"},
		"no time":             {func(p *Preferences) { p.QuietFrom = clockMinutes("25:00") }, "quiet_from", "notify.errors.time"},
		"no end":              {func(p *Preferences) { p.QuietTo = clockMinutes("") }, "quiet_to", "notify.errors.time"},
		"no length":           {func(p *Preferences) { p.QuietTo = p.QuietFrom }, "quiet_to", "notify.errors.same_time"},
		"always quiet":        {func(p *Preferences) { p.QuietFrom, p.QuietTo = 8*60+30, 8*60 }, "quiet_to", "notify.errors.no_time_left"},
		"one hour is enough":  {func(p *Preferences) { p.QuietFrom, p.QuietTo = 9*60, 8*60 }, "", ""},
		"no length, not kept": {func(p *Preferences) { p.Quiet, p.QuietTo = false, p.QuietFrom }, "", ""},
	} {
		p := Defaults()
		c.change(&p)
		err := p.Validate()
		fields := errs.FieldsOf(err)
		if c.field == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if len(fields) != 1 || fields[0].Name != c.field || fields[0].Code != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestClockTextsAreReadBack(t *testing.T) {
	for m := range minutesOfDay {
		if got := clockMinutes(clockText(m)); got != m {
			t.Fatalf("%d became %d", m, got)
		}
	}
}
