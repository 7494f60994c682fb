package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/soak"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func everyone() auth.Scope { return auth.Scope{All: true, Customers: true, UserID: "boss"} }

func write(t testing.TB, d *db.DB, fn func(ctx context.Context, tx db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func put(t testing.TB, d *db.DB, docs ...Doc) {
	t.Helper()
	write(t, d, func(ctx context.Context, tx db.Tx) error { return Put(ctx, tx, docs...) })
}

func ask(t testing.TB, d *db.DB, q Query) (out Result) {
	t.Helper()
	err := d.Read(t.Context(), func(ctx context.Context, r db.Reader) (err error) {
		out, err = Find(ctx, r, q)
		return err
	})
	if err != nil {
		t.Fatalf("%.60q: %v", q.Text, err)
	}
	return out
}

// ids finds text as somebody who may read everything.
func ids(t testing.TB, d *db.DB, text string) string {
	t.Helper()
	var list []string
	for _, h := range ask(t, d, Query{Scope: everyone(), Text: text, Kinds: []string{"person", "account", "note"}}).Hits {
		list = append(list, h.ID)
	}
	return strings.Join(list, " ")
}

func company() []Doc {
	return []Doc{
		{Kind: "person", ID: "zoe", Title: "Zoé Durand", Body: "Cheffe des ventes, région Bretagne", Keys: []string{"zoe.durand@exemple.fr", "06 12 34 56 78", "+33612345678"}},
		{Kind: "person", ID: "marc", Title: "Marc Durant", Body: "Fidélisation des clients"},
		{Kind: "person", ID: "dura", Title: "Dura", Body: ""},
		{Kind: "person", ID: "eleonore", Title: "Éléonore Œuvré-Le Goff", Body: "Marketing"},
		{Kind: "account", ID: "durand", Title: "Établissements Durand", Body: "Roulements, courroies. Contact : Marc."},
		{Kind: "account", ID: "halles", Title: "Les Halles", Body: "Marché couvert"},
		{Kind: "account", ID: "on", Title: "On", Body: "Éclairage"},
		{Kind: "account", ID: "smith", Title: "Smith Bearings", Body: "We keep in touch with meetings twice a year; they like Zoé."},
		{Kind: "account", ID: "moscow", Title: "Москва Групп", Body: "東京"},
		{Kind: "account", ID: "percent", Title: "100% Cuir_Mode \\ Fils", Body: "C'est un nom"},
	}
}

func TestThingsAreFoundHoweverTheyAreTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, company()...)
		for _, test := range []struct{ text, want string }{
			{"durand", "zoe durand marc"}, // Durant is one letter away, so last
			{"DURAND", "zoe durand marc"},
			{"zoe", "zoe smith"},
			{"ZOÉ", "zoe smith"},
			{"zo", "zoe smith"},
			{"dur", "dura marc zoe durand"},
			{"dura", "dura marc zoe durand"}, // the title itself comes first
			{"durand zoé", "zoe"},
			{"zoé dur", "zoe"},
			{"ventes", "zoe"},
			{"vente", "zoe"},
			{"fidelisees", "marc"},
			{"fidéliser", "marc"},
			{"client fidel", "marc"},
			{"œuvré", "eleonore"},
			{"oeuvre", "eleonore"},
			{"eleonore le goff", "eleonore"},
			{"goff", "eleonore"},
			{"les halles", "halles"},
			{"les", "halles eleonore"},
			{"on", "on"},
			{"meeting", "smith"},
			{"bearing smith", "smith"},
			{"москва", "moscow"},
			{"моск", "moscow"},
			{"東京", "moscow"},
			{"東", ""},
			{"100", "percent"},
			{"cuir mode", "percent"},
			{"zoé@exemple.fr", ""},
			{"zoe.durand@exemple.fr", "zoe"},
			{"ZOE.DURAND@", "zoe"},
			{"06 12 34 56 78", "zoe"},
			{"06.12.34", "zoe"},
			{"+33 6 12 34 56 78", "zoe"},
			{"0698", ""},
			{"durnad", "zoe durand"}, // two letters changed places
			{"druand", "zoe durand"}, // again
			{"duran", "zoe marc durand dura"},
			{"durrand", "zoe durand"},
			{"zoé durend", "zoe"},
			{"smyth bearings", "smith"},
			{"halle", "halles"},
			{"xyzzy", ""},
			{"durand xyzzy", ""},
			{"", ""},
			{" \t,.!", ""},
			{"d", ""},
			{"l'", ""},
		} {
			if got := ids(t, d, test.text); got != test.want {
				t.Errorf("%q: %q, want %q", test.text, got, test.want)
			}
		}
	})
}

