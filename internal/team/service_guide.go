package team

import (
	"context"
	"slices"

	"unisson/internal/platform/audit"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Answer is a situation with the people to involve.
type Answer struct {
	Situation Situation
	Question  Question // completed: the region's name and country
	Proposals []Proposal
}

// WhoToInvolve answers a question: for each situation that applies, who is to be
// involved and why. Pages of other capabilities ask with On and what their
// record knows; the guide asks with Situation. An unknown situation is not
// found; no situation that applies is no answer.
func (s *Service) WhoToInvolve(ctx context.Context, q Question) ([]Answer, error) {
	var out []Answer
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		all, err := selectSituations(ctx, r)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(sit Situation) bool { return !sit.AppliesTo(q) })
		if len(all) == 0 {
			if q.Situation != "" {
				return errs.NotFound("situation")
			}
			return nil
		}
		if q, err = completeQuestion(ctx, r, q); err != nil {
			return err
		}
		people, err := s.candidates(ctx, r, all)
		if err != nil {
			return err
		}
		for _, sit := range all {
			out = append(out, Answer{Situation: sit, Question: q, Proposals: Propose(sit, q, people, s.now())})
		}
		return nil
	})
	return out, errs.Wrap("who to involve", err)
}

// candidates reads who works here and could be meant: for one situation only
// those of its rule, else everybody.
func (s *Service) candidates(ctx context.Context, r db.Reader, all []Situation) ([]Person, error) {
	var f Filter
	if len(all) == 1 {
		f.Rule = &all[0].Rule
	}
	rows, err := selectPeople(ctx, r, f, db.At(s.now()))
	if err != nil {
		return nil, err
	}
	return s.complete(ctx, r, rows)
}

// completeQuestion names the region; a region that is not there is nobody's.
func completeQuestion(ctx context.Context, r db.Reader, q Question) (Question, error) {
	if q.RegionID == "" {
		return q, nil
	}
	regions, err := selectRegions(ctx, r)
	g := Structure{Regions: regions}.Region(q.RegionID)
	q.RegionName, q.Country = g.Name, g.Country
	if g.ID == "" {
		q.RegionID = ""
	}
	return q, err
}

// Situations lists the catalogue; those put aside only to who may edit it.
func (s *Service) Situations(ctx context.Context) ([]Situation, error) {
	var all []Situation
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		all, err = selectSituations(ctx, r)
		return err
	})
	if !auth.From(ctx).Can(MayEditSituations) {
		all = slices.DeleteFunc(all, func(sit Situation) bool { return !sit.Active })
	}
	return all, errs.Wrap("situations", err)
}

// SituationsOffered lists the lines of the catalogue that stand, for a list to
// choose from. What another process saved is seen a moment later.
func (s *Service) SituationsOffered(ctx context.Context) ([]Situation, error) {
	var all []Situation
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		all, err = db.Shared(r, offeredKey{}, []string{"situations", "users"}, func() ([]Situation, error) {
			all, err := selectSituations(ctx, r)
			return slices.DeleteFunc(all, func(sit Situation) bool { return !sit.Active }), err
		})
		return err
	})
	return all, errs.Wrap("situations offered", err)
}

// Situation reads one line of the catalogue by id or code.
func (s *Service) Situation(ctx context.Context, id string) (Situation, error) {
	var sit Situation
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		sit, err = selectSituation(ctx, r, id)
		if err == nil && !sit.Active && !auth.From(ctx).Can(MayEditSituations) {
			err = errs.NotFound("situation")
		}
		return err
	})
	return sit, errs.Wrap("situation", err)
}

// SaveSituation makes a line of the catalogue (an empty ID) or changes one. It
// gives the id. Another version than the one read is errs.Stale with the
// Situation that stands.
func (s *Service) SaveSituation(ctx context.Context, sit Situation) (string, error) {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayEditSituations); err != nil {
			return err
		}
		wrong := errs.Fields(errs.FieldsOf(sit.Validate()))
		if id := sit.Rule.PersonID; id != "" {
			rows, err := selectPeople(ctx, tx.Reader, Filter{IDs: []string{id}}, tx.Now())
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				wrong.Add("person", "team.errors.choose")
			}
		}
		if err := wrong.Err(); err != nil {
			return err
		}
		by := auth.From(ctx).UserID
		if sit.ID == "" {
			place, err := lastPlace(ctx, tx.Reader)
			if err != nil {
				return err
			}
			sit.ID, sit.Code, sit.Edited = db.NewID(), "", true
			if err := insertSituation(ctx, tx, sit, place+1, by); err != nil {
				return err
			}
			return s.tellSituation(ctx, tx, nil, sit)
		}
		before, err := selectSituation(ctx, tx.Reader, sit.ID)
		if err != nil {
			return err
		}
		sit.ID, sit.Code, sit.Edited = before.ID, before.Code, true
		if err := must(updateSituation(ctx, tx, sit, by))(before); err != nil {
			return err
		}
		return s.tellSituation(ctx, tx, &before, sit)
	})
	return sit.ID, errs.Wrap("save situation", err)
}

func (s *Service) tellSituation(ctx context.Context, tx db.Tx, before *Situation, sit Situation) error {
	c := audit.Change{Action: "team.situation.changed", Kind: "situation", ID: sit.ID, Name: sit.NameEN}
	for side, at := range map[*any]*Situation{&c.Before: before, &c.After: &sit} {
		if at == nil {
			continue
		}
		var people []listed
		if at.Rule.PersonID != "" {
			var err error
			if people, err = selectPeople(ctx, tx.Reader, Filter{IDs: []string{at.Rule.PersonID}, Everyone: true}, 0); err != nil {
				return err
			}
		}
		note := at.noted()
		for _, p := range people {
			note["person"] = p.Name()
		}
		*side = note
	}
	return audit.Record(ctx, tx, c)
}

// noted is the situation as the journal of changes keeps it.
func (s Situation) noted() map[string]any {
	r := s.Rule
	return map[string]any{"name_en": s.NameEN, "name_fr": s.NameFR, "moment_en": s.MomentEN, "moment_fr": s.MomentFR,
		"reason_en": s.ReasonEN, "reason_fr": s.ReasonFR, "active": s.Active, "on": texts(r.On), "tiers": texts(r.Tiers), "types": texts(r.Types),
		"person": "", "roles": texts(r.Roles), "kinds": texts(r.Kinds), "orientation": string(r.Orientation), "heads_only": r.Head, "skills": texts(r.Skills),
		"covers": r.Covers, "serves": r.Serves, "near": string(r.Near), "count": max(r.Count, 1)}
}

// ensureSituations writes the situations that come with the program and are not
// there yet, and brings those that nobody edited to its wording.
func (s *Service) ensureSituations(ctx context.Context, tx db.Tx) error {
	defaults, err := DefaultSituations()
	if err != nil {
		return err
	}
	have, err := selectSituations(ctx, tx.Reader)
	if err != nil {
		return err
	}
	for i, d := range defaults {
		at := slices.IndexFunc(have, func(h Situation) bool { return h.Code == d.Code })
		if at < 0 {
			d.ID = db.NewID()
			if err := insertSituation(ctx, tx, d, (i+1)*10, ""); err != nil {
				return err
			}
			continue
		}
		h := have[at]
		d.ID, d.Active, d.Changed = h.ID, h.Active, h.Changed
		if h.Edited || sameSituation(h, d) {
			continue
		}
		if _, err := updateSituation(ctx, tx, d, ""); err != nil {
			return err
		}
	}
	return nil
}
