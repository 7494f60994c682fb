package auth

import (
	"context"
	"slices"
	"strings"
	"time"

	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// TokenPrefix begins every API token, so that leaked ones can be searched for.
const TokenPrefix = "uns_"

const (
	maxTokens    = 50                   // living ones of one person
	maxTokenLife = 366 * 24 * time.Hour // none lives for ever
	hintLen      = len(TokenPrefix) + 6
)

// APIToken is a key by which a program acts for a person. Its secret part is
// shown once, when it is made, and kept as a hash.
type APIToken struct {
	ID        string
	UserID    string
	Name      string
	Hint      string // the first characters, to recognise it by
	Scopes    []string
	CreatedAt db.Time
	ExpiresAt db.Time
	UsedAt    db.Time // exact to a minute
	RevokedAt db.Time
}

// NewToken is what is needed to make an API token.
type NewToken struct {
	Name   string
	Scopes []string      // of the policy file: read, write, admin
	Life   time.Duration // at most a year
}

// CreateToken makes an API token for the signed-in person, who must just have
// proved who he is. The secret is given this once.
func (s *Service) CreateToken(ctx context.Context, n NewToken, v Visit) (APIToken, string, error) {
	const op = "create token"
	if err := s.requireFresh(ctx); err != nil {
		return APIToken{}, "", errs.Wrap(op, err)
	}
	t, plain, err := s.createToken(ctx, From(ctx).UserID, n, v, s.stillIn)
	return t, plain, errs.Wrap(op, err)
}

// CreateTokenFor makes an API token for a person, for the command line.
func (s *Service) CreateTokenFor(ctx context.Context, userID string, n NewToken) (APIToken, string, error) {
	const op = "create token for"
	if From(ctx).Kind != System {
		return APIToken{}, "", errs.Wrap(op, errs.Forbidden(""))
	}
	t, plain, err := s.createToken(ctx, userID, n, Visit{}, func(context.Context, db.Tx) error { return nil })
	return t, plain, errs.Wrap(op, err)
}

func (s *Service) createToken(ctx context.Context, userID string, n NewToken, v Visit, check func(context.Context, db.Tx) error) (APIToken, string, error) {
	var f errs.Fields
	n.Name = strings.Join(strings.Fields(n.Name), " ")
	switch {
	case n.Name == "":
		f.Add("name", "errors.required")
	case len([]rune(n.Name)) > 100 || strings.ContainsFunc(n.Name, forbidden):
		f.Add("name", "errors.too_long", "max", 100)
	}
	scopes := slices.Clone(n.Scopes)
	slices.Sort(scopes)
	scopes = slices.Compact(scopes)
	if len(scopes) == 0 {
		f.Add("scopes", "auth.error.scope_needed")
	}
	for _, sc := range scopes {
		if !slices.Contains(s.policy.Scopes(), sc) {
			f.Add("scopes", "auth.error.scope_unknown")
		}
	}
	if n.Life <= 0 || n.Life > maxTokenLife {
		f.Add("life", "auth.error.token_life")
	}
	if err := f.Err(); err != nil {
		return APIToken{}, "", err
	}
	plain := TokenPrefix + newToken()
	t := APIToken{ID: db.NewID(), UserID: userID, Name: n.Name, Hint: plain[:hintLen], Scopes: scopes}
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := check(ctx, tx); err != nil {
			return err
		}
		u, err := selectUser(ctx, tx.Reader, userID)
		if err != nil {
			return err
		}
		if !u.Acts(tx.Now()) {
			return errs.Conflict("auth.error.disabled")
		}
		living, err := countTokens(ctx, tx.Reader, userID, tx.Now())
		if err != nil {
			return err
		}
		if living >= maxTokens {
			return errs.Conflict("auth.error.tokens_many")
		}
		t.CreatedAt, t.ExpiresAt = tx.Now(), tx.Now().Add(n.Life)
		if err := insertToken(ctx, tx, t, s.keys.Hash("token", plain)); err != nil {
			return err
		}
		return s.note(ctx, tx, LogTokenMade, userID, v, t.Name+" ("+strings.Join(scopes, ", ")+")")
	})
	return t, plain, err
}

