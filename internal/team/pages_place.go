package team

import (
	"context"
	"net/http"
	"slices"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// placeForm is what the form of a department, a unit or a region sends.
type placeForm struct {
	Version     int64  `form:"version"`
	Was         string `form:"was,raw"`
	Name        string `form:"name"`
	Kind        string `form:"kind"`
	Orientation string `form:"orientation"`
	Parent      string `form:"parent"`
	Unit        string `form:"unit"`
	Head        string `form:"head"`
	Country     string `form:"country"`
	TimeZone    string `form:"time_zone"`
	Holidays    string `form:"holidays"`
	Hours       string `form:"hours"`  // as stored; sent by the page that asks to choose
	Chosen      bool   `form:"chosen"` // it comes from that page
}

// placeView is that form.
type placeView struct {
	form
	kind      string // department, unit, region
	tab       string
	id        string
	entry     placeForm
	hours     hoursForm
	structure Structure
	people    []Person
}

func (p *Pages) placeView(r *http.Request) (placeView, error) {
	tab := web.Path(r, "kind")
	kind, ok := kindOf(tab)
	if !ok {
		return placeView{}, errs.NotFound("page")
	}
	v := placeView{kind: kind, tab: tab, id: web.Path(r, "id")}
	v.Action, v.Cancel = r.URL.Path, "/organisation/"+tab
	if tab == "departments" {
		v.Cancel = "/organisation"
	}
	var err error
	if _, v.structure, err = p.Service.Company(r.Context()); err != nil {
		return v, err
	}
	if v.id != "" && !v.stands() {
		return v, errs.NotFound(kind)
	}
	v.people, err = p.Service.Colleagues(r.Context(), "")
	return v, err
}

// stands fills the form with what stands, and tells whether it does.
func (v *placeView) stands() bool {
	var hours Week
	switch v.kind {
	case "department":
		d := v.structure.Department(v.id)
		v.entry = placeForm{Name: d.Name, Kind: string(d.Kind), Orientation: string(d.Orientation), Parent: d.ParentID, Unit: d.UnitID, Head: d.HeadID}
		hours = d.Hours
	case "unit":
		u := v.structure.Unit(v.id)
		v.entry = placeForm{Name: u.Name, Head: u.HeadID}
	case "region":
		g := v.structure.Region(v.id)
		v.entry = placeForm{Name: g.Name, Country: g.Country, TimeZone: g.TimeZone, Holidays: g.Holidays}
		hours = g.Hours
	}
	v.entry.Version, v.entry.Hours, v.hours = v.changed().Version, hours.String(), formOf(hours)
	v.Was = writeWas(v.entry.values())
	return v.entry.Name != ""
}

// placeFields are the entries of the form of a kind of place, in its order.
func placeFields(kind string) []string {
	switch kind {
	case "department":
		return []string{"name", "kind", "orientation", "parent", "unit", "head", "hours"}
	case "unit":
		return []string{"name", "head"}
	}
	return []string{"name", "country", "time_zone", "holidays", "hours"}
}

func (f placeForm) values() map[string]string {
	return map[string]string{"name": f.Name, "kind": f.Kind, "orientation": f.Orientation, "parent": f.Parent, "unit": f.Unit, "head": f.Head,
		"country": f.Country, "time_zone": f.TimeZone, "holidays": f.Holidays, "hours": f.Hours}
}

func placeOfValues(version int64, v map[string]string) placeForm {
	return placeForm{Version: version, Name: v["name"], Kind: v["kind"], Orientation: v["orientation"], Parent: v["parent"], Unit: v["unit"], Head: v["head"],
		Country: v["country"], TimeZone: v["time_zone"], Holidays: v["holidays"], Hours: v["hours"], Chosen: true}
}

func (p *Pages) newPlace(w http.ResponseWriter, r *http.Request) error { return p.editPlace(w, r) }

func (p *Pages) editPlace(w http.ResponseWriter, r *http.Request) error {
	v, err := p.placeView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, placePage(v))
}

func (p *Pages) savePlace(w http.ResponseWriter, r *http.Request) error {
	week := readWeek(r)
	v, err := p.placeView(r)
	if err != nil {
		return err
	}
	var f placeForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	now := v.entry
	v.entry, v.hours, v.Was = f, week.hours(false), f.Was
	var wrong errs.Fields
	if !f.Chosen {
		v.entry.Hours = v.hours.week(&wrong).String()
	} else if w, err := ParseWeek(f.Hours); err == nil {
		v.hours = formOf(w)
	}
	if err = wrong.Err(); err == nil {
		err = p.writePlace(r.Context(), v, v.entry)
	}
	if errs.Is(err, errs.KindStale) {
		if v, now, err = p.placeAgain(r, v); err != nil {
			return err
		}
		c := contest{form: v.form, title: i18n.T(r.Context(), "team.edit_name", "name", now.Name), crumbs: v.crumbs(r.Context()), order: placeFields(v.kind),
			mine: v.entry.values(), theirs: now.values(), by: v.changed(), label: fieldLabel, shown: v.shown}
		var settled bool
		settled, err = c.settled(w, r, func(version int64, m map[string]string) error {
			return p.writePlace(r.Context(), v, placeOfValues(version, m))
		})
		if !settled {
			return err
		}
	}
	if err == nil {
		return done(w, r, v.Cancel, web.Toast{Key: "team.organisation.saved"})
	}
	if err := v.reject(r, err); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, placePage(v))
}

