package i18n

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func problems(found []Finding) string {
	var lines []string
	for _, f := range found {
		lines = append(lines, f.String())
	}
	return strings.Join(lines, "\n")
}

func TestCheckReportsWhatDiffersBetweenTheLanguages(t *testing.T) {
	for name, c := range map[string]struct{ en, fr, want string }{
		"missing in French":      {`{"a":"x","b":"y"}`, `{"a":"x"}`, `en.json: "b" is missing in French`},
		"missing in English":     {`{"a":"x"}`, `{"a":"x","b":{"c":"y"}}`, `fr.json: "b.c" is missing in English`},
		"other parameters":       {`{"a":"{{.x}}"}`, `{"a":"{{.y}}"}`, `"a" takes the parameters [y], in English [x]`},
		"missing parameter":      {`{"a":"{{.x}} {{.y}}"}`, `{"a":"{{.y}}"}`, `"a" takes the parameters [y], in English [x y]`},
		"plural in one only":     {`{"a":{"one":"x","other":"{{.count}}"}}`, `{"a":"x"}`, `plural forms in both`},
		"French without many":    {`{"a":{"one":"x","other":"y"}}`, `{"a":{"one":"x","other":"y"}}`, `has the plural forms [one other], fr needs [many one other]`},
		"English with many":      {`{"a":{"one":"x","many":"z","other":"y"}}`, `{"a":{"one":"x","many":"z","other":"y"}}`, `en needs [one other]`},
		"parameter of one form":  {`{"a":{"one":"x","other":"{{.who}}"}}`, `{"a":{"one":"{{.who}}","many":"{{.who}}","other":"{{.who}}"}}`, `does not use {{.who}} in the form one`},
		"space before !":         {`{"a":"x"}`, `{"a":"Allez !"}`, `U+202F`},
		"no space before ?":      {`{"a":"x"}`, `{"a":"Quoi?"}`, `U+202F`},
		"plain space before :":   {`{"a":"x"}`, `{"a":"Ici : là"}`, `before :`},
		"no space before :":      {`{"a":"x"}`, `{"a":"Ici:"}`, `before :`},
		"guillemets":             {`{"a":"x"}`, `{"a":"« x »"}`, `inside « »`},
		"apostrophe":             {`{"a":"x"}`, `{"a":"l'heure"}`, `apostrophe`},
		"English quotes":         {`{"a":"x"}`, `{"a":"“x”"}`, `« » for quotes`},
		"three dots":             {`{"a":"x..."}`, `{"a":"x…"}`, `en.json: "a" (other) needs …`},
		"two spaces":             {`{"a":"x  y"}`, `{"a":"x"}`, `two together`},
		"ends with a space":      {`{"a":"x "}`, `{"a":"x"}`, `ends with a space`},
		"not a parameter":        {`{"a":"%s"}`, `{"a":"x"}`, `not a parameter`},
		"banned word":            {`{"a":"The user is there"}`, `{"a":"x"}`, `says "user"`},
		"banned word in French":  {`{"a":"x"}`, `{"a":"Veuillez attendre"}`, `says "Veuillez"`},
		"a file that is refused": {`{"id":"x"}`, `{}`, `reserved`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := problems(Check(files("en.json", c.en, "fr.json", c.fr))); !strings.Contains(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
	got := problems(Check(files("en.json", `{"a":"x"}`, "fr.json", `{"a":"x"}`, "fr-CA.json", `{"a":"{{.y}}","b":"z"}`)))
	if !strings.Contains(got, `"a" must have the forms`) || !strings.Contains(got, `"b" replaces no French`) {
		t.Errorf("found %q", got)
	}
}

func TestCheckFindsNothingInSoundFiles(t *testing.T) {
	found := Check(files(
		"en.json", `{"a":{"one":"One person, {{.who}}","other":"{{.count}} people, {{.who}}"},"b":"At 9:05, see https://x.test?a=b; userland"}`,
		"fr.json", `{"a":{"one":"Une personne, {{.who}}","many":"{{.count}} de personnes, {{.who}}","other":"{{.count}} personnes, {{.who}}"},
			"b":"Ici`+nb+`: «`+nb+`quoi`+nn+`?`+nb+`» à 9:05, https://x.test?a=b`+nn+`; l’heure`+nn+`!"}`,
		"testdata/locales/en.json", `{"id":"x"}`,
	))
	if len(found) != 0 {
		t.Errorf("found %s", problems(found))
	}
}

func write(t *testing.T, root string, pairs ...string) {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		path := filepath.Join(root, filepath.FromSlash(pairs[i]))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(pairs[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestProblemsComparesTheKeysWithTheirUse(t *testing.T) {
	root := t.TempDir()
	messages := `{"t":{"go":"x","templ":"x","attr":"x","table":"x","role":{"a":"x"},"made":{"b":"x"},"said":"x","code":"x","unused":"x","tested":"x"}}`
	write(t, root,
		"t/locales/en.json", messages, "t/locales/fr.json", messages,
		"t/t.go", `package t
import "t.import"
// i18n: t.role.* t.said
var _ = i18n.T(ctx, "t.go")
var _ = i18n.N(ctx, "t.wrong", 2)
var _ = i18n.T(ctx, "t.made."+x+".y")
var table = []string{`+"`t.table`"+`}
var _ = errs.Field{Name: "n", Code: "t.code"}
var _ = errs.Field{"n", "t.wrong_code", nil}
var _ = errs.Conflict("t.wrong_conflict")
var _ = errs.Forbidden("")
func f() { wrong.Add("name", "t.wrong_added", "max", 3); header.Add("Accept", "text/html") }
var _ = notify.Notice{UserID: id, Kind: "t.wrong_kind"}
// i18n: t.empty.*
`,
		"t/t_test.go", `package t
var _ = i18n.T(ctx, "t.tested")
`,
		"t/t.templ", `package t
templ x() { <p title={ i18n.T(ctx, "t.templ") } lang="it's">{ label("t.attr") } { i18n.T(ctx, "t.wrong_templ", "a", b) }</p> }
`,
		"t/t_templ.go", `package t
var _ = i18n.T(ctx, "t.stale")
`,
		"t/testdata/x.go", `not go`,
	)
	found, err := Problems(root)
	if err != nil {
		t.Fatal(err)
	}
	want := `t/t.go:14: "t.empty." is declared as a family and has no key
t/t.go:5: "t.wrong" is used and not written in the message files
t/t.go:9: "t.wrong_code" is used and not written in the message files
t/t.go:10: "t.wrong_conflict" is used and not written in the message files
t/t.go:12: "t.wrong_added" is used and not written in the message files
t/t.go:13: "t.wrong_kind" is used and not written in the message files
t/t.templ:2: "t.wrong_templ" is used and not written in the message files
t/locales/en.json: "t.tested" is written and not used
t/locales/en.json: "t.unused" is written and not used`
	for _, line := range strings.Split(want, "\n") {
		if !strings.Contains(problems(found), line) {
			t.Errorf("not found: %s", line)
		}
	}
	if len(found) != strings.Count(want, "\n")+1 {
		t.Errorf("found:\n%s", problems(found))
	}
}

func TestNamesOfCountriesAndLanguages(t *testing.T) {
	b := sample(t)
	for _, c := range []struct{ got, want string }{
		{CountryName(in(b, "fr"), "DE"), "Allemagne"}, {CountryName(in(b, "en"), "DE"), "Germany"}, {CountryName(in(b, "en"), "ZZ"), "ZZ"},
		{LanguageName(in(b, "fr-CA"), "en"), "anglais"}, {LanguageName(in(b, "en"), "xx"), "xx"}, {OwnName("fr-CA"), "Français (Québec)"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	for code, pair := range tongues() {
		if pair[0] == "" || pair[1] == "" {
			t.Errorf("%s has no name", code)
		}
	}
	for _, lang := range Languages() {
		if OwnName(lang) == lang {
			t.Errorf("%s has no name of its own", lang)
		}
	}
}
