package customers

import (
	"context"
	"encoding/json"
	"io"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/db"
	"unisson/internal/platform/registry"
	"unisson/internal/team"
)

// Commands are the places and acts of this package in the palette.
func Commands() []registry.Command {
	return []registry.Command{
		{Key: "customers.command.new_contact", Group: "act", Href: "/contacts/new", Icon: "user-plus", Keys: "N C", Makes: true, Perm: MayEdit},
		{Key: "customers.command.new_account", Group: "act", Href: "/accounts/new", Icon: "building-2", Makes: true, Perm: MayEdit},
		{Key: "customers.command.fields", Group: "go", Href: "/fields", Icon: "sliders-horizontal", Perm: MayShape},
	}
}

// SearchSource finds accounts and contacts by what people know of them: a
// name, even misspelt, an address, a number in any form, a SIREN, a domain.
func (s *Service) SearchSource() registry.SearchSource {
	return registry.SearchSource{Kind: "customers", Perm: MayRead, Find: func(ctx context.Context, text string, limit int) ([]registry.Hit, error) {
		if len([]rune(text)) < 2 {
			return nil, nil
		}
		found, err := s.FindKnown(ctx, text, limit, Kinds()...)
		hits := make([]registry.Hit, len(found))
		for i, k := range found {
			hits[i] = registry.Hit{Kind: "customers", ID: k.ID, Title: k.Title, Sub: k.Sub, Href: recordPath(k.Kind, k.ID), Icon: "user-round", Rank: float64(len(found) - i)}
			if k.Kind == KindAccount {
				hits[i].Icon = "building-2"
			}
		}
		return hits, err
	}}
}

// Visible tells what of a colleague this package shows, to whom and why.
func Visible() []registry.Visible {
	readers := []auth.Role{team.Salesperson, team.Marketer, team.ProductManager, team.HeadOfSales, team.HeadOfMarketing, team.Executive, team.Integrator, team.Administrator, team.DPO}
	return []registry.Visible{
		{Dataset: "accounts", What: "customers.visible.owner", Readers: readers, Why: "customers.visible.owner_why"},
		{Dataset: "record_edits", What: "customers.visible.edits", Readers: readers, Why: "customers.visible.edits_why"},
	}
}

// Holder tells a colleague what his name stands on here, and takes it away when
// he is forgotten: what he wrote of customers stays, without him. Customers
// themselves are exported and forgotten by ExportContact and EraseContact.
func (s *Service) Holder() registry.Holder {
	return registry.Holder{Name: "customers", Tables: []string{"accounts", "contacts", "record_edits", "needs", "consents", "sources", "tags", "views", "custom_fields"},
		Export: func(ctx context.Context, r db.Reader, personID string, w io.Writer) error {
			held, err := selectOfColleague(ctx, r, personID)
			if err != nil {
				return err
			}
			enc := json.NewEncoder(w)
			enc.SetIndent("", "  ")
			return enc.Encode(held)
		}, Erase: eraseColleague}
}
