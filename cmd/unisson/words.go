package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"strings"

	"unisson/internal/app"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/web"
)

// inWords says an error that carries message keys in sentences, in the language
// of the environment, with its cause below. Any other is said as it is.
func inWords(err error) error {
	if code, params, ok := app.RefusalOf(err); ok {
		return errors.New(i18n.M(inLanguage(context.Background()), code, params))
	}
	d := errs.Detail(err)
	if d == nil || d.Kind == errs.KindInternal {
		return err
	}
	bundle, loadErr := i18n.Load(app.Locales()...)
	if loadErr != nil {
		return err
	}
	ctx := i18n.With(context.Background(), bundle.For(language(), nil))
	e := web.Explain(err)
	var lines []string
	for _, f := range e.Fields {
		lines = append(lines, f.Name+": "+i18n.M(ctx, f.Code, f.Params))
	}
	said := strings.Join(lines, "; ")
	if len(lines) == 0 {
		said = i18n.M(ctx, e.Code, e.Params)
	}
	if d.Err != nil {
		said += "\n" + strings.Replace(err.Error(), d.Error(), d.Err.Error(), 1)
	}
	return errors.New(said)
}

// inLanguage gives a context in which messages are said in the language of the
// environment.
func inLanguage(ctx context.Context) context.Context {
	bundle, err := i18n.Load(app.Locales()...)
	if err != nil {
		return ctx
	}
	return i18n.With(ctx, bundle.For(language(), nil))
}

// language is what the environment asks for, as programs read it: fr_FR.UTF-8 is fr-FR.
func language() string {
	set := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	set, _, _ = strings.Cut(set, ".")
	return strings.ReplaceAll(set, "_", "-")
}
