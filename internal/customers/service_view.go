package customers

import (
	"context"
	"slices"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Views lists the lists that somebody can open: the program's, his own, those
// of his department and everybody's.
func (s *Service) Views(ctx context.Context, k Kind) ([]View, error) {
	a := auth.From(ctx)
	out := programViews(k, a)
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		kept, err := s.visible(ctx, r, k)
		out = append(out, kept...)
		return err
	})
	return out, errs.Wrap("views", err)
}

// visible lists the kept views that the actor may see.
func (s *Service) visible(ctx context.Context, r db.Reader, k Kind) ([]View, error) {
	a := auth.From(ctx)
	type key struct {
		kind Kind
		user string
	}
	kept, err := db.Shared(r, key{k, a.UserID}, []string{"views"}, func() ([]View, error) { return selectViews(ctx, r, k, a.UserID) })
	if err != nil || len(kept) == 0 {
		return nil, err
	}
	home := ""
	if slices.ContainsFunc(kept, func(v View) bool { return v.Audience == ForTeam && v.Owner != a.UserID }) {
		me, err := s.team.Self(ctx)
		if err != nil {
			return nil, err
		}
		home = me.DepartmentID
	}
	out := make([]View, 0, len(kept))
	for _, v := range kept {
		if seesView(a, home, v) {
			v.CanEdit = editsView(a, v)
			out = append(out, v)
		}
	}
	return out, nil
}

// seesView tells whether a view is for somebody of a department.
func seesView(a auth.Actor, department string, v View) bool {
	switch {
	case a.UserID != "" && v.Owner == a.UserID, v.Audience == ForEveryone:
		return true
	case v.Audience == ForTeam:
		return department != "" && v.Department == department
	}
	return false
}

// editsView tells whether somebody may change a view that he sees: his own, or
// a shared one when he decides about those.
func editsView(a auth.Actor, v View) bool {
	if v.Audience != ForMe && !a.Can(MayShape) {
		return false
	}
	return a.UserID != "" && v.Owner == a.UserID || v.Audience != ForMe
}

// View reads one view; of somebody else's own it says not found. kind and id
// name one of the program's.
func (s *Service) View(ctx context.Context, k Kind, id string) (View, error) {
	if err := auth.Require(ctx, MayRead); err != nil {
		return View{}, err
	}
	if v, ok := programView(k, auth.From(ctx), id); ok {
		return v, nil
	}
	var out View
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		out, err = s.view(ctx, r, id)
		if err == nil && (k != "" && out.Kind != k || !out.RemovedAt.IsZero()) {
			err = errs.NotFound("view")
		}
		return err
	})
	return out, errs.Wrap("view", err)
}

func (s *Service) view(ctx context.Context, r db.Reader, id string) (View, error) {
	v, err := selectView(ctx, r, id)
	if err != nil {
		return v, err
	}
	a := auth.From(ctx)
	home := ""
	if v.Audience == ForTeam && v.Owner != a.UserID {
		me, err := s.team.Self(ctx)
		if err != nil {
			return v, err
		}
		home = me.DepartmentID
	}
	v.CanEdit = editsView(a, v)
	if !seesView(a, home, v) || !v.RemovedAt.IsZero() && !v.CanEdit {
		return View{}, errs.NotFound("view")
	}
	return v, nil
}

// FirstView is the list with which somebody begins: the one that those who
// decide about shared views chose for his role, else the program's.
func (s *Service) FirstView(ctx context.Context) (View, error) {
	a := auth.From(ctx)
	out := firstView(a)
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		kept, err := s.visible(ctx, r, "")
		for _, v := range kept {
			if v.Audience == ForEveryone && slices.ContainsFunc(v.Roles, a.Has) {
				out = v
				break
			}
		}
		return err
	})
	return out, errs.Wrap("first view", err)
}

