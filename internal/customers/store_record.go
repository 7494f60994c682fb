package customers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
)

const stampColumns = `, r.last_touch_at, r.source_id, r.locked, coalesce(r.restricted_at, 0), coalesce(r.erased_at, 0),
	r.version, r.created_at, r.created_by, r.updated_at, r.updated_by`

// selectRecords reads records by id, whole, in no particular order. What the
// scope may not read is absent.
func selectRecords(ctx context.Context, r db.Reader, scope auth.Scope, k Kind, ids []string) ([]*Record, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var w db.Where
	readable(&w, "r", scope)
	w.And(`r.id in (`+db.Marks(len(ids))+`)`, db.Args(ids)...)
	l := layoutOf(k)
	extra := `, 0, ''`
	if k == KindContact {
		extra = `, r.evidence_at, r.evidence`
	}
	out, err := db.All(ctx, r, l.scan, `select r.id, r.master_id, `+l.read("r")+stampColumns+extra+` from `+l.table+` r`+w.String(), w.Args()...)
	if err != nil || len(out) == 0 {
		return out, err
	}
	return out, beside(ctx, r, out)
}

func (l layout) scan(row db.Row) (*Record, error) {
	rec := &Record{Kind: l.kind, Values: make(Values, len(l.fields))}
	holders := make([]holder, len(l.fields))
	dest := make([]any, 0, len(l.fields)+14)
	dest = append(dest, &rec.ID, &rec.MasterID)
	for i, f := range l.fields {
		holders[i].field = f
		dest = append(dest, holders[i].dest())
	}
	var locked string
	dest = append(dest, &rec.LastTouch, &rec.SourceID, &locked, &rec.Restricted, &rec.Erased,
		&rec.Version, &rec.CreatedAt, &rec.CreatedBy, &rec.UpdatedAt, &rec.UpdatedBy, &rec.EvidenceAt, &rec.Evidence)
	if err := row.Scan(dest...); err != nil {
		return nil, err
	}
	rec.Locked = strings.Fields(locked)
	for i := range holders {
		if v := holders[i].value(); v != "" {
			rec.Values[l.fields[i].Name] = v
		}
	}
	return rec, nil
}

// beside adds what is kept in other tables: points, tags, own fields.
func beside(ctx context.Context, r db.Reader, recs []*Record) error {
	at := make(map[string]*Record, len(recs))
	ids := make([]any, len(recs))
	for i, rec := range recs {
		at[rec.ID], ids[i] = rec, rec.ID
	}
	in := ` in (` + db.In(1, len(ids)) + `)`
	put := func(field string) func(row db.Row) error {
		return func(row db.Row) error {
			var id, v string
			if err := row.Scan(&id, &v); err != nil {
				return err
			}
			values := at[id].Values
			if values[field] != "" {
				v = values[field] + "\n" + v
			}
			values[field] = v
			return nil
		}
	}
	err := db.Each(ctx, r, func(row db.Row) error {
		var id string
		var p Point
		if err := row.Scan(&id, &p.Kind, &p.Value, &p.Typed, &p.Label, &p.State); err != nil {
			return err
		}
		field, values := p.Kind+"s", at[id].Values
		if v := values[field]; v != "" {
			values[field] = v + "\n" + p.Line()
		} else {
			values[field] = p.Line()
		}
		return nil
	}, `select record_id, kind, value, typed, label, state from points where record_id`+in+` and kind in ('email', 'phone') order by record_id, kind, place`, ids...)
	if err != nil {
		return err
	}
	if err := db.Each(ctx, r, put("tags"), `select x.record_id, t.name from record_tags x join tags t on t.id = x.tag_id
		where x.record_id`+in+` order by t.name_key`, ids...); err != nil {
		return err
	}
	if sch, err := schema(ctx, r, recs[0].Kind); err != nil || len(sch.Own()) == 0 {
		return err
	}
	return db.Each(ctx, r, func(row db.Row) error {
		var id, code, v string
		if err := row.Scan(&id, &code, &v); err != nil {
			return err
		}
		values := at[id].Values
		if values[code] != "" {
			v = values[code] + "\n" + v
		}
		values[code] = v
		return nil
	}, `select v.record_id, f.code, v.value from custom_values v join custom_fields f on f.id = v.field_id
		where v.record_id`+in+` order by v.record_id, f.code, v.n`, ids...)
}

// insertRecords writes new records with all that is kept beside them.
func insertRecords(ctx context.Context, tx db.Tx, s *Schema, recs []*Record) error {
	if len(recs) == 0 {
		return nil
	}
	l := layoutOf(s.Kind)
	cols := append([]string{"id", "master_id", "live", "last_touch_at", "source_id", "locked", "version", "created_at", "created_by", "updated_at", "updated_by"}, l.written()...)
	rows := make([][]any, len(recs))
	for i, rec := range recs {
		rows[i] = append([]any{rec.ID, rec.MasterID, rec.Live(), int64(rec.LastTouch), rec.SourceID, strings.Join(rec.Locked, " "), rec.Version,
			rec.CreatedAt, rec.CreatedBy, rec.UpdatedAt, rec.UpdatedBy}, l.args(rec.Values)...)
	}
	if err := db.Bulk(ctx, tx, l.table, cols, rows); err != nil {
		return err
	}
	return insertBeside(ctx, tx, s, recs, nil)
}

