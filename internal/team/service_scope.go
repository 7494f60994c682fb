package team

import (
	"context"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// ScopeOf is the source of auth.Scope: the rows that somebody with these roles
// reads. It is read anew for each request, so it asks three short questions.
func (s *Service) ScopeOf(ctx context.Context, r db.Reader, userID string, roles []auth.Role) (auth.Scope, error) {
	o, err := organisation(ctx, r)
	if err != nil {
		return auth.Scope{}, errs.Wrap("scope", err)
	}
	places, err := selectPlace(ctx, r, userID)
	if err != nil {
		return auth.Scope{}, errs.Wrap("scope", err)
	}
	var at Place
	if len(places) > 0 {
		at = places[0]
	}
	if at.UnitID != "" {
		if at.HeadsUnits, err = selectHeadsUnits(ctx, r, userID); err != nil {
			return auth.Scope{}, errs.Wrap("scope", err)
		}
	}
	return ScopeFor(userID, roles, at, o.Reading), nil
}
