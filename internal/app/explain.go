package app

import (
	"context"
	"errors"
	"strings"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/web"
)

// Explain says an error in English words, for the command line: pages and the
// API translate theirs at the edge.
func (a *App) Explain(err error) error {
	if errs.KindOf(err) == errs.KindInternal {
		return err
	}
	ctx := i18n.With(context.Background(), a.bundle.For(i18n.English, nil))
	e := web.Explain(err)
	if len(e.Fields) == 0 {
		return errors.New(i18n.M(ctx, e.Code, e.Params))
	}
	var lines []string
	for _, f := range e.Fields {
		lines = append(lines, f.Name+": "+i18n.M(ctx, f.Code, f.Params))
	}
	return errors.New(strings.Join(lines, "; "))
}
