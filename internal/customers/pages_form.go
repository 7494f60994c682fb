package customers

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"
	"unisson/internal/platform/web"
	"unisson/internal/team"
)

// recordForm is the form of a record, to make one or to change one.
type recordForm struct {
	kind     Kind
	id       string // empty: a new one
	version  int64
	sheet    Sheet
	sch      *Schema
	values   Values // as typed
	stands   Values // as saved
	names    Names
	finders  map[string]lookup
	people   []team.Person
	places   team.Structure
	errors   ui.Errors
	alike    []Known
	hints    []emailHint
	more     string
	conflict *Conflict
	from     string // what the account of a new contact gave it
	erased   bool   // somebody of this address asked to be forgotten
	back     string
}

// lookup is what stands under a field that names an account or a contact.
type lookup struct {
	text string // what was looked for
	hits []Known
}

// emailHint is a better spelling of an address.
type emailHint struct {
	field string
	at    int
	value string
}

// recordPath is the address of a record's page, or of something below it.
func recordPath(k Kind, id string, below ...string) string {
	path := "/contacts/" + id
	if k == KindAccount {
		path = "/accounts/" + id
	}
	for _, b := range below {
		path += "/" + b
	}
	return path
}

func (p *Pages) newRecord(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f, err := p.recordForm(ctx, k)
		if err != nil {
			return err
		}
		f.values = Values{}
		if k == KindAccount {
			f.values["kind"] = "company"
		}
		for name, vals := range r.URL.Query() { // what a page already knows: ?account=…, ?family=…
			if fd, ok := f.sch.Field(name); ok && fd.Set {
				f.values[name] = vals[0]
			}
		}
		if err := p.inheritShown(ctx, &f); err != nil {
			return err
		}
		return p.showForm(w, r, http.StatusOK, &f)
	}
}

// inheritShown fills a new contact's owners and place from its account, where
// everybody sees and may change them.
func (p *Pages) inheritShown(ctx context.Context, f *recordForm) error {
	id := f.values["account"]
	if f.kind != KindContact || f.id != "" || id == "" {
		return nil
	}
	sheet, err := p.Service.Record(ctx, KindAccount, id)
	if errs.Is(err, errs.KindNotFound) {
		delete(f.values, "account")
		return nil
	}
	if err != nil {
		return err
	}
	before := len(f.values)
	inheritFrom(f.values, sheet.Values)
	if len(f.values) > before {
		f.from = sheet.Title()
	}
	return nil
}

func (p *Pages) editRecord(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f, err := p.editForm(ctx, k, web.Path(r, "id"))
		if err != nil {
			return err
		}
		f.values = maps.Clone(f.stands)
		return p.showForm(w, r, http.StatusOK, &f)
	}
}

// editForm reads what stands, for somebody who may change it.
func (p *Pages) editForm(ctx context.Context, k Kind, id string) (recordForm, error) {
	sheet, err := p.Service.Record(ctx, k, id)
	if err != nil {
		return recordForm{}, err
	}
	if !sheet.CanEdit {
		return recordForm{}, errs.Forbidden("customers.errors.not_yours")
	}
	f, err := p.recordForm(ctx, k)
	f.id, f.version, f.sheet, f.stands = sheet.ID, sheet.Version, sheet, sheet.Values
	return f, err
}

func (p *Pages) recordForm(ctx context.Context, k Kind) (recordForm, error) {
	f := recordForm{kind: k, finders: map[string]lookup{}, stands: Values{}}
	var err error
	if f.sch, err = p.Service.Schema(ctx, k); err != nil {
		return f, err
	}
	if f.people, err = p.Service.team.Colleagues(ctx, ""); err != nil {
		return f, err
	}
	f.places, err = p.Service.team.Outline(ctx)
	return f, err
}

