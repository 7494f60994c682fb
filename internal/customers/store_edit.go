package customers

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/edits"
	"unisson/internal/platform/errs"
)

// edit is one change as it is stored.
type edit struct {
	recordID string
	version  int64
	byID, by string
	source   string
	fields   []edits.Field
}

func insertEdits(ctx context.Context, tx db.Tx, all []edit) error {
	rows := make([][]any, len(all))
	for i, e := range all {
		changes, err := json.Marshal(e.fields)
		if err != nil {
			return err
		}
		rows[i] = []any{e.recordID, e.version, e.byID, e.by, e.source, tx.Now(), string(changes)}
	}
	return db.Bulk(ctx, tx, "record_edits", []string{"record_id", "version", "by_id", "by_name", "source_id", "at", "changes"}, rows)
}

// selectEdits lists the changes that made a record newer than a version, oldest first.
func selectEdits(ctx context.Context, r db.Reader, id string, version int64) ([]edits.Edit, error) {
	return db.All(ctx, r, func(row db.Row) (edits.Edit, error) {
		var e edits.Edit
		var at db.Time
		var changes string
		if err := row.Scan(&e.Version, &e.ByID, &e.By, &at, &changes); err != nil {
			return e, err
		}
		e.At = at.Go()
		return e, errs.Wrap("record edits", json.Unmarshal([]byte(changes), &e.Fields))
	}, `select version, by_id, by_name, at, changes from record_edits where record_id = $1 and version > $2 order by version`, id, version)
}

const customColumns = `id, record, code, name_en, name_fr, type, choices, reader, why_en, why_fr, place, used_at, coalesce(archived_at, 0), version`

func scanCustomField(row db.Row) (CustomField, error) {
	var c CustomField
	var choices, reader string
	err := row.Scan(&c.ID, &c.Kind, &c.Code, &c.NameEN, &c.NameFR, &c.Type, &choices, &reader, &c.WhyEN, &c.WhyFR, &c.Place, &c.UsedAt, &c.ArchivedAt, &c.Version)
	c.Choices, c.Reader = lines(choices), auth.Role(reader)
	return c, err
}

// selectCustomFields lists the organisation's own fields of a kind, archived
// ones too, in their order.
func selectCustomFields(ctx context.Context, r db.Reader, k Kind) ([]CustomField, error) {
	return db.All(ctx, r, scanCustomField, `select `+customColumns+` from custom_fields where record = $1 order by place, id`, string(k))
}

// spell writes tags as they were first spelt.
func (s *Service) spell(ctx context.Context, r db.Reader, v Values) error {
	if v["tags"] == "" {
		return nil
	}
	names := strings.Split(v["tags"], "\n")
	keys := make([]string, len(names))
	for i, n := range names {
		keys[i] = db.Fold(n)
	}
	err := db.Each(ctx, r, func(row db.Row) error {
		var name, key string
		err := row.Scan(&name, &key)
		if i := slices.Index(keys, key); err == nil && i >= 0 {
			names[i] = name
		}
		return err
	}, `select name, name_key from tags where name_key in (`+db.In(1, len(keys))+`)`, db.Args(keys)...)
	v["tags"] = strings.Join(names, "\n")
	return err
}
