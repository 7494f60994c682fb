package team

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// teamsView is the list of cross-functional teams.
type teamsView struct {
	running, ended []Team
	canForm        bool
	now            time.Time
	today          clock.Day
}

func (p *Pages) teams(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := p.Service.Teams(ctx)
	if err != nil {
		return err
	}
	o, err := p.Service.Organisation(ctx)
	if err != nil {
		return err
	}
	v := teamsView{canForm: auth.From(ctx).Can(MayEditTeams), now: p.Clock.Now(), today: today(o, p.Clock.Now())}
	for _, t := range all {
		if t.Ended(v.today) {
			v.ended = append(v.ended, t)
		} else {
			v.running = append(v.running, t)
		}
	}
	return web.Render(w, r, http.StatusOK, teamsPage(v))
}

// teamView is one team's page.
type teamView struct {
	team    Team
	canEdit bool
	now     time.Time
	today   clock.Day
}

func (p *Pages) team(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, err := p.Service.Team(ctx, web.Path(r, "id"))
	if err != nil {
		return err
	}
	o, err := p.Service.Organisation(ctx)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, teamPage(teamView{team: t, canEdit: MayEditTeam(ctx, t), now: p.Clock.Now(), today: today(o, p.Clock.Now())}))
}

// teamForm is what the form of a team sends. Members are chosen in a list.
type teamForm struct {
	Version int64    `form:"version"`
	Was     string   `form:"was,raw"`
	Chosen  bool     `form:"chosen"` // it comes from the page that asks to choose
	Name    string   `form:"name"`
	Mandate string   `form:"mandate"`
	Lead    string   `form:"lead"`
	EndsOn  string   `form:"ends_on"`
	Members []string `form:"members"`
	Add     string   `form:"add"` // names or addresses, separated by commas
}

// teamEditView is the form of a team.
type teamEditView struct {
	form
	team   Team
	stands string // its name as it stands, whatever was typed
	add    string // as typed
	people []Person
}

func (p *Pages) newTeam(w http.ResponseWriter, r *http.Request) error {
	return p.teamForm(w, r, Team{})
}

func (p *Pages) editTeam(w http.ResponseWriter, r *http.Request) error {
	t, err := p.editableTeam(r)
	if err != nil {
		return err
	}
	return p.teamForm(w, r, t)
}

// editableTeam reads the team of the address, which the reader may change; the
// zero team when the address names none.
func (p *Pages) editableTeam(r *http.Request) (Team, error) {
	id := web.Path(r, "id")
	if id == "" {
		return Team{}, nil
	}
	t, err := p.Service.Team(r.Context(), id)
	if err == nil && !MayEditTeam(r.Context(), t) {
		err = errs.Forbidden("")
	}
	return t, err
}

func (p *Pages) teamForm(w http.ResponseWriter, r *http.Request, t Team) error {
	v, err := p.teamEdit(r, t)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, teamEditPage(v))
}

func (p *Pages) teamEdit(r *http.Request, t Team) (teamEditView, error) {
	v := teamEditView{team: t, stands: t.Name}
	v.Action, v.Cancel, v.Was = r.URL.Path, "/teams", writeWas(t.values())
	if t.ID != "" {
		v.Cancel = "/teams/" + t.ID
	}
	var err error
	if v.people, err = p.Service.Colleagues(r.Context(), ""); err != nil {
		return v, err
	}
	for i, m := range v.team.Members { // of those just chosen only the id was sent
		if at := slices.IndexFunc(v.people, func(p Person) bool { return p.ID == m.ID }); at >= 0 {
			v.team.Members[i].Person = v.people[at]
		}
	}
	return v, nil
}

// findNamed finds people by name or address, as typed; who is nobody's name, or
// that of several, is noted as wrong.
func findNamed(wrong *errs.Fields, people []Person, typed string) []Member {
	var out []Member
	for _, word := range SplitLabels(typed) {
		var hits []Person
		for _, p := range people {
			if sameWord(p.Name(), word) || sameWord(p.Email, word) || sameWord(p.Family+" "+p.Given, word) {
				hits = append(hits, p)
			}
		}
		switch len(hits) {
		case 0:
			wrong.Add("add", "team.errors.nobody_named", "name", word)
		case 1:
			out = append(out, Member{Person: hits[0]})
		default:
			wrong.Add("add", "team.errors.several_named", "name", word)
		}
	}
	return out
}

