package customers

import (
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
)

// readable narrows rows called t to what a scope may read.
func readable(w *db.Where, t string, s auth.Scope) {
	if s.All {
		return
	}
	if !s.Customers {
		w.And(t + `.id = ''`) // no row has that id
		return
	}
	if len(s.Units) > 0 {
		w.And(t+`.unit_id in ('', `+db.Marks(len(s.Units))+`)`, db.Args(s.Units)...)
	}
	own := `$# in (` + t + `.sales_id, ` + t + `.marketing_id)`
	switch {
	case s.OwnOnly && s.UserID == "":
		w.And(t + `.id = ''`)
	case s.OwnOnly:
		w.And(own, s.UserID)
	case len(s.Regions) > 0 && s.UserID != "":
		w.And(`(`+t+`.region_id in (`+db.Marks(len(s.Regions))+`) or `+own+`)`, append(db.Args(s.Regions), s.UserID)...)
	case len(s.Regions) > 0:
		w.And(t+`.region_id in (`+db.Marks(len(s.Regions))+`)`, db.Args(s.Regions)...)
	}
}

// null stores an absent reference as null.
func null(id string) any {
	if id == "" {
		return nil
	}
	return id
}
