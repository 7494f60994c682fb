package customers

import (
	"context"
	"maps"
	"slices"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
)

// selectFaces reads the faces of records through their masters. What the scope
// may not read is absent.
func selectFaces(ctx context.Context, r db.Reader, scope auth.Scope, k Kind, ids []string, restricted bool) (map[string]Face, error) {
	out := make(map[string]Face, len(ids))
	for part := range slices.Chunk(ids, 500) {
		var w db.Where
		readable(&w, "m", scope)
		w.And(`m.erased_at is null`)
		if !restricted {
			w.And(`m.restricted_at is null`)
		}
		w.And(`r.id in (`+db.Marks(len(part))+`)`, db.Args(part)...)
		named := `m.name, '', m.external_id, m.city, '', '', ''`
		if k == KindContact {
			named = `m.given, m.family, m.external_id, m.city, coalesce(m.account_id, ''), m.email, m.phone`
		}
		table := layoutOf(k).table
		err := db.Each(ctx, r, func(row db.Row) error {
			f := Face{Kind: k}
			var first, second, external, email, phone string
			err := row.Scan(&f.ID, &f.MasterID, &first, &second, &external, &f.City, &f.AccountID, &email, &phone,
				&f.Unit, &f.Region, &f.Owners[0], &f.Owners[1], &f.Live)
			f.Name = strings.TrimSpace(first + " " + second)
			for _, other := range []string{email, phone, dotted(external, f.City)} {
				if f.Name == "" {
					f.Name = other
				}
			}
			out[f.ID] = f
			return err
		}, `select r.id, m.id, `+named+`, m.unit_id, m.region_id, m.sales_id, m.marketing_id, m.live
			from `+table+` r join `+table+` m on m.id = r.master_id`+w.String(), w.Args()...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func selectGroup(ctx context.Context, r db.Reader, k Kind, master string) ([]string, error) {
	return db.All(ctx, r, db.Value[string], `select id from `+layoutOf(k).table+` where master_id = $1 order by id`, master)
}

// raise moves last touches, or with evidence last signs of contacts themselves,
// forward on records and on their masters, a few hundred records a statement.
func raise(ctx context.Context, tx db.Tx, k Kind, last map[string]latest, evidence bool) error {
	table := layoutOf(k).table
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(last)), 200) {
		all := make(map[string]latest, len(ids))
		for _, id := range ids {
			later(all, id, last[id].at, last[id].what)
		}
		if err := db.Each(ctx, tx.Reader, func(row db.Row) error {
			var id, master string
			err := row.Scan(&id, &master)
			later(all, master, last[id].at, last[id].what)
			return err
		}, `select id, master_id from `+table+` where master_id <> id and id in (`+db.In(1, len(ids))+`)`, db.Args(ids)...); err != nil {
			return err
		}
		var w db.Where
		rows := make([]string, 0, len(all))
		for _, id := range slices.Sorted(maps.Keys(all)) { // typed for PostgreSQL by the first of them
			rows = append(rows, `(cast(`+w.Arg(id)+` as text), cast(`+w.Arg(int64(all[id].at))+` as bigint), cast(`+w.Arg(all[id].what)+` as text))`)
		}
		set, field := `last_touch_at = v.column2`, `last_touch_at`
		if evidence {
			set, field = `evidence_at = v.column2, evidence = v.column3`, `evidence_at`
		}
		if _, err := tx.Exec(ctx, `update `+table+` set `+set+` from (values `+strings.Join(rows, ", ")+`) as v
			where `+table+`.id = v.column1 and `+table+`.`+field+` < v.column2`, w.Args()...); err != nil {
			return err
		}
	}
	return nil
}

func setTouch(ctx context.Context, tx db.Tx, k Kind, id string, at db.Time) error {
	table := layoutOf(k).table
	_, err := tx.Exec(ctx, `update `+table+` set last_touch_at = $2 where id = $1 or id = (select m.master_id from `+table+` m where m.id = $1)`, id, int64(at))
	return err
}

func setEvidence(ctx context.Context, tx db.Tx, id string, at db.Time, what string) error {
	_, err := tx.Exec(ctx, `update contacts set evidence_at = $2, evidence = $3
		where id = $1 or id = (select m.master_id from contacts m where m.id = $1)`, id, int64(at), what)
	return err
}
