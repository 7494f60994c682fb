package customers

import (
	"context"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/files"
	"unisson/internal/team"
)

// maxMembers is how many people of an account its page shows.
const maxMembers = 24

// Around is what the page of a record shows beside its own values.
type Around struct {
	Names     Names
	People    map[string]team.Person // owners, authors
	Needs     []Need
	Members   []Member   // of an account
	More      bool       // there are more members
	Positions []Employer // of a contact, further employers
	Below     []Known    // sites and companies of an account
	Source    *Source
	Edits     int
	Files     []files.File
}

// Member is somebody who works at an account.
type Member struct {
	Known
	Title string
	Past  bool
}

// Employer is an employer of a contact.
type Employer struct {
	Position
	Account string // what it is called; empty: not for the reader
}

// Around reads what stands around a record that was read by Record.
func (s *Service) Around(ctx context.Context, sheet Sheet) (Around, error) {
	out := Around{Names: Names{}, People: map[string]team.Person{}}
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		rec := sheet.Record
		if err := s.names(ctx, r, sheet.Schema, out.Names, []Values{rec.Values}); err != nil {
			return err
		}
		var err error
		if out.Needs, err = selectNeeds(ctx, r, rec.ID); err != nil {
			return err
		}
		if out.Source, err = selectSource(ctx, r, rec.SourceID); err != nil {
			return err
		}
		if out.Edits, err = countEdits(ctx, r, rec.ID); err != nil {
			return err
		}
		if out.Files, err = files.Of(ctx, r, string(rec.Kind), rec.ID); err != nil {
			return err
		}
		if rec.Kind == KindAccount {
			err = s.aroundAccount(ctx, r, rec, &out)
		} else {
			err = s.aroundContact(ctx, r, rec, &out)
		}
		if err != nil {
			return err
		}
		return s.faces(ctx, rec, &out)
	})
	return out, errs.Wrap("around a record", err)
}

func (s *Service) aroundAccount(ctx context.Context, r db.Reader, rec *Record, out *Around) error {
	scope := auth.From(ctx).Scope
	found, err := selectMembers(ctx, r, scope, rec.ID, maxMembers+1)
	if err != nil {
		return err
	}
	if out.More = len(found) > maxMembers; out.More {
		found = found[:maxMembers]
	}
	ids := make([]string, len(found))
	for i, m := range found {
		ids[i] = m.id
	}
	titles := Names{}
	if err := selectTitles(ctx, r, scope, KindContact, ids, titles); err != nil {
		return err
	}
	for _, m := range found {
		out.Members = append(out.Members, Member{Known: Known{Kind: KindContact, ID: m.id, Title: titles[m.id]}, Title: m.title, Past: m.past})
	}
	below, err := selectBelow(ctx, r, scope, rec.ID, 50)
	if err != nil || len(below) == 0 {
		return err
	}
	out.Below, err = s.known(ctx, r, KindAccount, below)
	return err
}

func (s *Service) aroundContact(ctx context.Context, r db.Reader, rec *Record, out *Around) error {
	all, err := selectPositions(ctx, r, rec.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	ids := make([]string, len(all))
	for i, p := range all {
		ids[i] = p.AccountID
	}
	if err := selectTitles(ctx, r, auth.From(ctx).Scope, KindAccount, ids, out.Names); err != nil {
		return err
	}
	for _, p := range all {
		out.Positions = append(out.Positions, Employer{Position: p, Account: out.Names[p.AccountID]})
	}
	return nil
}

// faces reads who owns a record, who made it and who wrote its needs.
func (s *Service) faces(ctx context.Context, rec *Record, out *Around) error {
	ids := map[string]bool{rec.Values["sales"]: true, rec.Values["marketing"]: true, rec.CreatedBy: true, rec.UpdatedBy: true}
	for _, n := range out.Needs {
		ids[n.AuthorID] = true
	}
	if out.Source != nil {
		ids[out.Source.CreatedBy] = true
	}
	delete(ids, "")
	list := make([]string, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	people, err := s.team.People(ctx, list)
	for _, p := range people {
		out.People[p.ID] = p
	}
	return err
}