// Pinned lists the views that stand in the actor's rail: his own that he pinned.
func (s *Service) Pinned(ctx context.Context) ([]View, error) {
	var out []View
	a := auth.From(ctx)
	if !a.Can(MayRead) || a.UserID == "" {
		return nil, nil
	}
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		kept, err := s.visible(ctx, r, "")
		for _, v := range kept {
			if v.Pinned && v.Owner == a.UserID {
				out = append(out, v)
			}
		}
		return err
	})
	return out, errs.Wrap("pinned views", err)
}

// SaveView keeps a list under a name, or changes one, and gives its id.
func (s *Service) SaveView(ctx context.Context, v View) (string, error) {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayRead); err != nil {
			return err
		}
		a := auth.From(ctx)
		before := View{Audience: ForMe, Owner: a.UserID}
		var err error
		if v.ID != "" {
			if before, err = s.view(ctx, tx.Reader, v.ID); err != nil {
				return err
			}
			if !before.RemovedAt.IsZero() {
				return errs.NotFound("view")
			}
			if !before.CanEdit {
				return errs.Forbidden("customers.list.save.shared")
			}
			v.Kind, v.Owner, v.Department = before.Kind, before.Owner, before.Department
		} else if v.Owner = a.UserID; v.Owner == "" {
			return errs.Forbidden("customers.list.save.shared")
		}
		if v.Audience != ForMe && !a.Can(MayShape) {
			return errs.Invalid(errs.Field{Name: "audience", Code: "customers.list.save.shared"})
		}
		if v.Audience != ForEveryone {
			v.Roles = nil // the first list of a role must be one that everybody of it sees
		}
		if err := s.checkView(ctx, tx.Reader, &v); err != nil {
			return err
		}
		if v.ID != "" {
			return updateView(ctx, tx, v)
		}
		if n, err := countViews(ctx, tx.Reader, v.Owner); err != nil || n >= maxViews {
			return cmpErr(err, errs.Conflict("customers.list.save.too_many"))
		}
		v.ID = db.NewID()
		return insertView(ctx, tx, v)
	})
	return v.ID, errs.Wrap("save view", err)
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func (s *Service) checkView(ctx context.Context, r db.Reader, v *View) error {
	if !v.Kind.Valid() {
		return errs.NotFound("view")
	}
	sch, err := schema(ctx, r, v.Kind)
	if err != nil {
		return err
	}
	accounts, err := schema(ctx, r, KindAccount)
	if err != nil {
		return err
	}
	v.Name = line(v.Name)
	v.Columns = knownColumns(sch, v.Columns)
	if v.Audience == ForTeam && v.Department == "" {
		me, err := s.team.Self(ctx)
		if err != nil {
			return err
		}
		if v.Department = me.DepartmentID; v.Department == "" {
			return errs.Invalid(errs.Field{Name: "audience", Code: "customers.list.save.no_team"})
		}
	}
	return v.check(sch, accounts)
}

// RemoveView takes a view away; RestoreView brings it back.
func (s *Service) RemoveView(ctx context.Context, id string) (View, error) {
	return s.turnView(ctx, id, func(v *View, now db.Time) error {
		if !v.RemovedAt.IsZero() {
			return errs.NotFound("view")
		}
		v.RemovedAt = now
		return nil
	})
}

// RestoreView brings back a view that its owner, or who decides about shared
// views, took away.
func (s *Service) RestoreView(ctx context.Context, id string) (View, error) {
	return s.turnView(ctx, id, func(v *View, _ db.Time) error {
		if v.RemovedAt.IsZero() {
			return errs.Conflict("customers.errors.undo_late")
		}
		v.RemovedAt = 0
		return nil
	})
}

func (s *Service) turnView(ctx context.Context, id string, turn func(*View, db.Time) error) (View, error) {
	var out View
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		if err = auth.Require(ctx, MayRead); err != nil {
			return err
		}
		if out, err = s.view(ctx, tx.Reader, id); err != nil {
			return err
		}
		if !out.CanEdit {
			return errs.Forbidden("customers.list.save.shared")
		}
		if err = turn(&out, tx.Now()); err != nil {
			return err
		}
		return updateView(ctx, tx, out)
	})
	return out, errs.Wrap("view", err)
}
