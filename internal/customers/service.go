package customers

import (
	"context"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/events"
	"unisson/internal/platform/registry"
	"unisson/internal/team"
)

// Hasher gives the keyed hash of a text, so that who is forgotten is known
// again without being named. purpose separates uses.
type Hasher interface {
	Hash(purpose, text string) string
}

// Service is what can be done with customers, in the words of those who do it.
// Safe for concurrent use.
type Service struct {
	db   *db.DB
	bus  *events.Bus
	team *team.Service
	keys Hasher

	claims []Claim // who may have something about records

	holders []registry.Holder // other capabilities that keep data about contacts
}

// NewService makes the service.
func NewService(d *db.DB, bus *events.Bus, t *team.Service, keys Hasher) *Service {
	return &Service{db: d, bus: bus, team: t, keys: keys}
}

// Schema gives the fields of a kind as they stand.
func (s *Service) Schema(ctx context.Context, k Kind) (*Schema, error) {
	var out *Schema
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		out, err = schema(ctx, r, k)
		return err
	})
	return out, errs.Wrap("fields", err)
}

func schema(ctx context.Context, r db.Reader, k Kind) (*Schema, error) {
	type key struct{ kind Kind }
	// Every list, form and page begins with it; a write transaction reads it anew.
	own, err := db.Shared(r, key{k}, []string{"custom_fields"}, func() ([]CustomField, error) { return selectCustomFields(ctx, r, k) })
	return NewSchema(k, own), err
}

// may tells who acts whether a record is his to change: as one of its owners or
// as their deputy, as a head, or because it has no owner yet.
func (s *Service) may(ctx context.Context, r db.Reader, rec *Record) (bool, error) {
	a := auth.From(ctx)
	if a.Can(MayEditAny) {
		return true, nil
	}
	if !a.Can(MayEdit) {
		return false, nil
	}
	owners := []string{rec.Values["sales"], rec.Values["marketing"]}
	if owners[0] == "" && owners[1] == "" {
		return true, nil
	}
	if a.UserID != "" && (owners[0] == a.UserID || owners[1] == a.UserID) {
		return true, nil
	}
	for _, o := range owners {
		if o == "" || a.UserID == "" {
			continue
		}
		// StandsInFor names the absent people whom somebody replaces today.
		absent, err := s.team.StandsInFor(ctx, r, a.UserID)
		if err != nil {
			return false, err
		}
		for _, id := range absent {
			if id == owners[0] || id == owners[1] {
				return true, nil
			}
		}
		break
	}
	return false, nil
}
