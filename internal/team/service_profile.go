package team

import (
	"context"
	"slices"
	"time"

	"unisson/internal/platform/audit"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Sheet is a profile as its form shows it.
type Sheet struct {
	PersonID  string
	Profile   Profile
	Changed   Changed
	Confirmed time.Time
	CanPlace  bool // department, unit, region and manager may be changed
	CanName   bool // the name may be changed
}

// ProfileConflict is what errs.Stale carries when two people changed one field
// differently: nothing was saved, and nothing of either is lost.
type ProfileConflict struct {
	Version int64             // to save against, once chosen
	Merged  map[string]string // all fields, theirs where they clash
	Clashes []Clash
}

// undoFor is how long the toast's undo is honoured.
const undoFor = time.Hour

// Sheet reads a profile that the actor may edit.
func (s *Service) Sheet(ctx context.Context, id string) (Sheet, error) {
	var out Sheet
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		row, err := s.editable(ctx, r, id)
		if err != nil {
			return err
		}
		own := auth.From(ctx).UserID == id
		out = Sheet{PersonID: id, Profile: row.Profile, Changed: row.Changed, Confirmed: row.Confirmed.Go(),
			CanPlace: auth.From(ctx).Can(MayEditPeople), CanName: own || auth.From(ctx).Can(MayManagePeople)}
		return nil
	})
	return out, errs.Wrap("profile", err)
}

// editable reads a profile that the actor may edit: his own, or anybody's he
// may see with the permission to edit people.
func (s *Service) editable(ctx context.Context, r db.Reader, id string) (sheet, error) {
	a := auth.From(ctx)
	if !a.Known() {
		return sheet{}, errs.Unauthenticated()
	}
	if _, err := s.person(ctx, r, id); err != nil {
		return sheet{}, err
	}
	if a.UserID != id {
		if err := auth.Require(ctx, MayEditPeople); err != nil {
			return sheet{}, err
		}
	}
	return selectSheet(ctx, r, id)
}

// SaveProfile saves what was sent against the version it was read at, and gives
// the new version; the same version when nothing was different. Fields that
// the actor may not change are left as they stand. A clash is errs.Stale with a
// ProfileConflict; everything else that others changed meanwhile is kept.
func (s *Service) SaveProfile(ctx context.Context, id string, version int64, mine Profile) (int64, error) {
	var saved int64
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		row, err := s.editable(ctx, tx.Reader, id)
		if err != nil {
			return err
		}
		since, err := selectEditsSince(ctx, tx.Reader, id, version)
		if err != nil {
			return err
		}
		theirs := row.Values()
		base := Rewind(theirs, since)
		if int64(len(since)) != row.Changed.Version-version {
			base = nil // too old to tell who changed what: every difference is shown
		}
		sent := s.allowed(ctx, id, mine.Values(), theirs, base)
		merged, clashes := Merge(ProfileFields(), base, sent, theirs, since)
		if len(clashes) > 0 {
			return errs.Stale(&ProfileConflict{Version: row.Changed.Version, Merged: merged, Clashes: clashes})
		}
		saved, err = s.writeProfile(ctx, tx, id, row, merged)
		return err
	})
	return saved, errs.Wrap("save profile", err)
}

// allowed puts back what the actor may not change, as he had read it.
func (s *Service) allowed(ctx context.Context, id string, sent, theirs, base map[string]string) map[string]string {
	if base == nil {
		base = theirs
	}
	a := auth.From(ctx)
	if !a.Can(MayEditPeople) {
		for _, f := range placed() {
			sent[f] = base[f]
		}
	}
	if a.UserID != id && !a.Can(MayManagePeople) {
		sent["given"], sent["family"] = base["given"], base["family"]
	}
	return sent
}

