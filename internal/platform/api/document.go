package api

import (
	"fmt"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"unisson/internal/platform/web"
)

// The rate that PerActor is given for the API.
const (
	PerSecond = 20  // requests of one token a second, lasting
	Burst     = 100 // requests of one token at once
)

// description stands at the head of the document.
func description() string {
	return fmt.Sprintf("One customer base, one funnel, two departments. Every call carries an API token.\n\n"+
		"Errors are application/problem+json (RFC 9457): `code` is stable, the sentences follow Accept-Language (en, fr). "+
		"400: no request that this document describes, such as an unknown or repeated field, a wrong type or broken JSON; 422: values that do not fit.\n\n"+
		"Each token may make %d requests a second and %d at once. Beyond that, and after too many wrong tokens from one address, the answer is 429; Retry-After says in how many seconds to try again. "+
		"A body has at most 1 MiB.", PerSecond, Burst)
}

// refusals describes every answer that is an error, once for all operations.
func refusals(components *huma.Components) {
	schema := components.Schemas.Schema(reflect.TypeFor[web.Problem](), true, "Problem")
	say := map[int]string{
		400: "The request is none that this document describes: the code says what, errors where and how to mend it.",
		401: "No API token, or one that is not valid any more.",
		403: "The token, or its person, may not.",
		404: "There is none, or it is not yours to see.",
		405: "The address does not take this method; Allow says which it takes.",
		409: "Things stand otherwise than the request takes them to: a conflict, or a version that is not the current one.",
		413: "The body is larger than 1 MiB.",
		415: "The body is not application/json.",
		422: "Values that do not fit: errors says which, and how to mend each.",
		429: "Too many requests of this token, or too many wrong tokens from this address.",
		500: "The fault is ours; instance is the reference in the log.",
		503: "Back in a moment.",
	}
	components.Responses = map[string]*huma.Response{}
	for status, text := range say {
		r := &huma.Response{Description: text, Content: map[string]*huma.MediaType{"application/problem+json": {Schema: schema}}}
		header := func(name, kind, doc string) {
			r.Headers = map[string]*huma.Header{name: {Description: doc, Schema: &huma.Schema{Type: kind}}}
		}
		switch status {
		case http.StatusUnauthorized:
			header("WWW-Authenticate", "string", "Bearer")
		case http.StatusMethodNotAllowed:
			header("Allow", "string", "The methods that the address takes")
		case http.StatusTooManyRequests, http.StatusServiceUnavailable:
			header("Retry-After", "integer", "Seconds to wait")
		}
		components.Responses[strconv.Itoa(status)] = r
	}
}

// refusalsOf names the errors that an operation may answer with.
func refusalsOf(method string) map[string]*huma.Response {
	statuses := []int{400, 401, 403, 404, 405, 422, 429, 500, 503}
	if web.Changes(method) {
		statuses = append(statuses, 409, 413, 415)
	}
	out := map[string]*huma.Response{}
	for _, s := range statuses {
		n := strconv.Itoa(s)
		out[n] = &huma.Response{Ref: "#/components/responses/" + n}
	}
	return out
}
