package team

import (
	"context"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/events"
)

// Service is what can be done here, in the words of those who do it. Safe for
// concurrent use.
type Service struct {
	db   *db.DB
	bus  *events.Bus
	auth *auth.Service
}

// NewService makes the service. Accounts, roles and links are those of a.
func NewService(d *db.DB, bus *events.Bus, a *auth.Service) *Service {
	return &Service{db: d, bus: bus, auth: a}
}

// Prepare brings a database to what this program expects of it: situations that
// come with the program, and a row of people for whoever was let in by other
// ways (the command line, an older release). It changes nothing that is there.
// Start-up calls it, as the system.
func (s *Service) Prepare(ctx context.Context) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := s.ensureSituations(ctx, tx); err != nil {
			return err
		}
		return s.ensurePeople(ctx, tx)
	})
	return errs.Wrap("prepare team", err)
}

func (s *Service) ensurePeople(ctx context.Context, tx db.Tx) error {
	const batch = 500
	for {
		ids, err := selectWithoutRow(ctx, tx.Reader, batch)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := insertPerson(ctx, tx, id, ""); err != nil {
				return err
			}
		}
		if err := s.writeTerms(ctx, tx, Filter{IDs: ids, Everyone: true}); err != nil {
			return err
		}
	}
}

// OnUserInvited and its like keep the rows of people beside those of users.
// The composition root registers them.
func (s *Service) OnUserInvited(ctx context.Context, tx db.Tx, f auth.UserInvited) error {
	return s.ensurePerson(ctx, tx, f.UserID)
}

// OnUserJoined makes the row of somebody let in at once.
func (s *Service) OnUserJoined(ctx context.Context, tx db.Tx, f auth.UserJoined) error {
	return s.ensurePerson(ctx, tx, f.UserID)
}

// OnUserChanged makes somebody found by his new name.
func (s *Service) OnUserChanged(ctx context.Context, tx db.Tx, f auth.UserChanged) error {
	return s.ensurePerson(ctx, tx, f.UserID)
}

func (s *Service) ensurePerson(ctx context.Context, tx db.Tx, id string) error {
	if err := insertPerson(ctx, tx, id, auth.From(ctx).UserID); err != nil {
		return err
	}
	return s.writeTerms(ctx, tx, Filter{IDs: []string{id}, Everyone: true})
}

// writeTerms writes anew the words by which the people of a filter are found.
func (s *Service) writeTerms(ctx context.Context, tx db.Tx, f Filter) error {
	rows, err := selectPeople(ctx, tx.Reader, f, tx.Now())
	if err != nil || len(rows) == 0 {
		return err
	}
	people, err := withLabels(ctx, tx.Reader, rows)
	if err != nil {
		return err
	}
	for _, p := range people {
		if err := replaceTerms(ctx, tx, p.ID, p.Words()); err != nil {
			return err
		}
	}
	return nil
}

// organisation reads the company; before the set-up there is none, and the zero
// one with UTC stands for it. A request reads it once.
func organisation(ctx context.Context, r db.Reader) (Organisation, error) {
	return db.Once(ctx, r, companyKey{}, func() (Organisation, error) { return readOrganisation(ctx, r) })
}

func readOrganisation(ctx context.Context, r db.Reader) (Organisation, error) {
	o, err := selectOrganisation(ctx, r)
	if errs.Is(err, errs.KindNotFound) {
		return Organisation{TimeZone: "UTC", Reading: ReadUnits}, nil
	}
	return o, err
}

// letterhead is the company for those who count in its zone or read as far as
// it lets them: what another process saved is seen a moment later.
func letterhead(ctx context.Context, r db.Reader) (Organisation, error) {
	return db.Shared(r, companyKey{}, []string{"organisation", "users"}, func() (Organisation, error) { return readOrganisation(ctx, r) })
}

// The keys of what is remembered.
type (
	companyKey  struct{}
	pageKey     struct{ filter string }
	outlineKey  struct{}
	choicesKey  struct{}
	offeredKey  struct{}
	headsKey    struct{}
	leadsKey    struct{}
	selfKey     struct{ id string }
	personKey   struct{ id string }
	sheetKey    struct{ id string }
	awayKey     struct{ day clock.Day }
	absencesKey struct {
		id   string
		from clock.Day
	}
)

// now is the instant by which pages are read.
func (s *Service) now() time.Time { return s.db.Clock().Now() }

// today is the day at the company's seat.
func today(o Organisation, now time.Time) clock.Day { return Today(now, o.TimeZone) }
