package i18n

import (
	"context"
	"math"
	"strconv"
	"strings"
)

// Integer is any of Go's integer types.
type Integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32
}

// Number writes an integer: "1 234" in French, "1,234" in English.
func Number[I Integer](ctx context.Context, n I) string { return From(ctx).Number(int64(n)) }

// Decimal writes a number with that many decimals: "1 234,5". What is not a number reads "–".
func Decimal(ctx context.Context, f float64, digits int) string { return From(ctx).Decimal(f, digits) }

// Percent writes a share, 0.41 being 41 %, with that many decimals.
func Percent(ctx context.Context, share float64, digits int) string {
	return From(ctx).Percent(share, digits)
}

// Number writes an integer; see the function Number.
func (l *Localizer) Number(n int64) string { return l.digits(strconv.FormatInt(n, 10)) }

// Decimal writes a number with decimals; see the function Decimal.
func (l *Localizer) Decimal(f float64, digits int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return noFigure
	}
	return l.digits(strconv.FormatFloat(f, 'f', max(digits, 0), 64))
}

// Percent writes a share; see the function Percent.
func (l *Localizer) Percent(share float64, digits int) string {
	text := l.Decimal(share*100, digits)
	if text == noFigure {
		return text
	}
	return text + l.locale.percentGap + "%"
}

// digits dresses a plain decimal number ("-1234.50") in the signs of the language.
func (l *Localizer) digits(plain string) string {
	sign := ""
	if rest, negative := strings.CutPrefix(plain, "-"); negative {
		plain = rest
		if strings.Trim(rest, "0.") != "" { // minus zero is zero
			sign = minus
		}
	}
	whole, fraction, hasFraction := strings.Cut(plain, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(l.locale.group)
		}
		b.WriteRune(d)
	}
	if hasFraction {
		b.WriteString(l.locale.decimal)
		b.WriteString(fraction)
	}
	return b.String()
}
