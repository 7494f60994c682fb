package timeline

import (
	"context"
	"slices"

	"unisson/internal/customers"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/search"
)

// LogMany keeps many touches at once, as an import or a campaign brings them:
// with their own authors, voices and instants. Once is the caller's key of each;
// those that are there already are left as they are. It gives the ids in order,
// "" where a touch was there. One that is wrong, or whose customer the actor may
// not read, refuses all.
func (s *Service) LogMany(ctx context.Context, list []Touch) ([]string, error) {
	return s.logMany(ctx, list, 0)
}

// logMany makes findable what happened since an instant.
func (s *Service) logMany(ctx context.Context, list []Touch, since db.Time) ([]string, error) {
	ids := make([]string, len(list))
	err := s.db.Write(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := auth.Require(ctx, MayLog); err != nil {
			return err
		}
		faces, err := s.facesOf(ctx, list)
		if err != nil {
			return err
		}
		seen, err := s.keys(ctx, tx.Reader, list)
		if err != nil {
			return err
		}
		fresh := make([]*Touch, 0, len(list))
		var docs []search.Doc
		var told []TouchLogged
		user := auth.From(ctx).UserID
		for i := range list {
			t := list[i]
			if t.Once = onceKey(user, t.Once); t.Once != "" {
				if seen[t.Once] {
					ids[i] = ""
					continue
				}
				seen[t.Once] = true
			}
			if t.ID == "" {
				t.ID = db.NewID()
			}
			if t.CreatedAt == 0 {
				t.CreatedAt = tx.Now()
			}
			t.CreatedBy, t.Corrects, t.Withdrawn = user, "", false
			t.tidy()
			if err := t.Check(tx.Now().Go()); err != nil {
				return err
			}
			face, err := faces.place(&t)
			if err != nil {
				return err
			}
			ids[i], fresh = t.ID, append(fresh, &t)
			if d, ok := docOf(&t, face); ok && t.At >= since {
				docs = append(docs, d)
			}
			if !t.Private {
				told = append(told, logged(&t))
			}
		}
		if err := insertTouches(ctx, tx, fresh); err != nil {
			return err
		}
		if err := search.Put(ctx, tx, docs...); err != nil {
			return err
		}
		if len(told) == 0 {
			return nil
		}
		return s.bus.Publish(ctx, tx, TouchesLogged{told})
	})
	return ids, errs.Wrap("log touches", err)
}

// keys tells which keys of a list were used before.
func (s *Service) keys(ctx context.Context, r db.Reader, list []Touch) (map[string]bool, error) {
	user := auth.From(ctx).UserID
	var keys []string
	for _, t := range list {
		if t.Once != "" {
			keys = append(keys, onceKey(user, t.Once))
		}
	}
	found, err := selectOnce(ctx, r, keys...)
	out := make(map[string]bool, len(found))
	for key := range found {
		out[key] = true
	}
	return out, err
}

// faces are the customers of many touches.
type faces struct{ contacts, accounts map[string]customers.Face }

func (s *Service) facesOf(ctx context.Context, list []Touch) (faces, error) {
	var contacts, accounts []string
	for _, t := range list {
		if t.ContactID != "" {
			contacts = append(contacts, t.ContactID)
		}
		if t.AccountID != "" {
			accounts = append(accounts, t.AccountID)
		}
	}
	var out faces
	var err error
	for _, part := range []struct {
		kind customers.Kind
		ids  []string
		to   *map[string]customers.Face
	}{{customers.KindContact, contacts, &out.contacts}, {customers.KindAccount, accounts, &out.accounts}} {
		slices.Sort(part.ids)
		if *part.to, err = s.customers.Faces(ctx, part.kind, slices.Compact(part.ids)...); err != nil {
			return out, err
		}
	}
	return out, nil
}

// place is as Service.place, of what was read for all at once.
func (f faces) place(t *Touch) (customers.Face, error) {
	contact, hasContact := f.contacts[t.ContactID]
	account, hasAccount := f.accounts[t.AccountID]
	switch {
	case t.ContactID != "" && !hasContact:
		return contact, errs.NotFound("contact")
	case t.AccountID != "" && !hasAccount:
		return account, errs.NotFound("account")
	case t.ContactID == "":
		t.AccountID = account.MasterID
		return account, nil
	}
	if t.ContactID = contact.MasterID; hasAccount {
		t.AccountID = account.MasterID
	} else {
		t.AccountID = contact.AccountID
	}
	return contact, nil
}

// OnRecordsSaved keeps touches findable by those who may read their customer
// now, and gives those of a contact without account the one he got.
func (s *Service) OnRecordsSaved(ctx context.Context, tx db.Tx, f customers.RecordsSaved) error {
	if len(f.Changed) == 0 {
		return nil
	}
	by := ofContact
	if f.Kind == customers.KindAccount {
		by = ofAccount
	}
	touches := map[string][]string{}
	if err := idsOf(ctx, tx.Reader, by, f.Changed, func(record, id string) { touches[record] = append(touches[record], id) }); err != nil {
		return err
	}
	if len(touches) == 0 {
		return nil
	}
	found, err := s.customers.Faces(auth.AsSystem(ctx), f.Kind, f.Changed...)
	if err != nil {
		return err
	}
	for _, record := range f.Changed {
		face, ok := found[record]
		if len(touches[record]) == 0 || !ok {
			continue
		}
		if by == ofContact && face.AccountID != "" {
			if _, err := placeTouches(ctx, tx, record, face.AccountID); err != nil {
				return err
			}
		}
		rights := search.Doc{Kind: SearchKind, Customer: true, Unit: face.Unit, Region: face.Region, Owners: face.Owners}
		if err := search.Narrow(ctx, tx, rights, touches[record]...); err != nil {
			return err
		}
	}
	return nil
}
