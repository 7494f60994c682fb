package clock

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"unisson/internal/platform/soak"
)

// oracle knows the opening of every minute of a window because it looked at
// each of them. It shares no code with the calendar but Hours.
type oracle struct {
	first time.Time
	open  []bool
	date  []int // yyyymmdd of the wall clock
	clock []int // minute of the day of the wall clock
}

func newOracle(t *testing.T, h Hours, holidays map[string]bool, first time.Time, days int) *oracle {
	loc, err := time.LoadLocation(h.Zone)
	if err != nil {
		t.Fatal(err)
	}
	o := &oracle{first: first}
	hoursOf := map[int][]Interval{}
	for i := range days * 24 * 60 {
		local := first.Add(time.Duration(i) * time.Minute).In(loc)
		year, month, dom := local.Date()
		date := year*10000 + int(month)*100 + dom
		intervals, known := hoursOf[date]
		if !known {
			text := local.Format("2006-01-02")
			intervals = h.Week[local.Weekday()]
			if holidays[text] {
				intervals = nil
			}
			for _, d := range h.Closed {
				if d.String() == text {
					intervals = nil
				}
			}
			for d, special := range h.Open {
				if d.String() == text {
					intervals = special
				}
			}
			hoursOf[date] = intervals
		}
		minute := local.Hour()*60 + local.Minute()
		inside := slices.ContainsFunc(intervals, func(iv Interval) bool { return minute >= iv.From && minute < iv.To })
		o.open = append(o.open, inside)
		o.date = append(o.date, date)
		o.clock = append(o.clock, minute)
	}
	return o
}

func (o *oracle) time(i int) time.Time { return o.first.Add(time.Duration(i) * time.Minute) }

// without gives a copy in which paused minutes are closed.
func (o *oracle) without(pauses [][2]int) *oracle {
	c := *o
	c.open = slices.Clone(o.open)
	for _, p := range pauses {
		for i := p[0]; i < p[1]; i++ {
			c.open[i] = false
		}
	}
	return &c
}

func (o *oracle) between(a, b int) int {
	n := 0
	for i := a; i < b; i++ {
		if o.open[i] {
			n++
		}
	}
	return n
}

// next is the first open minute from i on, or -1 when the window ends before.
func (o *oracle) next(i int) int {
	for ; i < len(o.open); i++ {
		if o.open[i] {
			return i
		}
	}
	return -1
}

