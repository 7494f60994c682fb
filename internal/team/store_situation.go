package team

import (
	"context"
	"encoding/json"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

const situationColumns = `s.id, s.code, s.name_en, s.name_fr, s.moment_en, s.moment_fr, s.reason_en, s.reason_fr, s.rule, s.active, s.edited,
	s.version, s.updated_at, s.updated_by, coalesce(b.given_name || ' ' || b.family_name, '')
	from situations s left join users b on b.id = s.updated_by`

func scanSituation(row db.Row) (Situation, error) {
	var s Situation
	var rule, byID, by string
	var version int64
	var at db.Time
	if err := row.Scan(&s.ID, &s.Code, &s.NameEN, &s.NameFR, &s.MomentEN, &s.MomentFR, &s.ReasonEN, &s.ReasonFR, &rule, &s.Active, &s.Edited,
		&version, &at, &byID, &by); err != nil {
		return s, err
	}
	s.Changed = changed(version, at, byID, by)
	return s, errs.Wrap("rule of situation", json.Unmarshal([]byte(rule), &s.Rule))
}

func selectSituations(ctx context.Context, r db.Reader) ([]Situation, error) {
	return db.All(ctx, r, scanSituation, `select `+situationColumns+` order by s.place, s.id`)
}

func selectSituation(ctx context.Context, r db.Reader, id string) (Situation, error) {
	return db.One(ctx, r, scanSituation, `select `+situationColumns+` where s.id = $1 or (s.code = $1 and s.code <> '')`, id)
}

func insertSituation(ctx context.Context, tx db.Tx, s Situation, place int, by string) error {
	rule, err := json.Marshal(s.Rule)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into situations (id, code, name_en, name_fr, moment_en, moment_fr, reason_en, reason_fr, rule, place, active, edited,
		created_at, updated_at, updated_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14)`,
		s.ID, s.Code, s.NameEN, s.NameFR, s.MomentEN, s.MomentFR, s.ReasonEN, s.ReasonFR, string(rule), place, s.Active, s.Edited, tx.Now(), by)
	return err
}

func updateSituation(ctx context.Context, tx db.Tx, s Situation, by string) (bool, error) {
	rule, err := json.Marshal(s.Rule)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `update situations set name_en = $1, name_fr = $2, moment_en = $3, moment_fr = $4, reason_en = $5, reason_fr = $6,
		rule = $7, active = $8, edited = $9, version = version + 1, updated_at = $10, updated_by = $11 where id = $12 and version = $13`,
		s.NameEN, s.NameFR, s.MomentEN, s.MomentFR, s.ReasonEN, s.ReasonFR, string(rule), s.Active, s.Edited, tx.Now(), by, s.ID, s.Changed.Version)
	return n == 1, err
}

// lastPlace is the place of the last situation of the catalogue.
func lastPlace(ctx context.Context, r db.Reader) (int, error) {
	return db.One(ctx, r, db.Value[int], `select coalesce(max(place), 0) from situations`)
}
