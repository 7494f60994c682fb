package i18n

import (
	"fmt"
	"io/fs"
	"log/slog"
	"regexp"
	"sync"
	"testing"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// The languages people can choose.
const (
	English        = "en"
	French         = "fr"
	FrenchOfQuebec = "fr-CA"
)

// Languages lists what can be chosen, in the order a menu shows it.
func Languages() []string { return []string{English, French, FrenchOfQuebec} }

// Bundle holds the messages of all packages in all languages. It does not change after Load and may be shared.
type Bundle struct {
	messages   *goi18n.Bundle
	localizers map[string]*goi18n.Localizer
	catalogs   map[string]catalog
	strict     bool
	logger     *slog.Logger
	reported   sync.Map // what was already logged, so that a page shown a thousand times logs one line
}

// Load reads every en.json, fr.json and fr-CA.json at the root of the file systems or in a folder named locales,
// testdata aside. It refuses a key written twice in one language, a reserved or malformed key, an empty text, and
// any template action but {{.name}}.
// The bundle is strict when the program is a test.
func Load(fsyss ...fs.FS) (*Bundle, error) {
	catalogs, err := readAll(fsyss...)
	if err != nil {
		return nil, err
	}
	b := &Bundle{
		messages:   goi18n.NewBundle(language.English),
		localizers: map[string]*goi18n.Localizer{},
		catalogs:   catalogs,
		strict:     testing.Testing(),
		logger:     slog.Default(),
	}
	b.deriveQuebec()
	for _, lang := range Languages() {
		if err := b.messages.AddMessages(language.MustParse(lang), b.catalogs[lang].messages()...); err != nil {
			return nil, fmt.Errorf("i18n: %s: %w", lang, err)
		}
	}
	for _, lang := range Languages() {
		b.localizers[lang] = goi18n.NewLocalizer(b.messages, lang)
	}
	return b, nil
}

// MustLoad is Load for tests and for message files embedded in the program: it panics on an error.
func MustLoad(fsyss ...fs.FS) *Bundle {
	b, err := Load(fsyss...)
	if err != nil {
		panic(err)
	}
	return b
}

// Strict says whether a missing key or parameter panics, in place of what Load chose. Call it before sharing the bundle.
func (b *Bundle) Strict(on bool) *Bundle {
	b.strict = on
	return b
}

// Logger replaces the default logger. Call it before sharing the bundle.
func (b *Bundle) Logger(l *slog.Logger) *Bundle {
	b.logger = l
	return b
}

// For gives the Localizer of a language and a time zone. An unknown language reads as the nearest one we have
// (fr-BE as fr), else English; a nil zone reads as UTC.
func (b *Bundle) For(lang string, zone *time.Location) *Localizer {
	if zone == nil {
		zone = time.UTC
	}
	lang = Nearest(lang)
	return &Localizer{bundle: b, locale: localeOf(lang), zone: zone}
}

// Has tells whether a key is written, in English at least.
func (b *Bundle) Has(key string) bool {
	_, ok := b.catalogs[English][key]
	return ok
}

var spaceBeforeMark = regexp.MustCompile("[\u202f\u00a0 ]+([;!?])")

// deriveQuebec completes fr-CA with the French messages, set as they are in Québec.
func (b *Bundle) deriveQuebec() {
	own := b.catalogs[FrenchOfQuebec]
	derived := catalog{}
	for key, m := range b.catalogs[French] {
		forms := make(map[string]string, len(m.forms))
		for form, text := range m.forms {
			forms[form] = spaceBeforeMark.ReplaceAllString(text, "$1")
		}
		derived[key] = &message{key: key, forms: forms, params: m.params, plural: m.plural, file: m.file}
	}
	for key, m := range own {
		derived[key] = m
	}
	b.catalogs[FrenchOfQuebec] = derived
}

// complain panics in a strict bundle and logs each complaint once otherwise.
func (b *Bundle) complain(key, lang, what string) {
	if b.strict {
		panic(fmt.Sprintf("i18n: %q in %s: %s", key, lang, what))
	}
	if _, seen := b.reported.LoadOrStore(key+"\x00"+lang+"\x00"+what, true); !seen {
		b.logger.Error("i18n: message cannot be shown as written", "key", key, "lang", lang, "problem", what)
	}
}
