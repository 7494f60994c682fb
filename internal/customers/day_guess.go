package customers

import (
	"strings"
)

// GuessDayOrder tells in which order the samples of a column write their days,
// and whether that is sure. Days that leave no doubt by themselves do not vote.
func GuessDayOrder(samples []string) (order DayOrder, sure bool) {
	votes := map[DayOrder]int{}
	read, clear, serials, dotted := 0, 0, 0, 0
	for _, s := range samples {
		s = tidy(s)
		if s == "" {
			continue
		}
		if _, _, _, _, ok := excelDay(s); ok && len(s) >= 5 && s >= "1" {
			if n := atoi(s[:5]); onlyDigits(s[:5]) && n >= 10000 && n < 80000 {
				serials++
				read++
				continue
			}
		}
		dmy, a := ParseDay(s, DayFirst)
		mdy, b := ParseDay(s, MonthFirst)
		ymd, c := ParseDay(s, YearFirst)
		if !a && !b && !c {
			continue
		}
		read++
		switch {
		case a && b && c && dmy == mdy && mdy == ymd:
			clear++
		case a && !b && (!c || ymd == dmy):
			votes[DayFirst]++
		case b && !a && !c:
			votes[MonthFirst]++
		case c && !a && !b:
			votes[YearFirst]++
		}
		// No American writes points; 99.12.24 is seen by its vote.
		if a && strings.Count(s, ".") >= 2 && !strings.Contains(s, "/") {
			dotted++
		}
	}
	switch {
	case read == 0:
		return DayFirst, false
	case serials > 0 && serials == read:
		return ExcelDays, serials > 2
	case clear == read:
		return YearFirst, true
	}
	best, kinds := DayFirst, 0
	for _, o := range DayOrders() {
		if votes[o] > 0 {
			kinds++
		}
		if votes[o] > votes[best] {
			best = o
		}
	}
	if kinds == 0 {
		return DayFirst, dotted == read-clear
	}
	return best, kinds == 1 && serials == 0
}
