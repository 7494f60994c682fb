package team

import (
	"context"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
)

func selectAbsence(ctx context.Context, r db.Reader, id string) (Absence, error) {
	return db.One(ctx, r, scanAbsence, `select `+absenceColumns+` where a.id = $1 and a.cancelled_at is null`, id)
}

// selectCancelled finds an absence that was cancelled after an instant, for undo.
func selectCancelled(ctx context.Context, r db.Reader, id string, after db.Time) (Absence, error) {
	return db.One(ctx, r, scanAbsence, `select `+absenceColumns+` where a.id = $1 and a.cancelled_at > $2`, id, after)
}

// selectAbsencesOf lists the absences of some people that are not over on a day.
func selectAbsencesOf(ctx context.Context, r db.Reader, ids []string, from clock.Day) ([]Absence, error) {
	args := append([]any{from.String()}, db.Args(ids)...)
	return db.All(ctx, r, scanAbsence, `select `+absenceColumns+`
		where a.cancelled_at is null and a.to_day >= $1 and a.user_id in (`+db.In(2, len(ids))+`) order by a.from_day, a.id`, args...)
}

// selectStandingIn lists the absences, not over on a day, in which somebody is the deputy.
func selectStandingIn(ctx context.Context, r db.Reader, deputyID string, from clock.Day) ([]Absence, error) {
	return db.All(ctx, r, scanAbsence, `select `+absenceColumns+`
		where a.cancelled_at is null and a.deputy_id = $1 and a.to_day >= $2 order by a.from_day, a.id`, deputyID, from.String())
}

func insertAbsence(ctx context.Context, tx db.Tx, a Absence, by string) error {
	_, err := tx.Exec(ctx, `insert into absences (id, user_id, from_day, to_day, deputy_id, note, created_at, created_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, a.ID, a.PersonID, a.From.String(), a.To.String(), null(a.DeputyID), a.Note, tx.Now(), by)
	return err
}

func updateAbsence(ctx context.Context, tx db.Tx, a Absence) error {
	_, err := tx.Exec(ctx, `update absences set from_day = $1, to_day = $2, deputy_id = $3, note = $4 where id = $5`,
		a.From.String(), a.To.String(), null(a.DeputyID), a.Note, a.ID)
	return err
}

// updateCancelled cancels an absence, or calls it back when at is zero.
func updateCancelled(ctx context.Context, tx db.Tx, id string, at db.Time) error {
	_, err := tx.Exec(ctx, `update absences set cancelled_at = $1 where id = $2`, at, id)
	return err
}
