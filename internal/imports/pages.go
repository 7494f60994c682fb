package imports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"unisson/internal/imports/table"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
	"unisson/internal/platform/i18n"
	"unisson/internal/platform/registry"
	"unisson/internal/platform/web"
)

const pageSize = 50

type historyView struct {
	list []Import
	next string
}

type historyForm struct {
	Before string `form:"before"`
}

func (p *Pages) history(w http.ResponseWriter, r *http.Request) error {
	var f historyForm
	if err := web.Decode(r, &f); err != nil {
		return err
	}
	list, err := p.Service.History(r.Context(), f.Before, pageSize+1)
	if err != nil {
		return err
	}
	v := historyView{list: list}
	if len(list) > pageSize {
		v.list = list[:pageSize]
		v.next = "/imports?before=" + v.list[pageSize-1].ID
	}
	return web.Render(w, r, http.StatusOK, historyPage(v, p.Clock.Now()))
}

type newView struct {
	targets []registry.Target
	target  string
	wrong   string // words, already in the reader's language
}

func (p *Pages) begin(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, newPage(newView{targets: p.Service.Targets(r.Context())}))
}

// upload reads the parts of the form as they come: the target, then the file.
func (p *Pages) upload(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := newView{targets: p.Service.Targets(ctx)}
	parts, err := r.MultipartReader()
	if err != nil {
		return errs.Malformed("", "errors.malformed")
	}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			v.wrong = i18n.T(ctx, "imports.errors.no_file")
			return web.Render(w, r, http.StatusUnprocessableEntity, newPage(v))
		}
		if err != nil {
			return errs.Malformed("", "errors.malformed")
		}
		switch part.FormName() {
		case "target":
			name, err := io.ReadAll(io.LimitReader(part, 100))
			if err != nil {
				return errs.Malformed("", "errors.malformed")
			}
			v.target = string(name)
		case "file":
			if part.FileName() == "" {
				v.wrong = i18n.T(ctx, "imports.errors.no_file")
				return web.Render(w, r, http.StatusUnprocessableEntity, newPage(v))
			}
			i, err := p.Service.Upload(ctx, v.target, part.FileName(), part, table.Dialect{})
			if words, refused := refusal(ctx, err); refused {
				v.wrong = words
				return web.Render(w, r, http.StatusUnprocessableEntity, newPage(v))
			}
			if err != nil {
				return err
			}
			return web.Redirect(w, r, "/imports/"+i.ID)
		default:
			return errs.Malformed("", "errors.unknown_field")
		}
	}
}

// refusal gives the words of a file that cannot be read.
func refusal(ctx context.Context, err error) (string, bool) {
	var no *table.Refusal
	if !errors.As(err, &no) {
		return "", false
	}
	return i18n.M(ctx, no.Code, no.Params), true
}

// oneView is one import.
type oneView struct {
	Import
	fields  []registry.Field
	keys    []string
	reasons []Reason
	kept    []registry.Kept
	wrong   string
	now     db.Time
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	return p.render(w, r, web.Path(r, "id"), "", http.StatusOK)
}

func (p *Pages) render(w http.ResponseWriter, r *http.Request, id, wrong string, status int) error {
	ctx := r.Context()
	i, err := p.Service.Import(ctx, id)
	if err != nil {
		return err
	}
	v := oneView{Import: i, wrong: wrong, now: db.At(p.Clock.Now())}
	t, err := p.Service.target(ctx, i.Target)
	if err != nil {
		return err
	}
	v.keys = append([]string{registry.KeyAuto}, t.Keys...)
	if v.fields, err = p.Service.Fields(ctx, i.Target); err != nil {
		return err
	}
	v.reasons = i.Dry.Reasons
	if i.Done > 0 {
		if v.reasons, err = p.Service.Reasons(ctx, id); err != nil {
			return err
		}
	}
	if i.State == Undone {
		if v.kept, err = p.Service.Kept(ctx, id, 200); err != nil {
			return err
		}
	}
	return web.Render(w, r, status, onePage(v))
}

// correct takes what somebody changed about how the file is read. A change of
// the dialect makes the columns anew, so what was said of them is not kept.
func (p *Pages) correct(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), web.Path(r, "id")
	i, err := p.Service.Import(ctx, id)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return errs.Malformed("", "errors.malformed")
	}
	get := r.PostForm.Get
	plan := Plan{}
	d := table.Dialect{Encoding: get("encoding"), Delimiter: get("delimiter"), Sheet: get("sheet")}
	if d.Delimiter == "tab" {
		d.Delimiter = "\t"
	}
	if get("header") == "none" {
		d.HeaderRows = -1
	}
	if d.Encoding != i.Dialect.Encoding || d.Delimiter != i.Dialect.Delimiter || d.Sheet != i.Dialect.Sheet || (d.HeaderRows < 0) != (i.Dialect.HeaderRows < 0) {
		plan.Dialect = &d
	} else {
		m := Mapping{Columns: map[string]Column{}, Set: i.Mapping.Set, Default: i.Mapping.Default}
		for at, h := range i.Guess.Header {
			field := get("m" + strconv.Itoa(at))
			if field == "" {
				continue
			}
			c := Column{Field: field}
			if before := i.Mapping.Columns[h]; before.Field == field {
				c = before
			}
			m.Columns[h] = c
		}
		plan.Mapping = &m
	}
	key, day, overwrite := get("key"), get("day"), get("overwrite") != ""
	plan.Key, plan.Day, plan.Overwrite = &key, &day, &overwrite
	_, err = p.Service.Correct(ctx, id, plan)
	if words, refused := refusal(ctx, err); refused {
		return p.render(w, r, id, words, http.StatusUnprocessableEntity)
	}
	if fields := errs.FieldsOf(err); len(fields) > 0 {
		return p.render(w, r, id, i18n.M(ctx, fields[0].Code, fields[0].Params), http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/imports/"+id)
}

// act does one thing and shows the import again.
func (p *Pages) act(do func(*Service, context.Context, string) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, id := r.Context(), web.Path(r, "id")
		err := do(p.Service, ctx, id)
		if fields := errs.FieldsOf(err); len(fields) > 0 {
			return p.render(w, r, id, i18n.M(ctx, fields[0].Code, fields[0].Params), http.StatusUnprocessableEntity)
		}
		if err != nil {
			return err
		}
		return web.Redirect(w, r, "/imports/"+id)
	}
}

// rejected sends the rejected rows: the same columns, the line and the reason.
func (p *Pages) rejected(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), web.Path(r, "id")
	i, err := p.Service.Import(ctx, id)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "rejected-"+i.ID+".csv"))
	return p.Service.WriteRejected(ctx, id, w, func(code string, params map[string]any) string { return i18n.M(ctx, code, params) })
}
