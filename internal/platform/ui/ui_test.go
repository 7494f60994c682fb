package ui_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"

	"github.com/a-h/templ"
)

// reader gives the context of somebody who reads lang.
func reader(t testing.TB, lang string) context.Context {
	t.Helper()
	bundle, err := i18n.Load(ui.Locales())
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("CET", 3600)
	return i18n.With(context.Background(), bundle.For(lang, zone))
}

// yann is a salesperson with everything his shell can show.
func yann(ctx context.Context) context.Context {
	return ui.WithShell(ctx, ui.Shell{
		Organisation: "Rivaline", Person: ui.Person{Name: "Yann Le Goff", Voice: ui.Sales, Href: "/people/yann"}, PersonNote: "West",
		Entries: ui.DefaultEntries(ctx, 6),
		Pinned:  []ui.Pin{{Label: "To accept this week", Href: "/funnel?view=accept", Icon: "funnel"}, {Label: "Laiteries du Bocage", Href: "/customers/1", Icon: "building-2"}},
		Create:  []ui.MenuItem{{Label: "A lead", Icon: "funnel", Href: "/leads/new", Keys: "N L"}, {Label: "A visit report", Icon: "pencil", Href: "/visits/new", Keys: "N V"}},
		Unread:  3, Demo: true, Path: "/people?q=lait", SignOut: "/sign-out",
	})
}

func render(t testing.TB, ctx context.Context, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
