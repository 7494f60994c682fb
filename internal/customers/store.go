package customers

import (
	"context"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
)

// readable narrows rows called t to what a scope may read.
func readable(w *db.Where, t string, s auth.Scope) {
	if s.All {
		return
	}
	if !s.Customers {
		w.And(t + `.id = ''`) // no row has that id
		return
	}
	if len(s.Units) > 0 {
		w.And(t+`.unit_id in ('', `+db.Marks(len(s.Units))+`)`, db.Args(s.Units)...)
	}
	own := `$# in (` + t + `.sales_id, ` + t + `.marketing_id)`
	switch {
	case s.OwnOnly && s.UserID == "":
		w.And(t + `.id = ''`)
	case s.OwnOnly:
		w.And(own, s.UserID)
		if len(s.Regions) > 0 {
			w.And(t+`.region_id in (`+db.Marks(len(s.Regions))+`)`, db.Args(s.Regions)...)
		}
	case len(s.Regions) > 0 && s.UserID != "":
		w.And(`(`+t+`.region_id in (`+db.Marks(len(s.Regions))+`) or `+own+`)`, append(db.Args(s.Regions), s.UserID)...)
	case len(s.Regions) > 0:
		w.And(t+`.region_id in (`+db.Marks(len(s.Regions))+`)`, db.Args(s.Regions)...)
	}
}

// null stores an absent reference as null.
func null(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// narrowed is what a narrowed scope adds to every list: a condition with an
// index, so that one who reads only his own rows does not walk everybody's.
func narrowed(k Kind, s auth.Scope) (cond, bool) {
	if s.All || !s.Customers || s.UserID == "" || (!s.OwnOnly && len(s.Regions) == 0) {
		return cond{}, false
	}
	table := layoutOf(k).table
	c := cond{
		text:     `($# in (@.sales_id, @.marketing_id)`,
		args:     []any{s.UserID},
		pick:     `select x.id from ` + table + ` x where x.sales_id = $# union select x.id from ` + table + ` x where x.marketing_id = $#`,
		pickArgs: []any{s.UserID, s.UserID},
	}
	if !s.OwnOnly {
		in := `region_id in (` + db.Marks(len(s.Regions)) + `)`
		c.text += ` or @.` + in
		c.args = append(c.args, db.Args(s.Regions)...)
		c.pick += ` union select x.id from ` + table + ` x where x.` + in
		c.pickArgs = append(c.pickArgs, db.Args(s.Regions)...)
	}
	c.text += `)`
	return c, true
}

// selectDistinct lists the values of an indexed column by leaping from one to
// the next, so that it costs their number and not that of the rows.
func selectDistinct(ctx context.Context, r db.Reader, table, column string) ([]string, error) {
	return db.All(ctx, r, db.Value[string], strings.NewReplacer("TABLE", table, "COLUMN", column).Replace(
		`with recursive v (x) as (
			select min(t.COLUMN) from TABLE t
			union all
			select (select min(t.COLUMN) from TABLE t where t.COLUMN > v.x) from v where v.x is not null
		) select x from v where x is not null limit 5000`))
}
