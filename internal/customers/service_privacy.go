package customers

import (
	"context"
	"slices"
	"strings"

	"unisson/internal/platform/audit"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/files"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/search"
)

// SetHolders says which other capabilities keep data about contacts. Export is
// given the id of a master and tells of all records that are he; Erase, where
// there is one, is given each record in turn: the others hear ContactErased.
func (s *Service) SetHolders(h ...registry.Holder) { s.holders = h }

// remember asks whether somebody who is made anew asked to be forgotten or not
// to be reached. The forgotten are refused, unless they came back by
// themselves and it is said how; what they refused stays refused.
func (s *Service) remember(ctx context.Context, tx db.Tx, sch *Schema, id string, v Values, back string) error {
	prints := s.prints(sch.Kind, v)
	known, err := selectSuppressions(ctx, tx.Reader, prints)
	if err != nil || len(known) == 0 {
		return err
	}
	var refused []string
	var wrong errs.Fields
	for _, x := range known {
		if x.kind == "refused" {
			refused = append(refused, x.channel)
			continue
		}
		if back == "" {
			i := slices.IndexFunc(prints, func(p reminder) bool { return p.hash == x.hash })
			wrong = append(wrong, errs.Field{Name: prints[i].field, Code: "customers.record.errors.erased"})
			continue
		}
		if err := deleteSuppression(ctx, tx, x); err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		return wrong.Err()
	}
	if len(refused) > 0 && sch.Kind == KindContact {
		v["refuses"] = strings.Join(joinCodes(Channels(), strings.Split(v["refuses"], "\n"), refused), "\n")
	}
	if back == "" || sch.Kind != KindContact {
		return nil
	}
	by := auth.From(ctx)
	return insertConsent(ctx, tx, id, Consent{ID: db.NewID(), At: tx.Now(), Channel: "all", Purpose: "record", Act: ConsentGiven, Source: "back", Proof: back, ByID: by.UserID, By: by.Name})
}

// Restrict takes a record out of lists, search and counts, or back into them,
// for the privacy role; it stays as it is meanwhile.
func (s *Service) Restrict(ctx context.Context, k Kind, id string, on bool) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayRestrict); err != nil {
			return err
		}
		rec, err := s.record(ctx, tx.Reader, k, id)
		if err != nil {
			return err
		}
		if rec.Restricted.IsZero() != on {
			return nil
		}
		action := "customers.record.restricted"
		if rec.Restricted = tx.Now(); !on {
			rec.Restricted, action = 0, "customers.record.released"
		}
		rec.UpdatedAt, rec.UpdatedBy = tx.Now(), auth.From(ctx).UserID
		if err := setRestricted(ctx, tx, rec); err != nil {
			return err
		}
		if err := s.index(ctx, tx, k, []*Record{rec}); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Change{Action: action, Kind: string(k), ID: id}); err != nil {
			return err
		}
		return s.bus.Publish(ctx, tx, RecordsSaved{Kind: k, Changed: []string{id}})
	})
	return errs.Wrap("restrict", err)
}

// EraseContact forgets a person: all records that are he, with what is kept
// beside them here and by other capabilities. Keyed prints of his addresses,
// numbers and ids stay, so that no import, form or restored backup revives him
// unnoticed; what he refused stays refused.
func (s *Service) EraseContact(ctx context.Context, id string) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayRestrict); err != nil {
			return err
		}
		rec, err := s.record(ctx, tx.Reader, KindContact, id)
		if err != nil {
			return err
		}
		all, err := s.recordsOf(ctx, tx.Reader, rec)
		if err != nil {
			return err
		}
		for _, one := range all {
			if err := s.eraseOne(ctx, tx, one); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, audit.Change{Action: "customers.contact.erased", Kind: "contact", ID: rec.MasterID})
	})
	return errs.Wrap("erase a contact", err)
}

// recordsOf reads every record that is one person, whoever may read them.
func (s *Service) recordsOf(ctx context.Context, r db.Reader, rec *Record) ([]*Record, error) {
	ids, err := selectRecordsOf(ctx, r, rec.Kind, rec.MasterID)
	if err != nil {
		return nil, err
	}
	return selectRecords(ctx, r, auth.Scope{All: true}, rec.Kind, ids)
}

func (s *Service) eraseOne(ctx context.Context, tx db.Tx, rec *Record) error {
	for _, p := range s.prints(KindContact, rec.Values) {
		if err := insertSuppression(ctx, tx, suppressed{hash: p.hash, kind: "erased"}); err != nil {
			return err
		}
		for _, channel := range lines(rec.Values["refuses"]) {
			if err := insertSuppression(ctx, tx, suppressed{hash: p.hash, kind: "refused", channel: channel}); err != nil {
				return err
			}
		}
	}
	if err := eraseRecord(ctx, tx, rec); err != nil {
		return err
	}
	if err := search.Delete(ctx, tx, string(KindContact), rec.ID); err != nil {
		return err
	}
	if err := files.DeleteOf(ctx, tx, string(KindContact), rec.ID); err != nil {
		return err
	}
	for _, h := range s.holders {
		if h.Erase == nil {
			continue
		}
		if err := h.Erase(ctx, tx, rec.ID); err != nil {
			return errs.Wrap(h.Name, err)
		}
	}
	return s.bus.Publish(ctx, tx, ContactErased{ContactID: rec.ID})
}
