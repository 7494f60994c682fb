package ui_test

import (
	"context"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/ui"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

type sample struct {
	name string
	c    templ.Component
}

// samples is one of each component whose markup others rely on.
func samples() []sample {
	c, y := ui.Person{Name: "Camille Aubry", Voice: ui.Marketing}, ui.Person{Name: "Yann Le Goff", Voice: ui.Sales, Href: "/people/1"}
	now := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	return []sample{
		{"button", ui.Button(ui.ButtonProps{Label: "Save", Kind: ui.Primary, Icon: "check", Busy: "Saving…", Name: "do", Value: "save"})},
		{"button as a link, icon only", ui.Button(ui.ButtonProps{Label: "More", Icon: "ellipsis", IconOnly: true, Kind: ui.Quiet, Size: "sm", Href: "/more?a=1&b=2", Key: "e"})},
		{"button refused", ui.Button(ui.ButtonProps{Label: "Merge", Disabled: true, WhyNot: "choose two"})},
		{"button with a popover", ui.Button(ui.ButtonProps{Label: "Menu", Opens: "m"})},
		{"post button", ui.PostButton("/leave", ui.ButtonProps{Label: "Leave", Kind: ui.Danger, Icon: "log-out"}, ui.Hidden{Name: "id", Value: `"1"`})},
		{"duo", ui.Duo(ui.DuoProps{Marketing: &c, Sales: &y, Turn: ui.Sales})},
		{"duo with an empty seat", ui.Duo(ui.DuoProps{Marketing: &c})},
		{"person line", ui.PersonLine(y, "West")},
		{"meter", ui.Meter(ui.MeterProps{Marketing: ui.Clock{State: ui.ClockMet}, Sales: ui.Clock{State: ui.DueSoon, Share: .85, Text: "40 min"}})},
		{"big meter", ui.Meter(ui.MeterProps{Big: true, Turn: ui.Sales, Marketing: ui.Clock{State: ui.Running, Share: .44, Text: "2 h", Owner: c, What: "Attach"}, Sales: ui.Clock{State: ui.Overdue, Text: "+ 25 min", Owner: y, What: "Reply"}})},
		{"field", ui.Field(ui.FieldProps{Name: "mail", Label: "Mail", Type: "email", Value: "a@", Error: "End missing", Hint: "Work", Optional: true, Why: "To write", MaxLength: 200})},
		{"secret field", ui.Field(ui.FieldProps{Name: "pw", Label: "Secret", Type: "password", Value: "must not come back"})},
		{"select", ui.Select(ui.FieldProps{Name: "r", Label: "Region", Value: "n"}, []ui.Option{{Value: "", Label: "–"}, {Value: "n", Label: "North", Group: "France"}, {Value: "q", Label: "Québec", Group: "Canada"}})},
		{"radio rows", ui.RadioRows(ui.FieldProps{Name: "r", Label: "Region", Value: "n", Error: "Choose"}, []ui.Option{{Value: "n", Label: "North", Hint: "cold"}, {Value: "s", Label: "South"}})},
		{"chips", ui.Chips(ui.FieldProps{Name: "s", Label: "Skills"}, []ui.Option{{Value: "w", Label: "Water", On: true}})},
		{"error summary", ui.ErrorSummary([]ui.ErrorLink{{ID: "f-a", Label: "A", Text: "missing"}, {ID: "f-b", Label: "B", Text: "long"}})},
		{"one error needs no summary", ui.ErrorSummary([]ui.ErrorLink{{ID: "f-a", Label: "A", Text: "missing"}})},
		{"conflict", ui.Conflict(ui.ConflictProps{Name: "phone", Label: "Phone", Theirs: ui.Version{Value: "1", By: "Sofia", When: "10:28"}, Mine: ui.Version{By: "you", When: "10:30"}})},
		{"tags", templ.Join(ui.Tag(ui.Fact, "MQL"), ui.Tag(ui.Late, "overdue"))},
		{"tabs", ui.Tabs("", []ui.Tab{{Label: "All", Href: "/a", Current: true, Count: "3"}, {Label: "Mine", Href: "/b"}})},
		{"filter", ui.Filter("Region", "West", "/list?")},
		{"pager", ui.Pager(ui.PagerProps{From: 1, To: 50, Total: 1000, More: true, Next: "/n"})},
		{"banner", ui.Banner(ui.BannerProps{Kind: ui.Late, Title: "Not shown", Text: "Safe.", Role: "alert"})},
		{"empty", within(ui.Empty(ui.EmptyProps{Title: "Nothing", Text: "yet"}), ui.Button(ui.ButtonProps{Label: "Begin", Href: "/new"}))},
		{"toasts", ui.Toasts([]ui.Toast{{Text: "Done.", Undo: "/undo/1"}})},
		{"toast beside an answer", ui.ToastPartial(ui.Toast{Text: "Done."})},
		{"progress", ui.Progress(ui.ProgressProps{ID: "job", Doing: "Reading", Done: 1, Total: 3, Left: "2 min", Poll: "/job", Cancel: "/job/cancel"})},
		{"palette", ui.PaletteResults(answers())},
		{"menu", ui.Menu(ui.MenuProps{ID: "m", Caption: "Do", Items: []ui.MenuItem{{Label: "A lead", Icon: "funnel", Href: "/n", Keys: "N L"}, {Label: "Leave", Post: "/leave", Rule: true, Hidden: []ui.Hidden{{Name: "a", Value: "b"}}}}})},
		{"times", templ.Join(ui.Ago(now.Add(-3*time.Hour), now), ui.Due(now.Add(-25*time.Minute), now), ui.Ago(time.Time{}, now))},
		{"list", within(ui.Table(ui.TableProps{Name: "People", Select: true, Columns: []ui.Column{{Label: "Name", Sort: "?s", Direction: "ascending"}, {Label: "Score", Number: true, Desktop: true}}}), row(ui.SelectCell("id", "1", "Ada"), ui.NameCell("/1", "Ada", "Lyon"), ui.Cell(ui.CellProps{Text: "7", Number: true})))},
	}
}

func TestComponentsLookAsAgreed(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		t.Run(lang, func(t *testing.T) {
			ctx := yann(reader(t, lang))
			var b strings.Builder
			for _, s := range samples() {
				b.WriteString("<!-- " + s.name + " -->\n" + lines(render(t, ctx, s.c)) + "\n\n")
			}
			file := "testdata/components." + lang + ".html"
			if *update {
				if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
				t.Errorf("another look (go test -update after reading it):\n%s", diff)
			}
		})
	}
}

