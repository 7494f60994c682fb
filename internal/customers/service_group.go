package customers

import (
	"context"
	"slices"
	"strings"

	"unisson/internal/platform/db"
)

// groups lists the values of the column that a list is grouped by, in the order
// in which their names are shown; what has none comes last.
func (s *Service) groups(ctx context.Context, r db.Reader, k Kind, by Sort) ([]string, error) {
	sch, err := schema(ctx, r, k)
	if err != nil {
		return nil, err
	}
	f, _ := sch.Field(by.Field)
	values, err := selectDistinct(ctx, r, layoutOf(k).table, f.Key)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	switch f.Type {
	case Person:
		people, err := s.team.People(ctx, slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" }))
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			names[p.ID] = db.Fold(p.Family + " " + p.Given)
		}
	case Region:
		_, st, err := s.team.Company(ctx)
		if err != nil {
			return nil, err
		}
		for _, g := range st.Regions {
			names[g.ID] = db.Fold(g.Name)
		}
	default:
		for _, v := range values {
			names[v] = v
		}
	}
	slices.SortFunc(values, func(a, b string) int {
		switch {
		case a == b:
			return 0
		case a == "":
			return 1
		case b == "":
			return -1
		}
		if c := strings.Compare(names[a], names[b]); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	return values, nil
}
