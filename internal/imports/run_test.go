package imports_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"unisson/internal/imports"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
)

func TestEveryRowHasOneFateAndTheSameFileAgainChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		file := people(3, 2500)
		i := h.bring("contact", file)
		if i.State != imports.Done || i.Done != 2500 || i.Rows() != i.Done || i.Rejected == 0 || i.Updated == 0 || i.Also == 0 {
			t.Errorf("first: %s", shape(i))
		}
		again := h.bring("contact", file)
		if again.Created+again.Updated+again.Also != 0 || again.Rejected != i.Rejected || again.Rows() != 2500 {
			t.Errorf("again: %s", shape(again))
		}
	})
}

func TestADryRunTellsWhatTheRunDoesAndWritesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		i := h.upload("contact", people(4, 2500), imports.Plan{})
		h.ok(h.Imports.Try(h.ctx, i.ID))
		dry := h.work(i.ID)
		if dry.State != imports.Dry || count(t, h, "contacts")+count(t, h, "accounts") != 0 {
			t.Fatalf("%s, %d contacts", shape(dry), count(t, h, "contacts"))
		}
		h.ok(h.Imports.Run(h.ctx, i.ID))
		run := h.work(i.ID)
		want, got := dry.Dry.Counts, run.Counts
		if want.Created != got.Created || want.Updated != got.Updated || want.Unchanged != got.Unchanged || want.Rejected != got.Rejected || want.Also != got.Also {
			t.Errorf("tried %+v, done %+v", want, got)
		}
	})
}

func count(t testing.TB, h *house, table string) int {
	t.Helper()
	var n int
	h.ok(h.DB.Read(h.ctx, func(ctx context.Context, r db.Reader) (err error) {
		n, err = db.One(ctx, r, db.Value[int], `select count(*) from `+table)
		return err
	}))
	return n
}

func TestAnUndoRestoresAllButWhatSomebodyChangedSince(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		first := h.bring("contact", "Email,First Name,Last Name,City,Tags\na@x.fr,Ada,Un,Lyon,vip\nb@x.fr,Bob,Deux,Nice,\n")
		before := h.dump(first.ID)
		second := h.bring("contact", "Email,First Name,Last Name,City,Tags,Company\na@x.fr,Ada,Un,Paris,new,Neuve\nb@x.fr,Bob,Deux,Rome,,\nc@x.fr,Cléo,Trois,,,Neuve\nd@x.fr,Dan,Quatre,,,\n")
		if second.Created != 2 || second.Updated != 2 || second.Also != 1 {
			t.Fatal(shape(second))
		}
		bob, dan := contact(t, h, "b@x.fr"), contact(t, h, "d@x.fr")
		edit(t, h, bob, "city", "Turin")
		edit(t, h, dan, "title", "Chef")
		undone := h.undo(second.ID)
		if undone.State != imports.Undone || undone.Removed != 2 || undone.Restored != 1 || undone.Kept != 2 {
			t.Errorf("%s removed %d restored %d kept %d", undone.State, undone.Removed, undone.Restored, undone.Kept)
		}
		kept, err := h.Imports.Kept(h.ctx, second.ID, 10)
		h.ok(err)
		for _, k := range kept {
			if !(k.ID == bob && k.Field == "city") && !(k.ID == dan && k.Field == "") {
				t.Errorf("kept %+v", k)
			}
		}
		edit(t, h, bob, "city", "Nice")
		if after := h.dump(first.ID); strip(after) != strip(before) {
			t.Errorf("before\n%s\nafter\n%s", before, after)
		}
		if n := count(t, h, "tags"); n != 1 {
			t.Errorf("%d tags", n)
		}
		if err := h.Imports.Undo(h.ctx, second.ID); !errs.Is(err, errs.KindConflict) {
			t.Errorf("undone twice: %v", err)
		}
	})
}

