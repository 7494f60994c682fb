package team

import (
	"context"
	"net/http"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// invitationForm is what the form of an invitation sends.
type invitationForm struct {
	Email      string   `form:"email"`
	Given      string   `form:"given"`
	Family     string   `form:"family"`
	Title      string   `form:"title"`
	Roles      []string `form:"roles"`
	Department string   `form:"department"`
	Unit       string   `form:"unit"`
	Region     string   `form:"region"`
	EndsOn     string   `form:"ends_on"`
	Language   string   `form:"language"`
}

// invitationView is that form.
type invitationView struct {
	form
	entry        invitationForm
	organisation Organisation
	structure    Structure
}

func rolesOf(words []string) []auth.Role {
	out := make([]auth.Role, len(words))
	for i, w := range words {
		out[i] = auth.Role(w)
	}
	return out
}

func (p *Pages) invitationView(r *http.Request) (invitationView, error) {
	var v invitationView
	v.Action, v.Cancel = "/people/invite", "/people"
	var err error
	v.organisation, v.structure, err = p.Service.Company(r.Context())
	v.entry.Language = v.organisation.Language
	return v, err
}

func (p *Pages) invite(w http.ResponseWriter, r *http.Request) error {
	v, err := p.invitationView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, invitationPage(v))
}

func (p *Pages) sendInvitation(w http.ResponseWriter, r *http.Request) error {
	var f invitationForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	var wrong errs.Fields
	in := Invitation{Email: f.Email, Given: f.Given, Family: f.Family, Title: f.Title, Roles: rolesOf(f.Roles), DepartmentID: f.Department, UnitID: f.Unit,
		RegionID: f.Region, EndsOn: readDay(&wrong, "ends_on", f.EndsOn), Language: f.Language}
	err := wrong.Err()
	var id string
	if err == nil {
		id, err = p.Service.InvitePerson(r.Context(), in)
	}
	if err == nil {
		return done(w, r, "/people/"+id, web.Toast{Key: "team.invitation.sent", Params: map[string]any{"email": f.Email}, Icon: "mail"})
	}
	v, viewErr := p.invitationView(r)
	if viewErr != nil {
		return viewErr
	}
	if err := v.reject(r, err); err != nil {
		return err
	}
	v.entry = f
	return web.Render(w, r, http.StatusUnprocessableEntity, invitationPage(v))
}

func (p *Pages) inviteAgain(w http.ResponseWriter, r *http.Request) error {
	id := web.Path(r, "id")
	if err := p.Service.InviteAgain(r.Context(), id); err != nil {
		return err
	}
	return done(w, r, "/people/"+id, web.Toast{Key: "team.invitation.sent_again", Icon: "mail"})
}

// accessForm is what the form of somebody's rights sends.
type accessForm struct {
	Version int64    `form:"version"`
	Was     string   `form:"was,raw"`
	Chosen  bool     `form:"chosen"` // it comes from the page that asks to choose
	Roles   []string `form:"roles"`
	EndsOn  string   `form:"ends_on"`
}

// accessView is what somebody may do, and until when.
type accessView struct {
	form
	person Person
	roles  []auth.Role
	endsOn string
	read   int64
	own    bool
	policy *auth.Policy
}

func (p *Pages) accessView(r *http.Request) (accessView, error) {
	ctx, id := r.Context(), web.Path(r, "id")
	v := accessView{own: auth.From(ctx).UserID == id, policy: p.Policy}
	v.Action, v.Cancel = "/people/"+id+"/access", "/people/"+id
	var err error
	if v.person, err = p.Service.Person(ctx, id); err != nil {
		return v, err
	}
	a, err := p.Service.Access(ctx, id)
	v.roles, v.endsOn, v.read, v.Was = a.Roles, day(a.EndsOn), a.Changed.Version, writeWas(a.values())
	return v, err
}

func (p *Pages) access(w http.ResponseWriter, r *http.Request) error {
	v, err := p.accessView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, accessPage(v))
}

