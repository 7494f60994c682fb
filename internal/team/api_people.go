package team

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"unisson/internal/platform/api"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// personWire is a person as a list shows him.
type personWire struct {
	ID           string       `json:"id" example:"01890a5d-ac96-7774-bcce-b302099a8057"`
	Name         string       `json:"name" example:"Camille Aubry" doc:"What everybody calls this person"`
	Given        string       `json:"given" example:"Camille"`
	Family       string       `json:"family" example:"Aubry"`
	Email        string       `json:"email" example:"camille.aubry@rivaline.example"`
	Phone        string       `json:"phone,omitempty" example:"+33 2 99 00 00 00"`
	Channel      string       `json:"channel,omitempty" example:"message" doc:"How this person prefers to be reached: email, phone, message, video or in_person"`
	Status       string       `json:"status" enum:"invited,active,disabled" doc:"Whether this person works here"`
	ExpiresAt    *time.Time   `json:"expires_at,omitempty" doc:"Guests: from then on this person is nobody here"`
	Roles        []string     `json:"roles" nullable:"false" example:"[\"marketer\"]"`
	Title        string       `json:"title,omitempty" example:"Content manager"`
	DepartmentID string       `json:"department_id,omitempty"`
	Department   string       `json:"department,omitempty" example:"Marketing"`
	Kind         string       `json:"kind,omitempty" example:"marketing" doc:"Which voice the department speaks with: marketing, sales, product, management or support"`
	Heads        bool         `json:"heads_department" doc:"Whether this person heads the department"`
	UnitID       string       `json:"unit_id,omitempty"`
	Unit         string       `json:"unit,omitempty" example:"France"`
	RegionID     string       `json:"region_id,omitempty"`
	Region       string       `json:"region,omitempty" example:"Ouest"`
	Country      string       `json:"country,omitempty" example:"FR" doc:"ISO 3166 code: the person’s own, else the region’s"`
	City         string       `json:"city,omitempty" example:"Rennes"`
	Languages    []string     `json:"languages" nullable:"false" example:"[\"fr\",\"en\"]"`
	Skills       []string     `json:"skills" nullable:"false" example:"[\"Trade fairs\"]"`
	Products     []string     `json:"products" nullable:"false" doc:"Product lines covered" example:"[\"Pumps\"]"`
	Segments     []string     `json:"segments" nullable:"false" doc:"Kinds of customer covered" example:"[\"Dairies\"]"`
	Absence      *absenceWire `json:"absence,omitempty" doc:"Present on days on which this person is away"`
	StandIn      *refWire     `json:"stand_in,omitempty" doc:"Who stands in today"`
}

// refWire names somebody or something.
type refWire struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func wirePerson(p Person) personWire {
	w := personWire{ID: p.ID, Name: p.Name(), Given: p.Given, Family: p.Family, Email: p.Email, Phone: p.Phone, Channel: string(p.Channel),
		Status: string(p.Status), ExpiresAt: moment(p.ExpiresAt), Roles: plainTexts(p.Roles), Title: p.Title,
		DepartmentID: p.DepartmentID, Department: p.Department, Kind: string(p.Kind), Heads: p.HeadsOwn, UnitID: p.UnitID, Unit: p.Unit,
		RegionID: p.RegionID, Region: p.Region, Country: p.Country, City: p.City,
		Languages: plainTexts(p.Languages), Skills: plainTexts(p.Skills), Products: plainTexts(p.Products), Segments: plainTexts(p.Segments)}
	if p.Absence != nil {
		a := wireAbsence(*p.Absence)
		w.Absence = &a
	}
	if p.Deputy != nil {
		w.StandIn = &refWire{p.Deputy.ID, p.Deputy.Name()}
	}
	return w
}

// moment leaves out the zero time.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// openWire is one day of a week.
type openWire struct {
	Day  string `json:"day" enum:"monday,tuesday,wednesday,thursday,friday,saturday,sunday"`
	Open string `json:"open" maxLength:"200" example:"09:00-12:30, 13:30-17:30" doc:"The hours of that day"`
}

func wireWeek(w Week) []openWire {
	out := []openWire{}
	for _, d := range weekdays() {
		if len(w[d]) > 0 {
			out = append(out, openWire{strings.ToLower(d.String()), Openings(w[d])})
		}
	}
	return out
}

// weekOf reads a week; what is wrong is noted under "hours".
func weekOf(days []openWire) (Week, error) {
	var w Week
	for _, o := range days {
		d := weekdays()[slices.IndexFunc(weekdays(), func(d time.Weekday) bool { return strings.EqualFold(d.String(), o.Day) })]
		spans, err := ParseOpenings(o.Open)
		if err != nil || len(w[d]) > 0 {
			return w, errs.Invalid(errs.Field{Name: "hours", Code: "team.errors.openings"})
		}
		w[d] = spans
	}
	return w, nil
}

