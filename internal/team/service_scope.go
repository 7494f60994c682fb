package team

import (
	"context"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// ScopeOf is the source of auth.Scope: the rows that somebody with these roles
// reads. It is read anew for each request; of the company's own settings, what
// another process saved is heard within the five seconds that revoking has.
func (s *Service) ScopeOf(ctx context.Context, r db.Reader, userID string, roles []auth.Role) (auth.Scope, error) {
	o, err := letterhead(ctx, r)
	if err != nil {
		return auth.Scope{}, errs.Wrap("scope", err)
	}
	me, err := s.self(ctx, r, userID)
	if err != nil {
		return auth.Scope{}, errs.Wrap("scope", err)
	}
	at := Place{UnitID: me.UnitID, RegionID: me.RegionID}
	if at.UnitID != "" {
		heads, err := headed(ctx, r)
		if err != nil {
			return auth.Scope{}, errs.Wrap("scope", err)
		}
		at.HeadsUnits = heads[userID]
	}
	return ScopeFor(userID, roles, at, o.Reading), nil
}

// headed gives the units that each head heads, or of which he heads a
// department.
func headed(ctx context.Context, r db.Reader) (map[string][]string, error) {
	return db.Shared(r, headsKey{}, []string{"units", "departments", "users"}, func() (map[string][]string, error) {
		rows, err := selectHeads(ctx, r)
		by := map[string][]string{}
		for _, h := range rows {
			by[h.userID] = append(by[h.userID], h.unitID)
		}
		return by, err
	})
}

// self is the line of one person, read once a request; the zero one when nobody
// has that id.
func (s *Service) self(ctx context.Context, r db.Reader, id string) (listed, error) {
	return db.Once(ctx, r, selfKey{id}, func() (listed, error) {
		rows, err := selectPeople(ctx, r, Filter{IDs: []string{id}, Everyone: true}, db.At(s.now()))
		if err != nil || len(rows) == 0 {
			return listed{}, err
		}
		return rows[0], nil
	})
}

// Self is the actor as the directory knows him, without his labels and without
// today's absence.
func (s *Service) Self(ctx context.Context) (Person, error) {
	var me listed
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if id := auth.From(ctx).UserID; id != "" {
			me, err = s.self(ctx, r, id)
		}
		return err
	})
	return me.Person, errs.Wrap("self", err)
}
