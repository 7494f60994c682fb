package customers

import (
	"context"
	"slices"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Listing is one page of a list with all that is needed to show it.
type Listing struct {
	Page
	Names Names
	Mine  map[string]bool // what the actor may change, by id
}

// Listing gives one page of a list with the names of what stands in its columns,
// in a fixed number of reads.
func (s *Service) Listing(ctx context.Context, q Query, columns []string) (Listing, error) {
	var out Listing
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if out.Page, err = s.List(ctx, q); err != nil {
			return err
		}
		sch, err := schema(ctx, r, q.Kind)
		if err != nil {
			return err
		}
		if out.Names, err = s.namesIn(ctx, r, sch, columns, out.Records); err != nil {
			return err
		}
		may, err := s.mayEach(ctx, r)
		if err != nil {
			return err
		}
		out.Mine = make(map[string]bool, len(out.Records))
		for _, rec := range out.Records {
			out.Mine[rec.ID] = may(rec)
		}
		return nil
	})
	return out, err
}

// namesIn names what the columns of some records point to.
func (s *Service) namesIn(ctx context.Context, r db.Reader, sch *Schema, columns []string, recs []*Record) (Names, error) {
	names := Names{}
	all := make([]Values, len(recs))
	for i, rec := range recs {
		v := Values{}
		for _, c := range shownFields(columns) {
			if value := rec.Values[c]; value != "" {
				v[c] = value
			}
		}
		all[i] = v
	}
	if err := s.names(ctx, r, sch, names, all); err != nil {
		return nil, err
	}
	if slices.Contains(columns, "source") {
		return names, s.sourceNames(ctx, r, recs, names)
	}
	return names, nil
}

// sourceNames names the sources of some records.
func (s *Service) sourceNames(ctx context.Context, r db.Reader, recs []*Record, out Names) error {
	var ids []string
	for _, rec := range recs {
		if rec.SourceID != "" && !slices.Contains(ids, rec.SourceID) {
			ids = append(ids, rec.SourceID)
		}
	}
	return selectSourceNames(ctx, r, ids, out)
}

// shownFields are the fields behind some columns.
func shownFields(columns []string) []string {
	out := make([]string, 0, len(columns)+1)
	for _, c := range columns {
		if c == ownersColumn {
			out = append(out, "sales", "marketing")
			continue
		}
		out = append(out, c)
	}
	return out
}

// mayEach gives the rule of may for many records, in one read.
func (s *Service) mayEach(ctx context.Context, r db.Reader) (func(*Record) bool, error) {
	a := auth.From(ctx)
	switch {
	case a.Can(MayEditAny):
		return func(*Record) bool { return true }, nil
	case !a.Can(MayEdit):
		return func(*Record) bool { return false }, nil
	}
	var mine []string
	if a.UserID != "" {
		absent, err := s.team.StandsInFor(ctx, r, a.UserID)
		if err != nil {
			return nil, err
		}
		mine = append(absent, a.UserID)
	}
	return func(rec *Record) bool {
		sales, marketing := rec.Values["sales"], rec.Values["marketing"]
		return sales == "" && marketing == "" || slices.Contains(mine, sales) || slices.Contains(mine, marketing)
	}, nil
}

// FilterChoices are what the values of a filter are chosen from.
type FilterChoices struct {
	People  []Named // who owns something
	Regions []Named
	Units   []Named
	Tags    []string
	Names   Names // of the ids inside the filter
}

// Named is an id with what it is called.
type Named struct{ ID, Name string }

// FilterChoices tells what the values of a condition on a field are chosen
// from, and what the ids in a filter are called.
func (s *Service) FilterChoices(ctx context.Context, sch, accounts *Schema, f Filter, field Field) (FilterChoices, error) {
	var out FilterChoices
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if err = auth.Require(ctx, MayRead); err != nil {
			return err
		}
		if out.Names, err = s.filterNames(ctx, r, sch, accounts, f); err != nil {
			return err
		}
		switch field.Type {
		case Person:
			out.People, err = s.owners(ctx, r, sch.Kind, field)
		case Region, Unit:
			_, st, err := s.team.Company(ctx)
			if err != nil {
				return err
			}
			for _, g := range st.Regions {
				out.Regions = append(out.Regions, Named{g.ID, g.Name})
			}
			for _, u := range st.Units {
				out.Units = append(out.Units, Named{u.ID, u.Name})
			}
		case Tags:
			// Whoever reads a part of the base alone is not told the words of the rest.
			if scope := auth.From(ctx).Scope; scope.All || scope.Customers && !scope.OwnOnly && len(scope.Regions) == 0 {
				out.Tags, err = selectTagNames(ctx, r)
			}
		}
		return err
	})
	return out, errs.Wrap("choices of a filter", err)
}

// owners are the people who own something of a kind, by name.
func (s *Service) owners(ctx context.Context, r db.Reader, k Kind, f Field) ([]Named, error) {
	if f.Column == "" {
		people, err := s.team.Colleagues(ctx, "")
		out := make([]Named, len(people))
		for i, p := range people {
			out[i] = Named{p.ID, p.Name()}
		}
		return out, err
	}
	ids, err := selectDistinct(ctx, r, layoutOf(k).table, f.Column)
	if err != nil {
		return nil, err
	}
	people, err := s.team.People(ctx, slices.DeleteFunc(ids, func(id string) bool { return id == "" }))
	out := make([]Named, len(people))
	for i, p := range people {
		out[i] = Named{p.ID, p.Name()}
	}
	slices.SortFunc(out, func(a, b Named) int { return cmpFold(a.Name, b.Name) })
	return out, err
}

// filterNames names the ids inside a filter.
func (s *Service) filterNames(ctx context.Context, r db.Reader, sch, accounts *Schema, f Filter) (Names, error) {
	out := Names{}
	var all [2][]Values // of the kind's own fields, and of the employers'
	var gather func(f Filter)
	gather = func(f Filter) {
		for _, c := range f.Conditions {
			field, of, ok := sch.filterField(c.Field, accounts)
			if !ok {
				continue
			}
			at := 0
			if of != sch.Kind {
				at = 1
			}
			for _, v := range c.Values {
				if v != "me" {
					all[at] = append(all[at], Values{field.Name: v})
				}
			}
		}
		for _, g := range f.Groups {
			gather(g)
		}
	}
	gather(f)
	if err := s.names(ctx, r, sch, out, all[0]); err != nil || len(all[1]) == 0 {
		return out, err
	}
	return out, s.names(ctx, r, accounts, out, all[1])
}

// accountsNamed finds the accounts that a text names, for a filter: those of
// that name, else those that begin with it.
func (s *Service) accountsNamed(ctx context.Context, text string) ([]string, error) {
	for _, op := range []Op{Is, Begins} {
		p, err := s.List(ctx, Query{Kind: KindAccount, Limit: maxValues, Filter: Filter{Conditions: []Condition{{Field: "name", Op: op, Values: []string{text}}}}})
		if err != nil || len(p.Records) > 0 {
			return ids(p.Records), err
		}
	}
	return nil, nil
}

func cmpFold(a, b string) int {
	x, y := db.SortKey(a), db.SortKey(b)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}
