package customers

import (
	"strings"
	"time"
)

// timeOfDay is what stands behind a day.
type timeOfDay struct {
	hour, min, sec, nano int
	zoned                bool
	offset               time.Duration
}

// readTime reads nothing, or a time: "T10:00:00.5Z", " 19:58", ", 7:58 PM +0200",
// " à 19 h 58", " 09h05".
func readTime(s string) (t timeOfDay, ok bool) {
	s = strings.TrimSpace(strings.TrimLeft(s, ","))
	if s == "" {
		return t, true
	}
	if s[0] == 'T' || s[0] == 't' {
		s = s[1:]
	}
	for _, at := range []string{"à ", "a ", "at ", "um "} {
		s = strings.TrimPrefix(s, at)
	}
	s = strings.TrimSpace(s)
	n := 0
	var width int
	if t.hour, width = leading(s, 2); width == 0 {
		return t, false
	}
	s = s[width:]
	n++
	compact := width == 2 && len(s) >= 2 && onlyDigits(s[:2])
	for ; n < 3; n++ {
		before := s
		if !compact {
			s = strings.TrimLeft(s, " ")
			if s == "" || strings.IndexByte(":hH.", s[0]) < 0 && !(n == 2 && (s[0] == 'm' || s[0] == '\'')) {
				s = before
				break
			}
			sign := s[0]
			if sign == 'm' && strings.HasPrefix(s, "min") {
				s = s[2:]
			}
			s = strings.TrimLeft(s[1:], " ")
			if s == "" || s[0] < '0' || s[0] > '9' {
				// "19 h" and "19 h 58 min" end here.
				if sign == ':' || sign == '.' {
					return t, false
				}
				n = 3
				break
			}
		}
		v, w := leading(s, 2)
		if w == 0 || w == 1 && n == 1 && !strings.Contains(before, "h") {
			if compact && w == 0 {
				break
			}
			return t, false
		}
		if n == 1 {
			t.min = v
		} else {
			t.sec = v
		}
		s = s[w:]
	}
	if n == 1 {
		// A lone number behind a day is a time only with a sign of one: 7 PM.
		if key := plain(s); key != "am" && key != "pm" && key != "a m" && key != "p m" {
			return t, false
		}
	}
	if len(s) > 1 && (s[0] == '.' || s[0] == ',') {
		v, w := leading(s[1:], 9)
		if w == 0 {
			return t, false
		}
		for range 9 - w {
			v *= 10
		}
		t.nano = v
		s = strings.TrimLeft(s[1+w:], "0123456789")
	}
	s = strings.TrimPrefix(strings.TrimSpace(s), "s")
	if s, ok = halfOfDay(strings.TrimSpace(s), &t); !ok {
		return t, false
	}
	if !zone(s, &t) {
		return t, false
	}
	if t.hour == 24 && t.min == 0 && t.sec == 0 {
		t.hour, t.min, t.sec, t.nano = 23, 59, 59, 0
	}
	return t, t.hour < 24 && t.min < 60 && t.sec < 61
}

// leading reads the digits at the beginning, at most so many.
func leading(s string, most int) (v, width int) {
	for width < len(s) && width < most && s[width] >= '0' && s[width] <= '9' {
		v = v*10 + int(s[width]-'0')
		width++
	}
	return v, width
}

// halfOfDay reads AM or PM.
func halfOfDay(s string, t *timeOfDay) (rest string, ok bool) {
	for _, half := range []string{"am", "pm", "a.m.", "p.m."} {
		if len(s) < len(half) || !strings.EqualFold(s[:len(half)], half) {
			continue
		}
		if t.hour < 1 || t.hour > 12 {
			return s, false
		}
		t.hour %= 12
		if half[0] == 'p' {
			t.hour += 12
		}
		return strings.TrimSpace(s[len(half):]), true
	}
	return s, true
}

// zone reads Z, UTC, GMT, +02:00, +0200, +02, UTC+2; another name of a zone is
// refused, because its offset is not certain.
func zone(s string, t *timeOfDay) bool {
	if s == "" {
		return true
	}
	t.zoned = true
	s = strings.Trim(s, "()")
	for _, name := range []string{"UTC", "GMT", "Z"} {
		if rest, found := strings.CutPrefix(strings.ToUpper(s), name); found {
			s = strings.TrimSpace(rest)
			break
		}
	}
	if s == "" {
		return true
	}
	sign := time.Duration(1)
	switch {
	case s[0] == '-':
		sign = -1
		s = s[1:]
	case strings.HasPrefix(s, "−"):
		sign = -1
		s = s[len("−"):]
	case s[0] == '+':
		s = s[1:]
	default:
		return false
	}
	hours, w := leading(s, 2)
	if w == 0 || hours > 14 {
		return false
	}
	s = strings.TrimPrefix(s[w:], ":")
	minutes, w := leading(s, 2)
	if w == 1 || minutes > 59 || len(s) != w {
		return false
	}
	t.offset = sign * (time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute)
	return true
}
