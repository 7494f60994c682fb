package customers

import (
	"context"
	"slices"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/edits"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/registry"
)

// taking is one batch of an import under way.
type taking struct {
	*intake
	s     *Service
	r     db.Reader
	tx    *db.Tx // nil: nothing is written
	now   db.Time
	b     *registry.Batch
	actor auth.Actor

	drafts []*draft
	memory // what this batch (of a dry run: the whole run) has met
	found  map[string][]string
	newer  map[string]map[string]bool // id → fields that a person wrote since the source's day
	banned map[string][]string        // print → "erased", or channels refused
	firms  map[string][]firmRow
	made   []*Record // companies made on the way
}

// memory is what the rows before have met or made.
type memory struct {
	works map[string]*work   // by id
	byKey map[string][]*work // by key, of those made or changed here
	byRow map[string]*work   // by the print of a row without key
	near  map[string]firmRow // companies made on the way, by key
	alike map[string]bool    // by what those made here could be somebody else
}

func newMemory() memory {
	return memory{works: map[string]*work{}, byKey: map[string][]*work{}, byRow: map[string]*work{}, near: map[string]firmRow{}, alike: map[string]bool{}}
}

// work is a record while a batch changes it.
type work struct {
	rec    *Record
	before Values // as it was read; nil: nothing changed yet
	fresh  bool   // made here
}

// beginImport notes the source that the records of an import come from.
func (s *Service) beginImport(ctx context.Context, tx db.Tx, from registry.Source) error {
	if err := auth.Require(ctx, MayImport); err != nil {
		return err
	}
	return insertSource(ctx, tx, Source{ID: from.ID, Kind: "import", Name: cutText(from.Name, 200), Day: from.Day, CreatedBy: auth.From(ctx).UserID})
}

