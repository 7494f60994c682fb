package team

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
)

// i18n: team.role.* team.kind.* team.channel.* team.orientation.* team.reading.*

// face is a person as a page shows him.
func face(p Person) ui.Person {
	return ui.Person{Name: p.Name(), Initials: initials(p), Voice: voice(p.Side()), Href: "/people/" + p.ID}
}

// initials are the first letters of both names, particles counted: YL for Yann Le Goff.
func initials(p Person) string {
	var out []rune
	for _, name := range []string{p.Given, p.Family} {
		for _, r := range name {
			out = append(out, r)
			break
		}
	}
	return strings.ToUpper(string(out))
}

func voice(k Kind) ui.Voice {
	switch k {
	case Sales:
		return ui.Sales
	case Marketing:
		return ui.Marketing
	}
	return ui.Neutral
}

// place says where somebody stands: "Ventes · Ouest · Nantes".
func place(p Person) string { return dotted(p.Department, p.Unit, p.Region, p.City) }

// dotted joins what is not empty, each once, by middle dots.
func dotted(parts ...string) string {
	var some []string
	for _, s := range parts {
		if s != "" && !slices.Contains(some, s) {
			some = append(some, s)
		}
	}
	return strings.Join(some, "\u00a0· ") // a line breaks after the dot, never before
}

// roleNames names roles in the reader's language.
func roleNames(ctx context.Context, roles []auth.Role) string {
	var names []string
	for _, r := range Roles() {
		if slices.Contains(roles, r) {
			names = append(names, i18n.T(ctx, "team.role."+string(r)))
		}
	}
	return strings.Join(names, ", ")
}

// when writes a calendar day, without the year that is running; the zero day is
// nothing.
func when(ctx context.Context, d clock.Day) string {
	if d == (clock.Day{}) {
		return ""
	}
	return i18n.ShortDay(ctx, d.String())
}

// absenceWords says an absence of today: until when, and who stands in.
func absenceWords(ctx context.Context, p Person) string {
	switch {
	case p.Absence == nil:
		return ""
	case p.Deputy != nil:
		return i18n.T(ctx, "team.absence.until_deputy", "day", when(ctx, p.Absence.To), "deputy", p.Deputy.Name())
	}
	return i18n.T(ctx, "team.absence.until", "day", when(ctx, p.Absence.To))
}

// form is what every form of this package carries: its errors, and where it posts.
type form struct {
	Action string
	Cancel string
	Was    string // see writeWas
	Errors ui.Errors
}

// reject answers a refused form: err becomes its errors, or goes to the edge.
func (f *form) reject(r *http.Request, err error) error {
	if !errs.Is(err, errs.KindInvalid) {
		return err
	}
	f.Errors = ui.ErrorsOf(r.Context(), err)
	return nil
}

// choose makes options of values with a common prefix of message keys.
func choose[T ~string](ctx context.Context, prefix string, values []T, on ...T) []ui.Option {
	out := make([]ui.Option, len(values))
	for i, v := range values {
		out[i] = ui.Option{Value: string(v), Label: i18n.T(ctx, prefix+string(v)), On: slices.Contains(on, v)}
	}
	return out
}

// blank is the first option of a list that may be left open.
func blank(label string, options []ui.Option) []ui.Option {
	return append([]ui.Option{{Value: "", Label: label}}, options...)
}

// plain makes options of words that are their own names.
func plain(words []string) []ui.Option {
	out := make([]ui.Option, len(words))
	for i, w := range words {
		out[i] = ui.Option{Value: w, Label: w}
	}
	return out
}

func departmentOptions(st Structure) []ui.Option {
	var out []ui.Option
	for _, b := range Tree(st.Departments) {
		out = append(out, ui.Option{Value: b.ID, Label: strings.Repeat("– ", b.Depth) + b.Name})
	}
	return out
}

func unitOptions(st Structure) []ui.Option {
	var out []ui.Option
	for _, u := range st.Units {
		out = append(out, ui.Option{Value: u.ID, Label: u.Name})
	}
	return out
}

