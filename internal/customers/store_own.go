package customers

import (
	"context"
	"strings"

	"unisson/internal/platform/db"
)

// ownUse is how an own field is used.
type ownUse struct {
	id        string
	createdAt db.Time
	filled    int // records that have a value, up to ownMost+1
}

// ownMost is up to where filled records are counted.
const ownMost = 1000

// selectOwnUse tells how the own fields of a kind are used.
func selectOwnUse(ctx context.Context, r db.Reader, k Kind) (map[string]ownUse, error) {
	all, err := db.All(ctx, r, func(row db.Row) (ownUse, error) {
		var u ownUse
		return u, row.Scan(&u.id, &u.createdAt)
	}, `select id, created_at from custom_fields where record = $1`, string(k))
	if err != nil {
		return nil, err
	}
	out := make(map[string]ownUse, len(all))
	for _, u := range all {
		u.filled, err = db.One(ctx, r, db.Value[int], `select count(*) from (select 1 as one from custom_values where field_id = $1 and n = 0 limit 1001) v`, u.id)
		if err != nil {
			return nil, err
		}
		out[u.id] = u
	}
	return out, nil
}

func selectCustomField(ctx context.Context, r db.Reader, id string) (CustomField, error) {
	return db.One(ctx, r, scanCustomField, `select `+customColumns+` from custom_fields where id = $1`, id)
}

func insertCustomField(ctx context.Context, tx db.Tx, c CustomField, by string) error {
	_, err := tx.Exec(ctx, `insert into custom_fields (id, record, code, name_en, name_fr, type, choices, reader, why_en, why_fr, place, used_at, version, created_at, updated_at, updated_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 1, $12, $12, $13)`,
		c.ID, string(c.Kind), c.Code, c.NameEN, c.NameFR, string(c.Type), strings.Join(c.Choices, "\n"), string(c.Reader), c.WhyEN, c.WhyFR, c.Place, tx.Now(), by)
	return err
}

// updateCustomField writes a definition if its version still stands, and tells
// whether it did. Kind, code and type stay: values were written under them.
func updateCustomField(ctx context.Context, tx db.Tx, c CustomField, version int64, by string) (bool, error) {
	n, err := tx.Exec(ctx, `update custom_fields set name_en = $1, name_fr = $2, choices = $3, reader = $4, why_en = $5, why_fr = $6, place = $7, archived_at = $8,
		version = $9, updated_at = $10, updated_by = $11 where id = $12 and version = $13`,
		c.NameEN, c.NameFR, strings.Join(c.Choices, "\n"), string(c.Reader), c.WhyEN, c.WhyFR, c.Place, c.ArchivedAt, version+1, tx.Now(), by, c.ID, version)
	return n == 1, err
}
