package jobs

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

const columns = `id, queue, kind, args, state, priority, run_at, attempt, failures, max_attempts, unique_key,
	lease_until, last_error, progress_done, progress_total, progress_what, created_at, started_at, finished_at`

func scanRecord(row db.Row) (Record, error) {
	var j Record
	var key sql.NullString
	err := row.Scan(&j.ID, &j.Queue, &j.Kind, &j.Args, &j.State, &j.Priority, &j.RunAt, &j.Attempt, &j.Failures,
		&j.MaxAttempts, &key, &j.LeaseUntil, &j.LastError, &j.Progress.Done, &j.Progress.Total, &j.Progress.What,
		&j.CreatedAt, &j.StartedAt, &j.FinishedAt)
	j.UniqueKey = key.String
	return j, err
}

func (j Record) values() []any {
	key := sql.NullString{String: j.UniqueKey, Valid: j.UniqueKey != ""}
	return []any{j.ID, j.Queue, j.Kind, j.Args, string(j.State), j.Priority, j.RunAt, 0, 0, j.MaxAttempts, key,
		nil, "", 0, 0, "", j.CreatedAt, nil, nil}
}

func insert(ctx context.Context, tx db.Tx, j Record) (bool, error) {
	n, err := tx.Exec(ctx, `insert into jobs (`+columns+`) values (`+db.In(1, 19)+`)
		on conflict (unique_key) where state in ('ready', 'running') do nothing`, j.values()...)
	return n == 1, err
}

func insertMany(ctx context.Context, tx db.Tx, js []Record) error {
	rows := make([][]any, len(js))
	for i, j := range js {
		rows[i] = j.values()
	}
	cols := strings.Split(strings.Join(strings.Fields(columns), ""), ",")
	return db.Bulk(ctx, tx, "jobs", cols, rows)
}

// holder finds the job that waits or runs under a unique key, if it still does.
func holder(ctx context.Context, r db.Reader, key string) (string, error) {
	id, err := db.One(ctx, r, db.Value[string],
		`select id from jobs where unique_key = $1 and state in ('ready', 'running')`, key)
	if errs.Is(err, errs.KindNotFound) {
		return "", nil
	}
	return id, err
}

// claimFilter says which jobs a runner may take.
type claimFilter struct {
	kinds  []string // those it has a worker for
	only   string   // this queue alone
	except []string // any queue but these
	limit  int
}

// where gives the condition on due jobs; its parameters begin at number start.
func (f claimFilter) where(start int) (string, []any) {
	q := `kind in (` + db.In(start, len(f.kinds)) + `)`
	args := db.Args(f.kinds)
	if f.only != "" {
		q += ` and queue = ` + db.In(start+len(args), 1)
		args = append(args, f.only)
	}
	if len(f.except) > 0 {
		q += ` and queue not in (` + db.In(start+len(args), len(f.except)) + `)`
		args = append(args, db.Args(f.except)...)
	}
	return q, args
}

