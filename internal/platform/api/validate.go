package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"unisson/internal/platform/errs"
	"unisson/internal/platform/web"
)

// rule is one complaint of the library and what we say instead.
type rule struct {
	text  string // as the library writes it; one verb at most
	code  string // message key
	param string // its parameter, taken from the verb: a bound of ours, never what was sent
}

// rules is every complaint that names its reason. The rest is errors.bad_value.
//
// i18n: errors.type.* errors.format.*
func rules() []rule {
	return []rule{
		{validation.MsgUnexpectedProperty, "errors.unknown_field", ""},
		{"unknown query parameter", "errors.unknown_field", ""},
		{validation.MsgExpectedBoolean, "errors.type.boolean", ""},
		{validation.MsgExpectedNumber, "errors.type.number", ""},
		{validation.MsgExpectedInteger, "errors.type.integer", ""},
		{validation.MsgExpectedString, "errors.type.string", ""},
		{validation.MsgExpectedArray, "errors.type.array", ""},
		{validation.MsgExpectedObject, "errors.type.object", ""},
		{"invalid boolean", "errors.type.boolean", ""},
		{"invalid float", "errors.type.number", ""},
		{"invalid integer", "errors.type.integer", ""},
		{"required query parameter is missing", "errors.required", ""},
		{"required header parameter is missing", "errors.required", ""},
		{"required path parameter is missing", "errors.required", ""},
		{validation.MsgExpectedRequiredProperty, "errors.required", "name"},
		{validation.MsgExpectedMinLength, "errors.too_short", "min"},
		{validation.MsgExpectedMaxLength, "errors.too_long", "max"},
		{validation.MsgExpectedMinimumNumber, "errors.at_least", "min"},
		{validation.MsgExpectedMaximumNumber, "errors.at_most", "max"},
		{validation.MsgExpectedExclusiveMinimumNumber, "errors.above", "min"},
		{validation.MsgExpectedExclusiveMaximumNumber, "errors.below", "max"},
		{validation.MsgExpectedNumberBeMultipleOf, "errors.multiple_of", "step"},
		{validation.MsgExpectedOneOf, "errors.one_of", "values"},
		{validation.MsgExpectedMatchPattern, "errors.pattern", "pattern"},
		{validation.MsgExpectedMinItems, "errors.too_few", "min"},
		{validation.MsgExpectedMaxItems, "errors.too_many", "max"},
		{validation.MsgExpectedArrayItemsUnique, "errors.repeated_value", ""},
		{validation.MsgExpectedRFC3339DateTime, "errors.format.instant", ""},
		{validation.MsgExpectedRFC3339Date, "errors.format.date", ""},
		{validation.MsgExpectedRFC3339Time, "errors.format.time", ""},
		{validation.MsgExpectedRFC5322Email, "errors.format.email", "-"},
		{validation.MsgExpectedRFC3986URI, "errors.format.address", "-"},
		{validation.MsgExpectedRFC4122UUID, "errors.format.identifier", "-"},
	}
}

// match tells whether message is this complaint, and what stands for its verb.
func (r rule) match(message string) (value string, ok bool) {
	before, after, verb := strings.Cut(r.text, "%")
	if !verb {
		return "", message == r.text
	}
	value, ok = strings.CutPrefix(message, before)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(value, after[1:])
}

// field says one complaint of the library our way.
func field(all []rule, d *huma.ErrorDetail) errs.Field {
	name := d.Location
	for _, part := range []string{"body.", "body", "query.", "header.", "path."} {
		if rest, ok := strings.CutPrefix(name, part); ok {
			name = rest
			break
		}
	}
	f := errs.Field{Name: name, Code: "errors.bad_value"}
	for _, r := range all {
		value, ok := r.match(d.Message)
		if !ok {
			continue
		}
		f.Code = r.code
		switch r.param {
		case "name": // the place is the object, the name is missing from it
			f.Name = strings.TrimPrefix(f.Name+"."+value, ".")
		case "values":
			f.Params = map[string]any{"values": strings.ReplaceAll(value, ",", ", ")}
		case "", "-":
		default:
			f.Params = map[string]any{r.param: value}
		}
		if r.code == "errors.too_short" && value == "1" {
			f.Code, f.Params = "errors.required", nil
		}
		break
	}
	f.Name = web.Brief(f.Name)
	if f.Code == "errors.unknown_field" {
		f.Params = map[string]any{"name": f.Name}
	}
	return f
}

// ofAnotherShape tells whether the request is none that the document describes,
// other than one whose values do not fit.
func ofAnotherShape(f errs.Field) bool {
	return f.Code == "errors.unknown_field" || strings.HasPrefix(f.Code, "errors.type.")
}

// ours makes the library's problem our error: its words are English, and it
// sends back what was sent.
func ours(m *huma.ErrorModel) error {
	e := &errs.Error{Kind: errs.KindInvalid}
	all := rules()
	for _, d := range m.Errors {
		e.Fields = append(e.Fields, field(all, d))
	}
	slices.SortStableFunc(e.Fields, func(a, b errs.Field) int { return strings.Compare(a.Name, b.Name) })
	if i := slices.IndexFunc(e.Fields, ofAnotherShape); i >= 0 {
		e.Kind, e.Code, e.Params = errs.KindMalformed, e.Fields[i].Code, e.Fields[i].Params
	}
	switch {
	case m.Status == http.StatusRequestEntityTooLarge:
		return errs.Malformed("", "errors.too_large")
	case m.Status >= 500:
		return &errs.Error{}
	case m.Status != http.StatusUnprocessableEntity && e.Kind == errs.KindInvalid:
		return errs.Malformed("", "errors.malformed")
	}
	return e
}

// inOurWords is the last step before an answer is written.
func inOurWords(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := asProblem(ctx.Context(), ours(m))
	if w, ok := ctx.Context().Value(replyKey{}).(*reply); ok {
		w.status = p.Status
	}
	return p, nil
}

// reply lets inOurWords choose the status, which the library has decided before
// it asks.
type reply struct {
	http.ResponseWriter
	status int
}

type replyKey struct{}

// WriteHeader sends the status chosen, else the one given.
func (w *reply) WriteHeader(status int) {
	if w.status != 0 {
		status = w.status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *reply) Unwrap() http.ResponseWriter { return w.ResponseWriter }
