package team

import (
	"context"
	"strings"
	"testing"

	"unisson/internal/platform/db"
)

// deleteTeamRows makes the people of many() look as if a command had let them in.
func deleteTeamRows(o *office) {
	o.t.Helper()
	o.ok(o.db.Write(o.system(), func(ctx context.Context, tx db.Tx) error {
		for _, q := range []string{"delete from people_terms", "delete from people"} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	}))
}

// TestDirectoryUsesItsIndexes asks each engine how it would run the directory's
// statements on 5,000 people: names in the order of an index (no sorting), words
// by theirs, and no reading of a whole table for what is narrowed.
func TestDirectoryUsesItsIndexes(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.rivaline()
		people := 5000
		if testing.Short() {
			people = 1000 // the race detector makes each of them ten times as slow
		}
		o.many(people)
		exec(o, "analyze")
		for name, c := range map[string]struct {
			f         Filter
			want, not []string
		}{
			"next page": {Filter{at: Cursor{SortKey: db.SortKey("Famille300 Alex"), ID: "u000300"}, limit: 51},
				[]string{"users_by_name"}, []string{"USE TEMP B-TREE FOR ORDER BY", "SCAN p\n"}},
			"page before": {Filter{at: Cursor{SortKey: db.SortKey("Famille300 Alex"), ID: "u000300", Before: true}, limit: 51},
				[]string{"users_by_name"}, []string{"USE TEMP B-TREE FOR ORDER BY", "SCAN p\n"}},
			"words": {Filter{Text: "famille12 al", limit: 51},
				[]string{"people_terms_pk|people_terms_1|people_terms USING"}, []string{"SCAN t\n", "Seq Scan on people_terms"}},
			"label": {Filter{Product: "vannes", limit: 51},
				[]string{"labels_name_once|labels_2|autoindex_labels"}, []string{"SCAN pl\n", "Seq Scan on person_labels"}},
		} {
			plan := explain(o, c.f)
			for _, want := range c.want {
				if !containsOne(plan, strings.Split(want, "|")) {
					t.Errorf("%s does not use %s:\n%s", name, want, plan)
				}
			}
			for _, not := range c.not {
				if strings.Contains(plan, not) {
					t.Errorf("%s does %q:\n%s", name, not, plan)
				}
			}
		}
	})
}

func containsOne(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

func exec(o *office, q string) {
	o.t.Helper()
	o.ok(o.db.Write(o.system(), func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, q)
		return err
	}))
}

// explain gives the engine's plan of the directory's list, a line a step. On
// PostgreSQL reading a whole table is made dear, since 5,000 rows are few to it.
func explain(o *office, f Filter) string {
	o.t.Helper()
	q, args := f.list(db.At(noon))
	var lines []string
	o.ok(o.db.Write(o.system(), func(ctx context.Context, tx db.Tx) error {
		if o.db.Engine() == db.Postgres {
			if _, err := tx.Exec(ctx, "set local enable_seqscan = off"); err != nil {
				return err
			}
			var err error
			lines, err = db.All(ctx, tx.Reader, db.Value[string], "explain "+q, args...)
			return err
		}
		var err error
		lines, err = db.All(ctx, tx.Reader, func(row db.Row) (string, error) {
			var id, parent, rest int
			var detail string
			err := row.Scan(&id, &parent, &rest, &detail)
			return detail, err
		}, "explain query plan "+q, args...)
		return err
	}))
	return strings.Join(lines, "\n") + "\n"
}
