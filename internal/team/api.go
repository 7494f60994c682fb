package team

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"unisson/internal/platform/api"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
)

// MayEditOwn is what a program needs to write its person's own profile and
// absences. In a browser being signed in is enough; a token that may only read
// must not write, not even what is one's own.
const MayEditOwn auth.Permission = "team.self.edit"

// Operations are the REST operations of the team.
func (p *Pages) Operations(a *api.API) {
	const people, company, teams, guide = "people", "organisation", "teams", "guide"
	get := func(id, path, tag, summary string) api.Op {
		return api.Op{ID: id, Method: http.MethodGet, Path: path, Tag: tag, Summary: summary, Perm: MayRead}
	}
	register(a, api.Op{ID: "getMe", Method: http.MethodGet, Path: "/me", Tag: people, Summary: "Who you are, and what this token may do", Perm: auth.SignedIn}, p.apiMe)
	register(a, get("listPeople", "/people", people, "List people by family name"), p.apiPeople)
	register(a, get("getPerson", "/people/{id}", people, "Read one person with the profile"), p.apiPerson)
	register(a, api.Op{ID: "updatePerson", Method: http.MethodPatch, Path: "/people/{id}", Tag: people,
		Summary: "Change fields of a profile; fields that are not sent stay as they are", Perm: MayEditOwn}, p.apiUpdatePerson)

	register(a, get("listAbsences", "/people/{id}/absences", people, "List somebody’s absences that are not over"), p.apiAbsences)
	register(a, api.Op{ID: "setAbsence", Method: http.MethodPost, Path: "/people/{id}/absences", Tag: people, Status: http.StatusCreated,
		Summary: "Say when somebody is away, and who stands in", Perm: MayEditOwn}, p.apiSetAbsence)
	register(a, api.Op{ID: "cancelAbsence", Method: http.MethodDelete, Path: "/people/{id}/absences/{absence}", Tag: people, Status: http.StatusNoContent,
		Summary: "Say that somebody will not be away after all", Perm: MayEditOwn}, p.apiCancelAbsence)

	register(a, get("listDepartments", "/departments", company, "List departments, each under the one above it"), p.apiDepartments)
	register(a, get("listUnits", "/units", company, "List business units"), p.apiUnits)
	register(a, get("listRegions", "/regions", company, "List regions"), p.apiRegions)

	register(a, get("listTeams", "/teams", teams, "List cross-functional teams, ended ones included"), p.apiTeams)
	register(a, get("getTeam", "/teams/{id}", teams, "Read one cross-functional team"), p.apiTeam)
	register(a, api.Op{ID: "createTeam", Method: http.MethodPost, Path: "/teams", Tag: teams, Status: http.StatusCreated,
		Summary: "Form a cross-functional team", Perm: MayEditTeams}, p.apiCreateTeam)

	register(a, get("listSituations", "/situations", guide, "List the situations of the guide"), p.apiSituations)
	register(a, get("whoToInvolve", "/situations/{id}/proposals", guide, "Ask whom to involve in a situation, and why"), p.apiPropose)
}

// register adds an operation whose texts are checked before it runs: a NUL or
// a broken sequence passes every schema and is refused by PostgreSQL alone.
func register[I, O any](a *api.API, op api.Op, fn func(context.Context, *I) (*O, error)) {
	api.Register(a, op, func(ctx context.Context, in *I) (*O, error) {
		if !storable(reflect.ValueOf(in)) {
			return nil, errs.Malformed("", "errors.malformed")
		}
		return fn(ctx, in)
	})
}

// storable tells whether every text within v can be kept by both engines.
func storable(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return !strings.Contains(v.String(), "\x00") && utf8.ValidString(v.String())
	case reflect.Pointer:
		return v.IsNil() || storable(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if !storable(v.Field(i)) {
				return false
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if !storable(v.Index(i)) {
				return false
			}
		}
	}
	return true
}

// meWire is who asks.
type meWire struct {
	Person      personWire `json:"person"`
	Language    string     `json:"language" example:"fr" doc:"Empty: not chosen"`
	TimeZone    string     `json:"time_zone" example:"Europe/Paris" doc:"Empty: the organisation’s"`
	Permissions []string   `json:"permissions" nullable:"false" example:"[\"team.read\"]" doc:"What this token may do"`
}

func (p *Pages) apiMe(ctx context.Context, _ *struct{}) (*one[meWire], error) {
	a := auth.From(ctx)
	who, err := p.Service.Person(ctx, a.UserID)
	if err != nil {
		return nil, err
	}
	may := slices.DeleteFunc(p.Policy.Permissions(), func(perm auth.Permission) bool { return !a.Can(perm) })
	return &one[meWire]{Body: meWire{Person: wirePerson(who), Language: a.Prefs.Language, TimeZone: a.Prefs.TimeZone, Permissions: plainTexts(may)}}, nil
}

// one is the answer that holds one record.
type one[T any] struct {
	Body T
}

// versioned is the answer that holds one record which can be changed.
type versioned[T any] struct {
	ETag string `header:"ETag" doc:"Version of the record, to be sent back in If-Match"`
	Body T
}

// created is the answer to the making of a record.
type created[T any] struct {
	Location string `header:"Location" doc:"Where the new record is read"`
	ETag     string `header:"ETag" doc:"Version of the record"`
	Body     T
}

// listing is the answer that holds a whole list.
type listing[T any] struct {
	Body struct {
		Items []T `json:"items" nullable:"false"`
	}
}

// listOf makes a listing of rows.
func listOf[T, W any](rows []T, wire func(T) W) *listing[W] {
	var out listing[W]
	out.Body.Items = wires(rows, wire)
	return &out
}

// wires writes rows as they go over the wire; none is an empty list.
func wires[T, W any](rows []T, wire func(T) W) []W {
	out := make([]W, len(rows))
	for i, r := range rows {
		out[i] = wire(r)
	}
	return out
}

// plainTexts are codes as texts; none is an empty list.
func plainTexts[T ~string](codes []T) []string {
	return wires(codes, func(c T) string { return string(c) })
}

// renamed calls the wrong fields of err by their names in the body.
func renamed(err error, names map[string]string) error {
	e := errs.Detail(err)
	if e == nil || len(e.Fields) == 0 {
		return err
	}
	c := *e
	c.Fields = make([]errs.Field, len(e.Fields))
	for i, f := range e.Fields {
		f.Name = or(names[f.Name], f.Name)
		c.Fields[i] = f
	}
	return &c
}