// updateRecord writes the values of a record if its version still stands, and
// tells whether it did. Only what changed is written beside.
func updateRecord(ctx context.Context, tx db.Tx, s *Schema, rec *Record, before Values, version int64) (bool, error) {
	l := layoutOf(s.Kind)
	cols, args := l.written(), l.args(rec.Values)
	set := make([]string, len(cols))
	for i, c := range cols {
		set[i] = c + " = $" + strconv.Itoa(i+1)
	}
	n := len(args)
	args = append(args, rec.Version, rec.UpdatedAt, rec.UpdatedBy, strings.Join(rec.Locked, " "), rec.ID, version)
	mark := func(i int) string { return db.In(n+i, 1) }
	changed, err := tx.Exec(ctx, `update `+l.table+` set `+strings.Join(set, ", ")+`, version = `+mark(1)+`, updated_at = `+mark(2)+`, updated_by = `+mark(3)+
		`, locked = `+mark(4)+` where id = `+mark(5)+` and version = `+mark(6), args...)
	if err != nil || changed != 1 {
		return false, err
	}
	var fields []string
	for _, f := range s.Fields {
		if f.Column == "" && f.Set && before[f.Name] != rec.Values[f.Name] {
			fields = append(fields, f.Name)
		}
	}
	if len(fields) == 0 {
		return true, nil
	}
	if err := deleteBeside(ctx, tx, s, rec.ID, fields); err != nil {
		return false, err
	}
	return true, insertBeside(ctx, tx, s, []*Record{rec}, fields)
}

func deleteBeside(ctx context.Context, tx db.Tx, s *Schema, id string, fields []string) error {
	for _, name := range fields {
		f, _ := s.Field(name)
		var err error
		switch {
		case f.Type == Emails || f.Type == Phones:
			_, err = tx.Exec(ctx, `delete from points where record_id = $1 and kind = $2`, id, pointKind(f.Type))
		case f.Type == Tags:
			_, err = tx.Exec(ctx, `delete from record_tags where record_id = $1`, id)
		case f.Custom != nil:
			_, err = tx.Exec(ctx, `delete from custom_values where record_id = $1 and field_id = $2`, id, f.Custom.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// insertBeside writes what is kept in other tables; nil fields are all.
func insertBeside(ctx context.Context, tx db.Tx, s *Schema, recs []*Record, fields []string) error {
	var points, tagged, own [][]any
	tags, err := tagsOf(ctx, tx, recs, fields)
	if err != nil {
		return err
	}
	for _, f := range s.Fields {
		if f.Column != "" || !f.Set || (fields != nil && !slices.Contains(fields, f.Name)) {
			continue
		}
		for _, rec := range recs {
			v := rec.Values[f.Name]
			if v == "" {
				continue
			}
			switch {
			case f.Type == Emails || f.Type == Phones:
				kind := pointKind(f.Type)
				for place, p := range PointsOf(kind, v) {
					points = append(points, []any{rec.ID, kind, p.Value, p.Typed, p.Label, int64(place), p.State})
				}
			case f.Type == Tags:
				for name := range strings.SplitSeq(v, "\n") {
					tagged = append(tagged, []any{rec.ID, tags[db.Fold(name)]})
				}
			default:
				own = append(own, ownRows(f, rec.ID, v)...)
			}
		}
	}
	if err := db.Bulk(ctx, tx, "points", []string{"record_id", "kind", "value", "typed", "label", "place", "state"}, points); err != nil {
		return err
	}
	if err := db.Bulk(ctx, tx, "record_tags", []string{"record_id", "tag_id"}, tagged); err != nil {
		return err
	}
	return db.Bulk(ctx, tx, "custom_values", []string{"record_id", "field_id", "n", "value", "value_key", "number"}, own)
}

// ownRows are the rows of one custom value.
func ownRows(f Field, id, v string) [][]any {
	var out [][]any
	parts := []string{v}
	if f.Type == Choices {
		parts = strings.Split(v, "\n")
	}
	for n, part := range parts {
		var number any
		if f.Type == Number || f.Type == Money {
			if x, err := strconv.ParseFloat(part, 64); err == nil {
				number = x
			}
		}
		out = append(out, []any{id, f.Custom.ID, int64(n), part, cutKey(db.Fold(part)), number})
	}
	return out
}

// tagsOf finds the ids of all tags of some records by folded name, making those
// that are new.
func tagsOf(ctx context.Context, tx db.Tx, recs []*Record, fields []string) (map[string]string, error) {
	if fields != nil && !slices.Contains(fields, "tags") {
		return nil, nil
	}
	names := map[string]string{}
	for _, rec := range recs {
		if v := rec.Values["tags"]; v != "" {
			for name := range strings.SplitSeq(v, "\n") {
				names[db.Fold(name)] = name
			}
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	keys := make([]string, 0, len(names))
	for key := range names {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	by := auth.From(ctx).UserID
	for _, key := range keys {
		if _, err := tx.Exec(ctx, `insert into tags (id, name, name_key, created_at, created_by) values ($1, $2, $3, $4, $5)
			on conflict (name_key) do nothing`, db.NewID(), names[key], key, tx.Now(), by); err != nil {
			return nil, err
		}
	}
	out := make(map[string]string, len(keys))
	return out, db.Each(ctx, tx.Reader, func(row db.Row) error {
		var id, key string
		err := row.Scan(&id, &key)
		out[key] = id
		return err
	}, `select id, name_key from tags where name_key in (`+db.In(1, len(keys))+`)`, db.Args(keys)...)
}
