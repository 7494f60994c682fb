package db_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/soak"
)

const agreeTables = `create table items (
  id text not null,
  name_key text /* +sorted */ not null,
  n bigint,
  x double precision,
  ok boolean not null default false,
  at bigint,
  constraint items_pk primary key (id),
  constraint items_name_once unique (name_key),
  constraint items_small check (n < 1000)
);
create table notes (
  item_id text not null,
  body text /* +sorted */ not null default '',
  constraint notes_pk primary key (item_id, body),
  constraint notes_item foreign key (item_id) references items (id)
);`

func makeTables(t testing.TB, d *db.DB, text string) {
	t.Helper()
	for _, q := range strings.Split(db.ForEngine(text, d.Engine()), ";") {
		if strings.TrimSpace(q) != "" {
			write(t, d, q)
		}
	}
}

// answer runs a statement in a transaction of its own and writes down what came
// of it: rows in their order, or the kind of error.
func answer(t testing.TB, d *db.DB, q string, args ...any) string {
	t.Helper()
	var b strings.Builder
	err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
		word, _, _ := strings.Cut(strings.TrimSpace(q), " ")
		if word != "select" && word != "with" && word != "values" && !strings.Contains(q, "returning") {
			n, err := tx.Exec(ctx, q, args...)
			fmt.Fprintf(&b, "%d rows", n)
			return err
		}
		return db.Each(ctx, tx.Reader, func(row db.Row) error {
			line := make([]any, strings.Count(q, "/*")+1) // each further column is marked by a comment
			dest := make([]any, len(line))
			for i := range line {
				dest[i] = &line[i]
			}
			if err := row.Scan(dest...); err != nil {
				return err
			}
			for _, v := range line {
				switch x := v.(type) {
				case bool:
					v = map[bool]int{true: 1}[x]
				case []byte:
					v = string(x)
				}
				fmt.Fprintf(&b, "%v|", v)
			}
			b.WriteByte('\n')
			return nil
		}, q, args...)
	})
	if err != nil {
		return fmt.Sprintf("%s %s", errs.KindOf(err), codeOf(err))
	}
	return b.String()
}

func codeOf(err error) string {
	if db.IsConflict(err) {
		return "already there"
	}
	return ""
}

