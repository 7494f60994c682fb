package i18n

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"strconv"
	"testing"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// Localizer is one person's way of reading: a language and a time zone. It does not change and may be shared.
type Localizer struct {
	bundle *Bundle
	locale *locale
	zone   *time.Location
}

// Lang is the language: "en", "fr" or "fr-CA", fit for the lang attribute of a page.
func (l *Localizer) Lang() string { return l.locale.lang }

// Zone is the time zone instants are shown in.
func (l *Localizer) Zone() *time.Location { return l.zone }

// In is the same language in another time zone.
func (l *Localizer) In(zone *time.Location) *Localizer {
	c := *l
	c.zone = zone
	return &c
}

type contextKey struct{}

// With puts the person's Localizer into the context.
func With(ctx context.Context, l *Localizer) context.Context {
	return context.WithValue(ctx, contextKey{}, l)
}

// From is the Localizer of the context. Without one it formats as English in UTC and has no messages.
func From(ctx context.Context) *Localizer {
	if l, ok := ctx.Value(contextKey{}).(*Localizer); ok && l != nil {
		return l
	}
	return &Localizer{locale: localeOf(English), zone: time.UTC}
}

// Lang is the language of the context.
func Lang(ctx context.Context) string { return From(ctx).Lang() }

// Zone is the time zone of the context.
func Zone(ctx context.Context) *time.Location { return From(ctx).Zone() }

// Has tells whether a key is written, in English at least: for words of things that other programs or releases name.
func Has(ctx context.Context, key string) bool { return From(ctx).Has(key) }

// T writes the message of a key. Parameters come in pairs, "name", value; numbers among them are written in the
// person's language. Parameters that the message does not use are ignored.
func T(ctx context.Context, key string, pairs ...any) string { return From(ctx).T(key, pairs...) }

// N writes the plural message of a key for n, an integer or a float. {{.count}} is n in the person's language.
func N(ctx context.Context, key string, n any, pairs ...any) string {
	return From(ctx).N(key, n, pairs...)
}

// M is T with its parameters in a map, for messages whose key and parameters travel as data (errs.Field, notices).
// A plural message takes its form from the parameter count.
func M(ctx context.Context, key string, params map[string]any) string {
	return From(ctx).M(key, params)
}

// T writes the message of a key; see the function T.
func (l *Localizer) T(key string, pairs ...any) string {
	return l.write(key, l.pairs(key, pairs), nil)
}

// N writes the plural message of a key; see the function N.
func (l *Localizer) N(key string, n any, pairs ...any) string {
	params := l.pairs(key, pairs)
	params["count"] = n
	return l.write(key, params, n)
}

// M writes the message of a key with parameters in a map; see the function M.
func (l *Localizer) M(key string, params map[string]any) string {
	own := maps.Clone(params)
	if own == nil {
		own = map[string]any{}
	}
	var n any
	if c, ok := own["count"]; ok && pluralCount(c) != nil {
		n = c
	}
	return l.write(key, own, n)
}

// Has tells whether a key is written; see the function Has.
func (l *Localizer) Has(key string) bool { return l.bundle != nil && l.bundle.Has(key) }

func (l *Localizer) pairs(key string, pairs []any) map[string]any {
	params := make(map[string]any, len(pairs)/2+1)
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			l.complain(key, fmt.Sprintf("parameter %d must start with its name", i/2+1))
			continue
		}
		params[name] = pairs[i+1]
	}
	if len(pairs)%2 == 1 {
		l.complain(key, "parameters must come in pairs")
	}
	return params
}

func (l *Localizer) write(key string, params map[string]any, n any) string {
	if l.bundle == nil {
		l.complain(key, "there is no Localizer in the context (i18n.With)")
		return key
	}
	m, lang := l.bundle.catalogs[l.Lang()][key], l.Lang()
	if m == nil {
		l.complain(key, "the message is missing")
		if m, lang = l.bundle.catalogs[English][key], English; m == nil {
			return key
		}
	}
	if !m.plural && len(m.params) == 0 { // most words of a page: no template to run
		return m.forms["other"]
	}
	data := make(map[string]string, len(m.params))
	for _, name := range m.params {
		v, ok := params[name]
		if !ok || v == nil {
			l.complain(key, fmt.Sprintf("the parameter %q is missing", name))
			data[name] = "…"
			continue
		}
		data[name] = l.param(v)
	}
	config := goi18n.LocalizeConfig{MessageID: key, TemplateData: data}
	if m.plural {
		if config.PluralCount = pluralCount(n); config.PluralCount == nil {
			l.complain(key, "the message has plural forms and needs a count")
		}
	}
	text, err := l.bundle.localizers[lang].Localize(&config)
	if err != nil {
		l.complain(key, err.Error())
	}
	if text == "" {
		return key
	}
	return text
}

func (l *Localizer) complain(key, what string) {
	switch {
	case l.bundle != nil:
		l.bundle.complain(key, l.Lang(), what)
	case testing.Testing():
		panic(fmt.Sprintf("i18n: %q: %s", key, what))
	}
}

// param writes one parameter.
func (l *Localizer) param(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case fmt.Stringer:
		return v.String()
	case error:
		return v.Error()
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return l.Number(r.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return l.digits(strconv.FormatUint(r.Uint(), 10))
	case reflect.Float32, reflect.Float64:
		return l.digits(strconv.FormatFloat(r.Float(), 'f', -1, 64))
	case reflect.String:
		return r.String()
	}
	return fmt.Sprint(v)
}

// pluralCount turns a count into what the plural rules read: digits as they are shown. Nil means: not a number.
func pluralCount(n any) any {
	if n == nil {
		return nil
	}
	r := reflect.ValueOf(n)
	switch r.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return r.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(r.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(r.Float(), 'f', -1, 64)
	}
	return nil
}