// profileWire is a person with what a profile says beside.
type profileWire struct {
	personWire
	About       string     `json:"about,omitempty" doc:"In this person’s own words"`
	ManagerID   string     `json:"manager_id,omitempty"`
	Hours       []openWire `json:"hours" nullable:"false" doc:"This person’s own working hours; none: those of the department, region or company"`
	ConfirmedAt *time.Time `json:"confirmed_at,omitempty" doc:"When its owner last said that the profile is right"`
	Stale       bool       `json:"stale" doc:"Whether that is more than six months ago"`
	Version     int64      `json:"version" doc:"The number that ETag carries"`
	ChangedAt   *time.Time `json:"changed_at,omitempty"`
	ChangedBy   string     `json:"changed_by,omitempty"`
}

type peopleIn struct {
	api.PageIn
	Text       string `query:"q" maxLength:"200" doc:"Words; each must begin a word of the name, title, city, place or labels" example:"aubry pumps"`
	Role       string `query:"role" enum:"salesperson,marketer,product_manager,head_of_sales,head_of_marketing,executive,integrator,administrator,dpo,guest"`
	Department string `query:"department" maxLength:"100" doc:"Id of a department; those below it are included"`
	Unit       string `query:"unit" maxLength:"100" doc:"Id of a business unit"`
	Region     string `query:"region" maxLength:"100" doc:"Id of a region"`
	Product    string `query:"product" maxLength:"100" doc:"A product line covered" example:"Pumps"`
	Segment    string `query:"segment" maxLength:"100" doc:"A kind of customer covered" example:"Dairies"`
	Skill      string `query:"skill" maxLength:"100"`
	Language   string `query:"language" maxLength:"10" doc:"A language spoken" example:"fr"`
}

func (p *Pages) apiPeople(ctx context.Context, in *peopleIn) (*one[api.Page[personWire]], error) {
	key, err := api.ReadCursor(in.Cursor, 2)
	if err != nil {
		return nil, err
	}
	if !storable(reflect.ValueOf(key)) {
		return nil, errs.Malformed("cursor", "errors.bad_cursor")
	}
	f := Filter{Text: in.Text, Role: auth.Role(in.Role), DepartmentID: in.Department, UnitID: in.Unit, RegionID: in.Region,
		Product: in.Product, Segment: in.Segment, Skill: in.Skill, Language: in.Language}
	var people []Person
	next := &Cursor{SortKey: key[0], ID: key[1]}
	for next != nil && len(people) < in.Limit {
		d, err := p.Service.FindPeople(ctx, f, *next)
		if err != nil {
			return nil, err
		}
		people, next = append(people, d.People...), d.Next
	}
	if len(people) > in.Limit {
		people = people[:in.Limit]
		last := people[in.Limit-1]
		next = &Cursor{SortKey: last.SortKey, ID: last.ID}
	}
	out := &one[api.Page[personWire]]{}
	out.Body.Items = wires(people, wirePerson)
	if next != nil {
		out.Body.Next = api.Cursor(next.SortKey, next.ID)
	}
	return out, nil
}

type personIn struct {
	ID string `path:"id" maxLength:"100" doc:"Id of a person"`
}

func (p *Pages) apiPerson(ctx context.Context, in *personIn) (*versioned[profileWire], error) {
	out := &versioned[profileWire]{}
	err := p.Service.db.Read(ctx, func(ctx context.Context, _ db.Reader) error {
		who, err := p.Service.Person(ctx, in.ID)
		if err != nil {
			return err
		}
		about, err := p.Service.About(ctx, in.ID)
		if err != nil {
			return err
		}
		pr := about.Profile
		out.ETag = api.ETag(about.Changed.Version)
		out.Body = profileWire{personWire: wirePerson(who), About: pr.About, ManagerID: pr.ManagerID, Hours: wireWeek(pr.Hours),
			ConfirmedAt: moment(about.Confirmed), Stale: Stale(about.Confirmed, p.Clock.Now()), Version: about.Changed.Version,
			ChangedAt: moment(about.Changed.At), ChangedBy: about.Changed.By}
		return nil
	})
	return out, err
}

type updatePersonIn struct {
	ID      string `path:"id" maxLength:"100" doc:"Id of a person"`
	IfMatch string `header:"If-Match" required:"true" maxLength:"100" doc:"The ETag that was read" example:"\"7\""`
	Body    profilePatch
}

