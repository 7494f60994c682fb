package customers

import (
	"context"
	"net/http"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
	"unisson/internal/team"
)

// i18n: customers.own.type.* team.role.*

// fieldRoutes are the fields of the organisation's own.
func (p *Pages) fieldRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /fields", Perm: MayShape, Handle: p.ownFields},
		{Pattern: "GET /fields/new", Perm: MayShape, Handle: p.newOwn},
		{Pattern: "POST /fields/new", Perm: MayShape, Handle: p.addOwn},
		{Pattern: "GET /fields/{id}", Perm: MayShape, Handle: p.editOwn},
		{Pattern: "POST /fields/{id}", Perm: MayShape, Handle: p.saveOwn},
		{Pattern: "POST /fields/{id}/archive", Perm: MayShape, Handle: p.archiveOwn},
		{Pattern: "POST /fields/{id}/restore", Perm: MayShape, Handle: p.restoreOwn},
		{Pattern: "POST /fields/{id}/up", Perm: MayShape, Handle: p.moveOwn(false)},
		{Pattern: "POST /fields/{id}/down", Perm: MayShape, Handle: p.moveOwn(true)},
	}
}

type ownList struct {
	kind   Kind
	fields []OwnField
	now    time.Time
}

func (p *Pages) ownFields(w http.ResponseWriter, r *http.Request) error {
	v := ownList{kind: Kind(r.URL.Query().Get("of")), now: p.Clock.Now().In(i18n.Zone(r.Context()))}
	if !v.kind.Valid() {
		v.kind = KindAccount
	}
	var err error
	if v.fields, err = p.Service.OwnFields(r.Context(), v.kind); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, ownPage(v))
}

// ownForm is what the form of a field sends.
type ownForm struct {
	Kind    string `form:"record"`
	Code    string `form:"code"`
	NameEN  string `form:"name_en"`
	NameFR  string `form:"name_fr"`
	Type    string `form:"type"`
	Choices string `form:"choices"`
	Reader  string `form:"reader"`
	WhyEN   string `form:"why_en"`
	WhyFR   string `form:"why_fr"`
	Version int64  `form:"version"`
}

func (f ownForm) field(id string) CustomField {
	return CustomField{ID: id, Kind: Kind(f.Kind), Code: f.Code, NameEN: f.NameEN, NameFR: f.NameFR, Type: Type(f.Type), Choices: lines(unixLines(f.Choices)),
		Reader: auth.Role(f.Reader), WhyEN: f.WhyEN, WhyFR: f.WhyFR, Version: f.Version}
}

type ownView struct {
	field  CustomField
	errors ui.Errors
	stale  bool
}

func (p *Pages) newOwn(w http.ResponseWriter, r *http.Request) error {
	k := Kind(r.URL.Query().Get("of"))
	if !k.Valid() {
		k = KindAccount
	}
	return web.Render(w, r, http.StatusOK, ownFormPage(ownView{field: CustomField{Kind: k, Type: Text}}))
}

func (p *Pages) addOwn(w http.ResponseWriter, r *http.Request) error {
	var f ownForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	c := f.field("")
	id, err := p.Service.AddOwnField(r.Context(), c)
	if err != nil {
		return p.refuseOwn(w, r, c, err)
	}
	return after(w, r, ownPath(c.Kind), web.Toast{Key: "customers.own.added", Params: map[string]any{"name": c.Name(i18n.Lang(r.Context()))}, Undo: "/fields/" + id + "/archive"})
}

// refuseOwn shows the form again with what is wrong in it.
func (p *Pages) refuseOwn(w http.ResponseWriter, r *http.Request, c CustomField, err error) error {
	if !errs.Is(err, errs.KindInvalid) {
		return err
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, ownFormPage(ownView{field: c, errors: ui.ErrorsOf(r.Context(), err)}))
}

func (p *Pages) editOwn(w http.ResponseWriter, r *http.Request) error {
	c, err := p.Service.OwnField(r.Context(), web.Path(r, "id"))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, ownFormPage(ownView{field: c}))
}

func (p *Pages) saveOwn(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), web.Path(r, "id")
	var f ownForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	stands, err := p.Service.OwnField(ctx, id)
	if err != nil {
		return err
	}
	c := f.field(id)
	c.Kind, c.Code, c.Type = stands.Kind, stands.Code, stands.Type
	err = p.Service.ChangeOwnField(ctx, c)
	if errs.Is(err, errs.KindStale) { // both definitions are short: what was typed is shown over what stands
		c.Version = stands.Version
		return web.Render(w, r, http.StatusConflict, ownFormPage(ownView{field: c, stale: true}))
	}
	if err != nil {
		return p.refuseOwn(w, r, c, err)
	}
	return after(w, r, ownPath(c.Kind), web.Toast{Key: "customers.record.saved"})
}

func (p *Pages) archiveOwn(w http.ResponseWriter, r *http.Request) error {
	return p.turnOwn(w, r, p.Service.ArchiveOwnField, web.Toast{Key: "customers.own.archived", Icon: "archive", Undo: "restore"})
}

func (p *Pages) restoreOwn(w http.ResponseWriter, r *http.Request) error {
	return p.turnOwn(w, r, p.Service.RestoreOwnField, web.Toast{Key: "customers.own.restored", Undo: "archive"})
}

func (p *Pages) turnOwn(w http.ResponseWriter, r *http.Request, turn func(context.Context, string) error, t web.Toast) error {
	ctx, id := r.Context(), web.Path(r, "id")
	c, err := p.Service.OwnField(ctx, id)
	if err != nil {
		return err
	}
	if err := turn(ctx, id); err != nil {
		return err
	}
	t.Undo, t.Params = "/fields/"+id+"/"+t.Undo, map[string]any{"name": c.Name(i18n.Lang(ctx))}
	return after(w, r, ownPath(c.Kind), t)
}

func (p *Pages) moveOwn(down bool) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := p.Service.OwnField(r.Context(), web.Path(r, "id"))
		if err != nil {
			return err
		}
		if err := p.Service.MoveOwnField(r.Context(), c.ID, down); err != nil {
			return err
		}
		return web.Redirect(w, r, ownPath(c.Kind))
	}
}

func ownPath(k Kind) string { return "/fields?of=" + string(k) }

func typeOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, t := range CustomTypes() {
		out = append(out, ui.Option{Value: string(t), Label: i18n.T(ctx, "customers.own.type."+string(t))})
	}
	return out
}

// readerOptions are the roles that may be named as readers: those that read
// customers.
func readerOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Label: i18n.T(ctx, "customers.own.choose_reader")}}
	for _, r := range team.Roles() {
		if r != team.Guest {
			out = append(out, ui.Option{Value: string(r), Label: i18n.T(ctx, "team.role."+string(r))})
		}
	}
	return out
}

// use says how a field is used, in one line.
func (f OwnField) use(ctx context.Context, now time.Time) string {
	filled := i18n.N(ctx, "customers.own.filled", f.Filled)
	if f.Filled > ownMost {
		filled = i18n.T(ctx, "customers.own.filled_many", "n", i18n.Number(ctx, ownMost))
	}
	if f.UsedAt.IsZero() {
		return dotted(filled, i18n.T(ctx, "customers.own.never_used"))
	}
	return dotted(filled, i18n.T(ctx, "customers.own.used", "when", i18n.Relative(ctx, f.UsedAt.Go(), now)))
}

// cost is what the field asks of people: some ten seconds a record.
func (f OwnField) cost(ctx context.Context) string {
	const seconds = 10
	return i18n.N(ctx, "customers.own.cost", max(1, f.Filled*seconds/60))
}
