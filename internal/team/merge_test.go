package team

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMergeKeepsBothPeoplesWork(t *testing.T) {
	order := []string{"title", "phone", "city"}
	base := map[string]string{"title": "Vendeur", "phone": "1", "city": "Brest"}
	theirs := map[string]string{"title": "Vendeur", "phone": "2", "city": "Brest"}
	at := time.Date(2026, 11, 24, 9, 28, 0, 0, time.UTC)
	since := []ProfileEdit{{Version: 2, ByID: "sofia", By: "Sofia", At: at, Edits: []FieldEdit{{"phone", "1", "2"}}}}

	merged, clashes := Merge(order, base, map[string]string{"title": "Vendeur senior", "phone": "1", "city": "Brest"}, theirs, since)
	if len(clashes) > 0 || merged["title"] != "Vendeur senior" || merged["phone"] != "2" {
		t.Errorf("different fields clash: %v %v", merged, clashes)
	}
	merged, clashes = Merge(order, base, map[string]string{"title": "Vendeur", "phone": "3", "city": "Lorient"}, theirs, since)
	want := []Clash{{Field: "phone", Base: "1", Theirs: "2", Mine: "3", By: "Sofia", ByID: "sofia", At: at}}
	if cmp.Diff(want, clashes) != "" || merged["phone"] != "2" || merged["city"] != "Lorient" {
		t.Errorf("%v %s", merged, cmp.Diff(want, clashes))
	}
	if _, clashes = Merge(order, base, map[string]string{"title": "Vendeur", "phone": "2", "city": "Brest"}, theirs, since); len(clashes) > 0 {
		t.Errorf("the same change clashes with itself: %v", clashes)
	}
	if _, clashes = Merge(order, nil, map[string]string{"title": "", "phone": "2", "city": "Brest"}, theirs, nil); len(clashes) != 1 {
		t.Errorf("without a base, a difference must be shown: %v", clashes)
	}
}

func TestRewindUndoesAnySequenceOfEdits(t *testing.T) {
	order := ProfileFields()
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 200 {
		start := map[string]string{}
		for _, f := range order {
			start[f] = string(rune('a' + rnd.IntN(4)))
		}
		at := start
		var edits []ProfileEdit
		for range rnd.IntN(6) {
			next := map[string]string{}
			for _, f := range order {
				next[f] = at[f]
				if rnd.IntN(4) == 0 {
					next[f] = string(rune('a' + rnd.IntN(4)))
				}
			}
			edits = append(edits, ProfileEdit{Edits: Diff(order, at, next)})
			at = next
		}
		if d := cmp.Diff(start, Rewind(at, edits)); d != "" {
			t.Fatal(d)
		}
	}
}
