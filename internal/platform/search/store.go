package search

import (
	"context"
	"strconv"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
)

const columns = 14

// upsert writes rows of documents, replacing those that are there.
func upsert(ctx context.Context, tx db.Tx, rows [][]any) error {
	const atOnce = 50 // SQLite looks up each placeholder among those before it
	for len(rows) > 0 {
		n := min(atOnce, len(rows))
		var values strings.Builder
		var args []any
		for i, row := range rows[:n] {
			if i > 0 {
				values.WriteByte(',')
			}
			values.WriteString("(" + db.In(i*columns+1, columns) + ")")
			args = append(args, row...)
		}
		_, err := tx.Exec(ctx, `insert into search_docs (kind, id, num, title, title_key, body, keys, terms, customer, unit_id, region_id, owner_id, second_owner_id, reader_id)
			values `+values.String()+`
			on conflict (kind, id) do update set num = excluded.num, title = excluded.title, title_key = excluded.title_key, body = excluded.body,
			keys = excluded.keys, terms = excluded.terms, customer = excluded.customer, unit_id = excluded.unit_id, region_id = excluded.region_id,
			owner_id = excluded.owner_id, second_owner_id = excluded.second_owner_id, reader_id = excluded.reader_id`, args...)
		if err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// Delete makes things unfindable. Unknown ids change nothing.
func Delete(ctx context.Context, tx db.Tx, kind string, ids ...string) error {
	const atOnce = 1000
	for len(ids) > 0 {
		n := min(atOnce, len(ids))
		_, err := tx.Exec(ctx, `delete from search_docs where kind = $1 and id in (`+db.In(2, n)+`)`, append([]any{kind}, db.Args(ids[:n])...)...)
		if err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// DeleteKind makes everything of a kind unfindable, before it is written anew.
func DeleteKind(ctx context.Context, tx db.Tx, kind string) error {
	_, err := tx.Exec(ctx, `delete from search_docs where kind = $1`, kind)
	return err
}

// statement gathers a condition and its arguments.
type statement struct {
	where []string
	args  []any
}

func (s *statement) arg(v any) string {
	s.args = append(s.args, v)
	return "$" + strconv.Itoa(len(s.args))
}

func (s *statement) in(list []string) string {
	s.args = append(s.args, db.Args(list)...)
	return "(" + db.In(len(s.args)-len(list)+1, len(list)) + ")"
}

func (s *statement) and(cond string) { s.where = append(s.where, cond) }

// narrow adds what the scope may read. A private thing is its reader's alone,
// whatever else the scope may.
func (s *statement) narrow(scope auth.Scope) {
	s.and("d.reader_id in ('', " + s.arg(scope.UserID) + ")")
	if scope.All {
		return
	}
	if len(scope.Units) > 0 || !scope.Customers {
		s.and("(d.unit_id = '' or d.unit_id in " + s.in(scope.Units) + ")")
	}
	if !scope.Customers {
		s.and("d.customer = false")
		return
	}
	// An empty name owns nothing, or it would own what has no owner.
	own := func() string {
		return "(" + s.arg(scope.UserID) + " <> '' and " + s.arg(scope.UserID) + " in (d.owner_id, d.second_owner_id))"
	}
	switch {
	case scope.OwnOnly:
		s.and("(d.customer = false or " + own() + ")")
		if len(scope.Regions) > 0 {
			s.and("(d.customer = false or d.region_id in " + s.in(scope.Regions) + ")")
		}
	case len(scope.Regions) > 0:
		s.and("(d.customer = false or d.region_id in " + s.in(scope.Regions) + " or " + own() + ")")
	}
}

// candidate is a row that matched, before it is ranked.
type candidate struct {
	num      int64
	kind, id string
	title    string
	titleKey string
}

func scanCandidate(row db.Row) (candidate, error) {
	var c candidate
	err := row.Scan(&c.num, &c.kind, &c.id, &c.title, &c.titleKey)
	return c, err
}

// candidates selects what matches m, or bears the title titleKey when that is
// given, in an order that depends on kind and id alone.
func candidates(ctx context.Context, r db.Reader, q Query, m matcher, titleKey string) ([]candidate, error) {
	var s statement
	from := `search_docs as d`
	switch {
	case titleKey != "":
		s.and("d.title_key = " + s.arg(titleKey))
	case r.Engine() == db.Postgres:
		s.and("d.terms::tsvector @@ cast(cast(" + s.arg(m.postgres()) + " as text) as tsquery)")
	default:
		// The index leads: it gives its rows in order of num, so that the limit
		// ends the search early.
		from = `search_fts cross join search_docs as d on d.num = search_fts.rowid`
		s.and("search_fts match " + s.arg(m.sqlite()))
	}
	order := "d.num desc"
	if from != `search_docs as d` {
		order = "search_fts.rowid desc"
	}
	s.and("d.kind in " + s.in(q.Kinds))
	s.narrow(q.Scope)
	return db.All(ctx, r, scanCandidate, `select d.num, d.kind, d.id, d.title, d.title_key from `+from+
		` where `+strings.Join(s.where, " and ")+` order by `+order+` limit `+s.arg(maxCandidates), s.args...)
}

// bodies reads the bodies of rows by their numbers.
func bodies(ctx context.Context, r db.Reader, nums []int64) (map[int64]string, error) {
	out := map[int64]string{}
	if len(nums) == 0 {
		return out, nil
	}
	err := db.Each(ctx, r, func(row db.Row) error {
		var num int64
		var body string
		if err := row.Scan(&num, &body); err != nil {
			return err
		}
		out[num] = body
		return nil
	}, `select num, body from search_docs where num in (`+db.In(1, len(nums))+`)`, db.Args(nums)...)
	return out, err
}

// source is what terms are written from.
type source struct {
	num               int64
	title, body, keys string
}

// sources reads documents after one of them, in order of their numbers.
func sources(ctx context.Context, r db.Reader, after int64, n int) ([]source, error) {
	return db.All(ctx, r, func(row db.Row) (source, error) {
		var s source
		err := row.Scan(&s.num, &s.title, &s.body, &s.keys)
		return s, err
	}, `select num, title, body, keys from search_docs where num > $1 order by num limit $2`, after, n)
}

func updateTerms(ctx context.Context, tx db.Tx, num int64, titleKey, terms string) error {
	_, err := tx.Exec(ctx, `update search_docs set title_key = $1, terms = $2 where num = $3`, titleKey, terms, num)
	return err
}

// merge asks FTS5 for about n pages of work towards one single segment, in which
// nothing deleted is left; the first step of a row of steps is negative. It
// tells whether that is reached.
func merge(ctx context.Context, tx db.Tx, n int) (done bool, err error) {
	if _, err := tx.Exec(ctx, `insert into search_fts (search_fts, rank) values ('merge', $1)`, n); err != nil {
		return false, err
	}
	segments, err := db.One(ctx, tx.Reader, db.Value[int64], `select count(distinct segid) from search_fts_idx`)
	return segments <= 1, err
}

// Narrow changes who finds some documents of the kind of to, to what stands in
// it: words, keys and readers stay. Those that are so already are not written.
func Narrow(ctx context.Context, tx db.Tx, to Doc, ids ...string) error {
	const atOnce = 1000
	for len(ids) > 0 {
		n := min(atOnce, len(ids))
		_, err := tx.Exec(ctx, `update search_docs set customer = $2, unit_id = $3, region_id = $4, owner_id = $5, second_owner_id = $6
			where kind = $1 and id in (`+db.In(7, n)+`) and (customer <> $2 or unit_id <> $3 or region_id <> $4 or owner_id <> $5 or second_owner_id <> $6)`,
			append([]any{to.Kind, to.Customer, to.Unit, to.Region, to.Owners[0], to.Owners[1]}, db.Args(ids[:n])...)...)
		if err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}
