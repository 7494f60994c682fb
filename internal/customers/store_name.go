package customers

import (
	"context"

	"unisson/internal/platform/db"
)

// selectNames gives what accounts are called by id, whoever may read them: for
// the program's own use, never to show.
func selectNames(ctx context.Context, r db.Reader, ids []string) (map[string]string, error) {
	out := make(map[string]string, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	return out, db.Each(ctx, r, func(row db.Row) error {
		var id, name, external, city string
		err := row.Scan(&id, &name, &external, &city)
		if name == "" {
			name = dotted(external, city)
		}
		out[id] = name
		return err
	}, `select id, name, external_id, city from accounts where id in (`+db.In(1, len(ids))+`)`, db.Args(ids)...)
}
