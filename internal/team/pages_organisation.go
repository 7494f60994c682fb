package team

import (
	"context"
	"net/http"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// i18n: clock.holidays.*

// organisationView is how the company is cut.
type organisationView struct {
	organisation Organisation
	structure    Structure
	canEdit      bool
	tab          string // departments, units, regions
}

func (p *Pages) departments(w http.ResponseWriter, r *http.Request) error {
	return p.organisation(w, r, "departments")
}

func (p *Pages) units(w http.ResponseWriter, r *http.Request) error {
	return p.organisation(w, r, "units")
}

func (p *Pages) regions(w http.ResponseWriter, r *http.Request) error {
	return p.organisation(w, r, "regions")
}

func (p *Pages) organisation(w http.ResponseWriter, r *http.Request, tab string) error {
	v := organisationView{tab: tab, canEdit: auth.From(r.Context()).Can(MayEditCompany)}
	var err error
	if v.organisation, v.structure, err = p.Service.Company(r.Context()); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, organisationPage(v))
}

func (v organisationView) tabs(ctx context.Context) []ui.Tab {
	count := func(n int) string { return i18n.Number(ctx, n) }
	out := []ui.Tab{
		{Label: i18n.T(ctx, "team.organisation.departments"), Href: "/organisation", Count: count(len(v.structure.Departments)), Current: v.tab == "departments"},
		{Label: i18n.T(ctx, "team.organisation.units"), Href: "/organisation/units", Count: count(len(v.structure.Units)), Current: v.tab == "units"},
		{Label: i18n.T(ctx, "team.organisation.regions"), Href: "/organisation/regions", Count: count(len(v.structure.Regions)), Current: v.tab == "regions"},
	}
	if v.canEdit {
		out = append(out, ui.Tab{Label: i18n.T(ctx, "team.organisation.company"), Href: "/organisation/company", Current: v.tab == "company"})
	}
	return append(out, ui.Tab{Label: i18n.T(ctx, "team.roles.title"), Href: "/roles", Current: v.tab == "roles"})
}

// kindOf gives the kind of place that a tab or an address names.
func kindOf(word string) (string, bool) {
	kind, ok := map[string]string{"departments": "department", "units": "unit", "regions": "region"}[word]
	return kind, ok
}

// companyForm is what the company's form sends.
type companyForm struct {
	Version  int64  `form:"version"`
	Was      string `form:"was,raw"`
	Name     string `form:"name"`
	Language string `form:"language"`
	Country  string `form:"country"`
	TimeZone string `form:"time_zone"`
	Holidays string `form:"holidays"`
	Reading  string `form:"reading"`
	Hours    string `form:"hours"`  // as stored; sent by the page that asks to choose
	Chosen   bool   `form:"chosen"` // it comes from that page
}

// weekForm are the lines of a week, part of several forms.
type weekForm struct {
	OwnHours string
	Lines    [7]string
}

// readWeek takes the lines of a week out of a form before it is decoded.
func readWeek(r *http.Request) weekForm {
	var f weekForm
	_ = r.ParseForm() // web.Decode reports what is wrong with it
	f.OwnHours = r.PostForm.Get("own_hours")
	r.PostForm.Del("own_hours")
	for d := range f.Lines {
		name := "hours_" + string(rune('0'+d))
		f.Lines[d] = strings.TrimSpace(r.PostForm.Get(name))
		r.PostForm.Del(name)
	}
	return f
}

func (f weekForm) hours(own bool) hoursForm {
	return hoursForm{Own: own || f.OwnHours != "", Lines: f.Lines}
}

// companyView is the company's form.
type companyView struct {
	form
	organisationView
	entry Organisation
	hours hoursForm
}

func (p *Pages) companyView(r *http.Request) (companyView, error) {
	v := companyView{organisationView: organisationView{tab: "company", canEdit: true}}
	v.Action, v.Cancel = "/organisation/company", "/organisation"
	var err error
	v.organisation, v.structure, err = p.Service.Company(r.Context())
	v.entry, v.hours = v.organisation, formOf(v.organisation.Hours)
	v.Was = writeWas(v.organisation.values())
	return v, err
}

