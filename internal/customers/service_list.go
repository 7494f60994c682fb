package customers

import (
	"context"
	"slices"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// List gives one page of records.
func (s *Service) List(ctx context.Context, q Query) (Page, error) {
	var out Page
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		f, groups, err := s.finder(ctx, r, q)
		if err != nil {
			return err
		}
		limit := q.Limit
		if limit <= 0 || limit > 200 {
			limit = PageSize
		}
		if out, err = f.list(ctx, q.At, limit, groups); err != nil {
			return err
		}
		out.Count, out.AtLeast, err = f.count(ctx, countLimit+1)
		return err
	})
	return out, errs.Wrap("list "+string(q.Kind), err)
}

// finder prepares a list: the rights, the words of its filter, its groups.
func (s *Service) finder(ctx context.Context, r db.Reader, q Query) (finder, []string, error) {
	var f finder
	if err := auth.Require(ctx, MayRead); err != nil {
		return f, nil, err
	}
	if !q.Kind.Valid() {
		return f, nil, errs.NotFound("list")
	}
	a, err := s.asker(ctx, r)
	if err != nil {
		return f, nil, err
	}
	sch := a.schema(q.Kind)
	if err := sch.CheckFilter(q.Filter, a.accounts); err != nil {
		return f, nil, err
	}
	scope := auth.From(ctx).Scope
	f = finder{r: r, scope: scope, l: layoutOf(q.Kind), sort: sortingOf(q.Kind, sch, q.Sort), memo: &picking{}}
	if f.conds, err = a.all(q.Kind, q.Filter); err != nil {
		return f, nil, err
	}
	if c, ok := narrowed(q.Kind, scope); ok {
		f.conds = append(f.conds, c)
	}
	if f.sort.group == "" {
		return f, nil, nil
	}
	groups, err := s.groups(ctx, r, q.Kind, q.Sort)
	return f, groups, err
}

// asker tells what words in filters mean for the actor.
func (s *Service) asker(ctx context.Context, r db.Reader) (asker, error) {
	a := asker{me: auth.From(ctx).UserID}
	org, err := s.team.Letterhead(ctx)
	if err != nil {
		return a, err
	}
	zone, err := time.LoadLocation(org.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	a.now = s.db.Clock().Now().In(zone)
	if a.contacts, err = schema(ctx, r, KindContact); err != nil {
		return a, err
	}
	a.accounts, err = schema(ctx, r, KindAccount)
	return a, err
}

// list finds one page, reads its records and notes the pages around it.
func (f finder) list(ctx context.Context, at Cursor, limit int, groups []string) (Page, error) {
	var out Page
	var found []placed
	var err error
	if f.sort.group == "" {
		found, err = f.single(ctx, at, limit+1, &out)
	} else {
		found, err = f.grouped(ctx, at, limit+1, groups)
	}
	if err != nil {
		return out, err
	}
	more := len(found) > limit
	if more {
		found = found[:limit]
	}
	if at.Before {
		slices.Reverse(found)
	}
	if len(found) > 0 {
		first, last := found[0].cursor(), found[len(found)-1].cursor()
		first.Before = true
		if more || at.Before {
			out.Next = &last
		}
		if (at.ID != "" && !at.Before) || (more && at.Before) {
			out.Prev = &first
		}
	}
	ids := make([]string, len(found))
	for i, p := range found {
		ids[i] = p.id
	}
	recs, err := selectRecords(ctx, f.r, f.scope, f.l.kind, ids)
	if err != nil {
		return out, err
	}
	by := make(map[string]*Record, len(recs))
	for _, rec := range recs {
		by[rec.ID] = rec
	}
	for _, id := range ids {
		if rec := by[id]; rec != nil {
			out.Records = append(out.Records, rec)
		}
	}
	return out, nil
}

// placed is a row found with its group.
type placed struct {
	spot
	group string
}

func (p placed) cursor() Cursor { return Cursor{Key: p.key, ID: p.id, Group: p.group} }

func (f finder) single(ctx context.Context, at Cursor, limit int, out *Page) ([]placed, error) {
	spots, end, looked, err := f.page(ctx, at, limit)
	found := make([]placed, len(spots))
	for i, s := range spots {
		found[i].spot = s
	}
	if end != nil && err == nil {
		out.Searched = looked
		if !at.Before {
			out.Next = &Cursor{Key: end.key, ID: end.id}
		}
	}
	return found, err
}

// grouped walks the groups from the one of the cursor on. Each has an index by
// name; an empty one costs a glance.
func (f finder) grouped(ctx context.Context, at Cursor, limit int, groups []string) ([]placed, error) {
	down := f.sort.down
	f.sort.down = false // names go upwards inside a group
	if down != at.Before {
		slices.Reverse(groups)
	}
	if at.ID != "" {
		i := slices.Index(groups, at.Group)
		if i < 0 {
			return nil, errs.Malformed("at", "customers.errors.cursor")
		}
		groups = groups[i:]
	}
	var out []placed
	for _, g := range groups {
		one := f
		one.conds = append(slices.Clone(f.conds), cond{text: `@.` + f.sort.group + ` = $#`, args: []any{g}, column: f.sort.group, value: g})
		spots, _, _, err := one.walk(ctx, len(one.conds)-1, at, limit-len(out))
		if err != nil {
			return nil, err
		}
		for _, s := range spots {
			out = append(out, placed{spot: s, group: g})
		}
		if len(out) >= limit {
			break
		}
		at = Cursor{Before: at.Before} // the next group is listed from its beginning
	}
	return out, nil
}
