package team

import (
	"context"
	"net/http"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// placeForm is what the form of a department, a unit or a region sends.
type placeForm struct {
	Version     int64  `form:"version"`
	Name        string `form:"name"`
	Kind        string `form:"kind"`
	Orientation string `form:"orientation"`
	Parent      string `form:"parent"`
	Unit        string `form:"unit"`
	Head        string `form:"head"`
	Country     string `form:"country"`
	TimeZone    string `form:"time_zone"`
	Holidays    string `form:"holidays"`
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
	stale     *Changed
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
	switch v.kind {
	case "department":
		d := v.structure.Department(v.id)
		v.entry = placeForm{Version: d.Changed.Version, Name: d.Name, Kind: string(d.Kind), Orientation: string(d.Orientation), Parent: d.ParentID, Unit: d.UnitID, Head: d.HeadID}
		v.hours = formOf(d.Hours)
	case "unit":
		u := v.structure.Unit(v.id)
		v.entry = placeForm{Version: u.Changed.Version, Name: u.Name, Head: u.HeadID}
	case "region":
		g := v.structure.Region(v.id)
		v.entry = placeForm{Version: g.Changed.Version, Name: g.Name, Country: g.Country, TimeZone: g.TimeZone, Holidays: g.Holidays}
		v.hours = formOf(g.Hours)
	}
	return v.entry.Name != ""
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
	v.entry, v.hours = f, week.hours(false)
	var wrong errs.Fields
	hours := v.hours.week(&wrong)
	if err = wrong.Err(); err == nil {
		err = p.writePlace(r.Context(), v, hours)
	}
	if err == nil {
		return done(w, r, v.Cancel, web.Toast{Key: "team.organisation.saved"})
	}
	if errs.Is(err, errs.KindStale) {
		changed := v.changed()
		v.stale, v.entry.Version = &changed, changed.Version
		return web.Render(w, r, http.StatusConflict, placePage(v))
	}
	if err := v.reject(r, err); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, placePage(v))
}

func (p *Pages) writePlace(ctx context.Context, v placeView, hours Week) error {
	f, at := v.entry, Changed{Version: v.entry.Version}
	var err error
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

// nowWords is what stands, in one line.
func (v placeView) nowWords(ctx context.Context) string {
	switch v.kind {
	case "department":
		d := v.structure.Department(v.id)
		return i18n.Quote(ctx, dotted(d.Name, i18n.T(ctx, "team.kind."+string(d.Kind)), d.Head))
	case "unit":
		u := v.structure.Unit(v.id)
		return i18n.Quote(ctx, dotted(u.Name, u.Head))
	}
	g := v.structure.Region(v.id)
	return i18n.Quote(ctx, dotted(g.Name, g.Country))
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
