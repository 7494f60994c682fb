package auth

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// FactorRolesSetting names the roles whose holders must have a second factor,
// separated by spaces.
const FactorRolesSetting = "auth_factor_roles"

// Resolve tells who acts in a request that passed Sessions. It reads the person
// as he stands at this instant: a right taken away, a disabled or expired
// account, a revoked session are gone with the next request. Nobody is the
// anonymous actor, not an error.
func (s *Service) Resolve(r *http.Request) (Actor, error) {
	ctx := r.Context()
	v := visitOf(ctx)
	if v == nil {
		return Actor{}, nil
	}
	if v.err != nil {
		return Actor{}, errs.Wrap("resolve", v.err)
	}
	if v.user == nil {
		return Actor{}, nil
	}
	a := Actor{Kind: Person, SessionID: v.row.id}
	err := s.db.Read(ctx, func(ctx context.Context, rd db.Reader) (err error) {
		a, err = s.actor(ctx, rd, a, v.user.User, nil)
		return err
	})
	return a, errs.Wrap("resolve", err)
}

// actor makes the actor of a person, or nobody when he may not act now. scopes
// are those of an API token.
func (s *Service) actor(ctx context.Context, r db.Reader, a Actor, u User, scopes []string) (Actor, error) {
	if !u.Acts(s.now()) {
		return Actor{}, nil
	}
	if !u.HasFactor {
		owed, err := s.owesFactor(ctx, r, u)
		if err != nil || owed {
			return Actor{}, err
		}
	}
	a.UserID, a.Name, a.Roles, a.Prefs = u.ID, u.Name(), u.Roles, u.Prefs
	a.Scope = Scope{UserID: u.ID, OwnOnly: true}
	if s.scope != nil {
		var err error
		if a.Scope, err = s.scope(ctx, r, u.ID, u.Roles); err != nil {
			return Actor{}, err
		}
	}
	a.perms = s.granted(a.Kind, u.Roles, scopes)
	return a, nil
}

// granted gives the permissions of roles, narrowed to the scopes of a token.
// The policy does not change while the program runs, so each set is made once.
func (s *Service) granted(k Kind, roles []Role, scopes []string) map[Permission]bool {
	var key strings.Builder
	for _, r := range roles {
		key.WriteString(string(r) + " ")
	}
	if k == Token {
		key.WriteString("/" + strings.Join(scopes, " "))
	}
	if known, ok := s.grants.Load(key.String()); ok {
		return known.(map[Permission]bool)
	}
	perms := s.policy.OfRoles(roles)
	if k == Token {
		perms = s.policy.OfToken(roles, scopes)
	}
	made := NewActor(Actor{}, perms).perms
	s.grants.Store(key.String(), made)
	return made
}

// owesFactor tells whether the organisation demands a second factor of one of
// the person's roles. Whoever asks knows that he has none.
func (s *Service) owesFactor(ctx context.Context, r db.Reader, u User) (bool, error) {
	text, err := db.Setting(ctx, r, FactorRolesSetting)
	if err != nil || text == "" {
		return false, err
	}
	demanded := strings.Fields(text)
	return slices.ContainsFunc(u.Roles, func(r Role) bool { return slices.Contains(demanded, string(r)) }), nil
}

// FactorRoles lists the roles whose holders must have a second factor.
func (s *Service) FactorRoles(ctx context.Context) ([]Role, error) {
	var out []Role
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		text, err := db.Setting(ctx, r, FactorRolesSetting)
		for _, w := range strings.Fields(text) {
			out = append(out, Role(w))
		}
		return err
	})
	return out, err
}

// DemandFactor makes a second factor a duty of these roles. Who has none yet is
// asked to set it up at once: his open sessions and tokens stop until he does.
func (s *Service) DemandFactor(ctx context.Context, roles []Role) error {
	const op = "demand second factor"
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := Require(ctx, ManagePeople); err != nil {
			return err
		}
		var f errs.Fields
		words := make([]string, len(roles))
		for i, r := range roles {
			if words[i] = string(r); !slices.Contains(s.policy.Roles(), r) {
				f.Add("roles", "auth.error.role_unknown", "role", string(r))
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		return db.SetSetting(ctx, tx, FactorRolesSetting, strings.Join(words, " "))
	})
	return errs.Wrap(op, err)
}

// Recheck reads anew who acts, for what outlives a request: a live feed, a
// running export. It fails with KindUnauthenticated once the person, the
// session or the token no longer stands, so that a revocation ends it.
func (s *Service) Recheck(ctx context.Context, a Actor) (Actor, error) {
	const op = "recheck"
	if a.Kind == System || a.Kind == Anonymous {
		return a, nil
	}
	var now Actor
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		var u userRow
		var scopes []string
		var err error
		if a.Kind == Token {
			var t tokenRow
			if t, err = selectTokenByID(ctx, r, a.TokenID, s.now()); err == nil {
				scopes = strings.Fields(t.scopes)
				u, err = selectUser(ctx, r, t.UserID)
			}
		} else {
			var p *userRow
			if _, p, err = selectSession(ctx, r, a.SessionID, s.now()); err == nil && p != nil {
				u = *p
			}
		}
		if errs.Is(err, errs.KindNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		now, err = s.actor(ctx, r, Actor{Kind: a.Kind, SessionID: a.SessionID, TokenID: a.TokenID, RequestID: a.RequestID}, u.User, scopes)
		return err
	})
	if err == nil && now.Kind == Anonymous {
		err = errs.Unauthenticated()
	}
	return now, errs.Wrap(op, err)
}

// ActFor gives a context in which the program acts for a person, with his
// rights as they stand now: jobs and schedules work in his name. It fails with
// KindUnauthenticated when he may no longer act.
func (s *Service) ActFor(ctx context.Context, userID string) (context.Context, error) {
	const op = "act for a person"
	var a Actor
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		u, err := selectUser(ctx, r, userID)
		if errs.Is(err, errs.KindNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		a, err = s.actor(ctx, r, Actor{Kind: Person}, u.User, nil)
		return err
	})
	if err == nil && a.Kind == Anonymous {
		err = errs.Unauthenticated()
	}
	return With(ctx, a), errs.Wrap(op, err)
}
