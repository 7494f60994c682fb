package audit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"unisson/internal/platform/audit"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

type thing struct {
	Name   string   `json:"name"`
	Amount int64    `json:"amount"`
	Tags   []string `json:"tags"`
	Secret string   `json:"secret"`
}

func record(t *testing.T, d *db.DB, c audit.Change) {
	t.Helper()
	ctx := auth.With(context.Background(), auth.Actor{Kind: auth.Person, UserID: "u1", Name: "Léa Noël", RequestID: "r1"})
	if err := d.Write(ctx, func(ctx context.Context, tx db.Tx) error { return audit.Record(ctx, tx, c) }); err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, d *db.DB, f audit.Filter) (out []audit.Entry) {
	t.Helper()
	err := d.Read(context.Background(), func(ctx context.Context, r db.Reader) (err error) {
		out, err = audit.List(ctx, r, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAChangeSaysWhoWhatAndFromWhatToWhat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		record(t, d, audit.Change{Action: "things.changed", Kind: "thing", ID: "t1", Name: "A", About: "u2", Secret: []string{"secret"},
			Before: thing{Name: "A", Amount: 1 << 50, Secret: "hunter"}, After: thing{Name: "B", Amount: 1<<50 + 1, Tags: []string{"x"}, Secret: "other"}})
		got := list(t, d, audit.Filter{})
		if len(got) != 1 {
			t.Fatalf("%d entries", len(got))
		}
		e := got[0]
		if e.ActorID != "u1" || e.ActorKind != "person" || e.ActorName != "Léa Noël" || e.RequestID != "r1" || e.Action != "things.changed" || e.About != "u2" || e.Name != "A" || e.At.IsZero() {
			t.Errorf("%+v", e)
		}
		want := "amount 1.125899906842624e+15→1.125899906842625e+15; name A→B; secret <nil>→<nil>; tags <nil>→[x]; "
		text := ""
		for _, x := range e.Edits {
			text += fmt.Sprintf("%s %v→%v; ", x.Field, x.From, x.To)
		}
		if text != want {
			t.Errorf("%s\nwant %s", text, want)
		}
		if dump := dbtest.Dump(t, d); strings.Contains(dump, "hunter") || strings.Contains(dump, "other") {
			t.Error("the value of a secret field stands in the database")
		}
	})
}

func TestWhatChangedNothingOrWasRolledBackLeavesNoTrace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		record(t, d, audit.Change{Action: "things.changed", Before: thing{Name: "A"}, After: thing{Name: "A"}})
		refused := errors.New("refused")
		err := d.Write(context.Background(), func(ctx context.Context, tx db.Tx) error {
			if err := audit.Record(ctx, tx, audit.Change{Action: "things.made", After: thing{Name: "A"}}); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		if got := list(t, d, audit.Filter{}); len(got) != 0 {
			t.Errorf("%+v", got)
		}
		record(t, d, audit.Change{Action: "things.made", After: struct{}{}})
		if got := list(t, d, audit.Filter{}); len(got) != 1 {
			t.Errorf("what was made without fields: %d entries", len(got))
		}
	})
}

func TestTheLogIsReadByPersonObjectAndActorInPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i := range 5 {
			record(t, d, audit.Change{Action: "things.made", Kind: "thing", ID: fmt.Sprint("t", i), About: fmt.Sprint("p", i%2), After: thing{Name: fmt.Sprint(i)}})
		}
		for _, c := range []struct {
			f    audit.Filter
			want string
		}{
			{audit.Filter{}, "t4 t3 t2 t1 t0"}, {audit.Filter{About: "p0"}, "t4 t2 t0"}, {audit.Filter{About: "p9"}, ""}, {audit.Filter{Actor: "u1", Limit: 2}, "t4 t3"},
			{audit.Filter{Actor: "u2"}, ""}, {audit.Filter{Kind: "thing", Object: "t3"}, "t3"}, {audit.Filter{Kind: "other", Object: "t3"}, ""}, {audit.Filter{About: "p0", Kind: "thing", Object: "t2", Actor: "u1"}, "t2"},
			{audit.Filter{Limit: -1}, "t4 t3 t2 t1 t0"}, {audit.Filter{Limit: 1 << 30}, "t4 t3 t2 t1 t0"},
		} {
			if got := ids(list(t, d, c.f)); got != c.want {
				t.Errorf("%+v: %q, want %q", c.f, got, c.want)
			}
		}
		first := list(t, d, audit.Filter{Limit: 2})
		if got := ids(list(t, d, audit.Filter{Limit: 2, After: first[1].ID})); got != "t2 t1" {
			t.Errorf("the second page: %q", got)
		}
	})
}

// A long text must not keep the change itself from being made.
func TestAVeryLongChangeIsNotedInShort(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		long := strings.Repeat("é<", 80_000)
		record(t, d, audit.Change{Action: "things.changed", Before: thing{Name: long, Amount: 1}, After: thing{Name: long + "x", Amount: 2, Tags: strings.Split(strings.Repeat("tag ", 60_000), " ")}})
		e := list(t, d, audit.Filter{})
		if len(e) != 1 || len(e[0].Edits) != 3 {
			t.Fatalf("%d entries", len(e))
		}
		if x := e[0].Edits[0]; x.Field != "amount" || x.From != 1.0 || x.To != 2.0 {
			t.Errorf("what is short was shortened: %+v", x)
		}
		if s, ok := e[0].Edits[1].From.(string); !ok || !strings.HasPrefix(s, "é<é<") || !strings.HasSuffix(s, "…") || len(s) > 5000 {
			t.Errorf("the long text is noted as %T of %d bytes", e[0].Edits[1].From, len(s))
		}
	})
}

func ids(es []audit.Entry) string {
	var out []string
	for _, e := range es {
		out = append(out, e.ObjectID)
	}
	return strings.Join(out, " ")
}
