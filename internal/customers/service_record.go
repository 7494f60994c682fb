package customers

import (
	"context"
	"maps"
	"slices"
	"time"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/edits"
	"unisson/internal/platform/errs"
	"unisson/internal/team"
)

// Conflict is what errs.Stale carries when two people changed one field
// differently: nothing was saved, and nothing of either is lost.
type Conflict struct {
	Version int64             // to save against, once chosen
	Merged  map[string]string // all fields, theirs where they clash
	Clashes []edits.Clash
}

// undoFor is how long a change may be undone from its toast and its history.
const undoFor = 90 * 24 * time.Hour

// Sheet is a record as a page shows it.
type Sheet struct {
	*Record
	Schema  *Schema
	CanEdit bool
}

// Record reads a record that the actor may read. The id of a merged record
// gives its master. A restricted one is for the privacy role alone.
func (s *Service) Record(ctx context.Context, k Kind, id string) (Sheet, error) {
	var out Sheet
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if err = auth.Require(ctx, MayRead); err != nil {
			return err
		}
		if out.Record, err = s.record(ctx, r, k, id); err != nil {
			return err
		}
		if out.MasterID != out.ID {
			if out.Record, err = s.record(ctx, r, k, out.MasterID); err != nil {
				return err
			}
		}
		if out.Schema, err = schema(ctx, r, k); err != nil {
			return err
		}
		out.CanEdit, err = s.may(ctx, r, out.Record)
		return err
	})
	return out, errs.Wrap("read "+string(k), err)
}

func (s *Service) record(ctx context.Context, r db.Reader, k Kind, id string) (*Record, error) {
	a := auth.From(ctx)
	recs, err := selectRecords(ctx, r, a.Scope, k, []string{id})
	if err != nil {
		return nil, err
	}
	if len(recs) == 0 || !recs[0].Erased.IsZero() || (!recs[0].Restricted.IsZero() && !a.Can(MayRestrict)) {
		return nil, errs.NotFound(string(k))
	}
	return recs[0], nil
}

// Create makes a record from what somebody typed, and gives its id. Whoever
// makes it becomes its owner on his side where none is named; a contact takes
// owners, region and unit of its account. Somebody who asked to be forgotten is
// refused: see CreateReturning.
func (s *Service) Create(ctx context.Context, k Kind, in Values) (string, error) {
	return s.CreateReturning(ctx, k, in, "")
}

// CreateReturning is Create, with the words of the author on how a person who
// was forgotten came back by himself; they are kept as the proof of it.
func (s *Service) CreateReturning(ctx context.Context, k Kind, in Values, back string) (string, error) {
	id := db.NewID()
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayEdit); err != nil {
			return err
		}
		sch, err := schema(ctx, tx.Reader, k)
		if err != nil {
			return err
		}
		v, err := s.clean(ctx, tx.Reader, sch, in)
		if err != nil {
			return err
		}
		if err := s.inherit(ctx, tx.Reader, k, v); err != nil {
			return err
		}
		s.own(ctx, v)
		if err := s.remember(ctx, tx, sch, id, v, back); err != nil {
			return err
		}
		rec := &Record{ID: id, Kind: k, MasterID: id, Values: v, Version: 1,
			CreatedAt: tx.Now(), CreatedBy: auth.From(ctx).UserID, UpdatedAt: tx.Now(), UpdatedBy: auth.From(ctx).UserID}
		if err := s.insert(ctx, tx, sch, []*Record{rec}); err != nil {
			return err
		}
		return s.noteRefusals(ctx, tx, k, id, Values{}, v)
	})
	return id, errs.Wrap("create "+string(k), err)
}

// insert writes new records, makes them findable and tells of them.
func (s *Service) insert(ctx context.Context, tx db.Tx, sch *Schema, recs []*Record) error {
	if err := insertRecords(ctx, tx, sch, recs); err != nil {
		return err
	}
	if err := s.index(ctx, tx, sch.Kind, recs); err != nil {
		return err
	}
	return s.bus.Publish(ctx, tx, RecordsSaved{Kind: sch.Kind, Created: ids(recs)})
}

func ids(recs []*Record) []string {
	out := make([]string, len(recs))
	for i, r := range recs {
		out[i] = r.ID
	}
	return out
}

// clean reads what was typed and checks it whole.
func (s *Service) clean(ctx context.Context, r db.Reader, sch *Schema, in Values) (Values, error) {
	org, err := s.team.Organisation(ctx)
	if err != nil {
		return nil, err
	}
	v, wrong := Cleaner{Schema: sch, Country: org.Country}.Clean(in)
	complete(sch.Kind, v)
	wrong = append(wrong, errs.FieldsOf(Check(sch.Kind, v))...)
	missing, err := s.dangling(ctx, r, sch, v)
	if err != nil {
		return nil, err
	}
	wrong = append(wrong, missing...)
	return v, wrong.Err()
}

// dangling tells which values point to nothing that the actor may see.
func (s *Service) dangling(ctx context.Context, r db.Reader, sch *Schema, v Values) (errs.Fields, error) {
	var wrong errs.Fields
	people := map[string]bool{}
	var units, regions bool
	for _, f := range sch.Fields {
		if f.Set && v[f.Name] != "" {
			switch f.Type {
			case Person:
				people[v[f.Name]] = true
			case Unit:
				units = true
			case Region:
				regions = true
			}
		}
	}
	known := map[string]bool{}
	if len(people) > 0 {
		found, err := s.team.People(ctx, slices.Sorted(maps.Keys(people)))
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			known[p.ID] = true
		}
	}
	if units || regions {
		_, st, err := s.team.Company(ctx)
		if err != nil {
			return nil, err
		}
		for _, u := range st.Units {
			known[u.ID] = true
		}
		for _, g := range st.Regions {
			known[g.ID] = true
		}
	}
	for _, f := range sch.Fields {
		id := v[f.Name]
		if !f.Set || id == "" {
			continue
		}
		ok := true
		switch f.Type {
		case Person, Unit, Region:
			ok = known[id]
		case Account:
			found, err := selectRecords(ctx, r, auth.From(ctx).Scope, KindAccount, []string{id})
			if err != nil {
				return nil, err
			}
			ok = len(found) == 1 && found[0].Erased.IsZero()
		}
		if !ok {
			wrong.Add(f.Name, "customers.errors.choose")
		}
	}
	return wrong, nil
}

// inherit gives a contact what its account has and it lacks.
func (s *Service) inherit(ctx context.Context, r db.Reader, k Kind, v Values) error {
	if k != KindContact || v["account"] == "" {
		return nil
	}
	found, err := selectRecords(ctx, r, auth.From(ctx).Scope, KindAccount, []string{v["account"]})
	if err != nil || len(found) == 0 {
		return err
	}
	inheritFrom(v, found[0].Values)
	return nil
}

// inheritFrom copies whose and where from an account to a contact that says
// nothing of it.
func inheritFrom(v, account Values) {
	for _, f := range []string{"sales", "marketing", "region", "unit", "language", "country"} {
		if v[f] == "" && account[f] != "" {
			v[f] = account[f]
		}
	}
}

// own makes the actor the owner on his side, where there is none.
func (s *Service) own(ctx context.Context, v Values) { ownAs(auth.From(ctx), v) }

func ownAs(a auth.Actor, v Values) {
	switch {
	case a.UserID == "":
	case a.Has(team.Salesperson) && v["sales"] == "":
		v["sales"] = a.UserID
	case a.Has(team.Marketer) && v["marketing"] == "":
		v["marketing"] = a.UserID
	}
}