var (
	assetHash = regexp.MustCompile(`\.[0-9a-f]{12}\.`)
	blockEnd  = regexp.MustCompile(`(</(?:div|p|li|tr|td|th|form|fieldset|details|label|section|a|button)>)`)
)

// lines makes a golden file readable; the content hash of assets is left out.
func lines(html string) string {
	return strings.TrimRight(blockEnd.ReplaceAllString(assetHash.ReplaceAllString(html, "."), "$1\n"), "\n")
}

// whole is every page of the harness, with all that can be shown.
func whole(t *testing.T, lang string) map[string]string {
	ctx := yann(reader(t, lang))
	s := ui.ShellFrom(ctx)
	s.Toasts, s.Theme, s.KeysOff = []ui.Toast{{Text: "Done.", Undo: "/undo"}}, "dark", true
	pages := map[string]string{}
	for name, c := range map[string]templ.Component{"gallery": ui.Gallery(), "list": listPage(ctx), "record": recordPage(ctx), "sign-in": signInPage(ctx)} {
		pages[name] = render(t, ui.WithShell(ctx, s), c)
	}
	return pages
}

var forbidden = regexp.MustCompile(`(?i)\sstyle=|<style|<script>|<script [^>]*>[^<]|\son[a-z]+=|hx-on|js:|javascript:`)

