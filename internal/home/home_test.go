package home

import (
	"context"
	"strings"
	"testing"

	"unisson/internal/platform/auth"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/ui"
)

func TestTodayPutsTheEarliestDeadlineFirst(t *testing.T) {
	p := Pages{Waiting: []registry.WaitingSource{
		{Name: "a", List: func(context.Context) ([]registry.Waiting, error) {
			return []registry.Waiting{{Title: "no deadline"}, {Title: "late", Due: 30}}, nil
		}},
		{Name: "b", List: func(context.Context) ([]registry.Waiting, error) {
			return []registry.Waiting{{Title: "soon", Due: 10}, {Title: "none either"}}, nil
		}},
	}}
	day, err := p.ask(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range append([]registry.Waiting{*day.First}, day.Rest...) {
		got = append(got, w.Title)
	}
	if want := "soon late no deadline none either"; join(got) != want || day.Count() != 4 {
		t.Errorf("%q, %d; want %q", join(got), day.Count(), want)
	}
}

func TestThePaletteOffersOnlyWhatTheReaderMay(t *testing.T) {
	bundle := i18n.MustLoad(ui.Locales(), Locales())
	p := Pages{
		Commands: append(OwnCommands(), registry.Command{Key: "home.find", Group: "act", Href: "/secret", Perm: "thing.edit"}),
		Sources: []registry.SearchSource{{Kind: "people", Perm: "thing.read", Find: func(context.Context, string, int) ([]registry.Hit, error) {
			return []registry.Hit{{Title: "Camille Aubry", Href: "/people/1"}}, nil
		}}},
	}
	as := func(lang string, perms ...auth.Permission) context.Context {
		return i18n.With(auth.With(context.Background(), auth.NewActor(auth.Actor{Kind: auth.Person}, perms)), bundle.For(lang, nil))
	}
	for _, c := range []struct {
		ctx  context.Context
		typ  string
		want string
	}{
		{as("fr"), "", "Aller:Aujourd’hui,Clients,Entonnoir,Actions,Ensemble,Éclairage"},
		{as("fr"), "eclai", "Aller:Éclairage"},
		{as("fr", "thing.read"), "camille", "Personnes:Camille Aubry"},
		{as("fr"), "camille", ""},
		{as("en", "thing.edit"), "find", "Act:Find"},
		{as("en"), "find", ""},
	} {
		groups, err := p.Search(c.ctx, c.typ)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, g := range groups {
			var hits []string
			for _, h := range g.Hits {
				hits = append(hits, h.Title)
			}
			got += g.Label + ":" + commas(hits)
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.typ, got, c.want)
		}
	}
}

func TestWhatIsPastedIntoTheSearchIsCut(t *testing.T) {
	longest := 0
	p := Pages{Sources: []registry.SearchSource{{Kind: "people", Perm: auth.Public, Find: func(_ context.Context, text string, _ int) ([]registry.Hit, error) {
		longest = len([]rune(text))
		return nil, nil
	}}}}
	ctx := i18n.With(context.Background(), i18n.MustLoad(ui.Locales(), Locales()).For("en", nil))
	if _, err := p.Search(ctx, strings.Repeat("é", 50_000)); err != nil {
		t.Fatal(err)
	}
	if longest == 0 || longest > 200 {
		t.Errorf("the source was asked for %d characters", longest)
	}
}

func join(s []string) string   { return strings.Join(s, " ") }
func commas(s []string) string { return strings.Join(s, ",") }
