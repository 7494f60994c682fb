package team

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// i18n: team.field.* team.weekday.*

// hoursForm is a week as a form asks it: one line a day, as people write hours.
type hoursForm struct {
	Own   bool
	Lines [7]string // by time.Weekday
}

// formOf shows a week.
func formOf(w Week) hoursForm {
	f := hoursForm{Own: !w.IsZero()}
	for d, spans := range w {
		f.Lines[d] = Openings(spans)
	}
	return f
}

// week reads the lines; a wrong one is noted under its day.
func (f hoursForm) week(wrong *errs.Fields) Week {
	var w Week
	if !f.Own {
		return w
	}
	for d, line := range f.Lines {
		spans, err := ParseOpenings(line)
		if err != nil {
			wrong.Add("hours_"+strconv.Itoa(d), "team.errors.openings")
			continue
		}
		w[d] = spans
	}
	if len(*wrong) == 0 && w.IsZero() {
		wrong.Add("hours_1", "clock.errors.no_hours")
	}
	return w
}

// profileForm is what the profile's form sends.
type profileForm struct {
	Version    int64    `form:"version"`
	Given      string   `form:"given"`
	Family     string   `form:"family"`
	Title      string   `form:"title"`
	Department string   `form:"department"`
	Unit       string   `form:"unit"`
	Region     string   `form:"region"`
	Manager    string   `form:"manager"`
	Phone      string   `form:"phone"`
	Channel    string   `form:"channel"`
	City       string   `form:"city"`
	Country    string   `form:"country"`
	Products   string   `form:"products"`
	Segments   string   `form:"segments"`
	Skills     string   `form:"skills"`
	Languages  []string `form:"languages"`
	About      string   `form:"about"`
	OwnHours   string   `form:"own_hours"`
	Hours0     string   `form:"hours_0"`
	Hours1     string   `form:"hours_1"`
	Hours2     string   `form:"hours_2"`
	Hours3     string   `form:"hours_3"`
	Hours4     string   `form:"hours_4"`
	Hours5     string   `form:"hours_5"`
	Hours6     string   `form:"hours_6"`
	Hours      string   `form:"hours"`  // as stored; sent by the page that asks to choose
	Chosen     bool     `form:"chosen"` // it comes from that page
}

func (f profileForm) hours() hoursForm {
	return hoursForm{Own: f.OwnHours != "", Lines: [7]string{f.Hours0, f.Hours1, f.Hours2, f.Hours3, f.Hours4, f.Hours5, f.Hours6}}
}

// profile reads the form.
func (f profileForm) profile() (Profile, error) {
	values := map[string]string{"given": f.Given, "family": f.Family, "title": f.Title, "department": f.Department, "unit": f.Unit, "region": f.Region,
		"manager": f.Manager, "phone": f.Phone, "channel": f.Channel, "city": f.City, "country": f.Country, "products": f.Products, "segments": f.Segments,
		"skills": f.Skills, "languages": strings.Join(f.Languages, ","), "about": lines(f.About), "hours": f.Hours}
	var wrong errs.Fields
	if !f.Chosen {
		values["hours"] = f.hours().week(&wrong).String()
	}
	p, err := ProfileOf(values)
	if err == nil && len(wrong) > 0 {
		wrong = append(wrong, errs.FieldsOf(p.Validate(""))...) // all at once, not one after the other
		err = wrong.Err()
	}
	return p, err
}

// profileView is the form of a profile.
type profileView struct {
	form
	sheet     Sheet
	profile   Profile // as typed
	hours     hoursForm
	own       bool
	stale     bool
	structure Structure
	choices   Choices
	people    []Person // managers to choose from
	conflict  *ProfileConflict
}

func (p *Pages) editOwnProfile(w http.ResponseWriter, r *http.Request) error {
	return p.profileForm(w, r, auth.From(r.Context()).UserID)
}

func (p *Pages) editProfile(w http.ResponseWriter, r *http.Request) error {
	return p.profileForm(w, r, web.Path(r, "id"))
}

func (p *Pages) profileForm(w http.ResponseWriter, r *http.Request, id string) error {
	v, err := p.profileView(r, id)
	if err != nil {
		return err
	}
	v.profile, v.hours = v.sheet.Profile, formOf(v.sheet.Profile.Hours)
	return web.Render(w, r, http.StatusOK, profilePage(v))
}

// profileView reads what the form shows around the entries.
func (p *Pages) profileView(r *http.Request, id string) (profileView, error) {
	ctx := r.Context()
	v := profileView{own: auth.From(ctx).UserID == id}
	v.Action, v.Cancel = r.URL.Path, "/people/"+id
	var err error
	if v.sheet, err = p.Service.Sheet(ctx, id); err != nil {
		return v, err
	}
	v.stale = Stale(v.sheet.Confirmed, p.Clock.Now())
	if v.structure, err = p.Service.Outline(ctx); err != nil {
		return v, err
	}
	if v.choices, err = p.Service.Choices(ctx); err != nil {
		return v, err
	}
	if v.sheet.CanPlace {
		v.people, err = p.Service.Colleagues(ctx, id)
	}
	return v, err
}

