package customers

import (
	"context"
	"encoding/json"

	"unisson/internal/platform/db"
	"unisson/internal/platform/edits"
)

// sourcedEdit is an edit with the import that did it.
type sourcedEdit struct {
	edits.Edit
	source string
}

// selectEditedBy lists the records that a source changed, after one.
func selectEditedBy(ctx context.Context, r db.Reader, source, after string, limit int) ([]string, error) {
	return db.All(ctx, r, db.Value[string], `select distinct record_id from record_edits where source_id = $1 and source_id <> '' and record_id > $2 order by record_id limit $3`, source, after, limit)
}

// selectSourcedEdits reads all edits of some records, oldest first.
func selectSourcedEdits(ctx context.Context, r db.Reader, ids []string) (map[string][]sourcedEdit, error) {
	out := map[string][]sourcedEdit{}
	return out, db.Each(ctx, r, func(row db.Row) error {
		var id, changes string
		var e sourcedEdit
		if err := row.Scan(&id, &e.Version, &e.source, &changes); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(changes), &e.Fields)
		out[id] = append(out[id], e)
		return err
	}, `select record_id, version, source_id, changes from record_edits where record_id in (`+db.In(1, len(ids))+`) order by record_id, version`, db.Args(ids)...)
}

// selectMadeBy lists the records that a source made, the newest first: what
// points to another was made after it.
func selectMadeBy(ctx context.Context, r db.Reader, k Kind, source, before string, limit int) ([]string, error) {
	var w db.Where
	w.And(`source_id = $#`, source)
	if before != "" {
		w.And(`id < $#`, before)
	}
	w.And(`erased_at is null`)
	return db.All(ctx, r, db.Value[string], `select id from `+layoutOf(k).table+w.String()+` order by id desc limit `+w.Arg(limit), w.Args()...)
}

// selectChildren lists the accounts below some accounts, by the upper one.
func selectChildren(ctx context.Context, r db.Reader, ids []string) (map[string][]string, error) {
	out := map[string][]string{}
	return out, db.Each(ctx, r, func(row db.Row) error {
		var parent, id string
		err := row.Scan(&parent, &id)
		out[parent] = append(out[parent], id)
		return err
	}, `select parent_id, id from accounts where parent_id in (`+db.In(1, len(ids))+`)`, db.Args(ids)...)
}

// selectUsed tells which of some records must stay, and why.
func selectUsed(ctx context.Context, r db.Reader, k Kind, source string, ids []string) (map[string]string, error) {
	const edited, used = "customers.import.kept.record", "customers.import.kept.used"
	table, out := layoutOf(k).table, map[string]string{}
	args := db.Args(ids)
	in := ` in (` + db.In(1, len(ids)) + `)`
	asks := []struct{ code, query string }{
		{used, `select master_id from ` + table + ` where master_id` + in + ` and master_id <> id`},
		{used, `select id from ` + table + ` where id` + in + ` and (last_touch_at <> 0 or master_id <> id or restricted_at is not null)`},
		{used, `select record_id from needs where record_id` + in},
		{used, `select record_id from addresses where record_id` + in},
	}
	if k == KindContact {
		asks = append(asks, []struct{ code, query string }{
			{used, `select contact_id from consents where contact_id` + in},
			{used, `select contact_id from positions where contact_id` + in},
			{used, `select referrer_id from accounts where referrer_id` + in},
		}...)
	} else {
		asks = append(asks, []struct{ code, query string }{
			{used, `select account_id from contacts where account_id` + in},
			{used, `select account_id from positions where account_id` + in},
			{used, `select referrer_id from accounts where referrer_id` + in},
		}...)
	}
	for _, a := range asks {
		err := db.Each(ctx, r, func(row db.Row) error {
			var id string
			err := row.Scan(&id)
			out[id] = a.code
			return err
		}, a.query, args...)
		if err != nil {
			return nil, err
		}
	}
	return out, db.Each(ctx, r, func(row db.Row) error {
		var id string
		err := row.Scan(&id)
		out[id] = edited
		return err
	}, `select record_id from record_edits where record_id`+in+` and source_id <> `+db.In(len(ids)+1, 1), append(args, source)...)
}

// deleteRecords removes records with all that is kept beside them.
func deleteRecords(ctx context.Context, tx db.Tx, k Kind, ids []string) error {
	in := ` in (` + db.In(1, len(ids)) + `)`
	for _, q := range []string{
		`delete from points where record_id` + in,
		`delete from record_tags where record_id` + in,
		`delete from custom_values where record_id` + in,
		`delete from record_edits where record_id` + in,
		`delete from ` + layoutOf(k).table + ` where id` + in,
	} {
		if _, err := tx.Exec(ctx, q, db.Args(ids)...); err != nil {
			return err
		}
	}
	return nil
}

// deleteIdleTags removes tags that came with a source and that nothing bears.
func deleteIdleTags(ctx context.Context, tx db.Tx, source string) error {
	_, err := tx.Exec(ctx, `delete from tags where created_at >= (select min(created_at) from sources where id = $1)
		and not exists (select 1 from record_tags x where x.tag_id = tags.id)`, source)
	return err
}