func cutText(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// applyImport takes rows in: read, look up by key, compare in memory, then write
// all that is new or changed with a few statements.
func (s *Service) applyImport(ctx context.Context, r db.Reader, tx *db.Tx, k Kind, b *registry.Batch) ([]registry.Fate, error) {
	if err := auth.Require(ctx, MayImport); err != nil {
		return nil, err
	}
	in, err := s.intake(ctx, r, k, b, tx == nil)
	if err != nil {
		return nil, errs.Wrap("import", err)
	}
	t := &taking{intake: in, s: s, r: r, tx: tx, now: db.At(s.db.Clock().Now()), b: b, actor: auth.From(ctx), memory: newMemory()}
	if tx == nil {
		t.memory = *in.dry
	} else {
		t.now = tx.Now()
	}
	t.drafts = make([]*draft, len(b.Rows))
	for i, row := range b.Rows {
		t.drafts[i] = in.read(b, row)
	}
	for _, step := range []func(context.Context) error{t.spell, t.lookUp, t.lookUpFirms, t.suppressed} {
		if err := step(ctx); err != nil {
			return nil, errs.Wrap("import", err)
		}
	}
	for _, d := range t.drafts {
		t.take(d)
	}
	if err := t.probable(ctx); err != nil {
		return nil, errs.Wrap("import", err)
	}
	if tx != nil {
		if err := t.write(ctx, *tx); err != nil {
			return nil, errs.Wrap("import", err)
		}
	}
	out := make([]registry.Fate, len(t.drafts))
	for i, d := range t.drafts {
		out[i] = d.fate
	}
	return out, nil
}

// take decides about one row.
func (t *taking) take(d *draft) {
	for _, p := range t.printsOf(d.v) {
		for _, ban := range t.banned[p] {
			if ban == "erased" {
				d.reject("customers.import.erased", "")
				return
			}
			if f, ok := t.sch.Field("refuses"); ok {
				d.v["refuses"] = union(f, d.v["refuses"], ban)
			}
		}
	}
	w := t.match(d)
	switch {
	case d.fate.What == registry.Rejected:
	case w == nil:
		t.create(d)
	default:
		t.change(d, w)
	}
}

// match finds the record that a row is about.
func (t *taking) match(d *draft) *work {
	auto := t.b.Key == registry.KeyAuto || t.b.Key == ""
	for _, key := range d.keys {
		var all []*work
		add := func(w *work) {
			if w != nil && !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
		for _, id := range t.found[key] {
			add(t.works[id])
		}
		for _, w := range t.byKey[key] {
			add(w)
		}
		if auto && !strings.HasPrefix(key, "id ") {
			all = slices.DeleteFunc(all, func(w *work) bool { return otherOne(t.kind, key, d.v, w.rec.Values) })
		}
		if len(all) > 1 {
			if same := slices.DeleteFunc(slices.Clone(all), func(w *work) bool { return nameKey(t.kind, w.rec.Values) != nameKey(t.kind, d.v) }); len(same) == 1 {
				all = same
			}
		}
		switch {
		case len(all) > 1:
			d.reject("customers.import.ambiguous", strings.SplitN(key, " ", 2)[0])
			return nil
		case len(all) == 1:
			return all[0]
		case strings.HasPrefix(key, "id "):
			d.reject("customers.import.no_such_id", fileID)
			return nil
		}
	}
	if len(d.keys) > 0 {
		return nil
	}
	d.fate.Keyless = true
	if w := t.byRow[d.row.Print]; w != nil {
		return w
	}
	for _, id := range t.found["print "+d.row.Print] {
		if w := t.works[id]; w != nil {
			return w
		}
	}
	return nil
}

// otherOne tells that a record found by a key says of itself that it is somebody
// else: numbers of two systems may be equal, an address may be shared.
func otherOne(k Kind, key string, a, b Values) bool {
	sameName := nameKey(k, a) == nameKey(k, b)
	switch {
	case sameName:
		return false
	case strings.HasPrefix(key, "emails "):
		named := k == KindContact && a["family"] != "" && b["family"] != ""
		return named && RoleAddress(strings.TrimPrefix(key, "emails ")) || k == KindAccount && a["name"] != "" && b["name"] != ""
	case !strings.HasPrefix(key, "external_id "):
		return false
	case k == KindAccount:
		return a["name"] != "" && b["name"] != "" && (a["siret"] == "" || a["siret"] != b["siret"]) && (a["siren"] == "" || a["siren"] != b["siren"])
	}
	return a["family"] != "" && b["family"] != "" && !shares(a["emails"], b["emails"])
}

// shares tells whether two lists of points have one in common.
func shares(a, b string) bool {
	for _, p := range PointsOf("", a) {
		for _, q := range PointsOf("", b) {
			if p.Value == q.Value {
				return true
			}
		}
	}
	return false
}

// create makes a new record of a row.
func (t *taking) create(d *draft) {
	v := d.v
	complete(t.kind, v)
	if err := Check(t.kind, v); err != nil {
		f := errs.FieldsOf(err)[0]
		d.reject(f.Code, f.Name)
		d.fate.Params = f.Params
		return
	}
	t.link(d, v, "")
	ownAs(t.actor, v)
	id := db.NewID()
	now, by := t.now, t.actor.UserID
	w := &work{fresh: true, rec: &Record{ID: id, Kind: t.kind, MasterID: id, Values: v, SourceID: t.b.SourceID, Version: 1, CreatedAt: now, CreatedBy: by, UpdatedAt: now, UpdatedBy: by}}
	t.works[id] = w
	t.meetRecord(id)
	d.fate.What, d.fate.ID = registry.Created, id
	for _, key := range t.alikeness(v) {
		d.fate.Probable = d.fate.Probable || t.alike[key]
		t.alike[key] = true
	}
	t.remember(d, w)
}

// remember lets the rows that follow find a record.
func (t *taking) remember(d *draft, w *work) {
	for _, key := range d.keys {
		if !slices.Contains(t.byKey[key], w) {
			t.byKey[key] = append(t.byKey[key], w)
		}
	}
	if d.fate.Keyless {
		t.byRow[d.row.Print] = w
	}
}

// change lays what a row says over a record.
func (t *taking) change(d *draft, w *work) {
	rec := w.rec
	switch {
	case !rec.Restricted.IsZero():
		d.reject("customers.import.restricted", "")
		return
	case !t.mayChange(t.actor, rec):
		d.reject("customers.errors.not_yours", "")
		return
	}
	v, again := over(rec.Values, nil), t.meetRecord(rec.ID)
	t.link(d, d.v, rec.Values[t.linkField()])
	changed := false
	for _, name := range t.sch.Names() {
		more, has := d.v[name], v[name]
		if more == "" || more == has {
			continue
		}
		f, _ := t.sch.Field(name)
		to := more
		if f.Several() {
			if to = union(f, has, more); to == has {
				continue
			}
		}
		switch {
		case again && has != "" && !f.Several():
			d.doubt("customers.import.twice", name, more)
			continue
		case t.b.Overwrite:
		case slices.Contains(rec.Locked, name):
			d.doubt("customers.import.locked", name, more)
			continue
		case name == "external_id" && has != "":
			d.doubt("customers.import.other_number", name, more)
			continue
		case t.newer[rec.ID][name] && !f.Several():
			d.doubt("customers.import.newer", name, more)
			continue
		}
		v[name], changed = to, true
	}
	d.fate.ID = rec.ID
	if changed {
		if err := Check(t.kind, v); err != nil {
			f := errs.FieldsOf(err)[0]
			d.reject(f.Code, f.Name)
			d.fate.Params = f.Params
			return
		}
		if !w.fresh && w.before == nil {
			w.before = rec.Values
		}
		rec.Values = v
		d.fate.What = registry.Updated
	} else {
		d.fate.What = registry.Unchanged
	}
	t.remember(d, w)
}

func (t *taking) linkField() string {
	if t.kind == KindAccount {
		return "parent"
	}
	return "account"
}

// link finds or makes the company that a row names, and hands down from it what
// a new contact lacks.
func (t *taking) link(d *draft, v Values, now string) {
	if t.kind == KindAccount && d.company.none() && d.parent != "" {
		d.company = firm{name: d.parent}
	}
	if d.company.none() || t.kind == KindAccount && v["siret"] == "" && d.parent == "" {
		return
	}
	found, ok := t.firm(d.company, now)
	if !ok && d.company.id != "" && d.company.name == "" && d.company.siren == "" && d.company.domain == "" {
		d.doubt("customers.import.no_such_account", t.linkField(), d.company.id)
		return
	}
	if !ok {
		found = t.makeFirm(d, v)
	}
	v[t.linkField()] = found.id
	if t.kind == KindContact && now == "" {
		inheritFrom(v, found.v)
	}
}

// makeFirm makes a company on the way.
func (t *taking) makeFirm(d *draft, v Values) firmRow {
	values := d.company.values()
	for _, f := range []string{"sales", "marketing", "region", "unit"} {
		if v[f] != "" {
			values[f] = v[f]
		}
	}
	if t.kind == KindAccount && v["country"] != "" {
		values["country"] = v["country"]
	}
	ownAs(t.actor, values)
	id := db.NewID()
	now, by := t.now, t.actor.UserID
	t.made = append(t.made, &Record{ID: id, Kind: KindAccount, MasterID: id, Values: values, SourceID: t.b.SourceID, Version: 1, CreatedAt: now, CreatedBy: by, UpdatedAt: now, UpdatedBy: by})
	d.fate.Also = append(d.fate.Also, registry.Ref{Kind: string(KindAccount), ID: id})
	made := firmRow{id: id, v: values}
	for _, key := range d.company.keys() {
		t.near[key] = made
	}
	return made
}

// write stores what a batch made and changed.
func (t *taking) write(ctx context.Context, tx db.Tx) error {
	if len(t.made) > 0 {
		if err := t.s.insert(ctx, tx, t.accounts, t.made); err != nil {
			return err
		}
	}
	var fresh, changed []*Record
	var changes []edit
	done := map[*work]bool{}
	for _, d := range t.drafts {
		w := t.works[d.fate.ID]
		if w == nil || done[w] || d.fate.What == registry.Rejected {
			continue
		}
		done[w] = true
		if w.fresh {
			fresh = append(fresh, w.rec)
			continue
		}
		diff := edits.Diff(t.sch.Names(), w.before, w.rec.Values)
		if w.before == nil || len(diff) == 0 {
			continue
		}
		version := w.rec.Version
		w.rec.Version, w.rec.UpdatedAt, w.rec.UpdatedBy = version+1, t.now, t.actor.UserID
		ok, err := updateRecord(ctx, tx, t.sch, w.rec, w.before, version)
		if err == nil && !ok {
			err = errs.Stale(nil)
		}
		if err != nil {
			return err
		}
		changed = append(changed, w.rec)
		changes = append(changes, edit{recordID: w.rec.ID, version: w.rec.Version, byID: t.actor.UserID, by: t.actor.Name, source: t.b.SourceID, fields: diff})
	}
	if err := insertRecords(ctx, tx, t.sch, fresh); err != nil {
		return err
	}
	if err := insertEdits(ctx, tx, changes); err != nil {
		return err
	}
	if len(fresh)+len(changed) == 0 {
		return nil
	}
	if err := t.s.index(ctx, tx, t.kind, append(slices.Clone(fresh), changed...)); err != nil {
		return err
	}
	return t.s.bus.Publish(ctx, tx, RecordsSaved{Kind: t.kind, Created: ids(fresh), Changed: ids(changed)})
}
