package search

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

const (
	maxCandidates = 1000
	defaultLimit  = 20
	maxLimit      = 100
)

// Query asks for things by words.
type Query struct {
	Scope auth.Scope
	Text  string
	Kinds []string // what the actor may read; none finds nothing
	Limit int      // 0: 20; at most 100
}

// Hit is one thing found.
type Hit struct {
	Kind    string
	ID      string
	Title   []Segment
	Snippet []Segment // of the body, around what matched; empty when only the title did
	Rank    float64   // greater is better; comparable among the hits of all kinds
}

// Result is what was found, best first.
type Result struct {
	Hits []Hit
	More bool // there are others; how many is not told
}

// Find looks for things. Text that holds no word finds nothing.
func Find(ctx context.Context, r db.Reader, q Query) (Result, error) {
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	q.Limit = min(q.Limit, maxLimit)
	a := read(q.Text)
	if len(q.Kinds) == 0 || len(a.words) == 0 && a.key == "" {
		return Result{}, nil
	}
	found, err := collect(ctx, r, q, a)
	if err != nil {
		return Result{}, errs.Wrap("search", err)
	}
	slices.SortFunc(found, func(x, y ranked) int {
		return cmp.Or(cmp.Compare(y.rank, x.rank), cmp.Compare(x.titleKey, y.titleKey), cmp.Compare(x.kind, y.kind), cmp.Compare(x.id, y.id))
	})
	var out Result
	if out.More = len(found) > q.Limit; out.More {
		found = found[:q.Limit]
	}
	var nums []int64
	for _, f := range found {
		nums = append(nums, f.num)
	}
	text, err := bodies(ctx, r, nums)
	if err != nil {
		return Result{}, errs.Wrap("search", err)
	}
	for _, f := range found {
		hit := Hit{Kind: f.kind, ID: f.id, Rank: f.rank, Title: a.mark(f.title, f.stage), Snippet: a.snippet(text[f.num], f.stage)}
		out.Hits = append(out.Hits, hit)
	}
	return out, nil
}

type ranked struct {
	candidate
	stage stage
	rank  float64
}

// collect runs stages until there is more than was asked for.
func collect(ctx context.Context, r db.Reader, q Query, a asked) ([]ranked, error) {
	var found []ranked
	seen := map[int64]bool{}
	take := func(s stage, list []candidate) {
		for _, c := range list {
			if seen[c.num] {
				continue
			}
			if fit, ok := a.fit(s, c); ok {
				seen[c.num] = true
				found = append(found, ranked{c, s, float64(stages-s) + fit})
			}
		}
	}
	for s := range stages {
		if s == stageTitle && a.text != "" {
			// The title itself must not get lost among a thousand that hold its words.
			list, err := candidates(ctx, r, q, nil, cut(a.text, maxTitle))
			if err != nil {
				return nil, err
			}
			take(s, list)
		}
		if m := a.matcher(s); len(m) > 0 {
			list, err := candidates(ctx, r, q, m, "")
			if err != nil {
				return nil, err
			}
			take(s, list)
		}
		if len(found) > q.Limit {
			break
		}
	}
	return found, nil
}

// fit tells how well a title answers the words asked for, from 0 to below 1,
// and whether it answers at all: a misspelling is only proposed by the index.
func (a asked) fit(s stage, c candidate) (float64, bool) {
	if s == stageKey {
		return 0.5, true
	}
	if c.titleKey == a.text {
		return 0.99, true
	}
	title := words(c.title)
	sum, first := 0.0, 0.0
	for i, w := range a.words {
		best := 0.0
		for j, t := range title {
			near := a.near(s, i, t)
			if near > best {
				best = near
			}
			if i == 0 && j == 0 && near > 0 {
				first = 1
			}
		}
		if best == 0 && s == stageFuzzy {
			return 0, false
		}
		sum += best * float64(utf8.RuneCountInString(w.fold))
	}
	asked, whole := 0.0, 0.0
	for _, w := range a.words {
		asked += float64(utf8.RuneCountInString(w.fold))
	}
	for _, t := range title {
		whole += float64(utf8.RuneCountInString(t.fold))
	}
	if asked == 0 || whole == 0 {
		return 0, true
	}
	// How closely the words answer, how much of the title they are, and whether
	// the title begins with them.
	return 0.7*(sum/asked) + 0.18*min(1, asked/whole) + 0.1*first, true
}

// near tells how closely a word of a title answers the i-th word asked for.
func (a asked) near(s stage, i int, t word) float64 {
	w := a.words[i]
	if t.fold == w.fold {
		return 1
	}
	if i == len(a.words)-1 && s != stageFuzzy && strings.HasPrefix(t.fold, w.fold) {
		return 0.9
	}
	if slices.ContainsFunc(t.forms(), func(f string) bool { return slices.Contains(a.forms[i], f) }) {
		return 0.8
	}
	if s == stageFuzzy && fuzzy(w.fold) && oneApart([]rune(t.fold), []rune(w.fold)) {
		return 0.6
	}
	return 0
}

// oneApart tells whether two different words become equal by adding, dropping or
// changing one letter, or by swapping two neighbours.
func oneApart(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 0:
		if i == len(a) {
			return false
		}
		swapped := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
		return swapped || slices.Equal(a[i+1:], b[i+1:])
	case 1:
		return slices.Equal(a[i:], b[i+1:])
	}
	return false
}
