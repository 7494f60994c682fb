package customers

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/registry"
)

// memoryMax bounds what a dry run remembers; beyond it, rows that repeat others
// are counted as new.
const memoryMax = 200_000

// intake gives what stays the same through a run, reading it once.
func (s *Service) intake(ctx context.Context, r db.Reader, k Kind, b *registry.Batch, dry bool) (*intake, error) {
	if b.State != nil {
		if in, ok := (*b.State).(*intake); ok && (in.dry == nil || len(in.dry.works) < memoryMax) {
			return in, nil
		}
	}
	org, st, err := s.team.Company(ctx)
	if err != nil {
		return nil, err
	}
	in := &intake{kind: k, people: map[string]string{}, roles: map[string]string{}, places: map[string]string{}, met: map[uuid.UUID]bool{}}
	if b.Met != nil && !dry {
		if err := b.Met(ctx, func(id string) { in.meetRecord(id) }); err != nil {
			return nil, err
		}
	}
	if dry {
		m := newMemory()
		in.dry = &m
	}
	if in.sch, err = schema(ctx, r, k); err != nil {
		return nil, err
	}
	if in.accounts, err = schema(ctx, r, KindAccount); err != nil {
		return nil, err
	}
	in.clean = Cleaner{Schema: in.sch, Country: org.Country, Lenient: true}
	for _, u := range st.Units {
		in.places["unit "+db.Fold(u.Name)], in.places["unit "+u.ID] = u.ID, u.ID
	}
	for _, g := range st.Regions {
		in.places["region "+db.Fold(g.Name)], in.places["region "+g.ID] = g.ID, g.ID
	}
	if err := in.meet(ctx, r); err != nil {
		return nil, err
	}
	if in.forgets, err = anySuppression(ctx, r); err != nil {
		return nil, err
	}
	if a := auth.From(ctx); a.UserID != "" {
		if in.absent, err = s.team.StandsInFor(ctx, r, a.UserID); err != nil {
			return nil, err
		}
	}
	if b.State != nil {
		*b.State = in
	}
	return in, nil
}

// meet learns who works here.
func (in *intake) meet(ctx context.Context, r db.Reader) error {
	all, err := selectColleagues(ctx, r)
	if err != nil {
		return err
	}
	for _, c := range all {
		in.people[c.id], in.people[c.email] = c.id, c.id
		in.roles[c.id] = sideOf(c.roles)
		words := nameWords(c.name)
		if _, twice := in.people[words]; twice {
			in.people[words] = ""
		} else {
			in.people[words] = c.id
		}
	}
	return nil
}

// spell writes tags as they were first spelt.
func (t *taking) spell(ctx context.Context) error {
	spelt := map[string]string{}
	for _, d := range t.drafts {
		if v := d.v["tags"]; v != "" {
			for name := range strings.SplitSeq(v, "\n") {
				spelt[db.Fold(name)] = ""
			}
		}
	}
	if len(spelt) == 0 {
		return nil
	}
	if err := selectSpelling(ctx, t.r, spelt); err != nil {
		return err
	}
	for _, d := range t.drafts {
		if d.v["tags"] == "" {
			continue
		}
		names := strings.Split(d.v["tags"], "\n")
		for i, n := range names {
			key := db.Fold(n)
			if spelt[key] == "" {
				spelt[key] = n
			}
			names[i] = spelt[key]
		}
		d.v["tags"] = strings.Join(names, "\n")
	}
	return nil
}

// lookUp finds the records that the rows may be about: one statement for each
// kind of key, then the records themselves.
func (t *taking) lookUp(ctx context.Context) error {
	t.found = map[string][]string{}
	by := map[string][]string{}
	seen := map[string]bool{}
	prints := map[string]bool{}
	for _, d := range t.drafts {
		for _, key := range d.keys {
			if kind, value, _ := strings.Cut(key, " "); !seen[key] {
				seen[key] = true
				by[kind] = append(by[kind], value)
			}
		}
		if len(d.keys) == 0 && d.row.Print != "" {
			prints[d.row.Print] = true
		}
	}
	scope := t.actor.Scope
	for _, kind := range slices.Sorted(maps.Keys(by)) {
		if err := selectByKey(ctx, t.r, scope, t.kind, kind, by[kind], t.found); err != nil {
			return err
		}
	}
	if len(prints) > 0 && t.b.Known != nil {
		known, err := t.b.Known(ctx, slices.Sorted(maps.Keys(prints)))
		if err != nil {
			return err
		}
		for print, id := range known {
			t.found["print "+print] = []string{id}
		}
	}
	all := map[string]bool{}
	for _, ids := range t.found {
		for _, id := range ids {
			if t.works[id] == nil {
				all[id] = true
			}
		}
	}
	recs, err := selectRecords(ctx, t.r, scope, t.kind, slices.Sorted(maps.Keys(all)))
	if err != nil {
		return err
	}
	for _, rec := range recs {
		if rec.Erased.IsZero() {
			t.works[rec.ID] = &work{rec: rec}
		}
	}
	return t.lookBack(ctx, recs)
}

// lookBack tells which values a person wrote on or after the source's day.
func (t *taking) lookBack(ctx context.Context, recs []*Record) error {
	t.newer = map[string]map[string]bool{}
	day, err := clock.ParseDay(t.b.Day)
	if err != nil || len(recs) == 0 || t.b.Overwrite {
		return nil
	}
	since := db.At(time.Date(day.Year, day.Month, day.Date, 0, 0, 0, 0, time.UTC))
	for _, rec := range recs {
		fields := map[string]bool{}
		if rec.SourceID == "" && rec.CreatedAt >= since {
			for name := range rec.Values {
				fields[name] = true
			}
		}
		t.newer[rec.ID] = fields
	}
	return selectEditedSince(ctx, t.r, ids(recs), since, func(id, field string) { t.newer[id][field] = true })
}

