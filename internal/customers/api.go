package customers

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"unisson/internal/platform/api"
	"unisson/internal/platform/db"
	"unisson/internal/platform/errs"
)

// Operations are the REST operations of customers.
func (p *Pages) Operations(a *api.API) {
	for _, k := range Kinds() {
		one, many, tag := "Contact", "/contacts", "contacts"
		noun := "a contact"
		if k == KindAccount {
			one, many, tag, noun = "Account", "/accounts", "accounts", "an account"
		}
		op := func(id, method, path, summary string) api.Op {
			o := api.Op{ID: id, Method: method, Path: many + path, Tag: tag, Summary: summary, Perm: MayRead}
			switch method {
			case http.MethodPost:
				o.Perm, o.Status = MayEdit, http.StatusCreated
			case http.MethodPatch:
				o.Perm = MayEdit
			}
			return o
		}
		register(a, op("list"+one+"s", http.MethodGet, "", "List "+tag+", filtered and sorted as the lists are"), p.apiList(k))
		register(a, op("get"+one, http.MethodGet, "/{id}", "Read "+noun+" with every value"), p.apiRecord(k))
		register(a, op("create"+one, http.MethodPost, "", "Make "+noun+"; only a name is needed"), p.apiCreate(k))
		register(a, op("update"+one, http.MethodPatch, "/{id}", "Change values of "+noun+"; those that are not sent stay as they are"), p.apiUpdate(k))
		register(a, op("list"+one+"Changes", http.MethodGet, "/{id}/history", "List who changed what, newest first"), p.apiHistory(k))
		register(a, op("tag"+one, http.MethodPost, "/{id}/tags", "Give more tags to "+noun), p.apiTag(k))
		register(a, op("list"+one+"Needs", http.MethodGet, "/{id}/needs", "List what a customer needs"), p.apiNeeds(k))
		register(a, op("add"+one+"Need", http.MethodPost, "/{id}/needs", "Note what a customer needs"), p.apiAddNeed(k))
		register(a, op("update"+one+"Need", http.MethodPatch, "/{id}/needs/{need}", "Change the words of a need, or say that it is met or dropped"), p.apiChangeNeed(k))
	}
	register(a, api.Op{ID: "listConsents", Method: http.MethodGet, Path: "/contacts/{id}/consents", Tag: "contacts", Perm: MayRead,
		Summary: "List what a person agreed to or refused, newest first"}, p.apiConsents)
	register(a, api.Op{ID: "noteConsent", Method: http.MethodPost, Path: "/contacts/{id}/consents", Tag: "contacts", Perm: MayEdit, Status: http.StatusCreated,
		Summary: "Note an accord with its proof, a refusal, or that a person was informed; acts are only added"}, p.apiNoteConsent)
	const fields = "fields"
	register(a, api.Op{ID: "listFields", Method: http.MethodGet, Path: "/customer-fields", Tag: fields, Perm: MayRead,
		Summary: "List the fields of accounts or contacts, the organisation’s own included"}, p.apiFields)
	register(a, api.Op{ID: "createField", Method: http.MethodPost, Path: "/customer-fields", Tag: fields, Perm: MayShape, Status: http.StatusCreated,
		Summary: "Add a field of the organisation’s own"}, p.apiAddField)
	register(a, api.Op{ID: "archiveField", Method: http.MethodDelete, Path: "/customer-fields/{id}", Tag: fields, Perm: MayShape, Status: http.StatusNoContent,
		Summary: "Take an own field out of forms, lists and files; its values stay"}, p.apiArchiveField)
}

// register adds an operation whose texts are checked before it runs: a NUL or
// a broken sequence passes every schema and is refused by PostgreSQL alone.
func register[I, O any](a *api.API, op api.Op, fn func(context.Context, *I) (*O, error)) {
	api.Register(a, op, func(ctx context.Context, in *I) (*O, error) {
		if !storable(reflect.ValueOf(in)) {
			return nil, errs.Malformed("", "errors.malformed")
		}
		return fn(ctx, in)
	})
}

// storable tells whether every text within v can be kept by both engines.
func storable(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return !strings.Contains(v.String(), "\x00") && utf8.ValidString(v.String())
	case reflect.Pointer, reflect.Interface:
		return v.IsNil() || storable(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if !storable(v.Field(i)) {
				return false
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if !storable(v.Index(i)) {
				return false
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if !storable(it.Key()) || !storable(it.Value()) {
				return false
			}
		}
	}
	return true
}

// one is the answer that holds one thing.
type oneOut[T any] struct {
	Body T
}

// manyOut is the answer that holds a whole list.
type manyOut[T any] struct {
	Body struct {
		Items []T `json:"items" nullable:"false"`
	}
}

func listOut[T, W any](rows []T, wire func(T) W) *manyOut[W] {
	out := &manyOut[W]{}
	out.Body.Items = make([]W, len(rows))
	for i, r := range rows {
		out.Body.Items[i] = wire(r)
	}
	return out
}

// versionedOut is the answer that holds one thing which can be changed.
type versionedOut[T any] struct {
	ETag string `header:"ETag" doc:"Version of the record, to be sent back in If-Match"`
	Body T
}

// madeOut is the answer to the making of something.
type madeOut[T any] struct {
	Location string `header:"Location" doc:"Where the new record is read"`
	ETag     string `header:"ETag" doc:"Version of the record"`
	Body     T
}

// moment leaves out what never was.
func moment(t db.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	out := t.Go()
	return &out
}

type recordIn struct {
	ID string `path:"id" maxLength:"100" doc:"Id of the record"`
}