func TestPagesKeepTheContentSecurityPolicy(t *testing.T) {
	if !forbidden.MatchString(`<p style="x">`) || !forbidden.MatchString(`<a onclick="x">`) {
		t.Fatal("the pattern sees nothing")
	}
	for name, html := range whole(t, "fr") {
		if m := forbidden.FindStringIndex(html); m != nil {
			t.Errorf("%s: …%s…", name, html[max(0, m[0]-40):min(len(html), m[1]+40)])
		}
		for _, tag := range regexp.MustCompile(`<[^>]*\shx-(?:get|post)=[^>]*>`).FindAllString(html, -1) {
			if !strings.Contains(tag, "hx-target=") || !strings.Contains(tag, "hx-swap=") {
				t.Errorf("%s: an htmx element without its own target and swap: %s", name, tag)
			}
		}
	}
}

func TestIdsStandOnceOnAPage(t *testing.T) {
	for name, html := range whole(t, "en") {
		seen := map[string]bool{}
		for _, m := range regexp.MustCompile(`\sid="([^"]*)"`).FindAllStringSubmatch(html, -1) {
			if seen[m[1]] {
				t.Errorf("%s: the id %q stands twice", name, m[1])
			}
			seen[m[1]] = true
		}
	}
}

func TestWordsAreWrittenInBothLanguages(t *testing.T) {
	for _, f := range i18n.Check(ui.Locales()) {
		t.Error(f)
	}
	keys, err := i18n.Keys(ui.Locales())
	if err != nil {
		t.Fatal(err)
	}
	used, err := i18n.UsedKeys(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(used.Unknown(keys), used.Unused(keys)...) {
		t.Error(f)
	}
}

func TestTheShellSaysWhereOneIsAndInWhichTheme(t *testing.T) {
	ctx := yann(reader(t, "fr-CA"))
	html := render(t, ctx, ui.Page(ui.PageProps{Title: "Clients", Active: ui.Customers}))
	for _, want := range []string{`<html lang="fr-CA">`, `<title>Clients · Unisson</title>`, `<a href="/customers" aria-current="page"`, `value="/people?q=lait"`, `Données de démonstration`} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if regexp.MustCompile(`name="to" value="([^"]*)" lang="fr" aria-label="[^"]*" aria-current="true"`).FindStringSubmatch(html)[1] != "fr-CA" {
		t.Error("French of Québec is lost by its own button")
	}
	s := ui.ShellFrom(ctx)
	s.Theme, s.KeysOff = "light", true
	html = render(t, ui.WithShell(ctx, s), ui.Bare("x"))
	if !strings.Contains(html, `data-theme="light" data-keys="off"`) {
		t.Error("theme and keys are not those of the shell")
	}
	s.Theme = "<script>"
	if strings.Contains(render(t, ui.WithShell(ctx, s), ui.Bare("x")), "data-theme=") {
		t.Error("an unknown theme is shown")
	}
}

func TestErrorsSpeakTheReadersLanguage(t *testing.T) {
	ctx := reader(t, "en")
	err := errs.Invalid(errs.Field{Name: "phone", Code: "ui.gallery.email_error"}, errs.Field{Name: "phone", Code: "ui.none"})
	if got := ui.ErrorsOf(ctx, err); len(got) != 1 || got["phone"] != "The end of the address is missing, after @." {
		t.Errorf("errors: %v", got)
	}
	if ui.ErrorsOf(ctx, context.Canceled) != nil {
		t.Error("another error has no fields")
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"Yann Le Goff": "YL", "Jean-Noël Prat": "JP", "Ada": "A", "élodie m": "ÉM", "": "?", "  ": "?"} {
		if got := ui.Initials(name); got != want {
			t.Errorf("%q gives %q, not %q", name, got, want)
		}
	}
}

func TestHXRefusesWhatThePolicyBreaks(t *testing.T) {
	for name, h := range map[string]ui.HX{"filter": {Get: "/", Target: "#a", Trigger: "keyup[key=='x']"}, "script": {Get: "/", Target: "#a", Vals: "js:{}"}, "no target": {Get: "/"}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was taken", name)
				}
			}()
			h.Attrs()
		}()
	}
	a := ui.HX{Get: "/x", Target: "#a", PushURL: true}.Attrs()
	if a["hx-get"] != "/x" || a["hx-target"] != "#a" || a["hx-swap"] != "innerHTML" || a["hx-push-url"] != "true" || len(a) != 4 {
		t.Errorf("attributes: %v", a)
	}
}
