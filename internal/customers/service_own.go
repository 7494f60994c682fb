package customers

import (
	"context"
	"slices"
	"strings"
	"time"

	"unisson/internal/platform/audit"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// unusedAfter is how long nobody filters, lists or exports an own field before
// it is proposed for removal.
const unusedAfter = 90 * 24 * time.Hour

// OwnField is an own field with its use.
type OwnField struct {
	CustomField
	Filled int  // records that have a value; ownMost+1 means more
	Unused bool // nobody used it for 90 days: proposed for removal
}

// OwnFields lists the organisation's own fields of a kind in their order,
// archived ones last.
func (s *Service) OwnFields(ctx context.Context, k Kind) ([]OwnField, error) {
	var out []OwnField
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		all, err := selectCustomFields(ctx, r, k)
		if err != nil {
			return err
		}
		use, err := selectOwnUse(ctx, r, k)
		if err != nil {
			return err
		}
		now := s.db.Clock().Now()
		for _, c := range all {
			last := max(c.UsedAt, use[c.ID].createdAt)
			out = append(out, OwnField{CustomField: c, Filled: use[c.ID].filled, Unused: c.ArchivedAt.IsZero() && now.Sub(last.Go()) > unusedAfter})
		}
		slices.SortStableFunc(out, func(a, b OwnField) int { return archived(a) - archived(b) })
		return nil
	})
	return out, errs.Wrap("own fields", err)
}

func archived(f OwnField) int {
	if f.ArchivedAt.IsZero() {
		return 0
	}
	return 1
}

// OwnField reads one definition.
func (s *Service) OwnField(ctx context.Context, id string) (CustomField, error) {
	var out CustomField
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		out, err = selectCustomField(ctx, r, id)
		return err
	})
	return out, errs.Wrap("own field", err)
}

// AddOwnField makes a field of the organisation's own; without a code it gets
// one from its English name.
func (s *Service) AddOwnField(ctx context.Context, c CustomField) (string, error) {
	c.ID = db.NewID()
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayShape); err != nil {
			return err
		}
		c.tidy()
		if c.Code == "" {
			c.Code = CodeFor(c.NameEN)
		}
		if err := c.Validate(); err != nil {
			return err
		}
		all, err := selectCustomFields(ctx, tx.Reader, c.Kind)
		if err != nil {
			return err
		}
		for _, other := range all {
			if other.Code == c.Code {
				return errs.Invalid(errs.Field{Name: "code", Code: "customers.own.errors.taken"})
			}
			c.Place = max(c.Place, other.Place+1)
		}
		if err := insertCustomField(ctx, tx, c, auth.From(ctx).UserID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Change{Action: "customers.field.added", Kind: "field", ID: c.ID, Name: c.NameEN})
	})
	return c.ID, errs.Wrap("add a field", err)
}

func (c *CustomField) tidy() {
	for _, s := range []*string{&c.NameEN, &c.NameFR, &c.WhyEN, &c.WhyFR, &c.Code} {
		*s = line(*s)
	}
	c.Choices = lines(strings.Join(c.Choices, "\n"))
	if c.Type != Choice && c.Type != Choices {
		c.Choices = nil
	}
}

// ChangeOwnField writes names, choices, reader and reason of a field against
// the version it was read at. Its kind, code and type stay.
func (s *Service) ChangeOwnField(ctx context.Context, c CustomField) error {
	return s.turnOwn(ctx, c.ID, "customers.field.changed", func(stands *CustomField) error {
		if c.Version != stands.Version {
			return errs.Stale(nil)
		}
		stands.NameEN, stands.NameFR, stands.Choices, stands.Reader, stands.WhyEN, stands.WhyFR = c.NameEN, c.NameFR, c.Choices, c.Reader, c.WhyEN, c.WhyFR
		stands.tidy()
		return stands.Validate()
	})
}

// ArchiveOwnField takes a field out of forms, lists and files; its values stay,
// and come back with it.
func (s *Service) ArchiveOwnField(ctx context.Context, id string) error {
	return s.turnOwn(ctx, id, "customers.field.archived", func(c *CustomField) error {
		if c.ArchivedAt.IsZero() {
			c.ArchivedAt = db.At(s.db.Clock().Now())
		}
		return nil
	})
}

// RestoreOwnField brings an archived field back.
func (s *Service) RestoreOwnField(ctx context.Context, id string) error {
	return s.turnOwn(ctx, id, "customers.field.restored", func(c *CustomField) error {
		c.ArchivedAt = 0
		return nil
	})
}

func (s *Service) turnOwn(ctx context.Context, id, action string, turn func(c *CustomField) error) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayShape); err != nil {
			return err
		}
		c, err := selectCustomField(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		version := c.Version
		if err := turn(&c); err != nil {
			return err
		}
		ok, err := updateCustomField(ctx, tx, c, version, auth.From(ctx).UserID)
		if err == nil && !ok {
			err = errs.Stale(nil)
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Change{Action: action, Kind: "field", ID: id, Name: c.NameEN})
	})
	return errs.Wrap("change a field", err)
}

// MoveOwnField puts a field one place up or down among those of its kind.
func (s *Service) MoveOwnField(ctx context.Context, id string, down bool) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayShape); err != nil {
			return err
		}
		c, err := selectCustomField(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		all, err := selectCustomFields(ctx, tx.Reader, c.Kind)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(slices.Clone(all), func(x CustomField) bool { return !x.ArchivedAt.IsZero() })
		at := slices.IndexFunc(all, func(x CustomField) bool { return x.ID == id })
		to := at - 1
		if down {
			to = at + 1
		}
		if at < 0 || to < 0 || to >= len(all) {
			return nil
		}
		all[at], all[to] = all[to], all[at]
		for i, x := range all {
			if x.Place == int64(i) {
				continue
			}
			version := x.Version
			x.Place = int64(i)
			if _, err := updateCustomField(ctx, tx, x, version, auth.From(ctx).UserID); err != nil {
				return err
			}
		}
		return nil
	})
	return errs.Wrap("move a field", err)
}