// showForm fills in the names around the values and renders.
func (p *Pages) showForm(w http.ResponseWriter, r *http.Request, status int, f *recordForm) error {
	ctx := r.Context()
	var err error
	if f.names, err = p.Service.NamesOf(ctx, f.sch, f.values, f.stands); err != nil {
		return err
	}
	for _, fd := range f.sch.Fields {
		if id := f.values[fd.Name]; (fd.Type == Account || fd.Type == AnyRef) && id != "" {
			if _, there := f.finders[fd.Name]; !there {
				name := f.nameOf(ctx, id)
				f.finders[fd.Name] = lookup{text: name, hits: []Known{{ID: id, Title: name}}}
			}
		}
	}
	f.hints = emailHints(f.sch, f.values)
	switch {
	case f.conflict != nil:
		return web.Render(w, r, status, conflictPage(*f))
	case web.IsHTMX(r):
		return web.Render(w, r, status, formPanel(*f))
	}
	return web.Render(w, r, status, formPage(*f))
}

func (f recordForm) nameOf(ctx context.Context, id string) string {
	if name := f.names[id]; name != "" {
		return name
	}
	return i18n.T(ctx, "customers.record.unknown")
}

// emailHints proposes better spellings of mistyped domains.
func emailHints(sch *Schema, v Values) []emailHint {
	var out []emailHint
	for _, fd := range sch.Fields {
		if fd.Type != Emails {
			continue
		}
		for i, pt := range PointsOf("email", v[fd.Name]) {
			if better := SuggestEmail(pt.Shown()); better != "" && better != pt.Shown() {
				out = append(out, emailHint{field: fd.Name, at: i, value: better})
			}
		}
	}
	return out
}

func (p *Pages) makeRecord(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f, err := p.recordForm(ctx, k)
		if err != nil {
			return err
		}
		t, err := readForm(r, f.sch)
		if err != nil {
			return err
		}
		return p.submit(w, r, &f, &t, func() (string, error) {
			id, err := p.Service.CreateReturning(ctx, k, f.values, t.back)
			if err != nil {
				return "", err
			}
			web.Flash(w, r, web.Toast{Key: "customers.record.made", Params: map[string]any{"name": TitleOf(k, f.values)}})
			return recordPath(k, id) + "?new=1", nil
		})
	}
}

func (p *Pages) saveRecord(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		f, err := p.editForm(ctx, k, web.Path(r, "id"))
		if err != nil {
			return err
		}
		t, err := readForm(r, f.sch)
		if err != nil {
			return err
		}
		if t.version == 0 {
			return errs.Malformed("version", "errors.malformed")
		}
		f.version = t.version
		return p.submit(w, r, &f, &t, func() (string, error) {
			saved, err := p.Service.Save(ctx, k, f.id, t.version, f.values)
			if err != nil {
				return "", err
			}
			toast := web.Toast{Key: "customers.record.saved"}
			if saved != t.version {
				toast.Undo = recordPath(k, f.id, "undo", strconv.FormatInt(saved, 10))
			}
			web.Flash(w, r, toast)
			return recordPath(k, f.id), nil
		})
	}
}

// submit answers a sent form: it is shown again when a line, a spelling or a
// choice was asked for or something is wrong, else do saves it and says where
// to go.
func (p *Pages) submit(w http.ResponseWriter, r *http.Request, f *recordForm, t *typed, do func() (string, error)) error {
	ctx := r.Context()
	if t.fix != "" {
		t.mend()
	}
	f.values, f.more, f.back = t.values, t.more, t.back
	keepStates(f.sch, f.values, f.stands)
	wrong, err := p.findAll(ctx, f, t)
	if err != nil {
		return err
	}
	if t.fix != "" || t.more != "" {
		return p.showForm(w, r, http.StatusOK, f)
	}
	to := ""
	if err = wrong.Err(); err == nil {
		to, err = do()
	}
	if err == nil {
		return web.Redirect(w, r, to)
	}
	if c := conflictIn(err); c != nil {
		f.conflict = c
		return p.showForm(w, r, http.StatusConflict, f)
	}
	if !errs.Is(err, errs.KindInvalid) {
		return err
	}
	f.errors = ui.ErrorsOf(ctx, err)
	f.erased = slices.ContainsFunc(errs.FieldsOf(err), func(x errs.Field) bool { return x.Code == "customers.record.errors.erased" })
	if f.alike, err = p.Service.Similar(ctx, f.kind, f.id, f.values); err != nil {
		return err
	}
	return p.showForm(w, r, http.StatusUnprocessableEntity, f)
}