func (p *Pages) saveTeam(w http.ResponseWriter, r *http.Request) error {
	before, err := p.editableTeam(r)
	if err != nil {
		return err
	}
	var f teamForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	var wrong errs.Fields
	t := Team{ID: before.ID, Name: f.Name, Mandate: lines(f.Mandate), LeadID: f.Lead, EndsOn: readDay(&wrong, "ends_on", f.EndsOn), Changed: Changed{Version: f.Version}}
	people, err := p.Service.Colleagues(r.Context(), "")
	if err != nil {
		return err
	}
	t.seatAll(several(f.Members), before)
	for _, m := range findNamed(&wrong, people, f.Add) {
		t.seat(m)
	}
	id := ""
	if err = wrong.Err(); err == nil {
		id, err = p.Service.SaveTeam(r.Context(), t)
	}
	saved := func() error { return done(w, r, "/teams/"+id, web.Toast{Key: "team.teams.saved"}) }
	if err == nil {
		return saved()
	}
	v, viewErr := p.teamEdit(r, t)
	if viewErr != nil {
		return viewErr
	}
	v.add, v.Was, v.stands = f.Add, f.Was, before.Name
	if now, ok := staleOf[Team](err); ok {
		c := contest{form: v.form, title: i18n.T(r.Context(), "team.teams.edit", "name", now.Name), crumbs: v.crumbs(r.Context()), order: teamFields(), mine: t.values(),
			theirs: now.values(), by: now.Changed, label: teamLabel, shown: v.shown}
		var settled bool
		settled, err = c.settled(w, r, func(version int64, m map[string]string) (err error) {
			merged := Team{ID: t.ID, Name: m["name"], Mandate: m["mandate"], LeadID: m["lead"], Changed: Changed{Version: version}}
			merged.EndsOn = readDay(&wrong, "ends_on", m["ends_on"])
			merged.seatAll(SplitLabels(m["members"]), now)
			id, err = p.Service.SaveTeam(r.Context(), merged)
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
	return web.Render(w, r, http.StatusUnprocessableEntity, teamEditPage(v))
}

// seatAll seats people by id, with the part they had in the team as it stands.
func (t *Team) seatAll(ids []string, stands Team) {
	for _, id := range ids {
		m := Member{Person: Person{ID: id}}
		if i := slices.IndexFunc(stands.Members, func(b Member) bool { return b.ID == id }); i >= 0 {
			m = stands.Members[i]
		}
		t.seat(m)
	}
}

func teamFields() []string { return []string{"name", "mandate", "lead", "ends_on", "members"} }

func (t Team) values() map[string]string {
	ids := make([]string, len(t.Members))
	for i, m := range t.Members {
		ids[i] = m.ID
	}
	return map[string]string{"name": t.Name, "mandate": t.Mandate, "lead": t.LeadID, "ends_on": day(t.EndsOn), "members": JoinLabels(ids)}
}

func teamLabel(ctx context.Context, field string) string {
	switch field {
	case "mandate":
		return i18n.T(ctx, "team.teams.mandate")
	case "lead":
		return i18n.T(ctx, "team.teams.lead")
	case "ends_on":
		return i18n.T(ctx, "team.teams.ends_on")
	case "members":
		return i18n.T(ctx, "team.teams.members")
	}
	return fieldLabel(ctx, field)
}

// shown writes one value for the page that asks to choose.
func (v teamEditView) shown(ctx context.Context, field, value string) string {
	switch field {
	case "lead":
		return nameOf(v.people, value)
	case "ends_on":
		if value == "" {
			return i18n.T(ctx, "team.teams.no_end")
		}
		return i18n.Day(ctx, value)
	case "members":
		var names []string
		for _, id := range SplitLabels(value) {
			names = append(names, nameOf(v.people, id))
		}
		slices.Sort(names)
		return strings.Join(names, ", ")
	}
	return value
}

func (p *Pages) endTeam(w http.ResponseWriter, r *http.Request) error {
	id := web.Path(r, "id")
	if err := p.Service.EndTeam(r.Context(), id); err != nil {
		return err
	}
	return done(w, r, "/teams/"+id, web.Toast{Key: "team.teams.now_ended", Undo: "/teams/" + id + "/reopen"})
}

func (p *Pages) reopenTeam(w http.ResponseWriter, r *http.Request) error {
	id := web.Path(r, "id")
	if err := p.Service.ReopenTeam(r.Context(), id); err != nil {
		return err
	}
	return done(w, r, "/teams/"+id, web.Toast{Key: "team.teams.reopened"})
}

// missingWords says which department a team lacks.
func missingWords(ctx context.Context, missing []Kind) string {
	switch {
	case len(missing) == 2:
		return i18n.T(ctx, "team.teams.missing_both")
	case len(missing) == 1 && missing[0] == Sales:
		return i18n.T(ctx, "team.teams.missing_sales")
	case len(missing) == 1:
		return i18n.T(ctx, "team.teams.missing_marketing")
	}
	return ""
}

// endWords says when a team ends, or that it has.
func endWords(ctx context.Context, t Team, today clock.Day) string {
	switch {
	case !t.EndedAt.IsZero():
		return i18n.T(ctx, "team.teams.ended_on", "day", i18n.Date(ctx, t.EndedAt))
	case t.EndsOn == (clock.Day{}):
		return i18n.T(ctx, "team.teams.no_end")
	case t.Ended(today):
		return i18n.T(ctx, "team.teams.ended_on", "day", when(ctx, t.EndsOn))
	}
	return i18n.T(ctx, "team.teams.until", "day", when(ctx, t.EndsOn))
}

// memberOptions are the members, to be kept or left out.
func (v teamEditView) memberOptions() []ui.Option {
	out := make([]ui.Option, len(v.team.Members))
	for i, m := range v.team.Members {
		out[i] = ui.Option{Value: m.ID, Label: m.Name(), Hint: dotted(m.Part, m.Title, m.Department), On: true}
	}
	return out
}

// names are those of all colleagues, as suggestions.
func (v teamEditView) names() []string {
	out := make([]string, len(v.people))
	for i, p := range v.people {
		out[i] = p.Name()
	}
	return out
}
