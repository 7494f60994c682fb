package team

import (
	"context"

	"unisson/internal/platform/db"
)

// backdateConfirmed makes a profile of the demonstration as old as it must be.
func backdateConfirmed(ctx context.Context, tx db.Tx, id string, at db.Time) error {
	_, err := tx.Exec(ctx, `update people set confirmed_at = $1 where user_id = $2`, at, id)
	return err
}

// setHead puts somebody at the head of a department or a unit.
func setHead(ctx context.Context, tx db.Tx, table, id, headID string) error {
	q := `update departments set head_id = $1 where id = $2`
	if table == "units" {
		q = `update units set head_id = $1 where id = $2`
	}
	_, err := tx.Exec(ctx, q, null(headID), id)
	return err
}