// The index proposes words two letters apart when each of the two is without
// one letter of the other; they are not misspellings.
func TestTwoWrongLettersAreNotForgiven(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, Doc{Kind: "note", ID: "far", Title: "Xabcde"}, Doc{Kind: "note", ID: "near", Title: "Abcdef"})
		if got := ids(t, d, "abcdey"); got != "near" {
			t.Errorf("%q", got)
		}
	})
}

func TestWhatIsPutAgainOrDeletedIsFoundUnderItsNewWordsOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, Doc{Kind: "person", ID: "a", Title: "Alice Martin", Body: "soudure", Keys: []string{"a@exemple.fr"}}, Doc{Kind: "person", ID: "b", Title: "Alice Petit"})
		put(t, d, Doc{Kind: "person", ID: "a", Title: "Alice Bernard", Body: "peinture"})
		for text, want := range map[string]string{"martin": "", "soudure": "", "a@exemple.fr": "", "bernard": "a", "peinture": "a", "alice": "b a"} {
			if got := ids(t, d, text); got != want {
				t.Errorf("%q: %q, want %q", text, got, want)
			}
		}
		put(t, d, Doc{Kind: "note", ID: "a", Title: "twice"}, Doc{Kind: "note", ID: "a", Title: "Alice again"})
		if got := ids(t, d, "twice") + "," + ids(t, d, "again"); got != ",a" {
			t.Errorf("%q", got)
		}
		write(t, d, func(ctx context.Context, tx db.Tx) error { return Delete(ctx, tx, "person", "a", "unknown") })
		if got := ids(t, d, "alice"); got != "a b" { // the note a, and person b
			t.Errorf("%q", got)
		}
		if got := ids(t, d, "bernard"); got != "" {
			t.Errorf("%q", got)
		}
		write(t, d, func(ctx context.Context, tx db.Tx) error { return DeleteKind(ctx, tx, "person") })
		if got := ids(t, d, "alice"); got != "a" {
			t.Errorf("%q", got)
		}
	})
}

func TestARolledBackChangeIsNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, Doc{Kind: "note", ID: "a", Title: "before"})
		err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error {
			if err := Put(ctx, tx, Doc{Kind: "note", ID: "a", Title: "after"}, Doc{Kind: "note", ID: "b", Title: "after"}); err != nil {
				return err
			}
			res, err := Find(ctx, tx.Reader, Query{Scope: everyone(), Text: "after", Kinds: []string{"note"}})
			if err != nil || len(res.Hits) != 2 {
				t.Errorf("inside: %v %v", res, err)
			}
			return errs.Conflict("test")
		})
		if !errs.Is(err, errs.KindConflict) || ids(t, d, "after") != "" || ids(t, d, "before") != "a" {
			t.Errorf("%v %q %q", err, ids(t, d, "after"), ids(t, d, "before"))
		}
	})
}

func TestPutRefusesANamelessThing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, doc := range []Doc{{Kind: "note"}, {ID: "a"}} {
			dbtest.Unchanged(t, d, func() {
				err := d.Write(t.Context(), func(ctx context.Context, tx db.Tx) error { return Put(ctx, tx, doc) })
				if err == nil {
					t.Errorf("%+v was put", doc)
				}
			})
		}
	})
}

