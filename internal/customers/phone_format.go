package customers

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

const hardBlank = "\u00a0"

// FormatPhone writes a number for a reader in country: the national form at
// home, the international one elsewhere, with blanks at which no line breaks.
// What is no number in +… form comes back as it is.
func FormatPhone(e164, country string) string {
	if strings.HasPrefix(e164, "+33") && len(e164) == 12 && onlyDigits(e164[1:]) && e164[3] != '0' && e164[3] != '8' {
		pairs := e164[4:6] + hardBlank + e164[6:8] + hardBlank + e164[8:10] + hardBlank + e164[10:]
		if country == "FR" {
			return "0" + e164[3:4] + hardBlank + pairs
		}
		return "+33" + hardBlank + e164[3:4] + hardBlank + pairs
	}
	if p, ok := quickPhone(e164, ""); ok && p.E164 == e164 && e164[1] == '1' {
		if country == "CA" || country == "US" {
			return "(" + e164[2:5] + ")" + hardBlank + e164[5:8] + "-" + e164[8:]
		}
		return "+1" + hardBlank + e164[2:5] + "-" + e164[5:8] + "-" + e164[8:]
	}
	if !strings.HasPrefix(e164, "+") || len(e164) > longestPhone {
		return e164
	}
	number, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return e164
	}
	form := phonenumbers.INTERNATIONAL
	if country != "" && phonenumbers.GetCountryCodeForRegion(strings.ToUpper(country)) == int(number.GetCountryCode()) {
		form = phonenumbers.NATIONAL
	}
	return strings.ReplaceAll(phonenumbers.Format(number, form), " ", hardBlank)
}
