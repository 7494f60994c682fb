package team

import (
	"context"
	"encoding/json"
	"io"

	"github.com/a-h/templ"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/clock"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/ui"
)

// Commands are the places and acts of this package in the palette.
func Commands() []registry.Command {
	return []registry.Command{
		{Key: "team.command.who", Group: "act", Href: "/guide", Icon: "signpost", Perm: MayRead},
		{Key: "team.command.profile", Group: "act", Href: "/me/profile", Icon: "pencil", Perm: auth.SignedIn},
		{Key: "team.command.new_team", Group: "act", Href: "/teams/new", Icon: "users-round", Makes: true, Perm: MayEditTeams},
		{Key: "team.command.invite", Group: "act", Href: "/people/invite", Icon: "user-plus", Makes: true, Perm: MayManagePeople},
		{Key: "team.command.people", Group: "go", Href: "/people", Icon: "users-round", Perm: MayRead},
		{Key: "team.command.teams", Group: "go", Href: "/teams", Icon: "handshake", Perm: MayRead},
		{Key: "team.command.organisation", Group: "go", Href: "/organisation", Icon: "building-2", Perm: MayRead},
		{Key: "team.command.roles", Group: "go", Href: "/roles", Icon: "shield-check", Perm: auth.SignedIn},
	}
}

// SearchSource finds colleagues by the beginnings of their names, titles, towns
// and what they cover.
func (s *Service) SearchSource() registry.SearchSource {
	return registry.SearchSource{Kind: "people", Perm: MayRead, Find: func(ctx context.Context, text string, limit int) ([]registry.Hit, error) {
		if len(SearchWords(text)) == 0 {
			return nil, nil
		}
		var rows []listed
		err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
			rows, err = selectPeople(ctx, r, Filter{Text: text, limit: limit}, db.At(s.now()))
			return err
		})
		hits := make([]registry.Hit, len(rows))
		for i, p := range rows {
			hits[i] = registry.Hit{Kind: "people", ID: p.ID, Title: p.Name(), Sub: dotted(p.Title, p.Region, p.City), Href: "/people/" + p.ID, Icon: "user-round"}
		}
		return hits, errs.Wrap("find people", err)
	}}
}

// WaitingSource tells what of the team waits on the actor: his profile to look
// at again, a team of his that lacks a department, people he stands in for.
func (s *Service) WaitingSource() registry.WaitingSource {
	return registry.WaitingSource{Name: "team", List: func(ctx context.Context) ([]registry.Waiting, error) {
		var out []registry.Waiting
		for _, part := range []func(context.Context) ([]registry.Waiting, error){s.staleWaits, s.absentWait, s.teamsWait} {
			w, err := part(ctx)
			if err != nil {
				return nil, err
			}
			out = append(out, w...)
		}
		return out, nil
	}}
}

func (s *Service) staleWaits(ctx context.Context) ([]registry.Waiting, error) {
	stale, err := s.OwnStale(ctx)
	if err != nil || !stale {
		return nil, err
	}
	return []registry.Waiting{{Title: i18n.T(ctx, "team.waits.profile"), Sub: i18n.T(ctx, "team.waits.profile_text"), Href: "/people/" + auth.From(ctx).UserID,
		Icon: "user-round-check", Action: i18n.T(ctx, "team.waits.profile_action"), Post: "/me/profile/confirm"}}, nil
}

// absentWait tells for whom the actor stands in today.
func (s *Service) absentWait(ctx context.Context) ([]registry.Waiting, error) {
	id := auth.From(ctx).UserID
	var out []registry.Waiting
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) error {
		o, err := letterhead(ctx, r)
		if err != nil {
			return err
		}
		day := today(o, s.now())
		around, err := s.awayAround(ctx, r)
		if err != nil {
			return err
		}
		for _, a := range around.absences {
			if a.DeputyID != id || !a.Covers(day) {
				continue
			}
			out = append(out, registry.Waiting{Title: i18n.T(ctx, "team.waits.deputy", "name", a.Person), Icon: "calendar",
				Sub: i18n.T(ctx, "team.waits.deputy_text", "until", i18n.ShortDay(i18n.WithNow(ctx, s.now()), a.To.String())), Href: "/people/" + a.PersonID, Action: i18n.T(ctx, "team.waits.deputy_action")})
		}
		return nil
	})
	return out, errs.Wrap("stands in", err)
}