func TestTextThatNoDatabaseKeepsIsPutWithoutIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		long := strings.Repeat("é", 30_000) + " fin"
		put(t, d, Doc{Kind: "note", ID: "a", Title: "nul\x00 octet \xff\xfe", Body: "corps\x00 " + long, Keys: []string{"\x00", "k\x001234"}},
			Doc{Kind: "note", ID: "long", Title: long})
		if got := ids(t, d, "nul octet"); got != "a" {
			t.Errorf("%q", got)
		}
		if got := ids(t, d, "corps\x00"); got != "a" {
			t.Errorf("%q", got)
		}
		if got := ids(t, d, "k1234"); got != "a" {
			t.Errorf("%q", got)
		}
	})
}

// T-X03: whatever is typed is words, or nothing; never an operator.
func TestOperatorsOfTheEnginesAreOnlyText(t *testing.T) {
	hostile := []string{
		`'`, `"`, `''`, `"" OR ""`, `' or '1'='1`, `'; drop table search_docs; --`, `") union select 1 --`, `$1`, `$99`, `?1`, `:name`, `@x`, `\`, `\'`, `%`, `_`, `%%durand%%`, `dur_nd`,
		`*`, `durand*`, `*durand`, `^durand`, `-durand`, `+durand`, `NOT durand`, `durand NOT zoe`, `durand OR zoe`, `durand AND zoe`, `NEAR(durand zoe)`, `NEAR(durand zoe, 5)`, `terms:durand`, `{terms}:durand`, `search_fts:durand`,
		`"durand zoe"`, `"durand`, `(durand`, `durand)`, `((`, `))`, `durand & zoe`, `durand | zoe`, `!durand`, `durand <-> zoe`, `durand <2> zoe`, `durand:*`, `durand:A`, `durand:*A`, `'durand':*`, `durand' | 'zoe`, `& | !`, `:*`, `<->`,
		"durand\x00zoe", "\x00", "durand\nzoe", "durand;zoe", "\xff\xfe", "\xed\xa0\x80", "zzd0bc", "tdurand", "bdurand", "kzz", "ddurand",
		strings.Repeat("a", 100_000), strings.Repeat("durand ", 10_000), strings.Repeat("(", 5000), strings.Repeat("é", 5000), strings.Repeat("'", 5000), strings.Repeat("1", 5000), strings.Repeat("a@", 5000),
	}
	found := map[db.Engine][]string{}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, company()...)
		put(t, d, Doc{Kind: "note", ID: "secret", Title: "canary", Reader: "somebody"})
		for _, text := range hostile {
			var got string
			dbtest.Unchanged(t, d, func() { got = ids(t, d, text) })
			if strings.Contains(got, "secret") {
				t.Errorf("%.40q found the private note", text)
			}
			found[d.Engine()] = append(found[d.Engine()], got)
			// Stored, it comes back as it is and breaks nothing.
			put(t, d, Doc{Kind: "hostile", ID: fmt.Sprint(len(found[d.Engine()])), Title: text, Body: text, Keys: []string{text}})
		}
		// What OR, NOT and NEAR would mean to an engine.
		for text, want := range map[string]string{"zoe OR xyzzy": "", "durand NOT zoe": "zoe", "durand -zoe": "zoe", "durand & zoe": "zoe", "durand | halles": ""} {
			if got := ids(t, d, text); got != want {
				t.Errorf("%q: %q, want %q", text, got, want)
			}
		}
	})
	if len(found) == 2 {
		if diff := cmp.Diff(found[db.SQLite], found[db.Postgres]); diff != "" {
			t.Errorf("the engines differ: %s", diff)
		}
	}
}

func TestOnlyTheKindsAskedForAreFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, company()...)
		for want, kinds := range map[string][]string{"zoe": {"person"}, "durand": {"account"}, "": nil, " ": {}, "  ": {"none", "' or 1=1"}} {
			res := ask(t, d, Query{Scope: everyone(), Text: "durand", Kinds: kinds, Limit: 1})
			if got := res.Hits; len(got) > 0 && got[0].ID != want || len(got) == 0 && strings.TrimSpace(want) != "" {
				t.Errorf("%v: %+v", kinds, got)
			}
		}
	})
}

