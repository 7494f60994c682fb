package db_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/db/dbtest"
)

func TestFoldIsBlindToAccentsAndCase(t *testing.T) {
	for in, want := range map[string]string{
		"Éléonore  Œuvré":      "eleonore oeuvre",
		"\tÀ  ça, \u00a0Noël ": "a ca, noel",
		"e\u0301COLE":          "ecole", // a letter and its accent apart
		"Straße, Łódź, Ærø":    "strasse, lodz, aero",
		"L’Haÿ-les-Roses":      "l'hay-les-roses",
		"ﬁn Ⅳ ½":               "fin iv 1⁄2",
		"ĐURĐA ðorn":           "durda dorn",
		"北京 😀":                 "北京 😀",
		"":                     "",
		"   ":                  "",
	} {
		got := db.Fold(in)
		if got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
		if again := db.Fold(got); again != got {
			t.Errorf("Fold(%q) = %q: folding twice gives something else", got, again)
		}
	}
}

// Names sort as a French dictionary has them, by bytes of the key, on both
// engines alike.
func TestSortKeysOrderLikeADictionary(t *testing.T) {
	want := []string{"Abel", "Ábel", "Beau", "beauté", "cote", "côte", "coté", "côté", "Éa", "eb", "Œdipe", "of", "Zoé"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return strings.Compare(db.SortKey(a), db.SortKey(b)) })
	if slices.Index(got, "Œdipe") > slices.Index(got, "of") || slices.Index(got, "Éa") > slices.Index(got, "eb") || got[len(got)-1] != "Zoé" || got[0] != "Abel" {
		t.Errorf("%q", got)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		makeTables(t, d, "create table words (word text not null, sort_key text /* +sorted */ not null)")
		for _, w := range want {
			write(t, d, "insert into words values ('"+w+"', '"+db.SortKey(w)+"')")
		}
		if in := ask[string](t, d, "select word from words order by sort_key, word"); !slices.Equal(in, got) {
			t.Errorf("%s orders %q, Go %q", d.Engine(), in, got)
		}
	})
}

func TestSortKeysAreTheSameForAllAtOnce(t *testing.T) {
	want := db.SortKey("Éléonore")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if got := db.SortKey("Éléonore"); got != want {
					t.Errorf("%s, want %s", got, want)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestLikePrefixTakesSignsForThemselves(t *testing.T) {
	if got := db.LikePrefix(`50%_\`); got != `50\%\_\\%` {
		t.Errorf("%s", got)
	}
}

func TestTimeIsMicrosecondsAndNullWhenZero(t *testing.T) {
	at := time.Date(2026, 3, 29, 2, 30, 0, 999_999_999, time.FixedZone("x", 3600))
	stored := db.At(at)
	if got := stored.Go(); !got.Equal(at.Truncate(time.Microsecond)) || got.Location() != time.UTC {
		t.Errorf("%v", got)
	}
	if stored.Add(time.Hour).Sub(stored) != time.Hour || stored.IsZero() || !db.At(time.Time{}).IsZero() || !db.Time(0).Go().IsZero() {
		t.Error("arithmetic on instants")
	}
	if v, err := db.Time(0).Value(); v != nil || err != nil {
		t.Errorf("zero is stored as %v (%v)", v, err)
	}
	var back db.Time
	if err := back.Scan("1970"); err == nil {
		t.Error("a text was read as an instant")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		makeTables(t, d, agreeTables)
		write(t, d, "insert into items (id, name_key, at) values ('a', 'a', "+"1774748999999999"+"), ('b', 'b', null)")
		got := ask[db.Time](t, d, "select at from items order by id")
		if got[0] != 1774748999999999 || !got[1].IsZero() {
			t.Errorf("%v", got)
		}
		if n := ask[string](t, d, "select id from items where at = $1", db.Time(1774748999999999)); len(n) != 1 {
			t.Errorf("an instant as a parameter finds %v", n)
		}
	})
}

func TestIDsSortByAge(t *testing.T) {
	ids := make([]string, 2000)
	for i := range ids {
		ids[i] = db.NewID()
	}
	if !slices.IsSorted(ids) || len(slices.Compact(ids)) != 2000 || len(ids[0]) != 36 {
		t.Errorf("ids like %s are not in order of age", ids[0])
	}
}