// strip drops versions, which only ever grow.
func strip(dump string) string {
	var out []string
	for _, l := range strings.Split(dump, "\n") {
		if at := strings.LastIndexByte(l, '|'); at >= 0 {
			l = l[:at]
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

func contact(t *testing.T, h *house, email string) string {
	t.Helper()
	var id string
	h.ok(h.DB.Read(h.ctx, func(ctx context.Context, r db.Reader) (err error) {
		id, err = db.One(ctx, r, db.Value[string], `select id from contacts where email = $1`, email)
		return err
	}))
	return id
}

func edit(t *testing.T, h *house, id, field, value string) {
	t.Helper()
	sheet, err := h.Customers.Record(h.ctx, "contact", id)
	h.ok(err)
	_, err = h.Customers.Save(h.ctx, "contact", id, sheet.Version, map[string]string{field: value})
	h.ok(err)
}

func TestACancelEndsBetweenTwoStepsAndTheRestCanGoOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		i := h.upload("contact", people(5, 3500), imports.Plan{})
		h.ok(h.Imports.Run(h.ctx, i.ID))
		asked := false
		h.ok(h.Imports.Work(h.ctx, i.ID, func(p imports.Import) {
			if p.State == imports.Running && p.Done == 1000 && !asked {
				asked = true
				h.ok(h.Imports.Cancel(h.ctx, i.ID))
			}
		}))
		stopped, err := h.Imports.Import(h.ctx, i.ID)
		h.ok(err)
		if stopped.State != imports.Cancelled || stopped.Done != 1000 || stopped.Rows() != 1000 {
			t.Fatal(shape(stopped))
		}
		h.ok(h.Imports.Run(h.ctx, i.ID))
		if done := h.work(i.ID); done.State != imports.Done || done.Rows() != 3500 {
			t.Error(shape(done))
		}
	})
}

func TestTwoAtOnceMakeNothingTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		file := people(6, 1000)
		a, b := h.upload("contact", file, imports.Plan{}), h.upload("contact", file, imports.Plan{})
		h.ok(h.Imports.Run(h.ctx, a.ID))
		h.ok(h.Imports.Run(h.ctx, b.ID))
		ended := make(chan error, 3)
		for _, id := range []string{a.ID, b.ID, a.ID} {
			go func() { ended <- h.Imports.Work(h.ctx, id, nil) }()
		}
		for range 3 {
			h.ok(<-ended)
		}
		a, b = h.work(a.ID), h.work(b.ID)
		if a.Rows() != 1000 || b.Rows() != 1000 || a.Created+b.Created != int64(count(t, h, "contacts")) || a.Created != 0 && b.Created != 0 || a.Also+b.Also != int64(count(t, h, "accounts")) {
			t.Errorf("%s; %s; %d contacts", shape(a), shape(b), count(t, h, "contacts"))
		}
	})
}

// BenchmarkImport tells how many rows a second come in: UNISSON_IMPORT_ROWS of
// them, 20,000 by default.
func BenchmarkImport(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("UNISSON_IMPORT_ROWS"))
	if err != nil {
		n = 20_000
	}
	file := people(9, n)
	for _, e := range dbtest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			for b.Loop() {
				h := open(b, dbtest.Open(b, e, nil))
				began := time.Now()
				i := h.upload("contact", file, imports.Plan{})
				h.ok(h.Imports.Run(h.ctx, i.ID))
				var half time.Time
				h.ok(h.Imports.Work(h.ctx, i.ID, func(p imports.Import) {
					if p.Done >= int64(n/2) && half.IsZero() {
						half = time.Now()
					}
				}))
				i = h.work(i.ID)
				took := time.Since(began)
				b.ReportMetric(float64(n)/took.Seconds(), "rows/s")
				b.ReportMetric(i.PerSecond(), "rows/s-run")
				fmt.Printf("%s: %s in %s, first half %s\n", e, shape(i), took.Round(time.Millisecond), half.Sub(began).Round(time.Millisecond))
			}
		})
	}
}