func TestMoreIsToldWithoutACount(t *testing.T) {
	least := int64(1<<63 - 1)
	found := map[db.Engine][]Hit{}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var docs []Doc
		for i := range 1300 {
			doc := Doc{Kind: "note", ID: fmt.Sprintf("n%04d", i), Title: fmt.Sprintf("Martin %04d", i)}
			least = min(least, number(doc.Kind, doc.ID))
			docs = append(docs, doc)
		}
		// The one that is meant stands last in the order in which candidates are taken.
		exact := Doc{Kind: "note", ID: "exact", Title: "Martin"}
		for i := 0; number(exact.Kind, exact.ID) > least; i++ {
			exact.ID = fmt.Sprint("exact", i)
		}
		docs = append(docs, exact, Doc{Kind: "note", ID: "body", Title: "Autre", Body: "martin 0007"})
		put(t, d, docs...)
		for _, test := range []struct {
			text  string
			limit int
			hits  int
			more  bool
			first string
		}{
			{"martin", 10, 10, true, exact.ID}, {"martin", 0, defaultLimit, true, exact.ID}, {"martin", 5000, maxLimit, true, exact.ID}, {"mar", 10, 10, true, "n0000"},
			{"martin 0007", 10, 2, false, "n0007"}, {"martin 0007", 1, 1, true, "n0007"}, {"martin 000", 11, 11, false, "n0000"}, {"martin 000", 10, 10, true, "n0000"}, {"martin 000", 9, 9, true, "n0000"},
		} {
			res := ask(t, d, Query{Scope: everyone(), Text: test.text, Kinds: []string{"note"}, Limit: test.limit})
			if len(res.Hits) != test.hits || res.More != test.more || res.Hits[0].ID != test.first {
				t.Errorf("%q, %d: %d hits, more %v, first %s", test.text, test.limit, len(res.Hits), res.More, res.Hits[0].ID)
			}
			found[d.Engine()] = append(found[d.Engine()], res.Hits...)
		}
	})
	if len(found) == 2 {
		if diff := cmp.Diff(found[db.SQLite], found[db.Postgres]); diff != "" {
			t.Errorf("the engines take other candidates (-sqlite +postgres):\n%s", diff)
		}
	}
}

func marked(segments []Segment) string {
	var b strings.Builder
	for _, s := range segments {
		if s.Mark {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestWhatMatchedIsMarked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, company()...)
		long := strings.Repeat("Avant le mot il y a beaucoup de phrases. ", 40) + "Ici la   fidélisation\nest décrite. " + strings.Repeat("Après le mot aussi. ", 40)
		put(t, d, Doc{Kind: "note", ID: "long", Title: "<b>Plan</b> & co", Body: long})
		for _, test := range []struct{ text, title, snippet string }{
			{"zoe dur", "[Zoé] [Durand]", ""},
			{"durnad", "Zoé [Durand]", ""},
			{"fideliser plan", "<b>[Plan]</b> & co", "… phrases. Avant le mot il y a beaucoup de phrases. Ici la [fidélisation] est décrite. Après le mot aussi. Après le mot aussi. Après le mot aussi. Après le mot aussi. Après le mot aussi. Après …"},
			{"courroies", "Établissements Durand", "Roulements, [courroies]. Contact : Marc."},
			{"06 12 34 56 78", "Zoé Durand", ""},
		} {
			res := ask(t, d, Query{Scope: everyone(), Text: test.text, Kinds: []string{"person", "account", "note"}})
			if len(res.Hits) == 0 {
				t.Errorf("%q: nothing", test.text)
				continue
			}
			if got := marked(res.Hits[0].Title); got != test.title {
				t.Errorf("%q: title %q, want %q", test.text, got, test.title)
			}
			if got := marked(res.Hits[0].Snippet); got != test.snippet {
				t.Errorf("%q: snippet\n%q, want\n%q", test.text, got, test.snippet)
			}
		}
	})
}

