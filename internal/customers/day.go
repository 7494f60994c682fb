package customers

import (
	"strconv"
	"strings"
	"time"
)

// DayOrder says in which order a column writes day, month and year.
type DayOrder string

// The orders. Each also reads what leaves no doubt: 2026-11-24, 24 novembre 2026.
const (
	DayFirst   DayOrder = "dmy"   // 24/11/2026
	MonthFirst DayOrder = "mdy"   // 11/24/2026
	YearFirst  DayOrder = "ymd"   // 26/11/24
	ExcelDays  DayOrder = "excel" // 46350, days since 1900 as a spreadsheet counts
)

// DayOrders lists them.
func DayOrders() []DayOrder { return []DayOrder{DayFirst, MonthFirst, YearFirst, ExcelDays} }

// ParseDay reads a day as 2026-11-24, whatever time stands behind it. A day
// without its year, or one that the order makes impossible, is refused: 05.jan is
// what a spreadsheet made of "1-5". Two digits of a year mean 1970 to 2069.
func ParseDay(s string, order DayOrder) (day string, ok bool) {
	y, m, d, _, ok := readDay(s, order)
	if !ok {
		return "", false
	}
	return isoDay(y, m, d), true
}

func isoDay(y, m, d int) string {
	b := [10]byte{0, 0, 0, 0, '-', 0, 0, '-', 0, 0}
	for i, v := range []int{y / 1000, y / 100 % 10, y / 10 % 10, y % 10} {
		b[i] = byte('0' + v)
	}
	b[5], b[6], b[8], b[9] = byte('0'+m/10), byte('0'+m%10), byte('0'+d/10), byte('0'+d%10)
	return string(b[:])
}

// ParseInstant reads a day and a time of day. Without a zone of its own it is
// taken in loc (UTC when nil); without a time it is the day's beginning.
func ParseInstant(s string, order DayOrder, loc *time.Location) (time.Time, bool) {
	if loc == nil {
		loc = time.UTC
	}
	y, m, d, rest, ok := readDay(s, order)
	if !ok {
		return time.Time{}, false
	}
	t, ok := readTime(rest)
	if !ok {
		return time.Time{}, false
	}
	if t.zoned {
		return time.Date(y, time.Month(m), d, t.hour, t.min, t.sec, t.nano, time.UTC).Add(-t.offset), true
	}
	return time.Date(y, time.Month(m), d, t.hour, t.min, t.sec, t.nano, loc).UTC(), true
}

// readDay reads the day at the beginning of s and gives what stands behind it,
// which is empty or a time.
func readDay(s string, order DayOrder) (y, m, d int, rest string, ok bool) {
	if len(s) > 100 {
		return 0, 0, 0, "", false
	}
	s = strings.Trim(tidy(s), "\"', ")
	if s == "" {
		return 0, 0, 0, "", false
	}
	if order == ExcelDays {
		if y, m, d, rest, ok = excelDay(s); ok {
			return y, m, d, rest, true
		}
	}
	if s[0] >= '0' && s[0] <= '9' {
		y, m, d, rest, ok = digitDay(s, order)
	}
	if !ok {
		y, m, d, rest, ok = namedDay(s)
	}
	if !ok || !realDay(y, m, d) {
		return 0, 0, 0, "", false
	}
	if _, ok = readTime(rest); !ok {
		return 0, 0, 0, "", false
	}
	return y, m, d, rest, true
}

func realDay(y, m, d int) bool {
	if y < 1000 || y > 2999 || m < 1 || m > 12 || d < 1 || d > 31 {
		return false
	}
	if d <= 28 {
		return true
	}
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Day() == d
}

// digitDay reads three numbers with one separator between them, or eight digits.
func digitDay(s string, order DayOrder) (y, m, d int, rest string, ok bool) {
	var part, width [3]int
	pos, n := 0, 0
	var sep byte
	for n < 3 {
		start := pos
		for pos < len(s) && s[pos] >= '0' && s[pos] <= '9' && pos-start < 9 {
			part[n] = part[n]*10 + int(s[pos]-'0')
			pos++
		}
		width[n] = pos - start
		if width[n] == 0 {
			return 0, 0, 0, "", false
		}
		n++
		if n == 1 && width[0] == 8 {
			return eightDigits(s, part[0], pos, order)
		}
		if n == 3 {
			break
		}
		if pos >= len(s) || strings.IndexByte("/.- ", s[pos]) < 0 || sep != 0 && s[pos] != sep {
			return 0, 0, 0, "", false
		}
		sep = s[pos]
		pos++
		if sep != ' ' && pos < len(s) && s[pos] == ' ' {
			pos++ // 24. 11. 2026
		}
	}
	rest = s[pos:]
	switch {
	case width[0] == 4 && width[1] <= 2 && width[2] <= 2:
		return part[0], part[1], part[2], rest, true
	case width[0] > 2 || width[1] > 2:
		return 0, 0, 0, "", false
	case order == YearFirst && width[0] == 2 && width[2] <= 2:
		return fullYear(part[0]), part[1], part[2], rest, true
	case width[2] != 4 && width[2] != 2:
		return 0, 0, 0, "", false
	}
	y = part[2]
	if width[2] == 2 {
		y = fullYear(y)
	}
	if order == MonthFirst {
		return y, part[0], part[1], rest, true
	}
	return y, part[1], part[0], rest, true
}