func regionOptions(st Structure) []ui.Option {
	var out []ui.Option
	for _, g := range st.Regions {
		out = append(out, ui.Option{Value: g.ID, Label: g.Name})
	}
	return out
}

// personOptions names people, with their department behind.
func personOptions(people []Person) []ui.Option {
	out := make([]ui.Option, len(people))
	for i, p := range people {
		label := p.Family + " " + p.Given
		if p.Department != "" {
			label += " · " + p.Department
		}
		out[i] = ui.Option{Value: p.ID, Label: label}
	}
	return out
}

func countryOptions(ctx context.Context) []ui.Option {
	out := make([]ui.Option, len(Countries()))
	for i, c := range Countries() {
		out[i] = ui.Option{Value: c, Label: i18n.CountryName(ctx, c)}
	}
	return out
}

func languageOptions(ctx context.Context, on []string) []ui.Option {
	out := make([]ui.Option, len(Languages()))
	for i, l := range Languages() {
		out[i] = ui.Option{Value: l, Label: i18n.LanguageName(ctx, l), On: slices.Contains(on, l)}
	}
	const first = 2 // the two of the product lead, the others follow by name
	slices.SortStableFunc(out[first:], func(a, b ui.Option) int { return strings.Compare(db.SortKey(a.Label), db.SortKey(b.Label)) })
	return out
}

// readDay reads a day of a form; an empty one is the zero day, a wrong one is
// noted under its field.
func readDay(wrong *errs.Fields, field, text string) clock.Day {
	if text == "" {
		return clock.Day{}
	}
	d, err := clock.ParseDay(text)
	if err != nil {
		wrong.Add(field, "team.errors.day")
	}
	return d
}

// lines turns the line ends of a browser into ours.
func lines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// at is the instant pages are read at, in the reader's zone.
func (p *Pages) at(r *http.Request) time.Time { return p.Clock.Now().In(i18n.Zone(r.Context())) }

// done says a toast and goes to a page.
func done(w http.ResponseWriter, r *http.Request, to string, t web.Toast) error {
	web.Flash(w, r, t)
	return web.Redirect(w, r, to)
}

// together shows the ways into what both departments share about themselves.
func (p *Pages) together(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var v togetherView
	d, err := p.Service.CountPeople(ctx, Filter{})
	if err != nil {
		return err
	}
	v.People, v.More = d.Count, d.More()
	away, err := p.Service.FindPeople(ctx, Filter{Away: true}, Cursor{})
	if err != nil {
		return err
	}
	v.Away = away
	if v.Situations, err = p.Service.Situations(ctx); err != nil {
		return err
	}
	v.Situations = slices.DeleteFunc(v.Situations, func(s Situation) bool { return !s.Active })
	if v.Teams, err = p.Service.Teams(ctx); err != nil {
		return err
	}
	if v.Organisation, err = p.Service.Letterhead(ctx); err != nil {
		return err
	}
	if v.Structure, err = p.Service.Outline(ctx); err != nil {
		return err
	}
	v.Now = p.at(r)
	v.Today = today(v.Organisation, v.Now)
	return web.Render(w, r, http.StatusOK, togetherPage(v))
}

type togetherView struct {
	People       int
	More         bool
	Away         Directory
	Situations   []Situation
	Teams        []Team
	Organisation Organisation
	Structure    Structure
	Now          time.Time
	Today        clock.Day
}

// running are the teams that have not ended, with the number of those in which
// a department is missing.
func (v togetherView) running() (teams []Team, lacking int) {
	for _, t := range v.Teams {
		if t.Ended(v.Today) {
			continue
		}
		teams = append(teams, t)
		if len(t.Missing(v.Now)) > 0 {
			lacking++
		}
	}
	return teams, lacking
}

// staleOf unpacks what stands now from a save refused because somebody saved
// first.
func staleOf[T any](err error) (T, bool) {
	var none T
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.KindStale {
		return none, false
	}
	now, ok := e.Current.(T)
	return now, ok
}
