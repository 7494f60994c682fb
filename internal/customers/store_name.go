package customers

import (
	"context"
	"strings"

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

// selectPeopleNames gives what colleagues are called by id, those who left too:
// a name is all that a list shows of them.
func selectPeopleNames(ctx context.Context, r db.Reader, ids []string, out Names) error {
	if len(ids) == 0 {
		return nil
	}
	return db.Each(ctx, r, func(row db.Row) error {
		var id, given, family string
		err := row.Scan(&id, &given, &family)
		out[id] = strings.TrimSpace(given + " " + family)
		return err
	}, `select id, given_name, family_name from users where id in (`+db.In(1, len(ids))+`)`, db.Args(ids)...)
}