// T-A05, in the search: each scope sees exactly its rows, and nothing tells of the others.
func TestAScopeFindsItsRowsOnly(t *testing.T) {
	docs := []Doc{
		{Kind: "k", ID: "public", Title: "Canari ouvert"},
		{Kind: "k", ID: "unit1", Title: "Canari", Unit: "u1"},
		{Kind: "k", ID: "cust", Title: "Canari client", Customer: true},
		{Kind: "k", ID: "cust-u1-r1", Title: "Canari client", Customer: true, Unit: "u1", Region: "r1", Owners: [2]string{"ann", "bob"}},
		{Kind: "k", ID: "cust-u1-r2", Title: "Canari client", Customer: true, Unit: "u1", Region: "r2", Owners: [2]string{"cid", "ann"}},
		{Kind: "k", ID: "cust-u2-r1", Title: "Canari client", Customer: true, Unit: "u2", Region: "r1", Owners: [2]string{"", "dan"}},
		{Kind: "k", ID: "private-ann", Title: "Canari secret", Reader: "ann"},
		{Kind: "k", ID: "private-cust", Title: "Canari secret", Reader: "bob", Customer: true, Unit: "u1", Region: "r1"},
	}
	for _, test := range []struct {
		scope auth.Scope
		want  string
	}{
		{auth.Scope{}, "public"},
		{auth.Scope{UserID: "ann"}, "private-ann public"},
		{auth.Scope{UserID: "eve", Units: []string{"u1"}}, "public unit1"},
		{auth.Scope{UserID: "eve", Customers: true}, "cust cust-u1-r1 cust-u1-r2 cust-u2-r1 public unit1"}, // no units named: all of them
		{auth.Scope{UserID: "dan", Customers: true, Units: []string{"u1", "u2"}, Regions: []string{"r2"}}, "cust-u1-r2 cust-u2-r1 public unit1"}, // his own, wherever
		{auth.Scope{UserID: "eve", Customers: true, Units: []string{"u1"}}, "cust cust-u1-r1 cust-u1-r2 public unit1"},
		{auth.Scope{UserID: "bob", Customers: true, Units: []string{"u1"}}, "cust cust-u1-r1 cust-u1-r2 private-cust public unit1"},
		{auth.Scope{UserID: "bob", Units: []string{"u1"}}, "public unit1"},
		{auth.Scope{UserID: "eve", Customers: true, Units: []string{"u1", "u2"}, Regions: []string{"r1"}}, "cust-u1-r1 cust-u2-r1 public unit1"},
		{auth.Scope{UserID: "ann", Customers: true, Units: []string{"u1", "u2"}, OwnOnly: true}, "cust-u1-r1 cust-u1-r2 private-ann public unit1"},
		{auth.Scope{UserID: "ann", Customers: true, Units: []string{"u1"}, Regions: []string{"r2"}, OwnOnly: true}, "cust-u1-r2 private-ann public unit1"},
		{auth.Scope{Customers: true, Units: []string{"u1", "u2"}, OwnOnly: true}, "public unit1"},
		{auth.Scope{All: true, Customers: true, UserID: "boss"}, "cust cust-u1-r1 cust-u1-r2 cust-u2-r1 public unit1"},
		{auth.Scope{All: true, Customers: true}, "cust cust-u1-r1 cust-u1-r2 cust-u2-r1 public unit1"},
		{auth.Scope{UserID: "x", Customers: true, Units: []string{"') or 1=1 --"}, Regions: []string{"' or ''='"}}, "public"},
	} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			put(t, d, docs...)
			for _, text := range []string{"canari", "can", "canarri"} {
				var got []string
				res := ask(t, d, Query{Scope: test.scope, Text: text, Kinds: []string{"k"}})
				for _, h := range res.Hits {
					got = append(got, h.ID)
				}
				slices.Sort(got)
				if strings.Join(got, " ") != test.want {
					t.Errorf("%+v, %s: %v, want %s", test.scope, text, got, test.want)
				}
				n := len(got)
				if n == 0 {
					continue
				}
				// The limit met exactly: rows beyond the scope must not show as more.
				if res := ask(t, d, Query{Scope: test.scope, Text: text, Kinds: []string{"k"}, Limit: n}); res.More || len(res.Hits) != n {
					t.Errorf("%+v, %s: more %v, %d hits", test.scope, text, res.More, len(res.Hits))
				}
			}
		})
	}
}

