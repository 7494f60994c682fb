package clock

import (
	"testing"
	"time"
)

// office opens on weekdays from 9:00 to 12:00 and from 14:00 to 18:00.
func office(t testing.TB, zone, holidays string) *Calendar {
	return calendar(t, Hours{Zone: zone, Holidays: holidays, Week: Weekdays(Interval{540, 720}, Interval{840, 1080})})
}

// at reads a local time of the calendar.
func at(t testing.TB, c *Calendar, s string) time.Time {
	t.Helper()
	got, err := time.ParseInLocation("2006-01-02 15:04", s, c.loc)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func same(t *testing.T, c *Calendar, what string, got time.Time, want string) {
	t.Helper()
	if !got.Equal(at(t, c, want)) {
		t.Errorf("%s: %s, want %s", what, got.In(c.loc).Format("2006-01-02 15:04:05 -0700"), want)
	}
}

func TestOpeningIsInsideAndClosingIsOutside(t *testing.T) {
	c := office(t, "Europe/Paris", "fr")
	for s, want := range map[string]bool{
		"2027-03-01 08:59": false, "2027-03-01 09:00": true, "2027-03-01 11:59": true, "2027-03-01 12:00": false,
		"2027-03-01 14:00": true, "2027-03-01 18:00": false, "2027-03-06 10:00": false, "2027-03-29 10:00": false, // Easter Monday
	} {
		if got := c.IsOpen(at(t, c, s)); got != want {
			t.Errorf("%s: open %v", s, got)
		}
	}
	same(t, c, "inside", c.NextOpen(at(t, c, "2027-03-01 10:30")), "2027-03-01 10:30")
	same(t, c, "at closing", c.NextOpen(at(t, c, "2027-03-01 18:00")), "2027-03-02 09:00")
	same(t, c, "before a long week-end", c.NextOpen(at(t, c, "2027-03-26 18:00")), "2027-03-30 09:00")
}

func TestOpenMinutesSkipNightsWeekEndsAndHolidays(t *testing.T) {
	c := office(t, "Europe/Paris", "fr")
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"2027-03-01 09:00", "2027-03-01 18:00", 420},
		{"2027-03-01 11:30", "2027-03-01 14:10", 40},
		{"2027-03-26 17:00", "2027-03-30 10:00", 120}, // over Easter and the spring change
		{"2027-03-01 18:00", "2027-03-02 09:00", 0},
		{"2027-03-01 10:00", "2027-03-01 10:00", 0},
		{"2027-03-01 11:00", "2027-03-01 10:00", 0},
		{"2028-02-28 17:00", "2028-03-01 10:00", 60 + 420 + 60}, // 29 February exists
		{"2027-02-26 17:00", "2027-03-01 10:00", 120},           // and does not
	} {
		if got := c.OpenMinutesBetween(at(t, c, test.a), at(t, c, test.b)); got != test.want {
			t.Errorf("%s to %s: %d, want %d", test.a, test.b, got, test.want)
		}
	}
	half := at(t, c, "2027-03-01 09:00").Add(90*time.Second + time.Nanosecond)
	if got := c.OpenBetween(at(t, c, "2027-03-01 08:00"), half); got != 90*time.Second+time.Nanosecond {
		t.Errorf("exact time is %v", got)
	}
	if got := c.OpenMinutesBetween(at(t, c, "2027-03-01 08:00"), half); got != 1 {
		t.Errorf("whole minutes are %d", got)
	}
}

func TestAddOpenMinutesEndsAtTheFirstInstantThatIsLongEnough(t *testing.T) {
	c := office(t, "Europe/Paris", "fr")
	for _, test := range []struct {
		from string
		n    int
		want string
	}{
		{"2027-03-01 09:00", 240, "2027-03-01 15:00"},
		{"2027-03-01 09:00", 180, "2027-03-01 12:00"}, // a closing, not the opening after it
		{"2027-03-01 09:00", 181, "2027-03-01 14:01"},
		{"2027-03-01 20:00", 30, "2027-03-02 09:30"},
		{"2027-03-01 20:00", 0, "2027-03-02 09:00"},
		{"2027-03-01 20:00", -5, "2027-03-02 09:00"},
		{"2027-03-01 18:00", 30, "2027-03-02 09:30"},
		{"2027-03-26 17:30", 60, "2027-03-30 09:30"},
		{"2028-02-28 17:00", 480, "2028-02-29 18:00"},
		{"2027-12-31 17:00", 90, "2028-01-03 09:30"}, // 1 January is a Saturday
	} {
		same(t, c, test.from, c.AddOpenMinutes(at(t, c, test.from), test.n), test.want)
	}
	if z := c.AddOpenMinutes(time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC), 1).Location(); z != c.loc {
		t.Errorf("the answer is in %v", z)
	}
}