// T-D11: one text, the same rows in the same order, the same kinds of error.
func TestBothEnginesGiveTheSameAnswers(t *testing.T) {
	engines := open(t)
	for _, d := range engines {
		makeTables(t, d, agreeTables)
	}
	statements := []struct {
		q    string
		args []any
	}{
		{q: "insert into items (id, name_key, n, x, ok, at) values ($1, $2, $3, $4, $5, $6)", args: []any{"a", "zoe", 1, 0.5, true, db.Time(1)}},
		{q: "insert into items (id, name_key, n, x, ok, at) values ($1, $2, $3, $4, $5, $6)", args: []any{"b", "anne", nil, nil, false, db.Time(0)}},
		{q: "insert into items (id, name_key, n) values ('c', 'élan', 2), ('d', 'Émile', 2), ('e', '_x', 7), ('f', 'Zoe', 7)"},
		{q: "insert into items (id, name_key) values ('a', 'once more')"},
		{q: "insert into items (id, name_key) values ('g', 'anne')"},
		{q: "insert into items (id, name_key, n) values ('g', 'g', 1000)"},
		{q: "insert into items (id, name_key) values ('g', null)"},
		{q: "insert into notes (item_id) values ('nobody')"},
		{q: "insert into notes (item_id, body) values ('a', 'x'), ('a', 'y') returning body"},
		{q: "delete from items where id = 'a'"},
		{q: "select no_such_column from items"},
		{q: "select name_key from items order by name_key, id"},
		{q: "select id from items order by n desc nulls last, id"},
		{q: "select id from items order by n nulls first, id limit $1", args: []any{3}},
		// The first parameter in the text is not the first in the list.
		{q: "select id from items where name_key = $2 and n = $1", args: []any{1, "zoe"}},
		{q: "select $2 || $1 || $2", args: []any{"a", "b"}},
		{q: "select id from items where (n, id) > ($1, $2) order by n, id", args: []any{2, "c"}},
		{q: "insert into items (id, name_key, n) values ('a', 'zoe', 5) on conflict (id) do update set n = items.n + excluded.n"},
		{q: "insert into items (id, name_key) values ('a', 'zoe') on conflict (id) do nothing"},
		{q: "select n from items where id = 'a'"},
		{q: "update items set n = n + 1 where ok = true returning n"},
		{q: "with v (id, n) as (values ('c', 40), ('d', 41)) update items set n = v.n from v where items.id = v.id returning items.id"},
		{q: "update items set n = 1 where id = 'nobody'"},
		{q: "select id from items where x is not distinct from null order by id"},
		{q: "select count(*) filter (where ok) from items"},
		{q: "select id, /**/ row_number() over (partition by ok order by id) from items order by id"},
		{q: "select id, /**/ count(*) over () from items order by id"},
		{q: "with small as (select id from items where n < 10) select count(*) from small"},
		{q: "with recursive c (i) as (select 1 union all select i + 1 from c where i < 5) select i from c order by i"},
		{q: "select id from items except select item_id from notes order by 1"},
		{q: "select id from items where exists (select 1 from notes where item_id = items.id)"},
		{q: "select string_agg(body, ',' order by body) from notes"},
		{q: "select coalesce(n, -1), /**/ nullif(id, 'b'), /**/ substr(name_key, 2, 2), /**/ trim('  t '), /**/ replace(id, 'b', 'bb'), /**/ abs(-3), /**/ 7 % 4, /**/ 7 / 2 from items where id = 'b'"},
		{q: "select 'n' || 3 || 'm'"},
		{q: "select id from items where ok order by id"},
		{q: "select id from items where ok is true order by id"},
		{q: `select id from items where name_key like $1 escape '\' order by id`, args: []any{db.LikePrefix("_x")}},
		{q: `select id from items where name_key like $1 escape '\' order by id`, args: []any{db.LikePrefix("é")}},
		{q: "select case when n > 5 then 'big' else 'small' end from items order by id"},
		{q: "select cast(sum(n) as bigint) from items"},
		{q: "select cast(avg(n) as double precision) from items where n < 8"},
		{q: "select count(*) from (select 1 from items limit 4) as s"},
		{q: "select cast($1 as text) is null", args: []any{nil}},
		{q: "select id from items where id in (" + db.In(1, 2) + ") order by id", args: db.Args([]string{"a", "b"})},
		{q: "select id from items where id in (" + db.In(1, 0) + ")"},
		{q: "create unique index items_ok_once on items (name_key) where ok"},
		{q: "create index items_by_n on items (coalesce(n, 0), id)"},
		{q: "alter table items add column extra text not null default 'e'"},
		{q: "select extra from items order by id"},
		{q: "alter table items drop column extra"},
		{q: "select at from items order by id"},
		{q: "delete from notes where item_id = 'a' and body = 'x' returning body"},
	}
	for _, s := range statements {
		want := answer(t, engines[0], s.q, s.args...)
		for _, d := range engines[1:] {
			if got := answer(t, d, s.q, s.args...); got != want {
				t.Errorf("%s %v\n%s gives:\n%s\n%s gives:\n%s", s.q, s.args, d.Engine(), got, engines[0].Engine(), want)
			}
		}
	}
}

func open(t *testing.T) []*db.DB {
	t.Helper()
	var out []*db.DB
	for _, e := range dbtest.Engines() {
		out = append(out, dbtest.Open(t, e, nil))
	}
	if len(out) < 2 {
		t.Skip("this run has one engine only")
	}
	return out
}

// T-D11 with random statements: what one engine did, the other did.
func TestSoakRandomStatementsGiveTheSameAnswers(t *testing.T) {
	run := soak.Start(t, "T-D11")
	engines := open(t)
	for _, d := range engines {
		makeTables(t, d, agreeTables)
	}
	bad, n := 0, run.Size(300, 200_000)
	for range n {
		q, args := randomStatement(run.Rand)
		want := answer(t, engines[0], q, args...)
		for _, d := range engines[1:] {
			if got := answer(t, d, q, args...); got != want {
				bad++
				t.Errorf("%s %v\n%s gives:\n%s\n%s gives:\n%s", q, args, d.Engine(), got, engines[0].Engine(), want)
			}
		}
		if bad > 5 {
			break
		}
	}
	run.Done("", bad, n)
}

