package customers

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"unisson/internal/platform/api"
	"unisson/internal/platform/db"
	"unisson/internal/platform/edits"
	"unisson/internal/platform/errs"
)

// recordWire is an account or a contact.
type recordWire struct {
	ID         string         `json:"id" example:"01890a5d-ac96-7774-bcce-b302099a8057"`
	Title      string         `json:"title" example:"Laiteries du Bocage" doc:"What it is called, or how it is known without a name"`
	Values     map[string]any `json:"values" doc:"Its fields by name, as listFields names them; empty ones are left out. Several values are a list; addresses and numbers are objects"`
	SourceID   string         `json:"source_id,omitempty" doc:"The import, form or list that it came from"`
	LastTouch  *time.Time     `json:"last_touch_at,omitempty"`
	Restricted *time.Time     `json:"restricted_at,omitempty" doc:"Only the privacy role reads a restricted record"`
	Version    int64          `json:"version" doc:"The number that ETag carries"`
	CreatedAt  time.Time      `json:"created_at"`
	UpdatedAt  time.Time      `json:"updated_at"`
}

// pointWire is an address or a number.
type pointWire struct {
	Value string `json:"value" example:"claire@bocage.example"`
	Typed string `json:"typed,omitempty" doc:"As somebody wrote it"`
	Label string `json:"label,omitempty" example:"work"`
	State string `json:"state,omitempty" doc:"invalid or bounced"`
}

func wireRecord(sch *Schema, rec *Record) recordWire {
	w := recordWire{ID: rec.ID, Title: rec.Title(), Values: map[string]any{}, SourceID: rec.SourceID, LastTouch: moment(rec.LastTouch), Restricted: moment(rec.Restricted),
		Version: rec.Version, CreatedAt: rec.CreatedAt.Go(), UpdatedAt: rec.UpdatedAt.Go()}
	for _, f := range sch.Fields {
		if v := rec.Values[f.Name]; v != "" && f.Set {
			w.Values[f.Name] = wireValue(f, v)
		}
	}
	return w
}

func wireValue(f Field, v string) any {
	switch f.Type {
	case Emails, Phones:
		var out []pointWire
		for _, p := range PointsOf(pointKind(f.Type), v) {
			out = append(out, pointWire{Value: p.Value, Typed: p.Typed, Label: p.Label, State: p.State})
		}
		return out
	case Number, Whole, Money:
		return json.Number(v)
	}
	if f.Several() {
		return strings.Split(v, "\n")
	}
	return v
}

// sentValues reads the values of a body: texts, numbers, lists of texts, and
// lists of addresses with their labels. A name that nobody may set is refused.
func sentValues(sch *Schema, in map[string]any) (Values, error) {
	out := make(Values, len(in))
	var wrong errs.Fields
	for name, v := range in {
		f, ok := sch.Field(name)
		if !ok || !f.Set {
			wrong.Add("values."+name, "errors.unknown_field", "name", name)
			continue
		}
		text, ok := sentValue(f, v)
		if !ok {
			wrong.Add("values."+name, "errors.malformed")
			continue
		}
		out[name] = text
	}
	return out, wrong.Err()
}

func sentValue(f Field, v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case []any:
		if !f.Several() {
			return "", false
		}
		var lines []string
		for _, one := range v {
			switch one := one.(type) {
			case string:
				lines = append(lines, strings.ReplaceAll(one, "\n", " "))
			case map[string]any:
				value, _ := one["value"].(string)
				label, _ := one["label"].(string)
				if typed, ok := one["typed"].(string); ok && typed != "" {
					value = typed
				}
				lines = append(lines, strings.NewReplacer("\n", " ", "\t", " ").Replace(value)+"\t"+strings.NewReplacer("\n", " ", "\t", " ").Replace(label))
			default:
				return "", false
			}
		}
		return strings.Join(lines, "\n"), true
	}
	return "", false
}

type listIn struct {
	api.PageIn
	Filter string `query:"filter" maxLength:"8000" doc:"Conditions as in the address of a list" example:"tier:is:a;last_touch:before:-90d"`
	Sort   string `query:"sort" maxLength:"80" doc:"A field, with a minus downwards; by name when empty" example:"-last_touch"`
}

func (p *Pages) apiList(k Kind) func(context.Context, *listIn) (*oneOut[api.Page[recordWire]], error) {
	return func(ctx context.Context, in *listIn) (*oneOut[api.Page[recordWire]], error) {
		sch, err := p.Service.Schema(ctx, k)
		if err != nil {
			return nil, err
		}
		q := Query{Kind: k, Limit: in.Limit}
		if q.Filter, err = ParseFilter(in.Filter); err != nil {
			return nil, err
		}
		if q.Sort, err = ParseSort(sch, in.Sort); err != nil {
			return nil, err
		}
		if q.At, err = ParseCursor(in.Cursor); err != nil {
			return nil, errs.Malformed("cursor", "errors.bad_cursor")
		}
		page, err := p.Service.List(ctx, q)
		if err != nil {
			return nil, err
		}
		out := &oneOut[api.Page[recordWire]]{}
		out.Body.Items = make([]recordWire, len(page.Records))
		for i, rec := range page.Records {
			out.Body.Items[i] = wireRecord(sch, rec)
		}
		if page.Next != nil {
			out.Body.Next = page.Next.String()
		}
		return out, nil
	}
}