func (p *Pages) company(w http.ResponseWriter, r *http.Request) error {
	v, err := p.companyView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, companyPage(v))
}

func (p *Pages) saveCompany(w http.ResponseWriter, r *http.Request) error {
	week := readWeek(r)
	var f companyForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	var wrong errs.Fields
	hours := week.hours(true)
	if !f.Chosen {
		f.Hours = hours.week(&wrong).String()
	}
	o, err := f.organisation()
	if f.Chosen {
		hours = formOf(o.Hours)
	}
	if err == nil {
		if err = wrong.Err(); err == nil {
			err = p.Service.SaveOrganisation(r.Context(), o)
		}
	}
	saved := func() error { return done(w, r, "/organisation", web.Toast{Key: "team.organisation.saved"}) }
	if err == nil {
		return saved()
	}
	v, viewErr := p.companyView(r)
	if viewErr != nil {
		return viewErr
	}
	v.entry, v.hours, v.Was = o, hours, f.Was
	if now, ok := staleOf[Organisation](err); ok {
		c := contest{form: v.form, title: i18n.T(r.Context(), "team.edit_name", "name", now.Name), order: companyFields(), mine: o.values(), theirs: now.values(), by: now.Changed,
			crumbs: []ui.Crumb{{Label: i18n.T(r.Context(), "team.organisation.title"), Href: "/organisation"}, {Label: i18n.T(r.Context(), "team.organisation.company"), Href: v.Action}},
			label:  companyLabel, shown: companyWords}
		var settled bool
		settled, err = c.settled(w, r, func(version int64, m map[string]string) error {
			o, err := companyOfValues(version, m).organisation()
			if err == nil {
				err = p.Service.SaveOrganisation(r.Context(), o)
			}
			return err
		})
		if !settled {
			return err
		}
	}
	if err == nil {
		return saved()
	}
	if err := v.reject(r, err); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, companyPage(v))
}

// organisation reads the form; hours that are none are noted.
func (f companyForm) organisation() (Organisation, error) {
	week, err := ParseWeek(f.Hours)
	if err != nil {
		err = errs.Invalid(errs.Field{Name: "hours", Code: "clock.errors.interval"})
	}
	return Organisation{Name: f.Name, Language: f.Language, Country: f.Country, TimeZone: f.TimeZone, Holidays: f.Holidays, Reading: Reading(f.Reading),
		Hours: week, Changed: Changed{Version: f.Version}}, err
}

func companyFields() []string {
	return []string{"name", "language", "country", "time_zone", "holidays", "reading", "hours"}
}

func (o Organisation) values() map[string]string {
	return map[string]string{"name": o.Name, "language": o.Language, "country": o.Country, "time_zone": o.TimeZone, "holidays": o.Holidays,
		"reading": string(o.Reading), "hours": o.Hours.String()}
}

func companyOfValues(version int64, v map[string]string) companyForm {
	return companyForm{Version: version, Name: v["name"], Language: v["language"], Country: v["country"], TimeZone: v["time_zone"], Holidays: v["holidays"],
		Reading: v["reading"], Hours: v["hours"], Chosen: true}
}

func companyLabel(ctx context.Context, field string) string {
	switch field {
	case "name":
		return i18n.T(ctx, "team.field.company")
	case "reading":
		return i18n.T(ctx, "team.organisation.reading_label")
	}
	return fieldLabel(ctx, field)
}

// zoneOptions are the time zones, the usual ones first.
func zoneOptions(stands string) []ui.Option {
	out := plain(append(i18n.UsualZones(), i18n.OtherZones(stands)...))
	for i := range out {
		out[i].Label = strings.ReplaceAll(out[i].Label, "_", " ")
	}
	return out
}

func holidayOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, s := range clock.HolidaySets() {
		out = append(out, ui.Option{Value: s, Label: i18n.T(ctx, "clock.holidays."+s)})
	}
	return out
}

func tongueOptions() []ui.Option {
	var out []ui.Option
	for _, l := range i18n.Languages() {
		out = append(out, ui.Option{Value: l, Label: i18n.OwnName(l)})
	}
	return out
}