// keys are by what a company is known, the surest first.
func (f firm) keys() []string {
	var out []string
	for _, k := range [][2]string{{"id", f.id}, {"siren", f.siren}, {"domain", f.domain}, {"name", cutKey(db.Fold(f.name))}} {
		if k[1] != "" {
			out = append(out, k[0]+" "+k[1])
		}
	}
	return out
}

// lookUpFirms finds the companies that the rows name.
func (t *taking) lookUpFirms(ctx context.Context) error {
	t.firms = map[string][]firmRow{}
	by := map[string]map[string]bool{}
	note := func(f firm) {
		for _, key := range f.keys() {
			kind, value, _ := strings.Cut(key, " ")
			if t.kind == KindAccount && kind == "name" && f.siren != "" {
				continue
			}
			if by[kind] == nil {
				by[kind] = map[string]bool{}
			}
			by[kind][value] = true
		}
	}
	for _, d := range t.drafts {
		note(d.company)
		if t.kind == KindAccount && d.parent != "" {
			note(firm{name: d.parent})
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(by)) {
		if err := selectFirms(ctx, t.r, t.actor.Scope, kind, slices.Sorted(maps.Keys(by[kind])), t.firms); err != nil {
			return err
		}
	}
	return nil
}

// firm finds the company that a row names, among those that are there and those
// made on the way. now is the company that stands: among several it stays.
func (t *taking) firm(f firm, now string) (firmRow, bool) {
	for _, key := range f.keys() {
		name := strings.HasPrefix(key, "name ")
		if name && t.kind == KindAccount && f.siren != "" {
			continue // two companies may have one name, and never one SIREN
		}
		var best firmRow
		for _, c := range t.firms[key] {
			if name && f.siren != "" && c.siren != "" && c.siren != f.siren || strings.HasPrefix(key, "siren ") && c.kind == "site" {
				continue
			}
			if c.id == now {
				return c, true
			}
			if best.id == "" || best.kind == "site" && c.kind != "site" || best.kind == c.kind && c.id < best.id {
				best = c
			}
		}
		if best.id != "" {
			return best, true
		}
		if c, ok := t.near[key]; ok {
			return c, true
		}
	}
	return firmRow{}, false
}

// printsOf are the keyed prints by which somebody forgotten is known again.
func (t *taking) printsOf(v Values) []string {
	if !t.forgets {
		return nil
	}
	var out []string
	add := func(text string) { out = append(out, t.s.keys.Hash("customers.suppression", text)) }
	for _, p := range PointsOf("email", v["emails"]) {
		add("email:" + p.Value)
	}
	for _, p := range PointsOf("phone", v["phones"]) {
		add("phone:" + p.Value)
	}
	if v["external_id"] != "" {
		add(string(t.kind) + ".external:" + v["external_id"])
	}
	return out
}

// suppressed finds who among the rows is to stay forgotten or unreached.
func (t *taking) suppressed(ctx context.Context) error {
	t.banned = map[string][]string{}
	if !t.forgets {
		return nil
	}
	seen := map[string]bool{}
	for _, d := range t.drafts {
		for _, p := range t.printsOf(d.v) {
			seen[p] = true
		}
	}
	return selectBans(ctx, t.r, slices.Sorted(maps.Keys(seen)), t.banned)
}

// alikeness lists by what a new record may be one that is there, beside the key
// of the import: the same address or register number, or telephone and family
// name.
func (t *taking) alikeness(v Values) []string {
	var out []string
	if t.b.Key != registry.KeyAuto && t.b.Key != "" {
		for _, p := range PointsOf("email", v["emails"]) {
			out = append(out, "emails "+p.Value)
		}
		if v["siret"] != "" {
			out = append(out, "siret "+v["siret"])
		} else if v["siren"] != "" {
			out = append(out, "siren "+v["siren"])
		}
	}
	if t.kind == KindContact && v["family"] != "" {
		for _, p := range PointsOf("phone", v["phones"]) {
			if p.State == "" {
				out = append(out, "phone "+p.Value+" "+db.Fold(v["family"]))
			}
		}
	}
	return out
}

// probable marks the new records that look like one that is there. It only
// tells.
func (t *taking) probable(ctx context.Context) error {
	by, drafts := map[string][]string{}, map[string][]*draft{}
	for _, d := range t.drafts {
		if d.fate.What != registry.Created {
			continue
		}
		for _, key := range t.alikeness(d.v) {
			if len(drafts[key]) == 0 {
				kind, value, _ := strings.Cut(key, " ")
				if kind == "phone" {
					value, _, _ = strings.Cut(value, " ")
				}
				by[kind] = append(by[kind], value)
			}
			drafts[key] = append(drafts[key], d)
		}
	}
	found := map[string][]string{}
	for _, kind := range slices.Sorted(maps.Keys(by)) {
		if kind == "phone" {
			err := selectNamesByPhone(ctx, t.r, t.actor.Scope, by[kind], func(phone, family string) { found["phone "+phone+" "+db.Fold(family)] = nil })
			if err != nil {
				return err
			}
			continue
		}
		if err := selectByKey(ctx, t.r, t.actor.Scope, t.kind, kind, by[kind], found); err != nil {
			return err
		}
	}
	for key := range found {
		for _, d := range drafts[key] {
			d.fate.Probable = true
		}
	}
	return nil
}