// add is the end of the n-th open minute from i on.
func (o *oracle) add(i, n int) int {
	if n == 0 {
		return o.next(i)
	}
	for ; i < len(o.open); i++ {
		if o.open[i] {
			if n--; n == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// back is the start of the n-th open minute before i.
func (o *oracle) back(i, n int) int {
	for i--; i >= 0; i-- {
		if o.open[i] {
			if n--; n == 0 {
				return i
			}
		}
	}
	return -1
}

// businessDays walks to the n-th later date that has an open minute, then to
// the wall-clock time of the start, then to the nearest border.
func (o *oracle) businessDays(i, n int) int {
	start := o.next(i)
	if start < 0 || n == 0 {
		return start
	}
	date, lastDate := 0, o.date[start]
	for j := start; j < len(o.open) && n > 0; j++ {
		if o.open[j] && o.date[j] > lastDate {
			date, lastDate = o.date[j], o.date[j]
			n--
		}
	}
	if n > 0 {
		return -1
	}
	target, borders := -1, []int{}
	for j := 1; j < len(o.open); j++ {
		of := func(k int) bool { return k < len(o.open) && o.open[k] && o.date[k] == date }
		if o.date[j] == date && o.clock[j] >= o.clock[start] && target < 0 {
			target = j
		}
		if of(j) != of(j-1) {
			borders = append(borders, j)
		}
		if o.date[j] > date+1 {
			break
		}
	}
	if target < 0 || len(borders)%2 == 1 {
		return -1
	}
	best := borders[0]
	for k := 0; k < len(borders); k += 2 {
		if borders[k] <= target && target <= borders[k+1] {
			return target
		}
		for _, b := range borders[k : k+2] {
			if abs(b-target) <= abs(best-target) {
				best = b
			}
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

// scenes are windows in which something happens to the clock or the calendar.
var scenes = []struct {
	zone, holidays, first string
	dates                 []string // public holidays of the window, as published
}{
	{"Europe/Paris", "fr", "2026-03-20", []string{"2026-04-06"}},
	{"Europe/Paris", "fr_alsace_moselle", "2026-03-20", []string{"2026-04-03", "2026-04-06"}},
	{"Europe/Paris", "fr", "2026-10-15", []string{"2026-11-01", "2026-11-11"}},
	{"Europe/Paris", "fr", "2028-02-20", nil},
	{"Europe/Paris", "", "2027-12-20", nil},
	{"Europe/Brussels", "be", "2027-03-15", []string{"2027-03-29"}},
	{"Europe/Brussels", "be", "2027-07-10", []string{"2027-07-21"}},
	{"America/Montreal", "ca_qc", "2026-03-01", nil},
	{"America/Montreal", "ca_qc", "2027-03-05", []string{"2027-03-26"}},
	{"America/Montreal", "ca_qc", "2029-06-15", []string{"2029-07-02"}}, // 24 or 25 June is closed below
	{"America/Montreal", "ca_qc_easter_monday", "2027-03-10", []string{"2027-03-29"}},
	{"America/Montreal", "ca_qc", "2026-10-20", nil},
	{"America/St_Johns", "", "2010-10-25", nil},
	{"Australia/Lord_Howe", "", "2026-03-20", nil},
	{"Pacific/Apia", "", "2011-12-18", nil},
	{"America/Sao_Paulo", "", "2018-10-20", nil}, // midnight is skipped
	{"Asia/Kathmandu", "", "2027-01-01", nil},
}

func randomHours(r *rand.Rand, zone, holidays string, first Day) Hours {
	h := Hours{Zone: zone, Holidays: holidays}
	intervals := func() []Interval {
		var list []Interval
		from := r.IntN(600)
		for range 1 + r.IntN(3) {
			to := min(from+1+r.IntN(400), dayMinutes)
			list = append(list, Interval{from, to})
			if from = to + r.IntN(120); from >= dayMinutes {
				break
			}
		}
		return list
	}
	usual := intervals()
	for d := range h.Week {
		switch r.IntN(6) {
		case 0:
		case 1:
			h.Week[d] = []Interval{{0, dayMinutes}}
		case 2:
			h.Week[d] = intervals()
		default:
			h.Week[d] = usual
		}
	}
	h.Week[time.Wednesday] = usual
	if holidays == "ca_qc" {
		h.Week[time.Sunday] = nil
	}
	used := map[Day]bool{}
	h.Open = map[Day][]Interval{}
	for range r.IntN(4) {
		if d := first.Add(r.IntN(25)); !used[d] {
			used[d] = true
			h.Closed = append(h.Closed, d)
		}
		if d := first.Add(r.IntN(25)); !used[d] {
			used[d] = true
			h.Open[d] = intervals()
		}
	}
	return h
}

func TestSoakBusinessClockAgreesWithLookingAtEveryMinute(t *testing.T) {
	run := soak.Start(t, "T-C04")
	const days, perCalendar = 25, 100
	done, checked, wanted := 0, map[string]int{}, run.Size(10_000, 1_000_000)
	for done < wanted {
		scene := scenes[run.Rand.IntN(len(scenes))]
		first := day(t, scene.first)
		h := randomHours(run.Rand, scene.zone, scene.holidays, first)
		holidays := map[string]bool{}
		for _, d := range append([]string{"2029-06-25"}, scene.dates...) {
			holidays[d] = true
		}
		c := calendar(t, h)
		o := newOracle(t, h, holidays, first.midnight().Add(12*time.Hour), days)
		for range perCalendar {
			compare(t, run.Rand, c, o, checked)
			done++
		}
		if t.Failed() {
			t.Fatalf("with %+v", h)
		}
	}
	for what, n := range checked {
		if n < done*6/10 {
			t.Errorf("%s: only %d of %d cases stayed inside the window", what, n, done)
		}
	}
	run.Done("", 0, done)
}

// compare asks calendar and oracle the same questions. A question whose answer
// lies outside the oracle's window is not counted in checked.
func compare(t *testing.T, r *rand.Rand, c *Calendar, o *oracle, checked map[string]int) {
	t.Helper()
	check := func(what string, got time.Time, want int) {
		if want < 0 {
			return
		}
		checked[what]++
		if !got.Equal(o.time(want)) {
			t.Errorf("%s: %v, want %v", what, got, o.time(want).In(c.loc))
		}
	}
	window := len(o.open)
	a := r.IntN(window * 2 / 3)
	b := a + r.IntN(window-a)
	n := r.IntN(2000)
	from, to := o.time(a), o.time(b)

	if got := c.IsOpen(from); got != o.open[a] {
		t.Errorf("open at %v: %v", from.In(c.loc), got)
	}
	check("next opening", c.NextOpen(from), o.next(a))
	check("business days", c.AddBusinessDays(from, n%6), o.businessDays(a, n%6))

	var pauses []Pause
	var minutesOff [][2]int
	for range r.IntN(4) {
		p := r.IntN(window)
		q := min(p+r.IntN(3000), window)
		minutesOff = append(minutesOff, [2]int{p, q})
		pauses = append(pauses, Pause{o.time(p), o.time(q)})
	}
	off := o.without(minutesOff)
	checked["minutes between"]++
	if got := c.OpenMinutesBetween(from, to, pauses...); got != off.between(a, b) {
		t.Errorf("minutes between: %d, want %d", got, off.between(a, b))
	}
	check("add minutes", c.AddOpenMinutes(from, n, pauses...), off.add(a, n))
	check("add without pause", c.AddOpenMinutes(from, n), o.add(a, n))
	check("warning", c.Warning(to, minutes(n)*4, pauses...), off.back(b, max(n, 15)))

	due := c.Extend(from, to, pauses...)
	if open, left := o.between(a, b), off.between(a, b); open == left {
		check("extend", due, b)
	} else if end := off.add(a, open); end >= 0 && open > 0 {
		check("extend", due, end)
	}
}

func FuzzCalendarKeepsItsPromises(f *testing.F) {
	f.Add(uint64(1), int64(1774746000), 30, 3)
	f.Add(uint64(7), int64(1792890000), 0, 1)
	f.Add(uint64(12), int64(-62135596800), 100_000, 40)
	f.Fuzz(func(t *testing.T, pick uint64, unix int64, n, days int) {
		r := rand.New(rand.NewPCG(pick, 2))
		scene := scenes[r.IntN(len(scenes))]
		c := calendar(t, randomHours(r, scene.zone, scene.holidays, day(t, scene.first)))
		start := time.Unix(unix%4_000_000_000, 0) // 1843 to 2096
		n, days = abs(n%50_000), abs(days%300)
		open := c.NextOpen(start)
		due := c.AddOpenMinutes(start, n)
		switch {
		case open.Before(start) || !c.IsOpen(open) || !c.NextOpen(open).Equal(open):
			t.Errorf("next opening after %v is %v", start, open)
		case c.OpenBetween(start, open) != 0:
			t.Errorf("open before the next opening %v", open)
		case c.OpenMinutesBetween(start, due) != n:
			t.Errorf("%d minutes after %v is %v, which is %v", n, start, due, c.OpenBetween(start, due))
		case n > 0 && c.OpenBetween(start, due.Add(-1)) != minutes(n)-1:
			t.Errorf("%v is not the first instant after %d minutes", due, n)
		}
		end := c.AddBusinessDays(start, days)
		if next := c.AddBusinessDays(start, days+1); !end.Before(next) || end.Before(open) {
			t.Errorf("%d business days end at %v, one more at %v", days, end, next)
		}
		warn := c.Warning(due, minutes(n))
		if got := c.OpenBetween(warn, due); got != max(minutes(n)/4, warningLead) || !c.IsOpen(warn) {
			t.Errorf("warned at %v, %v before %v", warn, got, due)
		}
	})
}

func FuzzParseInterval(f *testing.F) {
	for _, s := range []string{"09:00-12:30", "0:00-24:00", "24:00-00:00", "-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		iv, err := ParseInterval(s)
		if err != nil {
			return
		}
		if back, err := ParseInterval(iv.String()); err != nil || back != iv {
			t.Errorf("%q gives %v, which gives %v, %v", s, iv, back, err)
		}
	})
}
