package table

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// numberFormat is what a cell style says about the meaning of a number.
type numberFormat struct {
	date, clock bool
	elapsed     bool   // hours beyond a day, [h]:mm
	mask        string // digits and literals, such as 00000 or 0# ## ## ## ##
}

func (w *workbook) readStyles(name string) error {
	custom := map[string]string{}
	inCells := false
	return w.each(name, func(x *xmlScanner) error {
		switch string(x.name) {
		case "numFmt":
			id, _ := x.attr("numFmtId")
			code, _ := x.attr("formatCode")
			if len(custom) < 10_000 {
				custom[id] = code
			}
		case "cellXfs":
			inCells = true
		case "cellStyleXfs", "cellStyles", "dxfs":
			inCells = false
		case "xf":
			id, _ := x.attr("numFmtId")
			if inCells && len(w.formats) < 100_000 {
				w.formats = append(w.formats, formatOf(id, custom[id]))
			}
		}
		return nil
	})
}

// formatOf judges a format by its number, when it is built in, or its code.
func formatOf(id, code string) numberFormat {
	if code == "" {
		n, _ := strconv.Atoi(id)
		switch {
		case n == 22:
			return numberFormat{date: true, clock: true}
		case n >= 14 && n <= 17, n >= 27 && n <= 31, n == 36, n >= 50 && n <= 58:
			return numberFormat{date: true}
		case n >= 18 && n <= 21, n >= 32 && n <= 35, n == 45, n == 47:
			return numberFormat{clock: true}
		case n == 46:
			return numberFormat{clock: true, elapsed: true}
		}
		return numberFormat{}
	}
	code, _, _ = strings.Cut(code, ";")
	var f numberFormat
	var mask strings.Builder
	masked, places := true, 0
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				end = len(code) - i - 1
			}
			mask.WriteString(code[i+1 : i+1+end])
			i += end + 1
		case '\\', '_', '*':
			i++
			if c == '\\' && i < len(code) {
				mask.WriteByte(code[i])
			}
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				end = len(code) - i - 1
			}
			switch strings.ToLower(strings.Trim(code[i:i+end], "[]")) {
			case "h", "hh", "m", "mm", "s", "ss":
				f.clock, f.elapsed = true, true
			}
			i += end
		case 'y', 'Y', 'd', 'D':
			f.date = true
		case 'h', 'H', 's', 'S':
			f.clock = true
		case 'm', 'M', 'a', 'A', 'p', 'P', '/', ':':
			masked = false
			if c == 'm' || c == 'M' {
				mask.WriteByte('m')
			}
		case '0', '#':
			places++
			mask.WriteByte(c)
		case ' ', '-':
			mask.WriteByte(c)
		case 'G', 'g': // General
			if strings.HasPrefix(strings.ToLower(code[i:]), "general") {
				i += len("general") - 1
			}
			masked = false
		default:
			masked = false
		}
	}
	if !f.date && !f.clock && strings.Contains(mask.String(), "m") {
		f.date = true // month alone
	}
	if !f.date && !f.clock && masked && places >= 2 && strings.HasPrefix(mask.String(), "0") {
		f.mask = mask.String()
	}
	return f
}

// number gives a stored number as text: without the noise of binary fractions, as a date where its format is one, with
// the zeros that its format shows.
func (f numberFormat) number(v string, since04 bool) string {
	v = strings.TrimSpace(v)
	x, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		return v
	}
	if f.date || f.clock {
		if s, ok := f.moment(x, since04); ok {
			return s
		}
	}
	plain := v
	if strings.Trim(v, "0123456789") != "" {
		if r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64); err == nil {
			x = r
		}
		plain = strconv.FormatFloat(x, 'f', -1, 64)
		if math.Abs(x) >= 1e21 || x != 0 && math.Abs(x) < 1e-9 {
			plain = strconv.FormatFloat(x, 'g', -1, 64)
		}
	}
	if f.mask != "" && strings.Trim(plain, "0123456789") == "" {
		return fill(f.mask, plain)
	}
	return plain
}

// fill puts digits into a mask from the right: 612345678 and 0# ## ## ## ## give 06 12 34 56 78.
func fill(mask, digits string) string {
	var out []byte
	n := len(digits)
	for i := len(mask) - 1; i >= 0; i-- {
		switch c := mask[i]; {
		case c != '0' && c != '#':
			out = append(out, c)
		case n > 0:
			n--
			out = append(out, digits[n])
		case c == '0':
			out = append(out, '0')
		}
	}
	for n > 0 {
		n--
		out = append(out, digits[n])
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return strings.TrimSpace(string(out))
}

// moment turns a serial number into a date or a time of day.
func (f numberFormat) moment(x float64, since04 bool) (string, bool) {
	const lastDay = 2958466 // of the year 9999
	if x < 0 || x >= lastDay {
		return "", false
	}
	days := math.Floor(x)
	seconds := int(math.Round((x - days) * 86400))
	if seconds == 86400 {
		days, seconds = days+1, 0
	}
	clock := fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	switch {
	case f.elapsed:
		return fmt.Sprintf("%d:%02d:%02d", int(days)*24+seconds/3600, seconds/60%60, seconds%60), true
	case days == 0 && (!since04 || !f.date):
		return clock, f.clock || seconds > 0
	case !f.date && f.clock && days == 0:
		return clock, true
	}
	day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case since04:
		day = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		day = time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	case days == 60:
		return "", false // 29 February 1900 is a day of Excel's own
	}
	date := day.AddDate(0, 0, int(days)).Format("2006-01-02")
	if seconds > 0 {
		return date + "T" + clock, true
	}
	return date, true
}
