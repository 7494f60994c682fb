package team

import (
	"context"
	"net/http"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// setupForm is what the first-run page sends.
type setupForm struct {
	Token    string `form:"token"`
	Language string `form:"language"`
	Company  string `form:"company"`
	Country  string `form:"country"`
	TimeZone string `form:"time_zone"`
	Holidays string `form:"holidays"`
	Given    string `form:"given"`
	Family   string `form:"family"`
	Email    string `form:"email"`
	Password string `form:"password,raw"`
}

// setupView is the first-run page.
type setupView struct {
	form
	entry setupForm
}

// setup shows the first-run page to who has the console's token; to everybody
// else, and once somebody can sign in, there is no such page.
func (p *Pages) setup(w http.ResponseWriter, r *http.Request) error {
	var f setupForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	if err := p.Service.SetupOpen(r.Context(), f.Token); err != nil {
		return err
	}
	v := setupView{entry: setupForm{Token: f.Token, Language: i18n.Lang(r.Context()), Country: "FR", TimeZone: "Europe/Paris", Holidays: "fr"}}
	if v.entry.Language == i18n.FrenchOfQuebec {
		v.entry.Country, v.entry.TimeZone, v.entry.Holidays = "CA", "America/Montreal", "ca_qc"
	}
	v.Action = "/setup"
	return web.Render(w, r, http.StatusOK, setupPage(v))
}

func (p *Pages) setUp(w http.ResponseWriter, r *http.Request) error {
	var f setupForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	_, err := p.Service.SetUp(r.Context(), f.Token, Setup{Language: f.Language, Company: f.Company, Country: f.Country, TimeZone: f.TimeZone, Holidays: f.Holidays,
		Given: f.Given, Family: f.Family, Email: f.Email, Password: f.Password})
	if err == nil {
		return done(w, r, "/sign-in", web.Toast{Key: "team.setup.done"})
	}
	v := setupView{entry: f}
	v.Action = "/setup"
	if err := v.reject(r, err); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, setupPage(v))
}

// fields are the entries of the first-run page, in the order of the form.
func (v setupView) fields(ctx context.Context) []ui.FieldProps {
	f := v.entry
	return []ui.FieldProps{
		{Name: "language", Label: i18n.T(ctx, "team.setup.language"), Value: f.Language, Error: v.Errors["language"]},
		{Name: "company", Label: i18n.T(ctx, "team.field.company"), Value: f.Company, Error: v.Errors["company"], MaxLength: 120, Autocomplete: "organization"},
		{Name: "country", Label: i18n.T(ctx, "team.field.country"), Value: f.Country, Error: v.Errors["country"]},
		{Name: "time_zone", Label: i18n.T(ctx, "team.field.time_zone"), Value: f.TimeZone, Error: v.Errors["time_zone"]},
		{Name: "holidays", Label: i18n.T(ctx, "team.field.holidays"), Value: f.Holidays, Error: v.Errors["holidays"]},
		{Name: "given", Label: i18n.T(ctx, "team.field.given"), Value: f.Given, Error: v.Errors["given"], MaxLength: 100, Autocomplete: "given-name"},
		{Name: "family", Label: i18n.T(ctx, "team.field.family"), Value: f.Family, Error: v.Errors["family"], MaxLength: 100, Autocomplete: "family-name"},
		{Name: "email", Label: i18n.T(ctx, "team.field.email"), Type: "email", Value: f.Email, Error: v.Errors["email"], MaxLength: 254, Autocomplete: "email"},
		{Name: "password", Label: i18n.T(ctx, "team.setup.password"), Type: "password", Error: v.Errors["password"], Autocomplete: "new-password", Hint: i18n.T(ctx, "team.setup.password_hint")},
	}
}
