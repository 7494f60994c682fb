package team

import (
	"context"

	"unisson/internal/platform/db"
)

// erasePerson forgets what somebody was and covered. The row stays, empty, for
// what others refer to; his name is in users and is erased there.
func erasePerson(ctx context.Context, tx db.Tx, personID string) error {
	for _, q := range []string{
		`delete from person_labels where user_id = $1`,
		`delete from people_terms where user_id = $1`,
		`delete from profile_edits where user_id = $1`,
		`delete from absences where user_id = $1`,
		`update absences set deputy_id = null where deputy_id = $1`,
		`delete from team_members where user_id = $1`,
		`update teams set lead_id = null where lead_id = $1`,
		`update people set manager_id = null where manager_id = $1`,
		`update people set title = '', phone = '', city = '', city_key = '', country = '', channel = '', about = '', hours = '' where user_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, personID); err != nil {
			return err
		}
	}
	return nil
}