// MyTokens lists the API tokens of the signed-in person, newest first; revoked
// and expired ones too, so that he sees what they last did.
func (s *Service) MyTokens(ctx context.Context) ([]APIToken, error) {
	const op = "my tokens"
	a := From(ctx)
	if a.Kind != Person {
		return nil, errs.Wrap(op, errs.Unauthenticated())
	}
	var rows []tokenRow
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		rows, err = selectTokens(ctx, r, a.UserID)
		return err
	})
	out := make([]APIToken, len(rows))
	for i, t := range rows {
		out[i] = t.token()
	}
	return out, errs.Wrap(op, err)
}

// RevokeToken ends an API token: one's own, or anybody's with ManagePeople.
// Another person's reads as not found.
func (s *Service) RevokeToken(ctx context.Context, id string, v Visit) error {
	const op = "revoke token"
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		a := From(ctx)
		if !a.Known() {
			return errs.Unauthenticated()
		}
		t, err := selectTokenByID(ctx, tx.Reader, id, tx.Now())
		if err == nil && (a.Kind == Token || t.UserID != a.UserID) && !a.Can(ManagePeople) {
			err = errs.NotFound("token")
		}
		if err != nil {
			return err
		}
		if err := revokeToken(ctx, tx, id); err != nil {
			return err
		}
		if err := s.note(ctx, tx, LogTokenRevoked, t.UserID, v, t.Name); err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, TokenRevoked{TokenID: id, UserID: t.UserID})
	})
	return errs.Wrap(op, err)
}

// revokeTokens ends all API tokens of a person.
func (s *Service) revokeTokens(ctx context.Context, tx db.Tx, userID string) error {
	ids, err := revokeTokensOf(ctx, tx, userID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.bus.Publish(ctx, tx, TokenRevoked{TokenID: id, UserID: userID}); err != nil {
			return err
		}
	}
	return nil
}

// ResolveToken tells who acts by an API token: the person with the rights he has
// now, narrowed to the token's scopes. An unknown, expired or revoked token, or
// one of somebody who may not act, is KindUnauthenticated, and KindThrottled
// after too many from one place. A token that is right is never held up by
// those that are not.
func (s *Service) ResolveToken(ctx context.Context, plain string, v Visit) (Actor, error) {
	const op = "resolve token"
	a, t, err := s.resolveToken(ctx, plain)
	if errs.Is(err, errs.KindUnauthenticated) && t.ID == "" { // the token of somebody who may not act is no guess
		if _, full := s.take(ctx, []bucket{{s.bucketID("token", "address", place(v.IP)), perWrongToken()}}); full != nil {
			err = full
		}
	}
	if err != nil {
		return Actor{}, errs.Wrap(op, err)
	}
	if s.now().Sub(t.UsedAt) > touchEvery {
		if err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error { return touchToken(ctx, tx, t.ID) }); err != nil {
			s.log.Warn("auth: the use of a token could not be noted", "error", err.Error())
		}
	}
	return a, nil
}

func perWrongToken() []limit {
	return []limit{{20, 5 * time.Minute}, {100, time.Hour}, {300, 24 * time.Hour}}
}

func (s *Service) resolveToken(ctx context.Context, plain string) (a Actor, t tokenRow, err error) {
	if !strings.HasPrefix(plain, TokenPrefix) || len(plain) > 100 {
		return a, t, errs.Unauthenticated()
	}
	err = s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		var u userRow
		var err error
		if t, u, err = selectToken(ctx, r, s.keys.Hash("token", plain)); err != nil {
			if errs.Is(err, errs.KindNotFound) {
				err = errs.Unauthenticated()
			}
			return err
		}
		if !t.RevokedAt.IsZero() || t.ExpiresAt <= s.now() {
			return errs.Unauthenticated()
		}
		a, err = s.actor(ctx, r, Actor{Kind: Token, TokenID: t.ID}, u.User, strings.Fields(t.scopes))
		if err == nil && a.Kind == Anonymous {
			err = errs.Unauthenticated()
		}
		return err
	})
	return a, t, err
}
