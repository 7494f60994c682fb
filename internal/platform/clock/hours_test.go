package clock

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"unisson/internal/platform/errs"
)

func TestHoursSurviveJSON(t *testing.T) {
	h := Hours{
		Zone: "Europe/Brussels", Holidays: "be", Week: Weekdays(Interval{540, 750}, Interval{810, 1080}),
		Closed: []Day{{2027, time.December, 24}},
		Open:   map[Day][]Interval{{2027, time.December, 18}: {{600, 1440}}},
	}
	data, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	var back Hours
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	h.Week[0], h.Week[6] = nil, nil
	if !reflect.DeepEqual(h, back) {
		t.Errorf("\n got %+v\nwant %+v\njson %s", back, h, data)
	}
	if err := json.Unmarshal([]byte(`{"closed":["2027-02-30"]}`), &back); err == nil {
		t.Error("30 February was read")
	}
}

func TestWrongHoursNameTheirField(t *testing.T) {
	good := func() Hours {
		return Hours{Zone: "Europe/Paris", Holidays: "fr", Week: Weekdays(Interval{540, 1080})}
	}
	many := make([]Interval, 13)
	for i := range many {
		many[i] = Interval{i * 60, i*60 + 30}
	}
	for name, test := range map[string]struct {
		change      func(h *Hours)
		field, code string
	}{
		"zone unknown":      {func(h *Hours) { h.Zone = "Europe/Atlantis" }, "zone", "clock.errors.zone"},
		"zone empty":        {func(h *Hours) { h.Zone = "" }, "zone", "clock.errors.zone"},
		"zone of machine":   {func(h *Hours) { h.Zone = "Local" }, "zone", "clock.errors.zone"},
		"zone with path":    {func(h *Hours) { h.Zone = "../../etc/passwd" }, "zone", "clock.errors.zone"},
		"holidays":          {func(h *Hours) { h.Holidays = "mars" }, "holidays", "clock.errors.holidays"},
		"backwards":         {func(h *Hours) { h.Week[2] = []Interval{{700, 600}} }, "week.2", "clock.errors.interval"},
		"empty":             {func(h *Hours) { h.Week[2] = []Interval{{600, 600}} }, "week.2", "clock.errors.interval"},
		"before midnight":   {func(h *Hours) { h.Week[2] = []Interval{{-1, 600}} }, "week.2", "clock.errors.interval"},
		"after midnight":    {func(h *Hours) { h.Week[2] = []Interval{{600, 1441}} }, "week.2", "clock.errors.interval"},
		"overlap":           {func(h *Hours) { h.Week[0] = []Interval{{700, 800}, {600, 701}} }, "week.0", "clock.errors.overlap"},
		"too many":          {func(h *Hours) { h.Week[0] = many }, "week.0", "clock.errors.too_many_intervals"},
		"never open":        {func(h *Hours) { h.Week = [7][]Interval{} }, "week", "clock.errors.no_hours"},
		"closed no day":     {func(h *Hours) { h.Closed = []Day{{2027, 2, 30}} }, "closed", "clock.errors.day"},
		"open no day":       {func(h *Hours) { h.Open = map[Day][]Interval{{}: {{1, 2}}} }, "open", "clock.errors.day"},
		"open no hours":     {func(h *Hours) { h.Open = map[Day][]Interval{{2027, 1, 1}: nil} }, "open", "clock.errors.no_hours"},
		"open wrong":        {func(h *Hours) { h.Open = map[Day][]Interval{{2027, 1, 1}: {{5, 5}}} }, "open", "clock.errors.interval"},
		"open and closed":   {func(h *Hours) { h.Closed = []Day{{2027, 1, 1}}; h.Open = map[Day][]Interval{{2027, 1, 1}: {{5, 6}}} }, "open", "clock.errors.open_and_closed"},
		"too many odd days": {func(h *Hours) { h.Closed = make([]Day, maxDays+1) }, "closed", "clock.errors.too_many_days"},
	} {
		h := good()
		test.change(&h)
		_, err := New(h)
		fields := errs.FieldsOf(err)
		if len(fields) == 0 || fields[0].Name != test.field || fields[0].Code != test.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(good()); err != nil {
		t.Error(err)
	}
}

func TestIntervalsThatTouchAreOne(t *testing.T) {
	c := calendar(t, Hours{Zone: "Europe/Paris", Week: Weekdays(Interval{720, 1080}, Interval{540, 720})})
	if got := c.HoursOn(day(t, "2027-03-01")); len(got) != 1 || got[0] != (Interval{540, 1080}) {
		t.Errorf("got %v", got)
	}
}

func TestParseInterval(t *testing.T) {
	for s, want := range map[string]Interval{"09:00-12:30": {540, 750}, "0:00-24:00": {0, 1440}, "9:05-9:06": {545, 546}} {
		got, err := ParseInterval(s)
		if err != nil || got != want {
			t.Errorf("%q: %v %v", s, got, err)
		}
		if back, err := ParseInterval(got.String()); err != nil || back != want {
			t.Errorf("%q is written as %s", s, got)
		}
	}
	for _, s := range []string{"", "-", "9-12", "09:00", "09:00-", "12:00-09:00", "09:00-09:00", "00:00-24:01", "24:00-24:00", "25:00-26:00",
		"09:60-10:00", "9:0-10:00", "+9:00-10:00", "-1:00-10:00", "009:00-10:00", "09:00-10:00-11:00", "09:00–10:00", " 09:00-10:00", "９:00-10:00"} {
		if got, err := ParseInterval(s); err == nil {
			t.Errorf("%q was read as %v", s, got)
		}
	}
}

func TestParseDay(t *testing.T) {
	for _, s := range []string{"2028-02-29", "2000-02-29", "0001-01-01", "9999-12-31"} {
		if d, err := ParseDay(s); err != nil || d.String() != s {
			t.Errorf("%q: %v %v", s, d, err)
		}
	}
	for _, s := range []string{"", "2027-02-29", "1900-02-29", "0000-01-01", "2027-1-1", "2027-13-01", "27-01-01", "2027-01-01 ", "10000-01-01"} {
		if d, err := ParseDay(s); err == nil {
			t.Errorf("%q was read as %v", s, d)
		}
	}
}

func TestDaysAreOrdered(t *testing.T) {
	days := []Day{{2026, 12, 31}, {2027, 1, 30}, {2027, 2, 1}, {2027, 2, 2}}
	for i, a := range days {
		for j, b := range days {
			if a.Before(b) != (i < j) {
				t.Errorf("%v before %v: %v", a, b, a.Before(b))
			}
		}
	}
	if got := (Day{2028, 2, 28}).Add(2); got != (Day{2028, 3, 1}) {
		t.Errorf("28 February 2028 + 2 is %v", got)
	}
}

func TestExceptionsComeBeforeHolidaysAndTheWeek(t *testing.T) {
	c := calendar(t, Hours{
		Zone: "Europe/Paris", Holidays: "fr", Week: Weekdays(Interval{540, 1080}),
		Closed: []Day{day(t, "2027-05-07")},
		Open:   map[Day][]Interval{day(t, "2027-05-06"): {{600, 720}}, day(t, "2027-05-09"): {{0, 60}}},
	})
	for s, want := range map[string]int{
		"2027-05-05": 540, // a Wednesday
		"2027-05-06": 120, // Ascension, open by exception
		"2027-05-07": 0,   // closed by exception
		"2027-05-08": 0,   // a Saturday, and Victory Day
		"2027-05-09": 60,  // a Sunday, open by exception
		"2027-05-17": 0,   // Whit Monday
	} {
		total := 0
		for _, iv := range c.HoursOn(day(t, s)) {
			total += iv.To - iv.From
		}
		if total != want {
			t.Errorf("%s: %d minutes, want %d", s, total, want)
		}
	}
	if c.Location().String() != "Europe/Paris" {
		t.Error(c.Location())
	}
}

func calendar(t testing.TB, h Hours) *Calendar {
	t.Helper()
	c, err := New(h)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
