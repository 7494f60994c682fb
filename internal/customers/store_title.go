package customers

import (
	"context"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
)

// selectTitles gives what the masters of some records are called, as far as a
// scope reads them: name and place alone, so that a page of a list costs one
// read. Restricted and erased ones have no name.
func selectTitles(ctx context.Context, r db.Reader, scope auth.Scope, k Kind, ids []string, out Names) error {
	if len(ids) == 0 {
		return nil
	}
	l := layoutOf(k)
	columns := `m.name, '', m.external_id, m.city`
	if k == KindContact {
		columns = `m.given, m.family, case when m.email <> '' then m.email when m.phone <> '' then m.phone else m.external_id end, ''`
	}
	var w db.Where
	readable(&w, "m", scope)
	w.And(`m.live = true`)
	w.And(`r.id in (`+db.Marks(len(ids))+`)`, db.Args(ids)...)
	return db.Each(ctx, r, func(row db.Row) error {
		var id, first, second, known, city string
		if err := row.Scan(&id, &first, &second, &known, &city); err != nil {
			return err
		}
		name := strings.TrimSpace(first + " " + second)
		if name == "" {
			name = dotted(known, city)
		}
		out[id] = name
		return nil
	}, `select r.id, `+columns+` from `+l.table+` r join `+l.table+` m on m.id = r.master_id`+w.String(), w.Args()...)
}
