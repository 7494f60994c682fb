package i18n

import (
	"strings"

	"golang.org/x/text/language"
)

const (
	noBreak       = "\u00a0" // no-break space
	narrowNoBreak = "\u202f" // narrow no-break space
	minus         = "\u2212" // the true minus: screen readers say it, a hyphen they skip
	noFigure      = "–"      // stands where there is no number to show
)

// locale holds the patterns of one language.
type locale struct {
	lang                string
	group, decimal      string
	percentGap          string
	french              bool
	weekdays            [7]string
	months, shortMonths [12]string
	and                 string
	openQuote           string
	closeQuote          string
	justNow             string
	yesterday, tomorrow string
	in                  string // before a duration that lies ahead
	day                 string // short for days in a duration
	million, billion    string
	symbols             map[string]string
}

func localeOf(lang string) *locale {
	switch lang {
	case French:
		return &french
	case FrenchOfQuebec:
		return &quebec
	default:
		return &english
	}
}

// The patterns are constants in all but name: nothing changes them.
var (
	english = locale{
		lang: English, group: ",", decimal: ".",
		weekdays:    [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months:      [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		shortMonths: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		and:         "and", openQuote: "“", closeQuote: "”",
		justNow: "now", yesterday: "yesterday", tomorrow: "tomorrow", in: "in ", day: "d",
		million: "M", billion: "B",
		symbols: map[string]string{"EUR": "€", "GBP": "£", "USD": "$", "CAD": "CA$"},
	}
	french = locale{
		lang: French, group: narrowNoBreak, decimal: ",", percentGap: noBreak, french: true,
		weekdays:    [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		months:      [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		shortMonths: [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
		and:         "et", openQuote: "«" + noBreak, closeQuote: noBreak + "»",
		justNow: "à l’instant", yesterday: "hier", tomorrow: "demain", in: "dans ", day: "j",
		million: "M", billion: "Md",
		symbols: map[string]string{"EUR": "€", "GBP": "£", "USD": "$US", "CAD": "$CA"},
	}
	quebec = func() locale {
		q := french
		q.lang, q.group = FrenchOfQuebec, noBreak
		q.symbols = map[string]string{"EUR": "€", "GBP": "£", "USD": "$US", "CAD": "$"}
		return q
	}()
)

// Nearest is the language we have that reads best for a language tag; English when none is near.
func Nearest(lang string) string {
	if known, ok := nearest(lang); ok {
		return known
	}
	return English
}

func nearest(lang string) (string, bool) {
	tag, err := language.Parse(lang)
	if err != nil {
		return "", false
	}
	base, _ := tag.Base()
	switch base.String() {
	case English:
		return English, true
	case French:
		if region, sure := tag.Region(); sure == language.Exact && region.String() == "CA" {
			return FrenchOfQuebec, true
		}
		return French, true
	}
	return "", false
}

// Negotiate chooses the language of a first visit from the Accept-Language header: the best wanted one that we
// have, English when there is none.
func Negotiate(acceptLanguage string) string {
	const enough = 512 // longer headers are not written by browsers
	if len(acceptLanguage) > enough {
		acceptLanguage = acceptLanguage[:strings.LastIndexByte(acceptLanguage[:enough], ',')+1]
		acceptLanguage = strings.TrimSuffix(acceptLanguage, ",")
	}
	tags, weights, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return English
	}
	for i, tag := range tags {
		if lang, ok := nearest(tag.String()); ok && weights[i] > 0 {
			return lang
		}
	}
	return English
}
