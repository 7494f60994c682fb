package i18n

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// Finding is one fault of the message files or of their use.
type Finding struct {
	Key     string
	Where   string // file, with :line where it is known
	Problem string
}

// String is the finding as a test prints it.
func (f Finding) String() string { return fmt.Sprintf("%s: %q %s", f.Where, f.Key, f.Problem) }

// Check reads all message files and reports what differs between the languages: a key missing in one, other
// parameters, missing or foreign plural forms; and what the house does not write: French without its typographic
// spaces, words of the banned list. No finding means that the files are fit to ship.
func Check(fsyss ...fs.FS) []Finding {
	catalogs, err := readAll(fsyss...)
	if err != nil {
		return loadFindings(err)
	}
	var found []Finding
	note := func(m *message, format string, args ...any) {
		found = append(found, Finding{Key: m.key, Where: m.file, Problem: fmt.Sprintf(format, args...)})
	}
	en, fr := catalogs[English], catalogs[French]
	for _, key := range en.keys() {
		m := en[key]
		twin := fr[key]
		if twin == nil {
			note(m, "is missing in French")
			continue
		}
		if !slices.Equal(m.needs(), twin.needs()) {
			note(twin, "takes the parameters %v, in English %v", twin.needs(), m.needs())
		}
		if m.plural != twin.plural {
			note(twin, "must have plural forms in both languages or in none")
		}
	}
	for _, key := range fr.keys() {
		if en[key] == nil {
			note(fr[key], "is missing in English")
		}
	}
	for _, key := range catalogs[FrenchOfQuebec].keys() {
		m, model := catalogs[FrenchOfQuebec][key], fr[key]
		switch {
		case model == nil:
			note(m, "replaces no French message")
		case m.plural != model.plural || !slices.Equal(m.needs(), model.needs()):
			note(m, "must have the forms and parameters of the French message")
		}
	}
	for lang, forms := range map[string][]string{
		English: {"one", "other"}, French: {"many", "one", "other"}, FrenchOfQuebec: {"many", "one", "other"},
	} {
		for _, key := range catalogs[lang].keys() {
			checkMessage(catalogs[lang][key], lang, forms, note)
		}
	}
	sortFindings(found)
	return found
}

// Keys lists every key, in English or French.
func Keys(fsyss ...fs.FS) ([]string, error) {
	catalogs, err := readAll(fsyss...)
	if err != nil {
		return nil, err
	}
	keys := append(catalogs[English].keys(), catalogs[French].keys()...)
	sort.Strings(keys)
	return slices.Compact(keys), nil
}

// Problems checks all message files under a folder of source code, and that every key is used there and every used
// key is written. It is the test of the house.
func Problems(root string) ([]Finding, error) {
	tree := os.DirFS(root)
	found := Check(tree)
	keys, err := Keys(tree)
	if err != nil {
		return found, nil // the files cannot be read, which found says
	}
	used, err := UsedKeys(root)
	if err != nil {
		return nil, err
	}
	found = append(found, used.Unknown(keys)...)
	unused := used.Unused(keys)
	catalogs, err := readAll(tree)
	if err != nil {
		return nil, err
	}
	for i, f := range unused {
		for _, lang := range Languages() {
			if m := catalogs[lang][f.Key]; m != nil {
				unused[i].Where = m.file
				break
			}
		}
	}
	return append(found, unused...), nil
}

func loadFindings(err error) []Finding {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var found []Finding
		for _, e := range joined.Unwrap() {
			found = append(found, loadFindings(e)...)
		}
		return found
	}
	return []Finding{{Where: "message files", Problem: err.Error()}}
}

// needs lists the parameters that a caller must give beside the count.
func (m *message) needs() []string {
	return slices.DeleteFunc(slices.Clone(m.params), func(p string) bool { return m.plural && p == "count" })
}

var (
	frenchFaults = []struct {
		bad  *regexp.Regexp
		says string
	}{
		{regexp.MustCompile("[^\u202f;!?…][;!?](?:[ »\\s]|$)"), "needs a narrow no-break space (U+202F) before ; ! ?"},
		{regexp.MustCompile("[^\u00a0:] *:(?:\\s|$)"), "needs a no-break space (U+00A0) before :"},
		{regexp.MustCompile("«[^\u00a0]|[^\u00a0]»"), "needs no-break spaces (U+00A0) inside « »"},
		{regexp.MustCompile(`\pL'\pL`), "needs the apostrophe ’"},
		{regexp.MustCompile(`[“”]`), "needs « » for quotes"},
	}
	anyFaults = []struct {
		bad  *regexp.Regexp
		says string
	}{
		{regexp.MustCompile(`\.\.\.`), "needs … (one character) for three dots"},
		{regexp.MustCompile(`^\s|\s$|  `), "begins or ends with a space, or holds two together"},
		{regexp.MustCompile(`<no value>|%[sdvq]`), "holds what is not a parameter"},
	}
	// The words of LOOK §8 that the interface never says.
	bannedWords = map[string]*regexp.Regexp{
		English: regexp.MustCompile(`(?i)\b(users?|items?|successfully|please|oops)\b`),
		French:  regexp.MustCompile(`(?i)(^|[^\pL])(utilisateurs?|utilisatrices?|veuillez|avec succès|oups|s’il (vous|te) plaît)($|[^\pL])`),
	}
)

func checkMessage(m *message, lang string, forms []string, note func(*message, string, ...any)) {
	if m.plural {
		var have []string
		for form, text := range m.forms {
			have = append(have, form)
			own, _ := placeholders(text) // read without error when the file was loaded
			for _, p := range m.needs() {
				if !slices.Contains(own, p) {
					note(m, "does not use {{.%s}} in the form %s", p, form)
				}
			}
		}
		sort.Strings(have)
		if !slices.Equal(have, forms) {
			note(m, "has the plural forms %v, %s needs %v", have, lang, forms)
		}
	}
	for form, text := range m.forms {
		checkText(m, lang, form, text, note)
	}
}

func checkText(m *message, lang, form, text string, note func(*message, string, ...any)) {
	for _, f := range anyFaults {
		if f.bad.MatchString(text) {
			note(m, "(%s) %s", form, f.says)
		}
	}
	if lang == French {
		for _, f := range frenchFaults {
			if f.bad.MatchString(text) {
				note(m, "(%s) %s", form, f.says)
			}
		}
	}
	family := lang
	if lang == FrenchOfQuebec {
		family = French
	}
	if word := bannedWords[family].FindString(text); word != "" {
		note(m, "(%s) says %q, which the interface never says", form, strings.TrimSpace(word))
	}
}

func sortFindings(found []Finding) {
	sort.Slice(found, func(i, j int) bool {
		a, b := found[i], found[j]
		if a.Where != b.Where {
			return a.Where < b.Where
		}
		if a.Key != b.Key {
			return a.Key < b.Key
		}
		return a.Problem < b.Problem
	})
}
