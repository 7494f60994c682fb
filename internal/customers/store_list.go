package customers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
)

// How a page is found, so that it is quick however many rows there are.
//
// Few rows meet some condition that has an index (at most fewRows): they are
// picked by it, tested and sorted in memory. Otherwise rows are looked at in
// the order of the list, by the index of its sort, in windows that grow until
// the page is full. A list sorted by an owner, a region or another group walks
// the groups one after the other. A filter that no index serves and that few
// rows meet ends after the last window: the page says how many rows were looked
// at, and its next page goes on there.
const fewRows = 2000

// windows are how many rows are looked at for one page, at most, one try after
// the other.
func windows() []int { return []int{2_000, 20_000, 150_000} }

// spot is a row found, before it is read.
type spot struct {
	id  string
	key string
}

// finder finds the rows of one list.
type finder struct {
	r     db.Reader
	scope auth.Scope
	l     layout
	conds []cond
	sort  sorting
	memo  *picking // of picked; nil: asked each time
}

// picking is what picked found out.
type picking struct {
	done  bool
	which int
}

func scanSpot(number bool) func(row db.Row) (spot, error) {
	return func(row db.Row) (spot, error) {
		var s spot
		if number {
			var n int64
			err := row.Scan(&s.id, &n)
			s.key = strconv.FormatInt(n, 10)
			return s, err
		}
		err := row.Scan(&s.id, &s.key)
		return s, err
	}
}

// narrow adds to a statement what every row of the list meets, except one
// condition that the statement sees to itself.
func (f finder) narrow(w *db.Where, except int) {
	readable(w, "r", f.scope)
	w.And(`r.live = true`)
	for i, c := range f.conds {
		if i != except {
			w.And(c.as("r"), c.args...)
		}
	}
}

// picked tells which condition picks few rows by its index; -1: none does.
func (f finder) picked(ctx context.Context) (int, error) {
	if f.memo != nil && f.memo.done {
		return f.memo.which, nil
	}
	best, least := -1, fewRows+1
	for i, c := range f.conds {
		if c.pick == "" {
			continue
		}
		var w db.Where
		text := fill(&w, c.pick, c.pickArgs)
		n, err := db.One(ctx, f.r, db.Value[int], `select count(*) from (select 1 from (`+text+`) p limit `+w.Arg(fewRows+1)+`) s`, w.Args()...)
		if err != nil {
			return -1, err
		}
		if n < least {
			best, least = i, n
		}
	}
	if f.memo != nil {
		*f.memo = picking{done: true, which: best}
	}
	return best, nil
}

// fill writes the placeholders of a text with marks.
func fill(w *db.Where, text string, args []any) string {
	var b strings.Builder
	for i, part := range strings.Split(text, "$#") {
		if i > 0 {
			b.WriteString(w.Arg(args[i-1]))
		}
		b.WriteString(part)
	}
	return b.String()
}

// order writes the order of a list over a row called t, and the comparison that
// puts a row after a cursor.
func (f finder) order(t string, before bool) (order, compare string) {
	way, sign := "", ">"
	if f.sort.down != before {
		way, sign = " desc", "<"
	}
	return ` order by ` + t + `.` + f.sort.column + way + `, ` + t + `.id` + way, sign
}

// few finds a page among the rows that one condition picks.
func (f finder) few(ctx context.Context, pick int, at Cursor, limit int) ([]spot, error) {
	var w db.Where
	text := fill(&w, f.conds[pick].pick, f.conds[pick].pickArgs)
	f.narrow(&w, pick)
	order, sign := f.order("r", at.Before)
	if at.ID != "" {
		w.And(`(r.`+f.sort.column+`, r.id) `+sign+` ($#, $#)`, f.sort.key(at.Key), at.ID)
	}
	w.And(`r.id = p.id`)
	return db.All(ctx, f.r, scanSpot(f.sort.number), `with p (id) as materialized (`+text+`)
		select distinct r.id, r.`+f.sort.column+` from p cross join `+f.l.table+` r`+w.String()+order+` limit `+w.Arg(limit), w.Args()...)
}

// walk finds a page by looking at rows in the order of the list. lead, when it
// is not -1, is a condition whose index is in that order. It tells where the
// last window ended when the page could not be filled.
func (f finder) walk(ctx context.Context, lead int, at Cursor, limit int) (found []spot, end *spot, looked int, err error) {
	for _, size := range windows() {
		found, err = f.window(ctx, lead, at, limit, size)
		if err != nil || len(found) >= limit {
			return found, nil, 0, err
		}
		if end, err = f.windowEnd(ctx, lead, at, size); err != nil || end == nil {
			return found, nil, 0, err // there are no more rows
		}
		looked = size
	}
	return found, end, looked, nil
}

