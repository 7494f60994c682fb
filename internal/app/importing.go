package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"unisson/internal/imports"
	"unisson/internal/imports/table"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/registry"
)

// ImportPlan says how the command line wants a file brought in.
type ImportPlan struct {
	Target, Name, Key, Day, Encoding, Delimiter, Sheet string
	Mapping                                            []byte // JSON; nil: guessed
	Set                                                map[string]string
	Overwrite, Dry                                     bool
}

// ImportProgress is how far an import is.
type ImportProgress struct {
	State       string
	Done, Total int64
	PerSecond   float64
	Left        time.Duration
}

func progress(tell func(ImportProgress)) func(imports.Import) {
	return func(i imports.Import) {
		p := ImportProgress{State: string(i.State), Done: i.Done, Total: i.Total, PerSecond: i.PerSecond(), Left: i.Left()}
		switch i.State {
		case imports.Staging:
			p.Done = i.Staged
		case imports.Drying:
			p.Done = i.Dry.Rows()
		case imports.Undoing:
			p.Done, p.Total = i.Removed+i.Restored, i.Created+i.Updated+i.Also
		}
		tell(p)
	}
}

// Refused tells that a file cannot be read as a table, whatever is done with it.
func Refused(err error) bool {
	var r *table.Refusal
	return errors.As(err, &r)
}

// RefusalOf gives the words of why a file cannot be read.
func RefusalOf(err error) (code string, params map[string]any, ok bool) {
	var r *table.Refusal
	if errors.As(err, &r) {
		return r.Code, r.Params, true
	}
	return "", nil, false
}

// BringIn brings a file in within this process, from beginning to end, and gives
// what became of it. A file that cannot be read is an error of Refused.
func (a *App) BringIn(ctx context.Context, p ImportPlan, in io.Reader, tell func(ImportProgress)) (imports.Import, error) {
	want := table.Dialect{Encoding: p.Encoding, Delimiter: p.Delimiter, Sheet: p.Sheet}
	i, err := a.Imports.Upload(ctx, p.Target, p.Name, in, want)
	if err != nil {
		return i, err
	}
	m := i.Mapping
	if p.Mapping != nil {
		m = imports.Mapping{}
		if err := json.Unmarshal(p.Mapping, &m); err != nil {
			return i, fmt.Errorf("--mapping: %w", err)
		}
	}
	if len(p.Set) > 0 {
		m.Set = p.Set
	}
	if i, err = a.Imports.Correct(ctx, i.ID, imports.Plan{Mapping: &m, Key: &p.Key, Overwrite: &p.Overwrite, Day: &p.Day}); err != nil {
		return i, err
	}
	begin := a.Imports.Run
	if p.Dry {
		begin = a.Imports.Try
	}
	if err := begin(ctx, i.ID); err != nil {
		return i, err
	}
	if err := a.Imports.Work(ctx, i.ID, progress(tell)); err != nil {
		return i, err
	}
	i, err = a.Imports.Import(ctx, i.ID)
	if err == nil && i.State == imports.Failed {
		err = &table.Refusal{Code: i.Code, Params: i.Params}
	}
	if err == nil && !p.Dry {
		i.Dry.Reasons, err = a.Imports.Reasons(ctx, i.ID)
	}
	return i, err
}

// TakeBack undoes an import within this process, and lists what stays.
func (a *App) TakeBack(ctx context.Context, id string, tell func(ImportProgress)) (imports.Import, []registry.Kept, error) {
	err := a.Imports.Undo(ctx, id)
	if err != nil && !errs.Is(err, errs.KindConflict) {
		return imports.Import{}, nil, err
	}
	before, e := a.Imports.Import(ctx, id)
	if e != nil || err != nil && before.State != imports.Undoing {
		return before, nil, errors.Join(err, e)
	}
	if err := a.Imports.Work(ctx, id, progress(tell)); err != nil {
		return before, nil, err
	}
	i, err := a.Imports.Import(ctx, id)
	if err != nil {
		return i, nil, err
	}
	kept, err := a.Imports.Kept(ctx, id, 10_000)
	return i, kept, err
}