func randomStatement(r *rand.Rand) (string, []any) {
	id := func() string { return string(rune('a' + r.IntN(20))) }
	word := func() string {
		letters := []rune("aAbBzZéÉèœß_%-' 0129")
		var b strings.Builder
		for range r.IntN(4) + 1 {
			b.WriteRune(letters[r.IntN(len(letters))])
		}
		return b.String()
	}
	maybe := func(v any) any {
		if r.IntN(4) == 0 {
			return nil
		}
		return v
	}
	all := []struct {
		q    string
		args []any
	}{
		{"insert into items (id, name_key, n, x, ok) values ($1, $2, $3, $4, $5)", []any{id(), db.Fold(word()), maybe(r.IntN(1100) - 50), maybe(float64(r.IntN(9)) / 8), r.IntN(2) == 0}},
		{"insert into items (id, name_key, n) values ($1, $2, $3) on conflict (id) do update set n = excluded.n, name_key = excluded.name_key", []any{id(), db.Fold(word()), r.IntN(900)}},
		{"insert into notes (item_id, body) values ($1, $2)", []any{id(), word()}},
		{"insert into notes (item_id, body) values ($2, $1) on conflict (item_id, body) do nothing", []any{word(), id()}},
		{"update items set n = n + $1 where id >= $2", []any{r.IntN(20) - 10, id()}},
		{"update items set ok = not ok where name_key > $1", []any{word()}},
		{"delete from notes where item_id = $1", []any{id()}},
		{"delete from items where id = $1", []any{id()}},
		{"select id, /**/ name_key, /**/ n from items where name_key > $1 order by name_key, id limit $2", []any{word(), r.IntN(9)}},
		{"select id from items where ok = $1 order by n desc nulls last, x nulls first, id", []any{r.IntN(2) == 0}},
		{"select ok, /**/ count(*), /**/ cast(coalesce(sum(n), 0) as bigint), /**/ min(name_key), /**/ max(x) from items group by ok order by ok", nil},
		{`select id from items where name_key like $1 escape '\' order by name_key desc, id`, []any{db.LikePrefix(db.Fold(word()))}},
		{"select body, /**/ item_id from notes where body >= $1 order by body desc, item_id", []any{word()}},
		{"select i.id, /**/ count(n.body) from items as i left join notes as n on n.item_id = i.id group by i.id having count(n.body) <> $1 order by 2, 1", []any{r.IntN(3)}},
	}
	s := all[r.IntN(len(all))]
	return s.q, s.args
}

func TestRowsAreOnlyWholeOnes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		makeTables(t, d, agreeTables)
		write(t, d, "insert into items (id, name_key, n) values ('a', 'a', 1), ('b', 'b', 2)")
		wrong := errs.Invalid()
		err := d.Read(t.Context(), func(ctx context.Context, r db.Reader) error {
			if _, err := db.One(ctx, r, db.Value[int64], "select n from items where id = 'z'"); !errs.Is(err, errs.KindNotFound) {
				t.Errorf("no row: %v", err)
			}
			if n, err := db.One(ctx, r, db.Value[int64], "select n from items order by id"); n != 1 || err != nil {
				t.Errorf("the first of two rows: %v %v", n, err)
			}
			if _, err := db.One(ctx, r, db.Value[int64], "select id from items"); err == nil || errs.Is(err, errs.KindNotFound) {
				t.Errorf("a row that does not fit: %v", err)
			}
			if got, err := db.All(ctx, r, db.Value[int64], "select id from items"); err == nil {
				t.Errorf("rows that do not fit: %v", got)
			}
			if got, err := db.All(ctx, r, db.Value[int64], "select n from items where n > 5"); got != nil || err != nil {
				t.Errorf("none: %v %v", got, err)
			}
			return db.Each(ctx, r, func(db.Row) error { return wrong }, "select n from items")
		})
		if err != wrong {
			t.Errorf("what the caller's function said was lost: %v", err)
		}
	})
}

func TestBulkPutsManyRowsOrNone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		makeTables(t, d, agreeTables)
		var rows [][]any
		for i := range 1234 { // several statements on SQLite, the last one not full
			rows = append(rows, []any{fmt.Sprintf("%05d", i), fmt.Sprintf("name %d", i), i % 900, float64(i) / 3, i%2 == 0, db.Time(i)})
		}
		cols := []string{"id", "name_key", "n", "x", "ok", "at"}
		bulk := func(rows [][]any) error {
			return d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error { return db.Bulk(ctx, tx, "items", cols, rows) })
		}
		if err := bulk(nil); err != nil {
			t.Error("nothing:", err)
		}
		if err := bulk(rows); err != nil {
			t.Fatal(err)
		}
		if got := answer(t, d, "select count(*), /**/ cast(sum(n) as bigint), /**/ count(at), /**/ count(*) filter (where ok) from items"); got != "1234|460161|1233|617|\n" {
			t.Errorf("%s", got)
		}
		err := bulk(append([][]any{{"new", "new", 1, 1.0, true, db.Time(1)}}, rows[:1]...))
		if !db.IsConflict(err) || len(ask[string](t, d, "select id from items where id = 'new'")) > 0 {
			t.Errorf("a conflict in the second row: %v", err)
		}
		if err := bulk([][]any{{"x"}}); err == nil {
			t.Error("a row that is too short was taken")
		}
		if !slices.Equal(ask[string](t, d, "select id from items where id in ("+db.In(1, 2)+") order by id", "00001", "00002"), []string{"00001", "00002"}) {
			t.Error("the rows are not there")
		}
	})
}

func TestInWritesPlaceholders(t *testing.T) {
	for want, got := range map[string]string{"$1": db.In(1, 1), "$3,$4,$5": db.In(3, 3), "null": db.In(1, 0)} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
