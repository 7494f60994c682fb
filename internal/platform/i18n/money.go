package i18n

import (
	"context"
	"strconv"
	"strings"
)

// Money writes an amount of minor units (cents) in full: "48 000,00 €", "€48,000.00".
// The currency is an ISO 4217 code; one without a known symbol is written as its code.
func Money(ctx context.Context, minor int64, currency string) string {
	return From(ctx).Money(minor, currency)
}

// MoneyShort writes an amount of minor units in at most three or four figures: "48 k€", "1,2 M€", "€48k".
func MoneyShort(ctx context.Context, minor int64, currency string) string {
	return From(ctx).MoneyShort(minor, currency)
}

// Money writes an amount in full; see the function Money.
func (l *Localizer) Money(minor int64, currency string) string {
	negative, units := magnitude(minor)
	digits := minorDigits(currency)
	plain := strconv.FormatUint(units, 10)
	if digits > 0 {
		if missing := digits + 1 - len(plain); missing > 0 {
			plain = strings.Repeat("0", missing) + plain
		}
		cut := len(plain) - digits
		plain = plain[:cut] + "." + plain[cut:]
	}
	return l.amount(l.digits(plain), "", currency, negative)
}

// MoneyShort writes an amount in few figures; see the function MoneyShort.
func (l *Localizer) MoneyShort(minor int64, currency string) string {
	negative, units := magnitude(minor)
	one := uint64(1) // minor units in one unit of the currency
	for range minorDigits(currency) {
		one *= 10
	}
	scales := []struct {
		size uint64
		word string
	}{{one, ""}, {one * 1_000, "k"}, {one * 1_000_000, l.locale.million}, {one * 1_000_000_000, l.locale.billion}}
	at := 0
	for i, s := range scales {
		if units >= s.size {
			at = i
		}
	}
	size := scales[at].size
	rounded := (units + size/2) / size
	if rounded >= 1000 && at+1 < len(scales) { // 999 960 € is 1 M€, not 1 000 k€
		return l.amount("1", scales[at+1].word, currency, negative)
	}
	figures := strconv.FormatUint(rounded, 10)
	if at > 0 && units < 10*size {
		if tenths := (units + size/20) / (size / 10); tenths < 100 && tenths%10 != 0 {
			figures = strconv.FormatUint(tenths/10, 10) + "." + strconv.FormatUint(tenths%10, 10)
		}
	}
	return l.amount(l.digits(figures), scales[at].word, currency, negative)
}

// amount joins figures, scale and symbol in the order of the language.
func (l *Localizer) amount(figures, scale, currency string, negative bool) string {
	symbol, known := l.locale.symbols[currency]
	if !known {
		symbol = currency
	}
	sign := ""
	if negative {
		sign = minus
	}
	if l.locale.french {
		if scale != "" && !known {
			scale += noBreak
		}
		return sign + figures + noBreak + scale + symbol
	}
	if !known {
		symbol += noBreak
	}
	return sign + symbol + figures + scale
}

// magnitude splits the sign off; the smallest integer has no positive twin, hence unsigned.
func magnitude(n int64) (negative bool, units uint64) {
	if n < 0 {
		return true, uint64(-(n + 1)) + 1
	}
	return false, uint64(n)
}

// minorDigits is the number of decimals of a currency, two for almost all.
func minorDigits(currency string) int {
	switch currency {
	case "JPY", "KRW", "XAF", "XOF", "XPF", "CLP", "ISK", "VND":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}
