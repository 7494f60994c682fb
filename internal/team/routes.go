package team

import (
	"embed"
	"io/fs"
	"net/http"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/web"
)

//go:embed locales
var locales embed.FS

// Locales holds the words of this package.
func Locales() fs.FS { return locales }

// Pages are the directory, the guide, the teams and the organisation.
type Pages struct {
	Service *Service
	Clock   clock.Clock
	Policy  *auth.Policy     // what /roles shows
	Panels  []registry.Panel // blocks that other capabilities show on a person's page
}

// Routes is the URL map of the team. Where it says SignedIn, one's own rows
// need no more; the service asks for a permission on anybody else's.
func (p *Pages) Routes() []web.Route {
	routes := p.routes()
	for i, rt := range routes {
		routes[i].Handle = func(w http.ResponseWriter, r *http.Request) error {
			return rt.Handle(w, r.WithContext(i18n.WithNow(r.Context(), p.Clock.Now())))
		}
	}
	return routes
}

func (p *Pages) routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /together", Perm: MayRead, Handle: p.together},

		{Pattern: "GET /people", Perm: MayRead, Handle: p.directory},
		{Pattern: "GET /people/{id}", Perm: MayRead, Handle: p.person},
		{Pattern: "GET /people/{id}/edit", Perm: auth.SignedIn, Handle: p.editProfile},
		{Pattern: "POST /people/{id}/edit", Perm: auth.SignedIn, Handle: p.saveProfile},
		{Pattern: "POST /people/{id}/undo/{version}", Perm: auth.SignedIn, Handle: p.undoProfile},
		{Pattern: "GET /me/profile", Perm: auth.SignedIn, Handle: p.editOwnProfile},
		{Pattern: "POST /me/profile", Perm: auth.SignedIn, Handle: p.saveOwnProfile},
		{Pattern: "POST /me/profile/confirm", Perm: auth.SignedIn, Handle: p.confirmProfile},

		{Pattern: "GET /people/{id}/absences", Perm: auth.SignedIn, Handle: p.absences},
		{Pattern: "POST /people/{id}/absences", Perm: auth.SignedIn, Handle: p.setAbsence},
		{Pattern: "GET /people/{id}/absences/{absence}", Perm: auth.SignedIn, Handle: p.absence},
		{Pattern: "POST /people/{id}/absences/{absence}", Perm: auth.SignedIn, Handle: p.setAbsence},
		{Pattern: "POST /people/{id}/absences/{absence}/cancel", Perm: auth.SignedIn, Handle: p.cancelAbsence},
		{Pattern: "POST /people/{id}/absences/{absence}/restore", Perm: auth.SignedIn, Handle: p.restoreAbsence},

		{Pattern: "GET /people/invite", Perm: MayManagePeople, Handle: p.invite},
		{Pattern: "POST /people/invite", Perm: MayManagePeople, Handle: p.sendInvitation},
		{Pattern: "POST /people/{id}/invite", Perm: MayManagePeople, Handle: p.inviteAgain},
		{Pattern: "GET /people/{id}/access", Perm: MayManagePeople, Handle: p.access},
		{Pattern: "POST /people/{id}/access", Perm: MayManagePeople, Handle: p.setAccess},
		{Pattern: "POST /people/{id}/deactivate", Perm: MayManagePeople, Handle: p.deactivate},
		{Pattern: "POST /people/{id}/reactivate", Perm: MayManagePeople, Handle: p.reactivate},

		{Pattern: "GET /guide", Perm: MayRead, Handle: p.guide},
		{Pattern: "GET /guide/{id}", Perm: MayRead, Handle: p.situation},
		{Pattern: "GET /guide/new", Perm: MayEditSituations, Handle: p.newSituation},
		{Pattern: "POST /guide/new", Perm: MayEditSituations, Handle: p.saveSituation},
		{Pattern: "GET /guide/{id}/edit", Perm: MayEditSituations, Handle: p.editSituation},
		{Pattern: "POST /guide/{id}/edit", Perm: MayEditSituations, Handle: p.saveSituation},

		{Pattern: "GET /teams", Perm: MayRead, Handle: p.teams},
		{Pattern: "GET /teams/{id}", Perm: MayRead, Handle: p.team},
		{Pattern: "GET /teams/new", Perm: MayEditTeams, Handle: p.newTeam},
		{Pattern: "POST /teams/new", Perm: MayEditTeams, Handle: p.saveTeam},
		{Pattern: "GET /teams/{id}/edit", Perm: auth.SignedIn, Handle: p.editTeam},
		{Pattern: "POST /teams/{id}/edit", Perm: auth.SignedIn, Handle: p.saveTeam},
		{Pattern: "POST /teams/{id}/end", Perm: auth.SignedIn, Handle: p.endTeam},
		{Pattern: "POST /teams/{id}/reopen", Perm: auth.SignedIn, Handle: p.reopenTeam},

		{Pattern: "GET /organisation", Perm: MayRead, Handle: p.departments},
		{Pattern: "GET /organisation/units", Perm: MayRead, Handle: p.units},
		{Pattern: "GET /organisation/regions", Perm: MayRead, Handle: p.regions},
		{Pattern: "GET /organisation/company", Perm: MayEditCompany, Handle: p.company},
		{Pattern: "POST /organisation/company", Perm: MayEditCompany, Handle: p.saveCompany},
		{Pattern: "GET /organisation/{kind}/new", Perm: MayEditCompany, Handle: p.newPlace},
		{Pattern: "POST /organisation/{kind}/new", Perm: MayEditCompany, Handle: p.savePlace},
		{Pattern: "GET /organisation/{kind}/{id}", Perm: MayEditCompany, Handle: p.editPlace},
		{Pattern: "POST /organisation/{kind}/{id}", Perm: MayEditCompany, Handle: p.savePlace},
		{Pattern: "POST /organisation/{kind}/{id}/remove", Perm: MayEditCompany, Handle: p.removePlace},
		{Pattern: "GET /roles", Perm: auth.SignedIn, Handle: p.roles},

		{Pattern: "GET /setup", Perm: auth.Public, Handle: p.setup},
		{Pattern: "POST /setup", Perm: auth.Public, Handle: p.setUp},
	}
}