// Round the clock, the days of the changes have 23 and 25 hours.
func TestMinutesAreExactOnDaysThatChangeTheClock(t *testing.T) {
	for _, test := range []struct {
		zone, date string
		want       int
	}{
		{"Europe/Paris", "2026-03-29", 23 * 60}, {"Europe/Paris", "2026-10-25", 25 * 60}, {"Europe/Paris", "2026-06-01", 24 * 60},
		{"Europe/Brussels", "2027-03-28", 23 * 60}, {"Europe/Brussels", "2027-10-31", 25 * 60},
		{"America/Montreal", "2026-03-08", 23 * 60}, {"America/Montreal", "2026-11-01", 25 * 60},
		{"Australia/Lord_Howe", "2026-04-05", 24*60 + 30}, {"Australia/Lord_Howe", "2026-10-04", 24*60 - 30},
		{"America/St_Johns", "2010-11-06", 24*60 + 59}, // went from 00:01 of the next day back to 23:01
		{"Pacific/Apia", "2011-12-30", 0},              // a day that never was
	} {
		h := Hours{Zone: test.zone}
		for d := range h.Week {
			h.Week[d] = []Interval{{0, dayMinutes}}
		}
		c := calendar(t, h)
		d := day(t, test.date)
		first, last := d.midnight().Add(-24*time.Hour), d.midnight().Add(48*time.Hour)
		ofDay, ofWindow := 0, 0
		for m := first; m.Before(last); m = m.Add(time.Minute) {
			if !c.IsOpen(m) {
				t.Fatalf("%s: closed at %v", test.zone, m)
			}
			if ofWindow++; DayOf(m.In(c.loc)) == d {
				ofDay++
			}
		}
		if ofDay != test.want {
			t.Errorf("%s %s: open %d minutes, want %d", test.zone, test.date, ofDay, test.want)
		}
		if got := c.OpenMinutesBetween(first, last); got != ofWindow {
			t.Errorf("%s %s: counted %d minutes, want %d", test.zone, test.date, got, ofWindow)
		}
	}
}

func TestNightHoursOnDaysThatChangeTheClock(t *testing.T) {
	night := Hours{Zone: "Europe/Paris"}
	for d := range night.Week {
		night.Week[d] = []Interval{{60, 210}} // 1:00 to 3:30
	}
	c := calendar(t, night)
	for date, want := range map[string]int{"2026-03-28": 150, "2026-03-29": 90, "2026-10-25": 210} {
		if got := c.OpenMinutesBetween(at(t, c, date+" 00:00"), at(t, c, date+" 12:00")); got != want {
			t.Errorf("%s: %d minutes, want %d", date, got, want)
		}
	}
	same(t, c, "over the gap", c.AddOpenMinutes(at(t, c, "2026-03-29 01:30"), 45), "2026-03-29 03:15")
	second := time.Date(2026, 10, 25, 1, 15, 0, 0, time.UTC) // 2:15 for the second time
	if got := c.AddOpenMinutes(at(t, c, "2026-10-25 01:30"), 105); !got.Equal(second) {
		t.Errorf("through the doubled hour: %v", got)
	}
	gap := Hours{Zone: "Europe/Paris"}
	gap.Week[time.Sunday] = []Interval{{120, 180}}
	c = calendar(t, gap)
	same(t, c, "a Sunday without its only hour", c.NextOpen(at(t, c, "2026-03-23 00:00")), "2026-04-05 02:00")
	same(t, c, "nor is it a business day", c.AddBusinessDays(at(t, c, "2026-03-22 02:30"), 1), "2026-04-05 02:30")
}

