package jobs

import (
	"context"

	"unisson/internal/platform/db"
)

// saveSchedule notes a registered schedule. Its next tick stays when its rule
// has not changed, so that a restart neither repeats nor drops one.
func saveSchedule(ctx context.Context, tx db.Tx, s ScheduleRecord) error {
	_, err := tx.Exec(ctx, `insert into job_schedules (name, kind, spec, zone, next_at) values ($1, $2, $3, $4, $5)
		on conflict (name) do update set kind = excluded.kind, spec = excluded.spec, zone = excluded.zone,
			next_at = case when job_schedules.spec = excluded.spec and job_schedules.zone = excluded.zone
				then job_schedules.next_at else excluded.next_at end`, s.Name, s.Kind, s.Spec, s.Zone, s.NextAt)
	return err
}

// forgetSchedules deletes those that this release does not know.
func forgetSchedules(ctx context.Context, tx db.Tx, known []string) error {
	q := `delete from job_schedules`
	if len(known) > 0 {
		q += ` where name not in (` + db.In(1, len(known)) + `)`
	}
	_, err := tx.Exec(ctx, q, db.Args(known)...)
	return err
}

func scanSchedule(row db.Row) (ScheduleRecord, error) {
	var s ScheduleRecord
	err := row.Scan(&s.Name, &s.Kind, &s.Spec, &s.Zone, &s.NextAt, &s.LastAt)
	return s, err
}

func schedules(ctx context.Context, r db.Reader) ([]ScheduleRecord, error) {
	return db.All(ctx, r, scanSchedule, `select name, kind, spec, zone, next_at, last_at from job_schedules order by name`)
}

// dueSchedules gives those whose tick has come, and those that fired at an
// absurd time of the future.
func dueSchedules(ctx context.Context, r db.Reader, now, absurd db.Time) ([]ScheduleRecord, error) {
	return db.All(ctx, r, scanSchedule, `select name, kind, spec, zone, next_at, last_at from job_schedules
		where next_at <= $1 or last_at > $2 order by next_at, name`, now, absurd)
}

// advance moves a schedule to its next tick; false: another process did.
func advance(ctx context.Context, tx db.Tx, s ScheduleRecord, next, last db.Time) (bool, error) {
	n, err := tx.Exec(ctx, `update job_schedules set next_at = $3, last_at = $4
		where name = $1 and next_at = $2`, s.Name, s.NextAt, next, last)
	return n == 1, err
}