// placeAgain reads what stands now beside what was sent.
func (p *Pages) placeAgain(r *http.Request, sent placeView) (placeView, placeForm, error) {
	v, err := p.placeView(r)
	now := v.entry
	v.entry, v.hours, v.Was = sent.entry, sent.hours, sent.Was
	return v, now, err
}

func (p *Pages) writePlace(ctx context.Context, v placeView, f placeForm) error {
	hours, err := ParseWeek(f.Hours)
	if err != nil {
		return errs.Invalid(errs.Field{Name: "hours", Code: "clock.errors.interval"})
	}
	at := Changed{Version: f.Version}
	switch v.kind {
	case "department":
		_, err = p.Service.SaveDepartment(ctx, Department{ID: v.id, Name: f.Name, Kind: Kind(f.Kind), Orientation: Orientation(f.Orientation), ParentID: f.Parent,
			UnitID: f.Unit, HeadID: f.Head, Hours: hours, Changed: at})
	case "unit":
		_, err = p.Service.SaveUnit(ctx, Unit{ID: v.id, Name: f.Name, HeadID: f.Head, Changed: at})
	case "region":
		_, err = p.Service.SaveRegion(ctx, Region{ID: v.id, Name: f.Name, Country: f.Country, TimeZone: f.TimeZone, Holidays: f.Holidays, Hours: hours, Changed: at})
	}
	return err
}

// changed says who changed what stands last.
func (v placeView) changed() Changed {
	switch v.kind {
	case "department":
		return v.structure.Department(v.id).Changed
	case "unit":
		return v.structure.Unit(v.id).Changed
	}
	return v.structure.Region(v.id).Changed
}

// fieldLabel names a field as most forms do.
func fieldLabel(ctx context.Context, field string) string { return i18n.T(ctx, "team.field."+field) }

// shown writes one value for the page that asks to choose.
func (v placeView) shown(ctx context.Context, field, value string) string {
	if value == "" && (field == "hours" || field == "holidays" || field == "time_zone") {
		return i18n.T(ctx, "team.as_company")
	}
	switch field {
	case "parent":
		return v.structure.Department(value).Name
	case "unit":
		return v.structure.Unit(value).Name
	case "head":
		return nameOf(v.people, value)
	case "holidays":
		if value == NoHolidays {
			return i18n.T(ctx, "team.none")
		}
	}
	return companyWords(ctx, field, value)
}

// companyWords writes a value of a field that a company and its parts share.
func companyWords(ctx context.Context, field, value string) string {
	switch {
	case value == "":
		return ""
	case field == "kind" && slices.Contains(Kinds(), Kind(value)):
		return i18n.T(ctx, "team.kind."+value)
	case field == "orientation" && slices.Contains([]string{string(Tactical), string(Strategic)}, value):
		return i18n.T(ctx, "team.orientation."+value)
	case field == "reading" && slices.Contains(Readings(), Reading(value)):
		return i18n.T(ctx, "team.reading."+value)
	case field == "holidays" && slices.Contains(clock.HolidaySets(), value):
		return i18n.T(ctx, "clock.holidays."+value)
	case field == "country":
		return i18n.CountryName(ctx, value)
	case field == "language":
		return i18n.OwnName(value)
	case field == "hours":
		if w, err := ParseWeek(value); err == nil {
			return weekWords(ctx, w)
		}
	}
	return value
}

// nameOf names one of some people; nobody has no name.
func nameOf(people []Person, id string) string {
	if i := slices.IndexFunc(people, func(p Person) bool { return p.ID == id }); i >= 0 {
		return people[i].Name()
	}
	return ""
}

func (p *Pages) removePlace(w http.ResponseWriter, r *http.Request) error {
	v, err := p.placeView(r)
	if err != nil {
		return err
	}
	if err := p.Service.RemovePlace(r.Context(), v.kind, v.id); err != nil {
		return err
	}
	return done(w, r, v.Cancel, web.Toast{Key: "team.organisation.removed", Icon: "trash-2"})
}

// parentOptions are the departments above which this one cannot stand itself.
func (v placeView) parentOptions() []ui.Option {
	below := Under(v.structure.Departments, v.id)
	var out []ui.Option
	for _, o := range departmentOptions(v.structure) {
		inside := false
		for _, id := range below {
			inside = inside || (v.id != "" && o.Value == id)
		}
		if !inside {
			out = append(out, o)
		}
	}
	return out
}
