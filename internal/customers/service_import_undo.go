package customers

import (
	"context"
	"maps"
	"slices"
	"strings"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/edits"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/search"
)

// Claim tells which of some records others have something about, so that taking
// an import back must leave them.
type Claim func(ctx context.Context, r db.Reader, k Kind, ids []string) ([]string, error)

// SetClaims says who may have something about records.
func (s *Service) SetClaims(c ...Claim) { s.claims = c }

// The steps of taking an import back, in order: values first, then records that
// point to others, then those.
const (
	undoValues   = "values"
	undoContacts = "contacts"
	undoAccounts = "accounts"
)

// undoImport takes back a part of what a source brought. Values that somebody
// changed since stay, and records that somebody changed, touched or used.
func (s *Service) undoImport(ctx context.Context, tx db.Tx, u registry.Undo) (registry.Undone, error) {
	if err := auth.Require(ctx, MayImport); err != nil {
		return registry.Undone{}, err
	}
	phase, after, _ := strings.Cut(u.After, ":")
	if phase == "" {
		phase = undoValues
	}
	var out registry.Undone
	var last string
	var err error
	switch phase {
	case undoValues:
		last, err = s.undoValues(ctx, tx, u, after, &out)
	case undoContacts:
		last, err = s.undoRecords(ctx, tx, KindContact, u, after, &out)
	default:
		last, err = s.undoRecords(ctx, tx, KindAccount, u, after, &out)
	}
	if err != nil {
		return out, err
	}
	next := map[string]string{undoValues: undoContacts, undoContacts: undoAccounts}
	switch {
	case last != "":
		out.After = phase + ":" + last
	case next[phase] != "":
		out.After = next[phase] + ":"
	default:
		err = deleteIdleTags(ctx, tx, u.SourceID)
	}
	return out, err
}

// undoValues restores the values that a source changed in records of others.
func (s *Service) undoValues(ctx context.Context, tx db.Tx, u registry.Undo, after string, out *registry.Undone) (string, error) {
	edited, err := selectEditedBy(ctx, tx.Reader, u.SourceID, after, u.Limit)
	if err != nil || len(edited) == 0 {
		return "", err
	}
	history, err := selectSourcedEdits(ctx, tx.Reader, edited)
	if err != nil {
		return "", err
	}
	for _, k := range Kinds() {
		recs, err := selectRecords(ctx, tx.Reader, auth.Scope{All: true}, k, edited)
		if err != nil {
			return "", err
		}
		sch, err := schema(ctx, tx.Reader, k)
		if err != nil {
			return "", err
		}
		var changed []*Record
		for _, rec := range recs {
			if rec.SourceID == u.SourceID || !rec.Erased.IsZero() {
				continue
			}
			ok, err := s.undoRecord(ctx, tx, sch, rec, history[rec.ID], u.SourceID, out)
			if err != nil {
				return "", err
			}
			if ok {
				changed = append(changed, rec)
			}
		}
		if len(changed) == 0 {
			continue
		}
		out.Restored += len(changed)
		if err := s.index(ctx, tx, k, changed); err != nil {
			return "", err
		}
		if err := s.bus.Publish(ctx, tx, RecordsSaved{Kind: k, Changed: ids(changed)}); err != nil {
			return "", err
		}
	}
	return edited[len(edited)-1], nil
}

// undoRecord restores one record as far as nobody changed it since.
func (s *Service) undoRecord(ctx context.Context, tx db.Tx, sch *Schema, rec *Record, history []sourcedEdit, source string, out *registry.Undone) (bool, error) {
	was, now := map[string]string{}, map[string]string{}
	since := map[string]bool{}
	for _, e := range history {
		for _, f := range e.Fields {
			switch _, met := was[f.Name]; {
			case e.source != source:
				since[f.Name] = since[f.Name] || met
			case !met:
				was[f.Name], now[f.Name] = f.From, f.To
			default:
				now[f.Name] = f.To
			}
		}
	}
	values, restored := maps.Clone(rec.Values), false
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if since[name] || rec.Values[name] != now[name] {
			out.Kept = append(out.Kept, registry.Kept{Kind: string(rec.Kind), ID: rec.ID, Field: name, Code: "customers.import.kept.value"})
			continue
		}
		values[name], restored = was[name], true
	}
	if !restored {
		return false, nil
	}
	if Check(rec.Kind, values) != nil {
		out.Kept = append(out.Kept, registry.Kept{Kind: string(rec.Kind), ID: rec.ID, Code: "customers.import.kept.needed"})
		return false, nil
	}
	before, version := rec.Values, rec.Version
	by := auth.From(ctx)
	rec.Values, rec.Version, rec.UpdatedAt, rec.UpdatedBy = values, version+1, tx.Now(), by.UserID
	if ok, err := updateRecord(ctx, tx, sch, rec, before, version); err != nil || !ok {
		return false, err
	}
	// The edit bears the source's name, not a person's: what stands is as old as it was.
	return true, insertEdits(ctx, tx, []edit{{recordID: rec.ID, version: rec.Version, byID: by.UserID, by: by.Name, source: source, fields: edits.Diff(sch.Names(), before, values)}})
}

// undoRecords removes records that a source made and nobody changed or used
// since.
func (s *Service) undoRecords(ctx context.Context, tx db.Tx, k Kind, u registry.Undo, after string, out *registry.Undone) (string, error) {
	ids, err := selectMadeBy(ctx, tx.Reader, k, u.SourceID, after, u.Limit)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	used, err := selectUsed(ctx, tx.Reader, k, u.SourceID, ids)
	if err != nil {
		return "", err
	}
	for _, claim := range s.claims {
		more, err := claim(ctx, tx.Reader, k, ids)
		if err != nil {
			return "", err
		}
		for _, id := range more {
			used[id] = "customers.import.kept.used"
		}
	}
	var children map[string][]string
	if k == KindAccount {
		if children, err = selectChildren(ctx, tx.Reader, ids); err != nil {
			return "", err
		}
	}
	var gone []string
	for _, id := range ids {
		if used[id] == "" && slices.ContainsFunc(children[id], func(below string) bool { return !slices.Contains(gone, below) }) {
			used[id] = "customers.import.kept.used"
		}
		if code := used[id]; code != "" {
			out.Kept = append(out.Kept, registry.Kept{Kind: string(k), ID: id, Code: code})
		} else {
			gone = append(gone, id)
		}
	}
	if len(gone) > 0 {
		out.Removed += len(gone)
		if err := deleteRecords(ctx, tx, k, gone); err != nil {
			return "", err
		}
		if err := search.Delete(ctx, tx, string(k), gone...); err != nil {
			return "", err
		}
		if err := s.bus.Publish(ctx, tx, RecordsWithdrawn{Kind: k, Gone: gone}); err != nil {
			return "", err
		}
	}
	return ids[len(ids)-1], nil
}
