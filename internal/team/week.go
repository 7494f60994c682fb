package team

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"unisson/internal/platform/clock"
)

// Week is opening or working hours by time.Weekday. The zero value means "as
// those above": a person's team, a department's region, a region's company.
type Week [7][]clock.Interval

// weekdays in the order people read them.
func weekdays() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
}

// OfficeWeek is Monday to Friday, mornings and afternoons.
func OfficeWeek() Week {
	return Week(clock.Weekdays(clock.Interval{From: 9 * 60, To: 12*60 + 30}, clock.Interval{From: 13*60 + 30, To: 17*60 + 30}))
}

// IsZero tells whether no day has hours.
func (w Week) IsZero() bool {
	for _, day := range w {
		if len(day) > 0 {
			return false
		}
	}
	return true
}

// String writes the week as it is stored: "1=09:00-12:30,13:30-17:30;2=…",
// days by time.Weekday, in the order of the week.
func (w Week) String() string {
	var days []string
	for _, d := range weekdays() {
		if len(w[d]) == 0 {
			continue
		}
		var spans []string
		for _, iv := range w[d] {
			spans = append(spans, iv.String())
		}
		days = append(days, fmt.Sprintf("%d=%s", d, strings.Join(spans, ",")))
	}
	return strings.Join(days, ";")
}

// ParseWeek reads what String wrote. The empty text is the zero Week.
func ParseWeek(s string) (Week, error) {
	var w Week
	if s == "" {
		return w, nil
	}
	for part := range strings.SplitSeq(s, ";") {
		day, spans, ok := strings.Cut(part, "=")
		d, err := strconv.Atoi(day)
		if !ok || err != nil || d < 0 || d > 6 || len(w[d]) > 0 {
			return Week{}, fmt.Errorf("team: %q is not a week", s)
		}
		for span := range strings.SplitSeq(spans, ",") {
			iv, err := clock.ParseInterval(span)
			if err != nil {
				return Week{}, err
			}
			w[d] = append(w[d], iv)
		}
	}
	return w, nil
}

// ParseOpenings reads the hours of one day as people write them: "9:00-12:30,
// 13:30-17:30", "9 h – 12 h 30 / 13 h 30 – 17 h 30", "9-12.30". Empty: closed.
func ParseOpenings(s string) ([]clock.Interval, error) {
	s = strings.ToLower(s)
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "–", "-", "—", "-", "à", "-", "to", "-",
		"h", ":", ".", ":", ";", ",", "/", ",", "et", ",", "and", ",").Replace(s)
	var list []clock.Interval
	for span := range strings.SplitSeq(s, ",") {
		if span == "" {
			continue
		}
		from, to, ok := strings.Cut(span, "-")
		if !ok {
			return nil, fmt.Errorf("team: %q has no end", span)
		}
		iv, err := clock.ParseInterval(withMinutes(from) + "-" + withMinutes(to))
		if err != nil {
			return nil, err
		}
		list = append(list, iv)
	}
	return list, nil
}

// withMinutes completes "9" and "9:" to "9:00".
func withMinutes(s string) string {
	hour, minute, _ := strings.Cut(s, ":")
	if minute == "" {
		minute = "00"
	}
	return hour + ":" + minute
}

// Openings writes the hours of one day as ParseOpenings reads them.
func Openings(day []clock.Interval) string {
	var spans []string
	for _, iv := range day {
		spans = append(spans, iv.String())
	}
	return strings.Join(spans, ", ")
}