func TestBusinessDaysKeepTheLocalTime(t *testing.T) {
	paris, montreal, brussels := office(t, "Europe/Paris", "fr"), office(t, "America/Montreal", "ca_qc"), office(t, "Europe/Brussels", "be")
	for _, test := range []struct {
		c    *Calendar
		from string
		n    int
		want string
	}{
		{paris, "2027-03-01 10:15", 1, "2027-03-02 10:15"},
		{paris, "2027-03-05 10:15", 2, "2027-03-09 10:15"},
		{paris, "2027-03-26 16:45", 1, "2027-03-30 16:45"}, // Easter Monday and the spring change between
		{paris, "2027-03-01 20:00", 2, "2027-03-04 09:00"}, // starts on the 2nd at 9:00
		{paris, "2027-03-06 11:00", 2, "2027-03-10 09:00"}, // a Saturday starts on Monday
		{paris, "2027-03-01 12:30", 1, "2027-03-02 14:00"}, // at lunch: starts at 14:00
		{paris, "2027-03-01 20:00", 0, "2027-03-02 09:00"},
		{paris, "2027-03-01 10:00", -3, "2027-03-01 10:00"},
		{paris, "2028-02-25 09:30", 3, "2028-03-01 09:30"}, // over 29 February
		{paris, "2027-05-05 17:00", 2, "2027-05-10 17:00"}, // Ascension, then Friday, then Monday
		{montreal, "2029-06-22 15:00", 1, "2029-06-26 15:00"},
		{montreal, "2029-06-29 15:00", 1, "2029-07-03 15:00"}, // Canada Day is observed on Monday
		{montreal, "2026-10-30 11:00", 1, "2026-11-02 11:00"}, // autumn change between
		{brussels, "2027-07-20 11:00", 1, "2027-07-22 11:00"},
		{paris, "2027-07-20 11:00", 1, "2027-07-21 11:00"},
	} {
		same(t, test.c, test.from, test.c.AddBusinessDays(at(t, test.c, test.from), test.n), test.want)
	}
}

func TestBusinessDaysMoveToTheNearestOpeningOrClosing(t *testing.T) {
	h := Hours{Zone: "Europe/Paris", Week: Weekdays(Interval{480, 1200})}
	h.Week[time.Tuesday] = []Interval{{540, 720}, {840, 1080}}
	c := calendar(t, h)
	for from, want := range map[string]string{
		"2027-03-01 08:10": "2027-03-02 09:00",
		"2027-03-01 11:00": "2027-03-02 11:00",
		"2027-03-01 12:00": "2027-03-02 12:00", // at closing already
		"2027-03-01 12:59": "2027-03-02 12:00",
		"2027-03-01 13:00": "2027-03-02 14:00", // as near: the later one
		"2027-03-01 13:30": "2027-03-02 14:00",
		"2027-03-01 19:45": "2027-03-02 18:00",
	} {
		same(t, c, from, c.AddBusinessDays(at(t, c, from), 1), want)
	}
}

func TestBusinessDaysMeetTheChangeOfTheClock(t *testing.T) {
	all := Hours{Zone: "Europe/Paris"}
	for d := range all.Week {
		all.Week[d] = []Interval{{0, dayMinutes}}
	}
	c := calendar(t, all)
	same(t, c, "2:30 is skipped", c.AddBusinessDays(at(t, c, "2026-03-28 02:30"), 1), "2026-03-29 03:00")
	first := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)
	if got := c.AddBusinessDays(at(t, c, "2026-10-24 02:30"), 1); !got.Equal(first) {
		t.Errorf("2:30 comes twice: %v", got)
	}
	same(t, c, "after the second 2:30", c.AddBusinessDays(first.Add(time.Hour), 1), "2026-10-26 02:30")
}

func TestPausesDoNotCount(t *testing.T) {
	c := office(t, "Europe/Paris", "fr")
	p := func(from, to string) Pause { return Pause{at(t, c, from), at(t, c, to)} }
	start := at(t, c, "2027-03-01 10:00")
	pauses := []Pause{
		p("2027-03-01 15:00", "2027-03-01 15:30"),
		p("2027-03-01 11:00", "2027-03-01 14:10"), // 60 + 10 open minutes
		p("2027-03-01 15:20", "2027-03-01 16:00"), // overlaps
		p("2027-03-01 17:00", "2027-03-01 16:00"), // never was
		p("2027-03-01 19:00", "2027-03-01 20:00"), // nothing to pause
	}
	if got := c.OpenMinutesBetween(start, at(t, c, "2027-03-01 18:00"), pauses...); got != 360-70-60 {
		t.Errorf("%d minutes", got)
	}
	same(t, c, "due", c.AddOpenMinutes(start, 120, pauses...), "2027-03-01 16:10")
	same(t, c, "a pause at the start", c.AddOpenMinutes(at(t, c, "2027-03-01 11:30"), 0, pauses...), "2027-03-01 14:10")
	if len(pauses) != 5 || !pauses[0].From.Equal(at(t, c, "2027-03-01 15:00")) {
		t.Error("the caller's pauses were changed")
	}
}