// A thousand rows of others must not push one's own out of the candidates.
func TestRowsOfOthersTakeNoPlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var docs []Doc
		for i := range 2500 {
			docs = append(docs, Doc{Kind: "k", ID: fmt.Sprint(i), Title: "Canari", Body: "mot", Unit: "theirs"})
		}
		for i := range 5 {
			docs = append(docs, Doc{Kind: "k", ID: fmt.Sprint("own", i), Title: "Canari à nous", Body: "mot", Unit: "ours"})
		}
		put(t, d, docs...)
		for _, text := range []string{"canari", "can", "mot", "canarri", "mot canari"} {
			res := ask(t, d, Query{Scope: auth.Scope{UserID: "x", Units: []string{"ours"}}, Text: text, Kinds: []string{"k"}, Limit: 10})
			if len(res.Hits) != 5 || res.More {
				t.Errorf("%s: %d hits, more %v", text, len(res.Hits), res.More)
			}
		}
	})
}

func TestRefreshWritesTermsAnewWhenTheAnalyserChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		docs := company()
		for i := range 1100 {
			docs = append(docs, Doc{Kind: "note", ID: fmt.Sprint(i), Title: fmt.Sprint("Note ", i), Keys: []string{fmt.Sprint("ref-", i)}})
		}
		put(t, d, docs...)
		rows := func() string {
			return dbtest.Dump(t, d, "settings", "search_fts", "search_fts_config", "search_fts_data", "search_fts_docsize", "search_fts_idx")
		}
		whole := rows()
		write(t, d, func(ctx context.Context, tx db.Tx) error {
			_, err := tx.Exec(ctx, `update search_docs set terms = 'told', title_key = ''`)
			return err
		})
		if got := ids(t, d, "zoe"); got != "" {
			t.Fatalf("the test is blind: %q", got)
		}
		for range 2 {
			if err := Refresh(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		if got := ids(t, d, "zoe") + ", " + ids(t, d, "ref-1042"); got != "zoe smith, 1042" {
			t.Errorf("%q", got)
		}
		if rows() != whole {
			t.Error("the rows are not as they were")
		}
		write(t, d, func(ctx context.Context, tx db.Tx) error {
			_, err := tx.Exec(ctx, `update search_docs set terms = 'told'`)
			return err
		})
		if err := Refresh(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if got := ids(t, d, "zoe"); got != "" {
			t.Error("nothing had changed, and all was written again")
		}
	})
}

