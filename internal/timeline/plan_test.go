package timeline

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"unisson/internal/customers"
	"unisson/internal/platform/db"
)

// explain gives the engine's plan of a read, a line a step.
func explain(f *field, q string, args []any) string {
	f.t.Helper()
	var lines []string
	f.ok(f.db.Write(f.system(), func(ctx context.Context, tx db.Tx) error {
		ask, scan := "explain query plan ", func(row db.Row) (string, error) {
			var id, parent, unused int
			var detail string
			err := row.Scan(&id, &parent, &unused, &detail)
			return detail, err
		}
		if f.db.Engine() == db.Postgres {
			ask, scan = "explain ", db.Value[string]
		}
		var err error
		lines, err = db.All(ctx, tx.Reader, scan, ask+q, args...)
		return err
	}))
	return strings.Join(lines, "\n") + "\n"
}

// TestALongThreadIsReadByItsIndex asks each engine how it would read a page in
// the middle of 10,000 touches of one account among others: in the order of the
// index, without sorting them.
func TestALongThreadIsReadByItsIndex(t *testing.T) {
	each(t, func(t *testing.T, f *field) {
		n := 10_000
		if testing.Short() {
			n = 3000
		}
		list := make([]*Touch, 0, 2*n)
		for i := range 2 * n {
			account, contact := f.acme, []string{f.ada, f.ben}[i%2]
			if i >= n {
				account, contact = fmt.Sprintf("other-%d", i%300), fmt.Sprintf("contact-%d", i%300)
			}
			list = append(list, &Touch{ID: db.NewID(), ContactID: contact, AccountID: account, At: db.At(noon) - db.Time(i)*1_000_000, Kind: Kinds()[i%15], Voice: Sales, ByID: f.ids["Yann"], ByName: "Yann", Body: "x", CreatedAt: db.At(noon)})
		}
		f.ok(f.db.Write(f.system(), func(ctx context.Context, tx db.Tx) error { return insertTouches(ctx, tx, list) }))
		f.exec("analyze")
		middle := list[n/2]
		at := Cursor{At: middle.At, ID: middle.ID}
		for name, c := range map[string]struct {
			s    stream
			want string
		}{
			"account":            {stream{by: ofAccount, ids: []string{f.acme}, at: at, limit: 31}, "touches_of_account"},
			"account, newer":     {stream{by: ofAccount, ids: []string{f.acme}, at: Cursor{At: at.At, ID: at.ID, Newer: true}, limit: 31}, "touches_of_account"},
			"account, filtered":  {stream{by: ofAccount, ids: []string{f.acme}, f: Filter{Kind: "order", Voice: Sales, By: f.ids["Yann"]}, limit: 31}, "touches_of_account"},
			"contact":            {stream{by: ofContact, ids: []string{f.ada}, at: at, limit: 31}, "touches_of_contact"},
			"two merged records": {stream{by: ofAccount, ids: []string{f.acme, "other-1"}, limit: 31}, "touches_of_account"},
		} {
			q, args := c.s.statement()
			plan := explain(f, q, args)
			if !strings.Contains(plan, c.want) || !strings.Contains(plan, "touches_corrected") {
				t.Errorf("%s does not use %s and touches_corrected:\n%s", name, c.want, plan)
			}
			if len(c.s.ids) == 1 && (strings.Contains(plan, "TEMP B-TREE") || strings.Contains(plan, "Sort ")) || strings.Contains(plan, "Seq Scan on touches") {
				t.Errorf("%s sorts or reads everything:\n%s", name, plan)
			}
		}
		_, page, err := f.Stream(f.as("Sofia"), Query{Kind: customers.KindAccount, ID: f.acme, At: at})
		if err != nil || len(page.Touches) != PageSize || page.Older == nil || page.Newer == nil {
			t.Errorf("%d touches, %v", len(page.Touches), err)
		}
	})
}
