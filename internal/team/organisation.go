package team

import (
	"slices"
	"time"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
)

// CompanyID is the id of the one row of organisation.
const CompanyID = "company"

// Reading says how wide sales people and marketers read customers.
type Reading string

// The widths. The heads, and whoever reads without owning, are never narrowed
// below their units.
const (
	ReadUnits   Reading = "units"   // every customer of their business units
	ReadRegions Reading = "regions" // those of their region
	ReadOwn     Reading = "own"     // those they own, or stand in for
)

// Readings lists the widths, widest first.
func Readings() []Reading { return []Reading{ReadUnits, ReadRegions, ReadOwn} }

// Changed says who changed a row last, and when; it stands in a conflict.
type Changed struct {
	Version int64
	At      time.Time
	ByID    string
	By      string // his name; empty: the program itself
}

// Organisation is the company.
type Organisation struct {
	Name     string
	Language string
	Country  string
	TimeZone string
	Holidays string // set of platform/clock
	Hours    Week
	Reading  Reading
	Changed  Changed
}

// Validate says what is wrong with the company's entries.
func (o Organisation) Validate() error {
	var wrong errs.Fields
	name(&wrong, "name", o.Name, 120)
	if !slices.Contains(i18n.Languages(), o.Language) {
		wrong.Add("language", "team.errors.choose")
	}
	if !knownZone(o.TimeZone) {
		wrong.Add("time_zone", "clock.errors.zone")
	}
	if _, err := clock.Holidays(o.Holidays); err != nil {
		wrong.Add("holidays", "clock.errors.holidays")
	}
	if !slices.Contains(Readings(), o.Reading) {
		wrong.Add("reading", "team.errors.choose")
	}
	hours(&wrong, o.Hours, true)
	return wrong.Err()
}

// Unit is a business unit.
type Unit struct {
	ID      string
	Name    string
	HeadID  string
	Head    string
	People  int
	Changed Changed
}

// Validate says what is wrong with the unit's entries.
func (u Unit) Validate() error {
	var wrong errs.Fields
	name(&wrong, "name", u.Name, 120)
	return wrong.Err()
}

// NoHolidays is the entry of a region without public holidays; an empty entry
// stands for the organisation's.
const NoHolidays = "none"

// Region is where people work and customers are.
type Region struct {
	ID       string
	Name     string
	Country  string
	TimeZone string // empty: the organisation's
	Holidays string // empty: the organisation's; NoHolidays: none
	Hours    Week
	People   int
	Changed  Changed
}

// Validate says what is wrong with the region's entries.
func (r Region) Validate() error {
	var wrong errs.Fields
	name(&wrong, "name", r.Name, 120)
	country(&wrong, r.Country)
	if r.TimeZone != "" && !knownZone(r.TimeZone) {
		wrong.Add("time_zone", "clock.errors.zone")
	}
	if r.Holidays != NoHolidays {
		if _, err := clock.Holidays(r.Holidays); err != nil {
			wrong.Add("holidays", "clock.errors.holidays")
		}
	}
	hours(&wrong, r.Hours, false)
	return wrong.Err()
}

// WorkingHours gives the hours of somebody: his own week, else his
// department's, else his region's, else the company's; the zone he set for
// himself, else his region's; the holidays of his region. Absent ones are zero.
func WorkingHours(o Organisation, r Region, d Department, own Week, zone string) clock.Hours {
	week := own
	for _, next := range []Week{d.Hours, r.Hours, o.Hours, OfficeWeek()} {
		if !week.IsZero() {
			break
		}
		week = next
	}
	h := clock.Hours{Zone: zone, Week: week, Holidays: o.Holidays}
	for _, next := range []string{r.TimeZone, o.TimeZone, "UTC"} {
		if h.Zone != "" {
			break
		}
		h.Zone = next
	}
	switch r.Holidays {
	case "":
	case NoHolidays:
		h.Holidays = ""
	default:
		h.Holidays = r.Holidays
	}
	return h
}

// knownZone tells whether a time zone can be counted with.
func knownZone(zone string) bool {
	if zone == "" || zone == "Local" {
		return false
	}
	_, err := time.LoadLocation(zone)
	return err == nil
}

// name checks a name that must stand.
func name(wrong *errs.Fields, field, value string, most int) {
	if value == "" {
		wrong.Add(field, "errors.required")
	}
	atMost(wrong, field, value, most)
}

// atMost checks a length, in characters.
func atMost(wrong *errs.Fields, field, value string, most int) {
	if n := len([]rune(value)); n > most {
		wrong.Add(field, "errors.too_long", "max", most)
	}
}

// country checks an ISO 3166 code of the list; empty is allowed.
func country(wrong *errs.Fields, code string) {
	if code != "" && !slices.Contains(Countries(), code) {
		wrong.Add("country", "team.errors.choose")
	}
}

// hours checks a week as the calendar will.
func hours(wrong *errs.Fields, w Week, required bool) {
	if w.IsZero() && !required {
		return
	}
	if _, err := clock.New(clock.Hours{Zone: "UTC", Week: w}); err != nil {
		for _, f := range errs.FieldsOf(err) {
			wrong.Add("hours", f.Code)
			return
		}
	}
}

// Countries lists the codes offered, those of our first customers first.
func Countries() []string {
	return []string{"CA", "FR", "BE", "CH", "LU", "AT", "CI", "DE", "DZ", "ES", "GB", "IE", "IT", "MA", "MC", "NL", "PL", "PT", "SN", "TN", "US"}
}