// writeProfile saves merged values over a row as read in this transaction.
func (s *Service) writeProfile(ctx context.Context, tx db.Tx, id string, row sheet, merged map[string]string) (int64, error) {
	edits := Diff(ProfileFields(), row.Values(), merged)
	own := auth.From(ctx).UserID == id
	if own {
		if err := updateConfirmed(ctx, tx, id); err != nil {
			return 0, err
		}
	}
	if len(edits) == 0 {
		return row.Changed.Version, nil
	}
	p, err := ProfileOf(merged)
	if err == nil {
		err = s.checkProfile(ctx, tx.Reader, id, p)
	}
	if err != nil {
		return 0, err
	}
	if p.Given != row.Given || p.Family != row.Family {
		if err := s.rename(ctx, tx, id, row, p); err != nil {
			return 0, err
		}
	}
	by := auth.From(ctx)
	ok, err := updatePerson(ctx, tx, id, p, row.Changed.Version, by.UserID)
	if err == nil && !ok {
		err = errs.Stale(nil) // somebody wrote between our read and our write
	}
	if err != nil {
		return 0, err
	}
	if err := saveLabels(ctx, tx, id, row.Profile, p); err != nil {
		return 0, err
	}
	if err := s.writeTerms(ctx, tx, Filter{IDs: []string{id}, Everyone: true}); err != nil {
		return 0, err
	}
	after, err := selectSheet(ctx, tx.Reader, id) // labels are kept in their first spelling
	if err != nil {
		return 0, err
	}
	edits = Diff(ProfileFields(), row.Values(), after.Values())
	version := after.Changed.Version
	if err := insertEdit(ctx, tx, ProfileEdit{PersonID: id, Version: version, ByID: by.UserID, By: by.Name, Edits: edits}); err != nil {
		return 0, err
	}
	return version, s.tellProfile(ctx, tx, id, p.Given+" "+p.Family, edits)
}

// rename changes the name in users, which platform/auth owns.
func (s *Service) rename(ctx context.Context, tx db.Tx, id string, row sheet, p Profile) error {
	u, err := s.auth.User(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.auth.ChangeProfile(ctx, id, row.UserVersion, auth.ProfileChange{Email: u.Email, GivenName: p.Given, FamilyName: p.Family})
	return err
}

func saveLabels(ctx context.Context, tx db.Tx, id string, before, after Profile) error {
	for _, l := range []struct {
		kind          LabelKind
		before, after []string
	}{
		{Language, before.Languages, after.Languages}, {Skill, before.Skills, after.Skills},
		{Covers, before.Products, after.Products}, {Segment, before.Segments, after.Segments},
	} {
		if slices.Equal(l.before, l.after) {
			continue
		}
		if err := replaceLabels(ctx, tx, id, l.kind, l.after); err != nil {
			return err
		}
	}
	return nil
}

// checkProfile adds to the profile's own rules that what it points to exists.
func (s *Service) checkProfile(ctx context.Context, r db.Reader, id string, p Profile) error {
	wrong := errs.Fields(errs.FieldsOf(p.Validate(id)))
	names, err := placeNames(ctx, r, p)
	if err != nil {
		return err
	}
	for _, f := range placed() {
		if v := p.Values()[f]; v != "" && names[v] == "" {
			wrong.Add(f, "team.errors.choose")
		}
	}
	return wrong.Err()
}

// placeNames names the department, unit, region and manager of a profile by id.
func placeNames(ctx context.Context, r db.Reader, p Profile) (map[string]string, error) {
	names := map[string]string{}
	st, err := selectStructure(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, d := range st.Departments {
		names[d.ID] = d.Name
	}
	for _, u := range st.Units {
		names[u.ID] = u.Name
	}
	for _, g := range st.Regions {
		names[g.ID] = g.Name
	}
	if p.ManagerID != "" {
		rows, err := selectPeople(ctx, r, Filter{IDs: []string{p.ManagerID}, Everyone: true}, 0)
		if err != nil {
			return nil, err
		}
		for _, m := range rows {
			names[m.ID] = m.Name()
		}
	}
	return names, nil
}

// tellProfile records and publishes a change of profile.
func (s *Service) tellProfile(ctx context.Context, tx db.Tx, id, name string, edits []FieldEdit) error {
	before, after, fields := map[string]any{}, map[string]any{}, []string{}
	for _, e := range edits {
		from, to := e.From, e.To
		if slices.Contains(placed(), e.Field) {
			names, err := placeNames(ctx, tx.Reader, placeOf(e.Field, from))
			if err != nil {
				return err
			}
			more, err := placeNames(ctx, tx.Reader, placeOf(e.Field, to))
			if err != nil {
				return err
			}
			from, to = names[from], more[to]
		}
		before[e.Field], after[e.Field] = from, to
		fields = append(fields, e.Field)
	}
	if err := audit.Record(ctx, tx, audit.Change{Action: "team.person.updated", Kind: "person", ID: id, Name: name, About: id,
		Before: before, After: after}); err != nil {
		return err
	}
	return s.bus.Publish(ctx, tx, ProfileChanged{PersonID: id, Fields: fields})
}

// placeOf is a profile that holds one place only.
func placeOf(field, id string) Profile {
	if field == "manager" {
		return Profile{ManagerID: id}
	}
	return Profile{}
}
