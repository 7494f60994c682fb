package customers

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFiltersAreReadAsTheyAreWritten(t *testing.T) {
	for _, f := range []Filter{
		{},
		{Conditions: []Condition{{"region", Is, []string{"a", "b"}}}},
		{Conditions: []Condition{{"region", Is, []string{"a"}}, {"tier", Empty, nil}}},
		{Any: true, Conditions: []Condition{{"city", Has, []string{"L’Île-d’Yeu (85); 100 %, a:b|c"}}, {"tier", Filled, nil}}},
		{Conditions: []Condition{{"region", Is, []string{"a"}}}, Groups: []Filter{{Any: true, Conditions: []Condition{{"tier", Is, []string{"a"}}, {"last_touch", Before, []string{"-90d"}}}}}},
	} {
		got, err := ParseFilter(f.String())
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if diff := cmp.Diff(f, got); diff != "" {
			t.Errorf("%s: %s", f, diff)
		}
	}
}

func TestBrokenFiltersAreRefused(t *testing.T) {
	for _, s := range []string{"region", ":is:a", "region:is:a;", "region:is:a;b", "(region:is:a", "region:is:a)", "a:is:b;c:is:d|e:is:f", "a:is:%zz", "((((a:is:b))))"} {
		if f, err := ParseFilter(s); err == nil {
			t.Errorf("%q was read as %s", s, f)
		}
	}
}

func FuzzFilter(f *testing.F) {
	f.Add("region:is:7f3a;(tier:is:a|last_touch:before:-90d)")
	f.Add("a:has:%28x%29")
	f.Fuzz(func(t *testing.T, s string) {
		one, err := ParseFilter(s)
		if err != nil {
			return
		}
		two, err := ParseFilter(one.String())
		if err != nil || one.String() != two.String() {
			t.Fatalf("%q gives %q, then %q (%v)", s, one, two, err)
		}
	})
}

func TestAFilterAsksOnlyWhatAFieldAnswers(t *testing.T) {
	contacts, accounts := NewSchema(KindContact, nil), NewSchema(KindAccount, nil)
	for s, ok := range map[string]bool{
		"family:has:dup":                      true,
		"account.sector:is:Food":              true,
		"last_touch:before:-90d":              true,
		"last_touch:has:x":                    false,
		"nothing:is:x":                        false,
		"account.nothing:is:x":                false,
		"family:has":                          false,
		"tags:empty":                          true,
		"tags:empty:x":                        false,
		"region:is:a;(tags:is:x|job:since:1)": false,
	} {
		f, err := ParseFilter(s)
		if err != nil {
			t.Fatal(s, err)
		}
		if err := contacts.CheckFilter(f, accounts); (err == nil) != ok {
			t.Errorf("%s: %v", s, err)
		}
	}
}
