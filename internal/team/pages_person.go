package team

import (
	"context"
	"net/http"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// personView is somebody's page; it is the same for both departments.
type personView struct {
	person     Person
	sheet      Sheet // what few words more are said of him
	own        bool
	stale      bool
	canEdit    bool
	canManage  bool
	absences   []Absence
	standingIn []Absence
	teams      []Team
	near       []Person
	calledFor  []Situation
	manager    *Person
	calendar   *clock.Calendar
	panels     []registry.Panel
	lastDay    clock.Day
	now        time.Time
	today      clock.Day
}

func (p *Pages) person(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := p.personView(ctx, web.Path(r, "id"))
	if err != nil {
		return err
	}
	v.now = p.at(r)
	if web.IsHTMX(r) {
		return web.Render(w, r, http.StatusOK, personPanel(v))
	}
	if v.near, err = p.Service.NearYou(ctx, v.person); err != nil {
		return err
	}
	if v.teams, err = p.Service.TeamsOf(ctx, v.person.ID); err != nil {
		return err
	}
	for _, panel := range p.Panels {
		if auth.From(ctx).Can(panel.Perm) {
			v.panels = append(v.panels, panel)
		}
	}
	return web.Render(w, r, http.StatusOK, personPage(v))
}

func (p *Pages) personView(ctx context.Context, id string) (personView, error) {
	var v personView
	var err error
	if v.person, err = p.Service.Person(ctx, id); err != nil {
		return v, err
	}
	a := auth.From(ctx)
	v.own, v.canManage = a.UserID == id, a.Can(MayManagePeople)
	v.canEdit = v.own || a.Can(MayEditPeople)
	if v.sheet, err = p.Service.About(ctx, id); err != nil {
		return v, err
	}
	o, err := p.Service.Letterhead(ctx)
	if err != nil {
		return v, err
	}
	v.stale = Stale(v.sheet.Confirmed, p.Clock.Now())
	v.lastDay, v.today = o.LastDay(v.person.ExpiresAt), today(o, p.Clock.Now())
	if v.absences, v.standingIn, err = p.Service.Absences(ctx, id); err != nil {
		return v, err
	}
	all, err := p.Service.SituationsOffered(ctx)
	if err != nil {
		return v, err
	}
	for _, s := range all {
		if s.Active && v.person.Status == Active && s.Means(v.person) {
			v.calledFor = append(v.calledFor, s)
		}
	}
	if m := v.sheet.Profile.ManagerID; m != "" {
		some, err := p.Service.People(ctx, []string{m})
		if err != nil {
			return v, err
		}
		if len(some) > 0 {
			v.manager = &some[0]
		}
	}
	v.calendar, err = p.Service.Calendar(ctx, id)
	return v, err
}

// hoursToday says when somebody works today, and what time it is where he is
// when that is not the reader's time.
func (v personView) hoursToday(ctx context.Context) string {
	there := v.now.In(v.calendar.Location())
	spans := v.calendar.HoursOn(clock.DayOf(there))
	words := i18n.T(ctx, "team.hours.closed")
	if len(spans) > 0 {
		from, to := spans[0].From, spans[len(spans)-1].To
		words = i18n.T(ctx, "team.hours.span", "from", clockTime(ctx, from), "to", clockTime(ctx, to))
	}
	if _, here := v.now.Zone(); here != zoneShift(there) {
		words = i18n.T(ctx, "team.hours.there", "hours", words, "time", i18n.From(ctx).In(v.calendar.Location()).Time(there))
	}
	return words
}

func zoneShift(t time.Time) int {
	_, shift := t.Zone()
	return shift
}

// clockTime writes minutes since midnight as an hour of the day.
func clockTime(ctx context.Context, minutes int) string {
	t := time.Date(2000, 1, 1, minutes/60, minutes%60, 0, 0, time.UTC)
	return i18n.From(ctx).In(time.UTC).Time(t)
}

// summary is the sentence under the name.
func (v personView) summary() string { return dotted(v.person.Title, place(v.person)) }

// contacts are the ways to reach somebody; none once he has left.
func (v personView) contacts(ctx context.Context) []ui.Term {
	p := v.person
	var out []ui.Term
	if p.Channel != "" {
		out = append(out, ui.Term{Label: i18n.T(ctx, "team.person.prefers"), Text: i18n.T(ctx, "team.channel."+string(p.Channel))})
	}
	out = append(out, ui.Term{Label: i18n.T(ctx, "team.field.email"), Content: address(p.Email)})
	if p.Phone != "" {
		out = append(out, ui.Term{Label: i18n.T(ctx, "team.field.phone"), Content: ui.Link(telephone(p.Phone), p.Phone)})
	}
	if p.City != "" || p.Country != "" {
		country := ""
		if p.Country != "" {
			country = i18n.CountryName(ctx, p.Country)
		}
		out = append(out, ui.Term{Label: i18n.T(ctx, "team.field.city"), Text: dotted(p.City, country)})
	}
	if v.manager != nil {
		out = append(out, ui.Term{Label: i18n.T(ctx, "team.field.manager"), Content: ui.Link("/people/"+v.manager.ID, v.manager.Name())})
	}
	return out
}

// telephone is a number as a phone dials it.
func telephone(number string) string {
	out := "tel:"
	for _, r := range number {
		if (r >= '0' && r <= '9') || (r == '+' && out == "tel:") {
			out += string(r)
		}
	}
	return out
}

// confirmProfile is the one click of “Still right?”.
func (p *Pages) confirmProfile(w http.ResponseWriter, r *http.Request) error {
	if err := p.Service.ConfirmProfile(r.Context()); err != nil {
		return err
	}
	return done(w, r, "/people/"+auth.From(r.Context()).UserID, web.Toast{Key: "team.profile.confirmed"})
}
