package access

import (
	"context"
	"net/http"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// meView is my own page: the ways to all that is mine, and how Unisson speaks
// to me.
type meView struct {
	user auth.User
	form settingsForm
	why  refusal
}

type settingsForm struct {
	Language string `form:"language"`
	TimeZone string `form:"time_zone"`
	Theme    string `form:"theme"`
	Keys     bool   `form:"keys"`
}

func (p *Pages) mePage(w http.ResponseWriter, r *http.Request) error {
	prefs := auth.From(r.Context()).Prefs
	f := settingsForm{Language: prefs.Language, TimeZone: prefs.TimeZone, Theme: prefs.Theme, Keys: !prefs.KeysOff}
	return p.showMe(w, r, f, refusal{status: http.StatusOK})
}

func (p *Pages) showMe(w http.ResponseWriter, r *http.Request, f settingsForm, why refusal) error {
	u, err := p.Auth.User(r.Context(), auth.From(r.Context()).UserID)
	if err != nil {
		return err
	}
	return web.Render(w, r, why.status, mePage(meView{user: u, form: f, why: why}))
}

func (p *Pages) saveMe(w http.ResponseWriter, r *http.Request) error {
	var f settingsForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	theme, err := themeOf(f.Theme)
	prefs := auth.Prefs{Language: f.Language, TimeZone: f.TimeZone, Theme: theme, KeysOff: !f.Keys}
	if err == nil {
		err = p.Auth.SetPrefs(r.Context(), auth.From(r.Context()).UserID, prefs)
	}
	if err != nil {
		why, err := refuse(w, r, err)
		if err != nil {
			return err
		}
		return p.showMe(w, r, f, why)
	}
	keep(w, r, prefs)
	web.Flash(w, r, web.Toast{Key: "access.settings.done"})
	return web.Redirect(w, r, "/me")
}

// roleNames says what somebody is here. The names are those of the capability
// that knows people.
//
// i18n: team.role.*
func roleNames(ctx context.Context, roles []auth.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = i18n.T(ctx, "team.role."+string(r))
	}
	return i18n.List(ctx, names...)
}

// mine are the ways to all that is mine, most used first.
//
// i18n: access.mine.*
func mine(ctx context.Context, u auth.User) []ui.ItemProps {
	safe := "access.mine.security_off"
	if u.HasFactor {
		safe = "access.mine.security_on"
	}
	return []ui.ItemProps{
		{Icon: "user-round", Href: "/people/" + u.ID, Title: i18n.T(ctx, "access.mine.profile"), Second: i18n.T(ctx, "access.mine.profile_text")},
		{Icon: "bell", Href: "/me/notifications", Title: i18n.T(ctx, "access.mine.notices"), Second: i18n.T(ctx, "access.mine.notices_text")},
		{Icon: "shield-check", Href: "/me/security", Title: i18n.T(ctx, "access.security.title"), Second: i18n.T(ctx, safe)},
		{Icon: "eye", Href: "/me/visible", Title: i18n.T(ctx, "access.mine.visible"), Second: i18n.T(ctx, "access.mine.visible_text")},
	}
}
