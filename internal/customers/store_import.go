package customers

import (
	"context"
	"encoding/json"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/edits"
)

// insertSource notes a source; one that is there stays as it is.
func insertSource(ctx context.Context, tx db.Tx, s Source) error {
	_, err := tx.Exec(ctx, `insert into sources (id, kind, name, day, created_at, created_by) values ($1, $2, $3, $4, $5, $6)
		on conflict (id) do nothing`, s.ID, s.Kind, s.Name, s.Day, tx.Now(), s.CreatedBy)
	return err
}

// worker is somebody who works here, as files name him.
type worker struct {
	id, email, name string
	roles           []string
}

func selectColleagues(ctx context.Context, r db.Reader) ([]worker, error) {
	out, err := db.All(ctx, r, func(row db.Row) (worker, error) {
		var c worker
		return c, row.Scan(&c.id, &c.email, &c.name)
	}, `select id, email_key, name_key from users where status <> 'disabled' order by id`)
	if err != nil {
		return nil, err
	}
	at := make(map[string]int, len(out))
	for i, c := range out {
		at[c.id] = i
	}
	return out, db.Each(ctx, r, func(row db.Row) error {
		var id, role string
		err := row.Scan(&id, &role)
		if i, ok := at[id]; ok {
			out[i].roles = append(out[i].roles, role)
		}
		return err
	}, `select user_id, role from user_roles order by user_id, role`)
}

func anySuppression(ctx context.Context, r db.Reader) (bool, error) {
	found, err := db.All(ctx, r, db.Value[string], `select hash from suppressions limit 1`)
	return len(found) > 0, err
}

func selectBans(ctx context.Context, r db.Reader, prints []string, out map[string][]string) error {
	if len(prints) == 0 {
		return nil
	}
	return db.Each(ctx, r, func(row db.Row) error {
		var hash, kind, channel string
		err := row.Scan(&hash, &kind, &channel)
		if kind == "refused" {
			kind = channel
		}
		out[hash] = append(out[hash], kind)
		return err
	}, `select hash, kind, channel from suppressions where hash in (`+db.In(1, len(prints))+`) order by hash, kind, channel`, db.Args(prints)...)
}

// selectSpelling fills in how tags were first spelt, by their folded names.
func selectSpelling(ctx context.Context, r db.Reader, out map[string]string) error {
	keys := make([]any, 0, len(out))
	for k := range out {
		keys = append(keys, k)
	}
	return db.Each(ctx, r, func(row db.Row) error {
		var name, key string
		err := row.Scan(&name, &key)
		out[key] = name
		return err
	}, `select name, name_key from tags where name_key in (`+db.In(1, len(keys))+`)`, keys...)
}

// keyColumns are where the keys of imports stand.
func keyColumns() map[string]string {
	return map[string]string{"id": "r.id", "external_id": "r.external_key", "siret": "r.siret", "siren": "r.siren", "vat": "r.vat"}
}

// selectByKey finds the masters of the records that a scope reads by one kind of
// key: "kind value" → ids.
func selectByKey(ctx context.Context, r db.Reader, scope auth.Scope, k Kind, kind string, values []string, out map[string][]string) error {
	table := layoutOf(k).table
	var w db.Where
	column, from := keyColumns()[kind], table+` r`
	if kind == "emails" {
		column, from = "p.value", `points p join `+table+` r on r.id = p.record_id`
		w.And(`p.kind = 'email'`)
	}
	w.And(column+` in (`+db.Marks(len(values))+`)`, db.Args(values)...)
	if column != "r.id" && kind != "emails" {
		w.And(column + ` <> ''`) // the index is partial
	}
	readable(&w, "r", scope)
	w.And(`r.erased_at is null`)
	seen := map[string]bool{}
	return db.Each(ctx, r, func(row db.Row) error {
		var value, id string
		if err := row.Scan(&value, &id); err != nil {
			return err
		}
		key := kind + " " + value
		if !seen[key+id] {
			seen[key+id] = true
			out[key] = append(out[key], id)
		}
		return nil
	}, `select `+column+`, r.master_id from `+from+w.String()+` order by r.master_id`, w.Args()...)
}

// selectNamesByPhone tells of the contacts that a scope reads who have some
// numbers how they are called.
func selectNamesByPhone(ctx context.Context, r db.Reader, scope auth.Scope, phones []string, tell func(phone, family string)) error {
	var w db.Where
	w.And(`p.kind = 'phone'`)
	w.And(`p.value in (`+db.Marks(len(phones))+`)`, db.Args(phones)...)
	readable(&w, "r", scope)
	w.And(`r.live = true`)
	return db.Each(ctx, r, func(row db.Row) error {
		var phone, family string
		err := row.Scan(&phone, &family)
		tell(phone, family)
		return err
	}, `select p.value, r.family from points p join contacts r on r.id = p.record_id`+w.String(), w.Args()...)
}

// selectEditedSince tells which fields of some records a person changed from an
// instant on.
func selectEditedSince(ctx context.Context, r db.Reader, ids []string, since db.Time, tell func(id, field string)) error {
	return db.Each(ctx, r, func(row db.Row) error {
		var id, changes string
		if err := row.Scan(&id, &changes); err != nil {
			return err
		}
		var fields []edits.Field
		if err := json.Unmarshal([]byte(changes), &fields); err != nil {
			return err
		}
		for _, f := range fields {
			tell(id, f.Name)
		}
		return nil
	}, `select record_id, changes from record_edits where source_id = '' and at >= $1 and record_id in (`+db.In(2, len(ids))+`)`, append([]any{since}, db.Args(ids)...)...)
}

// firmRow is a company as far as a row that names it needs it.
type firmRow struct {
	id, kind, siren string
	v               Values // what is handed down
}

// selectFirms finds the accounts that a scope reads by one kind of key.
func selectFirms(ctx context.Context, r db.Reader, scope auth.Scope, kind string, values []string, out map[string][]firmRow) error {
	column := map[string]string{"id": "r.id", "siren": "r.siren", "domain": "r.domain", "name": "r.name_key"}[kind]
	var w db.Where
	w.And(column+` in (`+db.Marks(len(values))+`)`, db.Args(values)...)
	if kind == "siren" || kind == "domain" {
		w.And(column + ` <> ''`) // the index is partial
	}
	readable(&w, "r", scope)
	w.And(`r.live = true`)
	return db.Each(ctx, r, func(row db.Row) error {
		f := firmRow{v: Values{}}
		var key string
		var down [6]string
		if err := row.Scan(&key, &f.id, &f.kind, &f.siren, &down[0], &down[1], &down[2], &down[3], &down[4], &down[5]); err != nil {
			return err
		}
		for i, name := range strings.Fields("sales marketing region unit language country") {
			f.v[name] = down[i]
		}
		out[kind+" "+key] = append(out[kind+" "+key], f)
		return nil
	}, `select `+column+`, r.id, r.kind, r.siren, r.sales_id, r.marketing_id, r.region_id, r.unit_id, r.language, r.country from accounts r`+w.String()+` order by r.id`, w.Args()...)
}
