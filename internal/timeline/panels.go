package timeline

import (
	"context"
	"unicode/utf8"

	"unisson/internal/customers"
	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/search"
)

// Panels are the blocks on the pages of accounts and contacts.
func Panels() []registry.Panel {
	return []registry.Panel{
		{On: string(customers.KindAccount), Name: "timeline.panel.title", Href: "/accounts/{id}/panels/touches", Perm: MayRead, Order: 10},
		{On: string(customers.KindContact), Name: "timeline.panel.title", Href: "/contacts/{id}/panels/touches", Perm: MayRead, Order: 10},
	}
}

// Commands are what the palette and the Create menu offer.
func Commands() []registry.Command {
	return []registry.Command{
		{Key: "timeline.command.visit", Group: "act", Href: "/touches/new?kind=visit", Icon: "map-pin", Keys: "N V", Makes: true, Perm: MayLog},
		{Key: "timeline.command.call", Group: "act", Href: "/touches/new?kind=call", Icon: "phone", Makes: true, Perm: MayLog},
		{Key: "timeline.command.note", Group: "act", Href: "/touches/new?kind=note", Icon: "notebook-pen", Makes: true, Perm: MayLog},
	}
}

// SearchSource finds touches by their words, from three letters on. What is
// found leads to the touch, and from there to its customer.
func (s *Service) SearchSource() registry.SearchSource {
	return registry.SearchSource{Kind: "touches", Perm: MayRead, Find: func(ctx context.Context, text string, limit int) ([]registry.Hit, error) {
		if utf8.RuneCountInString(text) < 3 {
			return nil, nil
		}
		var out []registry.Hit
		err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
			if err := auth.Require(ctx, MayRead); err != nil {
				return err
			}
			a := auth.From(ctx)
			res, err := search.Find(ctx, r, search.Query{Scope: a.Scope, Text: text, Kinds: []string{SearchKind}, Limit: limit})
			if err != nil || len(res.Hits) == 0 {
				return err
			}
			ids := make([]string, len(res.Hits))
			for i, h := range res.Hits {
				ids[i] = h.ID
			}
			rows, err := selectTouches(ctx, r, a.UserID, ids...)
			if err != nil {
				return err
			}
			told, err := s.told(ctx, rows)
			if err != nil {
				return err
			}
			by := make(map[string]Told, len(told))
			for _, t := range told {
				by[t.ID] = t
			}
			now := s.db.Clock().Now()
			for _, h := range res.Hits {
				if t, ok := by[h.ID]; ok {
					out = append(out, registry.Hit{Kind: SearchKind, ID: t.ID, Title: t.Brief(), Sub: subOf(i18n.WithNow(ctx, now), t), Href: "/touches/" + t.ID, Icon: icon(t.Kind), Rank: h.Rank})
				}
			}
			return nil
		})
		return out, errs.Wrap("find touches", err)
	}}
}

// subOf says of whom a touch is, what it was and when.
func subOf(ctx context.Context, t Told) string {
	return i18n.T(ctx, "timeline.found", "who", t.Who, "kind", kindWord(ctx, t.Kind), "when", i18n.Date(ctx, t.At.Go()))
}

// ToFollow lists what the actor wanted to take up again by today and has not.
func (s *Service) ToFollow(ctx context.Context) ([]Told, error) {
	var out []Told
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		a := auth.From(ctx)
		if a.UserID == "" || !a.Can(MayRead) || !a.Can(MayLog) {
			return nil
		}
		today := clock.DayOf(s.db.Clock().Now().In(i18n.Zone(ctx)))
		rows, err := selectToFollow(ctx, r, a.UserID, today.String(), 20)
		if err != nil {
			return err
		}
		out, err = s.told(ctx, rows)
		return err
	})
	return out, errs.Wrap("to follow", err)
}

// WaitingSource puts them on the actor's day.
func (s *Service) WaitingSource() registry.WaitingSource {
	return registry.WaitingSource{Name: "timeline", List: func(ctx context.Context) ([]registry.Waiting, error) {
		list, err := s.ToFollow(ctx)
		if err != nil {
			return nil, err
		}
		var out []registry.Waiting
		for _, t := range list {
			ctx := i18n.WithNow(ctx, s.db.Clock().Now())
			sub := t.Brief()
			if sub == "" {
				sub = kindWord(ctx, t.Kind)
			}
			out = append(out, registry.Waiting{Title: i18n.T(ctx, "timeline.waits.title", "who", t.Who),
				Sub:  i18n.T(ctx, "timeline.waits.text", "what", sub, "when", i18n.ShortDay(ctx, t.FollowOn)),
				Href: "/touches/new?after=" + t.ID, Icon: icon(t.Kind), Action: i18n.T(ctx, "timeline.waits.action")})
		}
		return out, nil
	}}
}