func (p *Pages) saveOwnProfile(w http.ResponseWriter, r *http.Request) error {
	return p.saveProfileOf(w, r, auth.From(r.Context()).UserID)
}

func (p *Pages) saveProfile(w http.ResponseWriter, r *http.Request) error {
	return p.saveProfileOf(w, r, web.Path(r, "id"))
}

func (p *Pages) saveProfileOf(w http.ResponseWriter, r *http.Request, id string) error {
	ctx := r.Context()
	var f profileForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	v, err := p.profileView(r, id)
	if err != nil {
		return err
	}
	var version int64
	if v.profile, err = f.profile(); err == nil {
		version, err = p.Service.SaveProfile(ctx, id, f.Version, v.profile)
	}
	if err == nil {
		t := web.Toast{Key: "team.profile.saved"}
		if version != f.Version {
			t.Undo = "/people/" + id + "/undo/" + strconv.FormatInt(version, 10)
		}
		return done(w, r, "/people/"+id, t)
	}
	if c := clashesOf(err); c != nil {
		v.conflict = c
		return web.Render(w, r, http.StatusConflict, profileConflictPage(v))
	}
	if err := v.reject(r, err); err != nil {
		return err
	}
	v.hours, v.sheet.Changed.Version = f.hours(), f.Version
	if f.Chosen {
		v.hours = formOf(v.profile.Hours)
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, profilePage(v))
}

// clashesOf unpacks the conflict of a refused save.
func clashesOf(err error) *ProfileConflict {
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.KindStale {
		return nil
	}
	c, _ := e.Current.(*ProfileConflict)
	return c
}

func (p *Pages) undoProfile(w http.ResponseWriter, r *http.Request) error {
	id := web.Path(r, "id")
	version, err := strconv.ParseInt(web.Path(r, "version"), 10, 64)
	if err != nil {
		return errs.NotFound("version")
	}
	if err := p.Service.UndoProfile(r.Context(), id, version); err != nil {
		return err
	}
	return done(w, r, "/people/"+id, web.Toast{Key: "team.profile.undone", Icon: "undo-2"})
}

// shown writes one value of a profile for the page that asks to choose.
func (v profileView) shown(ctx context.Context, field, value string) string {
	switch field {
	case "department":
		return v.structure.Department(value).Name
	case "unit":
		return v.structure.Unit(value).Name
	case "region":
		return v.structure.Region(value).Name
	case "manager":
		if i := slices.IndexFunc(v.people, func(p Person) bool { return p.ID == value }); i >= 0 {
			return v.people[i].Name()
		}
	case "channel":
		if slices.Contains(Channels(), Channel(value)) {
			return i18n.T(ctx, "team.channel."+value)
		}
	case "country":
		return i18n.CountryName(ctx, value)
	case "languages":
		var names []string
		for _, l := range SplitLabels(value) {
			names = append(names, i18n.LanguageName(ctx, l))
		}
		return strings.Join(names, ", ")
	case "hours":
		if w, err := ParseWeek(value); err == nil {
			return weekWords(ctx, w)
		}
	}
	return value
}

// weekWords writes a week in one line: "Monday 09:00-17:30 · Tuesday …".
func weekWords(ctx context.Context, w Week) string {
	if w.IsZero() {
		return i18n.T(ctx, "team.hours.as_team")
	}
	var days []string
	for _, d := range weekdays() {
		if len(w[d]) > 0 {
			days = append(days, i18n.T(ctx, "team.weekday."+strconv.Itoa(int(d)))+" "+Openings(w[d]))
		}
	}
	return strings.Join(days, " · ")
}

// conflictProps are the choices of the page that asks to choose, and the fields
// on which nobody disagrees.
func (v profileView) conflictProps(ctx context.Context) (choices []ui.ConflictProps, rest []ui.Hidden) {
	clashing := map[string]bool{}
	for _, c := range v.conflict.Clashes {
		clashing[c.Field] = true
		choices = append(choices, choice(ctx, c, c.changed(), fieldLabel(ctx, c.Field), v.shown))
	}
	for _, f := range ProfileFields() {
		if !clashing[f] {
			rest = append(rest, ui.Hidden{Name: f, Value: v.conflict.Merged[f]})
		}
	}
	return choices, rest
}

// changed is who wrote their side of a clash.
func (c Clash) changed() Changed { return Changed{By: c.By, ByID: c.ByID, At: c.At} }
