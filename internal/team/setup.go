package team

import (
	"slices"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
)

// Setup is what the first-run page asks: the company and its first administrator.
type Setup struct {
	Language string
	Company  string
	Country  string
	TimeZone string
	Holidays string
	Given    string
	Family   string
	Email    string
	Password string
}

// Validate says what is wrong with the entries that belong to the company;
// those of the person are checked by platform/auth.
func (s Setup) Validate() error {
	var wrong errs.Fields
	if !slices.Contains(i18n.Languages(), s.Language) {
		wrong.Add("language", "team.errors.choose")
	}
	name(&wrong, "company", s.Company, 120)
	country(&wrong, s.Country)
	if !knownZone(s.TimeZone) {
		wrong.Add("time_zone", "clock.errors.zone")
	}
	if _, err := clock.Holidays(s.Holidays); err != nil {
		wrong.Add("holidays", "clock.errors.holidays")
	}
	return wrong.Err()
}
