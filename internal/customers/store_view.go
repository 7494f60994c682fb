package customers

import (
	"context"
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

const viewColumns = `v.id, v.record, v.name, v.owner_id, v.audience, v.department_id, v.roles, v.filter, v.columns, v.sort, v.pinned, coalesce(v.removed_at, 0), v.version`

func scanView(row db.Row) (View, error) {
	var v View
	var roles, filter, columns, sort string
	err := row.Scan(&v.ID, &v.Kind, &v.Name, &v.Owner, &v.Audience, &v.Department, &roles, &filter, &columns, &sort, &v.Pinned, &v.RemovedAt, &v.Version)
	if err != nil {
		return v, err
	}
	v.Roles, v.Columns = rolesOf(roles), strings.Fields(columns)
	if v.Filter, err = ParseFilter(filter); err != nil {
		v.Filter, v.broken = Filter{}, true // it shows that it is broken rather than everything
	}
	name, down := strings.CutPrefix(sort, "-")
	v.Sort = Sort{Field: name, Down: down}
	return v, nil
}

// selectViews lists the views that somebody may see, apart from who belongs to
// which department; k may be empty.
func selectViews(ctx context.Context, r db.Reader, k Kind, userID string) ([]View, error) {
	var w db.Where
	w.And(`v.removed_at is null`)
	w.And(`(v.owner_id = $# or v.audience = 'everybody' or v.audience = 'team')`, userID)
	if k != "" {
		w.And(`v.record = $#`, string(k))
	}
	return db.All(ctx, r, scanView, `select `+viewColumns+` from views v`+w.String()+` order by v.name_key, v.id limit 1000`, w.Args()...)
}

// selectView reads one view, also one that was taken away.
func selectView(ctx context.Context, r db.Reader, id string) (View, error) {
	return db.One(ctx, r, scanView, `select `+viewColumns+` from views v where v.id = $1`, id)
}

func countViews(ctx context.Context, r db.Reader, userID string) (int, error) {
	return db.One(ctx, r, db.Value[int], `select count(*) from views where owner_id = $1 and removed_at is null`, userID)
}

func insertView(ctx context.Context, tx db.Tx, v View) error {
	_, err := tx.Exec(ctx, `insert into views (id, record, name, name_key, owner_id, audience, department_id, roles, filter, columns, sort, pinned, version, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, $13)`, v.ID, string(v.Kind), v.Name, cutKey(db.Fold(v.Name)), v.Owner, string(v.Audience),
		v.Department, rolesText(v.Roles), v.Filter.String(), strings.Join(v.Columns, " "), v.Sort.String(), v.Pinned, tx.Now())
	return err
}

// updateView writes a view if the version that was read still stands.
func updateView(ctx context.Context, tx db.Tx, v View) error {
	n, err := tx.Exec(ctx, `update views set name = $1, name_key = $2, audience = $3, department_id = $4, roles = $5, filter = $6, columns = $7, sort = $8, pinned = $9,
		removed_at = $10, version = version + 1, updated_at = $11 where id = $12 and version = $13`, v.Name, cutKey(db.Fold(v.Name)), string(v.Audience), v.Department,
		rolesText(v.Roles), v.Filter.String(), strings.Join(v.Columns, " "), v.Sort.String(), v.Pinned, v.RemovedAt, tx.Now(), v.ID, v.Version)
	if err == nil && n == 0 {
		return errs.Conflict("customers.list.save.changed")
	}
	return err
}

// selectSourceNames gives what sources are called.
func selectSourceNames(ctx context.Context, r db.Reader, ids []string, out Names) error {
	if len(ids) == 0 {
		return nil
	}
	return db.Each(ctx, r, func(row db.Row) error {
		var id, name string
		err := row.Scan(&id, &name)
		out[id] = name
		return err
	}, `select id, name from sources where id in (`+db.In(1, len(ids))+`)`, db.Args(ids)...)
}

// selectTagNames lists tags by name, the first thousand.
func selectTagNames(ctx context.Context, r db.Reader) ([]string, error) {
	return db.All(ctx, r, db.Value[string], `select name from tags order by name_key limit 1000`)
}
