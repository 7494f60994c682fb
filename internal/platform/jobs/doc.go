// Package jobs does work later, once, and in spite of crashes.
//
// Vocabulary: a job is a row; its Args are the payload of one Kind; a worker is
// the function registered for a kind; a Runner claims due jobs and calls their
// workers; a claim holds for a lease, which the runner's heartbeat extends; a
// Schedule inserts a job at each tick; the dead list holds jobs that were given
// up and wait for an administrator.
//
//	type SendReset struct{ UserID string }
//	func (SendReset) Kind() string { return "auth.send_reset" }
//
//	jobs.Register(reg, func(ctx context.Context, job *jobs.Job[SendReset]) error { … })
//	jobs.Insert(ctx, tx, SendReset{UserID: id}, jobs.Opts{})
//
// Guarantees:
//   - A job inserted in a transaction that is rolled back never runs, and none
//     runs before its transaction is committed.
//   - A committed job runs at least once. Its effects in this database are
//     applied exactly once when the worker writes them in the transaction in
//     which it calls Complete; an effect elsewhere must be idempotent there
//     (give the job's ID along), or be fenced by rows of the worker's own.
//   - Two workers never hold one claim. A worker that outlived its lease is
//     refused by its attempt number, in Complete and in the runner.
//   - A worker that fails, panics or takes its process down is tried again,
//     later each time, and parked in the dead list after MaxAttempts failures.
//     It never blocks its queue.
//   - A tick of a schedule is inserted once, whatever the number of processes.
//     Ticks missed while nobody ran are made up for by one.
//
// States: ready (waiting for its time or a free worker) → running → done, or
// back to ready after a failure, or dead; dead → ready (Retry) or discarded.
//
// A worker acts as the system: it asks for the rights of the person on whose
// behalf it works from the rows as they stand when it runs. Done and discarded
// rows are deleted after seven days.
//
// Tables: jobs, job_schedules
// Facts: JobDied
package jobs