// eightDigits reads 20261124, and 24112026 or 11242026 where the first reading
// gives no day.
func eightDigits(s string, v, pos int, order DayOrder) (y, m, d int, rest string, ok bool) {
	rest = s[pos:]
	if y, m, d = v/10000, v/100%100, v%100; realDay(y, m, d) && y >= 1800 && y < 2200 {
		return y, m, d, rest, true
	}
	y, m, d = v%10000, v/10000%100, v/1000000
	if order == MonthFirst {
		m, d = d, m
	}
	return y, m, d, rest, order != YearFirst && y >= 1800 && y < 2200
}

func fullYear(y int) int {
	if y < 70 {
		return 2000 + y
	}
	return 1900 + y
}

// excelDay reads a serial number; 1900-02-29, which never was, is refused.
func excelDay(s string) (y, m, d int, rest string, ok bool) {
	whole, fraction, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	if !onlyDigits(whole) || len(whole) > 7 || fraction != "" && !onlyDigits(fraction) {
		return 0, 0, 0, "", false
	}
	n := atoi(whole)
	if n < 1 || n == 60 || n > 401768 { // 2999-12-31
		return 0, 0, 0, "", false
	}
	if n < 60 {
		n++
	}
	t := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n)
	if fraction != "" {
		if part, err := strconv.ParseFloat("0."+fraction, 64); err == nil && part > 0 {
			// A spreadsheet keeps about a millisecond: whole seconds are meant.
			sec := min(int(part*86400+0.5), 86399)
			rest = " " + time.Date(2000, 1, 1, 0, 0, sec, 0, time.UTC).Format("15:04:05")
		}
	}
	return t.Year(), int(t.Month()), t.Day(), rest, true
}

// namedDay reads a month by its name: 24 novembre 2026, Nov 24, 2026, 24-nov.-26,
// mardi 1er décembre 2026, 24th of November 2026, 2026 Nov 24.
func namedDay(s string) (y, m, d int, rest string, ok bool) {
	var numbers, widths []int
	pos, after := 0, 0
	for pos < len(s) && len(numbers) < 2 || pos < len(s) && m == 0 {
		c := s[pos]
		switch {
		case c >= '0' && c <= '9':
			start := pos
			for pos < len(s) && s[pos] >= '0' && s[pos] <= '9' {
				pos++
			}
			if len(numbers) == 2 || pos-start > 4 || pos-start == 3 {
				return 0, 0, 0, "", false
			}
			numbers, widths = append(numbers, atoi(s[start:pos])), append(widths, pos-start)
			after = pos
		case strings.IndexByte(" .,-/'", c) >= 0:
			pos++
		default:
			start := pos
			for pos < len(s) && strings.IndexByte(" .,-/'0123456789", s[pos]) < 0 {
				pos++
			}
			word := plain(s[start:pos])
			switch month, known := months[word]; {
			case known && m == 0:
				m = month
				after = pos
			case weekdays[word] && m == 0 && len(numbers) == 0:
			case ordinals[word] && len(numbers) > 0 && pos-start <= 4:
				after = pos
			default:
				return 0, 0, 0, "", false
			}
		}
	}
	if m == 0 || len(numbers) != 2 {
		return 0, 0, 0, "", false
	}
	rest = s[after:]
	switch {
	case widths[1] == 4 && widths[0] <= 2:
		return numbers[1], m, numbers[0], rest, true
	case widths[0] == 4 && widths[1] <= 2:
		return numbers[0], m, numbers[1], rest, true
	case widths[1] == 2 && widths[0] <= 2:
		return fullYear(numbers[1]), m, numbers[0], rest, true
	}
	return 0, 0, 0, "", false
}

var (
	months = map[string]int{
		"janvier": 1, "janv": 1, "jan": 1, "january": 1, "januar": 1, "januari": 1, "enero": 1, "gennaio": 1, "janeiro": 1,
		"fevrier": 2, "fevr": 2, "fev": 2, "february": 2, "feb": 2, "februar": 2, "februari": 2, "febrero": 2, "febbraio": 2, "fevereiro": 2,
		"mars": 3, "mar": 3, "march": 3, "marz": 3, "maart": 3, "marzo": 3, "marco": 3, "mrz": 3,
		"avril": 4, "avr": 4, "april": 4, "apr": 4, "abril": 4, "aprile": 4,
		"mai": 5, "may": 5, "mei": 5, "mayo": 5, "maggio": 5, "maio": 5,
		"juin": 6, "jun": 6, "june": 6, "juni": 6, "junio": 6, "giugno": 6, "junho": 6,
		"juillet": 7, "juil": 7, "jul": 7, "july": 7, "juli": 7, "julio": 7, "luglio": 7, "julho": 7,
		"aout": 8, "aou": 8, "august": 8, "aug": 8, "augustus": 8, "agosto": 8, "ago": 8,
		"septembre": 9, "sept": 9, "sep": 9, "september": 9, "septiembre": 9, "settembre": 9, "setembro": 9,
		"octobre": 10, "oct": 10, "october": 10, "okt": 10, "oktober": 10, "octubre": 10, "ottobre": 10, "outubro": 10,
		"novembre": 11, "nov": 11, "november": 11, "noviembre": 11, "novembro": 11,
		"decembre": 12, "dec": 12, "december": 12, "dez": 12, "dezember": 12, "diciembre": 12, "dicembre": 12, "dezembro": 12,
	}
	weekdays = set("lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim " +
		"monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun le the")
	ordinals = set("er st nd rd th de of e")
)