func (p *Pages) setAccess(w http.ResponseWriter, r *http.Request) error {
	v, err := p.accessView(r)
	if err != nil {
		return err
	}
	var f accessForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	roles := inOrder(Roles(), several(f.Roles))
	set := func(version int64, roles []auth.Role, endsOn string) error {
		var wrong errs.Fields
		ends := readDay(&wrong, "ends_on", endsOn)
		if err := wrong.Err(); err != nil {
			return err
		}
		return p.Service.SetRoles(r.Context(), v.person.ID, version, roles, ends)
	}
	err = set(f.Version, roles, f.EndsOn)
	v.roles, v.endsOn, v.read, v.Was = roles, f.EndsOn, f.Version, f.Was
	if now, ok := staleOf[Access](err); ok {
		c := contest{form: v.form, title: i18n.T(r.Context(), "team.access.of", "name", v.person.Name()), crumbs: v.crumbs(r.Context()), order: []string{"roles", "ends_on"},
			mine: map[string]string{"roles": JoinLabels(texts(roles)), "ends_on": f.EndsOn}, theirs: now.values(), by: now.Changed, label: accessLabel, shown: accessWords}
		var settled bool
		settled, err = c.settled(w, r, func(version int64, m map[string]string) error {
			return set(version, inOrder(Roles(), SplitLabels(m["roles"])), m["ends_on"])
		})
		if !settled {
			return err
		}
	}
	if err == nil {
		return done(w, r, v.Cancel, web.Toast{Key: "team.access.saved"})
	}
	if err := v.reject(r, err); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, accessPage(v))
}

func (v accessView) crumbs(ctx context.Context) []ui.Crumb {
	return []ui.Crumb{{Label: i18n.T(ctx, "ui.nav.together"), Href: "/together"}, {Label: i18n.T(ctx, "team.directory.title"), Href: "/people"},
		{Label: v.person.Name(), Href: v.Cancel}, {Label: i18n.T(ctx, "team.access.title")}}
}

func (a Access) values() map[string]string {
	return map[string]string{"roles": JoinLabels(texts(a.Roles)), "ends_on": day(a.EndsOn)}
}

func accessLabel(ctx context.Context, field string) string {
	if field == "ends_on" {
		return i18n.T(ctx, "team.access.ends_on")
	}
	return i18n.T(ctx, "team.access.roles")
}

// accessWords writes roles, or a last day, for the page that asks to choose.
func accessWords(ctx context.Context, field, value string) string {
	switch {
	case field == "roles":
		return roleNames(ctx, inOrder(Roles(), SplitLabels(value)))
	case value == "":
		return i18n.T(ctx, "team.access.no_end")
	}
	return i18n.Day(ctx, value)
}

func (p *Pages) deactivate(w http.ResponseWriter, r *http.Request) error {
	id := web.Path(r, "id")
	if err := p.Service.Deactivate(r.Context(), id); err != nil {
		return err
	}
	return done(w, r, "/people/"+id+"/access", web.Toast{Key: "team.access.deactivated", Icon: "user-x", Undo: "/people/" + id + "/reactivate"})
}

func (p *Pages) reactivate(w http.ResponseWriter, r *http.Request) error {
	id := web.Path(r, "id")
	if err := p.Service.Reactivate(r.Context(), id); err != nil {
		return err
	}
	return done(w, r, "/people/"+id+"/access", web.Toast{Key: "team.access.reactivated", Icon: "user-check"})
}

// rolesView is what each role may do.
type rolesView struct {
	organisationView
	policy *auth.Policy
}

func (p *Pages) roles(w http.ResponseWriter, r *http.Request) error {
	v := rolesView{policy: p.Policy}
	v.tab, v.canEdit = "roles", auth.From(r.Context()).Can(MayEditCompany)
	var err error
	if v.organisation, v.structure, err = p.Service.Company(r.Context()); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, rolesPage(v))
}
