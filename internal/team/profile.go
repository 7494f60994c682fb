package team

import (
	"slices"
	"strings"

	"unisson/internal/platform/errs"
)

// Channel is how somebody prefers to be reached.
type Channel string

// The channels.
const (
	ByEmail   Channel = "email"
	ByPhone   Channel = "phone"
	ByMessage Channel = "message"
	ByVideo   Channel = "video"
	InPerson  Channel = "in_person"
)

// Channels lists them in the order a menu shows them.
func Channels() []Channel { return []Channel{ByEmail, ByPhone, ByMessage, ByVideo, InPerson} }

// Profile is what can be edited of a person.
type Profile struct {
	Given, Family string
	Title         string
	Phone         string
	City          string
	Country       string
	Channel       Channel
	About         string
	Hours         Week
	Languages     []string
	Skills        []string
	Products      []string
	Segments      []string

	// Where he stands in the company. It decides what he may read: only who may
	// edit people changes it.
	DepartmentID string
	UnitID       string
	RegionID     string
	ManagerID    string
}

// placed names the fields of a profile that are never one's own to change.
func placed() []string { return []string{"department", "unit", "region", "manager"} }

// ProfileFields names every field of a profile, in the order of the form.
func ProfileFields() []string {
	return []string{"given", "family", "title", "department", "unit", "region", "manager", "phone", "channel", "city", "country",
		"hours", "products", "segments", "skills", "languages", "about"}
}

// Values gives the profile as texts by field: what is compared, kept and merged.
func (p Profile) Values() map[string]string {
	return map[string]string{
		"given": p.Given, "family": p.Family, "title": p.Title, "phone": p.Phone, "city": p.City, "country": p.Country,
		"channel": string(p.Channel), "about": p.About, "hours": p.Hours.String(),
		"languages": JoinLabels(p.Languages), "skills": JoinLabels(p.Skills), "products": JoinLabels(p.Products), "segments": JoinLabels(p.Segments),
		"department": p.DepartmentID, "unit": p.UnitID, "region": p.RegionID, "manager": p.ManagerID,
	}
}

// ProfileOf reads what Values wrote. A field that is not there is empty.
func ProfileOf(v map[string]string) (Profile, error) {
	week, err := ParseWeek(v["hours"])
	if err != nil {
		return Profile{}, errs.Invalid(errs.Field{Name: "hours", Code: "clock.errors.interval"})
	}
	return Profile{
		Given: v["given"], Family: v["family"], Title: v["title"], Phone: v["phone"], City: v["city"], Country: v["country"],
		Channel: Channel(v["channel"]), About: v["about"], Hours: week,
		Languages: SplitLabels(v["languages"]), Skills: SplitLabels(v["skills"]), Products: SplitLabels(v["products"]), Segments: SplitLabels(v["segments"]),
		DepartmentID: v["department"], UnitID: v["unit"], RegionID: v["region"], ManagerID: v["manager"],
	}, nil
}

// Placement copies where somebody stands from another profile.
func (p Profile) Placement(from Profile) Profile {
	p.DepartmentID, p.UnitID, p.RegionID, p.ManagerID = from.DepartmentID, from.UnitID, from.RegionID, from.ManagerID
	return p
}

// Validate says what is wrong with a profile's own entries. Whether the
// department, the unit, the region and the manager exist is the service's to see.
func (p Profile) Validate(personID string) error {
	var wrong errs.Fields
	name(&wrong, "given", p.Given, 100)
	name(&wrong, "family", p.Family, 100)
	atMost(&wrong, "title", p.Title, 120)
	phone(&wrong, p.Phone)
	atMost(&wrong, "city", p.City, 100)
	country(&wrong, p.Country)
	if p.Channel != "" && !slices.Contains(Channels(), p.Channel) {
		wrong.Add("channel", "team.errors.choose")
	}
	atMost(&wrong, "about", p.About, 2000)
	hours(&wrong, p.Hours, false)
	labels(&wrong, "languages", Language, p.Languages)
	labels(&wrong, "skills", Skill, p.Skills)
	labels(&wrong, "products", Covers, p.Products)
	labels(&wrong, "segments", Segment, p.Segments)
	if p.ManagerID != "" && p.ManagerID == personID {
		wrong.Add("manager", "team.errors.own_manager")
	}
	return wrong.Err()
}

// phone checks that a number can be called: figures, spaces and the usual signs.
func phone(wrong *errs.Fields, s string) {
	atMost(wrong, "phone", s, 40)
	figures := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			figures++
		case !strings.ContainsRune(" +-./()x\u00a0\u202f", r):
			wrong.Add("phone", "team.errors.phone")
			return
		}
	}
	if s != "" && figures < 3 {
		wrong.Add("phone", "team.errors.phone")
	}
}