// conflictIn unpacks the conflict of a refused save.
func conflictIn(err error) *Conflict {
	if e := errs.Detail(err); e != nil && e.Kind == errs.KindStale {
		c, _ := e.Current.(*Conflict)
		return c
	}
	return nil
}

// findAll reads the fields that name an account or a contact by words: a name
// that one record bears is it, several are offered to choose from.
func (p *Pages) findAll(ctx context.Context, f *recordForm, t *typed) (errs.Fields, error) {
	var wrong errs.Fields
	for _, fd := range f.sch.Fields {
		text, sent := t.find[fd.Name]
		if !sent || t.chosen {
			continue
		}
		if text == "" {
			f.values[fd.Name] = ""
			f.finders[fd.Name] = lookup{}
			continue
		}
		if f.values[fd.Name] != "" && sameWords(text, t.foundBy[fd.Name]) {
			continue
		}
		hits, err := p.Service.FindKnown(ctx, text, 8, kindsOf(fd)...)
		if err != nil {
			return nil, err
		}
		f.values[fd.Name], f.finders[fd.Name] = "", lookup{text: text, hits: hits}
		same := slices.DeleteFunc(slices.Clone(hits), func(k Known) bool { return !sameWords(k.Title, text) })
		switch {
		case len(same) == 1:
			f.values[fd.Name] = same[0].ID
			f.finders[fd.Name] = lookup{text: same[0].Title, hits: same}
		case len(hits) == 0:
			wrong.Add(fd.Name, "customers.record.errors.nobody")
		default:
			wrong.Add(fd.Name, "customers.record.errors.which")
		}
	}
	return wrong, nil
}

// kindsOf says what a field may name.
func kindsOf(f Field) []Kind {
	if f.Type == AnyRef {
		return Kinds()
	}
	return []Kind{KindAccount}
}

// chooseKnown answers the words typed into a field that names a record.
func (p *Pages) chooseKnown(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	k, name := Kind(r.URL.Query().Get("of")), r.URL.Query().Get("field")
	sch, err := p.Service.Schema(ctx, k)
	if err != nil {
		return err
	}
	fd, ok := sch.Field(name)
	if !ok || (fd.Type != Account && fd.Type != AnyRef) {
		return errs.NotFound("field")
	}
	text := r.URL.Query().Get(name + ".find")
	hits, err := p.Service.FindKnown(ctx, text, 8, kindsOf(fd)...)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, finderChoices(fd, lookup{text: text, hits: hits}, ""))
}

// hintRecord answers a form that is being written: who may be the same, and
// addresses that look mistyped. Nothing is kept.
func (p *Pages) hintRecord(k Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		sch, err := p.Service.Schema(ctx, k)
		if err != nil {
			return err
		}
		t, err := readForm(r, sch)
		if err != nil {
			return err
		}
		f := recordForm{kind: k, sch: sch, values: t.values, hints: emailHints(sch, t.values)}
		if f.alike, err = p.Service.Similar(ctx, k, r.URL.Query().Get("except"), t.values); err != nil {
			return err
		}
		return web.Render(w, r, http.StatusOK, formHints(f))
	}
}

// mayMake tells whether the reader may make records.
func mayMake(ctx context.Context) bool { return auth.From(ctx).Can(MayEdit) }