func (p *Pages) apiRecord(k Kind) func(context.Context, *recordIn) (*versionedOut[recordWire], error) {
	return func(ctx context.Context, in *recordIn) (*versionedOut[recordWire], error) {
		sheet, err := p.Service.Record(ctx, k, in.ID)
		if err != nil {
			return nil, err
		}
		return &versionedOut[recordWire]{ETag: api.ETag(sheet.Version), Body: wireRecord(sheet.Schema, sheet.Record)}, nil
	}
}

// valuesBody holds values by the name of their field.
type valuesBody struct {
	Values map[string]any `json:"values" doc:"Fields by name, as listFields names them: a text, a number, or a list; null or an empty text empties a field" example:"{\"name\":\"Laiteries du Bocage\",\"emails\":[{\"value\":\"contact@bocage.example\",\"label\":\"work\"}]}"`
}

type createIn struct {
	Body struct {
		Values   map[string]any `json:"values" doc:"Fields by name, as listFields names them: a text, a number, or a list; null or an empty text empties a field" example:"{\"name\":\"Laiteries du Bocage\",\"emails\":[{\"value\":\"contact@bocage.example\",\"label\":\"work\"}]}"`
		Returned string         `json:"returned,omitempty" maxLength:"500" doc:"Of somebody who was forgotten: how he came back by himself"`
	}
}

func (p *Pages) apiCreate(k Kind) func(context.Context, *createIn) (*madeOut[recordWire], error) {
	return func(ctx context.Context, in *createIn) (*madeOut[recordWire], error) {
		sch, err := p.Service.Schema(ctx, k)
		if err != nil {
			return nil, err
		}
		v, err := sentValues(sch, in.Body.Values)
		if err != nil {
			return nil, err
		}
		id, err := p.Service.CreateReturning(ctx, k, v, in.Body.Returned)
		if err != nil {
			return nil, inBody(err)
		}
		sheet, err := p.Service.Record(ctx, k, id)
		if err != nil {
			return nil, err
		}
		return &madeOut[recordWire]{Location: api.Prefix + recordPath(k, id), ETag: api.ETag(sheet.Version), Body: wireRecord(sheet.Schema, sheet.Record)}, nil
	}
}

// inBody calls the wrong fields of err by their place in the body.
func inBody(err error) error {
	e := errs.Detail(err)
	if e == nil || len(e.Fields) == 0 {
		return err
	}
	c := *e
	c.Fields = make([]errs.Field, len(e.Fields))
	for i, f := range e.Fields {
		f.Name = "values." + f.Name
		c.Fields[i] = f
	}
	return &c
}

type updateIn struct {
	ID      string `path:"id" maxLength:"100" doc:"Id of the record"`
	IfMatch string `header:"If-Match" required:"true" maxLength:"100" doc:"The ETag that was read" example:"\"7\""`
	Body    valuesBody
}

// apiUpdate refuses what was not read as it stands: a program cannot be asked
// whose value stays.
func (p *Pages) apiUpdate(k Kind) func(context.Context, *updateIn) (*versionedOut[recordWire], error) {
	return func(ctx context.Context, in *updateIn) (*versionedOut[recordWire], error) {
		var out *versionedOut[recordWire]
		err := p.Service.db.Write(ctx, func(ctx context.Context, _ db.Tx) error {
			sheet, err := p.Service.Record(ctx, k, in.ID)
			if err != nil {
				return err
			}
			version, err := api.IfMatch(in.IfMatch)
			if err != nil {
				return err
			}
			if !sheet.CanEdit {
				return errs.Forbidden("customers.errors.not_yours")
			}
			if version != sheet.Version {
				return errs.Stale(nil)
			}
			v, err := sentValues(sheet.Schema, in.Body.Values)
			if err != nil {
				return err
			}
			if _, err := p.Service.Save(ctx, k, sheet.ID, version, v); err != nil {
				return inBody(err)
			}
			out, err = p.apiRecord(k)(ctx, &recordIn{sheet.ID})
			return err
		})
		return out, err
	}
}

// changeWire is one saved change.
type changeWire struct {
	Version int64         `json:"version"`
	At      time.Time     `json:"at"`
	By      string        `json:"by"`
	ByID    string        `json:"by_id,omitempty"`
	Fields  []edits.Field `json:"fields" nullable:"false"`
}

func (p *Pages) apiHistory(k Kind) func(context.Context, *recordIn) (*manyOut[changeWire], error) {
	return func(ctx context.Context, in *recordIn) (*manyOut[changeWire], error) {
		all, err := p.Service.History(ctx, k, in.ID)
		if err != nil {
			return nil, err
		}
		return listOut(all, func(e edits.Edit) changeWire {
			return changeWire{Version: e.Version, At: e.At, By: e.By, ByID: e.ByID, Fields: e.Fields}
		}), nil
	}
}

type tagIn struct {
	ID   string `path:"id" maxLength:"100" doc:"Id of the record"`
	Body struct {
		Tags []string `json:"tags" maxItems:"50" nullable:"false" example:"[\"dairy\"]"`
	}
}

func (p *Pages) apiTag(k Kind) func(context.Context, *tagIn) (*versionedOut[recordWire], error) {
	return func(ctx context.Context, in *tagIn) (*versionedOut[recordWire], error) {
		if _, err := p.Service.AddTags(ctx, k, in.ID, strings.Join(in.Body.Tags, "\n")); err != nil {
			return nil, err
		}
		return p.apiRecord(k)(ctx, &recordIn{in.ID})
	}
}