func TestPausesExtendADueInBusinessDays(t *testing.T) {
	c := office(t, "Europe/Paris", "fr")
	p := func(from, to string) Pause { return Pause{at(t, c, from), at(t, c, to)} }
	start := at(t, c, "2027-03-01 10:00")
	due := c.AddBusinessDays(start, 2)
	same(t, c, "no pause", c.Extend(start, due), "2027-03-03 10:00")
	same(t, c, "pause at night", c.Extend(start, due, p("2027-03-01 19:00", "2027-03-02 08:00")), "2027-03-03 10:00")
	same(t, c, "an hour", c.Extend(start, due, p("2027-03-02 11:00", "2027-03-02 12:00")), "2027-03-03 11:00")
	same(t, c, "begun before the start", c.Extend(start, due, p("2027-02-01 00:00", "2027-03-01 10:30")), "2027-03-03 10:30")
	same(t, c, "a pause within the extension", c.Extend(start, due, p("2027-03-02 11:00", "2027-03-02 12:00"),
		p("2027-03-03 10:30", "2027-03-03 12:00")), "2027-03-03 14:30")
	same(t, c, "after the extended due", c.Extend(start, due, p("2027-03-02 11:00", "2027-03-02 12:00"),
		p("2027-03-03 11:00", "2027-03-03 12:00")), "2027-03-03 11:00")
}

func TestCapShortensAPauseInOpenTime(t *testing.T) {
	c := office(t, "Europe/Paris", "fr")
	p := Pause{at(t, c, "2027-03-01 17:00"), at(t, c, "2027-03-05 09:00")}
	same(t, c, "4 hours", c.Cap(p, 4*time.Hour).To, "2027-03-02 12:00")
	same(t, c, "long enough", c.Cap(p, 400*time.Hour).To, "2027-03-05 09:00")
}

func TestWarningComesInTheLastQuarter(t *testing.T) {
	c := office(t, "Europe/Paris", "fr")
	for _, test := range []struct {
		due   string
		total time.Duration
		want  string
	}{
		{"2027-03-01 15:00", 4 * time.Hour, "2027-03-01 14:00"},
		{"2027-03-01 14:30", 4 * time.Hour, "2027-03-01 11:30"},    // over lunch
		{"2027-03-01 10:00", 30 * time.Minute, "2027-03-01 09:45"}, // never less than 15 minutes
		{"2027-03-01 09:10", 10 * time.Minute, "2027-02-26 17:55"},
		{"2027-03-01 10:00", 4 * time.Hour, "2027-03-01 09:00"}, // an opening, not the closing before it
		{"2027-03-30 09:30", 4 * time.Hour, "2027-03-26 17:30"},
	} {
		same(t, c, test.due, c.Warning(at(t, c, test.due), test.total), test.want)
	}
	pause := Pause{at(t, c, "2027-03-01 14:15"), at(t, c, "2027-03-01 14:45")}
	same(t, c, "a pause before due", c.Warning(at(t, c, "2027-03-01 15:00"), 2*time.Hour, pause), "2027-03-01 14:00")
}

func TestFakeClockStandsStillUntilMoved(t *testing.T) {
	start := time.Date(2027, 3, 1, 10, 0, 0, 0, time.FixedZone("", 3600))
	f := NewFake(start)
	if !f.Now().Equal(start) || f.Now().Location() != time.UTC {
		t.Error(f.Now())
	}
	f.Advance(time.Hour)
	if f.Now().Sub(start) != time.Hour {
		t.Error(f.Now())
	}
	f.Set(start)
	if !f.Now().Equal(start) {
		t.Error(f.Now())
	}
	if now := (System{}).Now(); now.IsZero() || now.Location() != time.UTC {
		t.Error(now)
	}
}