// inside writes the statement that lists the rows of one window.
func (f finder) inside(w *db.Where, lead int, at Cursor, size int) string {
	order, sign := f.order("k", at.Before)
	text := `select k.id, k.` + f.sort.column + ` as key from ` + f.l.table + ` k where `
	if lead >= 0 {
		text += `k.` + f.conds[lead].column + ` = ` + w.Arg(f.conds[lead].value) + ` and `
	}
	if at.ID != "" {
		text += `(k.` + f.sort.column + `, k.id) ` + sign + ` (` + w.Arg(f.sort.key(at.Key)) + `, ` + w.Arg(at.ID) + `) and `
	}
	return text + `k.live = true` + order + ` limit ` + w.Arg(size)
}

func (f finder) window(ctx context.Context, lead int, at Cursor, limit, size int) ([]spot, error) {
	var w db.Where
	text := f.inside(&w, lead, at, size)
	f.narrow(&w, lead)
	w.And(`r.id = k.id`)
	way := ""
	if f.sort.down != at.Before {
		way = " desc"
	}
	return db.All(ctx, f.r, scanSpot(f.sort.number), `select k.id, k.key from (`+text+`) k cross join `+f.l.table+` r`+w.String()+
		` order by k.key`+way+`, k.id`+way+` limit `+w.Arg(limit), w.Args()...)
}

// windowEnd is the last row of a full window; nil when the rows ended in it.
func (f finder) windowEnd(ctx context.Context, lead int, at Cursor, size int) (*spot, error) {
	var w db.Where
	text := f.inside(&w, lead, at, size)
	way := " desc"
	if f.sort.down != at.Before {
		way = ""
	}
	all, err := db.All(ctx, f.r, func(row db.Row) (struct {
		spot
		n int
	}, error) {
		var out struct {
			spot
			n int
		}
		var number int64
		dest := []any{&out.id, &out.key, &out.n}
		if f.sort.number {
			dest[1] = &number
		}
		err := row.Scan(dest...)
		if f.sort.number {
			out.key = strconv.FormatInt(number, 10)
		}
		return out, err
	}, `select k.id, k.key, count(*) over () from (`+text+`) k order by k.key`+way+`, k.id`+way+` limit 1`, w.Args()...)
	if err != nil || len(all) == 0 || all[0].n < size {
		return nil, err
	}
	return &all[0].spot, nil
}

// page finds one page of a list that is in one piece.
func (f finder) page(ctx context.Context, at Cursor, limit int) (found []spot, end *spot, looked int, err error) {
	pick, err := f.picked(ctx)
	if err != nil {
		return nil, nil, 0, err
	}
	if pick >= 0 {
		found, err = f.few(ctx, pick, at, limit)
		return found, nil, 0, err
	}
	return f.walk(ctx, f.lead(), at, limit)
}

// lead is the condition whose index gives its rows by name; -1: none does.
func (f finder) lead() int {
	if f.sort.column != "name_key" {
		return -1
	}
	return slices.IndexFunc(f.conds, func(c cond) bool { return c.column != "" })
}

// count counts what a list finds, up to most, among the rows of the last window.
func (f finder) count(ctx context.Context, most int) (n int, atLeast bool, err error) {
	pick, err := f.picked(ctx)
	if err != nil {
		return 0, false, err
	}
	var w db.Where
	if pick >= 0 {
		text := fill(&w, f.conds[pick].pick, f.conds[pick].pickArgs)
		f.narrow(&w, pick)
		w.And(`r.id = p.id`)
		n, err = db.One(ctx, f.r, db.Value[int], `with p (id) as materialized (`+text+`)
			select count(*) from (select distinct r.id from p cross join `+f.l.table+` r`+w.String()+` limit `+w.Arg(most)+`) s`, w.Args()...)
		return n, false, err
	}
	lead := f.lead()
	size := windows()[1]
	text := f.inside(&w, lead, Cursor{}, size)
	f.narrow(&w, lead)
	w.And(`r.id = k.id`)
	if n, err = db.One(ctx, f.r, db.Value[int], `select count(*) from (select 1 from (`+text+`) k cross join `+f.l.table+` r`+w.String()+
		` limit `+w.Arg(most)+`) s`, w.Args()...); err != nil || n >= most {
		return n, false, err
	}
	end, err := f.windowEnd(ctx, lead, Cursor{}, size)
	return n, end != nil, err
}
