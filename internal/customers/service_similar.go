package customers

import (
	"context"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/search"
)

// Known is a record that somebody may mean: what it is called and where.
type Known struct {
	Kind  Kind
	ID    string
	Title string
	Sub   string
	By    string // the field in which it is alike; empty when it was looked for
}

// Similar tells which live records may be the same as one with such values, as
// typed: by an address, a register number, or a telephone with the family name.
// It is advice: nothing is refused for it. except is the record itself.
func (s *Service) Similar(ctx context.Context, k Kind, except string, in Values) ([]Known, error) {
	var out []Known
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		org, err := s.team.Organisation(ctx)
		if err != nil {
			return err
		}
		v, _ := Cleaner{Schema: NewSchema(k, nil), Country: org.Country, Lenient: true}.Clean(in)
		found, err := selectLike(ctx, r, auth.From(ctx).Scope, k, except, v)
		if err != nil {
			return err
		}
		ids := make([]string, len(found))
		by := map[string]string{}
		for i, x := range found {
			ids[i], by[x.id] = x.id, x.field
		}
		out, err = s.known(ctx, r, k, ids)
		for i := range out {
			out[i].By = by[out[i].ID]
		}
		return err
	})
	return out, errs.Wrap("similar records", err)
}

// known gives what some records are called and where they are, in the order of
// their ids as asked.
func (s *Service) known(ctx context.Context, r db.Reader, k Kind, ids []string) ([]Known, error) {
	recs, err := selectRecords(ctx, r, auth.From(ctx).Scope, k, ids)
	if err != nil {
		return nil, err
	}
	names := Names{}
	if k == KindContact {
		if err := selectTitles(ctx, r, auth.From(ctx).Scope, KindAccount, employers(recs), names); err != nil {
			return nil, err
		}
	}
	at := make(map[string]*Record, len(recs))
	for _, rec := range recs {
		at[rec.ID] = rec
	}
	var out []Known
	for _, id := range ids {
		if rec := at[id]; rec != nil && rec.Live() {
			out = append(out, Known{Kind: k, ID: id, Title: rec.Title(), Sub: subtitle(rec, names)})
		}
	}
	return out, nil
}

// subtitle tells records of one name apart.
func subtitle(rec *Record, names Names) string {
	v := rec.Values
	if rec.Kind == KindContact {
		return dotted(v["title"], names[v["account"]], v["city"])
	}
	return dotted(v["sector"], strings.TrimSpace(v["postcode"]+" "+v["city"]))
}

// FindKnown finds accounts or contacts by what people know of them, for a
// field to choose one from.
func (s *Service) FindKnown(ctx context.Context, text string, limit int, kinds ...Kind) ([]Known, error) {
	var out []Known
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		names := make([]string, len(kinds))
		for i, k := range kinds {
			names[i] = string(k)
		}
		found, err := search.Find(ctx, r, search.Query{Scope: auth.From(ctx).Scope, Text: text, Kinds: names, Limit: limit})
		if err != nil {
			return err
		}
		ids := map[Kind][]string{}
		for _, h := range found.Hits {
			ids[Kind(h.Kind)] = append(ids[Kind(h.Kind)], h.ID)
		}
		at := map[string]Known{}
		for k, some := range ids {
			all, err := s.known(ctx, r, k, some)
			if err != nil {
				return err
			}
			for _, x := range all {
				at[x.ID] = x
			}
		}
		for _, h := range found.Hits {
			if x, ok := at[h.ID]; ok {
				out = append(out, x)
			}
		}
		return nil
	})
	return out, errs.Wrap("find a customer", err)
}