// profilePatch holds the fields to change. The places are those of who may edit
// people alone; the name is its owner's and of who manages people.
type profilePatch struct {
	Given        *string     `json:"given,omitempty" maxLength:"100" example:"Camille"`
	Family       *string     `json:"family,omitempty" maxLength:"100" example:"Aubry"`
	Title        *string     `json:"title,omitempty" maxLength:"120" example:"Content manager"`
	Phone        *string     `json:"phone,omitempty" maxLength:"40" example:"+33 2 99 00 00 00"`
	Channel      *string     `json:"channel,omitempty" example:"message" doc:"email, phone, message, video or in_person; empty: none"`
	City         *string     `json:"city,omitempty" maxLength:"100" example:"Rennes"`
	Country      *string     `json:"country,omitempty" maxLength:"2" example:"FR" doc:"ISO 3166 code"`
	About        *string     `json:"about,omitempty" maxLength:"2000"`
	Hours        *[]openWire `json:"hours,omitempty" maxItems:"7" doc:"Own working hours; an empty list takes them back"`
	Languages    *[]string   `json:"languages,omitempty" maxItems:"30" example:"[\"fr\",\"en\"]"`
	Skills       *[]string   `json:"skills,omitempty" maxItems:"30"`
	Products     *[]string   `json:"products,omitempty" maxItems:"30"`
	Segments     *[]string   `json:"segments,omitempty" maxItems:"30"`
	DepartmentID *string     `json:"department_id,omitempty" maxLength:"100" doc:"Only for those who may edit people"`
	UnitID       *string     `json:"unit_id,omitempty" maxLength:"100" doc:"Only for those who may edit people"`
	RegionID     *string     `json:"region_id,omitempty" maxLength:"100" doc:"Only for those who may edit people"`
	ManagerID    *string     `json:"manager_id,omitempty" maxLength:"100" doc:"Only for those who may edit people"`
}

// over gives the profile with the fields that were sent.
func (b profilePatch) over(p Profile) (Profile, error) {
	channel := string(p.Channel)
	for _, f := range []struct{ sent, to *string }{
		{b.Given, &p.Given}, {b.Family, &p.Family}, {b.Title, &p.Title}, {b.Phone, &p.Phone}, {b.Channel, &channel}, {b.City, &p.City},
		{b.Country, &p.Country}, {b.About, &p.About}, {b.DepartmentID, &p.DepartmentID}, {b.UnitID, &p.UnitID}, {b.RegionID, &p.RegionID}, {b.ManagerID, &p.ManagerID},
	} {
		if f.sent != nil {
			*f.to = strings.TrimSpace(lines(*f.sent))
		}
	}
	p.Channel = Channel(channel)
	for _, f := range []struct{ sent, to *[]string }{
		{b.Languages, &p.Languages}, {b.Skills, &p.Skills}, {b.Products, &p.Products}, {b.Segments, &p.Segments},
	} {
		if f.sent != nil {
			*f.to = SplitLabels(strings.Join(*f.sent, "\n"))
		}
	}
	var err error
	if b.Hours != nil {
		p.Hours, err = weekOf(*b.Hours)
	}
	return p, err
}

// wireFields are the fields that the form calls otherwise than the body.
func wireFields() map[string]string {
	return map[string]string{"department": "department_id", "unit": "unit_id", "region": "region_id", "manager": "manager_id",
		"given_name": "given", "family_name": "family", "deputy": "deputy_id", "lead": "lead_id"}
}

// apiUpdatePerson refuses what the form would leave as it stands: a program
// that sends a field which is not its to change must be told.
func (p *Pages) apiUpdatePerson(ctx context.Context, in *updatePersonIn) (*versioned[profileWire], error) {
	var out *versioned[profileWire]
	err := p.Service.db.Write(ctx, func(ctx context.Context, _ db.Tx) error {
		sheet, err := p.Service.Sheet(ctx, in.ID)
		if err != nil {
			return err
		}
		version, err := api.IfMatch(in.IfMatch)
		if err != nil {
			return err
		}
		if version != sheet.Changed.Version {
			return errs.Stale(nil)
		}
		b := in.Body
		if (b.DepartmentID != nil || b.UnitID != nil || b.RegionID != nil || b.ManagerID != nil) && !sheet.CanPlace {
			return errs.Forbidden("")
		}
		if (b.Given != nil || b.Family != nil) && !sheet.CanName {
			return errs.Forbidden("")
		}
		profile, err := b.over(sheet.Profile)
		if err != nil {
			return err
		}
		if _, err := p.Service.SaveProfile(ctx, in.ID, version, profile); err != nil {
			return err
		}
		out, err = p.apiPerson(ctx, &personIn{in.ID})
		return err
	})
	return out, renamed(err, wireFields())
}
