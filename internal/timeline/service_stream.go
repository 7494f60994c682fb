package timeline

import (
	"context"
	"slices"

	"unisson/internal/customers"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

const maxPage = 200

// Stream gives one page of what happened with an account or a contact: of an
// account also with the people who worked there, of a merged record with all
// records that it is made of.
func (s *Service) Stream(ctx context.Context, q Query) (customers.Face, Page, error) {
	var face customers.Face
	var out Page
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		if err := q.Filter.Check(); err != nil {
			return err
		}
		var ids []string
		var err error
		if face, ids, err = s.customers.Group(ctx, q.Kind, q.ID); err != nil {
			return err
		}
		st := stream{by: ofContact, ids: ids, me: auth.From(ctx).UserID, f: q.Filter, at: q.At}
		if q.Kind == customers.KindAccount {
			st.by = ofAccount
		}
		limit := q.Limit
		if limit <= 0 || limit > maxPage {
			limit = PageSize
		}
		found, err := s.readable(ctx, r, st, limit+1)
		if err != nil {
			return err
		}
		out = pageOf(found, q.At, limit)
		return nil
	})
	return face, out, errs.Wrap("stream", err)
}

// readable reads touches until n were found whose customer the actor may read:
// an account may be his and one of its people not.
func (s *Service) readable(ctx context.Context, r db.Reader, st stream, n int) ([]Told, error) {
	var out []Told
	st.limit = n
	for {
		rows, err := selectStream(ctx, r, st)
		if err != nil {
			return nil, err
		}
		told, err := s.told(ctx, rows)
		if err != nil {
			return nil, err
		}
		out = append(out, told...)
		if len(rows) < st.limit || len(out) >= n {
			return out[:min(n, len(out))], nil
		}
		last := rows[len(rows)-1]
		st.at.At, st.at.ID = last.At, last.ID
		st.limit = min(st.limit*4, 1000)
	}
}

// told names the customers of touches, and leaves out those whose customer the
// actor may not read.
func (s *Service) told(ctx context.Context, rows []Touch) ([]Told, error) {
	contacts, accounts := map[string]customers.Face{}, map[string]customers.Face{}
	for _, t := range rows {
		if t.ContactID != "" {
			contacts[t.ContactID] = customers.Face{}
		} else {
			accounts[t.AccountID] = customers.Face{}
		}
	}
	for kind, m := range map[customers.Kind]map[string]customers.Face{customers.KindContact: contacts, customers.KindAccount: accounts} {
		if len(m) == 0 {
			continue
		}
		ids := make([]string, 0, len(m))
		for id := range m {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		found, err := s.customers.Faces(ctx, kind, ids...)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if f, ok := found[id]; ok {
				m[id] = f
			} else {
				delete(m, id)
			}
		}
	}
	a := auth.From(ctx)
	var out []Told
	for _, t := range rows {
		face, ok := contacts[t.ContactID]
		if t.ContactID == "" {
			face, ok = accounts[t.AccountID]
		}
		if ok {
			out = append(out, Told{Touch: t, Who: face.Name, WhoHref: face.Href(), CanEdit: mayChange(a, &t)})
		}
	}
	return out, nil
}

// pageOf cuts what was found from a place on into a page, newest first.
func pageOf(found []Told, at Cursor, limit int) Page {
	more := len(found) > limit
	if more {
		found = found[:limit]
	}
	if at.Newer {
		slices.Reverse(found)
	}
	p := Page{Touches: found}
	if len(found) == 0 {
		if at.ID != "" { // back to where one came from
			back := Cursor{at.At, at.ID, !at.Newer}
			if at.Newer {
				p.Older = &back
			} else {
				p.Newer = &back
			}
		}
		return p
	}
	first, last := found[0], found[len(found)-1]
	if more || at.Newer {
		p.Older = &Cursor{At: last.At, ID: last.ID}
	}
	if at.ID != "" && (!at.Newer || more) {
		p.Newer = &Cursor{At: first.At, ID: first.ID, Newer: true}
	}
	return p
}

// Author is somebody on our side who did something with a customer.
type Author struct{ ID, Name string }

// Authors lists who did something with a customer lately, among what the actor
// may read, by name.
func (s *Service) Authors(ctx context.Context, k customers.Kind, id string) ([]Author, error) {
	_, page, err := s.Stream(ctx, Query{Kind: k, ID: id, Limit: maxPage})
	if err != nil {
		return nil, err
	}
	var out []Author
	for _, t := range page.Touches {
		a := Author{t.ByID, t.ByName}
		if a.ID != "" && a.Name != "" && !slices.ContainsFunc(out, func(b Author) bool { return b.ID == a.ID }) {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b Author) int {
		if db.Fold(a.Name) < db.Fold(b.Name) {
			return -1
		}
		return 1
	})
	return out, nil
}

// Recent lists the customers with whom the actor himself last had to do, for his
// own quick log.
func (s *Service) Recent(ctx context.Context, limit int) ([]customers.Face, error) {
	var out []customers.Face
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		me := auth.From(ctx).UserID
		if me == "" {
			return nil
		}
		rows, err := selectMine(ctx, r, me, 40)
		if err != nil {
			return err
		}
		byKind := map[customers.Kind][]string{}
		var order []customers.Face
		for _, t := range rows {
			f := customers.Face{Kind: customers.KindContact, ID: t.ContactID}
			if f.ID == "" {
				f = customers.Face{Kind: customers.KindAccount, ID: t.AccountID}
			}
			if !slices.Contains(order, f) {
				order, byKind[f.Kind] = append(order, f), append(byKind[f.Kind], f.ID)
			}
		}
		found := map[string]customers.Face{}
		for kind, ids := range byKind {
			faces, err := s.customers.Faces(ctx, kind, ids...)
			if err != nil {
				return err
			}
			for id, f := range faces {
				if f.Live || f.ID != f.MasterID {
					found[id] = f
				}
			}
		}
		for _, f := range order {
			if face, ok := found[f.ID]; ok && len(out) < limit {
				out = append(out, face)
			}
		}
		return nil
	})
	return out, errs.Wrap("recent customers", err)
}