// T-P02, in the search: nothing of an erased thing is left in a file.
func TestTidyLeavesNothingOfWhatWasDeleted(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, nil)
	var docs []Doc
	for i := range 300 {
		docs = append(docs, Doc{Kind: "note", ID: fmt.Sprint(i), Title: fmt.Sprint("Note ", i), Body: strings.Join(strings.Fields(fmt.Sprint("corps ", i, i*7, i*13)), " ")})
	}
	put(t, d, docs...)
	traces := func() (n int64) {
		err := d.Read(t.Context(), func(ctx context.Context, r db.Reader) (err error) {
			n, err = db.One(ctx, r, db.Value[int64], `select (select count(*) from search_fts_data where instr(block, cast('qxcanary' as blob)) > 0)
				+ (select count(*) from search_docs where instr(terms, 'qxcanary') > 0)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	put(t, d, Doc{Kind: "note", ID: "erased", Title: "xqxcanary", Body: "xqxcanary"})
	for i := range 50 {
		put(t, d, docs[i*3])
	}
	if traces() < 2 {
		t.Fatal("the test is blind")
	}
	write(t, d, func(ctx context.Context, tx db.Tx) error { return Delete(ctx, tx, "note", "erased") })
	for range 2 {
		if err := Tidy(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	if n := traces(); n != 0 {
		t.Errorf("%d traces left", n)
	}
	if got := ids(t, d, "note 299"); !strings.HasPrefix(got, "299 ") {
		t.Errorf("%q", got)
	}
}

// Rows that a restore writes with plain statements are found at once.
func TestRestoredRowsAreFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, company()...)
		write(t, d, func(ctx context.Context, tx db.Tx) error {
			for _, statement := range []string{
				`create table kept as select kind, id, num, title, title_key, body, keys, terms, customer, unit_id, region_id, owner_id, second_owner_id, reader_id from search_docs`,
				`delete from search_docs`,
			} {
				if _, err := tx.Exec(ctx, statement); err != nil {
					return err
				}
			}
			return nil
		})
		if got := ids(t, d, "durand"); got != "" {
			t.Fatalf("still there: %q", got)
		}
		write(t, d, func(ctx context.Context, tx db.Tx) error {
			_, err := tx.Exec(ctx, `insert into search_docs (kind, id, num, title, title_key, body, keys, terms, customer, unit_id, region_id, owner_id, second_owner_id, reader_id)
				select kind, id, num, title, title_key, body, keys, terms, customer, unit_id, region_id, owner_id, second_owner_id, reader_id from kept`)
			return err
		})
		if got := ids(t, d, "durand"); got != "zoe durand marc" {
			t.Errorf("%q", got)
		}
	})
}

// T-D11: random documents, changes and queries; both engines answer alike.
func TestSoakBothEnginesFindTheSame(t *testing.T) {
	run := soak.Start(t, "T-D11")
	rounds := run.Size(40, 2000)
	pool := strings.Fields("Durand Durant durande Zoé zoe ZOÉ Émile emile Martin Martins Les la on fidélisation fidélisées réunion réunions meeting meetings " +
		"Œuvre ŒUVRES Москва 東京 R&D O'Brien l'équipe AB-12 2027 100% straße Le Goff marché marche marchés client clients")
	text := func(r *rand.Rand, n int) string {
		var list []string
		for range r.IntN(n + 1) {
			list = append(list, pool[r.IntN(len(pool))])
		}
		return strings.Join(list, " ")
	}
	scopes := []auth.Scope{everyone(), {UserID: "ann", Customers: true, Units: []string{"u1"}}, {UserID: "bob", Customers: true, Units: []string{"u1", "u2"}, OwnOnly: true}, {UserID: "cid"}}
	got := map[db.Engine][]Result{}
	queries := map[db.Engine][]string{}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := rand.New(rand.NewPCG(run.Seed, 7))
		for range rounds {
			var docs []Doc
			for range 1 + r.IntN(8) {
				doc := Doc{Kind: []string{"person", "account"}[r.IntN(2)], ID: fmt.Sprint(r.IntN(60)), Title: text(r, 4), Body: text(r, 12), Customer: r.IntN(2) == 0,
					Unit: []string{"", "u1", "u2"}[r.IntN(3)], Owners: [2]string{[]string{"", "ann", "bob"}[r.IntN(3)], []string{"", "cid", "bob"}[r.IntN(3)]}}
				if r.IntN(10) == 0 {
					doc.Reader = "ann"
				}
				docs = append(docs, doc)
			}
			gone := fmt.Sprint(r.IntN(60))
			write(t, d, func(ctx context.Context, tx db.Tx) error {
				if err := Put(ctx, tx, docs...); err != nil {
					return err
				}
				return Delete(ctx, tx, "person", gone)
			})
			for range 6 {
				q := text(r, 2)
				if letters := []rune(q); len(letters) > 3 && r.IntN(2) == 0 {
					i := r.IntN(len(letters))
					q = string(letters[:i]) + string(letters[i+1:])
				}
				res := ask(t, d, Query{Scope: scopes[r.IntN(len(scopes))], Text: q, Kinds: []string{"person", "account"}, Limit: 1 + r.IntN(30)})
				got[d.Engine()] = append(got[d.Engine()], res)
				queries[d.Engine()] = append(queries[d.Engine()], q)
			}
		}
	})
	if len(got) < 2 {
		t.Skip("one engine only")
	}
	bad, some := 0, 0
	for i, want := range got[db.SQLite] {
		if diff := cmp.Diff(want, got[db.Postgres][i]); diff != "" {
			if bad++; bad < 5 {
				t.Errorf("%q (-sqlite +postgres):\n%s", queries[db.SQLite][i], diff)
			}
		}
		if len(want.Hits) > 0 {
			some++
		}
	}
	if some < rounds {
		t.Errorf("only %d queries found something", some)
	}
	run.Done("search", bad, len(got[db.SQLite]))
}
