// Package ui is the look of Unisson as templ components: every page is made of them. Import it, call them, write no
// CSS class that is not in assets/unisson.css or app.css, no colour, no style attribute, no script in a page.
// See all of it in every state: [Gallery] (/help/components in the demonstration).
//
// # A page
//
//	@ui.Page(ui.PageProps{Title, ShortName, Summary, Active: ui.Together, Crumbs, Mark, Actions, BarTools, Facts, Tabs, Tools, Fill, NoHead}) { … }
//	@ui.Bare(title) { … }   @ui.BareWith(ui.BareProps{Title, Summary, Wide}) { … }      // no shell; both write the h1
//	@ui.ErrorPage(ui.ErrorPageProps{ui.ErrorProps{Title, Text, Reference, Retry}, Home})  // in the shell or bare, by itself
//
// Fields of type templ.Component take several through templ.Join(ui.Button(…), ui.Button(…)). Page puts its children
// into .pad; with Fill they stand bare, for Table + Pager that fill the sheet. The shell comes from the context:
// [WithShell], [ShellFrom], [DefaultEntries]. Words reach ui already translated, except those of its own locales.
//
// # Components
//
//	Button(ButtonProps{Label, Icon, IconEnd, Kind: Primary|Quiet|Danger, Size: "sm"|"lg", Block, IconOnly, Href, Name, Value, To, Busy, Opens, Modal, Disabled, WhyNot, Key, Desktop, Attrs})
//	PostButton(action, ButtonProps, ...Hidden)   Link(href, label)   Icon(name)   IconSmall(name)   Logo()
//	Avatar(Person{Name, Initials, Voice, Href})   AvatarLarge   CompanyMark(initials)   PersonLine(p, second)   Note(by, when){…}
//	Duo(DuoProps{Marketing, Sales *Person, Turn, Large})   VoiceWord(voice, word)   Meter(MeterProps{Marketing, Sales Clock, Turn, Big})   Strand(label)
//	Form(action, guard){…}   FormActions(ButtonProps, cancelHref)   ErrorSummary(Summarize(fields…))   ErrorsOf(ctx, err)[name]
//	Field(FieldProps{Name, Label, Value, ID, Type, Hint, Error, Optional, Why, Placeholder, Autocomplete, InputMode, MaxLength, List, Autofocus, …})
//	TextArea(f)   Select(f, []Option)   RadioRows(f, []Option)   CheckRows(f, []Option)   Chips(f, []Option)   Checkbox(f, on)
//	Conflicts(title), then Conflict(ConflictProps{Name, Label, Theirs, Mine Version}) for each field
//	Table(TableProps{Name, Columns, Select, Compact, Plain}){ <tr> SelectCell(name, value, label) NameCell(href, name, second) PersonCell(p, second) Cell(CellProps) PeekCell(href, name) }
//	Pager(PagerProps{From, To, Total, More, Previous, Next}){ Selection(){ buttons with To: address } }   // both inside one <form method="post">
//	Tabs(name, []Tab)   Seg(name, []SegItem)   Filter(name, value, removeHref)   FilterAdd(label, menuID)   SearchBox(action, name, value, label, ...Hidden)
//	Tag(OK|Soon|Late|JointTag|Fact…, label)   TagIcon(kind, icon, label)   Score(value, high, href)   Menu(MenuProps{ID, Caption, Items, Start})   MenuForm(id, caption, method, action, submit){…}
//	Card(title, more){…}   HeroCard   Columns(wide, aside){…}   GroupHead(title, count, note)   DefList(Term…)   Facts(Term…)   Item(ItemProps)   Mini(MiniProps…)   Thread(ThreadEntry…)   Chart(finding, note, table){svg}
//	Banner(BannerProps{Kind, Icon, Title, Text, Role}){buttons}   Empty(EmptyProps{Title, Text}){one button}   ErrorBox(ErrorProps)   Skeleton(rows)   Progress(ProgressProps)   ShareBar(name, percent)
//	Dialog(DialogProps{ID, Title, Footer}){…}   PanelContent(PanelProps{Mark, Title, Text, Href}){…}   Toast in Shell.Toasts   ToastPartial(Toast) after an htmx fragment
//	PaletteResults([]PaletteGroup) answers GET /palette?q=   FindResults is the same as the page GET /find   KeyList()   Ago(at, now)   Due(at, now)
//	Personas(action, []Persona) posts "persona"   LanguageSwitch posts to /language {to, next}   ThemeSwitch posts to /theme {theme, next}
//	HX{Get, Post, Target, Swap, …}.Attrs() spreads onto any element: <div { ui.HX{…}.Attrs()... }>
//
// # Hooks of the script (assets/js, all of it optional for the reader)
//
// data-key="e" or "g t" on anything pressable · data-row on a row's link (J, K, Space, X) · data-palette, data-dialog="id"
// on links · data-guard on a form with words to lose · data-busy on a button · data-peek, data-rel, data-all, data-row-check.
//
// # Files
//
// [Assets] serves what [Asset] names, by content hash and for ever. The icons are one external sprite (8 KB packed, once)
// rather than symbols in each page: a list page is 6.5 KB packed, a first visit 46 KB; Chromium draws it under our content
// security policy, and a test looks. A new icon: npm pack lucide-static of the version in assets/VENDOR, add its shapes as a
// symbol to vendor/icons.svg, write the new checksum into VENDOR. After a change of a .templ: templ generate.
package ui