// teamsWait tells whoever leads a team that it lacks a department.
func (s *Service) teamsWait(ctx context.Context) ([]registry.Waiting, error) {
	id := auth.From(ctx).UserID
	if !auth.From(ctx).Can(MayRead) {
		return nil, nil
	}
	teams, err := s.teamsLed(ctx, id)
	if err != nil {
		return nil, err
	}
	var out []registry.Waiting
	for _, t := range teams {
		missing := t.Missing(s.now())
		if len(missing) == 0 {
			continue
		}
		out = append(out, registry.Waiting{Title: i18n.T(ctx, "team.waits.lacks", "team", t.Name), Icon: "handshake",
			Sub: i18n.T(ctx, "team.waits.lacks_text", "kind", i18n.T(ctx, "team.kind."+string(missing[0]))), Href: "/teams/" + t.ID, Action: i18n.T(ctx, "team.waits.lacks_action")})
	}
	return out, nil
}

// Card is how the rail shows the actor: his mark and where he stands.
func (s *Service) Card(ctx context.Context, id string) (ui.Person, string, error) {
	var p listed
	err := s.db.Read(ctx, func(ctx context.Context, r db.Reader) (err error) {
		p, err = s.self(ctx, r, id)
		return err
	})
	if err != nil || p.ID == "" {
		return ui.Person{Name: auth.From(ctx).Name}, "", errs.Wrap("card", err)
	}
	return face(p.Person), dotted(i18n.T(ctx, "team.kind."+string(p.Side())), p.Region), nil
}

// AwayToday is the card beside the day: who is away and who stands in.
func (s *Service) AwayToday(ctx context.Context) (templ.Component, error) {
	if !auth.From(ctx).Can(MayRead) {
		return nil, nil
	}
	d, err := s.FindPeople(ctx, Filter{Away: true}, Cursor{})
	if err != nil || len(d.People) == 0 {
		return nil, err
	}
	card, now := awayCard(d.People), s.now()
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error { return card.Render(i18n.WithNow(ctx, now), w) }), nil
}

// Visible tells what of a person this package shows, to whom and why.
func Visible() []registry.Visible {
	all := []auth.Role{Salesperson, Marketer, ProductManager, HeadOfSales, HeadOfMarketing, Executive, Integrator, Administrator, DPO}
	return []registry.Visible{
		{Dataset: "people", What: "team.visible.profile", Readers: all, Why: "team.visible.profile_why", Href: "/me/profile"},
		{Dataset: "absences", What: "team.visible.absences", Readers: all, Why: "team.visible.absences_why"},
		{Dataset: "teams", What: "team.visible.teams", Readers: all, Why: "team.visible.teams_why", Href: "/teams"},
		{Dataset: "audit_log", What: "team.visible.changes", Readers: []auth.Role{Administrator, DPO}, Why: "team.visible.changes_why"},
	}
}

// Holder tells a person what this package keeps about him, and forgets it.
func (s *Service) Holder() registry.Holder {
	return registry.Holder{Name: "team", Tables: []string{"people", "people_terms", "person_labels", "profile_edits", "absences", "team_members"},
		Export: s.exportPerson, Erase: erasePerson}
}

func (s *Service) exportPerson(ctx context.Context, r db.Reader, personID string, w io.Writer) error {
	row, err := selectSheet(ctx, r, personID)
	if err != nil {
		return err
	}
	absences, err := selectAbsencesOf(ctx, r, []string{personID}, clock.Day{})
	if err != nil {
		return err
	}
	teams, err := selectTeamsOf(ctx, r, personID)
	if err != nil {
		return err
	}
	edits, err := selectEditsSince(ctx, r, personID, 0)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(map[string]any{"profile": row.Profile.Values(), "confirmed_at": row.Confirmed.Go(), "absences": absences, "teams": teams, "edits": edits})
}
