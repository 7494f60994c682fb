package customers

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/team"
)

func TestABulkChangeIsUndoneButForWhatWasEditedSince(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		w := fillTown(t, b, 1200)
		yann, sofia := b.as("Yann"), b.ids["Sofia"]
		filter := Filter{Conditions: []Condition{{Field: "language", Op: Is, Values: []string{"fr"}}}}
		change := Bulk{Kind: KindContact, Query: Query{Filter: filter}, Field: "sales", Value: sofia}
		plan, err := b.PlanBulk(yann, change)
		b.ok(err)
		var want BulkCount
		before := map[string]string{}
		for _, r := range w.contacts {
			mine := r.Values["sales"] == b.ids["Yann"] || r.Values["marketing"] == b.ids["Yann"] || r.Values["sales"] == "" && r.Values["marketing"] == ""
			switch {
			case r.Values["language"] != "fr":
			case !mine:
				want.Foreign++
			case r.Values["sales"] == sofia:
				want.Same++
			default:
				want.Change++
				before[r.ID] = r.Values["sales"]
			}
		}
		if plan != want {
			t.Fatalf("planned %+v, want %+v", plan, want)
		}
		source, done, err := b.ApplyBulk(yann, change, "several")
		b.ok(err)
		if done != want {
			t.Errorf("did %+v, want %+v", done, want)
		}
		for id := range before {
			if got := b.stands(KindContact, id); got.Values["sales"] != sofia || got.Version != 2 {
				t.Fatalf("%s stands as %v", id, got.Values)
			}
		}
		// Two are changed again: one in another field, one in the same.
		var other, same string
		for id := range before {
			if other == "" {
				other = id
			} else if same == "" {
				same = id
			}
		}
		_, err = b.Save(b.as("Marc"), KindContact, other, 2, Values{"title": "Cheffe"})
		b.ok(err)
		_, err = b.Save(b.as("Marc"), KindContact, same, 2, Values{"sales": b.ids["Marc"]})
		b.ok(err)
		b.refused(errs.KindNotFound, func() error { _, err := b.UndoBulk(b.as("Sofia"), source); return err })
		// The act took some of these from Yann, and yet he takes it back.
		org, err := b.team.Organisation(b.system())
		b.ok(err)
		org.Reading = team.ReadOwn
		b.ok(b.team.SaveOrganisation(b.system(), org))
		undone, err := b.UndoBulk(b.as("Yann"), source)
		b.ok(err)
		if undone.Restored != want.Change-1 || undone.Kept != 1 {
			t.Errorf("undone %+v of %d", undone, want.Change)
		}
		for id, sales := range before {
			got := b.stands(KindContact, id)
			if id == same {
				sales = b.ids["Marc"]
			}
			if got.Values["sales"] != sales || (id == other && got.Values["title"] != "Cheffe") {
				t.Errorf("%s: %v, want the owner %q", id, got.Values, sales)
			}
		}
		b.refused(errs.KindConflict, func() error { _, err := b.UndoBulk(b.as("Yann"), source); return err })
	})
}

func TestTagsOfManyAreAddedTakenAwayAndGivenBack(t *testing.T) {
	each(t, func(t *testing.T, b *base) {
		one := b.make("Yann", KindContact, Values{"family": "Un", "tags": "vip\nsalon"})
		two := b.make("Yann", KindContact, Values{"family": "Deux"})
		ids := []string{one, two}
		tags := func() string {
			return b.stands(KindContact, one).Values["tags"] + "|" + b.stands(KindContact, two).Values["tags"]
		}
		add, _, err := b.ApplyBulk(b.as("Yann"), Bulk{Kind: KindContact, IDs: ids, Field: "tags", Value: "Vip, nouveau"}, "x")
		b.ok(err)
		if tags() != "nouveau\nsalon\nvip|nouveau\nvip" {
			t.Errorf("added: %q", tags())
		}
		_, count, err := b.ApplyBulk(b.as("Yann"), Bulk{Kind: KindContact, IDs: ids, Field: "untag", Value: "SALON"}, "x")
		b.ok(err)
		if tags() != "nouveau\nvip|nouveau\nvip" || count != (BulkCount{Change: 1, Same: 1}) {
			t.Errorf("taken away: %q %+v", tags(), count)
		}
		undone, err := b.UndoBulk(b.as("Yann"), add)
		b.ok(err)
		if tags() != "nouveau\nvip|" || undone.Kept != 1 || undone.Restored != 1 || len(undone.Names) != 1 {
			t.Errorf("undone: %q %+v", tags(), undone)
		}
	})
}

func TestAnExportHoldsEveryRowTypedAndInOrder(t *testing.T) {
	clk := clock.NewFake(noon)
	b := newBase(t, dbtest.Open(t, db.SQLite, clk), clk)
	w := fillTown(t, b, 1300)
	words := i18n.MustLoad(Locales(), team.Locales())
	ctx := i18n.With(b.as("Marc"), words.For("fr", mustZone("Europe/Paris")))
	e := Export{Query: Query{Kind: KindContact, Sort: Sort{Field: "sales"}}, Columns: []string{"owners", "informed_on", "last_touch", "tags"}, Format: "csv", Title: "Contacts"}
	want := oracle(b, w.contacts, func(*Record) bool { return true }, e.Query.Sort)
	by := map[string]*Record{}
	for _, r := range w.contacts {
		by[r.ID] = r
	}
	check := func(rows [][]string) {
		t.Helper()
		if len(rows) != len(want)+1 {
			t.Fatalf("%d rows, want %d and a head", len(rows), len(want))
		}
		for i, id := range want {
			row, r := rows[i+1], by[id]
			for len(row) < 7 {
				row = append(row, "")
			}
			if got := fmt.Sprint(row[0], "/", row[1], "/", row[4], "/", row[6]); got != fmt.Sprint(r.Values["given"], "/", r.Values["family"], "/", r.Values["informed_on"], "/", strings.ReplaceAll(r.Values["tags"], "\n", ", ")) {
				t.Fatalf("row %d is %q, want %v", i, row, r.Values)
			}
		}
	}
	var out bytes.Buffer
	n, err := b.Export(ctx, e, &out)
	b.ok(err)
	if n != len(want) {
		t.Errorf("%d counted", n)
	}
	read := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff")))
	read.Comma = ';'
	rows, err := read.ReadAll()
	b.ok(err)
	check(rows)
	out.Reset()
	e.Format = "xlsx"
	_, err = b.Export(ctx, e, &out)
	b.ok(err)
	book, err := excelize.OpenReader(&out)
	b.ok(err)
	defer book.Close()
	rows, err = book.GetRows("Contacts")
	b.ok(err)
	check(rows)
}
