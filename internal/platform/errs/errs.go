package errs

import (
	"errors"
	"fmt"
	"time"
)

// Kind says how the edge must answer. The zero value is KindInternal.
type Kind int

// The kinds, with the HTTP status that platform/web gives them.
const (
	KindInternal        Kind = iota // 500: ours to mend; logged with a reference
	KindInvalid                     // 422: fields say what and how to mend it
	KindNotFound                    // 404: absent, or not yours
	KindConflict                    // 409: a rule of the data refuses it
	KindStale                       // 409: somebody changed it first
	KindForbidden                   // 403: signed in, not allowed
	KindUnauthenticated             // 401: who is it?
	KindUnavailable                 // 503: try again after RetryAfter
	KindThrottled                   // 429: too many tries; RetryAfter says when
	KindMalformed                   // 400: not a request that we ever offer
)

var kindNames = [...]string{"internal", "invalid", "not_found", "conflict", "stale", "forbidden", "unauthenticated", "unavailable", "throttled", "malformed"}

// String gives the kind's name as it is logged.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return "internal"
	}
	return kindNames[k]
}

// Field is one wrong field of a form or a request body.
type Field struct {
	Name   string         // as in the form or the JSON body
	Code   string         // message key, such as "errors.required"
	Params map[string]any // named parameters of the message
}

// Error is the one error type that crosses packages.
type Error struct {
	Kind       Kind
	Code       string         // message key of the whole failure; empty: the kind's own
	Params     map[string]any // parameters of Code
	Fields     []Field        // only with KindInvalid
	Current    any            // only with KindStale: the value that stands now
	RetryAfter time.Duration  // with KindUnavailable and KindThrottled
	Op         string         // the operation that failed, outermost first
	Err        error          // the cause, for the log only
}

// Error is for logs, never for people.
func (e *Error) Error() string {
	s := e.Kind.String()
	if e.Code != "" {
		s += " " + e.Code
	}
	for _, f := range e.Fields {
		s += fmt.Sprintf(" [%s: %s]", f.Name, f.Code)
	}
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Invalid reports wrong input, one entry a field.
func Invalid(fields ...Field) error { return &Error{Kind: KindInvalid, Fields: fields} }

// NotFound reports that what is absent, or is not the actor's to see.
func NotFound(what string) error {
	return &Error{Kind: KindNotFound, Params: map[string]any{"what": what}}
}

// Conflict reports that a rule of the data refuses the change; code is its message key.
func Conflict(code string) error { return &Error{Kind: KindConflict, Code: code} }

// Stale reports that somebody changed the record first; current is what stands now.
func Stale(current any) error { return &Error{Kind: KindStale, Current: current} }

// Forbidden reports that the actor may not; code may be empty.
func Forbidden(code string) error { return &Error{Kind: KindForbidden, Code: code} }

// Unauthenticated reports that nobody is signed in.
func Unauthenticated() error { return &Error{Kind: KindUnauthenticated} }

// Unavailable reports something that will be back; after is a hint.
func Unavailable(code string, after time.Duration) error {
	return &Error{Kind: KindUnavailable, Code: code, RetryAfter: after}
}

// Throttled reports too many tries.
func Throttled(after time.Duration) error { return &Error{Kind: KindThrottled, RetryAfter: after} }

// Malformed reports a request that none of our pages or clients sends: an
// unknown field, a broken body. name may be empty.
func Malformed(name, code string) error {
	e := &Error{Kind: KindMalformed, Code: code}
	if name != "" {
		e.Fields = []Field{{Name: name, Code: code}}
		e.Params = map[string]any{"name": name}
	}
	return e
}

// Wrap adds the operation, keeping kind, code and fields. Wrap(op, nil) is nil.
func Wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		c := *e
		if c.Op != "" {
			op += ": " + c.Op
		}
		c.Op = op
		return &c
	}
	return &Error{Op: op, Err: err}
}

// KindOf tells the kind of err; anything unknown is KindInternal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindInternal
}

// Is tells whether err is of kind k. A nil err is of no kind.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// FieldsOf gives the wrong fields of err, if any.
func FieldsOf(err error) []Field {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

// Fields gathers wrong fields while a form is checked; Err is nil when there is none.
type Fields []Field

// Add notes one wrong field; params are name, value pairs.
func (f *Fields) Add(name, code string, params ...any) {
	fd := Field{Name: name, Code: code}
	for i := 0; i+1 < len(params); i += 2 {
		if fd.Params == nil {
			fd.Params = map[string]any{}
		}
		fd.Params[fmt.Sprint(params[i])] = params[i+1]
	}
	*f = append(*f, fd)
}

// Err is the Invalid error of the gathered fields, or nil.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return Invalid(f...)
}

// Detail gives the facts of err for the edge, or nil.
func Detail(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
