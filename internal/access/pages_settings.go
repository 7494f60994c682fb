package access

import (
	"net/http"
	"slices"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/web"
)

// set changes one preference: kept with the person when somebody is signed in,
// and in a cookie, which the page reads before it is drawn and which the door
// speaks from.
func (p *Pages) set(w http.ResponseWriter, r *http.Request, next string, change func(*auth.Prefs)) error {
	a := auth.From(r.Context())
	prefs := a.Prefs
	change(&prefs)
	if a.Kind == auth.Person {
		if err := p.Auth.SetPrefs(r.Context(), a.UserID, prefs); err != nil {
			return err
		}
	}
	keep(w, r, prefs)
	return web.Redirect(w, r, local(next))
}

func keep(w http.ResponseWriter, r *http.Request, prefs auth.Prefs) {
	if prefs.Language != "" {
		web.SetPreference(w, r, "lang", prefs.Language)
	}
	theme := prefs.Theme
	if theme == "" {
		theme = systemTheme
	}
	web.SetPreference(w, r, "theme", theme)
}

// systemTheme says in forms and cookies that the theme follows the device.
const systemTheme = "system"

type languageForm struct {
	To   string `form:"to"`
	Next string `form:"next"`
}

func (p *Pages) language(w http.ResponseWriter, r *http.Request) error {
	var f languageForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	if !slices.Contains(i18n.Languages(), f.To) {
		return errs.Invalid(errs.Field{Name: "to", Code: "auth.error.language"})
	}
	a := auth.From(r.Context())
	if a.Kind == auth.Person {
		return p.set(w, r, f.Next, func(prefs *auth.Prefs) { prefs.Language = f.To })
	}
	web.SetPreference(w, r, "lang", f.To)
	return web.Redirect(w, r, local(f.Next))
}

type themeForm struct {
	Theme string `form:"theme"`
	Next  string `form:"next"`
}

func themeOf(word string) (string, error) {
	switch word {
	case "light", "dark":
		return word, nil
	case "", systemTheme:
		return "", nil
	}
	return "", errs.Invalid(errs.Field{Name: "theme", Code: "auth.error.theme"})
}

func (p *Pages) theme(w http.ResponseWriter, r *http.Request) error {
	var f themeForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	theme, err := themeOf(f.Theme)
	if err != nil {
		return err
	}
	return p.set(w, r, f.Next, func(prefs *auth.Prefs) { prefs.Theme = theme })
}

type keysForm struct {
	Off  bool   `form:"off"`
	Next string `form:"next"`
}

// singleKeys switches the shortcuts of one key off and on: they can get in the
// way of speech input.
func (p *Pages) singleKeys(w http.ResponseWriter, r *http.Request) error {
	var f keysForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	return p.set(w, r, f.Next, func(prefs *auth.Prefs) { prefs.KeysOff = f.Off })
}
