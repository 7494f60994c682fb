package ui_test

import (
	"context"
	"io"
	"strconv"

	"unisson/internal/platform/ui"

	"github.com/a-h/templ"
)

// within gives a component its children.
func within(c templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

func answers() []ui.PaletteGroup {
	return []ui.PaletteGroup{
		{Label: "Customers", Hits: []ui.PaletteHit{{Icon: "building-2", Title: "Laiteries du Bocage", Second: "Vire", End: "Customer since 2014", Href: "/record"}, {Icon: "user-round", Title: "Claire Fontaine", Second: "technical director", End: "MSQL", Href: "/record?2"}}},
		{Label: "Act", Hits: []ui.PaletteHit{{Icon: "pencil", Title: "Log a visit at Laiteries du Bocage", Keys: "N V", Href: "/visits/new"}}},
		{Label: "Go", Hits: []ui.PaletteHit{{Icon: "book-open", Title: "Help", Href: "/help"}}},
	}
}

// listPage is a list of the size that a first visit meets: 50 rows.
func listPage(context.Context) templ.Component {
	rows := make([]templ.Component, 0, 50)
	names := []string{"Claire Fontaine", "Benoît Kervella", "Aïcha Haddad", "Thomas Guérin", "Hélène Baudry", "Olivier Massé", "Mélanie Dufresne"}
	c, y := ui.Person{Name: "Camille Aubry", Voice: ui.Marketing}, ui.Person{Name: "Yann Le Goff", Voice: ui.Sales}
	for i := range 50 {
		name := names[i%len(names)] + " " + strconv.Itoa(i)
		rows = append(rows, row(
			ui.SelectCell("row", strconv.Itoa(i), name),
			ui.PersonCell(ui.Person{Name: name, Href: "/record?" + strconv.Itoa(i)}, "Laiteries du Bocage"),
			ui.Cell(ui.CellProps{Text: "Laiteries du Bocage", Href: "/record", Desktop: true}),
			ui.Cell(ui.CellProps{Text: "Technical director", Second: true, Desktop: true}),
			ui.Cell(ui.CellProps{Content: ui.Duo(ui.DuoProps{Marketing: &c, Sales: &y})}),
			ui.Cell(ui.CellProps{Content: ui.Tag(ui.JointTag, "MSQL"), Desktop: true}),
			ui.Cell(ui.CellProps{Content: ui.VoiceWord(ui.Sales, "yesterday"), Desktop: true}),
			ui.Cell(ui.CellProps{Text: strconv.Itoa(50 + i%40), Number: true, Desktop: true}),
			ui.PeekCell("/peek?"+strconv.Itoa(i), name),
		))
	}
	props := ui.PageProps{
		Title: "Customers and contacts", ShortName: "Customers", Summary: "One base for both teams. More than 1,000 contacts in this view.", Active: ui.Customers, Fill: true,
		Actions: templ.Join(ui.Button(ui.ButtonProps{Label: "Import", Icon: "upload", Href: "/import", Desktop: true}), ui.Button(ui.ButtonProps{Label: "Add a contact", Icon: "user-plus", Kind: ui.Primary, Href: "/new"})),
		Tabs:    []ui.Tab{{Label: "My contacts", Href: "/list", Current: true}, {Label: "No contact for 90 days", Href: "/list?v=2", Count: "37"}, {Label: "Save view", Href: "/list?save", Icon: "plus", Faint: true}},
		Tools: templ.Join(ui.Seg("Type", []ui.SegItem{{Label: "Companies", Href: "/list?c"}, {Label: "Contacts", Href: "/list", Current: true}}),
			ui.Filter("Region", "West, North", "/list?"), ui.FilterAdd("Filter", "cols"), ui.SearchBox("/list", "q", "", "Search in contacts")),
	}
	table := within(ui.Table(ui.TableProps{Name: "Contacts, sorted by last contact", Select: true, Columns: []ui.Column{
		{Label: "Name", Sort: "?sort=name"}, {Label: "Company", Sort: "?sort=company", Desktop: true}, {Label: "Role", Desktop: true}, {Label: "Owners"}, {Label: "Stage", Desktop: true},
		{Label: "Last contact", Sort: "?sort=last", Direction: "descending", Desktop: true}, {Label: "Score", Sort: "?sort=score", Number: true, Desktop: true}, {Label: "Preview", Silent: true, Desktop: true},
	}}), rows...)
	pager := within(ui.Pager(ui.PagerProps{From: 1, To: 50, Total: 1000, More: true, Next: "/list?after=x"}),
		within(ui.Selection(), ui.Button(ui.ButtonProps{Label: "Merge", Icon: "git-merge", To: "/merge"}), ui.Button(ui.ButtonProps{Label: "Export", Icon: "download", To: "/export"})))
	menu := within(ui.MenuForm("cols", "Region", "get", "/list", "Filter"), ui.Checkbox(ui.FieldProps{Name: "region", Label: "West"}, true), ui.Checkbox(ui.FieldProps{Name: "region", ID: "r2", Label: "North"}, false))
	return within(ui.Page(props), table, pager, menu)
}

func row(cells ...templ.Component) templ.Component {
	return templ.Join(templ.Raw("<tr>"), templ.Join(cells...), templ.Raw("</tr>"))
}

func recordPage(context.Context) templ.Component {
	c, s := ui.Person{Name: "Camille Aubry", Voice: ui.Marketing}, ui.Person{Name: "Sofia Benali", Voice: ui.Sales}
	props := ui.PageProps{
		Title: "Laiteries du Bocage", ShortName: "Customer", Summary: "Food · 340 staff · Vire, Normandy · customer since 2014", Active: ui.Customers,
		Crumbs: []ui.Crumb{{Label: "Customers", Href: "/list"}, {Label: "Laiteries du Bocage"}}, Mark: ui.CompanyMark("LB"),
		BarTools: templ.Join(ui.Button(ui.ButtonProps{Label: "Follow", Icon: "bell", Kind: ui.Quiet, Size: "sm"}), ui.Button(ui.ButtonProps{Label: "More actions", Icon: "ellipsis", IconOnly: true, Kind: ui.Quiet, Size: "sm"})),
		Actions:  templ.Join(ui.Button(ui.ButtonProps{Label: "Deal", Icon: "plus"}), ui.Button(ui.ButtonProps{Label: "Log a visit", Icon: "pencil", Kind: ui.Primary})),
		Tabs:     []ui.Tab{{Label: "Shared view", Href: "/record", Current: true}, {Label: "Contacts", Href: "/record?c", Count: "11"}},
	}
	plan := within(ui.Card("Joint account plan", ui.Link("/plan", "See all")), ui.Mini(ui.MiniProps{Person: &c, Title: "Equip line 2 before March", When: "Mar", Second: "CIP skid quote under way"}))
	thread := within(ui.Card("Shared thread", nil), ui.Thread(ui.ThreadEntry{Caption: "Today"}, ui.ThreadEntry{Voice: ui.Marketing, What: "Camille hands Claire Fontaine to Yann", Meta: "9:05"}, ui.ThreadEntry{What: "Claire asks for a quote", Meta: "8:47 · CIP form"}))
	props.Facts = ui.Facts(ui.Term{Label: "Owners", Content: ui.Duo(ui.DuoProps{Marketing: &c, Sales: &s})}, ui.Term{Label: "Revenue, 12 months", Text: "€186,400"}, ui.Term{Label: "Margin", Text: "31%"})
	return within(ui.Page(props), within(ui.Columns(true, thread), plan))
}

func signInPage(context.Context) templ.Component {
	form := within(ui.Form("/sign-in", false),
		ui.Field(ui.FieldProps{Name: "email", Type: "email", Label: "E-mail address", Value: "yann.legoff@rivaline.example", Autocomplete: "username"}),
		ui.Field(ui.FieldProps{Name: "password", Type: "password", Label: "Password", Autocomplete: "current-password", Error: "Wrong e-mail address or password."}),
		ui.Checkbox(ui.FieldProps{Name: "stay", Label: "Stay signed in on this device"}, true),
		ui.Button(ui.ButtonProps{Label: "Sign in", Kind: ui.Primary, Size: "lg", Block: true}))
	return within(ui.BareWith(ui.BareProps{Title: "Sign in", Summary: "to Rivaline’s workspace"}), form)
}