// claim takes due jobs. The state in the outer where is what keeps two
// claimers apart: on PostgreSQL the second one waits for the first and then
// finds the row no longer ready.
func claim(ctx context.Context, tx db.Tx, f claimFilter, until db.Time) ([]Record, error) {
	cond, args := f.where(4)
	js, err := db.All(ctx, tx.Reader, scanRecord, `update jobs
		set state = 'running', attempt = attempt + 1, lease_until = $1, started_at = $2
		where state = 'ready' and id in (
			select id from jobs where state = 'ready' and run_at <= $2 and `+cond+`
			order by priority, run_at, id limit $3)
		returning `+columns, append([]any{until, tx.Now(), f.limit}, args...)...)
	slices.SortFunc(js, func(a, b Record) int {
		if a.Priority != b.Priority {
			return a.Priority - b.Priority
		}
		if a.RunAt != b.RunAt {
			return int(a.RunAt - b.RunAt)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return js, err
}

// due tells whether anything waits for claim under f.
func due(ctx context.Context, r db.Reader, f claimFilter, now db.Time) (bool, error) {
	cond, args := f.where(2)
	return db.One(ctx, r, db.Value[bool],
		`select exists (select 1 from jobs where state = 'ready' and run_at <= $1 and `+cond+`)`, append([]any{now}, args...)...)
}

// outlook is what a runner finds to do, without taking the writer's place.
type outlook struct{ due, expired, ticks bool }

func look(ctx context.Context, r db.Reader, now, absurd db.Time) (outlook, error) {
	return db.One(ctx, r, func(row db.Row) (o outlook, err error) {
		err = row.Scan(&o.due, &o.expired, &o.ticks)
		return o, err
	}, `select exists (select 1 from jobs where state = 'ready' and run_at <= $1),
		exists (select 1 from jobs where state = 'running' and lease_until < $1),
		exists (select 1 from job_schedules where next_at <= $1 or last_at > $2)`, now, absurd)
}

// extend lengthens a claim; false: it is not ours any more.
func extend(ctx context.Context, tx db.Tx, id string, attempt int, until db.Time) (bool, error) {
	n, err := tx.Exec(ctx, `update jobs set lease_until = $3
		where id = $1 and attempt = $2 and state = 'running'`, id, attempt, until)
	return n == 1, err
}

func complete(ctx context.Context, tx db.Tx, id string, attempt int) (bool, error) {
	n, err := tx.Exec(ctx, `update jobs set state = 'done', lease_until = null, finished_at = $3
		where id = $1 and attempt = $2 and state = 'running'`, id, attempt, tx.Now())
	return n == 1, err
}

// giveBack makes a claimed job ready again.
func giveBack(ctx context.Context, tx db.Tx, j Record) (bool, error) {
	n, err := tx.Exec(ctx, `update jobs set state = 'ready', lease_until = null, run_at = $3, failures = $4, last_error = $5
		where id = $1 and attempt = $2 and state = 'running'`, j.ID, j.Attempt, j.RunAt, j.Failures, j.LastError)
	return n == 1, err
}

// park puts a claimed job on the dead list.
func park(ctx context.Context, tx db.Tx, j Record) (bool, error) {
	n, err := tx.Exec(ctx, `update jobs set state = 'dead', lease_until = null, finished_at = $3, failures = $4, last_error = $5
		where id = $1 and attempt = $2 and state = 'running'`, j.ID, j.Attempt, tx.Now(), j.Failures, j.LastError)
	return n == 1, err
}

func expired(ctx context.Context, r db.Reader, now db.Time, limit int) ([]Record, error) {
	return db.All(ctx, r, scanRecord, `select `+columns+` from jobs
		where state = 'running' and lease_until < $1 order by lease_until, id limit $2`, now, limit)
}

// stillExpired takes the row for this transaction and tells whether its lease
// is still over: a heartbeat may have come in between.
func stillExpired(ctx context.Context, tx db.Tx, j Record) (bool, error) {
	n, err := tx.Exec(ctx, `update jobs set lease_until = lease_until
		where id = $1 and attempt = $2 and state = 'running' and lease_until < $3`, j.ID, j.Attempt, tx.Now())
	return n == 1, err
}

func setProgress(ctx context.Context, tx db.Tx, id string, attempt int, p Progress) (bool, error) {
	n, err := tx.Exec(ctx, `update jobs set progress_done = $3, progress_total = $4, progress_what = $5
		where id = $1 and attempt = $2 and state = 'running'`, id, attempt, p.Done, p.Total, p.What)
	return n == 1, err
}

func find(ctx context.Context, r db.Reader, id string) (Record, error) {
	return db.One(ctx, r, scanRecord, `select `+columns+` from jobs where id = $1`, id)
}

// list reads newest first, below the id after.
func list(ctx context.Context, r db.Reader, f Filter, after string, limit int) ([]Record, error) {
	q, args := `select `+columns+` from jobs where true`, []any{}
	add := func(cond string, v any) {
		args = append(args, v)
		q += ` and ` + cond + ` $` + strconv.Itoa(len(args))
	}
	if f.State != "" {
		add(`state =`, string(f.State))
	}
	if f.Kind != "" {
		add(`kind =`, f.Kind)
	}
	if f.Queue != "" {
		add(`queue =`, f.Queue)
	}
	if after != "" {
		add(`id <`, after)
	}
	args = append(args, limit)
	return db.All(ctx, r, scanRecord, q+` order by id desc limit $`+strconv.Itoa(len(args)), args...)
}

// revive makes a dead or discarded job ready, with all its tries before it.
func revive(ctx context.Context, tx db.Tx, id string) (bool, error) {
	n, err := tx.Exec(ctx, `update jobs set state = 'ready', run_at = $2, failures = 0, finished_at = null
		where id = $1 and state in ('dead', 'discarded')`, id, tx.Now())
	return n == 1, err
}

func discard(ctx context.Context, tx db.Tx, id string) (bool, error) {
	n, err := tx.Exec(ctx, `update jobs set state = 'discarded', finished_at = $2
		where id = $1 and state in ('dead', 'ready')`, id, tx.Now())
	return n == 1, err
}

// undiscard puts a discarded job back on the dead list.
func undiscard(ctx context.Context, tx db.Tx, id string) (bool, error) {
	n, err := tx.Exec(ctx, `update jobs set state = 'dead', finished_at = $2
		where id = $1 and state = 'discarded'`, id, tx.Now())
	return n == 1, err
}

// sweep deletes what finished before then, limit rows at most.
func sweep(ctx context.Context, tx db.Tx, before db.Time, limit int) (int64, error) {
	return tx.Exec(ctx, `delete from jobs where id in (
		select id from jobs where finished_at < $1 and state in ('done', 'discarded') order by finished_at limit $2)`, before, limit)
}

// countState counts the rows of a state, as far as max.
func countState(ctx context.Context, r db.Reader, s State, max int) (int, error) {
	return db.One(ctx, r, db.Value[int],
		`select count(*) from (select 1 from jobs where state = $1 limit $2) as s`, string(s), max)
}

func countLater(ctx context.Context, r db.Reader, now db.Time, max int) (int, error) {
	return db.One(ctx, r, db.Value[int],
		`select count(*) from (select 1 from jobs where state = 'ready' and run_at > $1 limit $2) as s`, now, max)
}

func oldestDue(ctx context.Context, r db.Reader, now db.Time) (db.Time, error) {
	return db.One(ctx, r, db.Value[db.Time],
		`select min(run_at) from jobs where state = 'ready' and run_at <= $1`, now)
}

func kinds(ctx context.Context, r db.Reader) ([]string, error) {
	return db.All(ctx, r, db.Value[string], `select kind from jobs group by kind order by kind limit 200`)
}
